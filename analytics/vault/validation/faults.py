"""A row's first fault: columns are judged in order, each by its distinct texts, and the first fault stands."""

from dataclasses import dataclass, field

import polars as pl

from analytics.contracts import Column
from analytics.vault.readers.shared.rows import BAD_SCHEMA
from analytics.vault.validation.ids import breaks_pattern, is_damaged

JUDGED_SCHEMA = {**BAD_SCHEMA, "place": pl.UInt32}
"""A bad row, and its place among the rows that were judged."""


@dataclass(frozen=True)
class Checked:
    """Rows that passed every rule, and for each that did not, the first rule that it broke."""

    good: pl.DataFrame
    bad: pl.DataFrame
    """`JUDGED_SCHEMA`."""
    persons: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.String), repr=False)
    """The ids that the good rows' `person_code` points at; empty where the file is one person's."""
    factors_dropped: int = 0
    """Words for factors that the declaration's map does not have."""


def is_nobody(text: pl.Expr) -> pl.Expr:
    """Say whether an id is empty once white space is set aside, separators among control characters included."""
    return text.str.contains(r"^[\s\x1c-\x1f]*$")


class Faults:
    """Collects, column by column, which rule each row breaks first."""

    def __init__(self, height: int) -> None:
        """Begin without a fault."""
        self._rules: list[tuple[str, str]] = []
        self._first = pl.Series([None] * 0, dtype=pl.Int16).extend_constant(None, height)

    def number(self, rule: str, column: str) -> int:
        """Return the number that stands for a rule on a column."""
        if (rule, column) not in self._rules:
            self._rules.append((rule, column))
        return self._rules.index((rule, column))

    def numbers(self, rules: list[str | None], column: str) -> pl.Series:
        """Return the numbers of rules, null for none."""
        return pl.Series([None if rule is None else self.number(rule, column) for rule in rules], dtype=pl.Int16)

    def of_ids(self, texts: pl.Series, column: Column) -> pl.Series:
        """Return the numbers of the rules for ids of people, null for none."""
        text, name, longest = pl.col("text"), column.name, column.max_length
        breaks = {
            "missing": is_nobody(text),
            "too_long": text.str.len_chars() > longest if longest is not None else pl.lit(value=False),
            "damaged_id": is_damaged(text),
            "id_pattern": breaks_pattern(text, column),
        }
        numbers = [
            pl.when(broken).then(pl.lit(self.number(rule, name), dtype=pl.Int16)) for rule, broken in breaks.items()
        ]
        return texts.to_frame("text").select(pl.coalesce(*numbers)).to_series()

    def note(self, numbers: pl.Series) -> None:
        """Keep, for each row that has no earlier fault, the number of this one (null: none)."""
        if numbers.null_count() < len(numbers):
            self._first = self._first.fill_null(numbers)

    def where(self, rule: str, column: str, breaks: pl.Series) -> None:
        """Note one rule for the rows where `breaks` is true."""
        if breaks.any():
            number = pl.lit(self.number(rule, column), dtype=pl.Int16)
            self.note(breaks.to_frame("breaks").select(pl.when("breaks").then(number)).to_series())

    def split(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the rows without a fault, and `line, rule, column, place` of the others."""
        if self._first.null_count() == rows.height:
            return rows, pl.DataFrame(schema=JUDGED_SCHEMA)
        broken = self._first.is_not_null()
        numbers = self._first.filter(broken)
        bad = pl.DataFrame(
            {
                "line": rows["line"].filter(broken),
                "rule": pl.Series([self._rules[number][0] for number in numbers], dtype=pl.String),
                "column": pl.Series([self._rules[number][1] for number in numbers], dtype=pl.String),
                "place": broken.arg_true(),
            },
            schema=JUDGED_SCHEMA,
        )
        return rows.filter(~broken), bad
