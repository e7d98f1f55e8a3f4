"""All tables of a measure over one period describe one population: reconcile them without bias.

The residual decomposition of marginal tables (ResidualPlanner: Xiao, He, Zhang, Kifer 2023, arXiv 2305.08175). For
every subset A of dimensions each table M that contains A is projected on A's own component: the axes outside A summed
out, then the mean subtracted along each axis in A. Weighted by precision these give the best linear unbiased u_A with
variance v_A, and every table is a sum of them. Cells are vectors over the categories; they are never mixed.
"""

import functools
import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.cells import NoisyCells, TableKey
from analytics.contracts import MICRO
from analytics.store.chain import Entry

Dimensions = tuple[str, ...]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Layout:
    """The public shape of one measure's tables: what variances depend on, and nothing else."""

    keys: dict[str, int]
    """Per dimension its number of keys, in the grid's order."""
    sigma: dict[Dimensions, float]
    """Per table the noise's standard deviation, in persons."""
    basis: tuple[tuple[int, ...], ...]

    @functools.cached_property
    def spread(self) -> Array:
        """G = (BᵀB)⁻¹: the covariance of a cell's categories at a noise of 1."""
        b = np.array(self.basis, dtype=np.float64)
        return np.linalg.inv(b.T @ b).astype(np.float64)

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
        """Return k for any one cell of `table` with itself: by symmetry the same for all its cells."""
        cell = (0,) * len(table)
        return self.covariance(table, cell, table, cell)


@dataclass(frozen=True)
class Estimates:
    """One measure's reconciled tables of one release: persons per cell and category, signed and unclamped."""

    layout: Layout
    tables: dict[Dimensions, Array]
    """Shape: the table's own dimensions, then categories."""


def layout_of(entry: Entry, measure: str) -> Layout:
    """Return the public shape of `measure` in a release, from its ledger entry alone."""
    described = next(one for one in entry.body["measures"] if one["name"] == measure)
    return Layout(
        keys={one["name"]: len(one["keys"]) for one in entry.body["dimensions"]},
        sigma={
            tuple(table["dimensions"]): table["sigma"] / MICRO
            for table in entry.body["tables"]
            if table["measure"] == measure
        },
        basis=tuple(tuple(row) for row in described["basis"]),
    )


def estimates_of(entry: Entry, cells: NoisyCells, measure: str) -> Estimates:
    """Return the reconciled tables of `measure`."""
    layout = layout_of(entry, measure)
    noisy = {
        table: np.array(cells.vectors[TableKey(measure, table)], dtype=np.float64) / MICRO for table in layout.sigma
    }
    return reconcile(layout, noisy)


def reconcile(layout: Layout, noisy: dict[Dimensions, Array]) -> Estimates:
    """Return the best linear unbiased tables from each table's noisy coordinates (flat, in the table's order)."""
    back = np.linalg.pinv(np.array(layout.basis, dtype=np.float64))
    coordinates = len(layout.basis)
    arrays: dict[Dimensions, Array] = {}
    for table, vector in noisy.items():
        shape = tuple(layout.keys[name] for name in table)
        array = np.einsum("...r,cr->...c", vector.reshape(*shape, coordinates), back)
        order = [table.index(name) for name in layout.ordered(table)]
        arrays[table] = array.transpose(*order, len(shape))
    components = {a: _component(layout, arrays, a) for a in layout.component_variance}
    return Estimates(layout, {table: _assembled(layout, components, table) for table in noisy})


def _component(layout: Layout, arrays: dict[Dimensions, Array], component: Dimensions) -> Array:
    total: Array = np.zeros(1)
    for table, array in arrays.items():
        if set(component) <= set(table):
            names = layout.ordered(table)
            part = array.sum(axis=tuple(axis for axis, name in enumerate(names) if name not in component))
            for axis in range(len(component)):
                part = part - part.mean(axis=axis, keepdims=True)
            total = total + layout.precision(table, component) * part
    return total * layout.component_variance[component]


def _assembled(layout: Layout, components: dict[Dimensions, Array], table: Dimensions) -> Array:
    names = layout.ordered(table)
    categories = len(layout.basis[0])
    total: Array = np.zeros((*(layout.keys[name] for name in names), categories))
    for component, part in components.items():
        if set(component) <= set(table):
            shape = [layout.keys[name] if name in component else 1 for name in names]
            total = total + part.reshape(*shape, categories) / layout.size(set(table) - set(component))
    return total.transpose(*(names.index(name) for name in table), len(names))
