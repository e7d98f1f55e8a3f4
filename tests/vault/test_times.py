"""Times as people write them: the local date first, the instant where it can be known."""

from datetime import UTC, date, datetime, time

import polars as pl
import pytest

from analytics.contracts.source import Clock
from analytics.vault.times import with_times

MADRID_WALL = Clock(zone="Europe/Madrid", written="wall")
MADRID_INSTANT = Clock(zone="Europe/Madrid", written="instant")
UTC_WALL = Clock(zone="Etc/UTC", written="wall")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

Read = tuple[date | None, time | None, datetime | None]


def read(text: str, clock: Clock = UTC_WALL, now: datetime = NOW) -> Read:
    """Return (local date, local time, instant) of one text."""
    row = with_times(pl.DataFrame({"at": [text]}), "at", clock, now).row(0, named=True)
    instant = None if row["utc_at"] is None else datetime.fromtimestamp(row["utc_at"] / 1e6, tz=UTC)
    return row["local_date"], row["local_time"], instant


@pytest.mark.parametrize(
    ("text", "at", "instant"),
    [
        ("2026-05-04T09:05", time(9, 5), datetime(2026, 5, 4, 9, 5, tzinfo=UTC)),
        ("2026-05-04 09:05", time(9, 5), datetime(2026, 5, 4, 9, 5, tzinfo=UTC)),  # a space for the T
        ("2026-05-04T09:05:07", time(9, 5, 7), datetime(2026, 5, 4, 9, 5, 7, tzinfo=UTC)),
        ("2026-05-04T09:05:07.25", time(9, 5, 7, 250_000), datetime(2026, 5, 4, 9, 5, 7, 250_000, tzinfo=UTC)),
        ("2026-05-04T09:05:07,25", time(9, 5, 7, 250_000), datetime(2026, 5, 4, 9, 5, 7, 250_000, tzinfo=UTC)),
        ("2026-05-04T09:05:07.123456789", time(9, 5, 7, 123_456), datetime(2026, 5, 4, 9, 5, 7, 123_456, tzinfo=UTC)),
        ("2026-05-04T09:05Z", time(9, 5), datetime(2026, 5, 4, 9, 5, tzinfo=UTC)),
        ("2026-05-04T09:05z", time(9, 5), datetime(2026, 5, 4, 9, 5, tzinfo=UTC)),
        ("2026-05-04T09:05+02:00", time(9, 5), datetime(2026, 5, 4, 7, 5, tzinfo=UTC)),
        ("2026-05-04T09:05+0200", time(9, 5), datetime(2026, 5, 4, 7, 5, tzinfo=UTC)),
        ("2026-05-04T09:05+02", time(9, 5), datetime(2026, 5, 4, 7, 5, tzinfo=UTC)),
        ("2026-05-04T09:05 +02:00", time(9, 5), datetime(2026, 5, 4, 7, 5, tzinfo=UTC)),
        ("2026-05-04T23:05-03:30", time(23, 5), datetime(2026, 5, 5, 2, 35, tzinfo=UTC)),  # a day later in UTC
        ("2026-05-04T01:05+14:00", time(1, 5), datetime(2026, 5, 3, 11, 5, tzinfo=UTC)),  # a day earlier
        ("2026-05-04", None, None),  # a day without a time
    ],
)
def test_forms_of_a_time(text: str, at: time | None, instant: datetime | None) -> None:
    """A wall clock's date and time are as written; an offset only fixes the instant."""
    assert read(text) == (date(2026, 5, 4), at, instant)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2025-02-29T10:00",
        "2026-13-01",
        "2026-00-10",
        "2026-05-04T24:00",
        "2026-05-04T09:60",
        "2026-05-04T09:05:60",
        "2026-05-04T09:05+15:00",  # no clock on earth
        "2026-05-04T09:05-12:30",
        "2026-05-04T09:05+01:75",
        "2026-05-04T09",
        "2026-5-4",
        "04/05/2026",
        "04.05.2026 09:05",
        "20260504T0905",
        "yesterday",
        "1777885500",
        "\u0662\u0660\u0662\u0666-05-04",  # digits of another script
        "2026-05-04T09:05 Europe/Madrid",
        "",
    ],
)
@pytest.mark.parametrize("clock", [UTC_WALL, MADRID_INSTANT])
def test_what_is_no_time_has_no_date(text: str, clock: Clock) -> None:
    """A text that is not an ISO 8601 date or time, or an impossible one, has neither date nor instant."""
    assert read(text, clock) == (None, None, None)


@pytest.mark.parametrize(
    "text", ["0000-01-01T00:00Z", "0001-01-01T00:00+14:00", "9999-12-31T23:59Z", "9999-12-31T23:59-12:00"]
)
@pytest.mark.parametrize("clock", [UTC_WALL, MADRID_INSTANT])
def test_the_ends_of_the_calendar_stop_nothing(text: str, clock: Clock) -> None:
    """A time at either end of the calendar is read, for the contract's bounds to refuse."""
    rows = with_times(pl.DataFrame({"at": [text, "2026-05-04T09:00Z"]}), "at", clock, NOW)
    assert rows["local_date"].null_count() == 0
    assert rows["local_date"][1] == date(2026, 5, 4)


def test_a_leap_day_is_a_day() -> None:
    """29 February exists in leap years."""
    assert read("2024-02-29")[0] == date(2024, 2, 29)


def test_a_wall_clock_without_offset_is_in_its_zone() -> None:
    """A time without an offset is the source's zone's: two hours ahead in summer, one in winter."""
    assert read("2026-05-04T09:00", MADRID_WALL)[2] == datetime(2026, 5, 4, 7, tzinfo=UTC)
    assert read("2026-01-04T09:00", MADRID_WALL)[2] == datetime(2026, 1, 4, 8, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_the_first() -> None:
    """Where the clocks go back, the earlier of the two instants is taken; an offset says which."""
    assert read("2025-10-26T02:30", MADRID_WALL)[2] == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert read("2025-10-26T02:30+01:00", MADRID_WALL)[2] == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_is_kept() -> None:
    """Where the clocks go forward, a skipped time keeps its date and is read as before the jump."""
    written = read("2026-03-29T02:30", MADRID_WALL)
    assert written == (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("2020-03-15T23:30:00Z", date(2020, 3, 16), time(0, 30)),  # UTC+1: after midnight in Spain
        ("2020-04-15T22:30:00Z", date(2020, 4, 16), time(0, 30)),  # UTC+2 in summer
        ("2020-04-15T21:30:00Z", date(2020, 4, 15), time(23, 30)),
        ("2020-04-15T23:30:00-05:00", date(2020, 4, 16), time(6, 30)),  # whatever offset it is written with
        ("2020-04-15T23:30:00", date(2020, 4, 15), time(23, 30)),  # none: the zone's own clock
        ("2020-10-25T00:30:00Z", date(2020, 10, 25), time(2, 30)),  # the hour that comes twice
        ("2020-10-25T01:30:00Z", date(2020, 10, 25), time(2, 30)),
        ("2020-04-15", date(2020, 4, 15), None),
    ],
)
def test_an_instant_s_local_date_is_the_zone_s(text: str, day: date, at: time | None) -> None:
    """Where the source writes instants, the participant's day is that instant's day in the zone."""
    assert read(text, MADRID_INSTANT)[:2] == (day, at)


@pytest.mark.parametrize(
    ("text", "clock", "today"),
    [
        ("2026-05-31T20:00", UTC_WALL, date(2026, 5, 31)),
        ("2026-05-31T20:00", Clock(zone="Pacific/Auckland", written="wall"), date(2026, 6, 1)),
        ("2026-05-31T20:00+13:00", UTC_WALL, date(2026, 6, 1)),  # the participant's own clock, by its offset
        ("2026-05-31T20:00+13:00", MADRID_INSTANT, date(2026, 6, 1)),  # the zone's, whatever the offset
    ],
)
def test_today_is_the_participant_s(text: str, clock: Clock, today: date) -> None:
    """The day after which no entry can lie is the participant's own, not the server's."""
    now = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    row = with_times(pl.DataFrame({"at": [text]}), "at", clock, now).row(0, named=True)
    assert row["today"] == today


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Antarctica/Troll", "2026-03-29T02:30"),  # two hours that the clocks skip
        ("Pacific/Apia", "2011-12-30T12:00"),  # a day that never was
    ],
)
def test_a_wall_clock_in_a_long_jump_has_an_instant(zone: str, text: str) -> None:
    """Two entries of such a day are two keys."""
    _, at, instant = read(text, Clock(zone=zone, written="wall"))
    assert at is not None
    assert instant is not None
