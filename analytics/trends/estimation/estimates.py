"""All tables of a measure over one period describe one population: reconcile them without bias.

For every subset A of dimensions each table M that contains A is projected on A's own component (`analytics.layout`):
the axes outside A summed out, then the mean subtracted along each axis in A. Weighted by precision these give the best
linear unbiased u_A with variance v_A, and every table is a sum of them. Cells are vectors over the categories; they
are never mixed.
"""

import functools
from dataclasses import dataclass

import numpy as np

from analytics.cells import NoisyCells, TableKey
from analytics.contracts import MICRO
from analytics.layout import Array, Dimensions, Layout
from analytics.store.chain import Entry


@dataclass(frozen=True)
class Estimates:
    """One measure's reconciled tables of one release: persons per cell and category, signed and unclamped."""

    layout: Layout
    tables: dict[Dimensions, Array]
    """Shape: the table's own dimensions, then categories."""


def layout_of(entry: Entry, measure: str) -> Layout:
    """Return the public shape of `measure` in a release, from its ledger entry alone."""
    body = entry.body
    return _layout(
        tuple((one.name, len(one.keys)) for one in body.dimensions),
        tuple((table.dimensions, table.sigma / MICRO) for table in body.tables if table.measure == measure),
        body.measure(measure).basis,
    )


@functools.lru_cache(maxsize=64)
def _layout(
    keys: tuple[tuple[str, int], ...],
    sigma: tuple[tuple[Dimensions, float], ...],
    basis: tuple[tuple[int, ...], ...],
) -> Layout:
    """Return the same layout for every release of one shape, so that what follows from it is computed once."""
    return Layout(dict(keys), dict(sigma), basis)


def estimates_of(entry: Entry, cells: NoisyCells, measure: str) -> Estimates:
    """Return the reconciled tables of `measure`."""
    return reconcile(layout_of(entry, measure), noisy_of(entry, cells, measure))


def noisy_of(entry: Entry, cells: NoisyCells, measure: str) -> dict[Dimensions, Array]:
    """Return each table's noisy coordinates of `measure`, in persons: flat, in the table's order."""
    return {
        table: np.array(cells.vectors[TableKey(measure, table)], dtype=np.float64) / MICRO
        for table in layout_of(entry, measure).sigma
    }


def reconcile(layout: Layout, noisy: dict[Dimensions, Array]) -> Estimates:
    """Return the best linear unbiased tables from each table's noisy coordinates (flat, in the table's order)."""
    components = components_of(layout, noisy)
    return Estimates(layout, {table: assembled(layout, components, table) for table in noisy})


def components_of(layout: Layout, noisy: dict[Dimensions, Array]) -> dict[Dimensions, Array]:
    """Return the best linear unbiased estimate of every component: keys of its dimensions, then categories."""
    back = layout.back
    coordinates = len(layout.basis)
    arrays: dict[Dimensions, Array] = {}
    for table, vector in noisy.items():
        shape = tuple(layout.keys[name] for name in table)
        array = np.einsum("...r,cr->...c", vector.reshape(*shape, coordinates), back)
        order = [table.index(name) for name in layout.ordered(table)]
        arrays[table] = array.transpose(*order, len(shape))
    return {a: _component(layout, arrays, a) for a in layout.component_variance}


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


def assembled(layout: Layout, components: dict[Dimensions, Array], table: Dimensions) -> Array:
    """Return a table from its components: its dimensions in its own order, then categories, in persons."""
    names = layout.ordered(table)
    categories = len(layout.basis[0])
    total: Array = np.zeros((*(layout.keys[name] for name in names), categories))
    for component, part in components.items():
        if set(component) <= set(table):
            shape = [layout.keys[name] if name in component else 1 for name in names]
            total = total + part.reshape(*shape, categories) / layout.size(set(table) - set(component))
    return total.transpose(*(names.index(name) for name in table), len(names))
