"""Invented people under a shipped plan, and their releases: whole ones, through the engine, as fast as it draws.

People are Poisson in every combination of keys and categories; the rates are the underlying figures. They are summed
into the plan's tables and measured under its basis, and the noise of many releases is drawn as one vector.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analytics.audit.harness import NOW, FloatArray
from analytics.audit.noise import shipped_plans
from analytics.audit.scenarios import narrowed
from analytics.cells import ExactCells, NoisyCells, TableKey
from analytics.contracts import MICRO, Grid, Plan, table_name
from analytics.periods import Period
from analytics.release.budget import sensitivity
from analytics.release.draw import draw
from analytics.release.noise import noisy
from analytics.store.chain import Entry
from analytics.store.ledger import create_ledger, open_ledger
from analytics.trends.estimation.intervals import Z

SEED = 1954
"""Of the invented people; the noise has none."""

PEOPLE = {"week": 10_000, "four_weeks": 2_500}
"""Expected in a release, by cadence: enough that some cohorts of every table are shown."""

_AT_ONCE = 50
"""Releases that get their noise in one vector."""


@dataclass(frozen=True)
class Scenario:
    """Invented rates of people under one plan: what coverage is counted against."""

    plan: Plan
    """Of one product and one measure."""
    grid: Grid
    rates: FloatArray
    """One axis per dimension of the grid, then the categories."""

    @property
    def tables(self) -> list[tuple[str, ...]]:
        """The plan's tables in its order."""
        (product,) = self.plan.products.values()
        return [dimensions for _, dimensions in product.measured()]

    def summed(self, people: FloatArray, table: tuple[str, ...]) -> FloatArray:
        """Return people by cell and category of a table, flat in the table's order; `people` is shaped as the rates."""
        names = list(self.grid.dimensions)
        left: FloatArray = people.sum(axis=tuple(axis for axis, name in enumerate(names) if name not in table))
        kept = [name for name in names if name in table]
        return left.transpose(*(kept.index(name) for name in table), len(table)).reshape(-1, people.shape[-1])

    def figures(self, people: FloatArray) -> FloatArray:
        """Return every headline of every cell in the order of the published rows; nan where nobody is."""
        (measure,) = self.plan.measures.values()
        weights = np.array([headline.weights for headline in measure.headlines.values()], dtype=np.float64).T
        wholes = np.array([headline.whole for headline in measure.headlines.values()], dtype=np.float64).T
        scale = np.array([100.0 if headline.kind == "share" else 1.0 for headline in measure.headlines.values()])
        counts = np.array([headline.kind == "people" for headline in measure.headlines.values()])
        found = []
        for table in self.tables:
            cells = self.summed(people, table)
            with np.errstate(invalid="ignore"):
                found.append((cells @ weights * scale / np.where(counts, 1.0, cells @ wholes)).ravel())
        return np.concatenate(found)


def invented(plan: Plan, grid: Grid) -> Scenario:
    """Return rates with cohorts of all sizes: keys of very unequal weight, moods that differ from place to place."""
    rng = np.random.default_rng(SEED)
    shape = grid.shape(tuple(grid.dimensions))
    weights = functools.reduce(np.multiply.outer, [np.geomspace(1.0, 0.1, size) for size in shape])
    (product,) = plan.products.values()
    (measure,) = plan.measures.values()
    moods = rng.dirichlet(np.full(len(measure.categories), 4.0), size=shape)
    return Scenario(plan, grid, (PEOPLE[product.cadence] * weights / weights.sum())[..., None] * moods)


COVERED = ("mood_bands", "transitions")
"""One measure with shares and a mean of everyone, one with shares of some categories: intervals know no other kind."""


def scenarios() -> list[Scenario]:
    """Return a scenario for each covered measure of the plans that ship."""
    return [
        invented(narrowed(plan, product, measure), grid)
        for plan, grid in shipped_plans()
        for product, one in plan.products.items()
        for measure in one.tables
        if measure in COVERED
    ]


def entry_of(folder: Path, scenario: Scenario, name_of_store: str = "plain") -> Entry:
    """Return the ledger entry of an empty release: publishing needs it beside the noisy cells."""
    name, product = next(iter(scenario.plan.products.items()))
    (measure,) = scenario.plan.measures.values()
    cells = {
        TableKey(one, table): [0] * (scenario.grid.size(table) * len(measure.categories))
        for one, table in product.measured()
    }
    period = Period.parse("2001-W01" if product.cadence == "week" else "2001-P01")
    store = f"{name_of_store}-{scenario.plan.name}-{next(iter(scenario.plan.measures))}"
    file, head = folder / f"{store}.sqlite", folder / f"{store}.json"
    create_ledger(file, head)
    with open_ledger(file, head) as ledger:
        draw(ledger, scenario.plan, scenario.grid, name, period, lambda _: ExactCells(cells), NOW)
        return ledger.entries()[0]


def releases(
    scenario: Scenario, rng: np.random.Generator, repetitions: int
) -> Iterator[tuple[FloatArray, NoisyCells, float]]:
    """Yield people, their release's noisy cells, and the share of cells within their own noise's limits."""
    (product,) = (scenario.plan.frozen or {}).values()
    ((measure, frozen),) = product.items()
    basis = np.array(frozen.basis, dtype=np.int64)
    d_in = sensitivity(frozen.basis)
    for first in range(0, repetitions, _AT_ONCE):
        number = min(_AT_ONCE, repetitions - first)
        people = rng.poisson(scenario.rates, (number, *scenario.rates.shape)).astype(np.float64)
        noisy_tables, inside = {}, []
        for table in scenario.tables:
            sigma = frozen.sigma[table_name(table)]
            exact = np.array([scenario.summed(one, table) for one in people]).astype(np.int64) @ basis.T * MICRO
            values, _ = noisy(exact.ravel().tolist(), exact.size, d_in, sigma)
            noisy_tables[table] = np.array(values).reshape(number, -1)
            inside.append(np.abs(noisy_tables[table] - exact.reshape(number, -1)) <= Z * sigma)
        within = np.concatenate(inside, axis=1).mean(axis=1)
        for at in range(number):
            vectors = {TableKey(measure, table): tuple(all_[at].tolist()) for table, all_ in noisy_tables.items()}
            yield people[at], NoisyCells(vectors), float(within[at])
