"""A grid with public sizes, a plan with strata, and releases of invented cells over both; noise as small as asked."""

import functools
import itertools
from typing import Any

import numpy as np

from analytics.canonical import canonical_json
from analytics.cells import ExactCells, TableKey
from analytics.contracts import MICRO, UNKNOWN, Grid, Plan
from analytics.layout import Array, Dimensions, Layout
from analytics.release.budget import Frozen, solved
from analytics.store.body import ReleasedHeadline
from analytics.trends.estimation.estimates import reconcile
from analytics.trends.estimation.figures import CellFigures, MeasureFigures
from analytics.trends.estimation.intervals import count_figure
from analytics.trends.representation.strata import Cohort, Public
from tests.support.bodies import measure
from tests.support.releases import HEADLINES, PRODUCT, unfrozen

KEYS = {"region": ("north", "south", UNKNOWN), "age": ("young", "old", UNKNOWN)}
STRATA: Dimensions = ("region", "age")
TABLES: tuple[Dimensions, ...] = ((), ("region",), ("age",), STRATA)
SIZES = {"north/young": 15_000, "north/old": 25_000, "south/young": 50_000, "south/old": 10_000}
"""In the last less than half as many live as in the average of the four, so that it is joined."""
POPULATION: dict[str, Any] = {
    "dimensions": ["region", "age"],
    "source": "Registry of residents",
    "as_of": "2025-12-31",
    "people": SIZES,
}
PUBLIC = Public(STRATA, {tuple(name.split("/")): people for name, people in SIZES.items()})
DISPLAY = {"floor_people": "9", "floor_noise_sds": "3.72", "caution_half_width": "10"}


def grid_of(population: dict[str, Any] | None = POPULATION) -> Grid:
    """Return the grid, with or without public sizes."""
    dimensions = {
        name: {"label": name.title(), "keys": {key: key.title() for key in keys}} for name, keys in KEYS.items()
    }
    return Grid.model_validate({"dimensions": dimensions} | ({} if population is None else {"population": population}))


def plan_of(strata: dict[str, list[str]] | None = None) -> Plan:
    """Return a plan over the grid, with strata unless others are given, and its noise."""
    result = unfrozen().model_dump(by_alias=True)
    # So high that a dozen people are withheld but once in 10¹¹ draws.
    result["display"]["floor_people"] = 60
    product = result["products"][PRODUCT]
    product["tables"] = {"mood": TABLES}
    product["strata"] = {"mood": list(STRATA)} if strata is None else strata
    return frozen_once(Plan.model_validate(result))


@functools.cache
def _solved(text: str) -> Frozen:
    return solved(Plan.model_validate_json(text), grid_of(None))


def frozen_once(plan: Plan) -> Plan:
    """Return the plan with its noise; that of one plan is solved once."""
    return plan.model_copy(update={"frozen": _solved(plan.model_dump_json(by_alias=True))})


def exact(people: dict[Cohort, tuple[int, int, int]]) -> ExactCells:
    """Return cohorts over region and age, by people in each category, as the exact cells of every table."""
    vectors: dict[TableKey, list[int]] = {}
    for table in TABLES:
        vector: list[int] = []
        for cohort in itertools.product(*(KEYS[name] for name in table)):
            wanted = dict(zip(table, cohort, strict=True))
            inside = [
                counts
                for keys, counts in people.items()
                if all(wanted.get(name, key) == key for name, key in zip(STRATA, keys, strict=True))
            ]
            vector += [MICRO * sum(counts[at] for counts in inside) for at in range(3)]
        vectors[TableKey("mood", table)] = vector
    return ExactCells(vectors)


def headline(name: str) -> ReleasedHeadline:
    """Return a headline as an entry has it."""
    return ReleasedHeadline.model_validate_json(
        canonical_json({"name": name, "whole": [1, 1, 1], **HEADLINES[name]}), strict=True
    )


def layout_of(sigma: float) -> Layout:
    """Return the tables with this noise on each category."""
    basis = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    return Layout({name: len(keys) for name, keys in KEYS.items()}, dict.fromkeys(TABLES, sigma), basis)


def noisy_release(layout: Layout, people: Array, rng: np.random.Generator | None = None) -> MeasureFigures:
    """Return a release of `people` (region x age x category), with the layout's noise where there is a generator."""
    noisy = {}
    for table in TABLES:
        summed = people.sum(axis=tuple(at for at, name in enumerate(STRATA) if name not in table)).ravel()
        noisy[table] = summed if rng is None else summed + rng.normal(0, layout.sigma[table], summed.shape)
    estimates = reconcile(layout, noisy)
    cells = {}
    for table, array in estimates.tables.items():
        variance = layout.variance(table) * float(layout.spread.sum())
        for place in itertools.product(*(range(layout.keys[name]) for name in table)):
            cohort = tuple(KEYS[name][at] for name, at in zip(table, place, strict=True))
            count = count_figure(float(array[place].sum()), variance)
            cells[table, cohort] = CellFigures(table, place, cohort, array[place], count)
    one = measure("mood", [headline(name) for name in HEADLINES], layout.basis)
    return MeasureFigures(one, estimates, DISPLAY, cells)
