"""This project's way, by its own code: the plan's noise, the integer draw, reconciliation, headlines, display rule."""

import itertools
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from analytics.cells import NoisyCells, TableKey
from analytics.contracts import FrozenMeasure, Grid, Plan, read_plan, shipped_contracts, table_name
from analytics.layout import Dimensions
from analytics.periods import Period, most_touched
from analytics.release.budget import cells_of, frozen_product, sensitivity, solved
from analytics.release.draw import described, measured
from analytics.release.noise import noisy
from analytics.release.optimum import PARTS, identity
from analytics.store.body import HeadlineKind, ReleaseBody
from analytics.store.chain import GENESIS, Entry
from analytics.trends.estimation.figures import UNIT_SCALE, figures_of, headline_figure, people_floor
from benchmarks.accuracy.figures import Figures
from benchmarks.accuracy.population import WEEKS, Population
from benchmarks.accuracy.practice import RHO

MEASURE = "mood_bands"
PRODUCT = "weekly"
FIRST = Period("week", 2024, 1)
"""Any period: the figures do not depend on it."""

_ASKED = ("people", "low_share", "mean_mood")
_POSSIBLE = ((-np.inf, np.inf), (0.0, 100.0), (1.0, 5.0))


@dataclass(frozen=True)
class Design:
    """A plan with its noise, over a public grid."""

    plan: Plan
    grid: Grid
    noise: FrozenMeasure

    @property
    def tables(self) -> tuple[Dimensions, ...]:
        """The tables of a release, in order."""
        return self.plan.products[PRODUCT].tables[MEASURE]


def frozen(grid: Grid, tables: tuple[Dimensions, ...]) -> Design:
    """Return the shipped measure's plan for 12 weekly releases of rho 0.0885 in all, as `plan --freeze` solves it."""
    plan = _plan(tables)
    return Design(plan, grid, solved(plan, grid)[PRODUCT][MEASURE])


def identity_equal(grid: Grid, tables: tuple[Dimensions, ...]) -> Design:
    """Return the same plan with each band measured by itself and the loss split evenly over the tables."""
    plan = _plan(tables)
    bases = {MEASURE: identity(len(plan.measures[MEASURE].categories))}
    parts = [[PARTS // len(tables)] * len(tables)]
    return Design(plan, grid, frozen_product(plan, grid, plan.products[PRODUCT], bases, parts)[MEASURE])


def _plan(tables: tuple[Dimensions, ...]) -> Plan:
    """Return the shipped plan with one product, whose part is for all the weeks that a year of logging touches."""
    shipped, _ = read_plan(shipped_contracts(), "standard")
    part = Decimal(str(RHO)) * most_touched("week") / WEEKS
    product = next(iter(shipped.products.values()))
    changed: dict[str, Any] = {
        "cap_rho": part,
        "products": {PRODUCT: product.model_copy(update={"part_rho": part, "tables": {MEASURE: tables}})},
        "frozen": None,
    }
    return shipped.model_copy(update=changed)


@dataclass(frozen=True)
class Drawn:
    """Twelve weeks' releases."""

    figures: Figures
    shown: Figures
    """Weeks by cells: 1 where the display rule shows the cohort, 0 where it withholds it."""
    loss_nano: int
    """What the noise engine certified for all of them."""


class Shares:
    """A population's exact cells, from which twelve weeks are drawn any number of times."""

    def __init__(self, population: Population, design: Design) -> None:
        """Measure every table of every week by the design's basis; whole micro-persons."""
        self._design, self._body = design, _body(design)
        basis = design.noise.basis
        self._coordinates = {
            table: [measured([int(value) for value in week.ravel()], basis) for week in sums]
            for table in design.tables
            for sums in [population.summed(population.shares, design.grid, table)]
        }

    def drawn(self) -> Drawn:
        """Draw twelve weeks."""
        lost, weeks = 0, []
        for week in range(WEEKS):
            vectors = {}
            for table in self._design.tables:
                vectors[TableKey(MEASURE, table)], loss = self._noisy(table, week)
                lost += loss
            weeks.append(self._published(NoisyCells(vectors)))
        figures, shown = (
            {table: np.stack([one[part][table] for one in weeks]) for table in self._design.tables} for part in (0, 1)
        )
        return Drawn(figures, shown, lost)

    def _noisy(self, table: Dimensions, week: int) -> tuple[tuple[int, ...], int]:
        noise = self._design.noise
        size = cells_of(self._design.grid, table, noise.basis)
        return noisy(self._coordinates[table][week], size, sensitivity(noise.basis), noise.sigma[table_name(table)])

    def _published(self, cells: NoisyCells) -> tuple[Figures, Figures]:
        """Return one week's figures (cells, headlines) and which cells are shown."""
        (release,) = figures_of(Entry.chained(1, GENESIS, self._body.text), cells)
        headlines = {one.name: one for one in release.measure.headlines}
        figures: Figures = {}
        shown: Figures = {}
        for table, result in itertools.groupby(release.cells.values(), key=lambda cell: cell.table):
            rows = list(result)
            figures[table] = np.array(
                [
                    [_scaled(headline_figure(release, cell, headlines[name]).estimate, name) for name in _ASKED]
                    for cell in rows
                ]
            )
            floor = people_floor(release.layout, table, release.display)
            shown[table] = np.array([float(cell.people.estimate >= floor) for cell in rows])
        for number, (low, high) in enumerate(_POSSIBLE):
            for array in figures.values():
                array[:, number] = np.clip(array[:, number], low, high)
        return figures, shown


def _scaled(estimate: float, headline: str) -> float:
    """Return people as they are, shares in percent, means from 1 to 5."""
    if headline == "mean_mood":
        return 1 + 4 * estimate
    return estimate * (UNIT_SCALE[HeadlineKind.SHARE] if headline == "low_share" else 1)


def _body(design: Design) -> ReleaseBody:
    """Return an entry's body; estimates and figures read its grid, its noise and its headlines."""
    frozen = {PRODUCT: {MEASURE: design.noise}}
    return described(design.plan.model_copy(update={"frozen": frozen}), design.grid, PRODUCT, FIRST)
