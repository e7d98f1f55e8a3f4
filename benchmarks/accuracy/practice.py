"""The ways that are common: noise on counts and sums of entries, the budget split evenly over queries and weeks.

Per table four queries: people, entries, the sum of moods about the middle, and a histogram of moods (its cells are
disjoint, so they are one query). A person is in one cell of a table and week with at most `MOST` entries: the most that
they move a query, by either norm, is 1, MOST, 2 MOST and MOST. Noise is NumPy's in floating point: its law is what is
compared, and this is no release.
"""

import math
from collections.abc import Callable

import numpy as np

from analytics.contracts import Grid
from analytics.layout import Array, Dimensions
from benchmarks.accuracy.figures import Figures, result
from benchmarks.accuracy.population import BANDS, WEEKS, Population

MOST = 7
"""Entries of a person and week that count: the bound of the peers' measurements."""

EPSILON = 2.0
RHO = 0.0885
QUERIES = 4

Noise = Callable[[float, tuple[int, ...]], Array]
"""From a sensitivity and a shape."""


def laplace(tables: int) -> Noise:
    """Return the usual practice's noise: a part of epsilon 2 for each query and week."""
    rng, splits = np.random.default_rng(), QUERIES * tables * WEEKS
    return lambda sensitivity, shape: rng.laplace(scale=sensitivity * splits / EPSILON, size=shape)


def gaussian(tables: int) -> Noise:
    """Return the best zCDP practice's noise: a part of rho for each query and week."""
    rng, splits = np.random.default_rng(), QUERIES * tables * WEEKS
    return lambda sensitivity, shape: rng.normal(scale=sensitivity * math.sqrt(splits / (2 * RHO)), size=shape)


def none(_: float, shape: tuple[int, ...]) -> Array:
    """Return no noise: what is drawn with it is the truth of entries."""
    return np.zeros(shape)


class Entries:
    """A population's exact sums of entries, from which figures are drawn any number of times."""

    def __init__(self, population: Population, grid: Grid, tables: tuple[Dimensions, ...]) -> None:
        """Sum once."""
        entries, ones = population.bounded(MOST), np.ones((len(population.week), 1))
        self._moods = {table: population.summed(entries, grid, table) for table in tables}
        self._people = {table: population.summed(ones, grid, table)[..., 0] for table in tables}

    def drawn(self, noise: Noise) -> Figures:
        """Return noisy figures: low share and mean are quotients by the noisy number of entries."""
        return {table: _drawn(self._people[table], moods, noise) for table, moods in self._moods.items()}


def _drawn(people: Array, moods: Array, noise: Noise) -> Array:
    cells = people.shape
    histogram = moods + noise(MOST, moods.shape)
    entries = moods.sum(axis=-1) + noise(MOST, cells)
    mood = moods @ (np.arange(BANDS) - 2.0) + noise(2 * MOST, cells)
    return result(people + noise(1, cells), histogram[..., 0] + histogram[..., 1], mood, entries)
