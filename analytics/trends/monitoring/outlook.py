"""Smoothing and outlook: a level that walks at random, seen through noise whose variance is known (local level model).

    figure = level + noise and sampling      variance known, figure by figure
    level  = level before + drift + step     variance of the step unknown, the same for all steps
    drift  = none, or the same in every period and unknown

What is unknown is not estimated but averaged over: each variance of a fixed grid, without a drift and with one, counts
by its likelihood, so that short series do not pretend to know that nothing moves, and a lasting drift goes on. Missing
periods are missing. Releases drawn by programs before `FIRST_WITH_DRIFT` have no drift, then as now.

The recursion is the Kalman filter (Durbin and Koopman 2012, chapter 2) for all series and grid values at once.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from analytics.layout import Array
from analytics.periods import Cadence, Period
from analytics.trends.estimation.intervals import Z
from analytics.trends.monitoring.limits import LEAST_POINTS
from analytics.trends.monitoring.series import Points, Series

PERIODS_AHEAD: dict[Cadence, int] = {"week": 4, "four_weeks": 1}
"""Four weeks, in periods."""
LEAST_SEEN = LEAST_POINTS + 1
"""The fewest points that an outlook is made of: those of trial limits and one more."""
LOOK_BACK = 52
"""The most periods that it looks back."""
STEP_VARIANCES = np.array([2.0**power for power in range(-10, 13)])
"""The grid: the steps' variance as a multiple of the mean variance of noise and sampling."""
DRIFT_VARIANCE = 1.0
"""Of a drift before the data, per period squared: as a multiple of the mean variance of noise and sampling."""
FIRST_WITH_DRIFT = 3
"""The first renderer whose releases allow for a drift."""
WEIGHTS = np.sqrt(STEP_VARIANCES)
"""What each value counts before the data: alike per unit of the steps' standard deviation (Gelman 2006)."""


@dataclass(frozen=True)
class Ahead:
    """The outlook for one period, in the figure's unit; the interval holds in 95 of 100."""

    period: Period
    horizon: int
    """Periods after the newest. At 0 value and interval are of the level now; beyond, of the figure to be published."""
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Levels:
    """What the filter knows of each series' level at its newest period, per value of the grid; series x grid."""

    mean: Array
    variance: Array
    step_variance: Array
    log_likelihood: Array
    drift: Array | float = 0.0
    drift_variance: Array | float = 0.0
    shared: Array | float = 0.0
    """Covariance of level and drift."""


def outlook(series: dict[Series, Points], period: Period, *, with_drift: bool = True) -> dict[Series, list[Ahead]]:
    """Return level and outlook of each series that has a point in `period` and enough of them."""
    window = [period]
    while len(window) < LOOK_BACK:
        window.insert(0, window[0].previous)
    place = {one: number for number, one in enumerate(window)}
    result = [
        (one, seen)
        for one, points in series.items()
        if points
        and points[-1][0] == period
        and len(seen := [pair for pair in points if pair[0] in place]) >= LEAST_SEEN
    ]
    if not result:
        return {}
    values, variances = np.full((2, len(result), LOOK_BACK), np.nan)
    for row, (_, seen) in enumerate(result):
        for one, point in seen:
            values[row, place[one]], variances[row, place[one]] = point.value, point.variance
    levels = filtered(values, variances, with_drift=with_drift)
    ahead = [predicted(levels, variances[:, -1], steps) for steps in range(PERIODS_AHEAD[period.cadence] + 1)]
    after = list(itertools.accumulate(ahead[1:], lambda before, _: before.next, initial=period))
    return {
        one: [
            Ahead(when, steps, *(float(part[row]) for part in foreseen))
            for steps, (when, foreseen) in enumerate(zip(after, ahead, strict=True))
        ]
        for row, (one, _) in enumerate(result)
    }


def filtered(values: Array, variances: Array, *, with_drift: bool = True) -> Levels:
    """Run the filter over series x periods (missing: nan), each row with at least one value, the last not missing.

    The grid has every step variance without a drift, then every one with it.
    """
    mean_noise = np.nanmean(variances, axis=1)[:, None]
    steps = mean_noise * np.tile(STEP_VARIANCES, 1 + with_drift)
    mean, variance, likelihood, drift, shared = np.zeros((5, *steps.shape))
    drifting = np.zeros_like(steps)
    drifting[:, len(STEP_VARIANCES) :] = mean_noise * DRIFT_VARIANCE
    known = np.zeros((len(values), 1), dtype=bool)
    for figure, noise in zip(values.T[..., None], variances.T[..., None], strict=True):
        is_seen = ~np.isnan(figure)
        mean = np.where(known, mean + drift, mean)
        variance = np.where(known, variance + 2 * shared + drifting + steps, variance)
        shared = np.where(known, shared + drifting, shared)
        total = np.where(is_seen & known, variance + noise, 1.0)
        error = np.where(is_seen & known, figure - mean, 0.0)
        gain, of_drift = (np.where(is_seen & known, part / total, 0.0) for part in (variance, shared))
        likelihood = likelihood - np.where(is_seen & known, np.log(total) + error**2 / total, 0.0) / 2
        # The first figure is all that is known of the level: a diffuse start.
        is_first = is_seen & ~known
        mean, drift = np.where(is_first, figure, mean + gain * error), drift + of_drift * error
        drifting = drifting - of_drift * shared
        shared = shared * (1 - gain)
        variance = np.where(is_first, noise, variance * (1 - gain))
        known = known | is_seen
    return Levels(mean, variance, steps, likelihood, drift, drifting, shared)


def predicted(levels: Levels, noise: Array, ahead: int) -> tuple[Array, Array, Array]:
    """Return value and 95 % interval so many periods ahead: of the level at 0, beyond of the figure to be published.

    `noise` is the variance of noise and sampling that a figure to come will have: that of the newest.
    """
    weights = np.tile(WEIGHTS, levels.mean.shape[1] // len(WEIGHTS))
    weights = weights * np.exp(levels.log_likelihood - levels.log_likelihood.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    foreseen = levels.mean + ahead * levels.drift
    mean = (weights * foreseen).sum(axis=1)
    of_level = levels.variance + 2 * ahead * levels.shared + ahead**2 * levels.drift_variance
    within = of_level + ahead * levels.step_variance + (foreseen - mean[:, None]) ** 2
    reach = Z * np.sqrt((weights * within).sum(axis=1) + (noise if ahead else 0.0))
    return mean, mean - reach, mean + reach
