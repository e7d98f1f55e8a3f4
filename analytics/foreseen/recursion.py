"""How well a modelled figure will be known after some periods: from the plan and its assumptions, without any data.

The scalar recursion of the model's filter (`analytics.trends.modelling`), one headline and cell at a time. A cell lies
around a forecast from the simpler tables, which has a variance of its own. Its difference from the forecast moves
slowly, the cell's own people lie around it, and the noise around them. All variances are of a share or mean, or of
a number of people as a part of itself; they are of the noise alone, not of the choice of people.

Numbers are arrays: two axes of the caller's own, then one axis for each dimension of the grid.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.layout import Array, Dimensions, Layout

Values = npt.NDArray[Any]
"""Real, or complex where the caller differentiates: nothing here is but analytic."""


@dataclass(frozen=True)
class Moving:
    """How levels are assumed to move: each a part of the spread of one person's value."""

    spread: Values
    """How far levels lie from their forecast at the beginning, as a standard deviation."""
    change: Values
    """How far they move in a period, as a standard deviation."""
    variety: Values
    """How far a period's own value lies from the level: a part of the variance of as many independent people."""


@dataclass(frozen=True)
class Sought:
    """Headlines of one measure: what is seen of one person, and what the noise adds."""

    one_person: Values
    """The variance of one person's value."""
    noise: Values
    """Of a cell of one person at a table variance of 1."""
    everybody: Moving
    groups: Moving


def modelled_variances(
    sought: Sought,
    noise: Mapping[Dimensions, Values],
    people: Mapping[Dimensions, Values],
    sizes: Mapping[str, int],
    periods: int,
) -> dict[Dimensions, Values]:
    """Return the variance of the headlines in each table's cells after so many periods.

    `noise` has each table's variance with the simpler tables before it, every one that is implied included; `people`
    how many of them count in each cell, and `sizes` how many groups a dimension has.
    """
    levels: dict[Dimensions, Values] = {}
    known: dict[Dimensions, Values] = {}
    for period in range(periods):
        now: dict[Dimensions, Values] = {}
        for table, variance in noise.items():
            moving = sought.groups if table else sought.everybody
            count = people[table]
            seen = sought.noise * variance / count**2
            level = (
                levels[table] + moving.change**2 * sought.one_person
                if period
                else moving.spread**2 * sought.one_person + 0 * seen
            )
            around = moving.variety * sought.one_person / count
            if len(table) == 1 and period:
                # What all groups do together is found from the groups and from everybody.
                around = around + 1 / (_sum(1 / (level + around + seen), table[0], sizes) + 1 / now[()])
            elif table:
                around = around + sum(now[part] for part in now if set(part) < set(table))
            levels[table] = level * (1 - level / (level + around + seen))
            now[table] = (level + around) * seen / (level + around + seen)
        known = now
    return _added_up(known, sizes)


def _sum(values: Values, dimension: str, sizes: Mapping[str, int]) -> Values:
    """Return the sum over the groups of a dimension; where they are alike, `values` has one for all of them."""
    axis = list(sizes).index(dimension) - len(sizes)
    summed: Values = values.sum(axis=axis, keepdims=True) * (sizes[dimension] / values.shape[axis])
    return summed


def _added_up(known: Mapping[Dimensions, Values], sizes: Mapping[str, int]) -> dict[Dimensions, Values]:
    """Return the variances once groups add up to the simpler tables: what a table says of these is taken from them."""
    own = {table: values * math.prod(1 - 1 / sizes[name] for name in table) for table, values in known.items()}
    return {table: sum((own[part] for part in own if set(part) <= set(table)), 0 * own[table]) for table in own}


@dataclass(frozen=True)
class Split:
    """How the variance of each table follows from what each table may lose; every table in the order of `tables`."""

    tables: tuple[Dimensions, ...]
    """Every table, the simpler ones that they imply included, simplest first."""
    reach: Array
    """Tables by components: what a component's variance adds to a cell's."""
    precision: Array
    """Components by measured tables: what a measured table says of a component, per unit of loss."""

    @classmethod
    def of(cls, layout: Layout) -> "Split":
        """Return the split of a layout, whose sigmas are those at a loss of 1."""
        components = list(layout.component_variance)
        reach = np.array([[_reach(layout, table, one) for one in components] for table in components])
        precision = np.array(
            [[layout.precision(t, one) if set(one) <= set(t) else 0.0 for t in layout.sigma] for one in components]
        )
        return cls(tuple(components), reach, precision)

    def variances(self, losses: Values) -> Values:
        """Return each table's variance (last axis) for each measured table's loss (last axis)."""
        found: Values = (1 / (losses @ self.precision.T)) @ self.reach.T
        return found


def _reach(layout: Layout, table: Dimensions, component: Dimensions) -> float:
    if not set(component) <= set(table):
        return 0.0
    return math.prod(1 - 1 / layout.keys[name] for name in component) / layout.size(set(table) - set(component)) ** 2
