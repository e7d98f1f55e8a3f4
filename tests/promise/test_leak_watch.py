"""The leak watch sees what it is there for, and lets be what belongs where it is."""

import base64
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from analytics.home import Home
from tests.support.leaks import PERSONAL, Watch, tells
from tests.support.made_once import new_home
from tests.support.people import CANARY


def _sqlite(path: Path) -> None:
    """Write a database with the word in base64, and across the end of a page."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE kept (value BLOB)")
        database.execute("INSERT INTO kept VALUES (?)", (b"x" * 9_000 + base64.b64encode(f"..{CANARY}".encode()),))
    database.close()


PLANTED: dict[str, Callable[[Path], object]] = {
    "as it is": lambda path: path.write_text(f"a {CANARY.lower()}-ana"),
    "in UTF-16": lambda path: path.write_bytes(CANARY.encode("utf-16-le")),
    "in base64": lambda path: path.write_bytes(b'{"blob": "' + base64.b64encode(f"1{CANARY}-ana".encode()) + b'"}'),
    "in base64 of URLs": lambda path: path.write_bytes(base64.urlsafe_b64encode(b"\xfb\xff" + CANARY.encode())),
    "in a packed column": lambda path: pl.DataFrame({"who": [CANARY] * 9}).write_parquet(path),
    "in a database": _sqlite,
}


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    """Return a watch of its own over an empty temporary folder."""
    for name in ("temporary", "working", "given"):
        (tmp_path / name).mkdir()
    return Watch(tmp_path / "temporary", tmp_path / "working")


@pytest.fixture
def home(tmp_path: Path, watch: Watch) -> Home:  # noqa: ARG001 -- makes the folder
    """Return a new home in the folder that a test was given."""
    return new_home(tmp_path / "given" / "home", "small", date(2026, 1, 1))


@pytest.mark.plants("to see it found")
@pytest.mark.parametrize("form", PLANTED)
def test_a_person_in_a_home_is_found_in_every_form(home: Home, watch: Watch, form: str) -> None:
    """Once per state of a file, and reported for the first folder only."""
    given = home.root.parent
    assert watch.home_leaks([given]) == []
    PLANTED[form](home.prefect / "kept")
    assert watch.home_leaks([given]) == ["prefect/"]
    assert watch.home_leaks([given]) == []
    PLANTED[form](home.root / "kept")
    assert watch.home_leaks([given]) == ["the home"]


@pytest.mark.plants("to see it found")
def test_a_file_s_name_is_looked_at(home: Home, watch: Watch) -> None:
    """A name may be a person's, too."""
    (home.published / f"{CANARY}.csv").write_bytes(b"")
    assert watch.home_leaks([home.root.parent]) == ["published/"]


def test_persons_may_be_where_they_belong(home: Home, watch: Watch) -> None:
    """In `inbox/` and `vault/`, and beside the home, where a test keeps its own input."""
    for name in PERSONAL:
        (home.root / name / f"{CANARY}.csv").write_text(CANARY)
    (home.root.parent / "entries.csv").write_text(CANARY)
    assert watch.home_leaks([home.root.parent]) == []


@pytest.mark.parametrize("form", PLANTED)
def test_a_person_in_a_temporary_file_is_found(watch: Watch, tmp_path: Path, form: str) -> None:
    """In the temporary folder, and in whatever is new in the working folder."""
    (tmp_path / "temporary" / "harmless").write_text("nobody")
    assert watch.temporary_leaks() == []
    PLANTED[form](tmp_path / "temporary" / "left")
    (tmp_path / "working" / ".tmp").mkdir()
    PLANTED[form](tmp_path / "working" / ".tmp" / "spilt")
    assert watch.temporary_leaks() == ["the temporary folder", "the working folder"]


def test_what_only_looks_like_it_is_let_be() -> None:
    """Neither long runs of letters nor parts of the word are taken for it."""
    assert not tells(b"A" * 5_000 + b"canar y" + base64.b64encode(bytes(range(256)) * 9))


def test_tests_and_what_they_start_have_a_temporary_folder_of_their_own(leak_watch: Watch) -> None:
    """So whatever is left in it was left by them."""
    import tempfile  # noqa: PLC0415 -- as a test would

    assert Path(tempfile.gettempdir()) == leak_watch.temporary
