"""A figure's findings in words, the same every time: direction, size, interval, how many people, what it cannot say.

No word blames, explains or diagnoses; the figures are of people who logged, never of a population.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.periods import Cadence
from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.signal_sentences import NOUNS, STEPS, UNITS, end, number

ALL = "all participants"
PLAIN = "the plain figure"
TOGETHER = "all groups together"
ALL_WEIGHTED = "all participants, weighted too"
_NO_TIMES = {ALL, PLAIN, TOGETHER, ALL_WEIGHTED}


@dataclass(frozen=True)
class WordedFigure:
    """A figure that can be read where another is withheld."""

    estimate: float
    shown: Interval
    unit: str
    people: float

    @property
    def amount(self) -> str:
        """Return `23.1 % (between 18.0 and 28.2)`."""
        ends = f"between {end(self.shown.low, self.unit)} and {end(self.shown.high, self.unit)}"
        return f"{number(self.estimate, self.unit)}{UNITS[self.unit]} ({ends})"

    @property
    def counted(self) -> str:
        """Return the number of people in whole ones."""
        return number(self.people, "persons")


@dataclass(frozen=True)
class WordedDifference:
    """A figure less another, with the interval that holds for all groups of the table at once."""

    reference: str
    """What it is set beside: `ALL`, the period before, or another group."""
    estimate: float
    simultaneous: Interval
    unit: str

    @property
    def direction(self) -> int:
        """Return 1 or -1 where the interval excludes 0, else 0."""
        return (self.simultaneous.low > 0) - (self.simultaneous.high < 0)

    @property
    def words(self) -> str:
        """Return `4.1 percentage points higher than all participants (between 1.2 and 7.0)`."""
        sign, step = self.direction, STEPS[self.unit]
        low, high = sorted(((sign or 1) * self.simultaneous.low, (sign or 1) * self.simultaneous.high))
        ends = f"between {end(low, self.unit)} and {end(high, self.unit)}"
        if not sign:
            return f"no clear difference from {self.reference} ({ends}{step})"
        directions = ("more", "fewer") if self.unit == "persons" else ("higher", "lower")
        than = self.reference if self.reference in _NO_TIMES else f"in {self.reference}"
        return f"{end(sign * self.estimate, self.unit)}{step} {directions[sign < 0]} than {than} ({ends})"


def before(cadence: Cadence) -> str:
    """Return `the week before`."""
    return f"the {NOUNS[cadence][0]} before"


def compared(what: str, found: Sequence[WordedDifference], people: float, period: str) -> str:
    """Return the words for a figure's comparisons; `what` names figure and cohort, as `Low mood, North`."""
    if not found:
        return ""
    cannot = [
        *(["This does not say why."] if any(it.direction for it in found) else []),
        *([] if all(it.direction for it in found) else ["Where none is clear there may still be a difference."]),
    ]
    said = "; ".join(it.words for it in found)
    return f"{what}: {said}. About {number(people, 'persons')} people are counted in {period}. {' '.join(cannot)}"


def beside(what: str, found: WordedDifference, people: Sequence[float], period: str) -> str:
    """Return the words for two groups beside each other; `what` names figure and first group, `people` is of both."""
    one, other = (number(it, "persons") for it in people)
    cannot = "This does not say why." if found.direction else "There may still be a difference."
    return f"{what}: {found.words}. About {one} and {other} people are counted in {period}. {cannot}"


def four_weeks(what: str, last_day: date, found: WordedFigure) -> str:
    """Return the words for what four weeks can tell where one is withheld."""
    weekly, result = ("on average ", "") if found.unit == "persons" else ("", f" About {found.counted} people a week.")
    return (
        f"{what}: withheld for this week; over the four weeks to {last_day.day} {last_day:%B %Y}: {weekly}"
        f"{found.amount}.{result} It says nothing of this week alone."
    )


def parent(what: str, whose: str, cadence: Cadence, found: WordedFigure) -> str:
    """Return the words for what a larger group can tell where one is withheld; `whose` names it, as `North`."""
    result = "" if found.unit == "persons" else f" About {found.counted} people."
    return (
        f"{what}: withheld for this {NOUNS[cadence][0]}; of {whose}: {found.amount}.{result} "
        "It says nothing of this group alone."
    )


def coverage(what: str, size: int, found: WordedFigure, against: WordedDifference | None) -> str:
    """Return the words for how many of those who live in a group log."""
    compared_with = f"; {against.words}" if against else ". Who is of unknown place is left out"
    return (
        f"{what}: {found.amount} of {number(size, 'persons')} who live there by the public sizes{compared_with}. It "
        "does not say why some log and others do not."
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
            f" {weights.joined} of {weights.strata} strata are small by the public sizes and count with a neighbour."
        )
    placed, effective, unplaced = (
        number(max(people, 0.0), "persons") for people in (weights.placed, weights.effective, weights.unplaced)
    )
    return (
        f"{what}, weighted to the public sizes over {weights.over}: {found.amount}; "
        f"{'; '.join(it.words for it in differences)}. About {placed} people have a weight and count like {effective} "
        f"of even weight; about {unplaced} of unknown place have none.{shared}"
    )
