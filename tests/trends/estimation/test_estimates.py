"""Reconciled tables are what generic least squares gives, and they add up."""

import itertools

import numpy as np
import pytest

from analytics.layout import Array, Dimensions, Layout
from analytics.trends.estimation.estimates import reconcile

PLANS: dict[str, tuple[dict[str, int], dict[Dimensions, float], tuple[tuple[int, ...], ...]]] = {
    "everyone and one grouping": ({"a": 3}, {(): 2.0, ("a",): 5.0}, ((1, 0), (0, 1))),
    "no table of everyone": ({"a": 3, "b": 2}, {("a",): 1.0, ("b",): 3.0}, ((1,),)),
    "the standard shape": (
        {"a": 4, "b": 3, "c": 2},
        {(): 1.0, ("a",): 1.0, ("b",): 1.0, ("c",): 1.0, ("a", "b"): 1.0},
        ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ),
    "another order and basis": (
        {"a": 3, "b": 2, "c": 2},
        {("b", "a"): 2.0, ("c", "a"): 1.5, ("a",): 0.7},
        ((100, 100, 100), (97, -3, -94), (50, -50, 0), (1, 0, 7)),
    ),
    "three ways": (
        {"a": 2, "b": 2, "c": 3},
        {("a", "b", "c"): 4.0, (): 1.0, ("b", "c"): 2.0},
        ((2, 1), (0, 3), (1, 1)),
    ),
}


def cells_of(keys: dict[str, int], dimensions: Dimensions) -> list[tuple[int, ...]]:
    """Return a table's cells in its own order."""
    return list(itertools.product(*(range(keys[name]) for name in dimensions)))


def summing(keys: dict[str, int], table: Dimensions) -> Array:
    """Return the matrix from all cells over all dimensions to a table's cells."""
    whole, places = cells_of(keys, tuple(keys)), [list(keys).index(name) for name in table]
    return np.array([[float(tuple(one[p] for p in places) == cell) for one in whole] for cell in cells_of(keys, table)])


def random_plan(
    rng: np.random.Generator,
) -> tuple[dict[str, int], dict[Dimensions, float], tuple[tuple[int, ...], ...]]:
    """Return up to three dimensions of two to four keys, tables in any order, and an integer basis of full rank."""
    keys = {name: int(rng.integers(2, 5)) for name in "abc"[: rng.integers(1, 4)]}
    subsets = [names for size in range(len(keys) + 1) for names in itertools.permutations(keys, size)]
    chosen = {frozenset(subsets[place]): subsets[place] for place in rng.integers(0, len(subsets), rng.integers(1, 6))}
    categories = int(rng.integers(1, 4))
    basis = np.zeros((1, 1), dtype=np.int64)
    while np.linalg.matrix_rank(basis) < categories or np.linalg.cond(basis) > 30:
        basis = rng.integers(-100, 101, (categories + int(rng.integers(0, 2)), categories))
    sigma = {table: float(rng.uniform(0.2, 20)) for table in chosen.values()}
    return keys, sigma, tuple(tuple(map(int, row)) for row in basis)


RANDOM_PLANS = {f"random {seed}": random_plan(np.random.default_rng(seed)) for seed in range(40)}


@pytest.mark.parametrize("name", [*PLANS, *RANDOM_PLANS])
def test_estimates_and_covariances_are_least_squares(name: str) -> None:
    """Values and every covariance, within and across tables, equal generic least squares over all cells to 1e-9."""
    keys, sigma, basis = (PLANS | RANDOM_PLANS)[name]
    rng = np.random.default_rng(3)
    layout, b = Layout(keys, sigma, basis), np.array(basis, dtype=np.float64)
    categories = b.shape[1]
    noisy = {t: rng.normal(1, 0.3, len(cells_of(keys, t)) * len(basis)) for t in sigma}
    design = np.vstack([np.kron(summing(keys, t), b) / s for t, s in sigma.items()])
    seen = np.concatenate([noisy[t] / s for t, s in sigma.items()])
    solution = np.linalg.lstsq(design, seen, rcond=None)[0]
    covariance = np.linalg.pinv(design.T @ design)
    onto = {t: np.kron(summing(keys, t), np.eye(categories)) for t in sigma}
    estimates = reconcile(layout, noisy)
    for one, other in itertools.product(sigma, repeat=2):
        np.testing.assert_allclose(estimates.tables[one].ravel(), onto[one] @ solution, rtol=1e-9, atol=1e-9)
        expected = onto[one] @ covariance @ onto[other].T
        ours = np.block(
            [
                [layout.covariance(one, cell, other, with_) * layout.spread for with_ in cells_of(keys, other)]
                for cell in cells_of(keys, one)
            ]
        )
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-9 * np.abs(expected).max())
        assert layout.variance(one) == pytest.approx(
            layout.covariance(one, cells_of(keys, one)[-1], one, cells_of(keys, one)[-1])
        )


def test_tables_add_up() -> None:
    """Groups sum to everyone and crossed groups to each of their parts, to the last digits of a float."""
    keys, sigma, basis = PLANS["the standard shape"]
    rng = np.random.default_rng(4)
    for _ in range(20):
        noisy = {t: rng.normal(1e4, 1e3, len(cells_of(keys, t)) * len(basis)) for t in sigma}
        tables = reconcile(Layout(keys, sigma, basis), noisy).tables
        for name in keys:
            np.testing.assert_allclose(tables[name,].sum(axis=0), tables[()], rtol=1e-12)
        np.testing.assert_allclose(tables["a", "b"].sum(axis=1), tables["a",], rtol=0, atol=1e-8)
        np.testing.assert_allclose(tables["a", "b"].sum(axis=0), tables["b",], rtol=0, atol=1e-8)


def test_without_noise_nothing_changes() -> None:
    """Tables that agree already are left as they are: the estimate has no bias, and nothing is clamped."""
    keys, sigma, basis = PLANS["another order and basis"]
    rng = np.random.default_rng(5)
    people = rng.integers(-5, 50, (len(cells_of(keys, tuple(keys))), 3)).astype(np.float64)
    true = {t: summing(keys, t) @ people for t in sigma}
    noisy = {t: (array @ np.array(basis, dtype=np.float64).T).ravel() for t, array in true.items()}
    tables = reconcile(Layout(keys, sigma, basis), noisy).tables
    for table, array in true.items():
        np.testing.assert_allclose(tables[table].reshape(array.shape), array, rtol=0, atol=1e-9)


@pytest.mark.parametrize("plan", PLANS)
def test_covariances_of_a_table_are_those_of_its_cells(plan: str) -> None:
    """The matrix of a table holds, flat in the table's own order, the covariance of every two of its cells."""
    keys, sigma, basis = PLANS[plan]
    layout = Layout(keys, sigma, basis)
    for table in sigma:
        cells = cells_of(keys, table)
        expected = [[layout.covariance(table, one, table, other) for other in cells] for one in cells]
        assert layout.covariances(table) == pytest.approx(np.array(expected))
