"""Make a table's modelled cells add up to the simpler tables': regions to everybody, ages of a region to the region.

The least change that does it, where a cell may change by its own variance (forecast reconciliation: Wickramasuriya,
Athanasopoulos and Hyndman 2019). The same for every category, so that categories go on summing to people.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
    members = _members(layout, table)
    persons, covariance = _margins(table, simpler)
    sums = np.zeros((len(persons), members.shape[1]))
    sums[members, np.arange(members.shape[1])] = 1.0
    freedom = np.maximum(np.einsum("nii->n", cells.covariance), np.finfo(np.float64).tiny)
    gram = (sums * freedom) @ sums.T
    # Sums along two dimensions agree in their own sums, so that some of them say nothing new.
    gain = (freedom[:, None] * sums.T) @ np.linalg.pinv(gram, rcond=1e-10, hermitian=True)
    # The same as `gain @ sums`: every cell is in one sum along each dimension.
    kept = np.eye(len(freedom)) - sum(gain[:, of_axis] for of_axis in members)
    categories = cells.persons.shape[1]
    own = kept**2 @ cells.covariance.reshape(-1, categories**2)
    of_margins = gain**2 @ covariance.reshape(-1, categories**2)
    return Cells(
        cells.persons + gain @ (persons - sums @ cells.persons),
        (own + of_margins).reshape(-1, categories, categories),
    )


def _members(layout: Layout, table: Dimensions) -> npt.NDArray[np.intp]:
    """Return in which sum along each dimension every cell is: dimensions x cells; sums of one dimension come together.

    The sums along a dimension are the cells of the table without it, in grid order.
    """
    keys = [layout.keys[name] for name in table]
    places = np.indices(keys).reshape(len(keys), -1)
    found, begins = [], 0
    for axis in range(len(keys)):
        others = [other for other in range(len(keys)) if other != axis]
        place = np.zeros(places.shape[1], dtype=np.intp)
        for other in others:
            place = place * keys[other] + places[other]
        found.append(begins + place)
        begins += layout.size(table) // keys[axis]
    return np.stack(found)


def _margins(table: Dimensions, simpler: dict[Dimensions, Cells]) -> tuple[Array, Array]:
    """Return the sums' persons and covariance, in the order of `_members`."""
    of = [simpler[tuple(name for name in table if name != one)] for one in table]
    return np.concatenate([one.persons for one in of]), np.concatenate([one.covariance for one in of])
