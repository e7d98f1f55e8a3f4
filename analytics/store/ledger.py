"""The ledger: entries and noisy cells in one SQLite file. Read whole and checked at every opening."""

import functools
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from analytics.canonical import canonical_json, sha256_hex
from analytics.cells import NoisyCells, TableKey
from analytics.error_guard import Translate
from analytics.errors import (
    MurmurationError,
    StoreBehindError,
    StoreDamagedError,
    StoreLockedError,
    StoreTooNewError,
    StoreUnwritableError,
)
from analytics.sqlfiles import statement
from analytics.store.body import RESTORE, ReleaseBody
from analytics.store.chain import GENESIS, KINDS, Entry, broken_link, cells_hash
from analytics.store.head import Head, read_head, write_head

FORMAT = 1
_SQL = Path(__file__).parent / "sql"
_WAIT_SECONDS = 60.0
_PRIMARY = 0xFF
"""The bits of SQLite's codes that say what happened; the others say where."""
_UNWRITABLE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def _plain_errors(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Replace SQLite's errors by ours (`analytics.error_guard`)."""

    @functools.wraps(function)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        with Translate((sqlite3.Error,), _ours) as failed:
            return function(*args, **kwargs)
        raise failed.error

    return guarded


def _ours(error: BaseException) -> MurmurationError:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code == sqlite3.SQLITE_BUSY:
        message = "The ledger is in use by another process."
        return StoreLockedError(message, "Wait until the other command has ended, then run this one again.")
    if code in _UNWRITABLE:
        message = "The ledger cannot be written (read-only, or the disk is full); nothing was drawn."
        return StoreUnwritableError(
            message, "Make room or correct the permissions of ledger/, then run the command again."
        )
    message = "The ledger's file is damaged."
    return StoreDamagedError(message, RESTORE)


class Ledger:
    """An open, checked ledger."""

    def __init__(self, file: FileIO, head: Path, connection: sqlite3.Connection) -> None:
        """Wrap an open connection; use `open_ledger`.

        `file` is the database's, for its bytes, and stays open: a process that closes any descriptor of a file loses
        all its locks on it, SQLite's too (fcntl(2)).
        """
        self._file = file
        self._head = head
        self._connection = connection

    @_plain_errors
    def entries(self) -> list[Entry]:
        """Return all entries in order."""
        rows = self._connection.execute(statement(_SQL, "entries")).fetchall()
        return [_entry(row) for row in rows]

    def find(self, product: str, period: str, revision: int) -> Entry | None:
        """Return the entry of a release, or None if it was never drawn."""
        key = (product, period, revision)
        return next((one for one in self.entries() if (one.product, one.period, one.revision) == key), None)

    @_plain_errors
    def cells(self, entry: Entry) -> NoisyCells:
        """Return a release's noisy cells in micro-persons."""
        vectors: dict[TableKey, list[int]] = {key: [] for key in entry.tables}
        by_text = {(key.measure, canonical_json(list(key.dimensions))): vector for key, vector in vectors.items()}
        rows = self._connection.execute(statement(_SQL, "cells"), {"sequence": entry.sequence})
        for measure, dimensions, position, value in rows:
            vector = by_text.get((measure, dimensions))
            if vector is None or position != len(vector):
                message = f"The noisy cells of {entry.name} do not match its entry."
                raise StoreDamagedError(message, RESTORE)
            vector.append(value)
        return NoisyCells({key: tuple(values) for key, values in vectors.items()})

    def head(self) -> Head:
        """Return the head as the ledger itself has it."""
        entries = self.entries()
        last = entries[-1] if entries else None
        self._file.seek(0)
        return Head(last.sequence if last else 0, last.hash if last else GENESIS, sha256_hex(self._file.readall()))

    def transaction(self) -> AbstractContextManager[None]:
        """Keep everything that happens inside, or nothing; other processes wait.

        EXCLUSIVE and not IMMEDIATE: otherwise a reader (a backup, a shell) could let the noise be drawn and then block
        the COMMIT. Now it blocks the beginning, before any row is read. A COMMIT that fails is undone.
        """
        return self._transaction("BEGIN EXCLUSIVE")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        self._execute(begin)
        try:
            yield
            self._execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise

    @_plain_errors
    def append(self, body: ReleaseBody, cells: NoisyCells) -> Entry:
        """Add a release and its noisy cells inside a transaction; the body gets the cells' hash."""
        entries = self.entries()
        before = entries[-1].hash if entries else GENESIS
        hashed = body.model_copy(update={"cells_sha256": cells_hash(cells)})
        entry = Entry.chained(len(entries) + 1, before, hashed.text)
        row = {name: getattr(entry, name) for name in ("sequence", "product", "period", "revision", "previous_hash")}
        self._connection.execute(statement(_SQL, "entry_add"), {**row, "hash": entry.hash, "body": entry.text})
        for key, values in cells.vectors.items():
            about = {
                "sequence": entry.sequence,
                "measure": key.measure,
                "dimensions": canonical_json(list(key.dimensions)),
            }
            self._connection.executemany(
                statement(_SQL, "cell_add"),
                [{**about, "position": position, "value": value} for position, value in enumerate(values)],
            )
        return entry

    def advance_head(self) -> None:
        """Write the head after a commit.

        IMMEDIATE: readers may go on; processes that write the head take turns, and each writes the newest.
        """
        with self._transaction("BEGIN IMMEDIATE"):
            write_head(self._head, self.head())

    @_plain_errors
    def _execute(self, sql: str) -> None:
        self._connection.execute(sql)

    def check(self) -> None:
        """Make sure that chain, cells and head agree.

        Raises:
            StoreDamagedError: if an entry or cell was altered.
            StoreTooNewError: if an entry is of a kind that this program does not know.
            StoreBehindError: if the ledger is shorter than its head says.
        """
        head = read_head(self._head)  # first: what another process adds meanwhile lies beyond it
        entries = self.entries()
        broken = broken_link(entries)
        if broken is not None:
            message = f"Entry {broken} of the ledger does not follow from the entry before it."
            raise StoreDamagedError(message, RESTORE)
        for entry in entries:
            if entry.kind not in KINDS:
                message = f"Entry {entry.sequence} of the ledger is of a kind that this program does not know."
                raise StoreTooNewError(message, "Install the version that wrote it; nothing is drawn until then.")
            if cells_hash(self.cells(entry)) != entry.accounting.cells_sha256:
                message = f"The noisy cells of {entry.name} do not match its entry."
                raise StoreDamagedError(message, RESTORE)
        known = [GENESIS, *(entry.hash for entry in entries)]
        if head.sequence >= len(known):
            message = "This ledger is older than its recorded head (secret/ledger_head.json)."
            raise StoreBehindError(message, RESTORE)
        if known[head.sequence] != head.hash:
            message = "This ledger and its recorded head (secret/ledger_head.json) do not belong together."
            raise StoreDamagedError(message, RESTORE)


@_plain_errors
def create_ledger(path: Path, head: Path) -> None:
    """Make an empty ledger and its head; a ledger with its head is left alone.

    Raises:
        StoreDamagedError: if the head exists and the ledger does not: an empty ledger would forget what was spent.
    """
    if path.exists() and head.exists():
        return
    if head.exists():
        message = "The ledger is missing, but its recorded head exists."
        raise StoreDamagedError(message, RESTORE)
    with _connected(path) as (connection, file):
        for name in ("schema_release_entry", "schema_noisy_cell"):
            connection.execute(statement(_SQL, name))
        for trigger in sorted(_SQL.glob("schema_*_no_*.sql")):
            connection.execute(statement(_SQL, trigger.stem))
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        ledger = Ledger(file, head, connection)
        if ledger.entries():
            message = "The ledger's head is missing."
            raise StoreDamagedError(message, RESTORE)
        ledger.advance_head()


@contextmanager
def open_ledger(path: Path, head: Path) -> Iterator[Ledger]:
    """Open the ledger for the length of a `with` block, after checking all of it.

    A head that is behind (a kill between commit and head) is brought up to the ledger.

    Raises:
        StoreDamagedError: if ledger or head is missing or altered.
        StoreBehindError: if the ledger is older than its head.
        StoreTooNewError: if a newer program wrote it.
        StoreLockedError: if another process holds it for longer than a minute.
    """
    if not path.is_file():
        message = "The ledger is missing."
        raise StoreDamagedError(message, RESTORE)
    with _connected(path) as (connection, file):
        _check_file(connection)
        ledger = Ledger(file, head, connection)
        ledger.check()
        if read_head(head).sequence < ledger.head().sequence:
            ledger.advance_head()
        yield ledger


@contextmanager
def _connected(path: Path) -> Iterator[tuple[sqlite3.Connection, FileIO]]:
    """Open the database and, for as long as it is open, its file."""
    with closing(_connection(path)) as connection, path.open("rb", buffering=0) as file:
        yield connection, file


@_plain_errors
def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@_plain_errors
def _check_file(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > FORMAT:
        message = "A newer version of this program wrote the ledger."
        raise StoreTooNewError(message, "Install that version.")
    if version != FORMAT or connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        message = "The ledger's file is damaged."
        raise StoreDamagedError(message, RESTORE)
    if connection.execute(statement(_SQL, "orphan_cells")).fetchone() != (0,):
        message = "The ledger holds noisy cells of an entry that it does not have."
        raise StoreDamagedError(message, RESTORE)


def _entry(row: tuple[Any, ...]) -> Entry:
    sequence, product, period, revision, text, previous_hash, digest = row
    body: Any = None
    with suppress(ValueError):
        body = json.loads(text)
    if not isinstance(body, dict) or canonical_json(body) != text:
        message = f"Entry {sequence} of the ledger was altered."
        raise StoreDamagedError(message, RESTORE)
    return Entry(sequence, product, period, revision, text, previous_hash, digest)
