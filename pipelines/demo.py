"""`demo`: everything once on 20,000 invented people, in one home, under one flow engine."""

import shutil
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import yaml

from analytics.contracts import read_contracts
from analytics.durable import write_durably
from analytics.errors import UsageError
from analytics.home import Home, HomeConfig, read_config, write_config
from pipelines.command_line import Answer, Command, add_port
from pipelines.commands import dashboard_lines
from pipelines.dashboard_server import check_free, local_serving, serve
from pipelines.due_periods import ReleaseRequest, latest_start
from pipelines.output import progress, write_result
from pipelines.prefect_server import exclusive_home, flow_engine
from pipelines.settings import Settings

PEOPLE = 20_000
WEEKS = 26
SEED = 1

_FILES = {"consents": "consents.csv", "participants": "participants.csv", "canonical": "mood_entries.csv"}
"""In the order in which they are ingested: entries need consent."""


@dataclass
class _Stages:
    """Seconds per stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str, sentence: str = "") -> Iterator[None]:
        """Time a `with` block, and say what it does."""
        if sentence:
            progress(sentence)
        begun = time.monotonic()
        yield
        self.seconds[stage] = round(time.monotonic() - begun, 2)


def _arguments(parser: ArgumentParser) -> None:
    add_port(parser)
    parser.add_argument("--no-dashboard", action="store_true", help="do not serve the page afterwards")


def demo(args: Namespace, settings: Settings) -> Answer:
    """Run everything once, on invented people."""
    if not args.no_dashboard:
        check_free(args.port)
    answer = run_demo(settings)
    if answer.errors or args.no_dashboard:
        return answer
    local = local_serving(Home(settings.home), args.port)
    serve(local, lambda url: write_result(args.command, {**answer.result, "url": url}, settings))
    return Answer()


def _lines(result: dict[str, Any]) -> Iterable[str]:
    if result["reopened"]:
        yield f"The demo in {result['home']} is complete."
    yield from (f"{stage:<13} {seconds:6.1f} s" for stage, seconds in result["timings"].items())
    if "url" in result:
        yield from dashboard_lines(result)


def run_demo(settings: Settings) -> Answer:
    """Make or reopen the demo; a killed one is continued.

    Raises:
        UsageError: if the home was not made by the demo.
    """
    from analytics.make_home import init_home  # noqa: PLC0415 -- heavy

    stages = _Stages()
    start = latest_start(WEEKS, settings.now.date())
    with stages.timed("init"):
        home = init_home(settings.home, "standard", start, demo=True)
        config = read_config(home)
    if not config.demo:
        message = "This home was not made by the demo."
        raise UsageError(message, "Name an empty or a new folder with --home.")
    result = {"home": str(home.root), "timings": stages.seconds, "reopened": config.finished}
    if config.finished:
        return Answer(result)
    with exclusive_home(home):
        _place_people(home, config)
        answers = _all_stages(home, config, settings, stages)
        errors = [error for answer in answers for error in answer.errors]
        if not errors:
            write_config(home, replace(config, finished=True))
    return Answer(result, errors, [line for answer in answers for line in answer.source_lines])


def _place_people(home: Home, config: HomeConfig) -> None:
    """Give the home's contracts the map and the public sizes of the invented place, unless they have some."""
    from analytics.simulation.residents import residents  # noqa: PLC0415 -- heavy

    grid = read_contracts(home.contracts, config.plan).grid
    if grid.population is None:
        result = residents(grid, PEOPLE, config.start.isoformat()).model_dump(mode="json")
        path = home.contracts / "cohorts.yaml"
        note = "# Invented, as everyone in this home is. In a home of your own: from a public source.\n"
        text = yaml.safe_dump({"population": result}, sort_keys=False, default_flow_style=None, width=110)
        with_map = path.read_bytes().replace(b"    # map: regions", b"    map: regions", 1)
        write_durably(path, with_map + (note + text).encode())


def _all_stages(home: Home, config: HomeConfig, settings: Settings, stages: _Stages) -> list[Answer]:
    from analytics.simulation.population import simulate  # noqa: PLC0415 -- heavy

    contracts = read_contracts(home.contracts, config.plan)
    shutil.rmtree(home.simulated, ignore_errors=True)
    try:
        with stages.timed("simulate", f"Inventing {PEOPLE:,} people and {WEEKS} weeks ..."):
            simulate(people=PEOPLE, weeks=WEEKS, seed=SEED, start=config.start, out=home.simulated, grid=contracts.grid)
        with ExitStack() as stack:
            with stages.timed("server_start"):
                start = flow_engine(home, settings)
                from analytics.vault.files.ingest_job import own_files  # noqa: PLC0415 -- heavy
                from pipelines import steps  # noqa: PLC0415 -- Prefect reads its environment at import

                stack.enter_context(start())
            files = own_files({source: home.simulated / file for source, file in _FILES.items()})
            with stages.timed("ingest", "Ingesting the files ..."):
                ingested = steps.ingest_files(home, config, contracts, settings, files, nullcontext)
            with stages.timed("release", "Drawing and publishing ..."):
                everything = ReleaseRequest(None, None, None)
                publishing = partial(stages.timed, "publish")  # a part of the release's own seconds
                released = steps.release_periods(home, config, settings, everything, nullcontext, publishing)
    finally:
        shutil.rmtree(home.simulated, ignore_errors=True)
    return [ingested, released]


COMMANDS = (Command("demo", "run everything once, on invented people", "demo --port 8600", demo, _lines, _arguments),)
