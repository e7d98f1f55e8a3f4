"""Withdrawals on damaged lines: an id and `withdrawn` in the right places are enough."""

import csv
from collections.abc import Set as AbstractSet
from pathlib import Path

import polars as pl

from analytics.vault.readers.shared.lines import numbered_lines
from analytics.vault.readers.shared.rows import RowRefusedError

_SPOILT = ("\ufffd", "\x00")
"""The replacement for a byte that is not UTF-8, and a NUL: an id with one of them names no person."""
_ROWS = {"line": pl.Int64, "person_id": pl.String, "event": pl.String, "id_domain": pl.String}


def withdrawals_on(path: Path, delimiter: str, lines: AbstractSet[int], silent: str = "") -> pl.DataFrame:
    """Return those of the damaged `lines` that name a person and withdraw: `line, person_id, event, id_domain`.

    `silent`: the event of a line without one.
    """
    header: list[str] = []
    found: list[tuple[int, str, str, str]] = []
    for number, data in numbered_lines(path):
        if isinstance(data, RowRefusedError):
            continue
        if number == 1:
            header = [name.strip() for name in _cells(data.removeprefix(b"\xef\xbb\xbf"), delimiter)]
        elif number in lines:
            cells = _cells(data, delimiter)
            result = dict(zip(header, cells, strict=False))
            person, event = result.get("person_id", "").strip(), result.get("event", "").strip().lower() or silent
            domain = result.get("id_domain", "").strip() if len(cells) == len(header) else ""
            if event == "withdrawn" and person and not any(mark in person for mark in _SPOILT):
                found.append((number, person, event, domain))
    return pl.DataFrame(found, schema=_ROWS, orient="row")


def _cells(data: bytes, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([data.decode("utf-8", "replace")], delimiter=delimiter), [])
    except csv.Error:
        return []
