"""Invented participants: builders of rows and files, and a desk that takes files into a vault.

Every id and every note holds the word CANARY: a rule for all tests looks for it in whatever they print or log.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analytics.cells import TableKey
from analytics.contracts import Contracts
from analytics.periods import Period
from analytics.vault.database import Vault
from analytics.vault.erasure.waiting import delete_leavers, hold_back_large_deletions
from analytics.vault.files.refused_records import held_batches, retry
from analytics.vault.ingest import Batch, FileReport, ingest_batch
from analytics.vault.open_database import open_vault
from analytics.vault.pseudonym import keyed_hash, normalised
from analytics.vault.shares import exact_cells
from tests.support.made_once import new_vault

CANARY = "CANARY"

ANA, BEA, CAI, DEE = (f"{CANARY}-{name}" for name in ("ana", "bea", "cai", "dee"))
NOTE = f"{CANARY} slept badly, Dr Whitcombe rang"
OFF_GRID = f"{CANARY}-Atlantis"

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""A Monday; the tests' clock."""

WEEK = Period.parse("2026-W19")
"""4 to 10 May 2026, closed at `NOW`."""

KEY = bytes(range(32))

ENTRY_HEADER = "person_id,logged_at,mood,factors,sleep_hours,note"
CONSENT_HEADER = "person_id,event,recorded_at,covers_from,scope,policy_version,id_domain"
PARTICIPANT_HEADER = "person_id,valid_from,region,age_band,service,id_domain"

Line = str | bytes


def entry(  # noqa: PLR0913 -- each is a column of the file
    person: str,
    at: str = "2026-05-04T09:00",
    mood: str = "4",
    *,
    factors: str = "",
    sleep: str = "",
    note: str = "",
) -> str:
    """Return one line of a canonical file of mood entries."""
    quoted = f'"{note}"' if note else ""
    return f"{person},{at},{mood},{factors},{sleep},{quoted}"


def granted(
    person: str, at: str = "2026-01-01", covers: str = "2026-01-01", *, version: str = "v1", domain: str = ""
) -> str:
    """Return one line of a consents file: an opt-in."""
    return f"{person},granted,{at},{covers},population_statistics,{version},{domain}"


def withdrawn(person: str, at: str = "2026-05-20T10:00:00Z") -> str:
    """Return one line of a consents file: a withdrawal."""
    return f"{person},withdrawn,{at},,population_statistics,v1,"


def registered(  # noqa: PLR0913 -- each is a column of the file
    person: str,
    since: str = "2026-01-01",
    region: str = "north",
    age_band: str = "25-34",
    service: str = "primary_care",
    *,
    domain: str = "",
) -> str:
    """Return one line of a participants file."""
    return f"{person},{since},{region},{age_band},{service},{domain}"


def write(path: Path, header: Line, rows: Iterable[Line]) -> Path:
    """Write a file of `header` and `rows`, each ended by a line feed."""
    lines = [line.encode() if isinstance(line, str) else line for line in (header, *rows)]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


@dataclass(frozen=True)
class Desk:
    """Takes files into a vault as the ingest command does, and reads back what the release would."""

    vault: Vault
    contracts: Contracts
    folder: Path
    now: datetime = NOW

    def under(self, contracts: Contracts) -> "Desk":
        """Return a desk at the same vault that is governed by other contracts."""
        return replace(self, contracts=contracts)

    def take(self, source: str, path: Path, person: str | None = None) -> FileReport:
        """Take in a file of a source; where its rows do not say whose they are, it is `person`'s."""
        declared = self.contracts.source(source)
        assert declared is not None
        whose = None if person is None else pseudonym(person, declared.id_domain)
        batch = Batch(self.vault.next_batch_no(), path, KEY, self.now, whose)
        report = ingest_batch(self.vault, batch, declared, self.contracts)
        self.delete()
        return report

    def delete(self) -> None:
        """Delete the rows of people who left, or let them wait, as at the end of a command."""
        hold_back_large_deletions(self.vault, self.contracts.plan.most_erased_at_once, self.now)
        delete_leavers(self.vault)

    def retry(self) -> list[FileReport]:
        """Judge the held records of every batch again, as `quarantine retry` does."""
        declared = [(number, self.contracts.source(name)) for number, name in held_batches(self.vault)]
        return [
            retry(self.vault, Batch(number, Path(), KEY, self.now), source, self.contracts)
            for number, source in declared
            if source is not None
        ]

    def declaring(self, source: str, **changes: object) -> "Desk":
        """Return a desk at the same vault under a corrected declaration."""
        corrected = self.contracts.sources[source].model_copy(update=changes)
        return self.under(replace(self.contracts, sources={**self.contracts.sources, source: corrected}))

    def take_entries(self, path: Path, source: str = "canonical") -> FileReport:
        """Take in a file of entries."""
        return self.take(source, path)

    def take_consents(self, path: Path) -> FileReport:
        """Take in a file of consents."""
        return self.take("consents", path)

    def take_participants(self, path: Path) -> FileReport:
        """Take in a file of the register."""
        return self.take("participants", path)

    def entries(self, *rows: Line) -> FileReport:
        """Take in one file with these entries."""
        return self.take_entries(write(self.folder / "entries.csv", ENTRY_HEADER, rows))

    def consents(self, *rows: Line) -> FileReport:
        """Take in one file with these consent events."""
        return self.take_consents(write(self.folder / "consents.csv", CONSENT_HEADER, rows))

    def participants(self, *rows: Line) -> FileReport:
        """Take in one file with these register rows."""
        return self.take_participants(write(self.folder / "participants.csv", PARTICIPANT_HEADER, rows))

    def cells(
        self, period: Period = WEEK, measure: str = "mood_bands"
    ) -> dict[tuple[tuple[str, ...], tuple[str, ...], int], int]:
        """Return one measure's exact cells that are not zero: (dimensions, cohort, category) to micro-persons."""
        plan, grid = self.contracts.plan, self.contracts.grid
        product = next(one for one in plan.products.values() if measure in one.tables)
        alone = product.model_copy(update={"tables": {measure: product.tables[measure]}})
        exact = exact_cells(self.vault, plan, grid, alone, period)
        found = {}
        for _, dimensions in alone.measured():
            categories = len(plan.measures[measure].categories)
            cells = [(cohort, number) for cohort in grid.cohorts(dimensions) for number in range(categories)]
            for (cohort, number), sum_ in zip(cells, exact.reveal(TableKey(measure, dimensions)), strict=True):
                if sum_:
                    found[dimensions, cohort, number] = sum_
        return found

    def everyone(self, period: Period = WEEK, measure: str = "mood_bands") -> dict[int, int]:
        """Return one measure's table `all` without its zeros: category to micro-persons."""
        return {number: sum_ for (table, _, number), sum_ in self.cells(period, measure).items() if table == ()}


def vault_at(path: Path) -> AbstractContextManager[Vault]:
    """Open a vault with its suppression list beside it, a new one if there is none."""
    list_path = path.with_name(f"{path.stem}-withdrawn.json")
    if not path.exists():
        new_vault(path, list_path)
    return open_vault(path, list_path)


def query(vault: Vault, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a statement that only a test asks."""
    return vault._connection.execute(sql).fetchall()


TABLES = ("person", "entry", "register", "consent_event", "refused_row", "batch")


def row_counts(vault: Vault) -> dict[str, int]:
    """Return how many rows each table of the vault has."""
    return {table: query(vault, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}  # noqa: S608 -- our names


def balances(report: FileReport) -> bool:
    """Say whether every row that was read is accounted for once."""
    counted = report.accepted + report.duplicates + report.quarantined.total() + report.without_consent
    counted += report.deleted_at_source + report.suspended
    return report.read == counted


def pseudonym(person: str, domain: str = "default") -> bytes:
    """Return a person's pseudonym under the tests' key."""
    return keyed_hash(KEY, domain, normalised(person))[:16]


def rows_by_pseudonym(vault: Vault) -> dict[bytes, list[tuple[Any, ...]]]:
    """Return what the vault keeps of each person, without the numbers that it gave out itself."""
    found: dict[bytes, list[tuple[Any, ...]]] = {}
    for table in ("entry", "register", "consent_event"):
        rows = query(
            vault,
            f"SELECT pseudonym, '{table}', * EXCLUDE (pseudonym, person_no, batch_no) "  # noqa: S608 -- our names
            f"FROM {table} JOIN person USING (person_no) ORDER BY ALL",
        )
        for person, *rest in rows:
            found.setdefault(person, []).append(tuple(str(value) for value in rest))
    return found
