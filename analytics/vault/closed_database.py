"""Lock DuckDB in: after this, no statement can reach another file, load an extension or undo the lock."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from analytics.sqlfiles import statement

_SQL = Path(__file__).parent / "sql"

_BESIDE = ("", ".wal", ".wal.checkpoint", ".wal.recovery")
"""DuckDB's endings for a database's name: its write-ahead log, and that log while it is written to the file."""


def close_outside(connection: duckdb.DuckDBPyConnection, allowed: Iterable[Path] = ()) -> None:
    """Leave a connection its spill folder and the `allowed` database files."""
    paths = [f"'{quoted(path)}{ending}'" for path in allowed for ending in _BESIDE]
    if paths:  # SET takes no parameters; the names are the program's own, below the home
        connection.execute(f"SET allowed_paths = [{', '.join(paths)}]")
    connection.execute(statement(_SQL, "outside_closed"))
    connection.execute(statement(_SQL, "settings_locked"))


def quoted(path: Path) -> str:
    """Return a path for the inside of a quoted SQL text."""
    return str(path).replace("'", "''")
