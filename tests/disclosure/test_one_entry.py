"""One entry of somebody who takes part: how many releases it reaches, and how far it moves each of their tables."""

import itertools
import random
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.cells import TableKey
from analytics.contracts import MICRO, NANO, Contracts, Plan, read_plan, shipped_contracts, table_name
from analytics.disclosure.one_entry import entry_nano, farthest, most_reading_a_day
from analytics.odds import HOUSEHOLDS, group_nano, recognised_in_100
from analytics.periods import Cadence, Period
from analytics.release.budget import sensitivity
from tests.support.neighbour_targets import DAY, LANE, TARGETS
from tests.support.neighbours import Invented, invented, laned, put
from tests.support.people import vault_at
from tests.support.walking import Asked, Basis, Watched, basis_of, every_plan, squared

SEED = 20_261_001
TARGET = TARGETS[0]
WINDOW = (TARGET.first - timedelta(days=21), TARGET.last)
"""In which days an entry is added, removed or changed."""


@pytest.mark.parametrize("cadence", ["week", "four_weeks"])
def test_a_day_is_read_by_as_many_periods_as_are_counted_and_no_more(cadence: Cadence) -> None:
    """Over 30 years of days, those in long periods and at New Year too: the bound is kept, and reached by some day."""
    first = Period.containing(date(2000, 1, 3), cadence)
    periods = [first]
    while periods[-1].iso_year < 2030:
        periods.append(periods[-1].next)
    for weeks in (0, 1, 3, 4, 5, 8, 16, 17, 53, 104):
        reading: Counter[int] = Counter()
        for period in periods:
            since = (period.first_day - timedelta(weeks=weeks)).toordinal()
            reading.update(range(since, period.last_day.toordinal() + 1))
        whole = {day: count for day, count in reading.items() if date.fromordinal(day).year < 2027}
        assert max(whole.values()) == most_reading_a_day(cadence, weeks)


def bases() -> list[Basis]:
    """Return small bases of all shapes, with negative numbers, and every basis of the shipped plans."""
    rng = random.Random(5)
    made = [
        tuple(tuple(rng.randrange(-9, 10) for _ in range(columns)) for _ in range(rows))
        for columns in (1, 2, 3, 4)
        for rows in (columns, columns + 2)
        for _ in range(4)
    ]
    shipped = [
        one.basis
        for name in ("standard", "small")
        for measures in (read_plan(shipped_contracts(), name)[0].frozen or {}).values()
        for one in measures.values()
    ]
    return [((1, 0), (0, 1)), *made, *shipped]


def test_no_two_share_vectors_lie_farther_apart() -> None:
    """Random vectors, and all pairs of corners: the bound is kept, and two corners reach it."""
    rng = random.Random(6)
    for basis in bases():
        size = len(basis[0])
        corners = [tuple(MICRO * (place == whole) for place in range(size)) for whole in range(-1, size)]
        reached = max(
            squared(tuple(a - b for a, b in zip(one, other, strict=True)), basis)
            for one, other in itertools.combinations(corners, 2)
        )
        assert reached == farthest(basis) * MICRO**2
        for _ in range(30):
            one, other = (at_random(rng, size) for _ in range(2))
            assert squared(tuple(a - b for a, b in zip(one, other, strict=True)), basis) <= reached


def at_random(rng: random.Random, size: int) -> tuple[int, ...]:
    """Return whole micro-persons for each category, of one unit at most; often in few categories."""
    weights = [rng.random() ** 8 for _ in range(size)]
    whole = MICRO if rng.random() < 0.7 else rng.randrange(MICRO)
    return tuple(int(whole * weight / sum(weights)) for weight in weights)


def test_it_can_be_farther_than_a_person() -> None:
    """In the identity basis a change from one category to another goes sqrt(2) times as far as a person's presence."""
    basis = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    assert (farthest(basis), sensitivity(basis)) == (2, MICRO)


def changed(rng: random.Random, person: Invented) -> Invented:
    """Return the person with one entry more, one less, or one otherwise, on a day of the window."""
    entries = deepcopy(person.rows["entry"])
    near = [row for row in entries if WINDOW[0] <= row["local_date"] <= WINDOW[1]]
    way = rng.choice(["add", "remove", "change"]) if near else "add"
    if way == "remove":
        entries.remove(rng.choice(near))
    elif way == "change":
        rng.choice(near).update(otherwise(rng))
    else:
        days = (WINDOW[1] - WINDOW[0]).days
        new = {"local_date": WINDOW[0] + rng.randrange(days + 1) * DAY, "key_value": rng.getrandbits(62)}
        entries.append({**rng.choice(person.rows["entry"]), **new, **otherwise(rng)})
    return replace(person, rows={**person.rows, "entry": entries})


def otherwise(rng: random.Random) -> dict[str, object]:
    """Return what an entry may say otherwise, its day excepted."""
    return {
        "mood_score": rng.choice([0, 25_000, 50_000, 75_000, 100_000]),
        "factors": rng.getrandbits(24),
        "sleep_thousandths": rng.choice([None, 1_000, 7_000, 12_000]),
        "source_no": rng.randrange(13),
        "day_part": rng.choice([None, 0, 1, 2, 3]),
        "local_time": None,
    }


def test_no_entry_moves_what_is_released_further_than_its_bound(tmp_path: Path) -> None:
    """The shipped SQL on neighbours that differ by one entry, over every release that may read its day, and around.

    Per table and release no pair lies farther apart than the bound; per measure no more releases differ than are
    counted; and what the whole of it loses stays within the plan's number for one entry.
    """
    rng = random.Random(SEED)
    plans = every_plan()
    crowd = [one for one in invented(plans[0], 180, SEED) if one.target == TARGET and one.lane != "unknown"]
    others = [changed(rng, one) for one in crowd]
    assert len({one.lane for one in crowd}) == len(crowd) >= 25
    grid = laned(plans[0].grid, 1 + max(int(one.lane[1:]) for one in crowd))
    asked = [
        Asked(contracts, name, period, grid)
        for contracts in plans
        for name, product in contracts.plan.products.items()
        for period in around(product.cadence)
    ]
    losses: Counter[tuple[str, int]] = Counter()
    differing: Counter[tuple[str, str, str, int]] = Counter()
    with vault_at(tmp_path / "one.duckdb") as one_vault, vault_at(tmp_path / "other.duckdb") as other_vault:
        mine, theirs = Watched(one_vault), Watched(other_vault)
        put(mine, plans[0], crowd)
        put(theirs, plans[0], others)
        for one in asked:
            before, after = one.in_lanes(mine), one.in_lanes(theirs)
            for number, person in enumerate(crowd):
                lane = grid.keys(LANE).index(person.lane)
                seen = set()
                for table, vector in one.lane(before, lane).items():
                    loss = lost(one, table, vector, one.lane(after, lane)[table])
                    losses[one.contracts.plan.name, number] += loss
                    seen |= {table.measure} if loss else set()
                differing.update((one.contracts.plan.name, one.name, measure, number) for measure in seen)
    assert len({number for _, number in losses if losses["standard", number]}) > 12
    for contracts in plans:
        bound = entry_nano(contracts.plan)
        found = [losses[contracts.plan.name, number] for number in range(len(crowd))]
        assert max(found) <= bound
        assert max(found) > bound / 20, "nobody comes near: the test would not see a bound that is too small"
    for (plan, name, measure, _), count in differing.items():
        result = next(one.plan for one in plans if one.plan.name == plan)
        assert count <= most_reading_a_day(result.products[name].cadence, result.measures[measure].looks_back_weeks)
    assert max(count for (_, _, measure, _), count in differing.items() if measure == "attendance") > 1


def around(cadence: Cadence) -> list[Period]:
    """Return the periods that may read a day of the window, looking back 16 weeks, and one on either side."""
    period = Period.containing(WINDOW[0], cadence).previous
    found = [period]
    while found[-1].first_day <= WINDOW[1] + timedelta(weeks=16 if cadence == "four_weeks" else 1):
        found.append(found[-1].next)
    return found


def lost(one: Asked, table: TableKey, vector: list[int], other: list[int]) -> int:
    """Return what one table loses of a pair, in nano-rho, rounded up; it lies in one cohort, within the bound."""
    if vector == other:
        return 0
    plan: Plan = one.contracts.plan
    basis = basis_of(plan, one.name, table.measure)
    size = len(basis[0])
    apart = [a - b for a, b in zip(vector, other, strict=True)]
    blocks = [tuple(apart[start : start + size]) for start in range(0, len(apart), size)]
    square = sum(squared(block, basis) for block in blocks if any(block))
    assert (square <= farthest(basis) * MICRO**2) is True, "an entry moves a table further than its bound"
    sigma = (plan.frozen or {})[one.name][table.measure].sigma[table_name(table.dimensions)]
    return -(-square * NANO // (2 * sigma**2))


def allowed(plan: Plan, most: int) -> Plan:
    """Return the plan with an allowance per person in its first product."""
    name, product = next(iter(plan.products.items()))
    bounded = product.model_copy(update={"most_releases_per_person": most})
    return plan.model_copy(update={"products": {**plan.products, name: bounded}})


def test_the_number_follows_the_plan(contracts: Contracts) -> None:
    """Less noise, a longer look-back, an allowance, a reserve or no frozen noise: each makes it greater."""
    plan = contracts.plan
    result = entry_nano(plan)
    assert 0 < result < plan.cap_nano
    quieter = {
        name: {
            measure: one.model_copy(update={"sigma": {table: sigma // 2 for table, sigma in one.sigma.items()}})
            for measure, one in measures.items()
        }
        for name, measures in (plan.frozen or {}).items()
    }
    # Each table's loss is rounded up to a whole nano-rho, in every release that reads the day, and so is half a sigma.
    rounded = 4 * 20 * sum(len(one.sigma) for measures in quieter.values() for one in measures.values())
    assert entry_nano(plan.model_copy(update={"frozen": quieter})) == pytest.approx(4 * result, abs=rounded)
    farther = {
        name: measure.model_copy(update={"looks_back_weeks": measure.looks_back_weeks + 4})
        for name, measure in plan.measures.items()
    }
    assert entry_nano(plan.model_copy(update={"measures": farther})) > result
    assert entry_nano(plan.model_copy(update={"frozen": None})) > result
    assert result <= entry_nano(allowed(plan, 1)) < entry_nano(allowed(plan, 5))
    reserve = plan.revision_reserve.model_copy(update={"part_rho": Decimal("0.01")})
    assert entry_nano(plan.model_copy(update={"revision_reserve": reserve})) == result + NANO // 25


@pytest.mark.parametrize("people", HOUSEHOLDS)
def test_a_household_is_that_many_steps(people: int) -> None:
    """The best test between k people and none, from k times the one-person bound: no greater than the notice says."""
    rho = NANO // 4
    result = recognised_in_100(group_nano(rho, people))
    alarms = 5.0
    for _ in range(people):
        alarms = recognised_in_100(rho, false_alarms_in_100=alarms)
    assert result == pytest.approx(alarms)
