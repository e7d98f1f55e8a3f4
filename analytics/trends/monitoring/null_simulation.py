"""What the rules find where nothing has changed: p-values by simulation of the whole procedure.

Null hypothesis: the truth of a series does not move; its points vary normally about it with the variance of noise and
sampling, times one unknown factor of at least 1 for ordinary variation that neither explains. They vary independently
but for the share that lasts from period to period, as far as all series together show it (`autocorrelation.py`).
Simulated are baseline, limits and newest points together, so that a p-value knows that limits are estimates.

Tails of one in a million are reached by importance sampling: points are drawn from a mixture of the null and of nulls
whose newest points are moved, and weighed back (balance heuristic; Veach and Guibas 1995, Owen and Zhou 2000).
"""

import functools
import math
from dataclasses import dataclass

import numpy as np

from analytics.canonical import canonical_json, sha256_hex
from analytics.layout import Array
from analytics.trends.monitoring.autocorrelation import TENTHS, correlations
from analytics.trends.monitoring.limits import MEAN_RANGE, WIDTH
from analytics.trends.monitoring.rules import NEEDED, RULES, Rule, effect_weights, rises

DRAWS = 3000
"""From each part of the mixture."""
ROUNDED_UP_BY = 2
"""Standard errors of the simulation that are added to a p-value."""
LEAST_P = 1e-9
"""Tails further out are not read."""
RATIO_STEP = 1.25
"""Noise of baseline and newest points is distinguished in steps of this factor of their standard deviations."""
ORDINARY_QUANTILE = 0.15
"""The factor of ordinary variation is taken so large that an excess as small as the series' own would be seen in 15 of
100. Twelve points know it badly: at a half, one in ten releases of restless but quiet series had a signal
(`benchmarks/signals.py`)."""

_MOVES: tuple[tuple[int, bool, tuple[float, ...]], ...] = (
    (1, False, (2.0, 3.5, 5.0, 6.5, 8.0)),
    (3, False, (1.5, 2.5, 3.5, 5.0)),
    (7, False, (0.75, 1.5, 2.25, 3.0)),
    (7, True, (1.0, 1.5, 2.0, 3.0, 4.5)),
)
"""How many of the newest points are moved, whether as a ramp about their middle, and by how many standard deviations.

Three standard deviations of an effect are 3 of one point, 1.7 of three, 1.1 of seven; seven points in rising order lie
about a ramp of 1.35.
"""


@dataclass(frozen=True)
class SeriesShape:
    """All that the null of a series depends on: one simulation serves every series of the same shape."""

    baseline: int
    """How many points the limits are made of."""
    ranges: int
    """How many moving ranges; where there are gaps, the last so many are taken to be there."""
    stretch: int
    """How many points after the baseline follow one another up to the newest, at most seven."""
    ratio: int
    """Standard deviation of the baseline's points against the newest ones', in powers of `RATIO_STEP`."""
    lasting: int = 0
    """Tenths of a deviation that stay in the next period."""
    share: int = 0
    """Tenths of the points' variance that are of such deviations; the rest is independent."""

    @property
    def deviations(self) -> Array:
        """The standard deviation of each point, baseline first, the newest 1."""
        found = np.ones(self.baseline + self.stretch)
        found[: self.baseline] = RATIO_STEP**self.ratio
        return found

    @property
    def correlations(self) -> Array:
        """How the points correlate, those of a gap taken to be neighbours."""
        size, share = self.baseline + self.stretch, self.share / TENTHS
        return share * correlations(size, self.lasting) + (1 - share) * np.eye(size)

    @property
    def unlike(self) -> float:
        """What neighbours' squared differences are of those of independent points."""
        return 1 - self.share * self.lasting / TENTHS**2

    def variance(self, weights: Array, deviations: Array) -> float:
        """Return the variance of a weighted sum of points that have these standard deviations."""
        scaled = weights * deviations
        return float(scaled @ self.correlations @ scaled)


@dataclass(frozen=True)
class Broken:
    """The draws that break a rule upwards: their weights, and effect and excess of each at an ordinary factor of 1."""

    weights: Array
    effects: Array
    """In standard deviations of the effect."""
    excess: Array


@dataclass(frozen=True)
class NullSimulation:
    """The simulated null of one shape."""

    draws: int
    typical_excess: float
    """The `ORDINARY_QUANTILE` of the excess of series with nothing but noise and sampling."""
    broken: dict[Rule, Broken]

    def ordinary(self, excess: float) -> float:
        """Return the factor of ordinary variation that p-values assume for a series with this excess, at least 1."""
        return max(1.0, excess / self.typical_excess)

    def p_value(self, rule: Rule, strength: float, excess: float) -> float:
        """Return how often a series that does not change breaks `rule`, up or down, at least as strongly.

        `strength` is the effect in its standard deviations times sqrt(max(1, excess)).
        """
        found, factor = self.broken[rule], self.ordinary(excess)
        strengths = math.sqrt(factor) * found.effects / np.sqrt(np.maximum(1.0, factor * found.excess))
        weights = found.weights[strengths >= strength]
        total = float(weights.sum())
        error = math.sqrt(max(float((weights**2).sum()) - total**2 / self.draws, 0.0))
        return min(1.0, max(LEAST_P, 2 * (total + ROUNDED_UP_BY * error) / self.draws))


@functools.lru_cache(maxsize=512)
def null_simulation_of(shape: SeriesShape) -> NullSimulation:
    """Simulate a shape, the same way every time: the seed is the shape itself, but for what lasts."""
    config = [shape.baseline, shape.ranges, shape.stretch, shape.ratio]
    seed = int(sha256_hex(canonical_json(["signals", 1, *config]))[:8], 16)
    # The legacy generator: of all of NumPy's only its numbers are promised to be the same in every version.
    generator = np.random.RandomState(seed)
    deviations = shape.deviations
    # Drawn as independent points, which `root` correlates.
    root = np.linalg.cholesky(shape.correlations)
    moves = np.linalg.solve(root, _moves(shape).T).T
    values = generator.standard_normal(size=(len(moves) * DRAWS, len(deviations))) + np.repeat(moves, DRAWS, axis=0)
    weights = len(moves) / np.exp(values @ moves.T - (moves**2).sum(axis=1) / 2).sum(axis=1)
    values = values @ root.T * deviations

    baseline = values[:, : shape.baseline]
    steps = np.abs(np.diff(baseline, axis=1))[:, -shape.ranges :]
    spread = np.hypot(deviations[: shape.baseline - 1], deviations[1 : shape.baseline])[-shape.ranges :]
    mean, half_width = baseline.mean(axis=1), WIDTH * steps.mean(axis=1)
    excess = ((steps / spread).mean(axis=1) / MEAN_RANGE) ** 2 / shape.unlike

    broken: dict[Rule, Broken] = {}
    for rule in RULES:
        if NEEDED[rule] <= shape.stretch:
            kept = rises(rule, values[:, -shape.stretch :], mean, half_width)
            effect = effect_weights(rule, shape.baseline, shape.stretch)
            effects = values[kept] @ effect / math.sqrt(shape.variance(effect, deviations))
            broken[rule] = Broken(weights[kept], effects, excess[kept])
    # The first part of the mixture is the null itself.
    return NullSimulation(len(values), float(np.quantile(excess[:DRAWS], ORDINARY_QUANTILE)), broken)


def _moves(shape: SeriesShape) -> Array:
    """Return the means of the mixture's parts, the null first, in standard deviations of the points."""
    size = len(shape.deviations)
    found = [np.zeros(size)]
    for points, is_ramp, sizes in _MOVES:
        moved = min(points, shape.stretch)
        ramp = np.linspace(-1, 1, moved) if is_ramp and moved > 1 else np.ones(moved)
        for far in sizes:
            move = np.zeros(size)
            move[-moved:] = far * ramp
            found.append(move)
    return np.array(found)
