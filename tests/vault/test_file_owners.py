"""File owners: the enclosing inbox folder or a map of files, and never anything written elsewhere."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analytics.contracts import Contracts, read_contracts
from analytics.errors import FileRefusedError, UsageError
from analytics.home import Home
from analytics.vault.database import Vault
from analytics.vault.files import inbox, ingest_file
from analytics.vault.files.file_owners import read_file_owners
from analytics.vault.files.file_results import file_results
from analytics.vault.ingest import FileReport
from analytics.vault.open_database import open_vault
from tests.support.made_once import new_home
from tests.support.people import ANA, BEA, CANARY, KEY, NOW

SYNC = '{{"data": {{"stateOfMind": [{{"id": "{0}", "start": "2026-05-04 21:00:00 +0200", "valence": {1}}}]}}}}'
CONSENTS = "person_id,event,recorded_at,covers_from,scope\n{0},granted,2026-01-01,2026-01-01,population_statistics\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a new home."""
    return new_home(tmp_path / "home", "standard", date(2026, 1, 1))


@pytest.fixture
def opened(home: Home) -> Iterator[Vault]:
    """Return its vault."""
    with open_vault(home.vault, home.suppression_list) as vault:
        yield vault


@pytest.fixture
def contracts(home: Home) -> Contracts:
    """Return its contracts."""
    return read_contracts(home.contracts, "standard")


Take = Callable[[inbox.IncomingFile], FileReport]


@pytest.fixture
def take(home: Home, opened: Vault, contracts: Contracts) -> Take:
    """Return the step that takes one file in."""
    return lambda incoming: ingest_file.ingest_incoming(incoming, home, opened, contracts, KEY, NOW)


def old(path: Path, content: str) -> Path:
    """Write a file that has been quiet for a while."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (NOW.timestamp() - 60,) * 2)
    return path


def test_the_inbox_folder_names_the_owner_of_a_file(home: Home, opened: Vault, take: Take) -> None:
    """`inbox/<source>/<person>/` is read after the consents, and its files go when the vault has them."""
    old(home.inbox / "consents" / "a.csv", CONSENTS.format(ANA))
    mine = old(home.inbox / "health_auto_export" / ANA / f"{CANARY}.json", SYNC.format("k1", "0.5"))
    theirs = old(home.inbox / "health_auto_export" / BEA / f"{CANARY}.json", SYNC.format("k1", "0.5"))
    old(home.inbox / "health_auto_export" / ANA / ".part", "")  # hidden: still on its way
    found = inbox.waiting(home, read_contracts(home.contracts, "standard"), opened.next_batch_no, NOW)
    assert [(incoming.source, incoming.person) for incoming in found] == [
        ("consents", None),
        ("health_auto_export", ANA),
        ("health_auto_export", BEA),
    ]
    assert CANARY not in repr(found[1]).replace(str(found[1].path), "")
    reports = [take(incoming) for incoming in found]
    assert [(report.accepted, report.without_consent) for report in reports] == [(1, 0), (1, 0), (0, 1)]
    assert not mine.exists()
    assert not theirs.exists()


def test_a_map_of_files_names_the_owner_of_each(opened: Vault, take: Take, tmp_path: Path) -> None:
    """Paths of the map are relative to its own folder; named files are never touched."""
    take(inbox.IncomingFile(opened.next_batch_no(), "consents", old(tmp_path / "c.csv", CONSENTS.format(ANA))))
    file = old(tmp_path / "exports" / "one.json", SYNC.format("k1", "0.5"))
    people = read_file_owners(old(tmp_path / "map.csv", f"file,person_id\nexports/one.json, {ANA}\n\n"))
    found = inbox.arguments(opened.next_batch_no, "health_auto_export", ["exports/one.json"], tmp_path, people)
    assert take(found[0]).accepted == 1
    assert file.exists()
    with pytest.raises(UsageError, match="does not name every file"):
        inbox.arguments(opened.next_batch_no, "health_auto_export", ["c.csv"], tmp_path, people)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "file;person_id\n",
        "person_id,file\n",
        f"file,person_id\na.json,{ANA},x\n",
        "file,person_id\na.json,\n",
        f"file,person_id\na.json,{ANA}\n./a.json,{BEA}\n",  # one file of two people
        f'file,person_id\n"a.json,{ANA}\n',
    ],
)
def test_a_map_that_is_none_is_refused_without_its_content(tmp_path: Path, content: str) -> None:
    """A wrong map is exit 3; the sentence names at most a line."""
    with pytest.raises(FileRefusedError) as refused:
        read_file_owners(old(tmp_path / "map.csv", content))
    assert CANARY not in f"{refused.value} {refused.value.action}"


def test_files_of_one_person_are_counted_together(home: Home, opened: Vault, take: Take, contracts: Contracts) -> None:
    """The answer of a run holds no count of a single person's file, but says which file was refused."""
    for person, text in ((ANA, SYNC.format("k1", "0.5")), (BEA, SYNC.format("k2", "7")), (f"{ANA}2", "{")):
        old(home.inbox / "health_auto_export" / person / "sync.json", text)
    found = inbox.waiting(home, read_contracts(home.contracts, "standard"), opened.next_batch_no, NOW)
    reports = {str(incoming.number): take(incoming) for incoming in found if incoming.person != f"{ANA}2"}
    refused = next(incoming for incoming in found if incoming.person == f"{ANA}2")
    with pytest.raises(FileRefusedError) as error:
        take(refused)
    result = file_results(found, reports, {str(refused.number): error.value})
    assert [(one["file"], one["read"], one["quarantined"]) for one in result] == [
        (str(refused.number), 0, {}),
        ("2 of one person each", 2, {"off_scale": 1}),
    ]
    assert CANARY not in str(result)
    assert contracts.sources["health_auto_export"].person == "file"


def test_held_records_of_one_person_s_files_are_judged_again(
    home: Home, opened: Vault, take: Take, contracts: Contracts
) -> None:
    """A retry knows the owner of a record, counts nothing twice, and reports only the sum of such batches."""
    old(home.inbox / "consents" / "a.csv", CONSENTS.format(ANA))
    for name in ("one", "two"):
        old(home.inbox / "health_auto_export" / ANA / f"{name}.json", SYNC.format(name, "3"))
    for incoming in inbox.waiting(home, contracts, opened.next_batch_no, NOW):
        take(incoming)
    assert [row[1:] for row in opened.rows("quarantine_counts")] == [
        ("health_auto_export", "off_scale", "mood", 1, 1),
        ("health_auto_export", "off_scale", "mood", 1, 1),
    ]
    again = inbox.held(opened, contracts)
    assert [(incoming.again, incoming.of_one_person, incoming.shown) for incoming in again] == [
        (True, True, "2"),
        (True, True, "3"),
    ]
    assert [take(incoming).quarantined for incoming in again] == [{"off_scale": 1}] * 2

    path = home.contracts / "sources" / "health_auto_export.yaml"
    path.write_text(path.read_text().replace("hi: 1,", "hi: 5,"))
    wider = read_contracts(home.contracts, "standard")
    assert wider.sources["health_auto_export"] != contracts.sources["health_auto_export"]
    last = inbox.held(opened, wider)
    reports = {str(one.number): ingest_file.ingest_incoming(one, home, opened, wider, KEY, NOW) for one in last}
    (result,) = file_results(last, reports, {})
    assert (result["file"], result["accepted"]) == ("2 of one person each", 2)
    assert (opened.rows("quarantine_counts"), inbox.held(opened, wider)) == ([], [])


def test_records_of_a_source_that_is_no_longer_declared_wait(
    home: Home, opened: Vault, take: Take, contracts: Contracts
) -> None:
    """Nobody can say what they mean; the others are judged, and the answer says why these are not."""
    old(home.inbox / "consents" / "a.csv", CONSENTS.format(ANA))
    old(home.inbox / "health_auto_export" / ANA / "sync.json", SYNC.format("k1", "3"))
    for incoming in inbox.waiting(home, contracts, opened.next_batch_no, NOW):
        take(incoming)
    fewer = {name: source for name, source in contracts.sources.items() if name != "health_auto_export"}
    without = replace(contracts, sources=fewer)
    (held,) = inbox.held(opened, without)
    assert held.of_one_person
    with pytest.raises(FileRefusedError, match="no longer declared"):
        ingest_file.ingest_incoming(held, home, opened, without, KEY, NOW)
    assert len(inbox.held(opened, contracts)) == 1


def test_a_folder_that_is_no_source_is_named_nowhere(
    home: Home, opened: Vault, take: Take, contracts: Contracts
) -> None:
    """A person's folder may lie where a source's should: the file is refused, and the name is not repeated."""
    old(home.inbox / ANA / "export.csv", "x")
    (found,) = inbox.waiting(home, contracts, opened.next_batch_no, NOW)
    with pytest.raises(FileRefusedError, match="no source") as refused:
        take(found)
    result = file_results([found], {}, {str(found.number): refused.value})
    assert CANARY not in f"{result}"
