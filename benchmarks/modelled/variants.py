"""The model without one of its parts, or with less of it: what each part is worth.

Settings and parts are exchanged while a variant runs; nothing of this is in the product.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl

from analytics.layout import Array, Dimensions, Layout
from analytics.trends.modelling import bank, model, profiles, settings, sizes
from analytics.trends.modelling.bank import Bank, Belief
from analytics.trends.modelling.common import Surprises
from analytics.trends.modelling.margins import Cells
from benchmarks.modelled.evaluation import Effort, errors

Change = Callable[[], list[Any]]


def _without_jumps() -> list[Any]:
    return [patch.object(settings, name, 1e-12) for name in ("JUMP_ODDS", "FIRST_JUMP_ODDS")] + [
        patch.object(settings, "PROFILE_JUMP_ODDS", dict.fromkeys(range(3), 1e-12))
    ]


def _without_common_movement() -> list[Any]:
    def of_everybody(groups: Surprises, everybody: Array, variance: Array, part: Array) -> tuple[Array, Array]:
        del groups, part
        return everybody, variance

    return [patch.object(module, "common_movement", of_everybody) for module in (profiles, sizes)]


def _without_margins() -> list[Any]:
    def as_they_are(layout: Layout, table: Dimensions, cells: Cells, simpler: dict[Dimensions, Cells]) -> Cells:
        del layout, table, simpler
        return cells

    return [patch.object(model, "added_up", as_they_are)]


def _with_one_setting() -> list[Any]:
    """The middle one of each bank."""
    sizes_bank, everybody, groups = (
        Bank(np.array([change]), np.array([variety]), np.array([spread]), np.ones(1))
        for change, variety, spread in ((0.02, 0.2, 1.0), (0.015, 0.25, 0.3), (0.005, 0.25, 0.08))
    )
    return [
        patch.object(settings, "SIZES", sizes_bank),
        patch.object(settings, "PROFILE_BANKS", (everybody, groups, groups)),
    ]


def _with_shared_weights() -> list[Any]:
    """Every cell by what is right among all cells, none by its own evidence."""

    def shared(belief: Belief) -> Array:
        found: Array = np.broadcast_to(belief.weights, belief.evidence.shape)
        return found

    return [patch.object(Belief, "counts", property(shared))]


def _with_own_evidence() -> list[Any]:
    """Every cell by its own evidence, none by the other cells'."""
    return [patch.object(bank, "ROUNDS", 0)]


VARIANTS: dict[str, Change] = {
    "as it is": list,
    "without jumps": _without_jumps,
    "without common movement": _without_common_movement,
    "without adding up": _without_margins,
    "one setting for all": _with_one_setting,
    "shared weights only": _with_shared_weights,
    "own evidence only": _with_own_evidence,
}


def compared(effort: Effort) -> Iterator[pl.DataFrame]:
    """Yield the rows of each variant, with the column `variant`; the drawings of noise are the same for all."""
    for name, change in VARIANTS.items():
        with ExitStack() as stack:
            for one in change():
                stack.enter_context(one)
            yield errors(effort).with_columns(variant=pl.lit(name))
