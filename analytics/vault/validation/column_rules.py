"""Rules that several kinds of rows share: for ids, lengths, listed values, bounds and times."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import polars as pl

from analytics.contracts import Column, Contract
from analytics.vault.validation.ids import breaks_pattern, is_blank, is_damaged
from analytics.vault.validation.rule_names import RuleName
from analytics.vault.validation.rules import Rule

_LONGEST_KEY = 200
"""Of a source's own id, where the contract does not limit ids of people."""


def completed(rows: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """Return `line` and the columns `names` without outer white space; one that is absent is empty."""
    present = [pl.col(name).str.strip_chars() for name in names if name in rows.columns]
    absent = [pl.lit("", dtype=pl.String).alias(name) for name in names if name not in rows.columns]
    return rows.select("line", *present, *absent)


def person_rules(column: Column, patterned: pl.Expr | None = None) -> list[Rule]:
    """Return the rules for ids of people; `patterned`: the rows to which declared patterns apply (absent: all)."""
    id_ = pl.col(column.name)
    rules = [
        Rule(RuleName.MISSING, column.name, is_blank(id_)),
        *length_rules(column),
        Rule(RuleName.DAMAGED_ID, column.name, is_damaged(id_)),
    ]
    if column.patterns:
        broken = breaks_pattern(id_, column)
        rules.append(Rule(RuleName.ID_PATTERN, column.name, broken if patterned is None else patterned & broken))
    return rules


def own_id_rules(contract: Contract, name: str = "source_id") -> list[Rule]:
    """Return the rule for a source's own ids of entries, which are in the frame's column `name`."""
    longest = contract["person_id"].max_length or _LONGEST_KEY
    return [Rule(RuleName.TOO_LONG, "source_id", pl.col(name).str.len_chars() > longest)]


def logged_at_rules(column: Column, missing: Iterable[str] = ()) -> list[Rule]:
    """Return the rules for the time of an entry or total, of rows that `with_times` has completed.

    `missing`: texts that the source writes where there is no value.
    """
    text, day = pl.col(column.name).str.strip_chars(), pl.col("local_date")
    return [
        Rule(RuleName.MISSING, column.name, text.is_in(["", *missing])),
        Rule(RuleName.NOT_A_TIME, column.name, day.is_null()),
        Rule(RuleName.FUTURE_DATE, column.name, day > pl.col("today")),
        *range_rules(column, day),
    ]


def required_rule(name: str) -> Rule:
    """Return the rule that a column is not empty."""
    return Rule(RuleName.MISSING, name, pl.col(name) == "")


def length_rules(column: Column) -> list[Rule]:
    """Return the rule for the contract's longest text, if there is one."""
    if column.max_length is None:
        return []
    return [Rule(RuleName.TOO_LONG, column.name, pl.col(column.name).str.len_chars() > column.max_length)]


def allowed_rules(column: Column) -> list[Rule]:
    """Return the rule for the contract's listed values, if it lists any; an empty text passes."""
    if column.allowed is None:
        return []
    listed = sorted(column.allowed)
    return [Rule(RuleName.NOT_ALLOWED, column.name, (pl.col(column.name) != "") & ~pl.col(column.name).is_in(listed))]


def range_rules(column: Column, value: pl.Expr) -> list[Rule]:
    """Return the rules for the contract's bounds of a column, of which `value` is the value; bounds are included."""
    rules = []
    if column.minimum is not None:
        rules.append(Rule(RuleName.OUT_OF_RANGE, column.name, value < _literal(column.minimum)))
    if column.maximum is not None:
        rules.append(Rule(RuleName.OUT_OF_RANGE, column.name, value > _literal(column.maximum)))
    return rules


def _literal(limit: Decimal | date) -> pl.Expr:
    return pl.lit(limit if isinstance(limit, date) else float(limit))
