"""The public calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.periods import Cadence, Period, periods_between, week_ordinal, weeks_in_iso_year

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
CADENCES: st.SearchStrategy[Cadence] = st.sampled_from(["week", "four_weeks"])


@given(day=DAYS, cadence=CADENCES)
def test_every_day_lies_in_one_period(day: date, cadence: Cadence) -> None:
    """A day lies between the ends of its period, and its neighbours meet it without gap or overlap."""
    period = Period.containing(day, cadence)
    assert period.first_day <= day <= period.last_day
    assert period.next.first_day - period.last_day == timedelta(days=1)
    assert period.next.previous == period


@given(day=DAYS, cadence=CADENCES)
def test_a_name_reads_back(day: date, cadence: Cadence) -> None:
    """A period's public name reads back as the period."""
    period = Period.containing(day, cadence)
    assert Period.parse(period.name) == period


@pytest.mark.parametrize("name", ["2020-W54", "2021-W53", "2020-W00", "2020-P14", "2020-P00", "2020-14", "W14", ""])
def test_what_the_calendar_lacks_is_refused(name: str) -> None:
    """A week or period that the ISO year does not have is refused."""
    with pytest.raises(ValueError, match=r"number|written like"):
        Period.parse(name)


def test_the_last_period_takes_week_53() -> None:
    """P13 has five weeks in a year of 53 and four in one of 52."""
    assert (weeks_in_iso_year(2020), weeks_in_iso_year(2021)) == (53, 52)
    assert Period.containing(date(2021, 1, 3), "four_weeks").name == "2020-P13"
    assert (Period.parse("2020-P13").last_day - Period.parse("2020-P13").first_day).days == 34
    assert (Period.parse("2021-P13").last_day - Period.parse("2021-P13").first_day).days == 27


def test_a_period_closes_on_its_last_day_and_grace() -> None:
    """A week is closed from its Sunday and the grace days on, that date included."""
    week = Period.parse("2026-W14")
    assert week.last_day == date(2026, 4, 5)
    start = week.first_day
    assert list(periods_between(start, date(2026, 4, 7), "week", 3)) == []
    assert list(periods_between(start, date(2026, 4, 8), "week", 3)) == [week]


def test_a_period_begun_before_the_start_is_not_due() -> None:
    """Periods are due whose first day is on or after the start."""
    found = list(periods_between(date(2026, 3, 31), date(2026, 5, 1), "week", 3))
    assert [period.name for period in found] == ["2026-W15", "2026-W16", "2026-W17"]


@given(day=DAYS, cadence=CADENCES)
def test_the_first_period_from_a_day_on_begins_before_no_other(day: date, cadence: Cadence) -> None:
    """It begins on the day or later, and the one before it begins earlier."""
    period = Period.beginning(day, cadence)
    assert period.previous.first_day < day <= period.first_day
    onwards = period.onwards()
    assert [next(onwards), next(onwards)] == [period, period.next]


@given(day=DAYS)
def test_a_week_ordinal_changes_on_mondays(day: date) -> None:
    """The count of weeks is equal within one ISO week and one more in the next."""
    week = Period.containing(day, "week")
    assert week_ordinal(day) == week_ordinal(week.first_day) == week_ordinal(week.next.first_day) - 1
