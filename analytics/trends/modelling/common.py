"""What all groups of a table do together, found so that one group's own jump does not move the others.

If mood falls in one region, everybody's mean falls with it: measured against that mean, every other region would seem
to rise. So a table's groups are measured against a common movement, which is the mean of their surprises without the
groups that jumped, together with everybody's movement as far as no jump is in it.
"""

import math
from dataclasses import dataclass

import numpy as np

from analytics.layout import Array

ROUNDS = 4


@dataclass(frozen=True)
class Surprises:
    """How far each group lies from its forecast: cells x coordinates."""

    value: Array
    variance: Array
    jump: Array
    """The variance that a jump would add."""
    odds: float


def common_movement(groups: Surprises, everybody: Array, variance: Array, part: Array) -> tuple[Array, Array]:
    """Return the common movement and its variance, per coordinate.

    `everybody` is the movement of all groups together with its `variance`; `part` is each group's part of them.
    """
    found = _weighted_median(groups.value, 1 / np.sqrt(groups.variance))
    total = np.ones_like(found)
    for _ in range(ROUNDS):
        jumped = _jumped(groups, found)[:, None]
        weight = (1 - jumped) / groups.variance
        mixed_in = variance + (part[:, None] ** 2 * jumped * groups.jump).sum(axis=0)
        total = weight.sum(axis=0) + 1 / mixed_in
        found = ((weight * groups.value).sum(axis=0) + everybody / mixed_in) / total
    return found, 1 / total


def _jumped(groups: Surprises, movement: Array) -> Array:
    """Return each group's chance to have jumped, all coordinates together."""
    left = (groups.value - movement) ** 2
    calm, jumped = (
        -0.5 * (np.log(variance) + left / variance).sum(axis=1)
        for variance in (groups.variance, groups.variance + groups.jump)
    )
    against = calm - jumped + math.log1p(-groups.odds) - math.log(groups.odds)
    found: Array = 1 / (1 + np.exp(np.clip(against, -300.0, 300.0)))
    return found


def _weighted_median(values: Array, weights: Array) -> Array:
    order = np.argsort(values, axis=0)
    reached = np.take_along_axis(weights, order, axis=0).cumsum(axis=0)
    middle = (reached >= reached[-1] / 2).argmax(axis=0)
    found: Array = np.take_along_axis(np.take_along_axis(values, order, axis=0), middle[None], axis=0)[0]
    return found
