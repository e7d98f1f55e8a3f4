"""Changes and differences of modelled figures, with intervals that allow for who happens to log."""

import math
from dataclasses import dataclass

from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.trends.estimation.figures import UNIT_SCALE
from analytics.trends.estimation.intervals import Interval, Z, ratio_difference
from analytics.trends.modelling.cell import ModelledCell


@dataclass(frozen=True)
class Difference:
    """A change or a difference, in the unit of its figure, with its own interval and that of all in its table."""

    value: float
    low: float
    high: float
    simultaneous_low: float
    simultaneous_high: float


@dataclass(frozen=True)
class Pair:
    """Two cells of which one figure is compared."""

    one: ModelledCell
    other: ModelledCell
    headline: ReleasedHeadline
    shared: float
    """Covariance of the two figures."""

    def difference(self, z: float) -> Difference | None:
        """Return one - other; None where noise alone could explain any value.

        `z` is the critical value at which all differences of a table hold together.
        """
        scale = UNIT_SCALE[self.headline.kind]
        alone, together = self._interval(Z), self._interval(z)
        if alone is None or together is None:
            return None
        ends = (alone.low, alone.high, together.low, together.high)
        return Difference(self._value * scale, *(end * scale for end in ends))

    @property
    def _value(self) -> float:
        return self.one.figure(self.headline).estimate - self.other.figure(self.headline).estimate

    def _interval(self, z: float) -> Interval | None:
        one, other = (cell.noise(self.headline) + cell.sampling(self.headline) for cell in (self.one, self.other))
        if self.headline.kind is HeadlineKind.PEOPLE:
            reach = z * math.sqrt(max(one + other - 2 * self.shared, 0.0))
            return Interval(self._value - reach, self._value + reach)
        correlation = max(-1.0, min(1.0, self.shared / math.sqrt(one * other)))
        figures = self.one.figure(self.headline, z), self.other.figure(self.headline, z)
        return ratio_difference(*figures, 0.0, correlation).shown
