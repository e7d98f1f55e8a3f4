"""The Prefect flows: they name steps and pass ids, dates and counts; paths, key and rows stay in the current run.

What Prefect keeps (parameters, run names, states, a failed run's exception) is therefore free of personal values: a
task keeps its error in the current run and raises `RunError`, a number, after the block in which it was caught.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prefect import flow, task

from analytics.errors import MurmurationError, UnforeseenError
from pipelines.guard import Guard, worst


class RunError(Exception):
    """A step ended with an exit code; nothing else of the error reaches Prefect."""

    def __init__(self, code: int) -> None:
        """Keep the number."""
        super().__init__(f"ended with code {code}")


class Run:
    """What the tasks of one flow run do, and how each of them ended; held in memory only."""

    def __init__(self, steps: dict[str, Callable[[], None]]) -> None:
        """Hold one function per step, by the public id that its task is given."""
        self._steps = steps
        self._begun: set[str] = set()
        self.errors: dict[str, MurmurationError] = {}
        self.source_lines: list[str] = []
        self._raised: list[RunError] = []

    def do(self, step: str) -> None:
        """Do one step.

        Raises:
            RunError: if it failed; the error itself is in `errors`.
        """
        self._begun.add(step)
        guard = Guard()
        with guard:
            self._steps[step]()
        if guard.error is not None:
            self.errors[step] = guard.error
            self.source_lines = guard.source_lines
            raise self._numbered(guard.error)

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


_current: list[Run] = []


@contextmanager
def current_run(run: Run) -> Iterator[None]:
    """Let the flows of this process work on `run`."""
    _current.append(run)
    try:
        yield
    finally:
        _current.remove(run)


@task(name="take in", task_run_name="batch-{number}", retries=0, persist_result=False, log_prints=False)
def take_in(number: int) -> None:
    """Take in one file, known by its batch number."""
    _current[-1].do(str(number))


@task(name="draw", task_run_name="{release}", retries=0, persist_result=False, log_prints=False)
def draw(release: str) -> None:
    """Draw one period of one product, like weekly_mood/2026-W14."""
    _current[-1].do(release)


@task(name="publish", task_run_name="publish", retries=0, persist_result=False, log_prints=False)
def publish() -> None:
    """Publish everything that is released."""
    _current[-1].do("publish")


@flow(name="ingest", retries=0, persist_result=False, log_prints=False)
def ingest(batches: list[int]) -> None:
    """Take in files one by one; one that is refused does not stop the others."""
    for number in batches:
        take_in(number, return_state=True)
    _current[-1].end()


@flow(name="release", retries=0, persist_result=False, log_prints=False)
def release(periods: list[str], today: str) -> None:  # noqa: ARG001 -- `today` is kept with the run, for operators
    """Draw periods one by one, then publish; one that is refused does not stop the others."""
    for name in periods:
        draw(name, return_state=True)
    publish(return_state=True)
    _current[-1].end()


def run_ingest(run: Run, batches: list[int]) -> None:
    """Run the flow `ingest`.

    Raises:
        UnforeseenError: if the flow engine failed, rather than a step.
    """
    with current_run(run):
        completed = ingest(batches, return_state=True).is_completed()
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
        message = "The flow engine failed; what had been committed before stands."
        raise UnforeseenError(message, "Run the command again: what is done is not done twice.")
