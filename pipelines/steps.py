"""The two jobs: files into the vault, periods out of it. Each holds its stores open while its flow runs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from analytics.contracts import Contracts, Product, plan_file, read_declarations, read_release_contracts
from analytics.error_guard import worst
from analytics.errors import MurmurationError
from analytics.home import Home, HomeConfig
from analytics.release.budget import frozen_noise
from analytics.release.draw import draw
from analytics.store.ledger import Ledger, open_ledger
from analytics.trends.publication.publish import publish_ledger
from analytics.vault.agreed_versions import by_version
from analytics.vault.database import Vault
from analytics.vault.erasure.completion import complete_erasures, existing_vault, old_held_files
from analytics.vault.erasure.rows import purge
from analytics.vault.erasure.suppression_list import read_suppression_list
from analytics.vault.files.inbox import IncomingFile, left_waiting
from analytics.vault.files.ingest_file import FileIngest
from analytics.vault.files.ingest_files import ChunkIngest
from analytics.vault.files.passes import chunks
from analytics.vault.loading.factor_bits import settle_factors
from analytics.vault.participation import Allowance, Drawn
from analytics.vault.pseudonym import read_key
from analytics.vault.shares import exact_cells
from pipelines.brake import waiting_deletions
from pipelines.due_periods import Asked, Due, closed_periods, split_released
from pipelines.file_results import broken_sources, file_results
from pipelines.flows import run_ingest, run_release
from pipelines.output import progress
from pipelines.retention import check_not_purged, first_day_needed
from pipelines.run import Chunk, Run
from pipelines.settings import Settings

if TYPE_CHECKING:
    from analytics.vault.ingest import FileReport, Pass

Server = Callable[[], AbstractContextManager[None]]
"""Starts the flow engine; called when everything that can be refused before has been looked at."""


@dataclass
class Outcome:
    """What a command found and did."""

    result: dict[str, Any]
    errors: list[MurmurationError] = field(default_factory=list)
    source_lines: list[str] = field(default_factory=list)

    @property
    def error(self) -> MurmurationError | None:
        """The error that the command ends with."""
        return worst(self.errors)


def ingest_files(  # noqa: PLR0913, PLR0917 -- all of them are the job's surroundings
    home: Home,
    config: HomeConfig,
    contracts: Contracts,
    settings: Settings,
    find: Callable[[Vault], list[IncomingFile]],
    server: Server,
) -> Outcome:
    """Take in the files that `find` names, in one flow run."""
    key = read_key(home.key)
    reports: dict[str, FileReport] = {}
    run = Run()
    with open_ledger(home.ledger, home.head) as ledger:
        needed = first_day_needed(contracts.plan, ledger, config.start, settings.now.date())
    with existing_vault(home, contracts, settings.now) as vault:
        settle_factors(vault, contracts.mood_entry)  # before any file, so that no row and no file has a say
        before = vault.suppression_list.sequence
        with vault.transaction():  # or each of very many batch numbers is seen onto the disk by itself
            incoming_files = find(vault)
        file_ingest = FileIngest(home, vault, contracts, key, settings.now, progress)
        several = ChunkIngest(run, file_ingest, contracts, reports)
        planned: list[Chunk] = []
        for one, files in chunks(incoming_files, contracts):
            chunk = chunk_of(one, files)
            planned.append(chunk)
            run.add(chunk.name, partial(several.ingest, one, files))
        if planned:
            with server():
                run_ingest(run, planned)
        entries, totals = purge(vault, needed)
        agreed = by_version(vault, contracts.plan)
        listed, old_files = vault.suppression_list.batches[before:], old_held_files(vault)
    complete_erasures(home, contracts, settings.now)
    result = {
        "files": file_results(incoming_files, reports, run.errors),
        "left_in_inbox": _left_in_inbox(home, incoming_files, file_ingest.left),
        "broken_sources": broken_sources(contracts),
        "withdrawn": sum(len(batch.people) for batch in listed),
        "agreed": agreed,
        "waiting": waiting_deletions(read_suppression_list(home.suppression_list)),
        "retention": {"before": needed.isoformat(), "entries": entries, "questionnaire_totals": totals},
        **old_files,
    }
    return Outcome(result, list(run.errors.values()), run.source_lines)


def chunk_of(one: "Pass", files: list[IncomingFile]) -> Chunk:
    """Return what Prefect may know of files of one source that are taken in together."""
    return Chunk(one.name, files[0].source or "unknown", files[0].number, files[-1].number)


def _left_in_inbox(home: Home, incoming_files: list[IncomingFile], left: set[int]) -> int:
    if not all(incoming.from_inbox for incoming in incoming_files):
        return 0
    return left_waiting(home, (incoming for incoming in incoming_files if incoming.number not in left))


def _allowance(due: Due, product: Product, ledger: Ledger) -> Allowance | None:
    most = product.most_releases_per_person
    if most is None:
        return None
    under = (entry for entry in ledger.entries() if entry.most_per_person is not None)
    drawn = frozenset(Drawn(entry.product, entry.period, entry.count_id) for entry in under)
    return Allowance(due.product, due.period, most, drawn)


def release_periods(home: Home, config: HomeConfig, settings: Settings, asked: Asked, server: Server) -> Outcome:
    """Draw what is due in one flow run, then publish."""
    contracts = read_release_contracts(home.contracts, config.plan)
    declared = read_declarations(home.contracts)
    plan, grid = contracts.plan, contracts.grid
    frozen_noise(plan, plan_file(home.contracts, config.plan).name)
    today = settings.now.date()
    closed = closed_periods(asked, plan, config.start, today)
    with open_ledger(home.ledger, home.head) as ledger, existing_vault(home, declared, settings.now) as vault:
        to_draw, already = split_released(closed, ledger)

        def one(due: Due) -> None:
            product = plan.products[due.product]
            check_not_purged(vault.state().purged_before, plan, due.product, due.period)
            count = partial(exact_cells, vault, plan, grid, product, due.period, _allowance(due, product, ledger))
            draw(ledger, plan, grid, due.product, due.period, count, settings.now)

        def publish_all() -> None:
            # Opened anew: only what is committed is published, and never ahead of the head.
            with open_ledger(home.ledger, home.head) as committed:
                publish_ledger(committed, home.published, contracts.published)

        run = Run()
        for due in to_draw:
            run.add(due.name, partial(one, due))
        run.add("publish", publish_all)
        with server():
            run_release(run, [due.name for due in to_draw], today.isoformat())
        left, drawn = split_released(to_draw, ledger)
        old_files = old_held_files(vault)
    failed = [due for due in left if due.name in run.errors]
    refused = [{**due.shown(), "reason": run.errors[due.name].message} for due in failed]
    result = {
        "released": [due.shown() for due in drawn],
        "already_released": [due.shown() for due in already],
        "refused": refused,
        **old_files,
    }
    return Outcome(result, list(run.errors.values()), run.source_lines)
