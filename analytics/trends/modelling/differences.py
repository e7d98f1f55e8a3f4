"""Changes and differences of modelled figures, with intervals that allow for who happens to log.

Ratios by MOVER, as plain differences are (`estimation.intervals`), for arrays.
"""

from dataclasses import dataclass

import numpy as np

from analytics.layout import Array
from analytics.trends.estimation.intervals import Z
from analytics.trends.modelling.headline_cells import Ends, HeadlineCells


@dataclass(frozen=True)
class Differences:
    """One headline of some cells less the same of others, cell by cell; not a number where it has no interval."""

    value: Array
    alone: Ends
    together: Ends
    """Of all differences of the table at once."""


def differences(one: HeadlineCells, other: HeadlineCells, shared: Array, z: float) -> Differences:
    """Return one - other; `shared` is the covariance of the two figures, `z` the critical value for all together."""
    value = one.estimate - other.estimate
    if one.is_count:
        variance = one.noise + one.sampling + other.noise + other.sampling - 2 * shared
        reach = np.sqrt(np.maximum(variance, 0.0))
        return Differences(value, *(Ends(value - each * reach, value + each * reach) for each in (Z, z)))
    own = np.sqrt((one.noise + one.sampling) * (other.noise + other.sampling))
    correlation = np.clip(shared / np.where(own > 0, own, np.nan), -1.0, 1.0)
    return Differences(value, *(_mover(one, other, correlation, each) for each in (Z, z)))


def _mover(one: HeadlineCells, other: HeadlineCells, correlation: Array, z: float) -> Ends:
    mine, theirs = one.shown(z), other.shown(z)
    value = one.estimate - other.estimate
    below = _reach(one.estimate - mine.low, theirs.high - other.estimate, correlation)
    above = _reach(mine.high - one.estimate, other.estimate - theirs.low, correlation)
    return Ends(value - below, value + above)


def _reach(one: Array, other: Array, correlation: Array) -> Array:
    found: Array = np.sqrt(np.maximum(one * one + other * other - 2 * correlation * one * other, 0.0))
    return found
