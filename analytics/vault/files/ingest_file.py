"""One file into the vault, then tidied: arguments stay untouched, inbox files go; or one batch's refused records."""

import os
import stat
from collections.abc import Callable, Iterator
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
"""What changes when a file does: its number, its size and when it was last written."""


def _unsaid(_sentence: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that may be read."""

    identity: Identity
    source: Source
    batch: Batch


@dataclass(slots=True)
class _Begun:
    """A file of which an earlier pass of this command took something in."""

    identity: Identity
    report: FileReport


@dataclass
class FileIngest:
    """Takes one command's files in, each in the passes in which it has something to say."""

    home: Home
    vault: Vault
    contracts: ConsentContracts
    key: bytes = field(repr=False)
    now: datetime
    warn: Callable[[str], None] = _unsaid
    """Says a sentence to the operator while the command runs."""
    left: set[int] = field(default_factory=set)
    """The numbers of files that changed between two passes: they stay in the inbox for the next command."""
    _begun: dict[int, _Begun] = field(default_factory=dict, repr=False)

    def take(self, incoming: IncomingFile, passes: tuple[Pass, ...] = PASSES, *, last: bool = True) -> FileReport:
        """Take in what a file says in these passes; when the vault has all of it (`last`), tidy it away.

        The report is of all passes so far.

        Raises:
            FileRefusedError: if the file cannot be read as what it is said to be; it stays where it was.
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
        """Return what is known of a file before it is read.

        Raises:
            FileRefusedError: if it is no file that may be read, of no source, or of nobody.
        """
        identity = _identity(incoming, self.home)
        if incoming.source in self.contracts.broken:
            raise self.contracts.broken[incoming.source]
        source = self.contracts.source(incoming.source)
        if source is None:
            message = "The inbox folder of this file has the name of no source."
            raise FileRefusedError(message, "Declare the source in contracts/sources, or move the file.")
        owner = None if incoming.person is None else _pseudonym_of(incoming.person, source, self.contracts, self.key)
        return Ready(identity, source, Batch(incoming.number, incoming.path, self.key, self.now, owner))

    def tidy(self, incoming: IncomingFile, ready: Ready, report: FileReport) -> None:
        """Remove a file of the inbox that the vault has, and say so where damaged ids make rows useless."""
        if damaged := report.quarantined[RuleName.DAMAGED_ID]:
            self.warn(
                f"Batch {incoming.number}: {damaged} rows have an id that a spreadsheet damaged (a rounded number, or "
                "its word for an error). They name nobody: nobody is counted or withdrawn by them. Format the column "
                "as text, fill in the whole ids, and send these rows again."
            )
        # If it grew meanwhile, the next command takes it.
        if incoming.from_inbox and _identity(incoming, self.home) == ready.identity:
            incoming.path.unlink()

    def retry(self, incoming: IncomingFile) -> FileReport:
        """Judge the held records of one batch again. No file is read.

        Raises:
            FileRefusedError: if their source is not declared any more.
            ContractRefusedError: if its declaration cannot be read.
        """
        if incoming.source in self.contracts.broken:
            raise self.contracts.broken[incoming.source]
        source = self.contracts.source(incoming.source)
        if source is None or not isinstance(self.contracts, Contracts):
            message = "The source of this batch's refused records is no longer declared."
            raise FileRefusedError(message, "Declare it in contracts/sources again, or wait: they go after 14 days.")
        batch = Batch(incoming.number, incoming.path, self.key, self.now)
        return retry(self.vault, batch, source, self.contracts)

    def _left(self, incoming: IncomingFile, begun: _Begun) -> FileReport:
        if not incoming.from_inbox:
            message = "The file changed while it was taken in; what it said of consent and cohorts is in the vault."
            raise FileRefusedError(message, "Ingest it again when nothing writes to it.")
        self.left.add(incoming.number)
        return begun.report


def ingest_incoming(  # noqa: PLR0913, PLR0917 -- all of them are the file's surroundings
    incoming: IncomingFile, home: Home, vault: Vault, contracts: ConsentContracts, key: bytes, now: datetime
) -> FileReport:
    """Take in one file, or judge one batch's held records again. Raises as `FileIngest.take` and `FileIngest.retry`."""
    file_ingest = FileIngest(home, vault, contracts, key, now)
    return file_ingest.retry(incoming) if incoming.again else file_ingest.take(incoming)


def _pseudonym_of(person: str, source: Source, contracts: ConsentContracts, key: bytes) -> bytes:
    """Return whose a file is.

    Raises:
        FileRefusedError: if what should name a person is no id.
    """
    id_ = normalised(person)
    known = contracts.mood_entry if isinstance(contracts, Contracts) else contracts.consent_event
    column = known.with_id_pattern(source.id_pattern)["person_id"]
    longest = column.max_length
    sound = id_.isprintable() and (longest is None or len(id_) <= longest)  # lone surrogates are not printable
    if not id_ or not sound:
        message = "The name of the folder, or the map, does not give the id of a person."
        raise FileRefusedError(message, "Name the folder, or the line of the map, by the person's id.")
    fault = id_rule_broken(id_, column)
    if fault == RuleName.DAMAGED_ID:
        message = (
            "The name of the folder, or the map, is a number that a spreadsheet rounded, or its word for an error."
        )
        raise FileRefusedError(message, "Write the whole id, with the column set to text.")
    if fault is not None:
        message = "The name of the folder, or the map, does not match the pattern that is declared for ids."
        raise FileRefusedError(message, f"Correct the id, or the pattern of {source.name} in contracts/.")
    return Pseudonymiser(key).of(source.id_domain, id_)


def _identity(incoming: IncomingFile, home: Home) -> Identity:
    """Return what changes when the file does.

    Raises:
        FileRefusedError: if there is no such file, it cannot be read, or it is reached by a link in the inbox.
    """
    path = incoming.path
    if incoming.from_inbox and any(part.is_symlink() for part in _below(home.inbox, path)):
        message = "This is a link, or lies in a folder that is one; the inbox follows none, and nothing was read."
        raise FileRefusedError(message, "Remove the link, and put the file itself into the inbox.")
    try:
        status = path.stat()
    except OSError:
        status = None
    if status is None or not stat.S_ISREG(status.st_mode):
        message = "There is no such file." if status is None else "This is not a file."
        raise FileRefusedError(message, "Name a file that exists.")
    if not os.access(path, os.R_OK):
        message = "The file cannot be read by this user."
        raise FileRefusedError(message, "Change its permissions.")
    return status.st_ino, status.st_size, status.st_mtime_ns


def _below(inbox: Path, path: Path) -> Iterator[Path]:
    """Yield a path and the folders that enclose it, up to the inbox."""
    while path != inbox:
        yield path
        path = path.parent
