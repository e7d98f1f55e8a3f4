"""Mood entries: text in, integers out; a row's fate depends on nothing but the row and the contracts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import polars as pl

from analytics.contracts import Column, Contract, Source
from analytics.contracts.source import folded_word
from analytics.vault.loading.factor_bits import FactorBits
from analytics.vault.scoring import as_number, billionths, mean_of, on_scale, score, thousandths
from analytics.vault.times import DAY_PART, DAY_PARTS, INSTANT, OWN_ID, WHOLE_DAY, with_times
from analytics.vault.validation.distinct import Distinct
from analytics.vault.validation.faults import Checked, Faults

MOST_HOURS = 2_000_000
"""What the vault has room for, whatever the contract allows: one absurd number must not stop a file."""

OPTIONAL = ("source_id", "factors", "sleep_hours", "sleep_quality", "report_kind", "day_part")


@dataclass(frozen=True)
class Read:
    """What a text says, or the rule that it breaks."""

    value: int | None = None
    fault: str | None = None
    native: int | None = None
    dropped: int = 0


def check_entries(rows: pl.DataFrame, source: Source, contract: Contract, bits: FactorBits, now: datetime) -> Checked:
    """Judge mood entries; `rows` has texts of `COLUMNS["entry"]`.

    Good rows have: line, person_code, key_kind, key_text (a source's own id, else null), key_value, local_date,
    local_time, utc_offset_min, day_part, daily, mood_native (billionths), mood_score (thousandths of a point),
    factors (bits; null where the file does not tell), sleep_thousandths (of an hour), sleep_quality (thousandths
    of a point).
    """
    judge = _Judge(rows, source, contract)
    persons, codes = judge.persons()
    times = judge.times(now)
    native, mood = judge.moods()
    factors, dropped = judge.factors(bits)
    key_text = judge.own_ids()
    columns = {
        "line": rows["line"],
        "person_code": codes,
        "key_text": key_text,
        "local_date": times["local_date"],
        "local_time": times["local_time"],
        "utc_at": times["utc_at"],
        "day_part": judge.day_parts(times),
        "daily": judge.report_kinds(),
        "mood_native": native,
        "mood_score": mood,
        "factors": factors,
        "sleep_thousandths": judge.sleep_hours(),
        "sleep_quality": judge.sleep_quality(),
    }
    good, bad = judge.faults.split(pl.DataFrame(columns))
    return Checked(_keyed(good), bad, persons, dropped)


def _keyed(good: pl.DataFrame) -> pl.DataFrame:
    timed = pl.col("utc_at").is_not_null()
    part = pl.col("day_part")
    # Days are told by their midnight, near the instants around them, so that the vault finds keys by their range.
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
    ).drop("utc_at")


class _Judge:
    """Judges a part of a file column by column, in the order in which faults are told."""

    def __init__(self, rows: pl.DataFrame, source: Source, contract: Contract) -> None:
        self._rows = rows
        self._source = source
        self._contract = contract
        self.faults = Faults(rows.height)

    def persons(self) -> tuple[pl.Series, pl.Series]:
        if self._source.person == "file":
            return pl.Series([], dtype=pl.String), pl.zeros(self._rows.height, dtype=pl.UInt32, eager=True)
        ids = self._texts("person_id")
        self.faults.note(ids.spread(self.faults.of_ids(ids.texts, self._contract["person_id"])))
        return ids.texts, ids.codes

    def times(self, now: datetime) -> pl.DataFrame:
        column = self._contract["logged_at"]
        times = with_times(self._rows.select("logged_at"), "logged_at", self._source.clock, now)
        days = times["local_date"]
        if days.null_count():
            texts = times["logged_at"].str.strip_chars()
            self.faults.where("missing", "logged_at", texts.is_in(["", *self._source.missing]))
            self.faults.where("not_a_time", "logged_at", days.is_null())
        self.faults.where("future_date", "logged_at", days > times["today"])
        if isinstance(column.minimum, date):
            self.faults.where("out_of_range", "logged_at", days < column.minimum)
        if isinstance(column.maximum, date):
            self.faults.where("out_of_range", "logged_at", days > column.maximum)
        return times

    def day_parts(self, times: pl.DataFrame) -> pl.Series:
        parts = self._texts("day_part")
        reads = [_day_part(text) for text in parts.texts]
        self._note("day_part", parts, [read.fault for read in reads])
        found = parts.spread(pl.Series([read.value for read in reads], dtype=pl.Int8))
        if found.null_count() == len(found):
            return found
        # A clock time says more than a part of the day.
        return pl.select(pl.when(times["local_time"].is_null()).then(found)).to_series()

    def report_kinds(self) -> pl.Series:
        kinds = self._texts("report_kind")
        known = {"": self._source.kind == "daily", "momentary": False, "daily": True}
        self._note("report_kind", kinds, [None if text in known else "not_allowed" for text in kinds.texts])
        return kinds.spread(pl.Series([known.get(text) for text in kinds.texts], dtype=pl.Boolean))

    def moods(self) -> tuple[pl.Series, pl.Series]:
        moods = self._texts("mood")
        limits = self._contract["mood_score"]
        reads = [_mood(text, self._source, limits) for text in moods.texts]
        self._note("mood", moods, [read.fault for read in reads])
        native = moods.spread(pl.Series([read.native for read in reads], dtype=pl.Int64))
        return native, moods.spread(pl.Series([read.value for read in reads], dtype=pl.Int32))

    def factors(self, bits: FactorBits) -> tuple[pl.Series, int]:
        if "factors" not in self._rows.columns:
            return pl.Series([], dtype=pl.Int64).extend_constant(None, self._rows.height), 0
        cells = self._texts("factors")
        reads = [factors_of(text, self._source, self._contract["factors"], bits) for text in cells.texts]
        self._note("factors", cells, [read.fault for read in reads])
        dropped = pl.Series([read.dropped for read in reads], dtype=pl.Int64)
        spread = int(cells.spread(dropped).sum()) if dropped.sum() else 0
        return cells.spread(pl.Series([read.value for read in reads], dtype=pl.Int64)), spread

    def own_ids(self) -> pl.Series:
        if "source_id" not in self._rows.columns:
            return pl.Series([], dtype=pl.String).extend_constant(None, self._rows.height)
        ids = self._rows["source_id"].str.strip_chars()
        longest = self._contract["person_id"].max_length or 200
        self.faults.where("too_long", "source_id", ids.str.len_chars() > longest)
        return pl.select(pl.when(ids != "").then(ids)).to_series()

    def sleep_hours(self) -> pl.Series:
        hours = self._texts("sleep_hours")
        column = self._contract["sleep_hours"]
        reads = [_hours(text, column) for text in hours.texts]
        self._note("sleep_hours", hours, [read.fault for read in reads])
        return hours.spread(pl.Series([read.value for read in reads], dtype=pl.Int32))

    def sleep_quality(self) -> pl.Series:
        texts = self._texts("sleep_quality")
        reads = [_quality(text, self._source) for text in texts.texts]
        self._note("sleep_quality", texts, [read.fault for read in reads])
        return texts.spread(pl.Series([read.value for read in reads], dtype=pl.Int32))

    def _texts(self, column: str) -> Distinct:
        """Return a column by its distinct texts; texts that mean no value are empty, as is a column that is absent."""
        if column not in self._rows.columns:
            return Distinct(pl.zeros(self._rows.height, dtype=pl.UInt32, eager=True), pl.Series([""]))
        found = Distinct.of(self._rows[column])
        gone = set(self._source.missing)
        if not gone:
            return found
        return Distinct(found.codes, pl.Series(["" if text in gone else text for text in found.texts], dtype=pl.String))

    def _note(self, column: str, texts: Distinct, rules: list[str | None]) -> None:
        if any(rules):
            self.faults.note(texts.spread(self.faults.numbers(rules, column)))


def factors_of(text: str, source: Source, column: Column, bits: FactorBits) -> Read:
    """Read a cell of factors: bits of the contract's words; unknown ones are dropped where the source has a map."""
    words = {word.strip() for word in text.split(source.factor_separator)} - {""}
    allowed = column.allowed or frozenset()
    if source.factors is None:
        return Read(bits.of(words)) if allowed.issuperset(words) else Read(fault="not_allowed")
    codes = [source.factors.get(folded_word(word)) for word in words]
    known = [code for code in codes if code in allowed]
    return Read(bits.of({code for code in known if code}), dropped=len(codes) - len(known))


def _mood(text: str, source: Source, limits: Column) -> Read:
    if not text:
        return Read(fault="missing")
    value = _worth(text, source)
    if value is None:
        return Read(fault="not_a_number" if source.words is None else "unknown_word")
    if not on_scale(value, source.scale):
        return Read(fault="off_scale")
    points = score(value, source.scale)
    if not _within(Fraction(points), limits):
        return Read(fault="out_of_range")
    return Read(points, native=billionths(value))


def _worth(text: str, source: Source) -> Fraction | None:
    if source.words is None:
        return as_number(text)
    parts = [text] if source.word_separator is None else text.split(source.word_separator)
    found = [source.words.get(folded_word(part)) for part in parts if part.strip()]
    return mean_of([value for value in found if value is not None]) if found and None not in found else None


def _hours(text: str, column: Column) -> Read:
    if not text:
        return Read(fault="missing" if column.required else None)
    value = as_number(text)
    if value is None:
        return Read(fault="not_a_number")
    if abs(value) > MOST_HOURS or not _within(value, column):
        return Read(fault="out_of_range")
    return Read(thousandths(value))


def _quality(text: str, source: Source) -> Read:
    if not text or source.sleep_quality is None:
        return Read()
    value = as_number(text)
    if value is None:
        return Read(fault="not_a_number")
    return (
        Read(score(value, source.sleep_quality)) if on_scale(value, source.sleep_quality) else Read(fault="off_scale")
    )


def _day_part(text: str) -> Read:
    if not text:
        return Read()
    return Read(DAY_PARTS.index(text)) if text in DAY_PARTS else Read(fault="not_allowed")


def _within(value: Fraction, column: Column) -> bool:
    low, high = column.minimum, column.maximum
    return (not isinstance(low, Decimal) or value >= Fraction(low)) and (
        not isinstance(high, Decimal) or value <= Fraction(high)
    )
