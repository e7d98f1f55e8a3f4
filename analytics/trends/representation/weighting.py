"""Sums of weighted ratios over groups of noisy cells: a post-stratified figure, or that figure less the plain one.

A ratio of noisy sums is not linear, so noise moves its mean: we remove this bias (delta method, second order). Bias
and variance are read from noisy cells and so come out too large. One over two noisy bottoms is too large on average by
1 + n_gg + n_hh + n_gh, where n is their noise beside the bottoms; for one bottom with itself that is 1 + 3 cv². Both
are damped by it, pair by pair: the noise of all strata together is held down by everyone's own number, and that holds
only as long as their covariances are damped as little as they should be. Sampling is at its bound: each person's
part of a category counts as all or nothing.
"""

from dataclasses import dataclass

import numpy as np

from analytics.layout import Array
from analytics.trends.estimation.intervals import Figure, Interval, Z


@dataclass(frozen=True)
class Cells:
    """All cells of one table for one headline."""

    top: Array
    """What the headline weighs, per cell."""
    bottom: Array
    """The whole that it is of, per cell."""
    between: Array
    """k for every two cells: their noise has the covariance k times `each`."""
    each: Array
    """Of (top, bottom) of one cell, at k = 1."""


@dataclass(frozen=True)
class WeightedSum:
    """One sum of weighted ratios: its value, and how cells and people move it."""

    value: float
    """As it comes out of the noisy cells."""
    bias: float
    """What the noise adds to it on average."""
    groups: Array
    """Groups x cells."""
    rise: Array
    """How it grows with each group's top."""
    fall: Array
    """How it falls with each group's bottom."""


def weighted_sum(cells: Cells, groups: Array, weights: Array) -> WeightedSum:
    """Return the sum over groups (groups x cells) of weight x top / bottom."""
    top, bottom = groups @ cells.top, groups @ cells.bottom
    ratios = top / bottom
    (_, both), (_, other) = cells.each
    # Of each group: how large its noise is beside its bottom, squared.
    noise = np.einsum("gc,cd,gd->g", groups, cells.between, groups) / bottom**2
    bias = weights * noise * (ratios * other - both) / (1 + 3 * other * noise)
    return WeightedSum(float(weights @ ratios), float(bias.sum()), groups, weights / bottom, weights * ratios / bottom)


def variances(cells: Cells, found: list[WeightedSum]) -> tuple[Array, Array]:
    """Return the covariance of several sums over the same cells: of noise, and of sampling at its bound."""
    groups = np.vstack([it.groups for it in found])
    rise, fall = _side_by_side([it.rise for it in found]), _side_by_side([it.fall for it in found])
    (one, both), (_, other) = cells.each
    shared, bottom = groups @ cells.between @ groups.T, groups @ cells.bottom
    beside = other * shared / np.outer(bottom, bottom)
    own = beside.diagonal()
    damped = shared / (1 + own[:, None] + own[None, :] + beside)
    crossed = rise @ damped @ fall.T
    noise = one * rise @ damped @ rise.T - both * (crossed + crossed.T) + other * fall @ damped @ fall.T
    rise, fall = rise @ groups, fall @ groups
    crossed = (rise * cells.top) @ fall.T
    sampling = (rise * cells.top) @ rise.T - crossed - crossed.T + (fall * cells.bottom) @ fall.T
    return noise, sampling


def _side_by_side(parts: list[Array]) -> Array:
    """Return sums x all their groups: each sum has its own groups, and nothing of the others'."""
    wide = np.zeros((len(parts), sum(map(len, parts))))
    first = 0
    for place, part in enumerate(parts):
        wide[place, first : first + len(part)] = part
        first += len(part)
    return wide


def figure(value: float, noise: float, sampling: float, z: float = Z) -> Figure:
    """Return a value with both intervals; beyond 0 and 1 the sampling bound is negative, and takes nothing away."""
    both = max(noise, 0.0), max(noise, 0.0) + max(sampling, 0.0)
    reach = [z * float(np.sqrt(variance)) for variance in both]
    own, wide = (Interval(value - width, value + width) for width in reach)
    return Figure(value, own, wide)


def kish(cells: Cells, groups: Array, weights: Array) -> tuple[Figure, Figure]:
    """Return the design effect n sum(n_s w_s²) / (sum(n_s w_s))², and n by it: how many evenly weighted people count.

    w_s is a person's weight, the group's by its people (Kish 1965). Both are of these participants and their weights:
    nothing is added for who happens to log. The design effect's ends are those of its inverse, which is less bent.
    """
    people = groups @ cells.bottom
    noise = groups @ cells.between @ groups.T * cells.each[1, 1]
    steep = weights**2 / people**2
    total, size = float(weights**2 @ (1 / people)), float(people.sum())
    curve = 2 * np.diag(weights**2 / people**3)
    slope, bend = steep / total**2, 2 * np.outer(steep, steep) / total**3 - curve / total**2
    effective = _smooth(1 / total, slope, bend, noise)
    slope, bend = slope / size - 1 / (size**2 * total), bend / size - (slope[:, None] + slope) / size**2
    part = _smooth(1 / (size * total), slope, bend + 2 / (size**3 * total), noise)
    if part.noise is None or part.noise.low <= 0:
        return Figure(size * total, None, None), effective
    ends = Interval(1 / part.noise.high, 1 / part.noise.low)
    return Figure(1 / part.estimate, ends, ends), effective


def _smooth(value: float, gradient: Array, hessian: Array, noise: Array) -> Figure:
    turned = hessian @ noise
    bent = float((turned * turned.T).sum()) / 2
    return figure(value - _bias(hessian, noise), float(gradient @ noise @ gradient) + bent, 0.0)


def _bias(hessian: Array, covariance: Array) -> float:
    """Return what the noise adds to the mean of a function with this curvature."""
    return float((hessian * covariance).sum()) / 2
