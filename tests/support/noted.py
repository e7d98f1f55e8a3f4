"""What one person noted, and how the oracle reads it: slow, obvious, and without a line of the vault's SQL."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from fractions import Fraction


@dataclass(frozen=True)
class Noted:
    """One entry of one person, consent in force. Units: thousandths of a point, of an hour."""

    day: date
    score: int
    clock: time | None = None
    part: int | None = None
    """0 to 3, where no clock time is known."""
    daily: bool = False
    factors: frozenset[str] = frozenset()
    sleep: int | None = None
    source: str = "canonical"


@dataclass(frozen=True)
class Asked:
    """What a measure is asked about one person."""

    noted: tuple[Noted, ...]
    """All that the person ever noted: which of it to read is the measure's to say."""
    first: date
    last: date
    numbers: Mapping[str, int]
    categories: Sequence[str]

    def within(self, first: date, last: date) -> list[Noted]:
        """Return the entries of these days, ends included."""
        return [one for one in self.noted if first <= one.day <= last]

    @property
    def now(self) -> list[Noted]:
        """The period's entries."""
        return self.within(self.first, self.last)

    @property
    def before(self) -> list[Noted]:
        """The entries of the period before."""
        last = self.first - timedelta(days=1)
        first = last
        while four_weeks_of(first - timedelta(days=1)) == four_weeks_of(last):
            first -= timedelta(days=1)
        return self.within(first, last)


def four_weeks_of(day: date) -> tuple[int, int]:
    """Return the ISO year and number of a day's four-week period; the thirteenth takes a week 53."""
    year, week, _ = day.isocalendar()
    return year, min(13, 1 + (week - 1) // 4)


def mean(values: Iterable[int]) -> Fraction:
    """Return the exact mean."""
    listed = list(values)
    return Fraction(sum(listed), len(listed))


def score_of(noted: Iterable[Noted]) -> int:
    """Return the mean score of entries; scores are kept in thousandths of a point, a half rounded up."""
    return int(mean(one.score for one in noted) + Fraction(1, 2))


def by_day(noted: Iterable[Noted]) -> dict[date, int]:
    """Return the score of each logged day, in order of days."""
    days: dict[date, list[Noted]] = defaultdict(list)
    for one in noted:
        days[one.day].append(one)
    return {day: score_of(days[day]) for day in sorted(days)}


def part_of(one: Noted) -> int | None:
    """Return the part of the day of a momentary entry, by its clock time or else as recorded."""
    if one.daily:
        return None
    return one.clock.hour // 6 if one.clock is not None else one.part
