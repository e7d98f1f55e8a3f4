"""What all ways of working are asked for: people, low share and mean mood of every week and cohort."""

import numpy as np

from analytics.contracts import MICRO, Grid
from analytics.layout import Array, Dimensions
from benchmarks.accuracy.population import Population

HEADLINES = ("people", "low share (%)", "mean mood (1-5)")
"""The last axis of every array of figures."""

_LOW = np.array([1, 1, 0, 0, 0])
_FROM_THE_MIDDLE = np.array([-2, -1, 0, 1, 2])

Figures = dict[Dimensions, Array]
"""Per table: weeks, cells, headlines."""


def result(people: Array, low: Array, mood: Array, of: Array) -> Array:
    """Return figures from a number of people, and from low ones and a mood sum about the middle `of` so many.

    What no data could give becomes the nearest that they could, in all ways alike; an empty cell has no share.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack([people, np.clip(100 * low / of, 0, 100), np.clip(3 + mood / of, 1, 5)], axis=-1)


def counted_persons(population: Population, grid: Grid, tables: tuple[Dimensions, ...]) -> Figures:
    """Return the truth in which each person is one vote of the week, and each of their days a part of it."""
    found = {}
    for table in tables:
        bands = population.summed(population.shares, grid, table) / MICRO
        people = bands.sum(axis=-1)
        found[table] = result(people, bands @ _LOW, bands @ _FROM_THE_MIDDLE, people)
    return found
