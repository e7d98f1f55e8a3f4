"""JSON from strangers: depth, size and repeated names are bounded, numbers stay as they were written."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.lines import numbered_lines
from analytics.vault.readers.shared.rows import RowRefusedError
from analytics.vault.validation.rule_names import RuleName

DOCUMENT_BYTES = 64 * 1024 * 1024
"""A larger document is refused as a file: it is parsed whole. Measured at this size: 240 MiB of memory for records as
apps write them or for small numbers, 1.6 GiB for a document of nothing but tiny objects or lists."""


_KEPT_CHARACTERS, _KEPT_NUMBERS = 24, 65_536
"""Numbers that are kept to be used again: a document of small ones need not hold each as an object of its own."""


class JsonNumber(str):
    """A number as the document writes it, `NaN` included; the scoring reads it exactly or refuses it."""

    __slots__ = ()


class Repeated(dict[str, Any]):
    """An object that names a member twice: we do not guess which of the two is right."""


_kept = lru_cache(maxsize=_KEPT_NUMBERS)(JsonNumber)


def _number(text: str) -> JsonNumber:
    return _kept(text) if len(text) <= _KEPT_CHARACTERS else JsonNumber(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else Repeated(members)


def parsed(data: bytes) -> Any:  # noqa: ANN401 -- JSON is anything
    """Return the JSON value in `data` (UTF-8, with or without byte order mark).

    Raises:
        RowRefusedError: if it is no JSON, nested too deeply, or not UTF-8.
    """
    rule = RuleName.BROKEN_JSON
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_number,
        )
    except UnicodeDecodeError:
        rule = RuleName.NOT_UTF8
    except RecursionError:
        rule = RuleName.TOO_DEEP
    except ValueError:
        pass
    raise RowRefusedError(rule)


def document(data: bytes) -> Any:  # noqa: ANN401 -- JSON is anything
    """Return a whole file's JSON value.

    Raises:
        FileRefusedError: if it is none.
    """
    rule = RuleName.BROKEN_JSON
    try:
        return parsed(data)
    except RowRefusedError as refused:
        rule = refused.rule
    reason = {RuleName.NOT_UTF8: "is not UTF-8", RuleName.TOO_DEEP: "is nested too deeply"}.get(
        rule, "is not whole JSON"
    )
    message = f"The document {reason}."
    raise FileRefusedError(message, "Export the file again.")


def read_document(path: Path) -> Any:  # noqa: ANN401 -- JSON is anything
    """Return the JSON value of a whole file. Raises FileRefusedError as `document`, and for its size."""
    if path.stat().st_size > DOCUMENT_BYTES:
        message = f"The document is larger than {DOCUMENT_BYTES // 1024 // 1024} MiB."
        raise FileRefusedError(message, "Export a shorter time, or as one record per line.")
    return document(path.read_bytes())


def read_ndjson(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield the lines of a file of one JSON value each: (line, value or `RowRefusedError`)."""
    for line, data in numbered_lines(path):
        if isinstance(data, RowRefusedError):
            yield line, data
            continue
        try:
            value = parsed(data)
        except RowRefusedError as refused:
            value = refused
        yield line, value


def member(record: Any, *names: str) -> Any:  # noqa: ANN401 -- JSON is anything
    """Return the member at the path `names`, or None.

    Raises:
        RowRefusedError: if what should be an object is none, or names a member twice.
    """
    for name in names:
        if record is None:
            return None
        if not isinstance(record, dict):
            raise RowRefusedError(RuleName.UNREADABLE)
        if isinstance(record, Repeated):
            raise RowRefusedError(RuleName.REPEATED_NAME)
        record = record.get(name)
    return record


def elements(record: Any, *names: str) -> list[Any]:  # noqa: ANN401 -- JSON is anything
    """Return the list at the path `names`, empty where there is none. Raises as `member`, and for another value."""
    value = member(record, *names)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RowRefusedError(RuleName.UNREADABLE)
    return value


def text(record: Any, *names: str) -> str:  # noqa: ANN401 -- JSON is anything
    """Return the text or number at the path `names`, empty where there is none. Raises as `member`."""
    value = member(record, *names)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowRefusedError(RuleName.UNREADABLE)
    return str(value).strip()
