"""No statement on a database with rows of persons can read or write another file, or undo that."""

from pathlib import Path
from typing import Any, Self

import duckdb
import pytest

from analytics.vault import database
from analytics.vault.erasure import rows
from analytics.vault.open_database import open_vault, settings_beside
from analytics.vault.residue import duckfile

OUTSIDE = (
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_csv('{file}')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM '{file}'",
    "COPY (SELECT 1) TO '{folder}/written.csv'",
    "ATTACH '{folder}/other.duckdb' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET memory_limit = '1GB'",
    "SET allowed_directories = ['{folder}']",
)


def assert_closed(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Try every way out."""
    file = folder / "outside.csv"
    file.write_text("a,b\n1,2\n")
    for sql in OUTSIDE:
        with pytest.raises(duckdb.Error):
            connection.execute(sql.format(file=file, folder=folder))
    assert [path.name for path in folder.iterdir()] == ["outside.csv"]


class _Opened:
    """A connection that is tried after each statement that closes it, before anything else happens."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._connection, self._folder = connection, folder
        self.tried = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def execute(self, sql: str, *more: object) -> object:
        """Run a statement; once the settings are locked, the ways out are tried."""
        result = self._connection.execute(sql, *more)
        if "lock_configuration" in sql:
            assert_closed(self._connection, self._folder)
            self.tried += 1
        return result


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[_Opened]:
    """Return the connections that are opened."""
    folder = tmp_path / "outside"
    folder.mkdir()
    connect = duckdb.connect
    found: list[_Opened] = []

    def watched(*args: Any, **more: Any) -> _Opened:  # noqa: ANN401 -- as DuckDB's
        found.append(_Opened(connect(*args, **more), folder))
        return found[-1]

    monkeypatch.setattr(duckdb, "connect", watched)
    return found


def test_the_open_vault_reaches_no_other_file(tmp_path: Path, opened: list[_Opened]) -> None:
    with open_vault(tmp_path / "vault.duckdb", tmp_path / "withdrawn.json") as vault:
        assert isinstance(vault, database.Vault)
    assert [one.tried for one in opened] == [1, 1]  # made, then opened


def test_rewriting_the_file_of_the_vault_reaches_no_other_file(tmp_path: Path, opened: list[_Opened]) -> None:
    path = tmp_path / "vault.duckdb"
    with open_vault(path, tmp_path / "withdrawn.json"):
        pass
    opened.clear()
    rows.rebuild(path, settings_beside(path))
    assert [one.tried for one in opened] == [1]


def test_the_search_for_a_person_reaches_no_other_file(tmp_path: Path, opened: list[_Opened]) -> None:
    path = tmp_path / "vault.duckdb"
    with open_vault(path, tmp_path / "withdrawn.json"):
        pass
    opened.clear()
    assert list(duckfile.tables(path))
    assert [one.tried for one in opened] == [1]


def test_no_row_of_a_person_leaves_memory_for_a_spill(tmp_path: Path) -> None:
    """A statement that needs more memory than there is fails: a temporary file could not be encrypted."""
    path = tmp_path / "vault.duckdb"
    sorting = """
        SELECT count(*)
        FROM (SELECT row_number() OVER (ORDER BY hash(a)) AS place FROM range(8000000) AS t(a))
        WHERE place % 2 = 0
    """
    with duckdb.connect(str(path), config={**settings_beside(path), "memory_limit": "60MB"}) as connection:
        with pytest.raises(duckdb.Error, match="crypto"):
            connection.execute(sorting)
        sizes = [left.stat().st_size for left in (tmp_path / "spill").iterdir()]
    assert not any(sizes)
