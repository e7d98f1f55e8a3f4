"""One measure of one release from noisy coordinates, without a ledger."""

import numpy as np

from analytics.cells import NoisyCells, TableKey
from analytics.contracts import MICRO
from analytics.layout import Array, Dimensions, Layout
from analytics.store.body import HeadlineKind
from analytics.trends.estimation.figures import MeasureFigures, figures_of
from tests.support.bodies import BODY, entry_of, headline, measure

NO_FLOOR = {"floor_people": "-1000000", "floor_noise_sds": "0"}
"""Everything is displayed, so that coverage is that of every figure and not of a selection."""
BANDS = 5
LOW = headline("low", HeadlineKind.SHARE, (1, 1, 0, 0, 0))
MEAN = headline("mean", HeadlineKind.MEAN, (0, 25, 50, 75, 100))
PEOPLE = headline("people", HeadlineKind.PEOPLE, (1,) * BANDS)


def layout_of(keys: dict[str, int], sigma: dict[Dimensions, float]) -> Layout:
    """Return five bands under the identity."""
    return Layout(keys, sigma, tuple(map(tuple, np.eye(BANDS, dtype=int).tolist())))


def figures(
    layout: Layout, tables: dict[Dimensions, Array], display: dict[str, str] | None = None, *, looks_back: int = 0
) -> MeasureFigures:
    """Return the figures of noisy tables, in persons; keys are named by their places."""
    one = measure("m", [PEOPLE, LOW, MEAN], layout.basis).model_copy(update={"looks_back_weeks": looks_back})
    body = {
        **BODY,
        "dimensions": [
            {"name": name, "label": name, "keys": [[str(key), str(key)] for key in range(size)]}
            for name, size in layout.keys.items()
        ],
        "measures": [one.model_dump(mode="json")],
        "tables": [
            {"measure": "m", "dimensions": list(table), "sigma": round(sigma * MICRO), "loss_nano": 0}
            for table, sigma in layout.sigma.items()
        ],
        "display": display or NO_FLOOR,
    }
    cells = {
        TableKey("m", table): tuple(np.rint(array.ravel() * MICRO).astype(np.int64).tolist())
        for table, array in tables.items()
    }
    (found,) = figures_of(entry_of(body), NoisyCells(cells))
    return found
