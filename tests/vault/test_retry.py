"""A file that comes twice changes nothing, and the inbox is read so that the newest word counts."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from analytics.contracts import Contracts
from analytics.errors import FileRefusedError
from analytics.home import Home
from analytics.vault.database import Vault
from analytics.vault.files import inbox, ingest_file
from tests.support.made_once import new_home
from tests.support.people import ANA, KEY, NOW, Desk, granted


def test_a_withdrawal_without_a_time_is_on_record_once(desk: Desk) -> None:
    """The same file twice changes nothing."""
    withdrawal = f"{ANA},withdrawn,,,,,"
    assert desk.consents(granted(ANA), withdrawal).accepted == 2
    later = Desk(desk.vault, desk.contracts, desk.folder, desk.now + timedelta(days=2))
    assert later.consents(withdrawal).duplicates == 1


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a new home."""
    return new_home(tmp_path / "home", "standard", NOW.date())


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
    found = inbox.waiting(home, contracts, vault.next_batch_no, NOW)
    assert [str(incoming.path.relative_to(home.inbox)) for incoming in found] == [name for name, _, _ in files]
    assert inbox.left_waiting(home, found) == 2


@pytest.mark.parametrize("name", [" ", "\udcff", "x" * 201, "a\x1fb"])
def test_a_folder_that_names_nobody_refuses_its_files(
    vault: Vault, contracts: Contracts, name: str, tmp_path: Path
) -> None:
    """What is no id of a person is said so, and is no crash."""
    path = tmp_path / "sync.json"
    path.write_text('{"data": {"stateOfMind": []}}')
    incoming = inbox.IncomingFile(1, "health_auto_export", path, person=name)
    with pytest.raises(FileRefusedError, match="does not give a valid id"):
        ingest_file.ingest_incoming(incoming, Home(tmp_path / "home"), vault, contracts, KEY, NOW)
