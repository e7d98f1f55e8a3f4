"""The noise that serves a plan's headlines best, from the plan alone: a basis per measure and a split over tables.

A table's measured vector is B·x in every cell. One participant moves it by at most the longest column of B (L4 of the
proof), so at a given loss the covariance of a cell's categories is proportional to d² (BᵀB)⁻¹, d the longest column.
Basis and split can be chosen apart: a headline's variance is a factor of the basis times a factor of the split.
Both problems are convex, are solved by fixed points that need no step size, and come with a bound from below.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.contracts import Measure
from analytics.layout import Array, Dimensions, Layout

Basis = tuple[tuple[int, ...], ...]

BASIS_SCALE = 1000
"""The longest column of an integer basis, about: rounding costs less than 0.2 % of the error (at 100 up to 1.2 %)."""

PARTS = 10_000
"""A split is in ten-thousandths of the allowance, so that the last bits of a machine's arithmetic do not matter."""

LEAST_PARTS = 10
"""No table is left with noise that never ends: at least 0.1 % of the allowance each; the table with most gives it."""

_ROUNDS = 10_000
_CLOSE = 1e-9


def identity(categories: int) -> Basis:
    """Return the basis that measures each category itself."""
    return tuple(tuple(int(row == column) for column in range(categories)) for row in range(categories))


def workload(measure: Measure) -> Array:
    """Return W, categories by categories: a headline's part of tr(W·Cov) is its variance under Cov, by importance.

    Each is taken as a multiple of its variance under the identity, so that persons, percent and points can be added.
    """
    functionals = [(np.array(one.functional), float(one.importance)) for one in measure.headlines.values()]
    parts = [weight * np.outer(ell, ell) / float(ell @ ell) for ell, weight in functionals]
    total: Array = float(measure.category_importance) * np.eye(len(measure.categories))
    return sum(parts, total)


@dataclass(frozen=True)
class GramOptimum:
    """The best M = BᵀB with a diagonal of at most 1, real-valued."""

    gram: Array
    bound: float
    """No M with such a diagonal has a smaller tr(W M⁻¹): the dual problem's value."""


def best_gram(weights: Array) -> GramOptimum:
    """Return the M that minimises tr(W M⁻¹) under diag(M) ≤ 1, for a positive definite W.

    The fixed point v = diag((√v W √v)^½) of Denisov, McMahan, Rush, Smith and Thakurta 2022 (arXiv 2202.08312).
    """
    v = np.ones(len(weights))
    for _ in range(_ROUNDS):
        root = _root(np.sqrt(np.outer(v, v)) * weights)
        after = np.diag(root).copy()
        if float(np.max(np.abs(after / v - 1))) < _CLOSE:
            break
        v = after
    scale = 1 / np.sqrt(v)
    return GramOptimum(np.outer(scale, scale) * root, 2 * float(np.trace(root)) - float(v.sum()))


def best_basis(measure: Measure) -> Basis:
    """Return the measure's integer basis, in lowest terms: the symmetric root of the best M, rounded."""
    rounded = np.rint(BASIS_SCALE * _root(best_gram(workload(measure)).gram)).astype(np.int64)
    terms = math.gcd(*(int(value) for value in rounded.ravel()))
    return tuple(tuple(int(value) // terms for value in row) for row in rounded)


def basis_error(measure: Measure, basis: Basis) -> float:
    """Return tr(W·d²(BᵀB)⁻¹): the headlines' importance-weighted variances per unit of σ²/d²."""
    b = np.array(basis, dtype=np.float64)
    gram = b.T @ b
    return float(np.trace(workload(measure) @ np.linalg.inv(gram)) * np.max(np.diag(gram)))


def _root(matrix: Array) -> Array:
    """Return the symmetric square root of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    root: Array = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    return root


@dataclass(frozen=True)
class Marginals:
    """One measure's tables in the split: what each table's variance weighs, and the shape that it depends on."""

    keys: dict[str, int]
    tables: tuple[Dimensions, ...]
    error: float
    """`basis_error` of its basis."""


def split_error(measures: Sequence[Marginals], parts: Sequence[Sequence[float]]) -> tuple[float, list[list[float]]]:
    """Return the split's error, and what a little more loss would save per table; `parts` sum to 1 over all.

    The error is the sum over measures and tables of one cell's weighted variance. It is convex in the parts and
    inversely proportional to them, so that no split has less than twice the error minus the greatest saving.
    """
    total, savings = 0.0, []
    for one, shares in zip(measures, parts, strict=True):
        layout = Layout(one.keys, dict(zip(one.tables, (math.sqrt(0.5 / p) for p in shares), strict=True)), ((1,),))
        reach = {
            component: sum(
                math.prod(1 - 1 / one.keys[name] for name in component) / layout.size(set(table) - set(component)) ** 2
                for table in one.tables
                if set(component) <= set(table)
            )
            for component in layout.component_variance
        }
        total += one.error * sum(reach[a] * variance for a, variance in layout.component_variance.items())
        savings.append(
            [
                one.error
                * sum(
                    reach[a] * variance**2 * layout.precision(table, a)
                    for a, variance in layout.component_variance.items()
                    if set(a) <= set(table)
                )
                / share
                for table, share in zip(one.tables, shares, strict=True)
            ]
        )
    return total, savings


def best_shares(measures: Sequence[Marginals]) -> list[list[float]]:
    """Return the real-valued split of least error, as shares of a release's allowance.

    The multiplicative rule for designs of least average variance (Silvey, Titterington, Torsney 1978; monotone by
    Yu 2010, arXiv 0911.0108): each share times the root of its saving, until nothing more can be saved.
    """
    count = sum(len(one.tables) for one in measures)
    shares = [[1 / count for _ in one.tables] for one in measures]
    for _ in range(_ROUNDS):
        error, savings = split_error(measures, shares)
        if max(map(max, savings)) < error * (1 + 1e-6):
            break
        grown = [[p * math.sqrt(s) for p, s in zip(*rows, strict=True)] for rows in zip(shares, savings, strict=True)]
        whole = sum(map(sum, grown))
        shares = [[max(p / whole, 1e-12) for p in row] for row in grown]
    return shares


def in_parts(shares: Sequence[Sequence[float]]) -> list[list[int]]:
    """Return each table's part of a release's allowance, in ten-thousandths that sum to at most 10,000."""
    parts = [[max(LEAST_PARTS, int(p * PARTS)) for p in row] for row in shares]
    most = max(parts, key=max)
    most[most.index(max(most))] -= max(0, sum(map(sum, parts)) - PARTS)
    return parts
