"""Figures against the level that they have by chance, all of a measure at once.

The published intervals hold for one figure each. Where the seven weekdays are looked at together, one of seven such
intervals misses the chance level by chance more often than 1 time in 20. So each is widened until all of them hold
together in at least 95 of 100 periods (Bonferroni: it needs nothing but the published half-widths).
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import HeadlineCard
from dashboard.reading.figures import PEOPLE, Choice

_ALPHA = 0.05
_MEASURES = frozenset({"weekday_extremes", "day_part_extremes", "clearest_factor"})
"""In these a figure of no one's worst or best, or of as many people's worst as best, is the same: chance."""

Against = Literal["below", "above", "unclear"]


@dataclass(frozen=True)
class AgainstChance:
    """One figure with the interval that holds for all figures of the measure together."""

    headline: str
    value: float
    interval: Interval
    level: float

    @property
    def verdict(self) -> Against:
        """On which side of chance it is; an interval that touches chance is on none."""
        if self.interval.high < self.level:
            return "below"
        return "above" if self.interval.low > self.level else "unclear"

    @property
    def in_hundred(self) -> tuple[float, float, float]:
        """How many more in 100 people have it as one extreme than as the other, with its interval, least first.

        The figure is 100 for a person's best, 0 for their worst and 50 for neither, so that a point away from 50 is
        two more in 100 people on that side. The interval is that of the side on which the figure is.
        """
        sign = -1 if self.value < self.level else 1
        low, high = sorted((sign * (self.interval.low - self.level), sign * (self.interval.high - self.level)))
        return 2 * sign * (self.value - self.level), 2 * low, 2 * high


def level_of(choice: Choice, measure: str) -> float | None:
    """Return the level that the figures of a measure have by chance, if it has one."""
    headlines = judged(choice, measure)
    levels = {_middle(choice.card.measures[measure].headlines[name]) for name in headlines}
    return levels.pop() if measure in _MEASURES and len(levels) == 1 else None


def judged(choice: Choice, measure: str) -> list[str]:
    """Return the headlines of a measure that are looked at together, in the order of the plan."""
    headlines = choice.card.measures[measure].headlines
    return [name for name, about in headlines.items() if name != PEOPLE and about.kind == "mean"]


def widened(value: float, shown: Interval, count: int) -> Interval:
    """Return the interval of one of `count` figures so that all hold together where each holds in 95 of 100."""
    normal = NormalDist()
    wider = normal.inv_cdf(1 - _ALPHA / (2 * max(count, 1))) / normal.inv_cdf(1 - _ALPHA / 2)
    return Interval(value - wider * (value - shown.low), value + wider * (shown.high - value))


def _middle(about: HeadlineCard) -> float:
    """Return the figure of a measure in which worst and best are as frequent."""
    return (min(about.weights) + max(about.weights)) / 2
