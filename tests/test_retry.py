"""A held file is read again: what came after it stands, what it does not say any more goes, and no copy is lost."""

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.contracts import Contracts
from analytics.contracts.source import Clock, Scale
from analytics.errors import FileRefusedError
from analytics.vault.intake import Batch, FileReport, First, take_in
from analytics.vault.store import Vault
from pipelines import arrivals, holding, taking
from pipelines.home import Home, init_home
from tests.people import (
    ANA,
    BEA,
    CANARY,
    CONSENT_HEADER,
    ENTRY_HEADER,
    KEY,
    NOW,
    PARTICIPANT_HEADER,
    Desk,
    entry,
    granted,
    query,
    registered,
    write,
)

BAD = "x"
"""A ragged line, so that the file is held."""

KEPT = "SELECT local_date::VARCHAR, mood_score FROM entry ORDER BY ALL"


def taken(desk: Desk, name: str, path: Path, first: First | None = None) -> tuple[int, FileReport]:
    """Take in a file as the given batch came before, and return its number and report."""
    number = desk.vault.next_batch_no()
    source = desk.contracts.source(name)
    assert source is not None
    return number, take_in(desk.vault, Batch(number, path, KEY, desk.now, None, first), source, desk.contracts)


def again(desk: Desk, name: str, path: Path, number: int, order: int | None = None) -> tuple[int, FileReport]:
    """Read a held file again."""
    return taken(desk, name, path, First(number, number if order is None else order, desk.now - timedelta(days=3)))


def test_a_retry_does_not_undo_later_corrections(desk: Desk) -> None:
    """A later file's word stands, also against a second retry and a retry of another held file."""
    desk.consents(granted(ANA))
    held = write(desk.folder / "held.csv", ENTRY_HEADER, [entry(ANA, "2026-05-04", "2"), BAD])
    first, _ = taken(desk, "canonical", held)
    between = write(desk.folder / "between.csv", ENTRY_HEADER, [entry(ANA, "2026-05-04", "3"), BAD])
    second, _ = taken(desk, "canonical", between)
    third, report = again(desk, "canonical", held, first)
    assert (report.accepted, report.duplicates) == (0, 1)
    assert query(desk.vault, KEPT) == [("2026-05-04", 50_000)]
    desk.entries(entry(ANA, "2026-05-04", "5"))
    again(desk, "canonical", between, second)
    again(desk, "canonical", held, third, order=first)
    assert query(desk.vault, KEPT) == [("2026-05-04", 100_000)]


def test_a_row_that_a_retry_admits_is_as_old_as_its_file(desk: Desk, contracts: Contracts) -> None:
    """What was quarantined at first and corrected by a later held file is corrected by that one's retry, too."""
    desk.consents(granted(ANA))
    narrow = Scale(lo=Decimal(1), hi=Decimal(2), better="higher")
    source = contracts.sources["canonical"].model_copy(update={"scale": narrow})
    strict = desk.under(Contracts(**{**vars(contracts), "sources": {"canonical": source}}))
    old = write(desk.folder / "old.csv", ENTRY_HEADER, [entry(ANA, "2026-05-04", "3")])
    new = write(desk.folder / "new.csv", ENTRY_HEADER, [entry(ANA, "2026-05-04", "4")])
    first, _ = taken(strict, "canonical", old)
    second, _ = taken(strict, "canonical", new)
    assert again(desk, "canonical", new, second)[1].accepted == 1
    assert again(desk, "canonical", old, first)[1].duplicates == 1
    assert query(desk.vault, KEPT) == [("2026-05-04", 75_000)]


def test_a_retry_under_another_zone_moves_entries_instead_of_doubling_them(desk: Desk, contracts: Contracts) -> None:
    """Keys that the file no longer gives go, and what others brought stays."""
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(entry(BEA, "2026-05-05T09:00"))
    held = write(desk.folder / "held.csv", ENTRY_HEADER, [entry(ANA, "2026-05-04T09:00"), BAD])
    first, _ = taken(desk, "canonical", held)
    clock = Clock(zone="America/New_York", written="wall")
    source = contracts.sources["canonical"].model_copy(update={"clock": clock})
    elsewhere = desk.under(Contracts(**{**vars(contracts), "sources": {"canonical": source}}))
    again(elsewhere, "canonical", held, first)
    kept = "SELECT local_date::VARCHAR, utc_offset_min FROM entry ORDER BY ALL"
    assert query(desk.vault, kept) == [("2026-05-04", -240), ("2026-05-05", 0)]


def test_a_retry_of_the_register_does_not_undo_it(desk: Desk) -> None:
    """A later register row of the same person and day stands."""
    desk.consents(granted(ANA))
    held = write(desk.folder / "held.csv", PARTICIPANT_HEADER, [registered(ANA, region="north"), BAD])
    first, _ = taken(desk, "participants", held)
    desk.participants(registered(ANA, region="south"))
    assert again(desk, "participants", held, first)[1].duplicates == 1
    assert query(desk.vault, "SELECT keys['region'] FROM register") == [("south",)]


def test_a_withdrawal_without_a_time_is_as_old_as_its_file(desk: Desk) -> None:
    """Read again or sent again, it does not close what was granted after it came."""
    withdrawal = f"{ANA},withdrawn,soon,,population_statistics,v1,"
    held = write(desk.folder / "held.csv", CONSENT_HEADER, [granted(ANA, "2026-01-01"), withdrawal, BAD])
    first, _ = taken(desk, "consents", held)
    later = Desk(desk.vault, desk.contracts, desk.folder, desk.now + timedelta(days=2))
    later.consents(granted(ANA, (desk.now + timedelta(days=1)).isoformat(), "2026-01-01"))
    retried = First(first, first, desk.now)
    number = desk.vault.next_batch_no()
    source = desk.contracts.source("consents")
    assert source is not None
    report = take_in(desk.vault, Batch(number, held, KEY, later.now, None, retried), source, desk.contracts)
    assert (report.accepted, report.duplicates, report.without_consent) == (0, 1, 1)  # the old grant stays closed
    assert query(desk.vault, "SELECT count(*) FROM consent_in_force") == [(1,)]


def test_a_withdrawal_without_a_time_is_on_record_once(desk: Desk) -> None:
    """The same file twice changes nothing."""
    withdrawal = f"{ANA},withdrawn,,,,,"
    assert desk.consents(granted(ANA), withdrawal).accepted == 2
    later = Desk(desk.vault, desk.contracts, desk.folder, desk.now + timedelta(days=2))
    assert later.consents(withdrawal).duplicates == 1


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a new home."""
    return init_home(tmp_path / "home", "standard", NOW.date())


def test_no_number_of_a_held_file_is_given_again(home: Home, vault: Vault) -> None:
    """A vault that was restored from a backup counts on where held/ ends."""
    (home.held / "batch-000007-canonical.csv").write_text("x")
    assert holding.unused_numbers(home, vault)() == 8


def test_a_held_file_of_which_the_vault_knows_nothing_is_left_alone(home: Home, vault: Vault) -> None:
    """It may be the only copy: a retry neither reads nor removes it."""
    path = home.held / "batch-000007-canonical.csv"
    path.write_text(f"{CANARY}")
    assert holding.held_arrivals(home, vault, vault.next_batch_no) == []
    assert path.exists()


def test_the_inbox_is_listed_by_declaration_and_age(home: Home, vault: Vault, contracts: Contracts) -> None:
    """The register's files, then source by source, older files first; nothing that a file says has a part in it."""
    files = [  # in the order in which they are to be read
        ("participants/z.csv", "x", 9),
        ("daylio_csv/p1/export.csv", "x", 3),
        ("daylio_csv/p1/export (1).csv", "x", 4),  # a browser's name for the newer one
        ("fhir/m.ndjson", '{"resourceType":"Observation"}', 5),
        ("fhir/a.ndjson", '{"resourceType":"Consent"}', 6),  # not before the older file, whatever it is about
        ("fhir/b.ndjson", '{"resourceType":"Consent"}', 6),  # as old as the one before: by name
    ]
    for name, content, age in files:
        path = home.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        os.utime(path, (NOW.timestamp() - 100 + age,) * 2)
    young = home.inbox / "canonical" / "young.csv"
    young.write_text("x")
    os.utime(young, (NOW.timestamp(),) * 2)
    (home.inbox / "stray.csv").write_text("x")
    found = arrivals.waiting(home, contracts, vault.next_batch_no, NOW)
    assert [str(arrival.path.relative_to(home.inbox)) for arrival in found] == [name for name, _, _ in files]
    assert arrivals.left_waiting(home, found) == 2


@pytest.mark.parametrize("name", [" ", "\udcff", "x" * 201, "a\x1fb"])
def test_a_folder_that_names_nobody_refuses_its_files(
    home: Home, vault: Vault, contracts: Contracts, name: str, tmp_path: Path
) -> None:
    """What is no id of a person is said so, and is no crash."""
    path = tmp_path / "sync.json"
    path.write_text('{"data": {"stateOfMind": []}}')
    arrival = arrivals.Arrival(1, "health_auto_export", path, person=name)
    with pytest.raises(FileRefusedError, match="does not give the id"):
        taking.take_in_arrival(arrival, home, vault, contracts, KEY, NOW)
