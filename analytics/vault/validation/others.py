"""Totals of questionnaires, deletions at the source, and factors of entries that another file holds."""

from datetime import datetime

import polars as pl

from analytics.contracts import Contract, Source
from analytics.vault.loading.factor_bits import FactorBits
from analytics.vault.readers.shared.rows import COLUMNS
from analytics.vault.scoring import as_number
from analytics.vault.times import INSTANT, OWN_ID, WHOLE_DAY, with_times
from analytics.vault.validation.column_rules import (
    completed,
    logged_at_rules,
    own_id_rules,
    person_rules,
    required_rule,
)
from analytics.vault.validation.distinct import Distinct
from analytics.vault.validation.entry_texts import read_factors
from analytics.vault.validation.rule_names import RuleName
from analytics.vault.validation.rules import Checked, Rule, judged, rules_of_texts

MOST_TOTAL = 2**31 - 1
"""What the vault has room for, whatever an instrument allows: one absurd number must not stop a file."""


def check_totals(rows: pl.DataFrame, source: Source, contract: Contract, now: datetime) -> Checked:
    """Judge totals of questionnaires.

    Good rows have: line, person_id, key_kind, key_text, key_value, local_date, instrument, total (a whole number
    within the declared instrument's bounds).
    """
    rows = with_times(completed(rows, COLUMNS["total"]), "logged_at", source.clock, now)
    known = source.instruments
    allowed = sorted(contract["instrument"].allowed or ())
    numbers = [as_number(text) for text in rows["total"]]
    whole = [int(value) if value is not None and value.denominator == 1 else None for value in numbers]
    bounds = [known.get(name) for name in rows["instrument"]]
    off = [
        value is not None and (abs(value) > MOST_TOTAL or (limits is not None and not limits.lo <= value <= limits.hi))
        for value, limits in zip(whole, bounds, strict=True)
    ]
    rows = rows.with_columns(
        whole=pl.Series([None if out else value for value, out in zip(whole, off, strict=True)], dtype=pl.Int64),
        off=pl.Series(off, dtype=pl.Boolean),
    )
    instrument, day = pl.col("instrument"), pl.col("local_date")
    rules = [
        *person_rules(contract["person_id"]),
        *logged_at_rules(contract["logged_at"]),
        Rule(RuleName.NOT_ALLOWED, "instrument", ~instrument.is_in([*known]) | ~instrument.is_in(allowed)),
        required_rule("total"),
        Rule(RuleName.OFF_SCALE, "total", pl.col("off")),
        Rule(RuleName.NOT_A_NUMBER, "total", pl.col("whole").is_null()),
        *own_id_rules(contract),
    ]
    checked = judged(rows, rules)
    has_id, timed = pl.col("source_id") != "", pl.col("utc_at").is_not_null()
    good = checked.good.select(
        "line",
        "person_id",
        "local_date",
        "instrument",
        key_kind=pl.when(has_id).then(OWN_ID).when(timed).then(INSTANT).otherwise(WHOLE_DAY).cast(pl.Int8),
        key_text=pl.when(has_id).then("source_id"),
        key_value=pl.coalesce("utc_at", day.cast(pl.Datetime("us")).cast(pl.Int64)),
        total=pl.col("whole").cast(pl.Int32),
    )
    return Checked(good, checked.bad)


def check_deletions(rows: pl.DataFrame, contract: Contract) -> Checked:
    """Judge deletions at the source. Good rows have: line, person_id, key_text."""
    rows = completed(rows, COLUMNS["deletion"])
    checked = judged(rows, _named_entry_rules(contract))
    return Checked(checked.good.select("line", "person_id", key_text="source_id"), checked.bad)


def check_associations(rows: pl.DataFrame, source: Source, contract: Contract, bits: FactorBits) -> Checked:
    """Judge factors of entries that another file holds. Good rows have: line, person_id, key_text, factors (bits)."""
    rows = completed(rows, COLUMNS["association"])
    cells = Distinct.of(rows["factors"])
    reads = [read_factors(text, source, contract["factors"], bits) for text in cells.texts]
    rows = rows.with_columns(
        bits=cells.spread(pl.Series([read.value for read in reads], dtype=pl.Int64)),
        dropped=cells.spread(pl.Series([read.dropped for read in reads], dtype=pl.Int64)),
    )
    factor_rules = rules_of_texts(cells, [read.broken for read in reads], "factors")
    checked = judged(rows, [*_named_entry_rules(contract), *factor_rules])
    good = checked.good.select("line", "person_id", key_text="source_id", factors="bits")
    return Checked(good, checked.bad, factors_dropped=int(checked.good["dropped"].sum()))


def _named_entry_rules(contract: Contract) -> list[Rule]:
    """Return the rules for rows that name an entry of another file by its person and own id."""
    return [*person_rules(contract["person_id"]), required_rule("source_id"), *own_id_rules(contract)]
