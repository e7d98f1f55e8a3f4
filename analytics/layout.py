"""The public shape of one measure's tables: what every variance depends on, and nothing of the data.

The residual decomposition of marginal tables (ResidualPlanner: Xiao, He, Zhang, Kifer 2023, arXiv 2305.08175): each
subset A of dimensions has a component of its own, which all tables that contain A measure.
"""

import functools
import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Dimensions = tuple[str, ...]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Layout:
    """Keys, noise and basis of one measure's tables."""

    keys: dict[str, int]
    """Per dimension its number of keys, in the grid's order."""
    sigma: dict[Dimensions, float]
    """Per table the standard deviation of the noise on each coordinate of the basis, in persons."""
    basis: tuple[tuple[int, ...], ...]

    @functools.cached_property
    def spread(self) -> Array:
        """G = (BᵀB)⁻¹: the covariance of a cell's categories at a noise of 1."""
        b = np.array(self.basis, dtype=np.float64)
        return np.linalg.inv(b.T @ b).astype(np.float64)

    @functools.cached_property
    def back(self) -> Array:
        """The pseudo-inverse of the basis: from coordinates to categories."""
        return np.linalg.pinv(np.array(self.basis, dtype=np.float64))

    @functools.cached_property
    def component_variance(self) -> dict[Dimensions, float]:
        """The variance of every component, smaller subsets first."""
        subsets = {
            self.ordered(a)
            for table in self.sigma
            for size in range(len(table) + 1)
            for a in itertools.combinations(table, size)
        }
        places = list(self.keys)
        return {
            a: 1 / sum(self.precision(table, a) for table in self.sigma if set(a) <= set(table))
            for a in sorted(subsets, key=lambda a: (len(a), [places.index(name) for name in a]))
        }

    def ordered(self, dimensions: Any) -> Dimensions:  # noqa: ANN401 -- any collection of names
        """Return `dimensions` in the grid's order."""
        return tuple(name for name in self.keys if name in dimensions)

    def size(self, dimensions: Any) -> int:  # noqa: ANN401 -- any collection of names
        """Return how many cells a table over `dimensions` has."""
        return math.prod(self.keys[name] for name in dimensions)

    def precision(self, table: Dimensions, component: Dimensions) -> float:
        """Return the precision with which `table` measures `component`."""
        return 1 / (self.sigma[table] ** 2 * self.size(set(table) - set(component)))

    def covariance(
        self, table: Dimensions, cell: tuple[int, ...], other: Dimensions, other_cell: tuple[int, ...]
    ) -> float:
        """Return k such that Cov(table[cell], other[other_cell]) = k·G, in persons².

        `cell` and `other_cell` are positions in the tables' own order of dimensions.
        """
        at, other_at = dict(zip(table, cell, strict=True)), dict(zip(other, other_cell, strict=True))
        total = 0.0
        for component, variance in self.component_variance.items():
            if set(component) <= set(table) and set(component) <= set(other):
                agreement = math.prod((at[name] == other_at[name]) - 1 / self.keys[name] for name in component)
                summed = self.size(set(table) - set(component)) * self.size(set(other) - set(component))
                total += variance * agreement / summed
        return total

    def variance(self, table: Dimensions) -> float:
        """Return k for any one cell of `table` with itself: by symmetry the same for all its cells.

        `table` is one of the plan's or any part of one: its cells follow from the components, too.
        """
        if table not in self._variance:
            cell = (0,) * len(table)
            self._variance[table] = self.covariance(table, cell, table, cell)
        return self._variance[table]

    def covariances(self, table: Dimensions) -> Array:
        """Return k for every two cells of `table`, flat in the table's own order: cells x cells; not to be written."""
        if table not in self._covariances:
            self._covariances[table] = self._all_covariances(table)
            self._covariances[table].flags.writeable = False
        return self._covariances[table]

    @functools.cached_property
    def _variance(self) -> dict[Dimensions, float]:
        return {}

    @functools.cached_property
    def _covariances(self) -> dict[Dimensions, Array]:
        return {}

    def _all_covariances(self, table: Dimensions) -> Array:
        total: Array = np.zeros((self.size(table), self.size(table)))
        for component, variance in self.component_variance.items():
            if set(component) <= set(table):
                part: Array = np.array([[variance]])
                for name in table:
                    keys = self.keys[name]
                    of_one = np.eye(keys) - 1 / keys if name in component else np.full((keys, keys), 1 / keys**2)
                    part = np.kron(part, of_one)
                total = total + part
        return total
