"""The yearly allowance per person: counted in at most so many releases of any 53 weeks, first come."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.cells import TableKey
from analytics.contracts import MICRO, Contracts, Plan
from analytics.errors import StoreDamagedError
from analytics.periods import MOST_IN_53_WEEKS, Period, week_ordinal
from analytics.release.budget import solved, table_losses
from analytics.vault.participation import Allowance
from analytics.vault.shares import exact_cells
from tests.people import ANA, BEA, CAI, Desk, entry, granted, query, vault_at, withdrawn

FIRST = Period.parse("2026-W10")
PRODUCT = "weekly_mood"

Count = Callable[..., int]


def week(number: int) -> Period:
    """Return the week `number` weeks after the first."""
    return Period.containing(FIRST.first_day + timedelta(weeks=number), "week")


def counted(desk: Desk, number: int, most: int = 2, drawn: frozenset[tuple[str, str]] = frozenset()) -> int:
    """Return how many whole people a week's release counts under an allowance."""
    plan, period = desk.contracts.plan, week(number)
    allowance = Allowance(PRODUCT, period, most, drawn)
    exact = exact_cells(desk.vault, plan, desk.contracts.grid, plan.products[PRODUCT], period, allowance)
    return sum(exact.reveal(TableKey("mood_bands", ()))) // MICRO


def logs(person: str, *weeks: int) -> list[str]:
    """Return an entry of a person in each of these weeks."""
    return [entry(person, week(number).first_day.isoformat()) for number in weeks]


def test_a_person_counts_in_so_many_releases_first_come(desk: Desk) -> None:
    """Who logs every week is in the first two; who comes later has both still; weeks away spend nothing."""
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(*logs(ANA, 0, 1, 2, 3), *logs(BEA, 1, 3, 4))
    assert [counted(desk, number) for number in range(6)] == [1, 2, 0, 1, 0, 0]


def test_asked_again_a_release_counts_the_same_people(desk: Desk) -> None:
    """A draw that was killed before its commit is asked for again, and has spent nothing more."""
    desk.consents(granted(ANA))
    desk.entries(*logs(ANA, 0, 1, 2))
    assert [counted(desk, number) for number in (0, 0, 0, 1, 1, 0, 2)] == [1, 1, 1, 1, 1, 1, 0]


def test_after_53_weeks_a_person_counts_again(desk: Desk) -> None:
    """A release 52 weeks on shares 53 weeks with the first, one 53 weeks on does not."""
    late = desk.under(desk.contracts)
    desk.consents(granted(ANA, "2024-01-01", "2024-01-01"))
    desk.entries(*(entry(ANA, week(number).first_day.isoformat()) for number in (-60, -59, -8, -7)))
    assert [counted(late, number) for number in (-60, -59)] == [1, 1]
    assert counted(late, -8) == 0  # 52 after the first, 51 after the second
    assert counted(late, -7) == 1  # 53 after the first


def test_who_withdrew_and_came_back_waits_53_weeks(desk: Desk) -> None:
    """What somebody was counted in is erased with the rest; until it could not matter any more they are not counted."""
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(*logs(ANA, 0, 1), *logs(BEA, 0))
    assert [counted(desk, number) for number in (0, 1)] == [2, 1]
    desk.consents(withdrawn(ANA, "2026-03-20T10:00:00Z"))
    assert query(desk.vault, "SELECT count(*) FROM participation") == [(1,)]  # BEA's
    desk.consents(granted(ANA, "2026-04-01", "2026-04-01"))
    desk.entries(*logs(ANA, 6, 7), *logs(BEA, 6))
    assert [counted(desk, number) for number in (6, 7)] == [1, 0]  # BEA alone
    year = desk.under(desk.contracts)
    assert query(desk.vault, "SELECT count(DISTINCT person_no) FROM entry") == [(2,)]
    assert counted(year, 6, most=1) == 0  # BEA's first is spent


def test_a_vault_that_lacks_what_the_ledger_has_counts_nobody(desk: Desk) -> None:
    """A vault from before a release would count its people anew: nothing is counted, and exit 5."""
    desk.consents(granted(ANA))
    desk.entries(*logs(ANA, 0, 1))
    assert counted(desk, 0) == 1
    assert counted(desk, 1, drawn=frozenset({(PRODUCT, FIRST.name)})) == 1
    with pytest.raises(StoreDamagedError) as refused:
        counted(desk, 1, drawn=frozenset({(PRODUCT, "2026-W08")}))
    assert refused.value.exit_code == 5


def test_a_release_that_counted_nobody_is_remembered(tmp_path: Path, contracts: Contracts) -> None:
    """An empty release is one that the vault knows of."""
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        assert counted(desk, 0) == 0
        assert counted(desk, 1, drawn=frozenset({(PRODUCT, FIRST.name)})) == 0


def with_allowance(plan: Plan, most: int) -> Plan:
    """Return the plan with an allowance per person in its weekly product."""
    product = plan.products[PRODUCT].model_copy(update={"most_releases_per_person": most})
    return plan.model_copy(update={"products": {PRODUCT: product}})


def test_less_noise_for_fewer_releases(contracts: Contracts) -> None:
    """With 13 releases a person instead of 53 the noise falls by the root of 13 / 53."""
    plan, grid = with_allowance(contracts.plan, 13), contracts.grid
    whole = contracts.plan.model_copy(update={"products": {PRODUCT: contracts.plan.products[PRODUCT]}})
    ours, theirs = (solved(one, grid)[PRODUCT]["mood_bands"].sigma for one in (plan, whole))
    for table, sigma in ours.items():
        assert sigma / theirs[table] == pytest.approx((13 / MOST_IN_53_WEEKS["week"]) ** 0.5, rel=1e-3)


def test_nobody_loses_more_than_the_part_in_any_53_weeks(desk: Desk, contracts: Contracts) -> None:
    """Over two years of releases, people who log at random are counted at most so often in any 53 weeks.

    Periods are drawn in any order, as late releases are; what each person's releases cost stays within the part.
    """
    rng, most = random.Random(7), 9
    plan = with_allowance(contracts.plan, most)
    product = plan.products[PRODUCT]
    loss = sum(table_losses(product, solved(plan, contracts.grid)[PRODUCT]).values())
    weeks = list(range(-104, 8))
    desk.consents(*(granted(person, "2024-01-01", "2024-01-01") for person in (ANA, BEA, CAI)))
    for person, chance in ((ANA, 1.0), (BEA, 0.5), (CAI, 0.1)):
        desk.entries(*logs(person, *(number for number in weeks if rng.random() < chance)))
    order = [number for block in range(0, len(weeks), 4) for number in rng.sample(weeks[block : block + 4], 4)]
    for number in order:
        counted(desk, number, most)
    found = query(desk.vault, "SELECT person_no, last_week FROM participation")
    people = {person for person, _ in found}
    assert len(people) == 3
    for person in people:
        mine = [last for one, last in found if one == person]
        fullest = max(sum(start <= last < start + 53 for last in mine) for start in range(min(mine), max(mine) + 1))
        assert fullest <= most
        assert fullest * loss <= int(product.part_rho * 10**9)
    assert max(sum(1 for one, _ in found if one == person) for person in people) > most  # the second year counts anew
    assert week_ordinal(date(2026, 3, 8)) == week_ordinal(FIRST.last_day)
