"""The Prefect flows: they name steps and pass ids, dates and counts; paths, key and rows stay in the current run.

What Prefect keeps (parameters, run names, states, a failed run's exception) is therefore free of personal values: a
task keeps its error in the current run and raises `RunError`, a number, after the block in which it was caught. No
parameter is a list of files, of which there may be many: Prefect takes 512 KiB.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from prefect import flow, task

from analytics.errors import UnforeseenError
from pipelines.run import Chunk, Run

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
    """Take in one kind of rows of the files of a source that have these batch numbers."""
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
    """Take in files, chunk by chunk; one that is refused does not stop the others."""
    run, chunks = _current[-1]
    for chunk in chunks:
        ingest_chunk(chunk.kinds, chunk.source, chunk.first, chunk.last, return_state=True)
    run.end()


@flow(name="release", retries=0, persist_result=False, log_prints=False)
def release(periods: list[str], today: str) -> None:  # noqa: ARG001 -- `today` is kept with the run, for operators
    """Draw periods one by one, then publish; one that is refused does not stop the others."""
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
        message = "The flow engine failed; what had been committed before stands."
        raise UnforeseenError(message, "Run the command again: what is done is not done twice.")
