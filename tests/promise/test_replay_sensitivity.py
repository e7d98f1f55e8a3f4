"""Replay on neighbours: the shipped SQL with and without one person, thousands of times; bounds kept, and attained."""

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from fractions import Fraction

import numpy as np
import pytest

from analytics.contracts import MICRO, Contracts
from analytics.release.budget import sensitivity
from analytics.release.draw import measured
from tests.support.neighbour_consents import CONSENTS, NOT_REGISTERED, REGISTERS
from tests.support.neighbour_entries import PATTERNS
from tests.support.neighbour_targets import FARTHEST, LANE, TARGETS
from tests.support.neighbours import Invented, invented, laned, put, remove
from tests.support.people import vault_at
from tests.support.walking import Basis, Block, Walked, Watched, asked_measures, every_plan, reaches, squared, walk

PEOPLE = 1_200
"""More than five for each cohort of the whole grid."""

SEED = 20_260_601

# Who is counted in a rhythm has logged on several weekdays, or in several parts of a day, so that nobody's unit falls
# into one category: d_in, which knows the basis and not the least data, is conservative there, and cannot be attained.
# Of a weekday there are at most five dates in a period, and three others are asked for: (5, 1, 1, 1) / 8 of a unit, of
# length 0.66, which the plan's basis makes 0.699 of d_in. Of a part of the day there are at most 35 in a period, and
# one other is asked for: (35, 1) / 36, of length 0.97, which becomes 0.977 of d_in.
RHYTHMS = {"weekday_rhythm": Fraction("0.69"), "day_part_rhythm": Fraction("0.97")}
"""The measures whose d_in nobody attains, and what share of it somebody comes to."""

Replay = tuple[Walked, list[Invented], list[Contracts]]


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """Walk every measure of every table of every plan once."""
    plans = every_plan()
    crowd = invented(plans[0], PEOPLE, SEED)
    with vault_at(tmp_path_factory.mktemp("replay") / "vault.duckdb") as vault:
        return walk(Watched(vault), plans, crowd), crowd, plans


def test_one_person_moves_every_table_within_its_bounds(replay: Replay) -> None:
    """Upwards only, by one unit in L1 and d_in in L2 at most, in one cohort; without consent, or ahead, not at all."""
    walked, crowd, plans = replay
    assert walked.broken == []
    assert walked.pairs == len(crowd) * sum(len(one.plan.products) for one in plans) >= 4_200
    assert 2_500 < walked.differing < walked.pairs


def test_every_product_s_every_table_was_walked(replay: Replay) -> None:
    """A measure or table that a plan declares is among them without a word here, and somebody moved each."""
    walked, _, plans = replay
    declared = {
        (one.plan.name, name, measure, dimensions)
        for one in plans
        for name, product in one.plan.products.items()
        for measure, dimensions in product.measured()
    }
    assert {(plan, name, table.measure, table.dimensions) for plan, name, table in walked.l1} == declared


def test_people_came_in_every_shape(replay: Replay) -> None:
    """Every kind of entries, consent, register and time was there, and counted unless it must not."""
    walked, crowd, _ = replay
    silent = {name for name, (_, effect, _) in (*PATTERNS.items(), *CONSENTS.items()) if effect == "nothing"}
    kinds = {*PATTERNS, *CONSENTS, *REGISTERS, *NOT_REGISTERED, *(target.why for target in TARGETS)}
    seen = walked.moved + walked.unmoved
    assert {kind for kind in kinds if seen[kind] < 4} == set()
    assert {kind for kind in kinds - silent if walked.moved[kind] < 2} == set()
    assert {kind for kind in silent if walked.moved[kind]} == set()
    entries = sorted(len(one.rows["entry"]) for one in crowd)
    assert (entries[0], entries[-1]) == (1, 10_000)


def test_every_cohort_was_somebody_s(replay: Replay) -> None:
    """Each cell of each table was reached, those of people who are not in the register or off the grid too."""
    walked, _, plans = replay
    grid = plans[0].grid
    for (_, _, table), cohorts in walked.cohorts.items():
        assert cohorts == set(range(grid.size(table.dimensions))), table


def test_people_reach_as_far_back_as_a_measure_looks(replay: Replay) -> None:
    """A measure that looked farther back than any now would not find invented days there."""
    _, crowd, plans = replay
    back = max(measure.looks_back_weeks for one in plans for measure in one.plan.measures.values())
    assert timedelta(weeks=back) == FARTHEST
    assert any(one.target.first - min(row["local_date"] for row in one.rows["entry"]) > FARTHEST for one in crowd)


def test_both_bounds_are_attained(replay: Replay) -> None:
    """In each table of each product somebody's L1 is one whole unit, and somebody's L2 all of d_in, but for rhythms."""
    walked, _, _ = replay
    assert set(walked.l1.values()) == {MICRO}
    for (plan, product, table), square in walked.l2.items():
        d_in = walked.d_in[plan, product, table.measure]
        nearest = RHYTHMS.get(table.measure)
        if nearest is None:
            assert reaches(square, d_in), table
        else:
            assert (nearest * d_in) ** 2 < square < d_in**2, table


def test_each_category_is_somebody_s_whole_unit(replay: Replay) -> None:
    """So whichever column of a basis is the longest, somebody moves the table by all of it; in rhythms nobody can."""
    walked, _, plans = replay
    for (plan, product, measure), blocks in walked.blocks.items():
        size = len(next(one.plan for one in plans if one.plan.name == plan).measures[measure].categories)
        whole = {tuple(MICRO * (place == category) for place in range(size)) for category in range(size)}
        reached = {place for block in blocks for place, value in enumerate(block) if value}
        assert reached == set(range(size)), (product, measure)
        assert whole & blocks.keys() == (set() if measure in RHYTHMS else whole), (product, measure)


def bases(categories: int) -> Iterator[Basis]:
    """Yield integer bases of all shapes: wide, tall, with negative numbers, each column the longest once."""
    rng = random.Random(categories)
    for rows in (categories, categories + 1, 3 * categories):
        for reach in (1, 9, 120):
            yield tuple(tuple(rng.randrange(-reach, reach + 1) for _ in range(categories)) for _ in range(rows))
    for longest in range(categories):
        yield tuple(
            tuple(7 + (column == longest) if row == column else int(row < column) for column in range(categories))
            for row in range(categories)
        )


def longest(blocks: Iterable[Block], basis: Basis) -> int:
    """Return the exact square of the farthest that a block moves a table; floats say which can be the farthest."""
    several = list(blocks)
    roughly = (np.array(several, float) @ np.array(basis, float).T) ** 2
    squares = roughly.sum(axis=1)
    near = np.flatnonzero(squares >= squares.max() * (1 - 1e-9))
    return max(squared(several[place], basis) for place in near)


def test_in_any_basis_d_in_is_kept_and_attained(replay: Replay) -> None:
    """Whatever integer basis a plan may be given, everything that somebody contributed stays within d_in."""
    walked, _, _ = replay
    tried = 0
    for (_, _, measure), blocks in walked.blocks.items():
        for basis in bases(len(next(iter(blocks)))):
            d_in = sensitivity(basis)
            square = longest(blocks, basis)
            assert square <= d_in**2
            assert reaches(square, d_in) == (measure not in RHYTHMS)
            tried += len(blocks)
    assert tried > 2_000


def test_a_table_is_measured_cell_by_cell_without_rounding() -> None:
    """A table's measured vector is that of its cells in their order, exact for a million million people."""
    basis = ((1, 2, 3), (-1, 0, 1), (5, 7, 11), (1, 1, 1))
    cells = [[10**18 // 8 + number, number, 1] for number in range(4)]
    whole = measured([value for cell in cells for value in cell], basis)
    assert whole == [value for cell in cells for value in measured(cell, basis)]
    assert whole[:4] == [sum(a * b for a, b in zip(row, cells[0], strict=True)) for row in basis]


def test_people_of_other_lanes_are_not_touched(contracts: Contracts, vault_of_few: Watched) -> None:
    """Taking out one person changes their own lane's vectors and no other's, so that one call is many neighbours."""
    crowd = invented(contracts, 60, SEED)
    grid = laned(contracts.grid, 10)
    put(vault_of_few, contracts, crowd)
    touched = set()
    for number, target in enumerate(TARGETS):
        person = next(place for place, one in enumerate(crowd) if one.target == target and place // 6 == 1 + number)
        asked = asked_measures([contracts], target, grid)
        before = [one.in_lanes(vault_of_few) for one in asked]
        remove(vault_of_few, [person])
        after = [one.in_lanes(vault_of_few) for one in asked]
        changed = {
            lane
            for one, with_, without in zip(asked, before, after, strict=True)
            for place, lane in enumerate(grid.keys(LANE))
            if one.lane(with_, place) != one.lane(without, place)
        }
        assert changed <= {crowd[person].lane}
        touched |= changed
    assert len(touched) >= 3


@pytest.fixture
def vault_of_few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Return an empty vault whose shares are watched."""
    with vault_at(tmp_path_factory.mktemp("few") / "vault.duckdb") as vault:
        yield Watched(vault)
