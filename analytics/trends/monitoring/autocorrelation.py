"""How much of a product's ordinary variation lasts into the next period: one estimate for all series of a release.

Beyond noise and sampling a series moves by something whose deviations fade from period to period (a first-order
autoregression), or do not last at all. Twelve figures of one series cannot tell which; those of all series can. The
mean of few autocorrelated figures follows them, so that they vary less about it than about the truth: what lasts is
the value that would show as what is seen. It is never below 0.
"""

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.layout import Array
from analytics.trends.monitoring.limits import Limits
from analytics.trends.monitoring.series import Series

TENTHS = 10
"""What lasts, and what share of a series' variance does, are measured in tenths."""


@dataclass(frozen=True)
class Autocorrelation:
    """What lasts of the deviations of a product's figures."""

    lasting: int = 0
    """Tenths of a deviation that stay in the next period, at most nine."""
    beyond: tuple[tuple[tuple[str, str], float], ...] = ()
    """By measure and headline: the variance beyond noise and sampling, in the unit squared; of people, relative."""

    def share(self, one: Series, limits: Limits) -> int:
        """Return the tenths of the variance of a series' figures that are of what lasts."""
        beyond = dict(self.beyond).get((one.measure, one.headline), 0.0) * _scale(one, limits) ** 2
        return round(TENTHS * beyond / (beyond + _variance(limits))) if self.lasting else 0


def autocorrelation_of(found: Mapping[Series, Limits]) -> Autocorrelation:
    """Return what lasts in the figures that the limits of a release's series are made of.

    The series of a headline are averaged by what each can tell: by the square of its precision.
    """
    if not found:
        return Autocorrelation()
    seen: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for one, limits in found.items():
        seen.setdefault((one.measure, one.headline), []).append(_moments(one, limits))
    beyond: dict[tuple[str, str], float] = {}
    variance = covariance = 0.0
    for headline, moments in seen.items():
        own, next_to, noise = np.array(moments).T
        # Twice: how precise a series is depends on what moves it besides, too.
        for _ in range(2):
            weights = (noise + beyond.get(headline, 0.0)) ** -2.0
            weights /= weights.sum()
            beyond[headline] = max(float(weights @ own), 0.0)
        if beyond[headline]:
            # Headlines have other units: each is counted in its least noise.
            variance += beyond[headline] / float(noise.min())
            covariance += float(weights @ next_to) / float(noise.min())
    if not variance:
        return Autocorrelation()
    size = round(sum(len(limits.baseline) for limits in found.values()) / len(found))
    ratios = [next_to / own for own, next_to in (expected(size, tenths) for tenths in range(TENTHS))]
    lasting = min(range(TENTHS), key=lambda tenths: abs(ratios[tenths] - covariance / variance))
    whole, _ = expected(size, lasting)
    return Autocorrelation(lasting, tuple((headline, about / whole) for headline, about in beyond.items()))


def correlations(size: int, lasting: int) -> Array:
    """Return how so many successive deviations correlate, of which `lasting` tenths stay in the next."""
    distance = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    return np.power(lasting / TENTHS, distance, dtype=np.float64)


@functools.lru_cache(maxsize=1024)
def expected(size: int, lasting: int) -> tuple[float, float]:
    """Return variance and covariance of neighbours about their own mean, of so many deviations of variance 1."""
    centred = np.eye(size) - 1 / size
    about = centred @ correlations(size, lasting) @ centred
    return float(about.trace()) / (size - 1), float(np.diag(about, 1).sum()) / (size - 1)


def _moments(one: Series, limits: Limits) -> tuple[float, float, float]:
    """Return variance and neighbours' covariance about the mean beyond noise and sampling, and the variance of both."""
    points = [(period, point.value - limits.mean) for period, point in limits.baseline]
    noise, size = _variance(limits), len(points)
    own, next_to = expected(size, 0)
    products = [x * y for (before, x), (after, y) in itertools.pairwise(points) if before.next == after]
    square = _scale(one, limits) ** 2
    return (
        (sum(x * x for _, x in points) / (size - 1) - own * noise) / square,
        (sum(products) / len(products) - next_to * noise) / square,
        noise / square,
    )


def _variance(limits: Limits) -> float:
    return sum(point.variance for _, point in limits.baseline) / len(limits.baseline)


def _scale(one: Series, limits: Limits) -> float:
    """Return what a headline's variation is in proportion to: numbers of people to themselves."""
    return max(abs(limits.mean), 1.0) if one.is_count else 1.0
