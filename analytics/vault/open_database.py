"""Opening the vault's file: DuckDB, one writer, memory-limited; never behind the suppression list.

Nothing spills: a statement that needs more memory fails. DuckDB encrypts temporary files only with an extension that is
not installed, and is set up to write none in clear.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analytics.durable import is_unwritable, replace_durably
from analytics.error_guard import Translate
from analytics.errors import StoreDamagedError
from analytics.sqlfiles import statement
from analytics.vault.closed_database import close_outside
from analytics.vault.database import Vault
from analytics.vault.erasure.rows import apply_suppression_list, fresh_beside
from analytics.vault.erasure.suppression_list import SuppressionList, create_list, read_suppression_list
from analytics.vault.error_boundary import sealed

FORMAT = 4
"""The vault's format; a greater one in the file means a newer program wrote it."""

_BEFORE = 3
"""The format that is brought to today's when it is opened."""

MEMORY_LIMIT = "1000MB"

DuckSettings = dict[str, str | bool | int | float | list[str]]

_SQL = Path(__file__).parent / "sql"

_UNREADABLE = (
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.FatalException,
    duckdb.IOException,
)


@contextmanager
def open_vault(path: Path, list_path: Path) -> Iterator[Vault]:
    """Open the vault at `path` and its suppression list, making both if the vault is absent.

    In a vault that is behind the list (an old copy) the erasures are repeated before anyone reads it.

    Raises:
        StoreDamagedError: if the file is no vault or a newer program's, or the list is missing, altered or behind.
        StoreLockedError: if another process has it open.
    """
    suppression_list = read_suppression_list(list_path) if path.exists() else create_list(list_path)
    if not path.exists():
        _make(path, suppression_list)
    vault = _connected(path, suppression_list)
    try:
        _check_list(vault)
        apply_suppression_list(vault)
        yield vault
    finally:
        vault.close()


def settings_beside(path: Path) -> DuckSettings:
    """Return how DuckDB is set up wherever it sees rows of persons."""
    return {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(spill_beside(path)),
        "temp_file_encryption": "true",
        "python_enable_replacements": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


def spill_beside(path: Path) -> Path:
    """Return the folder that DuckDB must have for rows that do not fit into memory, empty: none ever leaves memory."""
    spill = path.parent / "spill"
    spill.mkdir(mode=0o700, exist_ok=True)
    for left in spill.iterdir():
        left.unlink()
    return spill


def _make(path: Path, suppression_list: SuppressionList) -> None:
    """Make an empty vault beside its place first: DuckDB cannot open a file again that it was killed while making."""
    fresh = fresh_beside(path)
    _connected(fresh, suppression_list).close()
    replace_durably(fresh, path)


@sealed
def _connected(path: Path, suppression_list: SuppressionList) -> Vault:
    connection: duckdb.DuckDBPyConnection | None = None
    with Translate(_UNREADABLE, _damaged) as failed:
        connection = duckdb.connect(str(path), config=settings_beside(path))
    if connection is None:
        raise failed.error
    close_outside(connection, (path,))
    connection.execute(statement(_SQL / "schema", "01_vault"))  # every format has this table
    formats = connection.execute(statement(_SQL, "format_read")).fetchall()
    if formats not in ([], [(_BEFORE,)], [(FORMAT,)]):
        connection.close()
        message = "The vault was written by another version of this program."
        raise StoreDamagedError(message, "Install that version, or make a new home and ingest the files again.")
    vault = Vault(connection, suppression_list)
    if formats == [(_BEFORE,)]:
        _migrate(vault)
    with vault.transaction():  # one sync of the disk for all
        for path_ in sorted((_SQL / "schema").glob("*.sql")):
            vault.run(f"schema/{path_.stem}")
        if not vault.rows("format_read"):
            vault.run("format_write", {"format": FORMAT})
    return vault


def _damaged(error: BaseException) -> StoreDamagedError | None:
    """Return the error of a file that cannot be read; a locked or unwritable one is no damage."""
    if "lock" in str(error) or is_unwritable(error):
        return None
    message = "The vault's file cannot be read: it is damaged, or a newer program wrote it."
    return StoreDamagedError(message, "Restore vault/vault.duckdb from your backup.")


def _migrate(vault: Vault) -> None:
    """Bring a vault of format 3 to format 4 in one transaction; `completion` removes the held files of its home."""
    with vault.transaction():
        for path in sorted((_SQL / "format_4").glob("*.sql")):
            vault.run(f"format_4/{path.stem}")


def _check_list(vault: Vault) -> None:
    state = vault.state()
    listed = vault.suppression_list
    if state.applied_through > listed.sequence or listed.hash_of(state.applied_through) != state.applied_hash:
        message = "The suppression list is older than the vault: a person who left would come back."
        raise StoreDamagedError(message, "Restore the newest copy of secret/withdrawn.json.")
