"""XmR process-behaviour limits: mean +/- 2.66 mean moving ranges of a series' first points, then locked.

The points are noisy, so the limits hold the noise already. A moving range is taken between two successive periods
only, never across a gap. No point has a part in its own limits.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.periods import Period
from analytics.trends.monitoring.series import Point, Points

LOCKED_POINTS = 12
"""The points that limits are made of for good (NHS England, Making Data Count)."""
LEAST_POINTS = 7
"""The fewest that give trial limits: with six ranges their width has a standard deviation of about a third."""
LEAST_RANGES = 6
WIDTH = 2.66
"""3 / 1.128: three standard deviations in mean moving ranges of two."""
MEAN_RANGE = math.sqrt(2 / math.pi)
"""The mean of |one - other| over sqrt(variance + variance) where nothing changes: of a normal law."""

Kind = Literal["trial", "locked"]


@dataclass(frozen=True)
class Limits:
    """Where a series lay before."""

    kind: Kind
    baseline: tuple[tuple[Period, Point], ...]
    ranges: int
    """How many moving ranges there are; fewer than points - 1 where there are gaps."""
    mean: float
    half_width: float
    excess: float
    """Mean moving range against what noise and sampling alone would give, squared; above 1 something else moves too."""

    @property
    def low(self) -> float:
        """The lower limit."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """The upper limit."""
        return self.mean + self.half_width


def limits_before(points: Points, start: Period | None) -> Limits | None:
    """Return the limits for the last of `points`, or None where too few lie before it.

    `start` is the period of the newest re-basing: points before it have no part.
    """
    earlier = [pair for pair in points[:-1] if start is None or pair[0] >= start]
    baseline = earlier[:LOCKED_POINTS]
    while len(baseline) < len(earlier) and len(_steps(baseline)) < LEAST_RANGES:
        baseline = earlier[: len(baseline) + 1]
    steps = _steps(baseline)
    if len(baseline) < LEAST_POINTS or len(steps) < LEAST_RANGES:
        return None
    mean = sum(point.value for _, point in baseline) / len(baseline)
    moved = [abs(two.value - one.value) for one, two in steps]
    against_noise = [
        size / math.sqrt(one.variance + two.variance) for size, (one, two) in zip(moved, steps, strict=True)
    ]
    return Limits(
        kind="locked" if len(baseline) >= LOCKED_POINTS else "trial",
        baseline=tuple(baseline),
        ranges=len(steps),
        mean=mean,
        half_width=WIDTH * sum(moved) / len(moved),
        excess=(sum(against_noise) / len(against_noise) / MEAN_RANGE) ** 2,
    )


def newest_stretch(points: Points, limits: Limits, most: int) -> Points:
    """Return the newest points after the baseline, at most so many, that follow one another without a gap."""
    last = limits.baseline[-1][0]
    stretch = points[-1:]
    for pair in points[-2::-1]:
        if pair[0].next != stretch[0][0] or pair[0] <= last or len(stretch) == most:
            break
        stretch = [pair, *stretch]
    return stretch


def _steps(points: Sequence[tuple[Period, Point]]) -> list[tuple[Point, Point]]:
    return [(one, two) for (before, one), (after, two) in itertools.pairwise(points) if before.next == after]
