"""m-Path: one row per prompt of a study's participants; each study decides which column is the mood."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.documents import parsed
from analytics.vault.readers.shared.lines import numbered_lines
from analytics.vault.readers.shared.rows import RawRows, Row, RowRefusedError, gather, kept_name
from analytics.vault.readers.shared.tables import Cells, require, table_of_lines
from analytics.vault.validation.rule_names import RuleName

_START, _OFFSET = "timeStampStart", "timeZoneOffset"
_OPTIONAL = ("source_id", "sleep_hours", "sleep_quality")
_OPEN = "_open"
"""How names of columns end that hold what people wrote."""

_SECONDS = re.compile(r"([0-9]{1,12})(?:\.0+)?")  # a table that passed through R or pandas has `.0`
_OFFSET_SECONDS = re.compile(r"([+-]?)([0-9]{1,5})(?:\.0+)?")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- the participant's own clock, in no zone
_YEAR_10000 = 253_402_300_800
"""In seconds since 1970; milliseconds by mistake lie far beyond."""
_MINUTE, _HOUR = 60, 3600


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the answered prompts with a mood. Raises FileRefusedError for the header only."""
    columns = source.columns
    if columns.person is None or columns.mood is None:
        message = f"The declaration of {source.name} does not name the columns of person and mood."
        raise FileRefusedError(message, "Name them in contracts/sources.")
    header, _ = table_of_lines(path, source.delimiter)
    optional = (getattr(columns, name) for name in ("factors", *_OPTIONAL))
    declared = (columns.person, columns.mood, *(name for name in optional if name is not None))
    require(header, _START, _OFFSET, *declared)
    least = 1 + max(header.index(_START), header.index(columns.person))
    lines = numbered_lines(path)
    next(lines)  # the header
    records = (
        (line, data if isinstance(data, RowRefusedError) else _cells(data, source.delimiter, header, least))
        for line, data in lines
    )
    yield from gather(records, partial(_rows, source))


def reread(records: Iterable[tuple[int, Row]], source: Source) -> Iterator[RawRows]:
    """Yield records that were refused, as today's declaration reads them; their texts have the file's own names."""
    yield from gather(records, partial(_again, source))


def _again(source: Source, row: Row) -> list[Row]:
    texts = {name: "" if text in source.missing else text for name, text in row.texts.items()}
    columns = source.columns
    mood = kept_name(columns.mood or "")
    if mood not in texts:
        raise RowRefusedError(RuleName.MISSING, "mood")  # the declaration names a column now that it did not name then
    if not texts[mood]:
        return []
    found = {"person_id": row.texts["person_id"], "logged_at": texts["logged_at"], "mood": texts[mood]}
    chosen = {name: getattr(columns, name) for name in ("factors", *_OPTIONAL)}
    declared = {name: kept_name(column) for name, column in chosen.items() if column is not None}
    return [Row(row.kind, found | {name: texts[column] for name, column in declared.items() if column in texts})]


def _cells(data: bytes, delimiter: str, header: list[str], least: int) -> Cells | RowRefusedError:
    """Return one line's cells. m-Path leaves out what is empty at a line's end, so that lines differ in length."""
    try:
        cells = next(csv.reader([data.decode("utf-8", "surrogateescape")], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return RowRefusedError(RuleName.BROKEN_QUOTES)
    if not least <= len(cells) <= len(header):
        return RowRefusedError(RuleName.RAGGED)
    return dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=True))


def _rows(source: Source, cells: Cells) -> list[Row]:
    columns = source.columns

    def cell(name: str | None) -> str:
        text = "" if name is None else cells.get(name, "").strip()
        return "" if text in source.missing else text

    start, mood = cell(_START), cell(columns.mood)
    if not start.strip("0.") or not mood:
        return []  # not answered, or another questionnaire of the study
    texts = {
        "person_id": cell(columns.person),
        "logged_at": _wall_clock(start) + _offset(cell(_OFFSET)),
        "mood": mood,
    }
    if columns.factors is not None:
        texts["factors"] = "|".join(_words(cell(columns.factors)))
    texts |= {name: cell(column) for name in _OPTIONAL if (column := getattr(columns, name)) is not None}
    written = sum(bool(text.strip(' "')) for name, text in cells.items() if name.endswith(_OPEN))
    written += sum(bool(cell(name)) for name in columns.free_text if not name.endswith(_OPEN))
    return [Row("entry", texts, written)]


def _wall_clock(start: str) -> str:
    """Return the clock that the participant saw: the stamps count local seconds, not those of UTC."""
    found = _SECONDS.fullmatch(start)
    if found is None or int(found[1]) >= _YEAR_10000:
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    return (_EPOCH + timedelta(seconds=int(found[1]))).isoformat()


def _offset(seconds: str) -> str:
    if not seconds:
        return ""
    found = _OFFSET_SECONDS.fullmatch(seconds)
    if found is None or int(found[2]) % _MINUTE:
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    hours, rest = divmod(int(found[2]), _HOUR)
    return f"{found[1] or '+'}{hours:02}:{rest // _MINUTE:02}"


def _words(choices: str) -> list[str]:
    """Split the choices of one question: m-Path writes them as JSON texts, separated by commas."""
    if not choices:
        return []
    try:
        words = parsed(f"[{choices}]".encode("utf-8", "surrogateescape"))
    except RowRefusedError as refused:
        if refused.rule != RuleName.BROKEN_JSON:
            raise RowRefusedError(refused.rule, "factors") from None
        words = [choices]  # one word, as it is
    if not all(isinstance(word, str) for word in words):
        raise RowRefusedError(RuleName.UNREADABLE, "factors")
    return [word.replace("|", " ").strip() for word in words]
