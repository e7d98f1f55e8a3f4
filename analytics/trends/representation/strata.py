"""Which cells are weighted by which public size: strata fixed in the plan, joined where too few people live in one.

Joining looks at public things alone: the sizes in the release's entry and its noise law, never at a noisy number. So
the noise does not decide which people a weighted figure is about.
"""

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.contracts import UNKNOWN
from analytics.layout import Array, Dimensions
from analytics.store.chain import Entry
from analytics.trends.estimation.figures import CellFigures, MeasureFigures

Cohort = tuple[str, ...]


@dataclass(frozen=True)
class Public:
    """How many people live in each public group; of those whose key is not known there is no size."""

    dimensions: Dimensions
    people: dict[Cohort, int]

    @property
    def total(self) -> int:
        """Everyone."""
        return sum(self.people.values())

    def size(self, table: Dimensions, cohort: Cohort) -> int | None:
        """Return how many live in a cohort, or None where that is not given."""
        return self._sizes.get(frozenset(zip(table, cohort, strict=True)))

    @functools.cached_property
    def _sizes(self) -> dict[frozenset[tuple[str, str]], int]:
        """How many live in every cohort over some of the dimensions; in a cohort of none, everyone."""
        sizes: dict[frozenset[tuple[str, str]], int] = {}
        for keys, people in self.people.items():
            places = list(zip(self.dimensions, keys, strict=True))
            for number in range(len(places) + 1):
                for some in itertools.combinations(places, number):
                    sizes[frozenset(some)] = sizes.get(frozenset(some), 0) + people
        return sizes


def public_of(entry: Entry) -> Public | None:
    """Return the public sizes of a release, if it was drawn with any."""
    given = entry.body.population
    if given is None:
        return None
    return Public(given.dimensions, {tuple(name.split("/")): people for name, people in given.people})


def strata_of(entry: Entry, measure: str, public: Public) -> Dimensions | None:
    """Return the table whose cohorts are the strata of `measure`: the plan's, where its cohorts have public sizes."""
    table = (entry.body.strata or {}).get(measure, ())
    return table if table and set(table) <= set(public.dimensions) else None


@dataclass(frozen=True)
class Strata:
    """The strata of one cohort: positions are of the cells of the strata's table, in its order."""

    cohort: CellFigures
    groups: Array
    """Groups x cells, 1 where a cell is in a group; each group is a stratum, or neighbours joined."""
    sizes: Array
    """How many people live in each group."""
    within: Array
    """1 for every cell of the cohort, those of unknown key too."""
    fewest: int
    """How many strata there are before any is joined."""

    @property
    def joined(self) -> int:
        """How many strata share their weight with another."""
        in_group = self.groups.sum(axis=1)
        return int(in_group[in_group > 1].sum())

    @property
    def unplaced(self) -> Array:
        """1 for every cell of the cohort that has no public size."""
        placed: Array = self.groups.sum(axis=0)
        return self.within - placed

    @property
    def weights(self) -> Array:
        """What each group counts: its part of all who live in the cohort."""
        whole = float(self.sizes.sum())
        return self.sizes / whole


def strata_within(
    figures: MeasureFigures, table: Dimensions, public: Public, cohort: CellFigures, borne: Callable[[Array], float]
) -> Strata:
    """Return the strata of `table` that make up `cohort`, joined where too few people live in one.

    `borne` says of a selection of cells how many people it takes to bear its noise. A stratum is left single if it has
    so many in a service of twice as many people as the strata need on average, of whom as large a part logs everywhere.
    So one of average size may log half as much as the others; one in which less than half as many live is joined.
    """
    cells = [cell for cell in figures.cells.values() if cell.table == table]
    own = dict(zip(cohort.table, cohort.cohort, strict=True))
    within = [all(own.get(name, key) == key for name, key in zip(table, cell.cohort, strict=True)) for cell in cells]
    is_known = [UNKNOWN not in cell.cohort for cell in cells]
    known = [at for at in range(len(cells)) if within[at] and is_known[at]]
    keys = [cells[at].cohort for at in known]
    sizes = np.array([public.size(table, cell.cohort) or 0 for cell in cells], dtype=np.float64)
    alone = np.eye(len(cells))
    # By symmetry the noise of each cell of a table is the same.
    people = 2 * sum(is_known) * borne(alone[0])

    def chosen(group: Sequence[int]) -> Array:
        selection: Array = alone[[known[one] for one in group]].sum(axis=0)
        return selection

    def reaches(group: Sequence[int]) -> bool:
        selection = chosen(group)
        return people * float(selection @ sizes) / public.total >= borne(selection)

    members = np.array([chosen(group) for group in joined(keys, reaches)])
    return Strata(cohort, members, members @ sizes, np.array(within, dtype=np.float64), len(known))


def joined(keys: Sequence[Cohort], reaches: Callable[[Sequence[int]], bool]) -> list[list[int]]:
    """Return groups of places in `keys`, which are in grid order; each group reaches the floor if any can.

    Neighbours that differ in the last dimension only are joined first; what cannot reach the floor among them is joined
    with the neighbours of the dimension before, and so on. What is left at an end joins the group before it.
    """
    groups = [[place] for place in range(len(keys))]
    for same in reversed(range(len(keys[0]))):
        runs = itertools.groupby(groups, key=lambda group: keys[group[0]][:same])
        groups = [group for _, run in runs for group in _run(list(run), reaches)]
    return groups


def _run(groups: list[list[int]], reaches: Callable[[Sequence[int]], bool]) -> list[list[int]]:
    whole: list[list[int]] = []
    begun: list[int] = []
    for group in groups:
        begun = begun + group
        if reaches(begun):
            whole.append(begun)
            begun = []
    if begun and whole:
        whole[-1] = whole[-1] + begun
    return whole or [begun]
