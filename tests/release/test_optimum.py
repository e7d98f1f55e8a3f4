"""The noise that is frozen serves the headlines as well as any noise could, within 1 %."""

import math
import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.contracts import MICRO, NANO, Grid, Headline, Measure, Plan, read_plan, shipped_contracts, table_name
from analytics.layout import Dimensions, Layout
from analytics.release.budget import marginals, shares_of, solved
from analytics.release.comparison import VARIANTS, errors
from analytics.release.optimum import (
    LEAST_PARTS,
    PARTS,
    Marginals,
    basis_error,
    best_basis,
    best_gram,
    best_shares,
    identity,
    in_parts,
    split_error,
    workload,
)
from tests.support.releases import GRID, unfrozen

SHIPPED = ("standard", "small")


def measure_of(rng: random.Random, categories: int) -> Measure:
    """Return a measure with headlines of all kinds and random importance."""

    def headline(kind: str, unit: str, weights: list[int]) -> Headline:
        importance = Decimal(rng.randrange(1, 500)) / 100
        return Headline.model_validate(
            {"label": kind, "kind": kind, "unit": unit, "weights": weights, "importance": importance}
        )

    cut = rng.randrange(1, categories)
    return Measure(
        label="Invented",
        definition="Invented.",
        least_data="One entry.",
        categories={f"c{number}": str(number) for number in range(categories)},
        headlines={
            "people": headline("people", "persons", [1] * categories),
            "low": headline("share", "percent", [1] * cut + [0] * (categories - cut)),
            "mean": headline("mean", "0-100", [100 * n // (categories - 1) for n in range(categories)]),
        },
        category_importance=Decimal(rng.randrange(1, 100)) / 100,
    )


@pytest.mark.parametrize("seed", range(12))
def test_no_basis_is_better_and_the_integers_cost_next_to_nothing(seed: int) -> None:
    """The dual bound holds for any basis, is attained before rounding, and the integer basis lies within 0.2 % of it.

    Twelve random measures of two to seven categories; against each 200 random bases and 200 small changes of the best.
    """
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    measure = measure_of(rng, rng.randrange(2, 8))
    size = len(measure.categories)
    weights, best = workload(measure), best_gram(workload(measure))
    assert np.max(np.diag(best.gram)) <= 1 + 1e-9
    assert np.trace(weights @ np.linalg.inv(best.gram)) == pytest.approx(best.bound, rel=1e-8)
    for number in range(400):
        b = numbers.normal(size=(size, size)) + (np.linalg.cholesky(best.gram).T * 20 if number % 2 else 0)
        gram = b.T @ b / np.max(np.diag(b.T @ b))
        assert np.trace(weights @ np.linalg.inv(gram)) >= best.bound * (1 - 1e-9)
    assert best.bound <= basis_error(measure, best_basis(measure)) <= best.bound * 1.002
    assert best.bound < basis_error(measure, identity(size))


def test_a_measure_without_preference_is_measured_as_it_is() -> None:
    """Where each category weighs alike and nothing else weighs, the best basis is nearly the identity."""
    measure = measure_of(random.Random(1), 4)
    plain = measure.model_copy(update={"category_importance": Decimal(10_000)})
    assert best_basis(plain) == identity(4)


random_marginals = st.lists(
    st.sets(st.sets(st.sampled_from("abc"), max_size=3).map(lambda names: tuple(sorted(names))), min_size=1),
    min_size=1,
    max_size=3,
)


@settings(deadline=None, max_examples=60)
@given(tables=random_marginals, seed=st.integers(0, 999))
def test_no_split_is_better(tables: list[set[Dimensions]], seed: int) -> None:
    """On random plans the split's bound holds for any other split, and the split in integers is within 1 % of it."""
    rng = random.Random(seed)
    keys = {name: rng.randrange(2, 30) for name in "abc"}
    measures = [Marginals(keys, tuple(sorted(one)), rng.uniform(0.5, 5)) for one in tables]
    error, savings = split_error(measures, best_shares(measures))
    bound = 2 * error - max(map(max, savings))
    assert bound == pytest.approx(error, rel=1e-5)
    for _ in range(20):
        drawn = [[rng.expovariate(1) + 1e-6 for _ in one.tables] for one in measures]
        whole = sum(map(sum, drawn))
        assert split_error(measures, [[part / whole for part in row] for row in drawn])[0] >= bound * (1 - 1e-9)
    parts = in_parts(best_shares(measures))
    assert sum(map(sum, parts)) <= PARTS
    assert min(map(min, parts)) >= LEAST_PARTS
    assert split_error(measures, [[part / PARTS for part in row] for row in parts])[0] <= error * 1.01


def error_of(plan: Plan, grid: Grid, product: str) -> tuple[float, float]:
    """Return (error of the frozen noise, bound that no marginal plan of this loss can pass), in persons squared.

    Where the split is that for modelled figures, which gives up some of this error, the bound is that of its bases:
    how good such a split is for what it is made for, tests of `modelled_split` say.
    """
    declared, frozen = plan.products[product], (plan.frozen or {})[product]
    keys = {name: len(grid.keys(name)) for name in grid.dimensions}
    total = 0.0
    for measure, tables in declared.tables.items():
        noise = frozen[measure]
        layout = Layout(keys, {t: noise.sigma[table_name(t)] / MICRO for t in tables}, noise.basis)
        total += float(np.trace(workload(plan.measures[measure]) @ layout.spread)) * sum(map(layout.variance, tables))
    bounds = {name: best_gram(workload(plan.measures[name])).bound for name in declared.tables}
    shapes = marginals(plan, grid, declared, bounds)
    bases = {name: best_basis(plan.measures[name]) for name in bounds}
    plain, chosen = best_shares(shapes), shares_of(plan, grid, declared, bases)
    loss = declared.part_nano / NANO
    if not np.allclose(np.concatenate(plain), np.concatenate(chosen), rtol=0.01):
        return total, split_error(shapes, chosen)[0] / loss
    least, savings = split_error(shapes, plain)
    return total, (2 * least - max(map(max, savings))) / loss


@pytest.mark.parametrize("name", SHIPPED)
def test_the_frozen_noise_is_within_one_per_cent_of_the_optimum(name: str) -> None:
    """Basis and split together, in the integers that are drawn with, lie within 1 % of what no marginal plan passes."""
    plan, grid = read_plan(shipped_contracts(), name)
    for product in plan.products:
        error, bound = error_of(plan, grid, product)
        assert bound < error <= bound * 1.01


def test_the_importance_of_a_headline_moves_the_noise() -> None:
    """A headline that weighs a hundred times as much is measured better, at the price of the others."""
    plan = unfrozen()
    result = plan.measures["mood"].headlines
    heavier = plan.measures["mood"].model_copy(
        update={"headlines": {**result, "people": result["people"].model_copy(update={"importance": Decimal(100)})}}
    )
    changed = plan.model_copy(update={"measures": {"mood": heavier}})
    before, after = (
        {(row["table"], row["headline"]): row["plan"] for row in errors(one, GRID, solved(one, GRID))}
        for one in (plan, changed)
    )
    assert after["all", "people"] < before["all", "people"]
    assert after["all", "low_share"] > before["all", "low_share"]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_gain_of_the_basis_is_given_for_each_headline(name: str) -> None:
    """Each headline of each table has four errors: a tenth worse if mood's bands are measured as they are."""
    plan, grid = read_plan(shipped_contracts(), name)
    rows = list(errors(plan, grid, solved(plan, grid)))
    result = [(one, table) for product in plan.products.values() for one, table in product.measured()]
    assert len(rows) == sum(len(plan.measures[measure].headlines) for measure, _ in result)
    for row in rows:
        assert all(math.isfinite(row[variant]) and row[variant] > 0 for variant in VARIANTS)
        assert row["identity"] > 1.1 * row["plan"] or row["measure"] != "mood_bands"
        assert row["plan"] == pytest.approx(row["optimum"], rel=0.01)


def test_the_stated_errors_are_those_of_the_drawn_noise() -> None:
    """For one table alone the error is sigma times the length that the basis leaves of the headline."""
    plan, grid = read_plan(shipped_contracts(), "standard")
    alone = plan.products["weekly_mood"].model_copy(update={"tables": {"mood_bands": (("region",),)}})
    one = plan.model_copy(update={"products": {"weekly_mood": alone}})
    frozen = solved(one, grid)
    noise = frozen["weekly_mood"]["mood_bands"]
    back = np.linalg.inv(np.array(noise.basis, dtype=np.float64))
    result = {row["headline"]: row["plan"] for row in errors(one, grid, frozen)}
    for name, functional in (("people", [1, 1, 1, 1, 1]), ("low_share", [1, 1, 0, 0, 0])):
        expected = noise.sigma["region"] / MICRO * float(np.linalg.norm(np.array(functional) @ back))
        assert result[name] == pytest.approx(expected, rel=1e-9)
