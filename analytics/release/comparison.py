"""What the choice of noise gains: each headline's error under the plan, and under the alternatives.

Errors are standard deviations in persons, after reconciliation, of the sum that moves the headline in one cell
(`Headline.functional`): of a share its numerator, of a mean its sum about the middle in halves of the scale. Divided by
the number of people in a cohort they are the headline's own.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypedDict

import numpy as np

from analytics.contracts import MICRO, NANO, FrozenMeasure, Grid, Plan, Product, table_name
from analytics.layout import Array, Dimensions, Layout
from analytics.release.budget import Frozen, frozen_product, frozen_shares, shares_of
from analytics.release.optimum import PARTS, best_basis, best_gram, identity, in_parts, workload

Variant = Literal["plan", "equal_split", "identity", "optimum"]
VARIANTS: tuple[Variant, ...] = ("plan", "equal_split", "identity", "optimum")
"""The frozen noise; the same basis with the allowance split equally; each category by itself, with the best
split; basis and split before they are rounded to integers."""


class ErrorRow(TypedDict):
    """One headline of one table, with its error in persons under each of `VARIANTS`."""

    product: str
    measure: str
    table: str
    headline: str
    plan: float
    equal_split: float
    identity: float
    optimum: float


@dataclass(frozen=True)
class _Noise:
    """One measure's noise: its tables' layout and the covariance of a cell's categories at a variance of 1."""

    layout: Layout
    spread: Array

    def error(self, table: Dimensions, functional: tuple[float, ...]) -> float:
        ell = np.array(functional)
        return math.sqrt(self.layout.variance(table) * float(ell @ self.spread @ ell))


def errors(plan: Plan, grid: Grid, frozen: Frozen) -> Iterator[ErrorRow]:
    """Yield one row per product, measure, table and headline, with an error in persons for each of `VARIANTS`."""
    for name, product in plan.products.items():
        noises = dict(zip(VARIANTS, _variants(plan, grid, product, frozen[name]), strict=True))
        for measure, dimensions in product.measured():
            for headline, declared in plan.measures[measure].headlines.items():
                plan_, equal, plain, best = (
                    noises[one][measure].error(dimensions, declared.functional) for one in VARIANTS
                )
                yield {
                    "product": name,
                    "measure": measure,
                    "table": table_name(dimensions),
                    "headline": headline,
                    "plan": plan_,
                    "equal_split": equal,
                    "identity": plain,
                    "optimum": best,
                }


def _variants(
    plan: Plan, grid: Grid, product: Product, frozen: dict[str, FrozenMeasure]
) -> Iterator[dict[str, _Noise]]:
    bases = {measure: one.basis for measure, one in frozen.items()}
    plain = {measure: identity(len(plan.measures[measure].categories)) for measure in bases}
    sought = {measure: best_basis(plan.measures[measure]) for measure in bases}
    best = shares_of(plan, grid, product, sought, frozen_shares(plan, product, frozen))
    equal = [[PARTS // len(product.measured())] * len(tables) for tables in product.tables.values()]
    for noise in (
        frozen,
        frozen_product(plan, grid, product, bases, equal),
        frozen_product(plan, grid, product, plain, in_parts(best)),
    ):
        yield {measure: _of_frozen(grid, tables, noise[measure]) for measure, tables in product.tables.items()}
    yield dict(_optimum(plan, grid, product, best))


def _of_frozen(grid: Grid, tables: tuple[Dimensions, ...], noise: FrozenMeasure) -> _Noise:
    layout = Layout(_keys(grid), {one: noise.sigma[table_name(one)] / MICRO for one in tables}, noise.basis)
    return _Noise(layout, layout.spread)


def _optimum(plan: Plan, grid: Grid, product: Product, best: list[list[float]]) -> Iterator[tuple[str, _Noise]]:
    """Yield each measure's noise at a longest column of 1 person, where sigma squared is 1 / (2 rho)."""
    grams = {measure: best_gram(workload(plan.measures[measure])) for measure in product.tables}
    for (measure, tables), shares in zip(product.tables.items(), best, strict=True):
        allowance = product.part_nano / NANO / plan.touches(product, measure)
        sigma = {one: math.sqrt(0.5 / (share * allowance)) for one, share in zip(tables, shares, strict=True)}
        yield (
            measure,
            _Noise(Layout(_keys(grid), sigma, ((1,),)), np.linalg.inv(grams[measure].gram).astype(np.float64)),
        )


def _keys(grid: Grid) -> dict[str, int]:
    return {name: len(grid.keys(name)) for name in grid.dimensions}
