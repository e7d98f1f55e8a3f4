"""One measure of one release from noisy coordinates, without a ledger."""

from typing import Any

import numpy as np

from analytics.cells import NoisyCells, TableKey
from analytics.contracts import MICRO
from analytics.layout import Array, Dimensions, Layout
from analytics.store.chain import Entry
from analytics.trends.estimation.figures import MeasureFigures, figures_of

NO_FLOOR = {"floor_people": "-1000000", "floor_noise_sds": "0"}
"""Everything is told, so that coverage is that of every figure and not of a selection."""
BANDS = 5
LOW = {"name": "low", "kind": "share", "weights": [1, 1, 0, 0, 0], "whole": [1] * BANDS}
MEAN = {"name": "mean", "kind": "mean", "weights": [0, 25, 50, 75, 100], "whole": [1] * BANDS}
PEOPLE = {"name": "people", "kind": "people", "weights": [1] * BANDS, "whole": [1] * BANDS}


def layout_of(keys: dict[str, int], sigma: dict[Dimensions, float]) -> Layout:
    """Return five bands under the identity."""
    return Layout(keys, sigma, tuple(map(tuple, np.eye(BANDS, dtype=int).tolist())))


def figures(
    layout: Layout, tables: dict[Dimensions, Array], display: dict[str, str] | None = None, *, looks_back: int = 0
) -> MeasureFigures:
    """Return the figures of noisy tables, in persons; keys are named by their places."""
    body: dict[str, Any] = {
        "dimensions": [
            {"name": name, "keys": [[str(key), str(key)] for key in range(size)]} for name, size in layout.keys.items()
        ],
        "measures": [
            {
                "name": "m",
                "looks_back_weeks": looks_back,
                "categories": [[str(band), str(band)] for band in range(BANDS)],
                "basis": layout.basis,
                "headlines": [PEOPLE, LOW, MEAN],
            }
        ],
        "tables": [
            {"measure": "m", "dimensions": list(table), "sigma": sigma * MICRO} for table, sigma in layout.sigma.items()
        ],
        "display": display or NO_FLOOR,
    }
    cells = {
        TableKey("m", table): tuple(np.rint(array.ravel() * MICRO).astype(np.int64).tolist())
        for table, array in tables.items()
    }
    (found,) = figures_of(Entry(1, "p", "2024-W10", 0, body, "", ""), NoisyCells(cells))
    return found
