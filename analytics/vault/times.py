"""Times as people write them: ISO 8601, local date first, UTC where it can be known."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from analytics.contracts.source import Clock
from analytics.vault.validation.distinct import Distinct

_DATE, _MINUTE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[T ][0-9]{2}:[0-9]{2}"
_REST = r"(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)? ?(?:([Zz])|([+-])([0-9]{2})(?::?([0-9]{2}))?)?"
_ISO = rf"^{_DATE}(?:{_MINUTE}(?:{_REST}))?$"
_DATE_LONG, _MINUTE_LONG = 10, 16
_UTC = "Etc/UTC"
_JUMPS = (1, 2, 24)
"""Hours that clocks skip: summer time, Troll station's, a day at the date line."""
_WEST, _EAST = -12 * 60, 14 * 60
"""Offsets in use, in minutes east of UTC."""

WHOLE_DAY, INSTANT, OWN_ID, DAY_PART = 0, 1, 2, 3
"""Kinds of entry key: a date without a time, an instant, the source's own id, a date and a part of the day."""

DAY_PARTS = ("night", "morning", "afternoon", "evening")
"""Parts of a day where no clock time is known, in the order of their numbers."""


def local_dates(text: pl.Expr) -> pl.Expr:
    """Return the date of `YYYY-MM-DD`, or null where it is none."""
    return text.str.to_date("%Y-%m-%d", strict=False)


def with_times(rows: pl.DataFrame, column: str, clock: Clock, now: datetime) -> pl.DataFrame:
    """Add what `column` says of time, null where it says nothing possible.

    `local_date`; `local_time` (null for a day without a time); `utc_at` (microseconds; null for such a day);
    `today`: the date on the participant's own clock at `now`, after which no entry can lie.
    """
    text = rows[column]
    form = text.str.contains(_ISO)
    if not form.all():
        text = text.str.strip_chars()
        form = text.str.contains(_ISO)
    text = text if form.all() else rows.select(pl.when(form).then(text))[column]
    longest = int(str(text.str.len_bytes().max() or 0))
    rest = Distinct.of(
        (text if longest > _MINUTE_LONG else text.clear(len(text))).str.slice(_MINUTE_LONG).fill_null("")
    )
    ends = [_end(tail) for tail in rest.texts]
    micro = rest.spread(pl.Series([end.microseconds if end else None for end in ends], dtype=pl.Int64))
    offset = rest.spread(pl.Series([end.offset if end else None for end in ends], dtype=pl.Int32))
    part = pl.DataFrame({"text": text, "wall": _minutes(text), "micro": micro, "offset": offset})
    part = part.with_columns(wall=(pl.col("wall").cast(pl.Int64) + pl.col("micro")).cast(pl.Datetime("us")))
    part = part.with_columns(date=pl.col("wall").dt.date(), utc=pl.col("wall"))
    if (text.str.len_bytes() == _DATE_LONG).any():
        day = pl.when(pl.col("text").str.len_bytes() == _DATE_LONG).then(pl.col("text"))
        part = part.with_columns(date=pl.coalesce("date", local_dates(day)))
    if clock.zone != _UTC:
        part = part.with_columns(utc=_as_utc(part["wall"], clock.zone))
    if offset.null_count() < part.height:
        given = pl.col("wall") - pl.duration(minutes=pl.col("offset"))
        part = part.with_columns(utc=pl.coalesce(given, "utc"))
    if clock.written == "instant":
        # An instant's local date is the zone's, whatever offset it happens to be written with.
        local = pl.col("utc").dt.replace_time_zone("UTC").dt.convert_time_zone(clock.zone).dt.replace_time_zone(None)
        part = part.with_columns(
            wall=local, date=pl.when(pl.col("utc").is_null()).then("date").otherwise(local.dt.date())
        )
    return rows.with_columns(
        part.select(
            local_date=pl.col("date"),
            local_time=pl.col("wall").dt.time(),
            utc_at=pl.col("utc").dt.epoch("us"),
            today=_today(clock, now) if _may_be_future(part["date"], now) else pl.lit(now.date()),
        )
    )


def _may_be_future(days: pl.Series, now: datetime) -> bool:
    """Say whether any day is so late that it depends on the place whether it is in the future."""
    yesterday = pl.Series([now.date() - timedelta(days=1)])
    return bool((days >= yesterday).any())


def _minutes(text: pl.Series) -> pl.Series:
    """Return the wall clock without seconds, null for a day without a time and for what no calendar has."""
    head = text.str.head(_MINUTE_LONG)
    wall = head.str.to_datetime("%Y-%m-%dT%H:%M", time_unit="us", strict=False, cache=False)
    others = wall.is_null() & (head.str.len_bytes() == _MINUTE_LONG)
    if others.any():  # a blank for the T, or what no calendar has
        spaced = head.filter(others).str.to_datetime("%Y-%m-%d %H:%M", time_unit="us", strict=False, cache=False)
        wall = wall.scatter(others.arg_true(), spaced)
    return wall


@dataclass(frozen=True)
class _End:
    """What follows the minutes: seconds and fraction, and an offset in minutes where there is one."""

    microseconds: int
    offset: int | None


def _end(text: str) -> _End | None:
    """Read what follows the minutes; None for what no clock shows."""
    found = re.fullmatch(_REST, text.strip())
    if found is None:
        return None
    seconds, fraction, zulu, sign, hours, minutes = found.groups()
    micro = int((fraction or "").ljust(6, "0")[:6])
    offset: int | None = 0 if zulu else None
    if sign:
        offset = (60 * int(hours) + int(minutes or 0)) * (-1 if sign == "-" else 1)
        if int(minutes or 0) >= 60 or not _WEST <= offset <= _EAST:  # noqa: PLR2004 -- a clock
            return None
    if int(seconds or 0) >= 60:  # noqa: PLR2004 -- a clock
        return None
    return _End(int(seconds or 0) * 1_000_000 + micro, offset)


def _as_utc(wall: pl.Series, zone: str) -> pl.Series:
    """Read a wall clock in `zone`: the earlier of two instants; one that the clocks skipped, as before the jump."""
    utc = _read_in(wall, zone)
    for hours in _JUMPS:
        if utc.null_count() == wall.null_count():
            break
        back = timedelta(hours=hours)
        utc = utc.fill_null(_read_in(wall - back, zone) + back)
    return utc


def _read_in(wall: pl.Series, zone: str) -> pl.Series:
    in_zone = wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return in_zone.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def _today(clock: Clock, now: datetime) -> pl.Expr:
    in_zone = pl.lit(now.astimezone(ZoneInfo(clock.zone)).date())
    if clock.written == "instant":
        return in_zone
    utc = pl.lit(now.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)).cast(pl.Datetime("us"))
    return pl.coalesce((utc + pl.duration(minutes=pl.col("offset"))).dt.date(), in_zone)
