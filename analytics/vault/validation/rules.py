"""The rule engine: a rule says what makes a row bad, and a row is refused by the first rule that it breaks.

Rules are expressions over a frame, and a row's result depends on that row alone. Where a column has few distinct texts,
each text is judged once (`rules_of_texts`, `rules_by_text`): the rules that come of it are as any others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from analytics.vault.readers.shared.rows import BAD_SCHEMA
from analytics.vault.validation.distinct import Distinct
from analytics.vault.validation.rule_names import RuleName

JUDGED_SCHEMA = {**BAD_SCHEMA, "place": pl.UInt32}
"""A refused row, and its place among the rows that were judged."""


@dataclass(frozen=True)
class Rule:
    """One way in which a row can be bad."""

    name: RuleName
    column: str
    """The contract's column that it looks at."""
    breaks: pl.Expr
    """True where the row is bad; null counts as fine."""


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


def judged(rows: pl.DataFrame, rules: Sequence[Rule]) -> Checked:
    """Split rows by the first rule that each breaks, in the order of `rules`. `rows` has a column `line`."""
    first = first_broken(rows, rules)
    if first.null_count() == rows.height:
        return Checked(rows, pl.DataFrame(schema=JUDGED_SCHEMA))
    broken = first.is_not_null()
    found = [rules[number] for number in first.filter(broken)]
    bad = pl.DataFrame(
        {
            "line": rows["line"].filter(broken),
            "rule": pl.Series([rule.name for rule in found], dtype=pl.String),
            "column": pl.Series([rule.column for rule in found], dtype=pl.String),
            "place": broken.arg_true(),
        },
        schema=JUDGED_SCHEMA,
    )
    return Checked(rows.filter(~broken), bad)


def first_broken(rows: pl.DataFrame, rules: Sequence[Rule]) -> pl.Series:
    """Return, per row, the number in `rules` of the first rule that it breaks, and null where it breaks none."""
    if not rules:
        return pl.Series([], dtype=pl.Int16).extend_constant(None, rows.height)
    numbers = (pl.when(rule.breaks).then(pl.lit(number, dtype=pl.Int16)) for number, rule in enumerate(rules))
    return rows.with_columns(pl.coalesce(*numbers).alias("first_broken"))["first_broken"]


def rules_of_texts(texts: Distinct, broken: Sequence[RuleName | None], column: str) -> list[Rule]:
    """Return the rules that a column's texts break; `broken`: of each distinct text the one, None where it is fine.

    No row breaks two of them, so that their order does not matter.
    """
    names = pl.Series(broken, dtype=pl.String)
    return [
        Rule(name, column, pl.lit(texts.spread(names == name.value)))
        for name in dict.fromkeys(broken)
        if name is not None
    ]


def rules_by_text(texts: Distinct, rules: Sequence[Rule], column: str) -> list[Rule]:
    """Return `rules`, which look at `column` alone, as rules of rows: each distinct text is judged once."""
    first = first_broken(texts.texts.to_frame(column), rules)
    found = set(first.drop_nulls().unique())
    return [
        Rule(rule.name, rule.column, pl.lit(texts.spread(first == number)))
        for number, rule in enumerate(rules)
        if number in found
    ]
