"""The split over tables that serves modelled figures best, from the plan's assumptions; taken where it gains enough.

A headline's error is the variance that the noise leaves in its modelled figure after `PERIODS` periods. Each is taken
as a part of what it is under the split that serves plain figures best, by importance: so persons, percent and points
add up, and a group's figure counts like everybody's. (In persons, the unit of the split for plain figures, nearly all
that can be gained is everybody's share, whose noise is smaller than anybody reads.) Plain figures stay beside, so every
table keeps `KEPT` of its part.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.contracts import NANO, Grid, Plan, Product
from analytics.foreseen.assumed import Spread, per_person, sought
from analytics.foreseen.recursion import Sought, Split, Values, modelled_variances
from analytics.layout import Array, Dimensions, Layout
from analytics.release.optimum import Basis

PERIODS = 13

LEAST_GAIN = 0.03
"""Of the error: for less, plain figures are not made worse."""

KEPT = 0.5
"""Of each table's part under the split for plain figures: the noise of none grows by more than 42 %."""

_ROUNDS = 10_000
_CLOSE, _CLOSE_ENOUGH = 1e-4, 1e-3
_POWER, _LEAST_POWER = 1.5, 0.5
_STEP = 1e-20


@dataclass(frozen=True)
class Foreseen:
    """One measure's tables, and what is assumed of its figures."""

    tables: tuple[Dimensions, ...]
    split: Split
    people: dict[Dimensions, Array]
    sizes: dict[str, int]
    sought: Sought
    importance: Array

    def variances(self, shares: Values) -> list[Values]:
        """Return each table's modelled variances: splits (the first axis of `shares`) by headlines by cells."""
        of_table = self.split.variances(shares)
        axes = (1,) * (1 + len(self.sizes))
        noise = {table: of_table[:, place].reshape(-1, *axes) for place, table in enumerate(self.split.tables)}
        found = modelled_variances(self.sought, noise, self.people, self.sizes, PERIODS)
        return [found[table].reshape(*found[table].shape[:2], -1) for table in self.tables]


def foreseen(plan: Plan, grid: Grid, product: Product, bases: dict[str, Basis]) -> list[Foreseen]:
    """Return what the split of a product's part depends on, by the plan's assumptions."""
    spread, found = Spread.of(grid, plan.assumes), []
    for name, tables in product.tables.items():
        measure, basis = plan.measures[name], bases[name]
        longest = math.sqrt(max(sum(row[column] ** 2 for row in basis) for column in range(len(basis[0]))))
        loss = product.part_nano / NANO / plan.touches(product, name)
        keys = {one: len(grid.keys(one)) for one in grid.dimensions}
        layout = Layout(keys, dict.fromkeys(tables, longest * math.sqrt(0.5 / loss)), basis)
        split = Split.of(layout)
        counted = plan.assumes.people * float(per_person(measure).sum())
        found.append(
            Foreseen(
                tables=tables,
                split=split,
                people={table: spread.people(table, counted) for table in split.tables},
                sizes=spread.sizes,
                sought=sought(measure, layout.spread, plan.assumes, len(keys)),
                importance=np.array([float(one.importance) for one in measure.headlines.values()]),
            )
        )
    return found


def modelled_error(
    measures: Sequence[Foreseen], parts: Sequence[Sequence[float]], reference: Sequence[Sequence[float]]
) -> tuple[float, list[list[float]]]:
    """Return the split's error, and what a little more loss would save per table; `parts` sum to 1 over all.

    The sum over measures, tables and headlines of the variance as a multiple of that under `reference`, the mean
    of a table's cells. Savings are derivatives by the complex step, exact to the last bits.
    """
    total, savings = 0.0, []
    for one, shares, usual in zip(measures, parts, reference, strict=True):
        at = np.array(shares, dtype=np.float64)
        moved = np.concatenate([at[None].astype(np.complex128), at + 1j * _STEP * np.eye(len(at))])
        error: Values = np.zeros(len(moved), dtype=np.complex128)
        before = one.variances(np.array(usual, dtype=np.float64)[None])
        for now, then in zip(one.variances(moved), before, strict=True):
            error = error + (now / then).mean(axis=2) @ one.importance
        total += float(error[0].real)
        savings.append([float(value) for value in -error[1:].imag / _STEP])
    return total, savings


def best_modelled_shares(
    measures: Sequence[Foreseen], plain: list[list[float]], start: Sequence[Sequence[float]] | None = None
) -> list[list[float]]:
    """Return the split of least error, or `plain`, the best for plain figures, if that is worse by too little.

    From a `start`, such as the frozen split, the search ends as soon as next to nothing is left to gain.

    The multiplicative rule of plain figures, for what is free beyond `KEPT`, in longer steps: a power of 1.5, not of
    a half, needs a quarter of the rounds, and is halved where the error grows. What the greatest saving leaves
    bounds the gain of any other split as far as the error is convex in the parts: that of an exact filter is.
    """
    usual, _ = modelled_error(measures, plain, plain)
    free = [[(1 - KEPT) * p for p in row] for row in plain]
    if start is not None:
        over = [
            [max(one - KEPT * p, 1e-12) for one, p in zip(*rows, strict=True)]
            for rows in zip(start, plain, strict=True)
        ]
        whole = sum(map(sum, over)) / (1 - KEPT)
        free = [[q / whole for q in row] for row in over]
    power, before = _POWER, math.inf
    for _ in range(_ROUNDS):
        shares = [[KEPT * p + q for p, q in zip(*rows, strict=True)] for rows in zip(plain, free, strict=True)]
        error, savings = modelled_error(measures, shares, plain)
        left = left_to_gain(free, savings)
        if error - left > usual * (1 - LEAST_GAIN):
            return plain
        if left < error * (_CLOSE if start is None else _CLOSE_ENOUGH):
            break
        power, before = (power if error <= before else max(power / 2, _LEAST_POWER)), error
        grown = [
            [q * max(s, 0.0) ** power for q, s in zip(*rows, strict=True)] for rows in zip(free, savings, strict=True)
        ]
        whole = sum(map(sum, grown)) / (1 - KEPT)
        free = [[max(q / whole, 1e-12) for q in row] for row in grown]
    return shares


def left_to_gain(free: Sequence[Sequence[float]], savings: Sequence[Sequence[float]]) -> float:
    """Return what moving all that is free to the table of the greatest saving would save, to first order."""
    spent = sum(q * s for rows in zip(free, savings, strict=True) for q, s in zip(*rows, strict=True))
    return (1 - KEPT) * max(map(max, savings)) - spent
