"""Whom replay aims people at: the periods that hold one day, and what its people's rows are made of.

Each person has rows long before and after their target: a measure may look back, and none may look ahead.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

from analytics.periods import Cadence, Period

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Keys = dict[str, str]

LANE = "lane"
"""The dimension that keeps populations apart: the shipped SQL counts each lane by itself, as it does regions."""

FARTHEST = timedelta(weeks=16)
"""The farthest that a measure of a shipped plan looks back (held against the plans by the tests)."""

DAY = timedelta(days=1)

LOOK_BACK = FARTHEST + timedelta(weeks=2)
"""How far before its target a person's rows reach: farther than any measure may look."""

FACTORS, SOURCES = 24, 13
"""How many bits of `factors` have a name, and how many sources there are (held against the contracts by the tests)."""

Effect = Literal["nothing", "something", "looking back", "any"]
"""What the person must do to the figures of the target's periods.

`looking back`: move some measure that looks back, and none that does not.
"""


@dataclass(frozen=True)
class Target:
    """The periods, one of each cadence, that hold a day."""

    day: date
    why: str

    def period(self, cadence: Cadence) -> Period:
        """Return the period of a cadence."""
        return Period.containing(self.day, cadence)

    @property
    def shortest(self) -> Period:
        """The shortest of the periods."""
        return min(map(self.period, get_args(Cadence)), key=lambda one: one.last_day - one.first_day)

    @property
    def first(self) -> date:
        """The first day of any of the periods."""
        return min(self.period(cadence).first_day for cadence in get_args(Cadence))

    @property
    def last(self) -> date:
        """The last day of any of the periods."""
        return max(self.period(cadence).last_day for cadence in get_args(Cadence))


TARGETS = (
    Target(date(2026, 5, 6), "an ordinary week"),
    Target(date(2020, 12, 30), "week 53, which P13 takes in"),
    Target(date(2024, 12, 31), "the first week of 2025 begins in 2024"),
    Target(date(2025, 12, 28), "the last day of an ISO year of 52 weeks"),
    Target(date(2026, 3, 29), "clocks go forward"),
    Target(date(2024, 2, 29), "a leap day"),
)


def days_between(first: date, last: date) -> list[date]:
    """Return every day from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
