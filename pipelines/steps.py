"""The two jobs: files into the vault, periods out of it. Each holds its stores open while its flow runs."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from analytics.contracts import Contracts, Product, plan_file, read_declarations, read_release_contracts
from analytics.errors import BudgetRefusedError, EntriesPurgedError, MurmurationError
from analytics.home import Home, HomeConfig
from analytics.publish_home import publish_home
from analytics.release.budget import frozen_noise
from analytics.release.draw import draw
from analytics.store.ledger import Ledger, open_ledger
from analytics.vault.files.ingest_job import FileChunk, Selection, open_job
from analytics.vault.release_counts import Allowance, DrawnRelease, open_counts
from pipelines.command_line import Answer
from pipelines.due_periods import (
    Due,
    ReleaseRequest,
    check_not_purged,
    closed_periods,
    first_day_needed,
    split_released,
)
from pipelines.flows import Chunk, Run, run_ingest, run_release
from pipelines.output import progress
from pipelines.settings import Settings

Server = Callable[[], AbstractContextManager[None]]
"""Starts the flow engine; called when everything that can be refused before has been looked at."""

_HOLDS_BACK = (BudgetRefusedError, EntriesPurgedError)
"""By these the plan holds a period back; the others are drawn all the same."""


def ingest_files(  # noqa: PLR0913, PLR0917 -- all of them are the job's surroundings
    home: Home, config: HomeConfig, contracts: Contracts, settings: Settings, selection: Selection, server: Server
) -> Answer:
    """Ingest the selected files in one flow run."""
    run = Run()
    with open_ledger(home.ledger, home.head) as ledger:
        needed = first_day_needed(contracts.plan, ledger, config.start, settings.now.date())
    with open_job(home, contracts, settings.now, selection, run, progress, needed) as job:
        planned = [task_of(chunk) for chunk in job.chunks]
        for task, chunk in zip(planned, job.chunks, strict=True):
            run.add(task.name, chunk.ingest)
        if planned:
            with server():
                run_ingest(run, planned)
    return Answer(job.result, list(run.errors.values()), run.source_lines)


def task_of(chunk: FileChunk) -> Chunk:
    """Return what Prefect may know of files that are ingested together."""
    return Chunk(chunk.kinds, chunk.source, chunk.first, chunk.last)


def allowance_of(due: Due, product: Product, ledger: Ledger) -> Allowance | None:
    """Return in how many releases a person may count, and which the ledger has; None where the plan sets no limit."""
    most = product.most_releases_per_person
    if most is None:
        return None
    under = (entry for entry in ledger.entries() if entry.most_per_person is not None)
    drawn = frozenset(DrawnRelease(entry.product, entry.period, entry.count_id) for entry in under)
    return Allowance(due.product, due.period, most, drawn)


def release_periods(  # noqa: PLR0913, PLR0917 -- all of them are the job's surroundings
    home: Home,
    config: HomeConfig,
    settings: Settings,
    request: ReleaseRequest,
    server: Server,
    around_publishing: Server = nullcontext,
) -> Answer:
    """Draw what is due in one flow run, then publish.

    Where no period is named, those that the plan does not allow are held back; a named one is refused.
    """
    contracts = read_release_contracts(home.contracts, config.plan)
    declared = read_declarations(home.contracts)
    plan, grid = contracts.plan, contracts.grid
    frozen_noise(plan, plan_file(home.contracts, config.plan).name)
    today = settings.now.date()
    closed = closed_periods(request, plan, config.start, today)
    held_back: dict[str, MurmurationError] = {}
    with open_ledger(home.ledger, home.head) as ledger, open_counts(home, declared, settings.now) as counts:
        to_draw, already = split_released(closed, ledger)

        def one(due: Due) -> None:
            product = plan.products[due.product]
            check_not_purged(counts.purged_before, plan, due.product, due.period)
            count = partial(counts.cells, plan, grid, due.product, due.period, allowance_of(due, product, ledger))
            draw(ledger, plan, grid, due.product, due.period, count, settings.now)

        def one_unless_held_back(due: Due) -> None:
            try:
                one(due)
            except _HOLDS_BACK as error:
                held_back[due.name] = error

        def publish_all() -> None:
            # Opened again: only what is committed is published, and never ahead of the head.
            with around_publishing(), open_ledger(home.ledger, home.head) as committed:
                publish_home(home, config, committed, contracts.published)

        run = Run()
        for due in to_draw:
            run.add(due.name, partial(one_unless_held_back if request.period is None else one, due))
        run.add("publish", publish_all)
        with server():
            run_release(run, [due.name for due in to_draw], today.isoformat())
        left, drawn = split_released(to_draw, ledger)
        old_files = counts.old_files
    result = {
        "released": [due.as_json() for due in drawn],
        "already_released": [due.as_json() for due in already],
        "held_back": _with_reasons(left, held_back),
        "refused": _with_reasons(left, run.errors),
        **old_files,
    }
    return Answer(result, list(run.errors.values()), run.source_lines)


def _with_reasons(periods: list[Due], errors: dict[str, MurmurationError]) -> list[dict[str, object]]:
    return [{**due.as_json(), "reason": errors[due.name].message} for due in periods if due.name in errors]
