"""What a plan predicts of modelled figures is what the model then does, and more of anything helps."""

import functools
import math

import numpy as np
import pytest

from analytics.contracts import MICRO, Measure, Plan, read_plan, shipped_contracts, table_name
from analytics.contracts.assumptions import Assumptions
from analytics.foreseen.assumed import Spread, sought
from analytics.foreseen.recursion import Split, modelled_variances
from analytics.layout import Array, Dimensions, Layout
from analytics.trends.estimation.expected import plan_layout
from analytics.trends.modelling.model import MeasureModel
from benchmarks.modelled import regimes
from tests.support.releases import GRID, plan_of

WEEKS, SEEDS, RUNS = 13, 5, 8
LAST = 4
"""Of so many weeks the errors are taken together: everybody is one cell, and chance would decide in one week alone."""
LEAST_PEOPLE = 60
"""Cells with fewer are left out: there the model also meets cells that hardly exist."""

PLAN, SHIPPED_GRID = read_plan(shipped_contracts(), "standard")
MEASURE = PLAN.measures["mood_bands"]
TABLES = PLAN.products["weekly_mood"].tables["mood_bands"]


def value(measure: Measure, headline: str, cells: Array) -> Array:
    """Return a headline of each cell, in persons or as a part of its scale."""
    if headline == "people":
        return cells @ np.ones(cells.shape[1])
    weights = np.array(measure.headlines[headline].weights) / (100 if headline == "mean_mood" else 1)
    found: Array = cells @ weights / cells.sum(axis=1)
    return found


@functools.cache
def standard_layout() -> Layout:
    """Return the noise of the standard plan's weekly mood."""
    return plan_layout(SHIPPED_GRID, TABLES, (PLAN.frozen or {})["weekly_mood"]["mood_bands"])


@functools.cache
def measured_and_predicted() -> dict[tuple[str, str], tuple[float, float]]:
    """Return the errors of weeks 10 to 13, and the standard deviations predicted: by table and headline."""
    layout, basis = standard_layout(), np.array(standard_layout().basis, dtype=np.float64)
    mean = np.array(MEASURE.headlines["mean_mood"].weights) / 100
    squares: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for seed in range(1, SEEDS + 1):
        sums = regimes.exact("quiet", seed, weeks=WEEKS)
        exact = {table: sums[table].reshape(WEEKS, layout.size(table), -1) / MICRO for table in TABLES}
        predicted = predicted_for(exact)
        for run in range(RUNS):
            noise, model = np.random.default_rng([seed, run]), MeasureModel(mean=mean)
            for week in range(WEEKS):
                model, release = model.step(layout, drawn(exact, week, basis, layout, noise))
                for (table, headline), variances in predicted.items() if week >= WEEKS - LAST else ():
                    now, modelled = exact[table][week], release.cells[table].persons
                    kept = now.sum(axis=1) >= LEAST_PEOPLE
                    error = value(MEASURE, headline, modelled[kept]) - value(MEASURE, headline, now[kept])
                    squares.setdefault((table_name(table), headline), []).append(
                        (float((error**2).mean()), float(variances[kept].mean()))
                    )
    return {
        key: (math.sqrt(pair[0]), math.sqrt(pair[1])) for key, rows in squares.items() for pair in [np.mean(rows, 0)]
    }


def drawn(
    exact: dict[Dimensions, Array], week: int, basis: Array, layout: Layout, noise: np.random.Generator
) -> dict[Dimensions, Array]:
    """Return one release's noisy coordinates."""
    return {
        table: (cells[week] @ basis.T + noise.normal(size=(len(cells[week]), len(basis))) * layout.sigma[table]).ravel()
        for table, cells in exact.items()
    }


def predicted_for(exact: dict[Dimensions, Array]) -> dict[tuple[Dimensions, str], Array]:
    """Return the variances of every cell, for a service that is spread as the simulated one is."""
    parts = {
        name: dict(zip(SHIPPED_GRID.keys(name), map(round, exact[name,][-1].sum(axis=1)), strict=True))
        for name in SHIPPED_GRID.dimensions
    }
    everybody = exact[()][-1][0]
    typical = MEASURE.typical.model_copy(update={"spread": tuple(map(round, everybody))}) if MEASURE.typical else None
    measure = MEASURE.model_copy(update={"typical": typical})
    assumed, layout = PLAN.assumes.model_copy(update={"parts": parts}), standard_layout()
    spread = Spread.of(SHIPPED_GRID, assumed)
    people = {table: spread.people(table, float(everybody.sum())) for table in layout.component_variance}
    noise = {table: np.array(layout.variance(table)) for table in layout.component_variance}
    figures = sought(measure, layout.spread, assumed, len(parts))
    variances = modelled_variances(figures, noise, people, spread.sizes, WEEKS)
    return {
        (table, headline): variances[table][0, place].ravel()
        * (people[table].ravel() ** 2 if headline == "people" else 1.0)
        for place, headline in enumerate(measure.headlines)
        for table in TABLES
    }


@pytest.mark.parametrize("headline", list(MEASURE.headlines))
@pytest.mark.parametrize("table", TABLES, ids=table_name)
def test_the_model_errs_as_much_as_was_predicted(table: Dimensions, headline: str) -> None:
    """After 13 quiet weeks of five invented services, the predicted error lies within a fifth of the real one.

    A fifth, because five services have few regions: how far these lie apart by chance moves the error by a tenth, and
    the model tries many settings, of which the plan's assumptions are one.
    """
    measured, predicted = measured_and_predicted()[table_name(table), headline]
    assert predicted == pytest.approx(measured, rel=0.2)


def variances_of(
    people: float = 3000, periods: int = 13, sigma: float = 60, assumed: Assumptions | None = None
) -> dict[Dimensions, Array]:
    """Return what is predicted for the small plan of the tests: headlines of a cell by table."""
    plan: Plan = plan_of()
    assumed = assumed or plan.assumes
    keys = {name: len(GRID.keys(name)) for name in GRID.dimensions}
    tables: tuple[Dimensions, ...] = ((), ("region",))
    layout = Layout(keys, dict.fromkeys(tables, sigma), ((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    spread = Spread.of(GRID, assumed)
    found = modelled_variances(
        sought(plan.measures["mood"], layout.spread, assumed, len(keys)),
        {table: np.array(layout.variance(table)) for table in tables},
        {table: spread.people(table, people) for table in tables},
        spread.sizes,
        periods,
    )
    return {table: values.ravel() for table, values in found.items()}


@pytest.mark.parametrize("better", [(4000, 13, 60), (3000, 14, 60), (3000, 13, 50)])
def test_more_people_more_periods_and_less_noise_are_all_better(better: tuple[int, int, int]) -> None:
    """Each lowers every variance."""
    usual, improved = variances_of(), variances_of(*better)
    assert all((improved[table] < usual[table]).all() for table in usual)


def test_one_period_of_an_unknown_group_is_its_plain_figure() -> None:
    """If groups may lie anywhere and numbers are not known before, the first number of people is the plain one."""
    wide = {"spread": 10, "change": 0, "variety": 0}
    assumed = Assumptions.model_validate({"everybody": wide, "groups": wide, "numbers": wide})
    keys, tables = {"region": 3, "age": 2}, ((), ("region",))
    everybody = Layout(keys, dict.fromkeys(tables, 60.0), ((1, 0, 0), (0, 1, 0), (0, 0, 1))).variance(())
    found = variances_of(periods=1, assumed=assumed)
    assert found[()][0] == pytest.approx(3 * everybody / 3000**2, rel=1e-4)  # three categories


def test_the_split_of_a_loss_gives_the_variances_of_its_layout() -> None:
    """Half of the loss for a table is twice the variance of its noise: as the layout with such sigmas says."""
    keys = {"region": 3, "age": 2}
    tables: tuple[Dimensions, ...] = ((), ("region",), ("region", "age"))
    split = Split.of(Layout(keys, dict.fromkeys(tables, 1.0), ((1,),)))
    shares = np.array([0.5, 0.3, 0.2])
    same = Layout(keys, {table: 1 / math.sqrt(share) for table, share in zip(tables, shares, strict=True)}, ((1,),))
    assert split.tables == ((), ("region",), ("age",), ("region", "age"))
    assert split.variances(shares) == pytest.approx([same.variance(table) for table in split.tables])
