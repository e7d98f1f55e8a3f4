"""The residue search reads files of SQLite and DuckDB to their last row, and does not change them."""

import gzip
import sqlite3
import uuid
from pathlib import Path

import duckdb
import pytest

from analytics.vault.residue import Residue, search
from tests.support.byte_patterns import PATTERNS, PLAIN, SECRET, TEXT, layers


def sqlite_file(path: Path | str, *statements: tuple[str, tuple[object, ...]]) -> sqlite3.Connection:
    """Return an open SQLite file in which statements were run."""
    opened = sqlite3.connect(path)
    for sql, values in statements:
        opened.execute(sql, values)
    opened.commit()
    return opened


def test_a_long_value_in_sqlite_is_met(tmp_path: Path) -> None:
    """A text over the pages of a SQLite file is found, where the raw bytes are broken by page heads."""
    for at in range(5000, 10_000, 5):
        text = "." * at + PLAIN + "." * (10_000 - at)
        opened = sqlite_file(":memory:", ('CREATE TABLE "a ""b"(x)', ()), ('INSERT INTO "a ""b" VALUES (?)', (text,)))
        if PLAIN.encode() not in opened.serialize():
            break
    (tmp_path / "file").write_bytes(opened.serialize())
    searched = search(tmp_path, PATTERNS)
    assert (searched.found, searched.unread) == ([Residue(("file",), "sqlite")], [])


def test_what_is_left_of_deleted_rows_in_sqlite_is_met(tmp_path: Path) -> None:
    """A long text whose row is gone, but whose pages are not yet used again, is found over their heads."""
    text = ("." * 37 + PLAIN) * 1000
    opened = sqlite_file(
        tmp_path / "file",
        ("PRAGMA secure_delete = 0", ()),
        ("CREATE TABLE t(x)", ()),
        ("INSERT INTO t VALUES (?)", (text,)),
        ("DELETE FROM t", ()),
    )
    opened.close()
    assert "sqlite" in layers(tmp_path)


def test_values_in_sqlite_are_decoded(tmp_path: Path) -> None:
    """A packed blob in a SQLite file is unpacked, and a text in a file of UTF-16 is read."""
    sqlite_file(
        tmp_path / "file",
        ("PRAGMA encoding = 'UTF-16le'", ()),
        ("CREATE TABLE t(x)", ()),
        ("INSERT INTO t VALUES (?)", (gzip.compress(PLAIN.encode()),)),
        ("INSERT INTO t VALUES (?)", (TEXT,)),
    ).close()
    assert {"sqlite", "sqlite/gzip"} <= layers(tmp_path)


def test_sqlite_s_log_is_read(tmp_path: Path) -> None:
    """A row that is in the write-ahead log alone is found in its file, and nothing is changed or left beside."""
    opened = sqlite_file(tmp_path / "file", ("PRAGMA journal_mode = wal", ()), ("CREATE TABLE t(x)", ()))
    opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.execute("INSERT INTO t VALUES (?)", (gzip.compress(PLAIN.encode()),))
    opened.commit()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm")}
    searched = search(tmp_path, PATTERNS)
    assert Residue(("file",), "sqlite/gzip") in searched.found
    assert searched.unread == []
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm")}
    assert after == before
    opened.close()


def duckdb_file(path: Path, *statements: str) -> None:
    """Make a DuckDB file by statements; `$text` and `$secret` are a person's."""
    with duckdb.connect(str(path)) as opened:
        for sql in statements:
            wanted = {"text": PLAIN, "secret": SECRET}
            opened.execute(sql, {name: value for name, value in wanted.items() if f"${name}" in sql})


@pytest.mark.parametrize(
    "table",
    [
        "SELECT $text || repeat('x', 40) AS a FROM range(100_000)",
        "SELECT MAP {'k': [$text, NULL]} AS a FROM range(3)",
        "SELECT MAP {$secret: 1} AS a FROM range(3)",
        "SELECT {'k': {'l': $secret}} AS a FROM range(3)",
        "SELECT $secret AS a FROM range(100_000)",
        "SELECT $secret::BLOB::VARCHAR AS a FROM range(3)",
        "SELECT $text::ENUM('CANARY-0042', 'b') AS a FROM range(3)",
        "SELECT union_value(v := $text) AS a FROM range(3)",
        "SELECT json_object('k', $text) AS a",
    ],
    ids=[
        "repeated",
        "map of lists",
        "map of bytes",
        "struct of bytes",
        "bytes",
        "text of bytes",
        "enum",
        "union",
        "JSON",
    ],
)
def test_duckdb_s_columns_are_met(tmp_path: Path, table: str) -> None:
    """Texts and bytes in a DuckDB file's columns are found, packed or nested as they are."""
    duckdb_file(tmp_path / "file", f"CREATE TABLE t AS {table}")
    searched = search(tmp_path, PATTERNS)
    assert Residue(("file",), "duckdb") in searched.found
    assert searched.unread == []
    assert searched.decoded["duckdb"] == 1


def test_duckdb_s_wide_numbers_are_met(tmp_path: Path) -> None:
    """A pseudonym kept as a number or a UUID is found."""
    for kind in ("UHUGEINT", "UUID"):
        wanted = int.from_bytes(SECRET, "big") if kind == "UHUGEINT" else uuid.UUID(bytes=SECRET)
        duckdb_file(tmp_path / kind, f"CREATE TABLE t(n {kind})", f"INSERT INTO t VALUES ('{wanted}')")  # noqa: S608 -- ours
    assert {each.place for each in search(tmp_path, PATTERNS).found if each.layer == "duckdb"} == {
        ("UHUGEINT",),
        ("UUID",),
    }


def test_a_duckdb_file_without_it_is_read_and_clean(tmp_path: Path) -> None:
    """A DuckDB file of everything else is read to its end, and no pattern is found in it."""
    duckdb_file(
        tmp_path / "file",
        "CREATE SCHEMA s",
        'CREATE TABLE s."a ""b.c"("x ""y.z" VARCHAR, i INTEGER, d DATE, t TIMESTAMPTZ, b BIT, z DECIMAL(9,2))',
        """INSERT INTO s."a ""b.c" VALUES ('other', 1, '2026-01-01', '2026-01-01', '101', 5)""",
        'CREATE VIEW v AS SELECT * FROM s."a ""b.c"',
    )
    searched = search(tmp_path, PATTERNS)
    assert (searched.found, searched.unread, searched.decoded["duckdb"]) == ([], [], 1)


def test_duckdb_s_log_is_read(tmp_path: Path) -> None:
    """A row that is in a DuckDB file's write-ahead log alone is found in its file, and nothing is changed."""
    home = tmp_path / "home"
    home.mkdir()
    with duckdb.connect(str(tmp_path / "file")) as opened:
        opened.execute("CREATE TABLE t(a BLOB)")
        opened.execute("CHECKPOINT")
        opened.execute("INSERT INTO t VALUES ($1)", [gzip.compress(PLAIN.encode())])
        for name in ("file", "file.wal"):
            (home / name).write_bytes((tmp_path / name).read_bytes())
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    searched = search(home, PATTERNS)
    assert (searched.found, searched.unread) == ([Residue(("file",), "duckdb/gzip")], [])
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before


def test_an_open_duckdb_file_is_reported(tmp_path: Path) -> None:
    """A DuckDB file that this process has open counts as unread, and its bytes are searched."""
    with duckdb.connect(str(tmp_path / "file")) as opened:
        opened.execute("CREATE TABLE t(a VARCHAR)")
        opened.execute("CHECKPOINT")
        assert search(tmp_path, PATTERNS).unread == [("file",)]


def test_values_side_by_side_are_not_one_text(tmp_path: Path) -> None:
    """Two values of a column are not read as one."""
    duckdb_file(tmp_path / "file", "CREATE TABLE t AS SELECT unnest([$text[:6], $text[7:]]) AS a")
    assert "duckdb" not in layers(tmp_path)
