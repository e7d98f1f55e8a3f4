"""Consent events in the project's own form: one event per line.

A withdrawal needs only a person to hold: where a line cannot be read as the header says, but names somebody and says
`withdrawn` in the right places, it is read for that much (DECISIONS.md, "A withdrawal needs only a person to hold").
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from analytics.contracts import Source
from analytics.vault.readers.shared.delimited import Fields, read_delimited
from analytics.vault.readers.shared.lines import numbered_lines
from analytics.vault.readers.shared.rows import COLUMNS, RawRows, RowRefusedError

_OPTIONAL = ("policy_version", "id_domain")
_SPOILT = ("\ufffd", "\x00")
"""What stands for a byte that is no UTF-8, and a NUL: an id with one in it is nobody's for sure."""
_ROWS = {"line": pl.Int64, "person_id": pl.String, "event": pl.String, "id_domain": pl.String}


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the file's events. Raises FileRefusedError for its header or container only."""
    names = COLUMNS["consent"]
    fields = Fields(
        required={name: name for name in names if name not in _OPTIONAL}, optional={name: name for name in _OPTIONAL}
    )
    for part in read_delimited(path, source.delimiter, fields):
        if not part.bad.height:
            yield replace(part, kind="consent")
            continue
        withdrawals = _withdrawals(path, source.delimiter, set(part.bad["line"]))
        bad = part.bad.filter(~part.bad["line"].is_in(withdrawals["line"].implode()))
        yield replace(part, kind="consent", bad=bad)
        yield replace(part, kind="consent", rows=withdrawals, bad=bad.clear(), free_text_fields=0)


def _withdrawals(path: Path, delimiter: str, lines: set[int]) -> pl.DataFrame:
    """Return those of the damaged `lines` that name a person and withdraw."""
    header: list[str] = []
    found: list[tuple[int, str, str, str]] = []
    for number, data in numbered_lines(path):
        if isinstance(data, RowRefusedError):
            continue
        if number == 1:
            header = [name.strip() for name in _cells(data.removeprefix(b"\xef\xbb\xbf"), delimiter)]
        elif number in lines:
            cells = _cells(data, delimiter)
            told = dict(zip(header, cells, strict=False))
            person, event = told.get("person_id", "").strip(), told.get("event", "").strip().lower()
            domain = told.get("id_domain", "").strip() if len(cells) == len(header) else ""
            if event == "withdrawn" and person and not any(mark in person for mark in _SPOILT):
                found.append((number, person, event, domain))
    return pl.DataFrame(found, schema=_ROWS, orient="row")


def _cells(data: bytes, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([data.decode("utf-8", "replace")], delimiter=delimiter), [])
    except csv.Error:
        return []
