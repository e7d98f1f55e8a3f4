"""What the tasks of one flow run do, and how each of them ended; the flow engine itself is not known here.

The seam between the jobs and Prefect: a job fills a `Run` with steps under public names, and `pipelines.flows` has
Prefect do them one by one. `Run.do_all` does the same without Prefect. Nothing of the vault is imported here: Prefect
keeps what a flow's module holds until the process has ended, and DuckDB would be left open.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from analytics.error_guard import Guard, worst
from analytics.errors import MurmurationError


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
    """The steps of one flow run, by the public names that its tasks are given; held in memory only."""

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
