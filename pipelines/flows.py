"""The Prefect flows: they name steps and pass ids, dates and counts; paths, key and rows stay in the current run.

What Prefect keeps (parameters, run names, states, a failed run's exception) is therefore free of personal values: a
task keeps its error in the current run and raises `RunError`, a number, after the block in which it was caught. No
parameter is a list of files, of which there may be many: Prefect takes 512 KiB.

Nothing of the vault is imported here: Prefect keeps what a flow's module holds until the process has ended, and DuckDB
would be left open.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from prefect import flow, task

from analytics.error_guard import Guard, worst
from analytics.errors import MurmurationError, UnforeseenError


class RunError(Exception):
    """A step ended with an exit code; nothing else of the error reaches Prefect."""

    def __init__(self, code: int) -> None:
        """Keep the number."""
        super().__init__(f"ended with code {code}")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Files of one source that follow each other, in one pass. All of it may be known to Prefect."""

    kinds: str
    """The pass."""
    source: str
    """The declaration's name; `unknown` for an inbox folder that has the name of none."""
    first: int
    last: int
    """The batch numbers of its files, ends included."""

    @property
    def name(self) -> str:
        """Like `entries-canonical-17-516`."""
        return f"{self.kinds}-{self.source}-{self.first}-{self.last}"


class Run:
    """The steps of one flow run, by the public names that its tasks are given; held in memory only.

    A job fills it, and the tasks do its steps one by one; `do_all` does the same without Prefect.
    """

    def __init__(self) -> None:
        """Begin without steps."""
        self._steps: dict[str, Callable[[], None]] = {}
        self._begun: set[str] = set()
        self.errors: dict[str, MurmurationError] = {}
        """By step, or by the part of a step that failed while its other parts were done."""
        self.source_lines: list[str] = []
        self._raised: list[RunError] = []

    def add(self, step: str, work: Callable[[], None]) -> None:
        """Add a step."""
        self._steps[step] = work

    def attempt(self, name: str, work: Callable[[], None]) -> None:
        """Do `work`, a step or a part of one; if it fails, its error is kept under `name`."""
        guard = Guard()
        with guard:
            work()
        if guard.error is not None:
            self.errors[name] = guard.error
            self.source_lines = guard.source_lines

    def do(self, step: str) -> None:
        """Do one step.

        Raises:
            RunError: if it, or a part of it, failed; the errors themselves are in `errors`.
        """
        self._begun.add(step)
        before = len(self.errors)
        self.attempt(step, self._steps[step])
        error = worst(list(self.errors.values())[before:])
        if error is not None:
            raise self._numbered(error)

    def do_all(self) -> None:
        """Do every step in its order, in this process and without a flow engine; none stops the others."""
        for step in list(self._steps):
            with suppress(RunError):
                self.do(step)

    def whole(self) -> bool:
        """Return whether each step had its turn."""
        return self._begun == set(self._steps)

    def end(self) -> None:
        """Raise the run's `RunError` if a step failed."""
        error = worst(list(self.errors.values()))
        if error is not None:
            raise self._numbered(error)

    def forget(self) -> None:
        """Let go of stores and frames: Prefect keeps the states of failed runs for as long as the process lives."""
        self._steps.clear()
        for error in self._raised:
            error.__traceback__ = None

    def _numbered(self, error: MurmurationError) -> RunError:
        self._raised.append(RunError(error.exit_code))
        return self._raised[-1]


_current: list[tuple[Run, Sequence[Chunk]]] = []


@contextmanager
def current_run(run: Run, chunks: Sequence[Chunk] = ()) -> Iterator[None]:
    """Let the flows of this process work on `run`."""
    _current.append((run, chunks))
    try:
        yield
    finally:
        _current.remove((run, chunks))


@task(
    name="ingest chunk",
    task_run_name="{kinds}-{source}-{first}-{last}",
    retries=0,
    persist_result=False,
    log_prints=False,
)
def ingest_chunk(kinds: str, source: str, first: int, last: int) -> None:
    """Ingest one kind of rows from the files of a source that have these batch numbers."""
    _current[-1][0].do(Chunk(kinds, source, first, last).name)


@task(name="draw", task_run_name="{release}", retries=0, persist_result=False, log_prints=False)
def draw(release: str) -> None:
    """Draw one period of one product, like weekly_mood/2026-W14."""
    _current[-1][0].do(release)


@task(name="publish", task_run_name="publish", retries=0, persist_result=False, log_prints=False)
def publish() -> None:
    """Publish everything that is released."""
    _current[-1][0].do("publish")


@flow(name="ingest", retries=0, persist_result=False, log_prints=False)
def ingest(first: int, last: int) -> None:  # noqa: ARG001 -- the batch numbers are kept with the run, for operators
    """Ingest files, chunk by chunk; a file that is refused does not stop the others."""
    run, chunks = _current[-1]
    for chunk in chunks:
        ingest_chunk(chunk.kinds, chunk.source, chunk.first, chunk.last, return_state=True)
    run.end()


@flow(name="release", retries=0, persist_result=False, log_prints=False)
def release(periods: list[str], today: str) -> None:  # noqa: ARG001 -- `today` is kept with the run, for operators
    """Draw periods one by one, then publish; a period that is refused does not stop the others."""
    for name in periods:
        draw(name, return_state=True)
    publish(return_state=True)
    _current[-1][0].end()


def run_ingest(run: Run, chunks: Sequence[Chunk]) -> None:
    """Run the flow `ingest`.

    Raises:
        UnforeseenError: if the flow engine failed, rather than a step.
    """
    first, last = min(chunk.first for chunk in chunks), max(chunk.last for chunk in chunks)
    with current_run(run, chunks):
        completed = ingest(first, last, return_state=True).is_completed()
    _check(run, completed=completed)


def run_release(run: Run, periods: list[str], today: str) -> None:
    """Run the flow `release`. Raises as `run_ingest`."""
    with current_run(run):
        completed = release(periods, today, return_state=True).is_completed()
    _check(run, completed=completed)


def _check(run: Run, *, completed: bool) -> None:
    whole = run.whole()
    run.forget()
    if not whole or (not completed and not run.errors):
        message = "The flow engine failed. Everything that was committed before is kept."
        raise UnforeseenError(message, "Run the command again: it does nothing twice.")
