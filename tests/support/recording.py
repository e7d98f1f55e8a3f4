"""Record and replay: what a command does, tells and leaves, with the noise frozen on the second side.

After Re:cord-play's idea: a run on one vault is recorded with what went into each mechanism and what came out; on its
neighbour the outputs are the recorded ones. Then everything beyond the vault must be equal, byte for byte, and the
mechanisms' inputs may differ by what their sensitivity says.
"""

import functools
import gc
import io
import logging
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import duckdb
import pytest

import pipelines
from analytics.contracts import Contracts, read_contracts, shipped_contracts
from analytics.release import draw as drawing
from analytics.release.noise import noisy
from pipelines import cli, flow_commands
from tests.support.people import NOW

KEY_COLUMNS = frozenset({"table_no", "cell_no", "category_no"})
"""What says which cell a row of the vault's is about: public, and recorded in its order."""

Noise = tuple[tuple[int, ...], int]
Event = tuple[Any, ...]


@dataclass(frozen=True)
class Asked:
    """One call of the mechanism."""

    exact: list[int] = field(repr=False)
    size: int
    d_in: int
    sigma: int


@dataclass
class Ended:
    """What a command answered, and what it did on the way."""

    code: int
    out: str
    err: str
    logs: list[tuple[str, int, str]]
    """Every log record: logger, level, message."""
    events: list[Event]
    """Every statement of both databases with its parameters, and the shape of what came back, in order."""
    noise: list[Asked]


@dataclass
class Recorder:
    """What both sides share: the first side's noise, which the second gets too."""

    frozen: list[Noise] | None = None
    events: list[Event] = field(default_factory=list)
    noise: list[Asked] = field(default_factory=list)
    drawn: list[Noise] = field(default_factory=list)

    def noisy(self, exact: list[int], size: int, d_in: int, sigma: int) -> Noise:
        """Stand in the mechanism's place: the real one on the first side, its recorded outputs on the second."""
        self.noise.append(Asked(exact, size, d_in, sigma))
        self.events.append(("noise", size, d_in, sigma))
        drawn = noisy(exact, size, d_in, sigma) if self.frozen is None else self.frozen[len(self.drawn)]
        self.drawn.append(drawn)
        return drawn


_OBJECT = re.compile(r"\b\d{12,}\b")
"""Where an object lies in memory, which filelock tells."""


class _Duck:
    """A DuckDB connection whose statements, parameters and shapes of results are recorded."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, recorder: Recorder) -> None:
        self._connection = connection
        self._recorder = recorder

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the connection has
        return getattr(self._connection, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def execute(self, sql: str, parameters: Any = None) -> Self:  # noqa: ANN401 -- as DuckDB takes them
        self._recorder.events.append(("duckdb", sql, repr(parameters or {})))
        self._connection.execute(sql, parameters)
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        names = [name for name, *_ in self._connection.description or ()]
        rows = self._connection.fetchall()
        keys = [place for place, name in enumerate(names) if name in KEY_COLUMNS]
        types = {tuple(type(value).__name__ for value in row) for row in rows}
        result = [tuple(row[place] for place in keys) for row in rows] if keys else []
        self._recorder.events.append(("rows", tuple(names), len(rows), types, result))
        return rows

    def sql(self, sql: str, params: Any = None) -> Any:  # noqa: ANN401 -- as above
        self._recorder.events.append(("duckdb", sql, repr(params)))
        return self._connection.sql(sql, params=params)


def _sqlite(recorder: Recorder) -> type[sqlite3.Connection]:
    """Return a kind of SQLite connection that records as `_Duck` does; with frozen noise its values are equal too."""

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = ()) -> Self:  # noqa: ANN401 -- as SQLite takes them
            recorder.events.append(("sqlite", sql, repr(parameters)))
            return super().execute(sql, parameters)

        def executemany(self, sql: str, parameters: Iterable[Any]) -> Self:
            several = list(parameters)
            recorder.events.append(("sqlite", sql, repr(several)))
            return super().executemany(sql, several)

        def fetchall(self) -> list[Any]:
            rows = super().fetchall()
            recorder.events.append(("rows", repr(rows)))
            return rows

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = ()) -> Cursor:  # noqa: ANN401 -- as SQLite takes them
            return self.cursor(Cursor).execute(sql, parameters)

        def executemany(self, sql: str, parameters: Iterable[Any]) -> Cursor:
            return self.cursor(Cursor).executemany(sql, parameters)

    return Connection


class _Clock(datetime):
    """The tests' clock."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_Clock":
        return cls.fromtimestamp(NOW.timestamp(), tz)


@contextmanager
def recorded(recorder: Recorder, key: bytes, *, real_clock: bool = False) -> Iterator[Callable[..., Ended]]:
    """Yield a function that runs one command in this process, by the tests' clock or the real one.

    The pipelines' own functions run, from the command line on; of Prefect only its place is taken, by plain calls.
    """
    connect_duck, connect_sqlite = duckdb.connect, sqlite3.connect

    def duck(*args: Any, **more: Any) -> _Duck:  # noqa: ANN401 -- as DuckDB's
        return _Duck(connect_duck(*args, **more), recorder)

    def sqlite(*args: Any, **more: Any) -> sqlite3.Connection:  # noqa: ANN401 -- as SQLite's
        opened: sqlite3.Connection = connect_sqlite(*args, **{"factory": _sqlite(recorder), **more})
        return opened

    with pytest.MonkeyPatch.context() as patch, plain_flows():
        patch.setattr(duckdb, "connect", duck)
        patch.setattr(sqlite3, "connect", sqlite)
        patch.setattr(drawing.draw, "__kwdefaults__", {"noise": recorder.noisy})
        if not real_clock:
            patch.setattr("pipelines.settings.datetime", _Clock)
        patch.setattr("analytics.make_home.new_key", lambda: key)
        patch.setattr(flow_commands, "flow_engine", lambda _home, _settings: nullcontext)
        patch.setattr("os.umask", lambda _mask: 0)  # the command's own is for its process
        # Parsing them again for every command is most of its time.
        patch.setattr("pipelines.flow_commands.read_contracts", lambda _folder, plan: _contracts(plan))
        patch.setattr("pipelines.commands.read_published", lambda _folder: _contracts("standard").published)
        patch.setattr("analytics.make_home.read_declarations", lambda _folder: _contracts("standard"))
        patch.setattr("pipelines.steps.read_declarations", lambda _folder: _contracts("standard"))
        patch.setattr("pipelines.steps.read_release_contracts", lambda _folder, plan: _contracts(plan))
        yield lambda *words: _run(recorder, words)


@functools.cache
def _contracts(plan: str) -> Contracts:
    return read_contracts(shipped_contracts(), plan)


def _run(recorder: Recorder, words: tuple[str, ...]) -> Ended:
    recorder.events, recorder.noise = [], []
    logs = _Records()
    root = logging.getLogger()
    level = root.level
    root.addHandler(logs)
    root.setLevel(0)
    out, err = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = cli.main(words)
    finally:
        root.removeHandler(logs)
        root.setLevel(level)
    return Ended(code, out.getvalue(), err.getvalue(), logs.kept, recorder.events, recorder.noise)


class _Records(logging.Handler):
    """Keeps every log record."""

    def __init__(self) -> None:
        super().__init__(level=0)
        self.kept: list[tuple[str, int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = _OBJECT.sub("#", record.getMessage())
        self.kept.append((record.name, record.levelno, said))


@contextmanager
def plain_flows() -> Iterator[None]:
    """Let the flows run as plain functions: a stand-in for Prefect, which takes seconds and keeps a database."""
    theirs = ("prefect", "pipelines.flows", "pipelines.steps")
    before = {name: sys.modules.pop(name, None) for name in theirs}
    known = {name: vars(pipelines).pop(name, None) for name in ("flows", "steps")}  # else `from pipelines` finds them
    stand_in = ModuleType("prefect")
    vars(stand_in).update(flow=_plain, task=_plain)
    sys.modules["prefect"] = stand_in
    try:
        yield
    finally:
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module
        for name, module in known.items():
            vars(pipelines).pop(name, None)
            if module is not None:
                setattr(pipelines, name, module)
        gc.collect()  # modules that nobody names any more hold on to DuckDB


@dataclass(frozen=True)
class _State:
    completed: bool

    def is_completed(self) -> bool:
        return self.completed


def _plain(**_options: Any) -> Callable[[Callable[..., None]], Callable[..., _State | None]]:  # noqa: ANN401 -- Prefect's
    def decorate(function: Callable[..., None]) -> Callable[..., _State | None]:
        def call(*args: Any, return_state: bool = False) -> _State | None:  # noqa: ANN401 -- the function's own
            try:
                function(*args)
            except Exception:
                if not return_state:
                    raise
                return _State(completed=False)
            return _State(completed=True) if return_state else None

        return call

    return decorate


def files_of(root: Path) -> dict[str, bytes]:
    """Return every file below a folder by its relative path."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
