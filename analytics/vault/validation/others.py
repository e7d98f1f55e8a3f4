"""Totals of questionnaires, deletions at the source, and what goes with an entry but stands in another file."""

from datetime import date, datetime

import polars as pl

from analytics.contracts import Contract, Source
from analytics.vault.loading.factor_bits import FactorBits
from analytics.vault.readers.shared.rows import COLUMNS
from analytics.vault.scoring import as_number
from analytics.vault.times import INSTANT, OWN_ID, WHOLE_DAY, with_times
from analytics.vault.validation.distinct import Distinct
from analytics.vault.validation.entries import factors_of
from analytics.vault.validation.faults import Checked
from analytics.vault.validation.register import Rule, completed, judged, person_rules


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
        value is not None and limits is not None and not limits.lo <= value <= limits.hi
        for value, limits in zip(whole, bounds, strict=True)
    ]
    rows = rows.with_columns(
        whole=pl.Series([None if out else value for value, out in zip(whole, off, strict=True)], dtype=pl.Int64),
        off=pl.Series(off, dtype=pl.Boolean),
    )
    earliest, latest = contract["logged_at"].minimum, contract["logged_at"].maximum
    day = pl.col("local_date")
    rules = [
        *person_rules(contract["person_id"]),
        Rule("missing", "logged_at", pl.col("logged_at") == ""),
        Rule("not_a_time", "logged_at", day.is_null()),
        Rule("future_date", "logged_at", day > pl.col("today")),
        *([Rule("out_of_range", "logged_at", day < earliest)] if isinstance(earliest, date) else []),
        *([Rule("out_of_range", "logged_at", day > latest)] if isinstance(latest, date) else []),
        Rule("not_allowed", "instrument", ~pl.col("instrument").is_in([*known]) | ~pl.col("instrument").is_in(allowed)),
        Rule("missing", "total", pl.col("total") == ""),
        Rule("off_scale", "total", pl.col("off")),
        Rule("not_a_number", "total", pl.col("whole").is_null()),
        *_id_rules(contract),
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
    checked = judged(
        rows,
        [
            *person_rules(contract["person_id"]),
            Rule("missing", "source_id", pl.col("source_id") == ""),
            *_id_rules(contract),
        ],
    )
    return Checked(checked.good.select("line", "person_id", key_text="source_id"), checked.bad)


def check_associations(rows: pl.DataFrame, source: Source, contract: Contract, bits: FactorBits) -> Checked:
    """Judge factors of entries that another file holds. Good rows have: line, person_id, key_text, factors (bits)."""
    rows = completed(rows, COLUMNS["association"])
    cells = Distinct.of(rows["factors"])
    reads = [factors_of(text, source, contract["factors"], bits) for text in cells.texts]
    rows = rows.with_columns(
        bits=cells.spread(pl.Series([read.value for read in reads], dtype=pl.Int64)),
        dropped=cells.spread(pl.Series([read.dropped for read in reads], dtype=pl.Int64)),
    )
    checked = judged(
        rows,
        [
            *person_rules(contract["person_id"]),
            Rule("missing", "source_id", pl.col("source_id") == ""),
            *_id_rules(contract),
            Rule("not_allowed", "factors", pl.col("bits").is_null()),
        ],
    )
    good = checked.good.select("line", "person_id", key_text="source_id", factors="bits")
    return Checked(good, checked.bad, factors_dropped=int(checked.good["dropped"].sum()))


def _id_rules(contract: Contract) -> list[Rule]:
    longest = contract["person_id"].max_length or 200
    return [Rule("too_long", "source_id", pl.col("source_id").str.len_chars() > longest)]
