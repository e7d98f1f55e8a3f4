"""The open vault: every statement that it runs is a file of `sql/`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl

from analytics.errors import UnforeseenError
from analytics.sqlfiles import statement
from analytics.vault.erasure.suppression_list import SuppressionList

_SQL = Path(__file__).parent / "sql"


class State(NamedTuple):
    """What a vault records of itself."""

    applied_through: int
    """The last batch of the suppression list that was applied to its rows."""
    applied_hash: str
    rebuild_due: bool
    """Rows were deleted whose bytes may still be in the file."""
    purged_before: date | None
    """Entries before this local date were deleted for their age."""


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

    def __init__(self, connection: duckdb.DuckDBPyConnection, suppression_list: SuppressionList) -> None:
        """Wrap an open connection, with the suppression list."""
        self._connection = connection
        self._windows: dict[str, _Window] = {}
        self.suppression_list = suppression_list
        self.old_held_files = 0
        """How many held files of a program before format 4 were removed before it was opened."""
        self.erased_again: tuple[int, ...] = ()
        """The batches of the list that this file was behind by when it was opened."""

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
        """Put one measure's shares into the temporary table `share`; its SQL gets the `parameters` that it names.

        Raises:
            UnforeseenError: if there is no such SQL, or it names a number that the plan does not give.
        """
        known = (_SQL / "shares" / f"{measure}.sql").is_file()
        shares = statement(_SQL / "shares", measure) if known else ""
        named = duckdb.extract_statements(shares)[0].named_parameters if known else set()
        if not known or named - parameters.keys():
            lacking = ", ".join(sorted(named - parameters.keys())) or "SQL"
            message = f"The measure '{measure}' has no {lacking}; nothing was drawn."
            raise UnforeseenError(message, "Correct the measure's `parameters` in the plan, or its SQL.")
        self.run("share")
        self._connection.execute(
            "INSERT INTO share BY NAME " + shares, {name: parameters[name] for name in sorted(named)}
        )

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
        """Keep everything that happens inside, or nothing; temporary tables end with it."""
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
        """Return a number for one file in logs, tasks and the order of files; it is used once."""
        return int(self.rows("batch_next")[0][0])

    def check_kept(self, *batch_numbers: int) -> None:
        """Make sure that the vault has what the transactions of files wrote.

        Raises:
            UnforeseenError: if it is not.
        """
        if self.rows("batch_kept", {"numbers": list(batch_numbers)}) != [(len(batch_numbers),)]:
            message = "The vault did not keep a file that it had accepted; nothing of the file is in the vault."
            raise UnforeseenError(message, "Check disk space, then ingest the file again.")

    def state(self) -> State:
        """Return what the vault records of itself."""
        return State(*self.rows("erasure/state")[0])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
