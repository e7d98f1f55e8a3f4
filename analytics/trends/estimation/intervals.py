"""Two 95 % intervals for everything shown: `noise` (this release's participants) and `shown` (people like them).

`noise` has the noise's exact law. `shown` adds sampling variation at its bound, p (1 - p) / n for a figure between 0
and 1, and n for a number of people. Ratios by Fieller (1954), the sampling bound inside the quadratic as in Wilson's
interval; differences by MOVER on those limits (Zou and Donner 2008), with the noise that they share.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from analytics.layout import Array

Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Interval:
    """Both ends of a 95 % interval."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the distance between the ends."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Figure:
    """One estimate with both intervals; None where noise alone could explain any value."""

    estimate: float
    noise: Interval | None
    shown: Interval | None


def count_figure(people: float, noise_variance: float, z: float = Z) -> Figure:
    """Return a number of people; its sampling variation is bounded by the number itself (Poisson).

    Another `z` gives other intervals than those of 95 %.
    """
    noise, shown = (z * math.sqrt(noise_variance + extra) for extra in (0.0, max(people, 0.0)))
    return Figure(people, Interval(people - noise, people + noise), Interval(people - shown, people + shown))


def ratio_figure(cell: Array, weights: Array, whole: Array, covariance: Array, z: float = Z) -> Figure:
    """Return weights·x / whole·x, x the cell's categories with `covariance`, in persons.

    Weights lie between 0 and the whole's, which are 0 or 1. Another `z` gives other intervals than those of 95 %.
    """
    top, bottom = float(weights @ cell), float(whole @ cell)
    moments = (
        float(weights @ covariance @ weights),
        float(weights @ covariance @ whole),
        float(whole @ covariance @ whole),
    )
    estimate = top / bottom if bottom else math.nan
    noise = _fieller(top, bottom, moments, 0.0, z)
    return Figure(estimate, noise, _hull(noise, _fieller(top, bottom, moments, max(bottom, 0.0), z)))


def _hull(noise: Interval | None, sampled: Interval | None) -> Interval | None:
    """Return both: beyond 0 and 1 the sampling bound p (1 - p) is negative, and must not take from the noise."""
    if noise is None or sampled is None:
        return noise
    return Interval(min(noise.low, sampled.low), max(noise.high, sampled.high))


def _fieller(
    top: float, bottom: float, moments: tuple[float, float, float], people: float, z: float
) -> Interval | None:
    """Return the R with (top - R bottom)² <= z² (Var(top - R bottom) + people R (1 - R)), if that is an interval."""
    z2 = z * z
    v11, v12, v22 = moments
    a = bottom**2 - z2 * v22 + z2 * people
    b = -2 * top * bottom + 2 * z2 * v12 - z2 * people
    c = top**2 - z2 * v11
    inside = b * b - 4 * a * c
    if bottom**2 <= z2 * v22 or inside < 0:
        return None
    root = math.sqrt(inside)
    return Interval((-b - root) / (2 * a), (-b + root) / (2 * a))


def linear_weights(cell: Array, weights: Array, whole: Array) -> Array:
    """Return the gradient of weights·x / whole·x at `cell`: how its noise moves the ratio."""
    bottom = float(whole @ cell)
    return (weights - float(weights @ cell) / bottom * whole) / bottom


def count_difference(one: Figure, other: Figure) -> Figure:
    """Return the difference of two numbers of people from independent releases."""
    estimate = one.estimate - other.estimate
    return Figure(
        estimate, _mover(one, other, one.noise, other.noise, 0.0), _mover(one, other, one.shown, other.shown, 0.0)
    )


def ratio_difference(one: Figure, other: Figure, noise_correlation: float, shown_correlation: float) -> Figure:
    """Return one - other, given how the two estimates are correlated by shared noise, and by shared people too."""
    return Figure(
        one.estimate - other.estimate,
        _mover(one, other, one.noise, other.noise, noise_correlation),
        _mover(one, other, one.shown, other.shown, shown_correlation),
    )


def _mover(one: Figure, other: Figure, mine: Interval | None, theirs: Interval | None, r: float) -> Interval | None:
    if mine is None or theirs is None:
        return None
    difference = one.estimate - other.estimate

    def reach(a: float, b: float) -> float:
        return math.sqrt(max(a * a + b * b - 2 * r * a * b, 0.0))

    return Interval(
        difference - reach(one.estimate - mine.low, theirs.high - other.estimate),
        difference + reach(mine.high - one.estimate, other.estimate - theirs.low),
    )
