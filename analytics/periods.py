"""Public calendar: ISO weeks and four-week periods of the ISO year, in the participant's local date."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Literal, Self

Cadence = Literal["week", "four_weeks"]

MOST_IN_53_WEEKS: dict[Cadence, int] = {"week": 53, "four_weeks": 14}
"""The most periods that can end within 53 consecutive weeks (an ISO year has 13 four-week periods, some runs 14)."""

DAYS: dict[Cadence, int] = {"week": 7, "four_weeks": 28}
"""The days of every period but a thirteenth four-week period that takes a week 53."""

MOST_DAYS: dict[Cadence, int] = {"week": 7, "four_weeks": 35}
"""The days of the longest period (the last four-week period of an ISO year takes a week 53)."""

MOST_WEEKS_OF_LOGGING = 54
"""The most ISO weeks in which 366 days, the longest year, lie: a Sunday, 52 weeks, and a Monday."""

MOST_LOOK_BACK_WEEKS = 104
"""No measure reads further back than this before its period."""

FOUR_WEEK_PERIODS = 13
"""In an ISO year; the last takes a week 53."""

_NAME = re.compile(r"(\d{4})-([WP])(\d{2})")


def weeks_in_iso_year(year: int) -> int:
    """Return 52 or 53: the ISO weeks of `year` (28 December is always in the last)."""
    return date(year, 12, 28).isocalendar().week


# L7: 366 days of logging lie in 54 weeks at most, so only so many releases read any of them (docs/privacy/proof.md)
def most_touched(cadence: Cadence, looks_back_weeks: int = 0, most_in_53_weeks: int | None = None) -> int:
    """Return the most releases of `cadence` that can have counted a person for any 366 days of logging.

    A release reads from `looks_back_weeks` before its period to its last day. Of those that read a day of some 54 weeks
    one can have begun before the second week; every other begins in one of the 53 + `looks_back_weeks` weeks from the
    second on, and each is at least `DAYS` long. Where a person counts in at most `most_in_53_weeks` releases of any 53
    weeks, that holds for each run of 53 weeks from the first release's on.
    """
    weeks = DAYS[cadence] // 7
    touched = 1 + -(-(MOST_WEEKS_OF_LOGGING - 1 + looks_back_weeks) // weeks)
    if most_in_53_weeks is None:
        return touched
    runs = Counter(place * weeks // 53 for place in range(touched))
    return sum(min(each, most_in_53_weeks) for each in runs.values())


def week_ordinal(day: date) -> int:
    """Return the count of Mondays up to `day` since the calendar's first: equal within one ISO week."""
    return (day.toordinal() - 1) // 7


@dataclass(frozen=True, order=True)
class Period:
    """One ISO week (`2020-W14`) or one four-week period (`2020-P04`; P13 takes a week 53)."""

    cadence: Cadence
    iso_year: int
    number: int

    def __post_init__(self) -> None:
        """Refuse a week or period that the ISO year does not have."""
        most = weeks_in_iso_year(self.iso_year) if self.cadence == "week" else FOUR_WEEK_PERIODS
        if not 1 <= self.number <= most:
            msg = f"{self.iso_year} has no {self.cadence.replace('_', '-')} number {self.number}"
            raise ValueError(msg)

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read `2020-W14` or `2020-P04`.

        Raises:
            ValueError: if `name` is not a period of the calendar.
        """
        match = _NAME.fullmatch(name)
        if match is None:
            msg = "a period is written like 2020-W14 (ISO week) or 2020-P04 (four weeks)"
            raise ValueError(msg)
        return cls("week" if match[2] == "W" else "four_weeks", int(match[1]), int(match[3]))

    @classmethod
    def containing(cls, day: date, cadence: Cadence) -> Self:
        """Return the period of `cadence` in which `day` lies."""
        iso_year, week, _ = day.isocalendar()
        return cls(cadence, iso_year, week if cadence == "week" else min((week + 3) // 4, FOUR_WEEK_PERIODS))

    @classmethod
    def beginning(cls, start: date, cadence: Cadence) -> Self:
        """Return the first period of `cadence` that begins on or after `start`."""
        period = cls.containing(start, cadence)
        return period if period.first_day >= start else cls.containing(period.last_day + timedelta(days=1), cadence)

    @property
    def name(self) -> str:
        """The public name, `2020-W14` or `2020-P04`."""
        return f"{self.iso_year:04d}-{'W' if self.cadence == 'week' else 'P'}{self.number:02d}"

    @property
    def first_day(self) -> date:
        """The Monday on which the period begins."""
        week = self.number if self.cadence == "week" else 4 * self.number - 3
        return date.fromisocalendar(self.iso_year, week, 1)

    @property
    def last_day(self) -> date:
        """The Sunday on which the period ends; its ISO year is charged."""
        if self.cadence == "week":
            week = self.number
        else:
            week = 4 * self.number if self.number < FOUR_WEEK_PERIODS else weeks_in_iso_year(self.iso_year)
        return date.fromisocalendar(self.iso_year, week, 7)

    @property
    def is_usual(self) -> bool:
        """Whether it is as long as nearly all of its kind."""
        return (self.last_day - self.first_day).days + 1 == DAYS[self.cadence]

    @property
    def next(self) -> "Period":
        """The period that begins on the day after the last."""
        return Period.containing(self.last_day + timedelta(days=1), self.cadence)

    @property
    def previous(self) -> "Period":
        """The period that ends on the day before the first."""
        return Period.containing(self.first_day - timedelta(days=1), self.cadence)

    def onwards(self) -> Iterator["Period"]:
        """Yield this period and every later one."""
        period: Period = self
        while True:
            yield period
            period = period.next

    def closed_from(self, grace_days: int) -> date:
        """Return the first date on which a draw is allowed."""
        return self.last_day + timedelta(days=grace_days)


def periods_between(start: date, today: date, cadence: Cadence, grace_days: int) -> Iterator[Period]:
    """Yield the closed periods, in order, whose first day is on or after `start`."""
    yield from takewhile(
        lambda period: period.closed_from(grace_days) <= today, Period.beginning(start, cadence).onwards()
    )
