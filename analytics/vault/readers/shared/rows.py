"""What every reader yields: rows of text of one kind, bad ones apart; free text and names have ended by here."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

import polars as pl

Kind = Literal["entry", "association", "deletion", "total", "participant", "consent"]

COLUMNS: dict[Kind, tuple[str, ...]] = {
    "entry": (
        "person_id",  # empty where the whole file is one person's
        "logged_at",  # ISO 8601: a date, or a date and a wall clock, with an offset or without
        "day_part",  # where there is no clock time: night, morning, afternoon, evening
        "mood",  # native: a number on the declared scale, or words of the declared map
        "factors",  # the file's own words, separated by a vertical bar
        "sleep_hours",
        "sleep_quality",  # a number on the declared scale
        "report_kind",  # momentary or daily; empty: the declaration's
        "source_id",  # the source's own id of the entry, where it has one
    ),
    # What goes with an entry that another file of the same export holds.
    "association": ("person_id", "source_id", "factors"),
    "deletion": ("person_id", "source_id"),
    "total": ("person_id", "logged_at", "instrument", "total", "source_id"),
    "participant": ("person_id", "id_domain", "valid_from"),  # and one column per dimension of the grid
    # ends: the last instant of a grant that says one, ISO 8601 in UTC; only a format that can say so has it
    "consent": ("person_id", "id_domain", "event", "recorded_at", "covers_from", "scope", "policy_version", "ends"),
}
"""A row's texts by kind, all optional to a reader: what it leaves out is empty, except that an entry's factors which no
row names are not known from this file (they stay as they are)."""

BAD_SCHEMA = {"line": pl.Int64, "rule": pl.String, "column": pl.String}

CHUNK_ROWS = 50_000
CHUNK_CHARACTERS = 32 * 1024 * 1024
"""A part ends early where its texts are as many: a few bytes of a record may stand for long texts elsewhere in it."""

TEXT_CHARACTERS = 10_000
"""A longer text in a column that is read refuses its row; texts that are dropped may be any length."""

Item = TypeVar("Item")

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class RawRows:
    """Some rows of a file as text: `line` and String columns of `COLUMNS`; bad ones apart."""

    rows: pl.DataFrame
    bad: pl.DataFrame
    """`line, rule, column`: one row per bad line."""
    free_text_fields: int
    """Non-empty fields of free text that were dropped."""
    kind: Kind = "entry"
    passed_over: int = 0
    """Records that hold nothing that is asked for: other facts of a long file, prompts that nobody answered."""


@dataclass(frozen=True)
class Row:
    """What one record of a file says, as a reader passes it on."""

    kind: Kind
    texts: dict[str, str]
    free_text: int = 0
    """How many non-empty fields of free text the record had; the text itself stays behind."""


class RowRefusedError(Exception):
    """One record cannot be read; it never leaves the readers."""

    def __init__(self, rule: str, column: str = "") -> None:
        """Name the rule and our name of the column that broke it; never a value."""
        super().__init__(rule)
        self.rule = rule
        self.column = column


def gather(
    records: Iterable[tuple[int, Item | RowRefusedError]], rows_of: Callable[[Item], Iterable[Row]]
) -> Iterator[RawRows]:
    """Turn numbered records into rows, some at a time; a record that cannot be read is one bad row.

    `rows_of` returns a record's rows (none: it is passed over) or raises `RowRefusedError`.
    """
    part = _Part()
    for line, record in records:
        try:
            if isinstance(record, RowRefusedError):
                raise record
            rows = list(rows_of(record))
            for row in rows:
                _check_texts(row)
        except RowRefusedError as refused:
            part.refuse(line, refused.rule, refused.column)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # A shape that no reader foresaw is its own record's affair, whatever it breaks.
            part.refuse(line, "unreadable", "")
        else:
            part.add(line, rows)
        if part.size >= CHUNK_ROWS or part.characters >= CHUNK_CHARACTERS:
            yield from part.raw()
            part = _Part()
    yield from part.raw()


class _Part:
    def __init__(self) -> None:
        self.rows: dict[Kind, list[tuple[int, Row]]] = {}
        self.bad: list[tuple[int, str, str]] = []
        self.passed_over = 0
        self.size = self.characters = 0

    def refuse(self, line: int, rule: str, column: str) -> None:
        self.size += 1
        self.bad.append((line, rule, column))

    def add(self, line: int, rows: list[Row]) -> None:
        self.size += max(1, len(rows))  # a file of nothing but garbage comes in parts too
        self.passed_over += not rows
        for row in rows:
            self.characters += sum(map(len, row.texts.values()))
            self.rows.setdefault(row.kind, []).append((line, row))

    def raw(self) -> Iterator[RawRows]:
        bad = pl.DataFrame(self.bad, schema=BAD_SCHEMA, orient="row")
        entries = self.rows.pop("entry", [])
        yield RawRows(_frame("entry", entries), bad, _free_text(entries), "entry", self.passed_over)
        for kind, rows in self.rows.items():
            yield RawRows(_frame(kind, rows), bad.clear(), _free_text(rows), kind)


def _free_text(rows: list[tuple[int, Row]]) -> int:
    return sum(row.free_text for _, row in rows)


def _frame(kind: Kind, rows: list[tuple[int, Row]]) -> pl.DataFrame:
    """Return the rows' texts; without a row, all columns of the kind, so that what reads a part finds them."""
    names = list(dict.fromkeys(name for _, row in rows for name in row.texts)) if rows else COLUMNS[kind]
    columns = {name: [row.texts.get(name, "").strip() for _, row in rows] for name in names}
    lines = pl.Series("line", [line for line, _ in rows], dtype=pl.Int64)
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)).insert_column(0, lines)


def _check_texts(row: Row) -> None:
    for name, text in row.texts.items():
        if "\x00" in text:
            raise RowRefusedError("nul_byte", name)
        if len(text) > TEXT_CHARACTERS:
            raise RowRefusedError("too_long", name)
        if not text.isascii() and _SURROGATE.search(text):  # bytes that are no UTF-8, halves of a character in JSON
            raise RowRefusedError("not_utf8", name)
