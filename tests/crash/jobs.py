"""What the watched processes do. Imported once by the server that they fork from, so each starts in milliseconds.

The command line is the real one. Where no flow engine is wanted, the tasks' own functions run one after the other, as
the flow would call them; nothing else is left out.
"""

import os
import sys
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import analytics.release.noise
import analytics.simulation
import analytics.trends.publication.verify
import analytics.vault.residue.report
from analytics import home
from analytics.make_home import init_home
from analytics.store.ledger import Ledger
from pipelines import flow_commands, steps
from pipelines.cli import main
from pipelines.flows import Run
from pipelines.settings import Settings

_LOADED = (
    analytics.release.noise,
    analytics.simulation,
    analytics.trends.publication.verify,
    analytics.vault.residue.report,
)


def make_home(root: Path, start: datetime) -> int:
    """Make a home as `init` does."""
    init_home(root, "standard", start.date())
    return 0


def command(root: Path, now: datetime, *words: str) -> int:
    """Run one command of the command line on a home, at a time, without the flow engine."""
    _set_clock(now)
    _leave_out_engine()
    return main(["--home", str(root), *words, "--json"])


def command_with_engine(root: Path, now: datetime, *words: str) -> int:
    """Run one command in an interpreter of its own, beneath Prefect on the embedded engine."""
    os.chdir(Path(__file__).parents[2])
    return os.execv(sys.executable, [sys.executable, "-m", "tests.crash.clocked", now.isoformat(), str(root), *words])  # noqa: S606 -- our own interpreter


def careless_command(root: Path, now: datetime, *words: str) -> int:
    """Run one command of a program whose ledger knows no transactions: each statement is kept by itself."""
    patch.object(Ledger, "_execute", lambda _ledger, _sql: None).start()
    return command(root, now, *words)


def impatient_command(root: Path, now: datetime, *words: str) -> int:
    """Run one command that waits for the home for a moment only."""
    patch.object(home, "LOCK_SECONDS", 0.2).start()
    return command(root, now, *words)


def _set_clock(now: datetime) -> None:
    read = Settings.read
    patch.object(Settings, "read", lambda **said: replace(read(**said), now=now)).start()


def _leave_out_engine() -> None:
    patch.object(flow_commands, "flow_engine", lambda _home, _settings: nullcontext).start()
    patch.object(steps, "run_ingest", lambda run, _chunks: _all_of(run)).start()
    patch.object(steps, "run_release", lambda run, _periods, _today: _all_of(run)).start()


def _all_of(run: Run) -> None:
    run.do_all()
    run.forget()
