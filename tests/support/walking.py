"""A walk over every measure of every table of a plan: what one person, put in or taken out, does to the figures.

Nothing here knows a measure: names, categories, tables, bases and parameters come from the plan and the shipped code,
so whatever is declared (one `.sql` file and one block in the plan) is walked.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np

from analytics.cells import TableKey
from analytics.contracts import MICRO, Contracts, Grid, Plan, Product, read_contracts, shipped_contracts
from analytics.periods import Period
from analytics.release.budget import sensitivity
from analytics.release.draw import measured
from analytics.vault.database import Vault
from analytics.vault.shares import exact_cells
from tests.support import neighbours
from tests.support.earlier import earlier_contracts
from tests.support.neighbour_targets import LANE, TARGETS, Target
from tests.support.neighbours import Invented, laned

Basis = tuple[tuple[int, ...], ...]
Vectors = dict[TableKey, list[int]]
Block = tuple[int, ...]
"""What a person contributes to one cohort's categories."""

Measured = tuple[str, str, str]
"""A plan, a product and a measure of it, by their names."""

Where = tuple[str, str, TableKey]
"""A plan, a product and a table of it."""

_INVARIANT = """
WITH whole AS (SELECT person_no, sum(micro_persons) AS mass FROM share GROUP BY person_no)
SELECT
    count(*) = count(DISTINCT (person_no, category_no)) AS "one row per person and category",
    count(*) = count(person_no) AND count(*) = count(category_no) AND count(*) = count(micro_persons) AS "no nulls",
    coalesce(min(category_no) >= 0 AND max(category_no) < {categories}, TRUE) AS "only declared categories",
    coalesce(min(micro_persons) >= 0, TRUE) AS "no share is negative",
    (SELECT coalesce(max(mass) <= 1000000, TRUE) FROM whole) AS "shares sum to one unit at most"
FROM share
"""


class Watched(Vault):
    """A vault whose shares are looked at whenever a measure fills them."""

    def __init__(self, vault: Vault) -> None:
        """Watch an open vault."""
        super().__init__(vault._connection, vault.suppression_list)
        self.broken: list[str] = []
        """What a measure's shares broke, in words without a value."""
        self.categories: dict[str, int] = {}
        """How many each measure has."""

    def fill_share(self, measure: str, parameters: Mapping[str, Any]) -> None:
        """Fill the shares, then hold them against the one invariant."""
        super().fill_share(measure, parameters)
        found = self._connection.execute(_INVARIANT.format(categories=self.categories[measure]))
        rules = [name for name, *_ in found.description or ()]
        (held,) = found.fetchall()
        self.broken += [f"{measure}: {rule}" for rule, holds in zip(rules, held, strict=True) if not holds]


@dataclass
class Walked:
    """What a walk saw."""

    pairs: int = 0
    """Neighbouring vaults that were compared, each over all tables of a product."""
    differing: int = 0
    """Of them, those that differ in some table."""
    moved: Counter[str] = field(default_factory=Counter)
    """The differing ones by the kinds of their person."""
    unmoved: Counter[str] = field(default_factory=Counter)
    """And the equal ones."""
    l1: dict[Where, int] = field(default_factory=dict)
    """The greatest L1 norm of a difference, in micro-persons."""
    l2: dict[Where, int] = field(default_factory=dict)
    """The exact square of the greatest L2 norm of a measured table's difference."""
    cohorts: dict[Where, set[int]] = field(default_factory=dict)
    """In which cohorts of a table somebody was counted."""
    d_in: dict[Measured, int] = field(default_factory=dict)
    """By how much, in L2, one person may move a measured table."""
    blocks: dict[Measured, dict[Block, int]] = field(default_factory=dict)
    """Every distinct contribution of a person, and the exact square of how far it moves a measured table."""
    broken: list[str] = field(default_factory=list)
    """Promises that did not hold, in words without a value."""


def vectors(vault: Watched, contracts: Contracts, product: Product, period: Period) -> Vectors:
    """Return every table's exact vector; it must be of the grid's size and of integers."""
    plan, grid = contracts.plan, contracts.grid
    vault.categories = {name: len(measure.categories) for name, measure in plan.measures.items()}
    exact = exact_cells(vault, plan, grid, product, period)
    found = {}
    for measure, dimensions in product.measured():
        vector = exact.reveal(TableKey(measure, dimensions))
        assert len(vector) == grid.size(dimensions) * vault.categories[measure]
        assert {type(value) for value in vector} == {int}
        found[TableKey(measure, dimensions)] = vector
    return found


@dataclass(frozen=True)
class Asked:
    """One product of one plan over one target's period."""

    contracts: Contracts
    name: str
    period: Period
    grid: Grid
    """The public grid, with lanes where they are asked for."""

    def vectors(self, vault: Watched) -> Vectors:
        """Return the exact vectors of the plan's own tables."""
        return vectors(vault, self.contracts, self.contracts.plan.products[self.name], self.period)

    def in_lanes(self, vault: Watched) -> Vectors:
        """Return every lane's exact vectors, from one call of the shipped SQL: each table is crossed with the lanes."""
        product = self.contracts.plan.products[self.name]
        crossed = {measure: tuple((LANE, *one) for one in listed) for measure, listed in product.tables.items()}
        contracts = Contracts(**{**vars(self.contracts), "grid": self.grid})
        return vectors(vault, contracts, product.model_copy(update={"tables": crossed}), self.period)

    def lane(self, found: Vectors, number: int) -> Vectors:
        """Return one lane's vectors, which are what the plan's own tables would be of its people alone."""
        lane = {}
        for crossed, vector in found.items():
            table = TableKey(crossed.measure, crossed.dimensions[1:])
            width = self.contracts.grid.size(table.dimensions) * len(
                self.contracts.plan.measures[table.measure].categories
            )
            lane[table] = vector[number * width : (number + 1) * width]
        return lane


def walk(vault: Watched, plans: list[Contracts], crowd: list[Invented]) -> Walked:
    """Walk every product of every plan over every target: with everybody who is aimed at it, and without.

    Each of them is alone in a lane, so that one call counts as many neighbours as there are lanes. That lanes do not
    touch each other is shown by `one_by_one`.
    """
    walked = Walked()
    grid = laned(plans[0].grid, 1 + max(int(one.lane[1:]) for one in crowd if one.lane != "unknown"))
    lanes = {lane: number for number, lane in enumerate(grid.keys(LANE))}
    numbers = neighbours.put(vault, plans[0], crowd)
    for target in TARGETS:
        aimed = [number for number in numbers if crowd[number].target == target]
        asked = asked_measures(plans, target, grid)
        before = [one.in_lanes(vault) for one in asked]
        neighbours.remove(vault, aimed)
        after = [one.in_lanes(vault) for one in asked]
        for number in aimed:
            lane = lanes[crowd[number].lane]
            sides = [
                (one, one.lane(with_, lane), one.lane(without, lane))
                for one, with_, without in zip(asked, before, after, strict=True)
            ]
            pairs(walked, crowd[number], sides)
    walked.broken += vault.broken
    return walked


def pairs(walked: Walked, person: Invented, sides: list[tuple["Asked", Vectors, Vectors]]) -> None:
    """Compare the vaults with and without a person in every product.

    Who must count does so in some product of each period, or in some measure of those that look back; who must not
    count, does in none; and nobody counts in a measure without a row that it may read.
    """
    moved: dict[Period, bool] = {}
    for one, with_, without in sides:
        plan = one.contracts.plan
        measures = _pair(walked, one, with_, without)
        walked.pairs += 1
        walked.differing += bool(measures)
        (walked.moved if measures else walked.unmoved).update(person.kinds)
        may = set(plan.products[one.name].tables)
        if person.effect == "looking back":
            may = {name for name in may if plan.measures[name].looks_back_weeks}
        if may:
            moved[one.period] = moved.get(one.period, False) or bool(measures & may)
        allowed = {name for name in may if person.effect != "nothing" and _has_rows(person, one, name)}
        kinds = ", ".join(sorted(person.kinds))
        walked.broken += [f"{measure}: somebody counts who must not: {kinds}" for measure in measures - allowed]
    if person.effect in {"something", "looking back"} and not all(moved.values()):
        walked.broken.append(f"somebody does not count who must: {', '.join(sorted(person.kinds))}")


def _has_rows(person: Invented, one: "Asked", measure: str) -> bool:
    """Say whether a person has a row of a day that a measure may read, by what the plan says of it."""
    first = one.period.first_day - timedelta(weeks=one.contracts.plan.measures[measure].looks_back_weeks)
    return person.days is None or any(first <= day <= one.period.last_day for day in person.days)


def every_plan() -> list[Contracts]:
    """Return the contracts under each plan that the program brings, and under one of an earlier home."""
    named = sorted(path.name.split(".")[1] for path in shipped_contracts().glob("release_plan.*.yaml"))
    return [*(read_contracts(shipped_contracts(), name) for name in ("standard", *named)), earlier_contracts()]


def asked_measures(plans: list[Contracts], target: Target, grid: Grid) -> list[Asked]:
    """Return every product of every plan over a target's period."""
    return [
        Asked(contracts, name, target.period(product.cadence), grid)
        for contracts in plans
        for name, product in contracts.plan.products.items()
    ]


def _pair(walked: Walked, one: Asked, with_: Vectors, without: Vectors) -> set[str]:
    """Compare two neighbours in every table of a product, and return the measures in which they differ."""
    masses: dict[str, set[int]] = {}
    for table, vector in with_.items():
        mass = 0 if vector == without[table] else _compare(walked, one, table, vector, without[table])
        masses.setdefault(table.measure, set()).add(mass)
    walked.broken += [
        f"{measure}: tables disagree on somebody's mass" for measure, seen in masses.items() if len(seen) > 1
    ]
    return {measure for measure, seen in masses.items() if seen != {0}}


def _compare(walked: Walked, one: Asked, table: TableKey, with_: list[int], without: list[int]) -> int:
    """Hold one table's difference against the bounds, and return its L1 norm.

    It is non-negative and of at most one unit, and lies in one cohort.
    """
    plan = one.contracts.plan
    categories = len(plan.measures[table.measure].categories)
    difference = np.array(with_, np.int64) - np.array(without, np.int64)
    mass = int(np.abs(difference).sum())
    places = {int(place) // categories for place in np.flatnonzero(difference)}
    if difference.min() < 0:
        walked.broken.append(f"{table}: somebody's presence lowers a sum")
    if mass > MICRO:
        walked.broken.append(f"{table}: somebody counts for more than one unit")
    if len(places) > 1:
        walked.broken.append(f"{table}: somebody counts in several cohorts")
    basis = basis_of(plan, one.name, table.measure)
    key = plan.name, one.name, table
    walked.l1[key] = max(walked.l1.get(key, 0), mass)
    walked.cohorts.setdefault(key, set()).update(places)
    measure = plan.name, one.name, table.measure
    if measure not in walked.d_in:
        walked.d_in[measure] = sensitivity(basis)
    known = walked.blocks.setdefault(measure, {})
    square = 0
    for place in places:
        block = tuple(difference[place * categories : (place + 1) * categories].tolist())
        if block not in known:
            known[block] = squared(block, basis)
        square += known[block]
    if square > walked.d_in[measure] ** 2:
        walked.broken.append(f"{table}: somebody moves the measured table by more than d_in")
    walked.l2[key] = max(walked.l2.get(key, 0), square)
    return mass


def basis_of(plan: Plan, product: str, measure: str) -> Basis:
    """Return a measure's basis in a product."""
    return (plan.frozen or {})[product][measure].basis


def squared(block: Block, basis: Basis) -> int:
    """Return the exact square of the L2 norm by which a contribution to one cohort moves the measured table."""
    return sum(value * value for value in measured(list(block), basis))


def reaches(square: int, d_in: int) -> bool:
    """Say whether a movement is all of d_in: no smaller integer would bound its length."""
    return (d_in - 1) ** 2 < square <= d_in**2
