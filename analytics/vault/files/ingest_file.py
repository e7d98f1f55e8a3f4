"""Ingest one file, then tidy: a named file stays, an inbox file goes. Or judge one batch's refused records again."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from analytics.contracts import ConsentContracts, Contracts, Source
from analytics.errors import FileRefusedError
from analytics.home import Home
from analytics.vault.database import Vault
from analytics.vault.files.inbox import IncomingFile
from analytics.vault.files.refused_records import retry
from analytics.vault.ingest import PASSES, Batch, FileReport, Pass, ingest_batch
from analytics.vault.pseudonym import Pseudonymiser, normalised
from analytics.vault.validation.ids import id_rule_broken
from analytics.vault.validation.rule_names import RuleName

Identity = tuple[int, int, int]
"""It changes when the file does: its number, its size and its last write."""


def _no_warning(_sentence: str) -> None:
    """Drop the sentence."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that may be read."""

    identity: Identity
    source: Source
    batch: Batch


@dataclass(slots=True)
class _Begun:
    """A file that an earlier pass of this command ingested in part."""

    identity: Identity
    report: FileReport


@dataclass
class FileIngest:
    """Ingests one command's files, each in the passes that its kinds of rows need."""

    home: Home
    vault: Vault
    contracts: ConsentContracts
    key: bytes = field(repr=False)
    now: datetime
    warn: Callable[[str], None] = _no_warning
    """Shows the operator a sentence while the command runs."""
    left: set[int] = field(default_factory=set)
    """The numbers of files that changed between two passes: they stay in the inbox for the next command."""
    _begun: dict[int, _Begun] = field(default_factory=dict, repr=False)

    def ingest(self, incoming: IncomingFile, passes: tuple[Pass, ...] = PASSES, *, last: bool = True) -> FileReport:
        """Ingest a file's rows of these passes; after its last pass (`last`) tidy it away.

        The report counts all passes so far.

        Raises:
            FileRefusedError: if the file cannot be read in its source's format; it stays in its place.
        """
        ready = self.ready(incoming)
        begun = self._begun.pop(incoming.number, None)
        if begun is not None and begun.identity != ready.identity:
            return self._left(incoming, begun)
        report = ingest_batch(self.vault, ready.batch, ready.source, self.contracts, passes)
        if begun is not None:
            report = begun.report.and_then(report)
        if last:
            self.tidy(incoming, ready, report)
        else:
            self._begun[incoming.number] = _Begun(ready.identity, report)
        return report

    def ready(self, incoming: IncomingFile) -> Ready:
        """Check a file before it is read; return its identity, source and batch.

        Raises:
            FileRefusedError: if it is no file, may not be read, has no source, or its owner's id is not valid.
        """
        identity = _identity(incoming, self.home)
        self.contracts.check_readable(incoming.source)
        source = self.contracts.source(incoming.source)
        if source is None:
            message = "There is no source with the name of this inbox folder."
            raise FileRefusedError(message, "Declare the source in contracts/sources, or move the file.")
        owner = None if incoming.person is None else _pseudonym_of(incoming.person, source, self.contracts, self.key)
        return Ready(identity, source, Batch(incoming.number, incoming.path, self.key, self.now, owner))

    def tidy(self, incoming: IncomingFile, ready: Ready, report: FileReport) -> None:
        """Remove an ingested file from the inbox, and warn if damaged ids made rows useless."""
        if damaged := report.quarantined[RuleName.DAMAGED_ID]:
            self.warn(
                f"Batch {incoming.number}: {damaged} rows have an id that a spreadsheet damaged (a rounded number, or "
                "its word for an error). These rows were refused: they count and withdraw no one. Format the column "
                "as text, fill in the whole ids, and send these rows again."
            )
        # If it grew meanwhile, the next command ingests it.
        if incoming.from_inbox and _identity(incoming, self.home) == ready.identity:
            incoming.path.unlink()

    def retry(self, incoming: IncomingFile) -> FileReport:
        """Judge the held records of one batch again. No file is read.

        Raises:
            FileRefusedError: if their source is not declared any more.
            ContractRefusedError: if its declaration cannot be read.
        """
        self.contracts.check_readable(incoming.source)
        source = self.contracts.source(incoming.source)
        if source is None or not isinstance(self.contracts, Contracts):
            message = "The source of this batch's refused records is no longer declared."
            raise FileRefusedError(message, "Declare it in contracts/sources again, or wait: they go after 14 days.")
        batch = Batch(incoming.number, incoming.path, self.key, self.now)
        return retry(self.vault, batch, source, self.contracts)

    def _left(self, incoming: IncomingFile, begun: _Begun) -> FileReport:
        if not incoming.from_inbox:
            message = "The file changed during its ingest. Its consents and its register rows are in the vault already."
            raise FileRefusedError(message, "Ingest it again when nothing writes to it.")
        self.left.add(incoming.number)
        return begun.report


def ingest_incoming(  # noqa: PLR0913, PLR0917 -- all of them are the file's surroundings
    incoming: IncomingFile, home: Home, vault: Vault, contracts: ConsentContracts, key: bytes, now: datetime
) -> FileReport:
    """Ingest one file, or judge one batch's held records again. Raises as `FileIngest.ingest` and `.retry`."""
    file_ingest = FileIngest(home, vault, contracts, key, now)
    return file_ingest.retry(incoming) if incoming.again else file_ingest.ingest(incoming)


def _pseudonym_of(person: str, source: Source, contracts: ConsentContracts, key: bytes) -> bytes:
    """Return the pseudonym of a file's owner.

    Raises:
        FileRefusedError: if the owner's id is not valid.
    """
    id_ = normalised(person)
    known = contracts.mood_entry if isinstance(contracts, Contracts) else contracts.consent_event
    column = known.with_id_pattern(source.id_pattern)["person_id"]
    longest = column.max_length
    sound = id_.isprintable() and (longest is None or len(id_) <= longest)  # lone surrogates are not printable
    if not id_ or not sound:
        message = "The name of the folder, or the map, does not give a valid id of a person."
        raise FileRefusedError(message, "Name the folder, or the line of the map, by the person's id.")
    fault = id_rule_broken(id_, column)
    if fault == RuleName.DAMAGED_ID:
        message = (
            "The id in the folder's name, or in the map, was damaged by a spreadsheet (a rounded number, or an error)."
        )
        raise FileRefusedError(message, "Write the whole id, with the column set to text.")
    if fault is not None:
        message = "The id in the folder's name, or in the map, does not match the declared pattern for ids."
        raise FileRefusedError(message, f"Correct the id, or the pattern of {source.name} in contracts/.")
    return Pseudonymiser(key).of(source.id_domain, id_)


def _identity(incoming: IncomingFile, home: Home) -> Identity:
    """Return the file's number, size and last write.

    Raises:
        FileRefusedError: if there is no such file, it cannot be read, or it is reached by a link in the inbox.
    """
    path = incoming.path
    if incoming.from_inbox and any(part.is_symlink() for part in _below(home.inbox, path)):
        message = "This is a link, or a file in a linked folder. Links in the inbox are not followed; nothing was read."
        raise FileRefusedError(message, "Remove the link, and put the file itself into the inbox.")
    status: os.stat_result | None = None
    with suppress(OSError):
        status = path.stat()
    if status is None or not stat.S_ISREG(status.st_mode):
        message = "There is no such file." if status is None else "This is not a file."
        raise FileRefusedError(message, "Name a file that exists.")
    if not os.access(path, os.R_OK):
        message = "You have no permission to read this file."
        raise FileRefusedError(message, "Change its permissions.")
    return status.st_ino, status.st_size, status.st_mtime_ns


def _below(inbox: Path, path: Path) -> Iterator[Path]:
    """Yield a path and the folders that enclose it, up to the inbox."""
    while path != inbox:
        yield path
        path = path.parent
