"""Replay on neighbours: the shipped SQL with and without one person, thousands of times; bounds kept, and attained."""

import random
from collections.abc import Iterator

import pytest

from analytics.contracts import MICRO, Contracts
from analytics.release.budget import sensitivity
from analytics.release.draw import measured
from tests.neighbour_kinds import CONSENTS, LANE, NOT_REGISTERED, PATTERNS, REGISTERS, TARGETS
from tests.neighbours import Invented, invented, laned, put, remove
from tests.people import vault_at
from tests.walking import Basis, Walked, Watched, asked_of, every_plan, reaches, squared, walk

PEOPLE = 2_100
"""Ten for each cohort of the whole grid."""

SEED = 20_260_601

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
    assert 2_400 < walked.differing < walked.pairs


def test_every_product_s_every_table_was_walked(replay: Replay) -> None:
    """A measure or table that a plan declares is among them without a word here, and somebody moved each."""
    walked, _, plans = replay
    declared = {
        (name, measure, dimensions)
        for one in plans
        for name, product in one.plan.products.items()
        for measure, dimensions in product.measured()
    }
    assert {(name, table.measure, table.dimensions) for name, table in walked.l1} == declared


def test_people_came_in_every_shape(replay: Replay) -> None:
    """Every kind of entries, consent, register and time was there, and counted unless it must not."""
    walked, crowd, _ = replay
    silent = {name for name, (_, effect, _) in (*PATTERNS.items(), *CONSENTS.items()) if effect == "nothing"}
    kinds = {*PATTERNS, *CONSENTS, *REGISTERS, *NOT_REGISTERED, *(target.why for target in TARGETS)}
    seen = walked.moved + walked.unmoved
    assert {kind for kind in kinds if seen[kind] < 4} == set()
    assert {kind for kind in kinds - silent if walked.moved[kind] < 2} == {"before all"}
    assert {kind for kind in silent if walked.moved[kind]} == set()
    entries = sorted(len(one.rows["entry"]) for one in crowd)
    assert (entries[0], entries[-1]) == (1, 10_000)


def test_every_cohort_was_somebody_s(replay: Replay) -> None:
    """Each cell of each table was reached, those of people who are not in the register or off the grid too."""
    walked, _, plans = replay
    grid = plans[0].grid
    for (_, table), cohorts in walked.cohorts.items():
        assert cohorts == set(range(grid.size(table.dimensions))), table


def test_both_bounds_are_attained(replay: Replay) -> None:
    """In each table of each product somebody's L1 is one whole unit, and somebody's L2 all of d_in."""
    walked, _, _ = replay
    assert set(walked.l1.values()) == {MICRO}
    assert set(walked.attained.values()) == {True}


def test_each_category_is_somebody_s_whole_unit(replay: Replay) -> None:
    """So whichever column of a basis is the longest, somebody moves the table by all of it."""
    walked, _, plans = replay
    for one in plans:
        for name, measure in one.plan.measures.items():
            size = len(measure.categories)
            whole = {tuple(MICRO * (place == category) for place in range(size)) for category in range(size)}
            assert whole <= walked.blocks[name], name


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


def test_in_any_basis_d_in_is_kept_and_attained(replay: Replay) -> None:
    """Whatever integer basis a plan may be given, everything that somebody contributed stays within d_in."""
    walked, _, _ = replay
    tried = 0
    for blocks in walked.blocks.values():
        for basis in bases(len(next(iter(blocks)))):
            d_in = sensitivity(basis)
            squares = {squared(block, basis) for block in blocks}
            assert max(squares) <= d_in**2
            assert any(reaches(square, d_in) for square in squares)
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
        (asked,) = asked_of([contracts], target, grid)
        before = asked.in_lanes(vault_of_few)
        remove(vault_of_few, [person])
        after = asked.in_lanes(vault_of_few)
        changed = {
            lane for place, lane in enumerate(grid.keys(LANE)) if asked.lane(before, place) != asked.lane(after, place)
        }
        assert changed <= {crowd[person].lane}
        touched |= changed
    assert len(touched) >= 3


@pytest.fixture
def vault_of_few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Return an empty vault whose shares are watched."""
    with vault_at(tmp_path_factory.mktemp("few") / "vault.duckdb") as vault:
        yield Watched(vault)
