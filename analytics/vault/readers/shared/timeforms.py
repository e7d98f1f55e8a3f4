"""Times in a declared form become ISO text; what cannot be understood refuses its row, and is never guessed."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import polars as pl

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.rows import WRITTEN, RawRows, taken_apart
from analytics.vault.validation.rule_names import RuleName

_PER_SECOND = {"epoch_s": 1, "epoch_ms": 1000}
_EPOCH_TEXT = r"^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$"
_MICROS = 1_000_000
_FIRST, _LAST = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999 in seconds since 1970; microseconds by mistake lie beyond."""

_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
"""A date; many tables can only write it with a midnight."""

_CLOCK = re.compile(
    r"([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2}(?:[.,][0-9]{1,9})?))? ?(?:([ap])\.?m\.?)? ?(z|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)
_CLOCK_CHARACTERS = 40
"""A longer text is no clock time, however it goes on."""
_NOON = 12
_NINE_PLACES = 10**9

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""The first letters of months in English, in small letters."""

_MINUTE_LONG, _LAST_SECOND = 16, 59
_UTC = "Etc/UTC"

_PROBE = datetime(2026, 11, 23, 21, 45, tzinfo=timezone(timedelta(hours=2)))
"""Month, day and hour that cannot be taken for each other, nor for those of a clock of twelve hours."""

Reading = Callable[[str], str | None]


def with_iso_times(parts: Iterator[RawRows], source: Source) -> Iterator[RawRows]:
    """Yield `parts` with `logged_at` in ISO, and without `time_of_day`; ISO without such a column passes untouched.

    Epochs are instants and become the declared zone's wall clock with its offset, so that their day is the day that it
    was there, however the declaration says times are written. Patterns give the wall clock. Empty and missing texts
    stay as they are.

    Raises:
        FileRefusedError: if the declared form gives no whole date, or cannot go with a column for the time of day.
    """
    form, apart = source.time_form, source.columns.time_of_day is not None
    if form == "iso" and not apart:
        return parts
    if form in _PER_SECOND:
        if apart:
            message = f"The declaration of {source.name} names a column for the time of day beside an instant."
            raise FileRefusedError(message, "Leave time_of_day out of its columns, or set time_form.")
        return _in_iso(parts, lambda part: _changed(part, _epochs(part, form, source), source))
    hour = None if form == "iso" else _hour_of(form, source.name)
    if not apart:
        pattern = _pattern(form, with_clock=bool(hour))
        return _in_iso(parts, lambda part: _each(part, part.rows["logged_at"], pattern, source))
    return _in_iso(parts, lambda part: _joined(part, source, whole_pattern=bool(hour)))


def _in_iso(parts: Iterator[RawRows], change: Callable[[RawRows], RawRows]) -> Iterator[RawRows]:
    """Change the parts that have rows: one of bad records alone has no times, and may lack any column."""
    for part in parts:
        yield change(part) if part.rows.height else replace(part, rows=part.rows.drop("time_of_day", strict=False))


def _epochs(part: RawRows, form: str, source: Source) -> pl.Series:
    return _from_epoch(part.rows["logged_at"], form, source.clock.zone)


def _hour_of(form: str, name: str) -> int:
    """Return the hour that the pattern gives of 21:45, 0 where it gives none."""
    parsed = None
    with suppress(ValueError, re.error):
        parsed = datetime.strptime(_PROBE.strftime(form), form)  # noqa: DTZ007 -- the pattern decides on a zone
    right = parsed is not None and "%Z" not in form and parsed.date() == _PROBE.date()
    if parsed is None or not right or parsed.hour not in {0, _PROBE.hour}:
        message = f"The time_form of {name} gives no whole date, or a clock time that may be morning or evening."
        raise FileRefusedError(message, "Write a pattern like %d.%m.%Y %H:%M; %I needs %p, and %Z cannot be read.")
    return parsed.hour


def _pattern(form: str, *, with_clock: bool) -> Reading:
    def reading(text: str) -> str | None:
        try:
            time = datetime.strptime(text, form)  # noqa: DTZ007 -- the participant's own clock; %z where the format has it
            return time.isoformat() if with_clock else time.date().isoformat()
        except (ValueError, OverflowError):
            return None

    return reading


def clock_text(text: str) -> str | None:
    """Return a clock time, of twelve hours or twenty-four, as `HH:MM[:SS[.f]]` and its offset; None if it is none."""
    text = " ".join(text.split())
    found = _CLOCK.fullmatch(text) if len(text) <= _CLOCK_CHARACTERS else None
    if found is None:
        return None
    hour, minute, second, half, offset = found.groups()
    number = int(hour)
    if half is not None:
        if not 1 <= number <= _NOON:
            return None
        number = number % _NOON + (_NOON if half.lower() == "p" else 0)
    return f"{number:02}:{minute}{f':{second}' if second else ''}{(offset or '').upper()}"


def numbered(minute: str, older: int) -> str:
    """Return an ISO minute with the number of older entries of it as seconds; other times as they are."""
    if not older or len(minute) < _MINUTE_LONG or minute.startswith(":", _MINUTE_LONG):
        return minute
    return f"{minute[:_MINUTE_LONG]}:{min(older, _LAST_SECOND):02}{minute[_MINUTE_LONG:]}"


def _joined(part: RawRows, source: Source, *, whole_pattern: bool) -> RawRows:
    rows = part.rows
    missing = (*source.missing, "")
    clock = rows["time_of_day"].str.strip_chars()
    clock = clock.set(clock.is_in(missing), "")
    if whole_pattern:  # the pattern reads date and clock as one text
        both = rows.select(pl.concat_str("logged_at", pl.lit(" "), clock)).to_series()
        both = both.set(rows["logged_at"].str.strip_chars().is_in(missing), "")
        return _each(part, both, _pattern(source.time_form, with_clock=True), source)
    dates = _date if source.time_form == "iso" else _pattern(source.time_form, with_clock=False)
    date = _mapped(rows["logged_at"], dates)
    return _changed(part, date + _mapped(clock, _clock_suffix), source)


def _clock_suffix(clock: str) -> str | None:
    """Return what a clock time adds to a date: nothing where there is none, None where it cannot be understood."""
    time = clock_text(clock) if clock else ""
    return f"T{time}" if time else time


def _date(text: str) -> str | None:
    found = _DATE.fullmatch(text)
    return None if found is None else found[1]


def decimal_hours(hours: int, minutes: int) -> str:
    """Return a duration as a decimal number of hours, to nine places; `minutes` are fewer than 60."""
    return f"{hours}.{minutes * _NINE_PLACES // 60:09}".rstrip("0").rstrip(".")


def local_texts(micros: pl.Series, zone: str) -> pl.Series:
    """Return instants (UTC microseconds) as `zone`'s wall clock with its offset; null for one beyond our years."""
    inside = micros.is_between(_FIRST * _MICROS, (_LAST + 1) * _MICROS - 1)  # others are more than a calendar can print
    instants = micros.set(~inside, None).cast(pl.Datetime("us"))
    if zone == _UTC:
        return instants.dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ")
    return instants.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.to_string("%Y-%m-%dT%H:%M:%S%.6f%:z")


def _from_epoch(texts: pl.Series, form: str, zone: str) -> pl.Series:
    """Return instants as ISO text, exactly to the microsecond; null where the text is none."""
    per_second = _PER_SECOND[form]
    places = 6 if per_second == 1 else 3
    number = pl.col("text")
    fraction = number.str.extract(r"\.([0-9]+)").fill_null("").str.pad_end(places, "0").str.slice(0, places)
    sign = pl.when(number.str.starts_with("-")).then(-1).otherwise(1)
    whole = number.str.extract(r"^-?([0-9]+)").cast(pl.Int64, strict=False)
    inside = (sign * whole).is_between(_FIRST * per_second, _LAST * per_second)
    valid = number.str.contains(_EPOCH_TEXT)
    bounded = pl.when(inside).then(whole)
    micros = sign * (bounded * 10**places + fraction.cast(pl.Int64, strict=False))
    instants = texts.str.strip_chars().to_frame("text").select(pl.when(valid).then(micros)).to_series()
    return local_texts(instants, zone)


def _each(part: RawRows, texts: pl.Series, reading: Reading, source: Source) -> RawRows:
    return _changed(part, _mapped(texts, reading), source)


def _mapped(texts: pl.Series, reading: Reading) -> pl.Series:
    """Read each distinct text once, without the blanks around it."""
    texts = texts.str.strip_chars()
    distinct = texts.unique()
    read = pl.DataFrame({"text": distinct, "iso": pl.Series([reading(text) for text in distinct], dtype=pl.String)})
    return texts.to_frame("text").join(read, on="text", how="left", maintain_order="left")["iso"]


def _changed(part: RawRows, times: pl.Series, source: Source) -> RawRows:
    given = part.rows["logged_at"].str.strip_chars()
    empty = given.is_in((*source.missing, ""))
    written = part.rows.select(pl.col("logged_at", r"^time_of_day$").name.prefix(WRITTEN))
    rows = part.rows.with_columns(written, logged_at=times.zip_with(~empty, given)).drop("time_of_day", strict=False)
    lost = rows.filter(pl.col("logged_at").is_null()).drop("logged_at")
    bad = lost.select("line", rule=pl.lit(RuleName.NOT_A_TIME), column=pl.lit("logged_at"))
    return replace(
        part,
        rows=rows.filter(pl.col("logged_at").is_not_null()),
        bad=pl.concat([part.bad, bad]),
        apart=pl.concat([part.apart, taken_apart(lost, part.kind, bad)]),
    )
