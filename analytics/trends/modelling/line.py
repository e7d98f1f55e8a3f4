"""One measure of one product over its releases, in order: what a release's figures look back at."""

from dataclasses import dataclass
from typing import Self

from analytics.layout import Array, Dimensions, Layout
from analytics.periods import FOUR_WEEK_PERIODS, Period
from analytics.trends.modelling.model import MeasureModel, ModelledRelease

LOOKS_BACK = 53
"""Releases that are kept: a year of weeks before the newest."""


@dataclass(frozen=True)
class Line:
    """The newest releases of a measure with the model's state; a value, so that a revision can begin from before."""

    model: MeasureModel
    periods: tuple[Period, ...] = ()
    releases: tuple[ModelledRelease, ...] = ()
    """One for each period."""

    @classmethod
    def begun(cls, mean: Array | None) -> Self:
        """Return a line without releases; `mean` has the weights of the measure's mean, if it has one."""
        return cls(MeasureModel(mean=mean))

    @property
    def newest(self) -> ModelledRelease:
        """The newest release; there must be one."""
        return self.releases[-1]

    def taken(self, period: Period, layout: Layout, noisy: dict[Dimensions, Array]) -> "Line":
        """Take in the release of `period`, which must lie after all that were taken in: its noisy tables in persons."""
        elapsed = steps_between(self.periods[-1], period) if self.periods else 1
        model, release = self.model.step(layout, noisy, elapsed)
        return Line(model, (*self.periods, period)[-LOOKS_BACK:], (*self.releases, release)[-LOOKS_BACK:])

    def before(self, periods: int) -> int | None:
        """Return the place of the release so many periods before the newest, if there is one."""
        newest = self.periods[-1]
        for place in range(len(self.periods) - 1, -1, -1):
            if steps_between(self.periods[place], newest) == periods:
                return place
        return None


def steps_between(earlier: Period, later: Period) -> int:
    """Return how many periods `later` lies after `earlier`, of the same cadence."""
    if later.cadence == "week":
        return (later.first_day - earlier.first_day).days // 7
    return FOUR_WEEK_PERIODS * (later.iso_year - earlier.iso_year) + later.number - earlier.number
