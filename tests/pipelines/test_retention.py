"""Retention: entries go when they are old and no release still needs them; a resend does not bring them back."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from analytics.contracts import Contracts, Plan, read_plan, shipped_contracts
from analytics.errors import ContractRefusedError, EntriesPurgedError
from analytics.periods import Period
from analytics.vault.erasure.rows import purge
from pipelines.due_periods import check_not_purged, first_day_needed
from tests.support.people import ANA, BEA, NOTE, WEEK, Desk, entry, granted, query, registered, row_counts
from tests.support.releases import PRODUCT, new_home, plan_of

START = date(2025, 12, 29)
"""A Monday: the first day of 2026-W01."""


@pytest.fixture
def plan() -> Plan:
    """Return a weekly plan that keeps entries for 30 days."""
    return plan_of().model_copy(update={"retention_days": 30})


def test_what_is_not_released_yet_is_needed(tmp_path: Path, plan: Plan) -> None:
    """However old, entries stay until their week is drawn; then the days alone decide."""
    home = new_home(tmp_path)
    today = date(2026, 3, 16)
    with home.open() as ledger:
        assert first_day_needed(plan, ledger, START, today) == START
    home.draw("2026-W01", "2026-W02", plan=plan)
    with home.open() as ledger:
        assert first_day_needed(plan, ledger, START, today) == Period.parse("2026-W03").first_day
    home.draw(*(f"2026-W{number:02}" for number in range(3, 11)), plan=plan)
    with home.open() as ledger:
        assert first_day_needed(plan, ledger, START, today) == today - timedelta(days=30)


def test_a_week_that_was_left_out_is_still_needed(tmp_path: Path, plan: Plan) -> None:
    """A later week that is drawn does not hide an earlier one that is not."""
    home = new_home(tmp_path)
    home.draw("2026-W02", plan=plan)
    with home.open() as ledger:
        assert first_day_needed(plan, ledger, START, date(2026, 3, 16)) == START


def test_every_product_has_its_say(tmp_path: Path, plan: Plan) -> None:
    """A product that begins later, or releases more slowly, keeps what it needs and no more."""
    home = new_home(tmp_path)
    home.draw(*(f"2026-W{number:02}" for number in range(1, 11)), plan=plan)
    slow = plan.products[PRODUCT].model_copy(update={"cadence": "four_weeks", "from_": date(2026, 1, 20)})
    both = plan.model_copy(update={"products": {**plan.products, "slow": slow}})
    with home.open() as ledger:
        assert first_day_needed(both, ledger, START, date(2026, 3, 16)) == Period.parse("2026-P02").first_day
        assert first_day_needed(plan, ledger, START, date(2026, 3, 16)) == date(2026, 2, 14)


def test_old_entries_go_and_are_counted(desk: Desk) -> None:
    """The day itself stays, the day before goes, of everybody; the file is due to be written again."""
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(*(entry(person, f"2026-05-{day:02}") for person in (ANA, BEA) for day in (3, 4, 5)))
    query(desk.vault, "INSERT INTO deleted_entry SELECT person_no, source_no, key_kind, key_value FROM entry")
    query(desk.vault, "INSERT INTO deleted_entry SELECT person_no, source_no, 2, 7 FROM entry LIMIT 1")  # an own id
    assert purge(desk.vault, date(2026, 5, 5)) == (4, 0)
    assert query(desk.vault, "SELECT DISTINCT local_date FROM entry") == [(date(2026, 5, 5),)]
    kept = query(desk.vault, "SELECT key_kind, count(*) FROM deleted_entry GROUP BY ALL ORDER BY ALL")
    assert kept == [(0, 4), (2, 1)]  # a day more, whatever the offset; an own id tells no date
    state = desk.vault.state()
    assert (state.rebuild_due, state.purged_before) == (True, date(2026, 5, 5))
    assert purge(desk.vault, date(2026, 5, 1)) == (0, 0)
    assert desk.vault.state().purged_before == date(2026, 5, 5)  # never falls


def test_nothing_old_asks_for_no_new_file(desk: Desk) -> None:
    """Without anything to delete the vault's file stays as it is."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, "2026-05-05", note=NOTE))
    assert purge(desk.vault, date(2026, 5, 5)) == (0, 0)
    assert not desk.vault.state().rebuild_due


def test_register_rows_that_a_later_one_replaced_go(desk: Desk) -> None:
    """The row that holds on the first day that is needed stays, and every later one."""
    desk.consents(granted(ANA), granted(BEA))
    desk.participants(*(registered(ANA, day) for day in ("2026-01-01", "2026-05-04", "2026-05-05", "2026-06-01")))
    desk.participants(registered(BEA, "2025-01-01"))
    purge(desk.vault, date(2026, 5, 5))
    kept = query(desk.vault, "SELECT valid_from FROM register ORDER BY ALL")
    assert [day.isoformat() for (day,) in kept] == ["2025-01-01", "2026-05-05", "2026-06-01"]


def test_a_purge_changes_no_cell_of_a_period_that_is_needed(desk: Desk) -> None:
    """What a release from that day on counts is the same before and after."""
    desk.consents(granted(ANA), granted(BEA))
    desk.participants(registered(ANA, "2026-01-01"), registered(ANA, "2026-05-04", "south"), registered(BEA))
    desk.entries(*(entry(person, f"2026-05-{day:02}", "2") for person in (ANA, BEA) for day in range(1, 11)))
    before = desk.cells(WEEK)
    assert purge(desk.vault, WEEK.first_day) == (6, 0)
    assert desk.cells(WEEK) == before
    assert row_counts(desk.vault)["register"] == 2


@pytest.mark.parametrize(
    ("product", "period", "first"),
    [
        ("weekly_mood", WEEK, WEEK.first_day),
        ("monthly_patterns", Period.parse("2026-P05"), date(2026, 4, 20) - timedelta(weeks=16)),  # who is counted
    ],
)
def test_a_period_that_lost_entries_is_not_drawn(
    contracts: Contracts, product: str, period: Period, first: date
) -> None:
    """A product that is newer than the deletion cannot read beyond it, nor can a measure look back beyond it."""
    check_not_purged(None, contracts.plan, product, period)
    check_not_purged(first, contracts.plan, product, period)
    with pytest.raises(EntriesPurgedError) as refused:
        check_not_purged(first + timedelta(days=1), contracts.plan, product, period)
    assert refused.value.exit_code == 2
    assert period.name in refused.value.message


@pytest.mark.parametrize(("plan_name", "least"), [("standard", 38 + 7 * 16), ("small", 38 + 7 * 16)])
def test_retention_is_at_least_what_a_period_needs(tmp_path: Path, plan_name: str, least: int) -> None:
    """The plan is refused if entries could go before their period is closed."""
    for path in shipped_contracts().glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    file = tmp_path / ("release_plan.yaml" if plan_name == "standard" else f"release_plan.{plan_name}.yaml")
    content = file.read_text()
    for days, good in ((least, True), (least - 1, False)):
        file.write_text(content.replace("retention_days: 400", f"retention_days: {days}"))
        assert yaml.safe_load(file.read_text())["retention_days"] == days
        if good:
            assert read_plan(tmp_path, plan_name)[0].retention_days == days
        else:
            with pytest.raises(ContractRefusedError, match="needs entries for"):
                read_plan(tmp_path, plan_name)


def test_the_fingerprint_covers_how_long_entries_are_kept(contracts: Contracts) -> None:
    """Retention is part of the policy that each release names."""
    longer = replace(contracts, plan=contracts.plan.model_copy(update={"retention_days": 401}))
    assert longer.plan.fingerprint(contracts.grid) != contracts.plan.fingerprint(contracts.grid)
