"""The split for modelled figures: no other is better, no table is starved, and a small gain is not taken."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from analytics.contracts import Grid, Plan, Product, read_plan, shipped_contracts
from analytics.contracts.assumptions import Assumptions
from analytics.foreseen.assumed import Spread
from analytics.release import modelled_split
from analytics.release.budget import frozen_noise, frozen_product, marginals, table_losses
from analytics.release.modelled_split import (
    KEPT,
    LEAST_GAIN,
    Foreseen,
    best_modelled_shares,
    foreseen,
    left_to_gain,
    modelled_error,
)
from analytics.release.optimum import basis_error, best_basis, best_shares, in_parts
from tests.support.releases import GRID, PRODUCT, unfrozen

Shares = list[list[float]]

STEPS = 24
"""Of a grid of splits: every table's free part in so many steps."""


def setting(plan: Plan, grid: Grid, product: Product) -> tuple[list[Foreseen], Shares]:
    """Return what the split of a product depends on, and the split for plain figures."""
    bases = {name: best_basis(plan.measures[name]) for name in product.tables}
    errors = {name: basis_error(plan.measures[name], basis) for name, basis in bases.items()}
    return foreseen(plan, grid, product, bases), best_shares(marginals(plan, grid, product, errors))


def assuming(people: int) -> tuple[list[Foreseen], Shares]:
    """Return the setting of the tests' plan, with one measure and three tables, for a service of such a size."""
    plan = unfrozen()
    plan = plan.model_copy(update={"assumes": plan.assumes.model_copy(update={"people": people})})
    return setting(plan, GRID, plan.products[PRODUCT])


def others(plain: Shares) -> Iterator[Shares]:
    """Yield every split of a grid: each table keeps its part, and what is free goes round in steps."""
    (row,) = plain
    for steps in itertools.product(range(STEPS + 1), repeat=len(row) - 1):
        if sum(steps) <= STEPS:
            free = [*steps, STEPS - sum(steps)]
            yield [[KEPT * part + (1 - KEPT) * step / STEPS for part, step in zip(row, free, strict=True)]]


@pytest.mark.parametrize("people", [300, 4000, 100_000])
def test_no_split_of_a_grid_is_better(people: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All 325 splits of one measure over three tables are worse, for services of three sizes."""
    monkeypatch.setattr(modelled_split, "LEAST_GAIN", -1.0)
    measures, plain = assuming(people)
    best = best_modelled_shares(measures, plain)
    error = modelled_error(measures, best, plain)[0]
    assert error < modelled_error(measures, plain, plain)[0]
    assert all(modelled_error(measures, one, plain)[0] > error * (1 - 1e-4) for one in others(plain))


def test_savings_are_what_a_little_more_loss_saves() -> None:
    """For each table a thousandth more of its part saves what the derivative says."""
    measures, plain = assuming(4000)
    error, savings = modelled_error(measures, plain, plain)
    for place, part in enumerate(plain[0]):
        more = [[one + part / 1000 * (at == place) for at, one in enumerate(plain[0])]]
        saved = error - modelled_error(measures, more, plain)[0]
        assert saved == pytest.approx(savings[0][place] * part / 1000, rel=0.01)
        assert saved > 0


def test_a_gain_under_three_per_cent_leaves_the_split_for_plain_figures() -> None:
    """Of the weekly figures of the standard plan little can be gained, so they keep the plain split, bit by bit."""
    plan, grid = read_plan(shipped_contracts(), "standard")
    measures, plain = setting(plan, grid, plan.products["weekly_mood"])
    assert best_modelled_shares(measures, plain) is plain


def test_the_four_weekly_patterns_gain_and_nothing_better_is_left() -> None:
    """The standard plan's patterns gain more than 3 %; no table loses more than half; what is left is under 0.1 %."""
    plan, grid = read_plan(shipped_contracts(), "standard")
    measures, plain = setting(plan, grid, plan.products["monthly_patterns"])
    best = best_modelled_shares(measures, plain)
    error, savings = modelled_error(measures, best, plain)
    assert error < (1 - LEAST_GAIN) * modelled_error(measures, plain, plain)[0]
    kept = np.concatenate([np.array(p) * KEPT for p in plain])
    assert (np.concatenate([np.array(row) for row in best]) >= kept).all()
    assert sum(map(sum, best)) == pytest.approx(1)
    free = [[q - KEPT * p for p, q in zip(*rows, strict=True)] for rows in zip(plain, best, strict=True)]
    assert left_to_gain(free, savings) < 1e-3 * error


@pytest.mark.parametrize("name", ["standard", "small"])
def test_the_frozen_split_is_the_one_that_was_solved(name: str) -> None:
    """What each table may lose, in the integers that are drawn with, is within 1 % of the best modelled error."""
    plan, grid = read_plan(shipped_contracts(), name)
    for key, product in plan.products.items():
        measures, plain = setting(plan, grid, product)
        losses = table_losses(product, (plan.frozen or {})[key])
        spent = [
            [losses[measure, table] * plan.touches(product, measure) / product.part_nano for table in tables]
            for measure, tables in product.tables.items()
        ]
        error = modelled_error(measures, best_modelled_shares(measures, plain), plain)[0]
        assert error <= modelled_error(measures, spent, plain)[0] <= 1.01 * error


def test_noise_that_was_split_for_plain_figures_goes_on_fitting() -> None:
    """A plan that an earlier version froze costs no more than its part, so a home goes on with it unchanged."""
    plan, grid = read_plan(shipped_contracts(), "standard")
    product = plan.products["monthly_patterns"]
    _, plain = setting(plan, grid, product)
    bases = {name: best_basis(plan.measures[name]) for name in product.tables}
    earlier = frozen_product(plan, grid, product, bases, in_parts(plain))
    assert earlier != (plan.frozen or {})["monthly_patterns"]
    kept = plan.model_copy(update={"frozen": {**(plan.frozen or {}), "monthly_patterns": earlier}})
    assert frozen_noise(kept, "the plan") == kept.frozen


def test_assumptions_are_no_part_of_the_policy() -> None:
    """A plan without them has the usual ones; other ones leave its fingerprint, for no release depends on them."""
    plan = unfrozen()
    other = plan.model_copy(update={"assumes": Assumptions(people=123)})
    assert plan.assumes == Assumptions()
    assert other.fingerprint(GRID) == plan.fingerprint(GRID)


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"shoe_size": {"large": 1}}, "assumes.parts.shoe_size"),  # no dimension
        ({"region": {"north": 1}}, "assumes.parts.region"),  # keys are missing
        ({"region": {"north": 0, "south": 0, "unknown": 0}}, "assumes.parts.region"),  # parts of nothing
    ],
)
def test_parts_that_do_not_fit_the_grid_are_refused(parts: dict[str, dict[str, int]], place: str) -> None:
    """The answer names the dimension."""
    plan = unfrozen().model_copy(update={"assumes": Assumptions.model_validate({"parts": parts})})
    found = plan.undeclared(GRID)
    assert found is not None
    assert found[0] == place


def test_uneven_parts_are_cells_of_their_own() -> None:
    """Of 1,000 people in three regions as 6 to 3 to 1, each region has its number and its variance."""
    parts = {"region": {"north": 6, "south": 3, "unknown": 1}}
    spread = Spread.of(GRID, Assumptions.model_validate({"parts": parts}))
    assert spread.people(("region",), 1000).ravel().tolist() == [600, 300, 100]
    assert spread.people(("region", "age"), 1000).ravel().tolist() == [600, 300, 100]  # one known age
    assert spread.sizes == {"region": 3, "age": 1}
