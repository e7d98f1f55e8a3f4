"""Make a table's modelled cells add up to the simpler tables': regions to everybody, ages of a region to the region.

The least change that does it, where a cell may change by its own variance (forecast reconciliation: Wickramasuriya,
Athanasopoulos and Hyndman 2019). The same for every category, so that categories go on summing to people.
"""

from dataclasses import dataclass

import numpy as np

from analytics.layout import Array, Dimensions, Layout


@dataclass(frozen=True)
class Cells:
    """Modelled cells of one table, in grid order."""

    persons: Array
    """Cells x categories."""
    covariance: Array
    """Cells x categories x categories, of each cell."""


def added_up(layout: Layout, table: Dimensions, cells: Cells, simpler: dict[Dimensions, Cells]) -> Cells:
    """Return the cells of `table` so that they add up to all tables of one dimension less, which add up themselves."""
    if not table:
        return cells
    sums, persons, covariance = _margins(layout, table, simpler)
    freedom = np.maximum(np.einsum("nii->n", cells.covariance), np.finfo(np.float64).tiny)
    gram = (sums * freedom) @ sums.T
    # Sums along two dimensions agree in their own sums, so that some of them say nothing new.
    gain = (freedom[:, None] * sums.T) @ np.linalg.pinv(gram, rcond=1e-10, hermitian=True)
    kept = np.eye(len(freedom)) - gain @ sums
    categories = cells.persons.shape[1]
    own = kept**2 @ cells.covariance.reshape(-1, categories**2)
    of_margins = gain**2 @ covariance.reshape(-1, categories**2)
    return Cells(
        cells.persons + gain @ (persons - sums @ cells.persons),
        (own + of_margins).reshape(-1, categories, categories),
    )


def _margins(layout: Layout, table: Dimensions, simpler: dict[Dimensions, Cells]) -> tuple[Array, Array, Array]:
    """Return which cells make each sum (sums x cells), and the sums' persons and covariance."""
    keys = [layout.keys[name] for name in table]
    places = np.arange(layout.size(table)).reshape(keys)
    rows = []
    for axis in range(len(table)):
        summed = np.moveaxis(places, axis, -1).reshape(-1, keys[axis])
        block = np.zeros((len(summed), places.size))
        block[np.arange(len(summed))[:, None], summed] = 1.0
        rows.append(block)
    of = [simpler[tuple(name for name in table if name != one)] for one in table]
    return (
        np.concatenate(rows),
        np.concatenate([one.persons for one in of]),
        np.concatenate([one.covariance for one in of]),
    )
