"""A service whose exact cells are known, with a plan's noise: what modelled figures are judged on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from analytics.contracts import MICRO, UNKNOWN, FrozenMeasure, Grid, read_plan, shipped_contracts, table_name
from analytics.layout import Array, Dimensions, Layout
from analytics.periods import Period
from analytics.release.draw import described
from analytics.simulation.draws import Flags, Whole
from analytics.store.body import ReleaseBody, ReleasedMeasure
from benchmarks.modelled.regimes import TABLES, WEEKS, event, exact

PRODUCT, MEASURE = "weekly_mood", "mood_bands"

LONG_AGO = 999
"""Releases since a sudden change, where there was none."""


@dataclass(frozen=True)
class Service:
    """One measure's exact cells, release by release, and the noise that they get."""

    layout: Layout
    truth: dict[Dimensions, Array]
    """Releases x cells x categories, in persons."""
    known: dict[Dimensions, Flags]
    """Which cells are of known keys only."""
    since: dict[Dimensions, Whole] = field(default_factory=dict)
    """Releases x cells: releases since the latest sudden change that hits the cell, 0 in its own."""

    @property
    def releases(self) -> int:
        """How many there are."""
        return len(next(iter(self.truth.values())))

    def noisy(self, seed: Sequence[int]) -> Iterator[dict[Dimensions, Array]]:
        """Yield each release's noisy coordinates in persons. The noise is NumPy's and has a seed: no release."""
        rng, basis = np.random.default_rng(seed), np.array(self.layout.basis, dtype=np.float64)
        for number in range(self.releases):
            yield {
                table: (cells[number] @ basis.T).ravel()
                + rng.normal(scale=self.layout.sigma[table], size=len(cells[number]) * len(basis))
                for table, cells in self.truth.items()
            }


@cache
def measure() -> ReleasedMeasure:
    """Return the weekly measure as a release of the standard plan describes it."""
    return _body().measures[0]


@cache
def display() -> dict[str, str]:
    """Return the standard plan's display rule."""
    return dict(_body().display)


def _body() -> ReleaseBody:
    plan, grid = read_plan(shipped_contracts(), "standard")
    return described(plan, grid, PRODUCT, Period("week", 2024, 1))


@cache
def standard_layout() -> Layout:
    """Return the layout of the standard plan's weekly release."""
    plan, grid = read_plan(shipped_contracts(), "standard")
    assert plan.frozen is not None  # noqa: S101 -- the shipped plan is
    return layout_of(grid, plan.frozen[PRODUCT][MEASURE], TABLES)


def layout_of(grid: Grid, noise: FrozenMeasure, tables: Sequence[Dimensions]) -> Layout:
    """Return the layout of tables over a grid under a plan's noise."""
    sigma = {table: noise.sigma[table_name(table)] / MICRO for table in tables}
    return Layout({name: len(grid.keys(name)) for name in grid.dimensions}, sigma, tuple(map(tuple, noise.basis)))


def service(
    sums: dict[Dimensions, Whole], grid: Grid, layout: Layout, since: dict[Dimensions, Whole] | None = None
) -> Service:
    """Return a service of exact sums in micro-persons: releases, keys of each dimension, categories."""
    truth = {table: _flat(sums[table]) / MICRO for table in layout.sigma}
    known = {table: np.array([UNKNOWN not in keys for keys in grid.cohorts(table)]) for table in layout.sigma}
    never = {table: np.full(cells.shape[:2], LONG_AGO) for table, cells in truth.items()}
    return Service(layout, truth, known, since or never)


def _flat(sums: Whole) -> Whole:
    return sums.reshape(len(sums), -1, sums.shape[-1])


def of_regime(regime: str, seed: int, weeks: int = WEEKS, others: int = 0) -> Service:
    """Return a regime's service under the standard plan."""
    sums = exact(regime, seed, weeks, others=others)
    _, grid = read_plan(shipped_contracts(), "standard")
    return service(sums, grid, standard_layout(), since_changes(regime, weeks))


def since_changes(regime: str, weeks: int) -> dict[Dimensions, Whole]:
    """Return for each table, by week and cell, the releases since the latest sudden change that hits the cell."""
    happening = event(regime, weeks)
    found = {}
    for table in TABLES:
        since = np.full((weeks, happening.cells[table_name(table)].size), LONG_AGO)
        for first, hit in sorted(happening.steps.items()):
            places = np.flatnonzero(hit[table_name(table)].ravel())
            since[first:, places] = np.arange(weeks - first)[:, None]
        found[table] = since
    return found
