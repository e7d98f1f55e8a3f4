"""The files of one command: chosen, ingested chunk by chunk, and reported without a name that may be a person's.

The door by which the pipelines bring files in. They hold batch numbers, public names and counts; paths, people's ids
and the key stay on this side.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from analytics.contracts import Contracts, Declarations
from analytics.home import Home
from analytics.vault.agreed_versions import by_version
from analytics.vault.database import Vault
from analytics.vault.erasure.completion import complete_erasures, existing_vault, old_held_files
from analytics.vault.erasure.decisions import waiting_deletions
from analytics.vault.erasure.rows import purge
from analytics.vault.erasure.suppression_list import read_suppression_list
from analytics.vault.files import inbox
from analytics.vault.files.file_owners import read_file_owners
from analytics.vault.files.file_results import file_results
from analytics.vault.files.ingest_file import FileIngest
from analytics.vault.files.ingest_files import Attempts, ChunkIngest
from analytics.vault.files.passes import chunks
from analytics.vault.ingest import FileReport, Pass
from analytics.vault.loading.factor_bits import settle_factors
from analytics.vault.pseudonym import read_key

Selection = Callable[[Vault], list[inbox.IncomingFile]]
"""Which files a command ingests; opaque to whoever passes it on."""


def named_files(source: str, files: list[str], folder: Path, owners: Path | None, contracts: Contracts) -> Selection:
    """Select the files that a command names, relative to `folder`; `owners` is a map of files to people.

    Raises:
        UsageError: if there is no such source.
        ContractRefusedError: if its declaration cannot be read.
        FileRefusedError: if the map cannot be read.
    """
    people = None if owners is None else read_file_owners(owners)
    inbox.check_source(source, contracts)
    return lambda vault: inbox.arguments(vault.next_batch_no, source, files, folder, people)


def inbox_files(home: Home, contracts: Contracts, now: datetime) -> Selection:
    """Select all files of the inbox that have been quiet."""
    return lambda vault: inbox.waiting(home, contracts, vault.next_batch_no, now)


def held_records(contracts: Contracts) -> Selection:
    """Select the refused records that are held, to judge them again."""
    return lambda vault: inbox.held(vault, contracts)


def own_files(paths: Mapping[str, Path]) -> Selection:
    """Select files that the program itself made, by source, in their order."""
    return lambda vault: [
        inbox.IncomingFile(vault.next_batch_no(), source, path, shown=path.name) for source, path in paths.items()
    ]


@dataclass(frozen=True, slots=True)
class FileChunk:
    """Files of one source that follow each other, in one pass."""

    kinds: str
    """The pass."""
    source: str
    """The declaration's name; `unknown` for an inbox folder that has the name of none."""
    first: int
    last: int
    """The batch numbers of its files, ends included."""
    ingest: Callable[[], None] = field(repr=False, compare=False)
    """Takes its files in; errors are kept by batch number, and none stops another file."""


def file_chunks(
    incoming_files: list[inbox.IncomingFile],
    contracts: Declarations,
    ingest: Callable[[Pass, list[inbox.IncomingFile]], None],
) -> Iterator[FileChunk]:
    """Yield the chunks in the order in which they are read."""
    for one, files in chunks(incoming_files, contracts):

        def ingest_all(one: Pass = one, files: list[inbox.IncomingFile] = files) -> None:
            ingest(one, files)

        yield FileChunk(one.name, files[0].source or "unknown", files[0].number, files[-1].number, ingest_all)


@dataclass
class IngestJob:
    """One command's files, whose vault is open."""

    chunks: list[FileChunk]
    result: dict[str, Any] = field(default_factory=dict)
    """What the command answers; whole when the job's `with` block has ended."""


@contextmanager
def open_job(  # noqa: PLR0913, PLR0917 -- all of them are the job's surroundings
    home: Home,
    contracts: Contracts,
    now: datetime,
    selection: Selection,
    attempts: Attempts,
    warn: Callable[[str], None],
    needed_from: date,
) -> Iterator[IngestJob]:
    """Open the home's vault for one command; afterwards delete entries before `needed_from`, and complete erasures.

    `attempts` keeps errors under the batch number of a file; `warn` says a sentence to the operator at once.

    Raises:
        MurmurationError: if the vault cannot be opened, or a selected file is not to be had.
    """
    key = read_key(home.key)
    reports: dict[str, FileReport] = {}
    with existing_vault(home, contracts, now) as vault:
        settle_factors(vault, contracts.mood_entry)  # before any file, so that no row and no file has a say
        before = vault.suppression_list.sequence
        with vault.transaction():  # or each of very many batch numbers is seen onto the disk by itself
            incoming_files = selection(vault)
        file_ingest = FileIngest(home, vault, contracts, key, now, warn)
        ingest = ChunkIngest(attempts, file_ingest, contracts, reports)
        job = IngestJob(list(file_chunks(incoming_files, contracts, ingest.ingest)))
        yield job
        entries, totals = purge(vault, needed_from)
        agreed = by_version(vault, contracts.plan)
        listed, old_files = vault.suppression_list.batches[before:], old_held_files(vault)
    complete_erasures(home, contracts, now)
    job.result = {
        "files": file_results(incoming_files, reports, attempts.errors),
        "left_in_inbox": _left_in_inbox(home, incoming_files, file_ingest.left),
        "broken_sources": contracts.unread_sources(),
        "withdrawn": sum(len(batch.people) for batch in listed),
        "agreed": agreed,
        "waiting": waiting_deletions(read_suppression_list(home.suppression_list)),
        "retention": {"before": needed_from.isoformat(), "entries": entries, "questionnaire_totals": totals},
        **old_files,
    }


def _left_in_inbox(home: Home, incoming_files: list[inbox.IncomingFile], left: set[int]) -> int:
    if not all(incoming.from_inbox for incoming in incoming_files):
        return 0
    return inbox.left_waiting(home, (incoming for incoming in incoming_files if incoming.number not in left))


_QUARANTINE = ("batch", "source", "rule", "column", "rows", "held")


def quarantined(home: Home, contracts: Declarations, now: datetime) -> dict[str, Any]:
    """Return how many rows of which batch were refused, by rule and column, and how many of them are held."""
    with existing_vault(home, contracts, now) as vault:
        rows, old_files = vault.rows("quarantine_counts"), old_held_files(vault)
    return {"quarantine": [dict(zip(_QUARANTINE, row, strict=True)) for row in rows], **old_files}
