"""Opening the vault's file: DuckDB, one writer, memory-limited; never behind the list.

Nothing spills: a statement that needs more memory fails. DuckDB encrypts temporary files only with an extension that is
not installed, and is set up to write none in clear.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analytics.durable import is_unwritable, replace_durably
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


@contextmanager
def open_vault(path: Path, list_path: Path) -> Iterator[Vault]:
    """Open the vault at `path` beside its list of withdrawn people, making both if the vault is absent.

    A vault that is behind the list, an old copy, is erased again before anybody sees it.

    Raises:
        StoreDamagedError: if the file is no vault or a newer program's, or the list is missing, altered or behind.
        StoreLockedError: if another process has it open.
    """
    withdrawn = read_suppression_list(list_path) if path.exists() else create_list(list_path)
    if not path.exists():
        _make(path, withdrawn)
    vault = _connected(path, withdrawn)
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


def _make(path: Path, withdrawn: SuppressionList) -> None:
    """Make an empty vault; DuckDB, killed while it makes a file, leaves one that it cannot open again."""
    fresh = fresh_beside(path)
    _connected(fresh, withdrawn).close()
    replace_durably(fresh, path)


@sealed
def _connected(path: Path, withdrawn: SuppressionList) -> Vault:
    damaged = False
    try:
        connection = duckdb.connect(str(path), config=settings_beside(path))
    except (
        duckdb.SerializationException,
        duckdb.InternalException,
        duckdb.FatalException,
        duckdb.IOException,
    ) as error:
        damaged = "lock" not in str(error) and not is_unwritable(error)
        if not damaged:
            raise
    if damaged:
        message = "The vault's file cannot be read: it is damaged, or a newer program wrote it."
        raise StoreDamagedError(message, "Restore vault/vault.duckdb from your backup.")
    close_outside(connection, (path,))
    before = _format_of(connection)
    vault = Vault(connection, withdrawn)
    if before == _BEFORE:
        _migrate(vault)
    with vault.transaction():  # one sync of the disk for all
        for path_ in sorted((_SQL / "schema").glob("*.sql")):
            vault.run(f"schema/{path_.stem}")
        if not vault.rows("format_read"):
            vault.run("format_write", {"format": FORMAT})
    return vault


def _format_of(connection: duckdb.DuckDBPyConnection) -> int:
    connection.execute(statement(_SQL / "schema", "01_vault"))  # every format has this table
    found = connection.execute(statement(_SQL, "format_read")).fetchall()
    if found not in ([], [(_BEFORE,)], [(FORMAT,)]):
        connection.close()
        message = "The vault was written by another version of this program."
        raise StoreDamagedError(message, "Install that version, or make a new home and ingest the files again.")
    return int(found[0][0]) if found else FORMAT


def _migrate(vault: Vault) -> None:
    """Bring a vault of format 3 to format 4 in one transaction; its held files are removed by who has the home."""
    with vault.transaction():
        for path in sorted((_SQL / "format_4").glob("*.sql")):
            vault.run(f"format_4/{path.stem}")


def _check_list(vault: Vault) -> None:
    state = vault.state()
    if state.followed > vault.withdrawn.sequence or vault.withdrawn.hash_of(state.followed) != state.followed_hash:
        message = "The list of withdrawn people is older than the vault: somebody who left would come back."
        raise StoreDamagedError(message, "Restore the newest copy of secret/withdrawn.json.")
