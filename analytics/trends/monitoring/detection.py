"""The signals of one release: every series against its limits, every rule with its p-value, all of them together."""

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Literal

import numpy as np

from analytics.layout import Array
from analytics.periods import Period
from analytics.trends.monitoring.autocorrelation import Autocorrelation, autocorrelation_of
from analytics.trends.monitoring.false_discovery import FALSE_SHARE, adjusted_p_values, interval_z
from analytics.trends.monitoring.limits import Limits, limits_before, newest_stretch
from analytics.trends.monitoring.null_simulation import RATIO_STEP, SeriesShape, null_simulation_of
from analytics.trends.monitoring.rules import LONGEST, NEEDED, RULES, Rule, effect_weights, rises
from analytics.trends.monitoring.series import Point, Points, Series

FURTHEST_RATIO = 12
"""In powers of `RATIO_STEP`: noise that differs by more than 14 times is taken to differ by that."""

Direction = Literal["higher", "lower"]
SIGNS: dict[Direction, float] = {"higher": 1.0, "lower": -1.0}


@dataclass(frozen=True)
class Break:
    """A rule that the newest points break."""

    rule: Rule
    direction: Direction
    points: Points
    """The points that the rule looked at, newest last."""
    change: float
    """The rule's effect, in the figure's unit."""
    deviation: float
    """Its standard deviation where nothing changes: noise, sampling, and ordinary variation as far as it was seen."""
    p_value: float
    false_share: float = 1.0
    """The least share of false signals among a release's at which this is one (adjusted p-value)."""
    low: float = -math.inf
    high: float = math.inf
    """An interval for the change, at least 95 % of the signals' own intervals right; set for signals only."""

    @property
    def against_zero(self) -> float:
        """How often chance alone gives a change at least as large: the p-value that the interval belongs to."""
        return 2 * NormalDist().cdf(-abs(self.change) / self.deviation)

    @property
    def is_signal(self) -> bool:
        """Whether it remains one after all series and rules of the release were looked at together."""
        return self.false_share <= FALSE_SHARE


@dataclass(frozen=True)
class Detection:
    """One series at its newest point."""

    series: Series
    points: Points
    """All points up to the release; the rules look at the last."""
    limits: Limits | None
    """None where too few points lie before it."""
    tested: tuple[Rule, ...] = ()
    breaks: tuple[Break, ...] = ()
    """The strongest first."""

    @property
    def newest(self) -> Point:
        """The last point."""
        return self.points[-1][1]

    @property
    def signal(self) -> Break | None:
        """The strongest signal, if any."""
        return next((found for found in self.breaks if found.is_signal), None)


def detect(series: dict[Series, Points], period: Period, start: Period | None) -> dict[Series, Detection]:
    """Apply the rules to every series that has a point in `period`; `start` is the newest re-basing's first period.

    The family over which false signals are controlled is every rule on every series that has limits: known from what is
    withheld and released, not from what the figures say. A rule may be broken by much though its effect is small for
    what is known of it; a signal needs both, so that no interval of a signal holds 0.
    """
    present = {one: points for one, points in series.items() if points and points[-1][0] == period}
    limits = {one: limits_before(points, start) for one, points in present.items()}
    autocorrelation = autocorrelation_of({one: known for one, known in limits.items() if known})
    detections = [_detected(one, points, limits[one], autocorrelation) for one, points in present.items()]
    breaks = [found for detection in detections for found in detection.breaks]
    tests = sum(len(detection.tested) for detection in detections)
    shares = adjusted_p_values([max(found.p_value, found.against_zero) for found in breaks], tests)
    signals = sum(share <= FALSE_SHARE for share in shares)
    z = interval_z(signals, tests) if signals else 0.0
    result = iter(shares)
    return {one.series: _adjusted(one, [next(result) for _ in one.breaks], z) for one in detections}


def _detected(series: Series, points: Points, limits: Limits | None, autocorrelation: Autocorrelation) -> Detection:
    if limits is None:
        return Detection(series, points, None)
    stretch = newest_stretch(points, limits, LONGEST)
    tested = tuple(rule for rule in RULES if NEEDED[rule] <= len(stretch))
    seen = [point for _, point in (*limits.baseline, *stretch)]
    values, variances = np.array([it.value for it in seen]), np.array([it.variance for it in seen])
    shape = _shape(limits, stretch, variances, autocorrelation, series)
    breaks = []
    for rule in tested:
        for direction, sign in SIGNS.items():
            if _is_broken(rule, sign * values[-len(stretch) :], sign * limits.mean, limits.half_width):
                breaks.append(_break(rule, direction, stretch, limits, values, variances, shape))
    return Detection(series, points, limits, tested, tuple(breaks))


def _break(  # noqa: PLR0913, PLR0917 -- what the rule looked at, and what it is held against
    rule: Rule,
    direction: Direction,
    stretch: Points,
    limits: Limits,
    values: Array,
    variances: Array,
    shape: SeriesShape,
) -> Break:
    weights = effect_weights(rule, len(limits.baseline), len(stretch))
    change = float(weights @ values)
    excess = limits.excess / shape.unlike
    deviation = math.sqrt(shape.variance(weights, np.sqrt(variances)) * max(1.0, excess))
    strength = abs(change) / deviation
    return Break(
        rule=rule,
        direction=direction,
        points=stretch[-NEEDED[rule] :],
        change=change,
        deviation=deviation,
        p_value=null_simulation_of(shape).p_value(rule, strength, excess),
    )


def _is_broken(rule: Rule, window: Array, mean: float, half_width: float) -> bool:
    return bool(rises(rule, window[None, :], np.array([mean]), np.array([half_width]))[0])


def _shape(
    limits: Limits, stretch: Points, variances: Array, autocorrelation: Autocorrelation, series: Series
) -> SeriesShape:
    size = len(limits.baseline)
    ratio = math.log(float(variances[:size].mean() / variances[size:].mean())) / (2 * math.log(RATIO_STEP))
    share = autocorrelation.share(series, limits)
    return SeriesShape(
        baseline=size,
        ranges=limits.ranges,
        stretch=len(stretch),
        ratio=max(-FURTHEST_RATIO, min(FURTHEST_RATIO, round(ratio))),
        lasting=autocorrelation.lasting if share else 0,
        share=share,
    )


def _adjusted(detection: Detection, shares: list[float], z: float) -> Detection:
    """Put the adjusted p-values, and for signals the interval, to what was found."""
    breaks = []
    for found, share in zip(detection.breaks, shares, strict=True):
        reach = z * found.deviation if share <= FALSE_SHARE else math.inf
        breaks.append(replace(found, false_share=share, low=found.change - reach, high=found.change + reach))
    return replace(detection, breaks=tuple(sorted(breaks, key=lambda found: found.p_value)))
