"""The vault's file: DuckDB, one writer, memory-limited, spilling only beside itself."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from analytics.errors import StoreDamagedError, UnforeseenError
from analytics.sqlfiles import statement
from analytics.vault.sealing import sealed

FORMAT = 2
"""The vault's format; a greater one in the file means a newer program wrote it."""

MEMORY_LIMIT = "1000MB"

_SQL = Path(__file__).parent / "sql"


class _Window:
    """A table that statements see, whatever frame is behind it.

    Registered once: a transaction keeps every registered frame alive until it ends, and a file has many parts.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        """Begin with a frame."""
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Let DuckDB read the frame (Arrow's PyCapsule interface)."""
        return self.frame.__arrow_c_stream__(requested_schema)


class Vault:
    """An open vault. Every statement comes from `sql/`; nothing prints a row."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Wrap an open connection."""
        self._connection = connection
        self._windows: dict[str, _Window] = {}

    def run(self, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run one statement for its effect."""
        self._connection.execute(statement(_SQL, name), dict(parameters or {}))

    def rows(self, name: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        return self._connection.execute(statement(_SQL, name), dict(parameters or {})).fetchall()

    def frame(self, name: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Run one statement and return its rows as a frame."""
        rows: pl.DataFrame = self._connection.sql(statement(_SQL, name), params=dict(parameters or {})).pl()
        return rows

    def source_no(self, source: str) -> int:
        """Return the small number of a source, a new one for a new source."""
        known = dict(self.rows("source_numbers"))
        if source not in known:
            known[source] = len(known)
            self.run("source_add", {"source_no": known[source], "source": source})
        return int(known[source])

    def fill_share(self, measure: str, parameters: Mapping[str, Any]) -> None:
        """Put one measure's shares into the temporary table `share`."""
        self.run("share")
        self._connection.execute("INSERT INTO share BY NAME " + statement(_SQL / "shares", measure), dict(parameters))

    def fill(self, name: str, rows: Sequence[tuple[int | str, ...]]) -> None:
        """Make the public temporary table `name` hold `rows`."""
        self.run(name)
        if rows:
            with self.seeing("filling", pl.DataFrame(rows, orient="row")):
                self.run(f"{name}_add")

    @contextmanager
    def seeing(self, name: str, frame: pl.DataFrame) -> Iterator[None]:
        """Let statements see `frame` as the table `name`."""
        if name not in self._windows:
            self._windows[name] = _Window(frame)
            self._connection.register(name, self._windows[name])
        window = self._windows[name]
        window.frame = frame
        try:
            yield
        finally:
            window.frame = frame.clear()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all of what happens inside, or nothing of it; temporary tables end with it."""
        self._connection.execute("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            self._windows.clear()  # what was registered within goes with the rest
            raise
        self._connection.execute("COMMIT")

    def forget(self, *names: str) -> None:
        """Drop temporary tables."""
        for name in names:
            self._connection.execute(f"DROP TABLE IF EXISTS temp.{name}")

    def next_batch_no(self) -> int:
        """Return a number that will stand for one file in logs, tasks and held/; it is used once."""
        return int(self.rows("batch_next")[0][0])

    def check_stands(self, batch_no: int) -> None:
        """Make sure that a file's transaction is really there.

        Raises:
            UnforeseenError: if it is not.
        """
        if self.rows("batch_stands", {"batch_no": batch_no}) != [(1,)]:
            message = "The vault did not keep a file that it had accepted; nothing of the file is in the vault."
            raise UnforeseenError(message, "Check disk space, then ingest the file again.")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


@contextmanager
def open_vault(path: Path) -> Iterator[Vault]:
    """Open the vault at `path` (making it if absent) for the length of a `with` block.

    Raises:
        StoreDamagedError: if the file is no vault, or a newer program's.
        StoreLockedError: if another process has it open.
    """
    vault = _connected(path)
    try:
        _check_format(vault)
        yield vault
    finally:
        vault.close()


@sealed
def _connected(path: Path) -> Vault:
    spill = path.parent / "spill"
    spill.mkdir(mode=0o700, exist_ok=True)
    for left in spill.iterdir():
        left.unlink()  # a killed run's spilled rows
    damaged = False
    try:
        connection = duckdb.connect(
            str(path),
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(spill),
                "temp_file_encryption": "true",
                "python_enable_replacements": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
    except (duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException):
        damaged = True
    except duckdb.IOException as error:
        damaged = "lock" not in str(error)
        if not damaged:
            raise
    if damaged:
        _refuse_file()
    vault = Vault(connection)
    for path_ in sorted((_SQL / "schema").glob("*.sql")):
        vault.run(f"schema/{path_.stem}")
    return vault


def _refuse_file() -> None:
    message = "The vault's file cannot be read: it is damaged, or a newer program wrote it."
    raise StoreDamagedError(message, "Restore vault/vault.duckdb from your backup.")


@sealed
def _check_format(vault: Vault) -> None:
    found = vault.rows("format_read")
    if not found:
        vault.run("format_write", {"format": FORMAT})
    elif found != [(FORMAT,)]:
        message = "The vault was written by another version of this program."
        raise StoreDamagedError(message, "Install that version, or make a new home and ingest the files again.")
