"""Consent: one definition on the way in and on the way out, whatever the order of the events."""

import pytest

from tests.support.people import (
    ANA,
    BEA,
    CANARY,
    NOTE,
    WEEK,
    Desk,
    balances,
    entry,
    granted,
    query,
    row_counts,
    withdrawn,
)


def test_an_entry_before_opt_in_is_without_consent(desk: Desk) -> None:
    """A grant covers entries from its first day on, that day included."""
    desk.consents(granted(ANA, covers="2026-05-06"))
    report = desk.entries(*(entry(ANA, f"2026-05-0{day}") for day in (4, 5, 6, 7)))
    assert (report.accepted, report.without_consent) == (2, 2)


def test_an_entry_after_withdrawal_is_without_consent(desk: Desk) -> None:
    """After a withdrawal nothing of the person comes in."""
    desk.consents(granted(ANA), withdrawn(ANA))
    report = desk.entries(entry(ANA, "2026-05-04"), entry(ANA, "2026-05-25"))
    assert (report.accepted, report.without_consent) == (0, 2)
    assert row_counts(desk.vault)["entry"] == 0


def test_a_withdrawn_person_is_in_no_exact_cells(desk: Desk) -> None:
    """Consent is joined on the way out too: a withdrawal empties every period, past ones included."""
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(entry(ANA), entry(BEA), entry(ANA, "2026-04-28"))
    assert desk.everyone() == {3: 2_000_000}
    desk.consents(withdrawn(ANA))
    assert desk.everyone() == {3: 1_000_000}
    assert desk.everyone(WEEK.previous) == {}


def test_a_later_grant_admits_only_its_own_days(desk: Desk) -> None:
    """After a withdrawal, a new grant admits entries from its own first day and does not revive older ones."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, "2026-05-04"), entry(ANA, "2026-05-08"))
    desk.consents(withdrawn(ANA, "2026-05-20"), granted(ANA, "2026-05-21", "2026-05-06"))
    assert desk.everyone() == {}
    desk.entries(entry(ANA, "2026-05-04"), entry(ANA, "2026-05-08"))
    assert desk.everyone() == {3: 1_000_000}
    assert desk.entries(entry(ANA, "2026-05-05"), entry(ANA, "2026-05-07", "1")).without_consent == 1
    assert desk.everyone() == {0: 500_000, 3: 500_000}


@pytest.mark.parametrize(
    ("events", "consents"),
    [
        # a grant and a withdrawal at one instant: the withdrawal holds
        ((granted(ANA, "2026-03-01T10:00Z"), withdrawn(ANA, "2026-03-01T10:00Z")), False),
        ((granted(ANA, "2026-03-01T10:00:00.000001Z"), withdrawn(ANA, "2026-03-01T10:00Z")), True),
        # one day without times: a grant is its first instant, a withdrawal its last
        ((granted(ANA, "2026-03-01"), withdrawn(ANA, "2026-03-01")), False),
        ((granted(ANA, "2026-03-02"), withdrawn(ANA, "2026-03-01")), True),
        # a withdrawal ahead of the clock holds at once, for all that is granted before it
        ((granted(ANA), withdrawn(ANA, "2030-01-01")), False),
        ((granted(ANA), withdrawn(ANA, "2030-01-01"), granted(ANA, "2026-05-31")), False),
        # a grant ahead of the clock is refused
        ((granted(ANA, "2026-06-01T12:00:01Z"),), False),
        ((granted(ANA, "2026-06-01T12:00:00Z"),), True),
        # a withdrawal alone
        ((withdrawn(ANA),), False),
        # granted, withdrawn, granted again, withdrawn again
        ((granted(ANA), withdrawn(ANA, "2026-02-01"), granted(ANA, "2026-03-01")), True),
        ((granted(ANA), withdrawn(ANA, "2026-04-01"), granted(ANA, "2026-03-01")), False),
        # instants are compared, whatever offset they are written with
        ((granted(ANA, "2026-03-01T10:00+02:00"), withdrawn(ANA, "2026-03-01T08:30Z")), False),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_consent_is_a_matter_of_times_not_of_lines(
    desk: Desk, events: tuple[str, ...], order: int, *, consents: bool
) -> None:
    """Which consent is in force follows from the events' times, not from their order in the file."""
    desk.consents(*events[::order])
    assert desk.entries(entry(ANA)).accepted == consents


def test_events_in_several_files_are_one_history(desk: Desk) -> None:
    """A withdrawal that arrives before its grant closes it all the same."""
    desk.consents(withdrawn(ANA, "2026-05-20"))
    desk.consents(granted(ANA, "2026-01-01"))
    assert desk.entries(entry(ANA)).accepted == 0


def test_another_scope_is_no_consent(desk: Desk) -> None:
    """Consent to something else opens nothing."""
    desk.consents(f"{ANA},granted,2026-01-01,2026-01-01,research,v1,")
    assert desk.entries(entry(ANA)).without_consent == 1


def test_policy_versions_are_not_compared(desk: Desk) -> None:
    """The same event under another policy version is a duplicate."""
    desk.consents(granted(ANA, version="v1"))
    assert desk.consents(granted(ANA, version="v2")).duplicates == 1


@pytest.mark.parametrize(
    "line",
    [
        f"{ANA},withdrawn,2026-05-20,,population_statistics,v1, moved, phone",  # commas too many
        f"{ANA},withdrawn,2026-05-20".encode() + b",,population_statistics,v\xff,",  # a byte that is no UTF-8
        f"{ANA},withdrawn",  # cut off
        f'{ANA},withdrawn,2026-05-20,,population_statistics,"v1',  # a quote that never ends
    ],
)
def test_a_withdrawal_on_a_damaged_line_holds(desk: Desk, line: str | bytes) -> None:
    """A withdrawal of a named person counts, whatever else became of the line."""
    report = desk.consents(granted(ANA), line)
    assert (report.accepted, balances(report), dict(report.quarantined)) == (2, True, {})
    assert query(desk.vault, "SELECT count(*) FROM consent_in_force") == [(0,)]


def test_a_damaged_line_that_does_not_name_somebody_for_sure_withdraws_nobody(desk: Desk) -> None:
    """Half an id may be another person's."""
    report = desk.consents(granted(ANA), ANA.encode() + b"\xff,withdrawn,2026-05-20,,,,", f"{ANA},granted,x,y,z,v,,,")
    assert (report.accepted, dict(report.quarantined)) == (1, {"not_utf8": 1, "ragged": 1})
    assert query(desk.vault, "SELECT count(*) FROM consent_in_force") == [(1,)]


def test_nothing_unchecked_of_a_withdrawal_is_kept(desk: Desk) -> None:
    """Its columns may be shifted: neither scope nor version holds a word of it."""
    desk.consents(f'{ANA},withdrawn,2026-05-01,,"{NOTE}",{CANARY}version,', granted(ANA, "2026-05-02"))
    kept = query(desk.vault, "SELECT scope, policy_version FROM consent_event WHERE event = 'withdrawn'")
    assert kept == [("population_statistics", "")]
