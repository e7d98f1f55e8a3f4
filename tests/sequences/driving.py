"""Replaces the flow engine and the noise while sequences run; all else is the program as shipped.

Steps run in their order (`Run.do_all`). Draws have no noise, so that they need no chance; nothing is published after
one: what is published is a function of what was drawn (L8), and the command `publish` does publish. For speed,
contracts are parsed once a text, files are read without a thread of their own, a vault that has its tables is not asked
to make them, DuckDB has one thread, and a vault's file stays open between commands, which each have a connection of
their own to it; it is closed before it is written from the start.

To be kept in step with the program: how a flow is run (`steps.run_ingest`, `steps.run_release`), what starts the engine
(`flow_commands.flow_engine`), and who opens a vault (`opening`) and writes it again (`erasing.rebuild`).
"""

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch
from weakref import WeakSet

import duckdb

from analytics import contracts
from analytics.contracts import columns
from analytics.contracts.reading import read_model
from analytics.release import draw
from analytics.release.noise import loss_nano
from analytics.vault import closed_database, ingest, open_database
from analytics.vault.database import Vault
from analytics.vault.erasure import completion, rows
from pipelines import flow_commands, steps
from pipelines.flows import Chunk, Run


def _run_ingest(run: Run, _chunks: Sequence[Chunk]) -> None:
    run.do_all()
    run.forget()


def _run_release(run: Run, _periods: list[str], _today: str) -> None:
    run.do_all()
    run.forget()


_SETTINGS = open_database.settings_beside


def _settings_beside(path: Path) -> open_database.DuckSettings:
    """Return the vault's settings for few rows: threads cost more than they spare."""
    return {**_SETTINGS(path), "threads": 1}


VAULT_NAME = "vault.duckdb"


class OpenVaults:
    """Vaults' files that stay open between commands: to open one costs as much as a command."""

    def __init__(self) -> None:
        """Begin with none."""
        self._connect = duckdb.connect
        self._rebuild = rows.rebuild
        self._close_outside = closed_database.close_outside
        self._open: dict[str, duckdb.DuckDBPyConnection] = {}
        self._closed_outside: set[str] = set()

    def connect(self, database: str = ":memory:", **more: Any) -> duckdb.DuckDBPyConnection:  # noqa: ANN401 -- as DuckDB
        """Return a connection of its own to a vault, or what DuckDB returns."""
        if Path(database).name != VAULT_NAME:
            return self._connect(database, **more)
        if database not in self._open:
            self._open[database] = self._connect(database, config=_settings_beside(Path(database)))
        return self._open[database].cursor()

    def close_outside(self, connection: duckdb.DuckDBPyConnection, allowed: tuple[Path, ...] = ()) -> None:
        """Close DuckDB's way out, once for a file that is open: its settings are locked then."""
        names = {str(path) for path in allowed}
        if not names & self._closed_outside:
            self._close_outside(connection, allowed)
            self._closed_outside |= names & self._open.keys()

    def rebuild(self, path: Path, settings: open_database.DuckSettings) -> None:
        """Write a vault from the start; nobody may have it open."""
        self.let_go(path.parent)
        self._rebuild(path, settings)

    def let_go(self, folder: Path) -> None:
        """Close what lies in a folder."""
        for database in [each for each in self._open if folder in Path(each).parents]:
            self._open.pop(database).close()
            self._closed_outside.discard(database)


VAULTS = OpenVaults()

_RUN = Vault.run

_MADE: WeakSet[Vault] = WeakSet()
"""Open vaults that have their tables."""


def _run_unless_made(vault: Vault, name: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Run a statement; not those that make tables in a vault that has them: all homes are of one version here."""
    if name.startswith("schema/"):
        if vault not in _MADE and vault.rows("format_read"):
            _MADE.add(vault)
        if vault in _MADE:
            return
    _RUN(vault, name, parameters)


def _exact(exact: list[int], _size: int, d_in: int, sigma: int) -> tuple[tuple[int, ...], int]:
    """Return the cells as they are, at the loss that they would have cost with noise."""
    return tuple(exact), loss_nano(d_in, sigma)


@contextlib.contextmanager
def without_engine_and_noise() -> Iterator[None]:
    """Let commands run here: tasks in a loop, draws without noise, contracts parsed once a text."""
    parse: Callable[..., Any] = read_model
    known: dict[tuple[str, bytes, type], Any] = {}

    def once(path: Path, model: type) -> Any:  # noqa: ANN401 -- as the function that it replaces
        key = (path.name, path.read_bytes() if path.is_file() else b"", model)
        if key not in known:
            known[key] = parse(path, model)
        return known[key]

    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(flow_commands, "flow_engine", lambda *_: contextlib.nullcontext))
        stack.enter_context(patch.object(steps, "run_ingest", _run_ingest))
        stack.enter_context(patch.object(steps, "run_release", _run_release))
        stack.enter_context(patch.object(steps, "publish_home", lambda *_: None))
        stack.enter_context(patch.dict(draw.draw.__kwdefaults__, noise=_exact))
        stack.enter_context(patch.object(Vault, "run", _run_unless_made))
        stack.enter_context(patch.object(duckdb, "connect", VAULTS.connect))
        stack.enter_context(patch.object(open_database, "close_outside", VAULTS.close_outside))
        stack.enter_context(patch.object(completion, "rebuild", VAULTS.rebuild))
        stack.enter_context(patch.object(ingest, "_ahead", lambda items: (item for item in items)))
        for module in (open_database, completion):
            stack.enter_context(patch.object(module, "settings_beside", _settings_beside))
        stack.enter_context(patch.object(contracts, "read_model", once))
        stack.enter_context(patch.object(columns, "read_model", once))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        yield
