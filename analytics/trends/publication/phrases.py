"""Sentences about a figure, always built alike: direction, size, interval, number of people, what it cannot say.

No word blames, explains or diagnoses; the figures are of people who logged, never of a population.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.periods import Cadence, Period
from analytics.trends.estimation.intervals import Interval
from analytics.wording import (
    NOT_WHY,
    STEPS,
    amount,
    between,
    day,
    difference_between,
    end,
    group_name,
    number,
    people,
    period_noun,
    the_days_of,
    this_period,
)

ALL = "all participants"
PLAIN = "the plain figure"
TOGETHER = "all groups together"
ALL_WEIGHTED = "all participants, weighted in the same way"
THE_REST = "everybody else"
_AMONG = {ALL, TOGETHER, ALL_WEIGHTED, THE_REST}


@dataclass(frozen=True)
class WordedFigure:
    """A figure with its interval and how many people it is of."""

    estimate: float
    shown: Interval
    unit: str
    people: float

    @property
    def amount(self) -> str:
        """Return `23.1% (between 18.0% and 28.2%)`."""
        return f"{amount(self.estimate, self.unit)} ({between(self.shown.low, self.shown.high, self.unit)})"


@dataclass(frozen=True)
class WordedDifference:
    """A figure less another, with the simultaneous interval."""

    reference: str
    """What it is compared with: `ALL`, the period before, or another group."""
    estimate: float
    simultaneous: Interval
    unit: str

    @property
    def direction(self) -> int:
        """Return 1 or -1 where the interval excludes 0, else 0."""
        return (self.simultaneous.low > 0) - (self.simultaneous.high < 0)

    @property
    def words(self) -> str:
        """Return `4.1 percentage points higher than among all participants (between 1.2 and 7.0 percentage points)`."""
        sign = self.direction
        low, high = sorted(((sign or 1) * self.simultaneous.low, (sign or 1) * self.simultaneous.high))
        ends = difference_between(low, high, self.unit)
        if not sign:
            return f"no clear difference from {self.reference} ({ends})"
        directions = ("more", "fewer") if self.unit == "persons" else ("higher", "lower")
        size = f"{end(sign * self.estimate, self.unit)}{STEPS[self.unit]} {directions[sign < 0]}"
        return f"{size} than {self._than} ({ends})"

    @property
    def _than(self) -> str:
        if self.reference in _AMONG:
            return f"among {self.reference}"
        return self.reference if self.reference == PLAIN else f"in {self.reference}"


def before(cadence: Cadence) -> str:
    """Return `the week before`."""
    return f"the {period_noun(cadence)} before"


def periods_before(cadence: Cadence, count: int) -> str:
    """Return `the week 4 weeks before`."""
    return f"the {period_noun(cadence)} {count} {period_noun(cadence, count)} before"


def compared(what: str, found: Sequence[WordedDifference], count: float, period: str) -> str:
    """Return the words for a figure's comparisons; `what` names figure and cohort, as `Low mood in North`."""
    if not found:
        return ""
    cannot = [
        *([NOT_WHY] if any(it.direction for it in found) else []),
        *([] if all(it.direction for it in found) else ["Even without a clear difference there may be one."]),
    ]
    comparisons = "; ".join(it.words for it in found)
    return f"{what}: {comparisons}. About {people(count)} were counted in {_when(period)}. {' '.join(cannot)}"


def two_groups(what: str, found: WordedDifference, counts: Sequence[float], period: str) -> str:
    """Return the words for two groups compared; `what` names figure and first group, `counts` is people of both."""
    one, other = (number(max(it, 0.0), "persons") for it in counts)
    cannot = NOT_WHY if found.direction else "There may still be a difference."
    return f"{what}: {found.words}. About {one} and {other} people were counted in {_when(period)}. {cannot}"


def four_weeks(what: str, last_day: date, found: WordedFigure) -> str:
    """Return the words for what four weeks can show where one is withheld."""
    weekly = "on average " if found.unit == "persons" else ""
    count = "" if found.unit == "persons" else f" About {people(found.people)} were counted a week."
    return (
        f"{what}: withheld for this week. Over the four weeks to {day(last_day)}: {weekly}{found.amount}.{count} "
        "This says nothing about this week alone."
    )


def parent(what: str, group: str, cadence: Cadence, found: WordedFigure) -> str:
    """Return the words for what a larger group can show where one is withheld; `group` is its label, as `North`."""
    where = f"Among {ALL}" if group == ALL else f"In {group_name(group)}"
    count = "" if found.unit == "persons" else f" About {people(found.people)} were counted."
    return (
        f"{what}: withheld for {this_period(cadence)}. {where}: {found.amount}.{count} "
        "This says nothing about the smaller group alone."
    )


def coverage(what: str, size: int, found: WordedFigure, against: WordedDifference | None) -> str:
    """Return the words for how many of those who live in a group log."""
    rest = f"{against.words[:1].upper()}{against.words[1:]}" if against else "People whose area is unknown are left out"
    return (
        f"{what}: {found.amount} of the {number(size, 'persons')} people who live there, by the public sizes. {rest}. "
        "This does not show why some people log and others do not."
    )


@dataclass(frozen=True)
class WordedWeights:
    """Who counts how much in a weighted figure."""

    over: str
    """The strata's dimensions, as `region and age band`."""
    strata: int
    joined: int
    placed: float
    effective: float
    unplaced: float


def weighted(what: str, found: WordedFigure, differences: Sequence[WordedDifference], weights: WordedWeights) -> str:
    """Return the words for a figure that is weighted to public sizes."""
    shared = ""
    if weights.joined:
        shared = (
            f" {weights.joined} of {weights.strata} strata are small by the public sizes and share a weight with a "
            "neighbour."
        )
    comparisons = "; ".join(it.words for it in differences)
    return (
        f"{what}, weighted to the public sizes by {weights.over}: {found.amount}. Compared: {comparisons}. "
        f"About {people(weights.placed)} have a weight, and count as much as {people(weights.effective)} with equal "
        f"weights. About {people(weights.unplaced)} have no weight: their area is unknown.{shared}"
    )


def _when(period: str) -> str:
    return the_days_of(Period.parse(period))
