"""Widths of intervals that hold simultaneously for a family: simulated maxima from the full covariance.

Each interval of 95 % misses in 5 of 100; of forty, two miss. With the critical value of the family all of them hold
together in 95 of 100 releases. For independent figures it is known exactly, and by Šidák's inequality (1967) that value
is enough whatever the correlations; what correlations save is simulated.
"""

import functools
from statistics import NormalDist

import numpy as np

from analytics.canonical import canonical_json, sha256_hex
from analytics.layout import Array
from analytics.trends.estimation.intervals import Z

LEVEL = 0.95
DRAWS = 8192
"""Of each figure of a family; the independent case has the same draws, so that most of their error cancels."""


def critical_value(covariance: Array) -> float:
    """Return z* such that all |x| <= z* sd hold together in 95 of 100, x normal with `covariance`; at least 1.96.

    The same every time: the draws depend on the family's size alone.
    """
    size = len(covariance)
    if size == 1:
        return Z
    deviations = np.sqrt(np.maximum(covariance.diagonal(), 0.0))
    inverse = np.divide(1.0, deviations, out=np.zeros(size), where=deviations > 0)
    # What rounding leaves of a figure without variation is no correlation.
    values, vectors = np.linalg.eigh(np.clip(covariance * np.outer(inverse, inverse), -1.0, 1.0))
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    saved = _independent(size) - _reached(root @ _normals(size))
    return max(Z, independent(size) - max(saved, 0.0))


def independent(size: int) -> float:
    """Return the critical value of so many independent figures: enough for any correlations, and exact for none."""
    return NormalDist().inv_cdf((1 + LEVEL ** (1 / size)) / 2)


def _reached(draws: Array) -> float:
    """Return what the largest of each draw stays under in 95 of 100."""
    return float(np.quantile(np.abs(draws).max(axis=0), LEVEL))


@functools.lru_cache(maxsize=1024)
def _independent(size: int) -> float:
    return _reached(_normals(size))


@functools.lru_cache(maxsize=32)
def _normals(size: int) -> Array:
    """Return figures x draws; not to be written."""
    draws = np.array([_drawn(number) for number in range(size)])
    draws.flags.writeable = False
    return draws


@functools.lru_cache(maxsize=1024)
def _drawn(number: int) -> Array:
    """Return the draws of one figure of a family, the same every time."""
    seed = int(sha256_hex(canonical_json(["at once", number]))[:8], 16)
    # The legacy generator: of all of NumPy's only its numbers are promised to be the same in every version.
    return np.random.RandomState(seed).standard_normal(DRAWS)
