"""FHIR's files: one resource per line, one resource, or a Bundle of them; the content shows which."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.documents import Repeated, elements, member, parsed, read_document
from analytics.vault.readers.shared.fhir_parts import Resource, id_in
from analytics.vault.readers.shared.lines import numbered_lines
from analytics.vault.readers.shared.rows import RowRefusedError
from analytics.vault.validation.rule_names import RuleName

Numbered = tuple[int, Resource | RowRefusedError]

_DELETABLE = ("Observation/", "QuestionnaireResponse/", "Consent/")


def read_resources(path: Path) -> Iterator[Numbered]:
    """Yield a file's resources by their lines; in a document, by their places in the Bundle.

    A file is a document if it is one line, or if its first line is no JSON object; where such a document cannot be
    read and a line of it is a resource, the file is one of lines with a damaged first line.

    Raises:
        FileRefusedError: if it is empty, or neither.
    """
    first = list(itertools.islice(numbered_lines(path), 2))
    if not first:
        message = "The file is empty."
        raise FileRefusedError(message, "Export the file again.")
    if len(first) > 1 and (isinstance(first[0][1], RowRefusedError) or isinstance(_value(first[0][1]), dict)):
        yield from _lines(path)
        return
    refused: FileRefusedError | None = None
    document = None
    try:
        document = read_document(path)
    except FileRefusedError as error:
        refused = error
    if refused is None:
        yield from _document(document)
    elif len(first) > 1 and any(_is_resource(_value(data)) for _, data in numbered_lines(path)):
        yield from _lines(path)
    else:
        raise refused


def _document(document: Any) -> Iterator[Numbered]:  # noqa: ANN401 -- JSON is anything
    if not _is_resource(document):
        message = "The document is not a FHIR resource."
        raise FileRefusedError(message, "Export a Bundle, or one resource per line, or name another source.")
    yield from enumerate(_unfolded(document), start=1)


def _lines(path: Path) -> Iterator[Numbered]:
    for line, data in numbered_lines(path):
        if isinstance(data, RowRefusedError):
            yield line, data
            continue
        found = _value(data)
        if isinstance(found, RowRefusedError) and found.rule == RuleName.NOT_UTF8:
            body = _value(data.decode("utf-8", "replace").encode())
            # A consent that says no holds even so.
            yield line, Resource(body, damage=found.rule) if _is_resource(body) else found
        elif isinstance(found, RowRefusedError):
            yield line, found
        else:
            yield from ((line, each) for each in _unfolded(found))


def _value(data: bytes | RowRefusedError) -> Any:  # noqa: ANN401 -- JSON is anything
    if isinstance(data, RowRefusedError):
        return data
    try:
        return parsed(data)
    except RowRefusedError as refused:
        return refused


def _is_resource(value: Any) -> bool:  # noqa: ANN401 -- JSON is anything
    return isinstance(value, dict) and isinstance(value.get("resourceType"), str)


def _unfolded(value: Any) -> Iterator[Resource | RowRefusedError]:  # noqa: ANN401 -- JSON is anything
    """Yield a resource, or a Bundle's, in the order in which they were written: a history begins with the last."""
    waiting: list[Resource | RowRefusedError] = [_resource(value)]
    while waiting:
        found = waiting.pop()
        if isinstance(found, RowRefusedError) or found.body.get("resourceType") != "Bundle":
            yield found
            continue
        try:
            entries = elements(found.body, "entry")
        except RowRefusedError as refused:
            yield refused
            continue
        patients = _patients(entries)
        inner = [_entry(entry, patients) for entry in entries]
        waiting += [each for each in (inner if found.body.get("type") == "history" else inner[::-1]) if each]


def _resource(value: Any) -> Resource | RowRefusedError:  # noqa: ANN401 -- JSON is anything
    return Resource(value) if _is_resource(value) else RowRefusedError(RuleName.UNREADABLE)


def _entry(entry: Any, patients: dict[str, str]) -> Resource | RowRefusedError | None:  # noqa: ANN401 -- JSON is anything
    try:
        body = member(entry, "resource")
        asked = _text(member(entry, "request"), "url") if body is None else ""
    except RowRefusedError as refused:
        return refused
    if body is None:
        # A deletion that names no person cannot be honoured; it must be seen.
        return RowRefusedError(RuleName.MISSING, "person_id") if asked.startswith(_DELETABLE) else None
    return (
        Resource(body, _text(entry, "fullUrl"), patients)
        if _is_resource(body)
        else RowRefusedError(RuleName.UNREADABLE)
    )


def _patients(entries: list[Any]) -> dict[str, str]:
    """Return the ids of a Bundle's patients by their names of `urn:`; no id, where they do not agree on one.

    A `fullUrl` of another form names its patient in itself, and a Patient's word about it is not asked.
    """
    found: dict[str, set[str]] = {}
    for entry in entries:
        body = entry.get("resource") if isinstance(entry, dict) else None
        url = _text(entry, "fullUrl")
        if url.startswith("urn:") and isinstance(body, dict) and body.get("resourceType") == "Patient":
            found.setdefault(url, set()).add(_text(body, "id") if body.get("id") else id_in(url, {}))
    return {url: ids.pop() if len(ids) == 1 else "" for url, ids in found.items()}


def _text(record: Any, name: str) -> str:  # noqa: ANN401 -- JSON is anything
    found = record.get(name) if isinstance(record, dict) and not isinstance(record, Repeated) else None
    return str(found).strip() if isinstance(found, str) else ""
