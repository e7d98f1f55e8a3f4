"""Mood entries: text in, integers out; a row's result depends on nothing but the row and the contracts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import polars as pl

from analytics.contracts import Contract, Source
from analytics.vault.loading.factor_bits import FactorBits
from analytics.vault.times import DAY_PART, INSTANT, OWN_ID, WHOLE_DAY, with_times
from analytics.vault.validation.column_rules import logged_at_rules, own_id_rules, person_rules
from analytics.vault.validation.distinct import Distinct
from analytics.vault.validation.entry_texts import (
    TextValue,
    read_day_part,
    read_factors,
    read_hours,
    read_mood,
    read_quality,
    read_report_kind,
)
from analytics.vault.validation.rules import Checked, Rule, judged, rules_by_text, rules_of_texts


@dataclass(frozen=True)
class _TextColumn:
    """A column, read one distinct text at a time."""

    name: str
    texts: Distinct
    reads: tuple[TextValue, ...]

    @classmethod
    def of(cls, rows: pl.DataFrame, name: str, source: Source, read: Callable[[str], TextValue]) -> Self:
        texts = _texts(rows, name, source)
        return cls(name, texts, tuple(read(text) for text in texts.texts))

    @property
    def rules(self) -> list[Rule]:
        return rules_of_texts(self.texts, [read.broken for read in self.reads], self.name)

    def values(self, dtype: type[pl.DataType]) -> pl.Series:
        return self.texts.spread(pl.Series([read.value for read in self.reads], dtype=dtype))

    @property
    def natives(self) -> pl.Series:
        return self.texts.spread(pl.Series([read.native for read in self.reads], dtype=pl.Int64))

    @property
    def dropped(self) -> int:
        """Count the words for factors that are dropped, in all rows."""
        dropped = pl.Series([read.dropped for read in self.reads], dtype=pl.Int64)
        return int(self.texts.spread(dropped).sum()) if dropped.sum() else 0


def check_entries(rows: pl.DataFrame, source: Source, contract: Contract, bits: FactorBits, now: datetime) -> Checked:
    """Judge mood entries; `rows` has texts of `COLUMNS["entry"]`.

    Good rows have: line, person_code, key_kind, key_text (a source's own id, else null), key_value, local_date,
    local_time, utc_offset_min, day_part, daily, mood_native (billionths), mood_score (thousandths of a point),
    factors (bits; null where the file has none), sleep_thousandths (of an hour), sleep_quality (thousandths
    of a point).
    """
    persons, id_rules = _persons(rows, source, contract)
    times = with_times(rows.select("logged_at"), "logged_at", source.clock, now)
    mood = _TextColumn.of(rows, "mood", source, lambda text: read_mood(text, source, contract["mood_score"]))
    factors = _TextColumn.of(rows, "factors", source, _factors_reader(rows, source, contract, bits))
    day_part = _TextColumn.of(rows, "day_part", source, read_day_part)
    kind = _TextColumn.of(rows, "report_kind", source, lambda text: read_report_kind(text, source))
    hours = _TextColumn.of(rows, "sleep_hours", source, lambda text: read_hours(text, contract["sleep_hours"]))
    quality = _TextColumn.of(rows, "sleep_quality", source, lambda text: read_quality(text, source))
    frame = pl.DataFrame(
        {
            "line": rows["line"],
            "person_code": persons.codes,
            "key_text": _own_ids(rows),
            "logged_at": times["logged_at"],
            "today": times["today"],
            "local_date": times["local_date"],
            "local_time": times["local_time"],
            "utc_at": times["utc_at"],
            "day_part": day_part.values(pl.Int8),
            "daily": kind.values(pl.Boolean),
            "mood_native": mood.natives,
            "mood_score": mood.values(pl.Int32),
            "factors": factors.values(pl.Int64),
            "sleep_thousandths": hours.values(pl.Int32),
            "sleep_quality": quality.values(pl.Int32),
        }
    )
    rules = [
        *id_rules,
        *logged_at_rules(contract["logged_at"], source.missing),
        *mood.rules,
        *factors.rules,
        *own_id_rules(contract, "key_text"),
        *day_part.rules,
        *kind.rules,
        *hours.rules,
        *quality.rules,
    ]
    checked = judged(frame, rules)
    return Checked(_keyed(checked.good), checked.bad, persons.texts, factors.dropped)


def _keyed(good: pl.DataFrame) -> pl.DataFrame:
    """Return entries with their keys, and a part of the day only where no clock time says more."""
    timed = pl.col("utc_at").is_not_null()
    good = good.with_columns(day_part=pl.when(pl.col("local_time").is_null()).then("day_part"))
    part = pl.col("day_part")
    # A day's key is its midnight, near the instants around it, so that the vault finds keys by their range.
    day = pl.col("local_date").cast(pl.Datetime("us")).cast(pl.Int64)
    kind = pl.when(timed).then(INSTANT).when(part.is_not_null()).then(DAY_PART).otherwise(WHOLE_DAY)
    value = pl.when(timed).then("utc_at").when(part.is_not_null()).then(day + part).otherwise(day)
    if good["key_text"].null_count() < good.height:
        kind = pl.when(pl.col("key_text").is_not_null()).then(OWN_ID).otherwise(kind)
    wall = pl.col("local_date").dt.combine(pl.col("local_time"), "us").cast(pl.Int64)
    return good.with_columns(
        key_kind=kind.cast(pl.Int8),
        key_value=value,
        utc_offset_min=pl.when(timed).then((wall - pl.col("utc_at")) // 60_000_000).cast(pl.Int16),
    ).drop("utc_at", "logged_at", "today")


def _persons(rows: pl.DataFrame, source: Source, contract: Contract) -> tuple[Distinct, list[Rule]]:
    """Return the ids of people and their rules; where the whole file is one person's, there are none."""
    if source.person == "file":
        codes = pl.zeros(rows.height, dtype=pl.UInt32, eager=True)
        return Distinct(codes, pl.Series([], dtype=pl.String)), []
    ids = _texts(rows, "person_id", source)
    return ids, rules_by_text(ids, person_rules(contract["person_id"]), "person_id")


def _factors_reader(
    rows: pl.DataFrame, source: Source, contract: Contract, bits: FactorBits
) -> Callable[[str], TextValue]:
    """Return how factors are read; where the file has no such column, an entry's factors stay as they are."""
    if "factors" not in rows.columns:
        return lambda _: TextValue()
    return lambda text: read_factors(text, source, contract["factors"], bits)


def _own_ids(rows: pl.DataFrame) -> pl.Series:
    if "source_id" not in rows.columns:
        return pl.Series([], dtype=pl.String).extend_constant(None, rows.height)
    ids = rows["source_id"].str.strip_chars()
    return pl.select(pl.when(ids != "").then(ids)).to_series()


def _texts(rows: pl.DataFrame, column: str, source: Source) -> Distinct:
    """Return a column by its distinct texts; texts that mean no value are empty, as is a column that is absent."""
    if column not in rows.columns:
        return Distinct(pl.zeros(rows.height, dtype=pl.UInt32, eager=True), pl.Series([""]))
    found = Distinct.of(rows[column])
    gone = set(source.missing)
    if not gone:
        return found
    return Distinct(found.codes, pl.Series(["" if text in gone else text for text in found.texts], dtype=pl.String))
