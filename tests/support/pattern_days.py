"""A person's days in short: what the cases of the pattern measures are written in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from analytics.periods import Period
from tests.support.diaries import days_after
from tests.support.noted import Noted

MICRO = 1_000_000

SPRING = Period.parse("2026-P05")
"""20 April to 17 May: days 0 to 27; the period before is days -28 to -1."""
LONG = Period.parse("2020-P13")
"""Weeks 49 to 53: days 0 to 34, the last of them 3 January 2021."""
AFTER_LONG = Period.parse("2021-P01")
"""The period before is five weeks: days -35 to -1."""


@dataclass(frozen=True)
class On:
    """One entry: days after the period's first, and points from 0 to 100."""

    day: int
    points: float = 50
    at: str = ""
    part: int | None = None
    daily: bool = False
    factors: str = ""
    sleep: float | None = None
    source: str = "canonical"

    def noted(self, period: Period) -> Noted:
        """Return the entry as the vault keeps it."""
        return Noted(
            day=days_after(period.first_day, self.day),
            score=round(self.points * 1000),
            clock=time.fromisoformat(self.at) if self.at else None,
            part=self.part,
            daily=self.daily,
            factors=frozenset(self.factors.split()),
            sleep=None if self.sleep is None else round(self.sleep * 1000),
            source=self.source,
        )


@dataclass(frozen=True)
class Case:
    """One person's entries, what a measure makes of them, and why."""

    measure: str
    why: str
    entries: list[On]
    gives: dict[str, int]
    period: Period = SPRING


def on(days: Iterable[int], points: float = 50, factors: str = "") -> list[On]:
    """Return one entry on each of these days."""
    return [On(day, points, factors=factors) for day in days]


def whole(category: str) -> dict[str, int]:
    """Return one whole unit in a category."""
    return {category: MICRO}


def turns(*points: float, first: int = 0) -> list[On]:
    """Return consecutive days with these points."""
    return [On(first + number, value) for number, value in enumerate(points)]


def at_clock(*clocks: str, points: float, first: int = 0) -> list[On]:
    """Return an entry at each of these times, all on one day."""
    return [On(first, points, at) for at in clocks]


def slept(*hours: float | None) -> list[On]:
    """Return consecutive days that tell so many hours of sleep."""
    return [On(number, sleep=result) for number, result in enumerate(hours)]


NOBODY: dict[str, int] = {}
