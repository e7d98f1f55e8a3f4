"""A home, and the steps of the commands on it, without a flow engine; a full one is made once."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from analytics.contracts import Contracts, read_contracts
from analytics.home import Home
from analytics.vault.database import Vault
from analytics.vault.erasure import completion
from analytics.vault.files.inbox import IncomingFile
from analytics.vault.files.ingest_file import ingest_incoming
from analytics.vault.ingest import FileReport
from analytics.vault.open_database import open_vault
from analytics.vault.pseudonym import keyed_hash, normalised
from tests.support.made_once import new_home
from tests.support.people import (
    ANA,
    BEA,
    CONSENT_HEADER,
    ENTRY_HEADER,
    NOW,
    PARTICIPANT_HEADER,
    entry,
    granted,
    query,
    registered,
    write,
)
from tests.support.spellings import spellings

WORD = "Quittengelee"
"""The mood of a refused row; long and rare enough that nothing else in a home spells it."""


@dataclass(frozen=True)
class Office:
    """A home, and the steps of the commands on it, without a flow engine."""

    home: Home
    contracts: Contracts
    folder: Path
    filled: Path | None = None
    """A home that is full already, to be copied."""

    def take(self, source: str, path: Path, person: str | None = None) -> FileReport:
        """Ingest one file as `ingest` does, and complete the withdrawals that it brings."""
        with completion.existing_vault(self.home, self.contracts, NOW) as vault:
            report = self.take_into(vault, source, path, person)
        completion.complete_erasures(self.home, self.contracts, NOW)
        return report

    def take_into(self, vault: Vault, source: str, path: Path, person: str | None = None) -> FileReport:
        """Take one file in, and leave the rest undone."""
        incoming = IncomingFile(
            vault.next_batch_no(), source, path, from_inbox=path.is_relative_to(self.home.inbox), person=person
        )
        return ingest_incoming(incoming, self.home, vault, self.contracts, self.home.key.read_bytes(), NOW)

    def lines(self, source: str, *rows: str | bytes) -> FileReport:
        """Take in one file with these rows."""
        return self.take(source, self.file(source, *rows))

    def file(self, source: str, *rows: str | bytes) -> Path:
        """Write a file that lies outside the home."""
        headers = {"consents": CONSENT_HEADER, "participants": PARTICIPANT_HEADER, "canonical": ENTRY_HEADER}
        return write(self.folder / f"{source}.csv", headers.get(source, "person_id"), rows)

    def pseudonym(self, person: str) -> bytes:
        """Return a person's pseudonym under the home's key."""
        return keyed_hash(self.home.key.read_bytes(), "default", normalised(person))[:16]

    def places_of(self, *people: str) -> list[str]:
        """Return where the home has an id or a pseudonym, packed or not: files and the names of files and folders."""
        wanted = [person.lower().encode() for person in people]
        wanted += [self.pseudonym(person) for person in people]
        wanted += [self.pseudonym(person).hex().encode() for person in people]
        found = []
        for path in self.home.root.rglob("*"):
            name = str(path.relative_to(self.home.root))
            content = path.read_bytes() if path.is_file() else b""
            texts = content + spellings(content) + name.lower().encode()
            if any(text in texts for text in wanted):
                found.append(name.replace(people[0], "..."))
        return found

    def rows_of(self, table: str) -> int:
        """Return how many rows a table of the vault has."""
        with open_vault(self.home.vault, self.home.suppression_list) as vault:
            return int(query(vault, f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 -- our names

    def held(self) -> list[str]:
        """Return the texts of held records."""
        with open_vault(self.home.vault, self.home.suppression_list) as vault:
            return [texts for (texts,) in query(vault, "SELECT texts FROM refused_record ORDER BY ALL")]


def office_at(place: Path, filled: Path | None = None) -> Office:
    """Make a new home."""
    home = new_home(place / "home", "standard", date(2026, 1, 1))
    folder = place / "outside"
    folder.mkdir()
    return Office(home, read_contracts(home.contracts, "standard"), folder, filled)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a full home, which is made once: its seven files take half a second."""
    office = office_at(tmp_path_factory.mktemp("filled"))
    fill(office)
    return office.home.root


@pytest.fixture
def office(tmp_path: Path, filled: Path) -> Office:
    """Return a new home."""
    return office_at(tmp_path, filled)


def full(office: Office) -> None:
    """Put a copy of the full home in the new one's place."""
    assert office.filled is not None
    shutil.rmtree(office.home.root)
    shutil.copytree(office.filled, office.home.root)


def fill(office: Office) -> None:
    """Fill the home with Ana, in every place that can hold anything of hers, and Bea."""
    office.lines("consents", granted(ANA), granted(BEA))
    office.lines("participants", registered(ANA), registered(BEA))
    office.lines("canonical", entry(ANA), entry(BEA), entry(BEA, mood="9"), entry(ANA, mood=WORD))
    sync = '{"data": {"stateOfMind": [{"id": "k", "start": "2026-05-04 21:00:00 +0200", "valence": 7}]}}'
    for person in (ANA, BEA):
        folder = office.home.inbox / "health_auto_export" / person
        folder.mkdir()
        (folder / "sync.json").write_text(sync)
        office.take("health_auto_export", folder / "sync.json", person)
        (folder / "late.json").write_text(sync)
