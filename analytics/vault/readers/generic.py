"""Any table through the declaration's column map; the file's ending tells its container.

`.tsv` is split at tabs, `.ndjson` and `.jsonl` hold an object per line, `.json` a list of objects (or an object with
exactly one such list), `.parquet` columns; whatever else is a CSV with the declared delimiter.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.delimited import Fields, read_delimited
from analytics.vault.readers.shared.documents import Repeated, member, read_document, read_ndjson, text
from analytics.vault.readers.shared.parquet import read_parquet
from analytics.vault.readers.shared.rows import RawRows, Row, RowRefusedError, gather, kept_name
from analytics.vault.readers.shared.timeforms import with_iso_times
from analytics.vault.validation.rule_names import RuleName

_OPTIONAL = ("source_id", "factors", "sleep_hours", "sleep_quality")


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the file's rows. Raises FileRefusedError for its header or container only."""
    fields = _fields(source)
    ending = path.suffix.lower()
    if ending == ".parquet":
        rows = read_parquet(path, fields, source.clock.zone)
    elif ending in {".ndjson", ".jsonl"}:
        rows = gather(read_ndjson(path), partial(_rows, source, fields))
    elif ending == ".json":
        rows = gather(enumerate(_objects(read_document(path)), start=1), partial(_rows, source, fields))
    else:
        rows = read_delimited(path, "\t" if ending == ".tsv" else source.delimiter, fields)
    yield from with_iso_times(rows, source)


def reread(records: Iterable[tuple[int, Row]], source: Source) -> Iterator[RawRows]:
    """Yield records that were refused, as today's declaration reads them; their texts have the file's own names."""
    yield from with_iso_times(gather(records, partial(_again, _fields(source))), source)


def _again(fields: Fields, row: Row) -> list[Row]:
    texts = {"person_id": row.texts["person_id"]}
    for ours, name in {**fields.required, **fields.optional}.items():
        if ours == "person_id" or name is None:
            continue
        if (kept := kept_name(name)) in row.texts:
            texts[ours] = row.texts[kept]
        elif ours in fields.required:
            raise RowRefusedError(
                RuleName.MISSING, ours
            )  # the declaration names a column now that it did not name then
    return [Row(row.kind, texts)]


def _fields(source: Source) -> Fields:
    columns = source.columns
    required = {"logged_at": columns.time or "", "mood": columns.mood or ""}
    if columns.person is not None:
        required["person_id"] = columns.person
    if columns.time_of_day is not None:
        required["time_of_day"] = columns.time_of_day
    optional = {name: getattr(columns, name) for name in _OPTIONAL if getattr(columns, name) is not None}
    if columns.person is None:
        optional["person_id"] = None
    return Fields(required, optional, columns.free_text)


def _objects(document: Any) -> Iterable[Any]:  # noqa: ANN401 -- JSON is anything
    if isinstance(document, dict) and not isinstance(document, Repeated):
        lists = [value for value in document.values() if isinstance(value, list)]
        document = lists[0] if len(lists) == 1 else None
    if not isinstance(document, list):
        message = "The document is neither a list of records nor an object with exactly one such list."
        raise FileRefusedError(message, "Export it as a list of objects, or as one object per line.")
    return document


def _rows(source: Source, fields: Fields, record: Any) -> list[Row]:  # noqa: ANN401 -- JSON is anything
    if not isinstance(record, dict):
        raise RowRefusedError(RuleName.UNREADABLE)
    if isinstance(record, Repeated):
        raise RowRefusedError(RuleName.REPEATED_NAME)
    texts = {}
    for ours, name in {**fields.required, **fields.optional}.items():
        try:
            texts[ours] = "" if name is None else _text(source, record, ours, _way(record, name))
        except RowRefusedError as refused:
            rule = refused.rule
        else:
            continue
        raise RowRefusedError(rule, ours)
    return [Row("entry", texts, sum(_is_filled(record, name) for name in fields.free_text))]


def _way(record: dict[str, Any], name: str) -> tuple[str, ...]:
    """Return the path to a member: a name with a dot in it may be the whole name."""
    return (name,) if name in record else tuple(name.split("."))


def _text(source: Source, record: dict[str, Any], ours: str, way: tuple[str, ...]) -> str:
    value = member(record, *way)
    if ours != "factors" or not isinstance(value, list):
        return text(record, *way)
    if not all(isinstance(word, str) for word in value):
        raise RowRefusedError(RuleName.UNREADABLE)
    return source.factor_separator.join(word.replace(source.factor_separator, " ") for word in value)


def _is_filled(record: dict[str, Any], name: str) -> bool:
    """Say whether there is any free text at `name`; what it is does not matter."""
    try:
        value = member(record, *_way(record, name))
    except RowRefusedError:
        return True
    return value not in (None, [], {}) and not (isinstance(value, str) and not value.strip())
