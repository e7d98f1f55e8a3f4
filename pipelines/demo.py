"""`demo`: the whole way on 20,000 invented people, in one home, under one flow engine."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import yaml

from analytics.contracts import read_contracts
from analytics.durable import write_durably
from analytics.errors import MurmurationError, UsageError
from analytics.home import Home, HomeConfig, read_config, write_config
from analytics.make_home import init_home
from analytics.simulation.population import simulate
from analytics.simulation.residents import residents
from analytics.store.ledger import open_ledger
from analytics.trends.publication.publish import publish_ledger
from pipelines.commands import latest_start
from pipelines.engine import engine
from pipelines.orphans import exclusive_home
from pipelines.output import progress
from pipelines.settings import Settings

if TYPE_CHECKING:
    from analytics.vault.database import Vault
    from pipelines.steps import Outcome

PEOPLE = 20_000
WEEKS = 26
SEED = 1

_FILES = {"consents": "consents.csv", "participants": "participants.csv", "canonical": "mood_entries.csv"}
"""In the order in which they are taken in: entries need consent."""


@dataclass
class _Stages:
    """Seconds per stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str, args: str = "") -> Iterator[None]:
        """Time a `with` block, and say what it does."""
        if args:
            progress(args)
        begun = time.monotonic()
        yield
        self.seconds[stage] = round(time.monotonic() - begun, 2)


def run_demo(settings: Settings) -> tuple[dict[str, Any], list[MurmurationError], list[str]]:
    """Make or reopen the demo; a killed one is continued.

    Raises:
        UsageError: if the home is not a demo's.
    """
    stages = _Stages()
    start = latest_start(WEEKS, settings.now.date())
    with stages.timed("init"):
        home = init_home(settings.home, "standard", start, demo=True)
        config = read_config(home)
    if not config.demo:
        message = "This home is not a demo's."
        raise UsageError(message, "Name an empty or a new folder with --home.")
    result = {"home": str(home.root), "timings": stages.seconds, "reopened": config.finished}
    if config.finished:
        return result, [], []
    with exclusive_home(home):
        _place_people(home, config)
        outcomes = _all_stages(home, config, settings, stages)
        errors = [error for outcome in outcomes for error in outcome.errors]
        if not errors:
            write_config(home, replace(config, finished=True))
    return result, errors, [line for outcome in outcomes for line in outcome.source_lines]


def _place_people(home: Home, config: HomeConfig) -> None:
    """Give the home's contracts the public sizes of the invented place, unless they have some."""
    grid = read_contracts(home.contracts, config.plan).grid
    if grid.population is None:
        result = residents(grid, PEOPLE, config.start.isoformat()).model_dump(mode="json")
        path = home.contracts / "cohorts.yaml"
        note = "# Invented, as everyone in this home is. In a home of your own: from a public source.\n"
        text = yaml.safe_dump({"population": result}, sort_keys=False, default_flow_style=None, width=110)
        write_durably(path, path.read_bytes() + (note + text).encode())


def _all_stages(home: Home, config: HomeConfig, settings: Settings, stages: _Stages) -> "list[Outcome]":
    contracts = read_contracts(home.contracts, config.plan)
    shutil.rmtree(home.simulated, ignore_errors=True)
    try:
        with stages.timed("simulate", f"Inventing {PEOPLE:,} people and {WEEKS} weeks ..."):
            simulate(people=PEOPLE, weeks=WEEKS, seed=SEED, start=config.start, out=home.simulated, grid=contracts.grid)
        with ExitStack() as stack:
            with stages.timed("server_start"):
                start = engine(home, settings)
                from analytics.vault.files import inbox  # noqa: PLC0415 -- Prefect reads its environment at import
                from pipelines import due_periods, steps  # noqa: PLC0415 -- Prefect reads its environment at import

                stack.enter_context(start())

            def find(vault: "Vault") -> list[inbox.IncomingFile]:
                return [
                    inbox.IncomingFile(vault.next_batch_no(), source, home.simulated / file, shown=file)
                    for source, file in _FILES.items()
                ]

            with stages.timed("ingest", "Taking the files in ..."):
                taken = steps.ingest_files(home, config, contracts, settings, find, nullcontext)
            with stages.timed("release", "Drawing and publishing ..."):
                everything = due_periods.Asked(None, None, None)
                released = steps.release_periods(home, config, settings, everything, nullcontext)
            with stages.timed("publish"), open_ledger(home.ledger, home.head) as ledger:
                publish_ledger(ledger, home.published, contracts.published)
    finally:
        shutil.rmtree(home.simulated, ignore_errors=True)
    return [taken, released]
