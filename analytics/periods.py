"""Public calendar: ISO weeks and four-week periods of the ISO year, in the participant's local date."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self

Cadence = Literal["week", "four_weeks"]

MOST_IN_53_WEEKS: dict[Cadence, int] = {"week": 53, "four_weeks": 14}
"""The most periods that can end within 53 consecutive weeks (an ISO year has 13 four-week periods, some runs 14)."""

DAYS: dict[Cadence, int] = {"week": 7, "four_weeks": 28}
"""The days of every period but a thirteenth four-week period that takes a week 53."""

MOST_DAYS: dict[Cadence, int] = {"week": 7, "four_weeks": 35}
"""The days of the longest period (the last four-week period of an ISO year takes a week 53)."""

FOUR_WEEK_PERIODS = 13
"""In an ISO year; the last takes a week 53."""

_NAME = re.compile(r"(\d{4})-([WP])(\d{2})")


def weeks_in_iso_year(year: int) -> int:
    """Return 52 or 53: the ISO weeks of `year` (28 December is always in the last)."""
    return date(year, 12, 28).isocalendar().week


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

    def closed_from(self, grace_days: int) -> date:
        """Return the first date on which a draw is allowed."""
        return self.last_day + timedelta(days=grace_days)


def periods_between(start: date, today: date, cadence: Cadence, grace_days: int) -> Iterator[Period]:
    """Yield the closed periods, in order, whose first day is on or after `start`."""
    period = Period.containing(start, cadence)
    if period.first_day < start:
        period = period.next
    while period.closed_from(grace_days) <= today:
        yield period
        period = period.next
