"""The files of a chunk, one after another; small ones of one person each go into the vault together."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from analytics.contracts import Contracts
from analytics.error_guard import Guard
from analytics.errors import MurmurationError
from analytics.vault.files.inbox import Arrival
from analytics.vault.files.ingest_file import Ready, Taker
from analytics.vault.files.passes import passes_of
from analytics.vault.loading.joined_files import Joined

if TYPE_CHECKING:
    from analytics.vault.ingest import FileReport, Pass


class Attempts(Protocol):
    """What is done under a name; an error is kept under it and stops nothing else."""

    errors: dict[str, MurmurationError]

    def attempt(self, name: str, work: Callable[[], None]) -> None:
        """Do `work`; if it fails, its error is kept under `name`."""


class Several:
    """Takes files in, in their order. One that is refused stops no other, and is not read again by a later pass."""

    def __init__(self, run: Attempts, taker: Taker, contracts: Contracts, reports: "dict[str, FileReport]") -> None:
        """Begin without files; errors go to `run`, and reports to `reports`, by batch number."""
        self._run = run
        self._taker = taker
        self._contracts = contracts
        self._reports = reports
        self._joined: Joined | None = None
        self._waiting: list[tuple[Arrival, Ready]] = []

    def take(self, one: "Pass", files: list[Arrival]) -> None:
        """Take in what each file says in one pass."""
        for arrival in files:
            if str(arrival.number) not in self._run.errors and arrival.number not in self._taker.left:
                self._run.attempt(str(arrival.number), partial(self._take, arrival, one))
        self._keep()

    def _take(self, arrival: Arrival, one: "Pass") -> None:
        if arrival.again:
            self._reports[str(arrival.number)] = self._taker.retry(arrival)
        elif not self._joins(arrival):
            self._keep()  # a file of the same person may wait
            self._alone(arrival, one)

    def _alone(self, arrival: Arrival, one: "Pass | None" = None) -> None:
        passes = passes_of(self._taker.contracts.source(arrival.source))
        one = one or passes[-1]
        self._reports[str(arrival.number)] = self._taker.take(arrival, (one,), last=one == passes[-1])

    def _joins(self, arrival: Arrival) -> bool:
        if not arrival.of_one_person:
            return False
        ready = self._taker.ready(arrival)
        if not Joined.takes(ready.source, ready.batch):
            return False
        if self._joined is not None and self._joined.full(ready.batch):
            self._keep()
        self._joined = self._joined or Joined(self._taker.vault, ready.source, self._contracts)
        joins = self._joined.add(ready.batch)
        if joins:
            self._waiting.append((arrival, ready))
        return joins

    def _keep(self) -> None:
        """Keep what waits; if that fails, file by file, so that a file has no part in what becomes of another."""
        joined, waiting = self._joined, self._waiting
        self._joined, self._waiting = None, []
        if joined is None:
            return
        guard = Guard()
        with guard:
            for (arrival, ready), report in zip(waiting, joined.keep(), strict=True):
                self._reports[str(arrival.number)] = report
                self._run.attempt(str(arrival.number), partial(self._taker.tidy, arrival, ready, report))
        if guard.error is not None:
            for arrival, _ in waiting:
                self._run.attempt(str(arrival.number), partial(self._alone, arrival))
