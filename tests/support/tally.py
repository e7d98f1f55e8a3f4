"""How often intervals hold the truth."""

import numpy as np

from analytics.trends.estimation.intervals import (
    Figure,
    Interval,
)


def holds(interval: Interval | None, value: float) -> bool:
    """Say whether a value is within; without ends any value is."""
    return interval is None or interval.low <= value <= interval.high


class Tally:
    """How often both intervals held the truth."""

    def __init__(self) -> None:
        """Begin at none."""
        self.noise: list[bool] = []
        self.shown: list[bool] = []

    def add(self, figure: Figure | None, actual: float, underlying: float) -> None:
        """Look whether `noise` holds the participants' own figure, and `shown` the one that they come from."""
        assert figure is not None
        self.noise.append(holds(figure.noise, actual))
        self.shown.append(holds(figure.shown, underlying))

    def check(self) -> None:
        """Hold the promise."""
        assert 0.935 < np.mean(self.noise) < 0.965
        assert np.mean(self.shown) > 0.935
