"""Ingest the files of a chunk, one after another; small files with an owner each go into the vault together."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from analytics.contracts import Contracts
from analytics.error_guard import Guard
from analytics.errors import MurmurationError
from analytics.vault.files.inbox import IncomingFile
from analytics.vault.files.ingest_file import FileIngest, Ready
from analytics.vault.files.joined_files import JoinedFiles
from analytics.vault.files.passes import passes_of

if TYPE_CHECKING:
    from analytics.vault.ingest import FileReport, Pass


class Attempts(Protocol):
    """Runs steps by name; an error of one is kept under its name and does not stop the others."""

    errors: dict[str, MurmurationError]

    def attempt(self, name: str, work: Callable[[], None]) -> None:
        """Do `work`; if it fails, its error is kept under `name`."""


class ChunkIngest:
    """Ingests files in their order. A refused file does not stop the others; no later pass reads it again."""

    def __init__(
        self, run: Attempts, file_ingest: FileIngest, contracts: Contracts, reports: "dict[str, FileReport]"
    ) -> None:
        """Begin without files; errors go to `run`, and reports to `reports`, by batch number."""
        self._run = run
        self._file_ingest = file_ingest
        self._contracts = contracts
        self._reports = reports
        self._joined: JoinedFiles | None = None
        self._waiting: list[tuple[IncomingFile, Ready]] = []

    def ingest(self, one: "Pass", files: list[IncomingFile]) -> None:
        """Ingest each file's rows of one pass."""
        for incoming in files:
            if str(incoming.number) not in self._run.errors and incoming.number not in self._file_ingest.left:
                self._run.attempt(str(incoming.number), partial(self._ingest, incoming, one))
        self._ingest_group()

    def _ingest(self, incoming: IncomingFile, one: "Pass") -> None:
        if incoming.again:
            self._reports[str(incoming.number)] = self._file_ingest.retry(incoming)
        elif not self._joins(incoming):
            self._ingest_group()  # a file of the same person may wait
            self._ingest_singly(incoming, one)

    def _ingest_singly(self, incoming: IncomingFile, one: "Pass | None" = None) -> None:
        passes = passes_of(self._file_ingest.contracts.source(incoming.source))
        one = one or passes[-1]
        self._reports[str(incoming.number)] = self._file_ingest.ingest(incoming, (one,), last=one == passes[-1])

    def _joins(self, incoming: IncomingFile) -> bool:
        if not incoming.of_one_person:
            return False
        ready = self._file_ingest.ready(incoming)
        if not JoinedFiles.accepts(ready.source, ready.batch):
            return False
        if self._joined is not None and self._joined.full(ready.batch):
            self._ingest_group()
        self._joined = self._joined or JoinedFiles(self._file_ingest.vault, ready.source, self._contracts)
        joins = self._joined.add(ready.batch)
        if joins:
            self._waiting.append((incoming, ready))
        return joins

    def _ingest_group(self) -> None:
        """Ingest the waiting files together; if that fails, one by one, so that no file affects another."""
        joined, waiting = self._joined, self._waiting
        self._joined, self._waiting = None, []
        if joined is None:
            return
        guard = Guard()
        with guard:
            for (incoming, ready), report in zip(waiting, joined.ingest(), strict=True):
                self._reports[str(incoming.number)] = report
                self._run.attempt(str(incoming.number), partial(self._file_ingest.tidy, incoming, ready, report))
        if guard.error is not None:
            for incoming, _ in waiting:
                self._run.attempt(str(incoming.number), partial(self._ingest_singly, incoming))
