"""Times as people write them: ISO 8601, local date first, UTC where it can be known."""

from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from analytics.contracts.source import Clock

_ISO = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)? ?(Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$"
)
_MICROSECONDS = 1_000_000
_WEST, _EAST = -12 * 60, 14 * 60
"""Offsets in use, in minutes east of UTC."""

WHOLE_DAY, INSTANT, OWN_ID = 0, 1, 2
"""Kinds of entry key: a date without a time, an instant, the source's own id."""


def local_dates(text: pl.Expr) -> pl.Expr:
    """Return the date of `YYYY-MM-DD`, or null where it is none."""
    return text.str.to_date("%Y-%m-%d", strict=False)


def with_times(rows: pl.DataFrame, column: str, clock: Clock, now: datetime) -> pl.DataFrame:
    """Add what `column` says of time, null where it says nothing possible.

    `local_date`; `local_time` (null for a day without a time); `utc_at` (microseconds; null for such a day);
    `today`: the date on the participant's own clock at `now`, after which no entry can lie.
    """
    part = rows.select(pl.col(column).str.extract_groups(_ISO).alias("iso")).unnest("iso")
    number = {name: pl.col(name).cast(pl.Int64) for name in ("2", "3", "4")}
    offset = pl.col("6")
    sign = pl.when(offset.str.starts_with("-")).then(-1).otherwise(1)
    hours = offset.str.slice(1, 2).cast(pl.Int64, strict=False)
    minutes = offset.str.extract(r"([0-9]{2})$").cast(pl.Int64, strict=False)
    minutes = pl.when(offset.str.len_chars() > 3).then(minutes).otherwise(0)  # noqa: PLR2004 -- '+hh' is three long
    part = part.with_columns(
        date=local_dates(pl.col("1")),
        hour=number["2"],
        minute=number["3"],
        second=number["4"].fill_null(0),
        micro=pl.col("5").str.pad_end(9, "0").str.slice(0, 6).cast(pl.Int64).fill_null(0),
        offset=pl.when(offset.str.to_uppercase() == "Z").then(0).otherwise(sign * (60 * hours + minutes)),
        odd_minutes=minutes,
    )
    timed = pl.col("hour").is_not_null()
    possible = (
        ~timed | ((pl.col("hour") < 24) & (pl.col("minute") < 60) & (pl.col("second") < 60))  # noqa: PLR2004 -- a clock
    ) & (pl.col("offset").is_null() | (pl.col("offset").is_between(_WEST, _EAST) & (pl.col("odd_minutes") < 60)))  # noqa: PLR2004 -- a clock
    part = part.with_columns(
        wall=pl.when(possible & timed).then(
            pl.col("date").cast(pl.Datetime("us"))
            + pl.duration(
                hours=pl.col("hour"), minutes=pl.col("minute"), seconds=pl.col("second"), microseconds=pl.col("micro")
            )
        ),
        date=pl.when(possible).then(pl.col("date")),
    )
    given = pl.col("wall") - pl.duration(minutes=pl.col("offset"))
    part = part.with_columns(utc=pl.coalesce(given, _as_utc(pl.col("wall"), clock.zone)))
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
            today=_today(clock, now),
        )
    )


def _as_utc(wall: pl.Expr, zone: str) -> pl.Expr:
    """Read a wall clock in `zone`: the earlier of two instants; one that the clocks skipped, as before the jump."""
    hour = pl.duration(hours=1)

    def read(at: pl.Expr) -> pl.Expr:
        in_zone = at.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        return in_zone.dt.convert_time_zone("UTC").dt.replace_time_zone(None)

    return pl.coalesce(read(wall), read(wall - hour) + hour)


def _today(clock: Clock, now: datetime) -> pl.Expr:
    in_zone = pl.lit(now.astimezone(ZoneInfo(clock.zone)).date())
    if clock.written == "instant":
        return in_zone
    utc = pl.lit(now.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)).cast(pl.Datetime("us"))
    return pl.coalesce((utc + pl.duration(minutes=pl.col("offset"))).dt.date(), in_zone)
