"""What every reader yields: rows of text of one kind, bad ones apart; free text and names are already dropped."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import polars as pl

from analytics.vault.validation.rule_names import RuleName

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

APART_SCHEMA = {
    **BAD_SCHEMA,
    "kind": pl.String,
    "person_id": pl.String,
    "id_domain": pl.String,
    "texts": pl.String,
}
"""Refused rows that had been taken apart into columns; `texts`: JSON, what is read of one as the file has it, without
its person."""

WRITTEN = "as_written:"
"""Begins the name of a column that holds a text as the file has it, where a reader has changed it since."""

CHUNK_ROWS = 50_000
CHUNK_CHARACTERS = 32 * 1024 * 1024
"""A part ends early where its texts are as many: a few bytes of a record may stand for long texts elsewhere in it."""

TEXT_CHARACTERS = 10_000
"""A longer text in a column that is read refuses its row; texts that are dropped may be any length."""

Item = TypeVar("Item")

_SURROGATE = re.compile("[\ud800-\udfff]")

_PERSON = ("person_id", "id_domain")


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
    """Records without anything that we read: other facts of a long file, unanswered prompts."""
    apart: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=APART_SCHEMA), repr=False)
    """`APART_SCHEMA`: those of `bad` that the reader had taken apart before it refused them."""


@dataclass(frozen=True)
class Row:
    """What one record of a file says, as a reader passes it on."""

    kind: Kind
    texts: dict[str, str]
    free_text: int = 0
    """How many non-empty fields of free text the record had; the text itself stays behind."""


class RowRefusedError(Exception):
    """One record cannot be read; it never leaves the readers."""

    def __init__(self, rule: RuleName, column: str = "", row: Row | None = None) -> None:
        """Name the rule and our name of the column that broke it, never a value; `row`: what was taken apart."""
        super().__init__(rule)
        self.rule = rule
        self.column = column
        self.row = row


def gather(
    records: Iterable[tuple[int, Item | RowRefusedError]], rows_of: Callable[[Item], Iterable[Row]]
) -> Iterator[RawRows]:
    """Turn numbered records into rows, some at a time; a record that cannot be read is one bad row.

    `rows_of` returns a record's rows (none: it is passed over) or raises `RowRefusedError`.
    """
    part = _PartBuilder()
    for line, record in records:
        try:
            if isinstance(record, RowRefusedError):
                raise record
            rows = list(rows_of(record))
            for row in rows:
                _check_texts(row)
        except RowRefusedError as refused:
            part.refuse(line, refused.rule, refused.column, refused.row)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # An unforeseen shape refuses its own record and no other.
            part.refuse(line, RuleName.UNREADABLE, "")
        else:
            part.add(line, rows)
        if part.size >= CHUNK_ROWS or part.characters >= CHUNK_CHARACTERS:
            yield from part.raw()
            part = _PartBuilder()
    yield from part.raw()


class _PartBuilder:
    def __init__(self) -> None:
        self.rows: dict[Kind, list[tuple[int, Row]]] = {}
        self.bad: list[tuple[int, RuleName, str]] = []
        self.apart: list[tuple[str | int, ...]] = []
        self.passed_over = 0
        self.size = self.characters = 0

    def refuse(self, line: int, rule: RuleName, column: str, row: Row | None = None) -> None:
        self.size += 1
        self.bad.append((line, rule, column))
        if row is not None:
            texts = kept_texts(row.texts)
            self.characters += len(texts)
            person, domain = (_sound(row.texts.get(name, "")) for name in ("person_id", "id_domain"))
            self.apart.append((line, rule, column, row.kind, person, domain, texts))

    def add(self, line: int, rows: list[Row]) -> None:
        self.size += max(1, len(rows))  # a file of nothing but garbage comes in parts too
        self.passed_over += not rows
        for row in rows:
            self.characters += sum(map(len, row.texts.values()))
            self.rows.setdefault(row.kind, []).append((line, row))

    def raw(self) -> Iterator[RawRows]:
        bad = pl.DataFrame(self.bad, schema=BAD_SCHEMA, orient="row")
        entries = self.rows.pop("entry", [])
        apart = pl.DataFrame(self.apart, schema=APART_SCHEMA, orient="row")
        yield RawRows(_frame("entry", entries), bad, _free_text(entries), "entry", self.passed_over, apart)
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
        if broken := text_rule_broken(text):
            raise RowRefusedError(broken, name, row)


def text_rule_broken(text: str) -> RuleName | None:
    """Return the rule that a text breaks which no table can hold, or that is too long."""
    if "\x00" in text:
        return RuleName.NUL_BYTE
    if len(text) > TEXT_CHARACTERS:
        return RuleName.TOO_LONG
    if not text.isascii() and _SURROGATE.search(text):  # bytes that are no UTF-8, halves of a character in JSON
        return RuleName.NOT_UTF8
    return None


def kept_texts(texts: Mapping[str, str]) -> str:
    """Return a row's texts as JSON: as the file has them, and without their person.

    Of a text that is too long so much is kept that it stays too long.
    """
    written = {name.removeprefix(WRITTEN): text for name, text in texts.items() if name.startswith(WRITTEN)}
    result = {name: text for name, text in texts.items() if name not in _PERSON and not name.startswith(WRITTEN)}
    return json.dumps({name: text[: TEXT_CHARACTERS + 1] for name, text in {**result, **written}.items()})


def kept_name(column: str) -> str:
    """Return the name under which a refused record keeps a column of its file: `person_id` is the person's.

    A file may use that name for another column, such as an entry's own id.
    """
    return f"column {column}" if column in _PERSON else column


def taken_apart(rows: pl.DataFrame, kind: Kind, bad: pl.DataFrame) -> pl.DataFrame:
    """Return refused rows by `APART_SCHEMA`; `bad` has as many rows as `rows`, in the same order: `rule, column`."""
    texts = [kept_texts(row) for row in rows.drop("line", *_PERSON, strict=False).iter_rows(named=True)]
    person = [pl.col(name) if name in rows.columns else pl.lit("").alias(name) for name in _PERSON]
    return rows.select(
        "line",
        bad["rule"],
        bad["column"],
        pl.lit(kind).alias("kind"),
        *person,
        pl.Series("texts", texts, dtype=pl.String),
    )


def _sound(text: str) -> str:
    """Return an id that a table can hold; any other becomes empty, and names no person."""
    return "" if "\x00" in text or _SURROGATE.search(text) else text
