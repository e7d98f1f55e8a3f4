"""The ledger fails closed: whatever is missing, old or altered, nothing is drawn."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from analytics.canonical import canonical_json
from analytics.errors import MurmurationError, StoreBehindError, StoreDamagedError, StoreTooNewError
from analytics.store.chain import GENESIS
from analytics.store.ledger import create_ledger
from tests.support.releases import Home, new_home

TRIGGERS = ("release_entry_no_update", "release_entry_no_delete", "noisy_cell_no_update", "noisy_cell_no_delete")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with two releases."""
    made = new_home(tmp_path / "home")
    made.draw("2024-W10", "2024-W11")
    return made


def refused(home: Home, kind: type[MurmurationError] = StoreDamagedError) -> MurmurationError:
    """Open the ledger, which must be refused, by default as damaged."""
    with pytest.raises(kind) as caught, home.open():
        pass
    assert type(caught.value) is kind
    return caught.value


def edit(home: Home, *statements: str) -> None:
    """Edit the file as someone with access to it can."""
    with closing(sqlite3.connect(home.ledger, isolation_level=None)) as connection:
        for name in TRIGGERS:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_an_empty_ledger_is_whole(tmp_path: Path) -> None:
    """A new ledger opens, has no entries, and making it again changes nothing."""
    home = new_home(tmp_path / "home")
    before = home.ledger.read_bytes(), home.head.read_bytes()
    new_home(tmp_path / "home")
    with home.open() as ledger:
        assert ledger.entries() == []
        assert (ledger.head().sequence, ledger.head().hash) == (0, GENESIS)
    assert before == (home.ledger.read_bytes(), home.head.read_bytes())


def test_a_restored_old_ledger_is_refused(home: Home, tmp_path: Path) -> None:
    """A ledger from a backup under a newer head is refused, and again when asked again."""
    shutil.copy(home.ledger, tmp_path / "backup")
    home.draw("2024-W12")
    shutil.copy(tmp_path / "backup", home.ledger)
    assert refused(home, StoreBehindError).exit_code == 12
    refused(home, StoreBehindError)


def test_what_is_missing_is_refused(home: Home) -> None:
    """Without its head a ledger is refused, without its ledger a head is, and neither is made again."""
    head = home.head.read_bytes()
    home.head.write_text("[" * 100_000)  # deeper than Python reads
    refused(home)
    home.head.unlink()
    refused(home)
    with pytest.raises(StoreDamagedError):
        create_ledger(home.ledger, home.head)
    home.head.write_bytes(head)
    home.ledger.unlink()
    refused(home)
    with pytest.raises(StoreDamagedError):
        create_ledger(home.ledger, home.head)
    assert not home.ledger.exists()


def test_a_newer_program_s_ledger_is_refused(home: Home) -> None:
    """A format that this program does not know is not touched."""
    with closing(sqlite3.connect(home.ledger)) as connection:
        connection.execute("PRAGMA user_version = 2")
    assert "newer version" in refused(home, StoreTooNewError).message


@pytest.mark.parametrize(
    ("kind", "known"), [("release/1", True), ("release/2", True), ("release/3", True), ("release/4", False)]
)
def test_an_entry_of_an_unknown_kind_stops_all(home: Home, kind: str, known: bool) -> None:  # noqa: FBT001 -- a test's case
    """What cannot be accounted for might have spent anything: nothing is drawn beside it."""
    with home.open() as ledger, ledger.transaction():
        last = ledger.entries()[-1]
        body = last.body.model_copy(update={"period": "2024-W12", "kind": kind})
        ledger.append(body, ledger.cells(last))
    if known:
        with home.open() as ledger:
            assert len(ledger.entries()) == 3
    else:
        assert "Entry 3 of the ledger is of a kind" in refused(home, StoreTooNewError).message


EDITS = {
    "a body in another spelling": "UPDATE release_entry SET body = body || ' ' WHERE sequence = 1",
    "a loss": "UPDATE release_entry SET body = replace(body, '\"loss_nano\":', '\"loss_nano\":1') WHERE sequence = 1",
    "a body that is no object": "UPDATE release_entry SET body = '[]' WHERE sequence = 1",
    "a body that is no JSON": "UPDATE release_entry SET body = 'x' WHERE sequence = 2",
    "a period": "UPDATE release_entry SET period = '2024-W40' WHERE sequence = 1",
    "a hash": "UPDATE release_entry SET hash = previous_hash WHERE sequence = 2",
    "a cell": "UPDATE noisy_cell SET value = value + 1 WHERE sequence = 1 AND position = 0 AND dimensions = '[]'",
    "a cell gone": "DELETE FROM noisy_cell WHERE sequence = 2 AND position = 0",
    "a cell more": "INSERT INTO noisy_cell VALUES (2, 'mood', '[]', 3, 0)",
    "a table's name": "UPDATE noisy_cell SET dimensions = 'x' WHERE sequence = 2 AND dimensions = '[]'",
    "a table that is no list": "UPDATE noisy_cell SET dimensions = '5' WHERE sequence = 2 AND dimensions = '[]'",
    "a cell of no entry": "INSERT INTO noisy_cell VALUES (9, 'mood', '[]', 0, 0)",
    "the last entry gone": "DELETE FROM release_entry WHERE sequence = 2",
    "a column": "ALTER TABLE release_entry RENAME COLUMN body TO text",
}


@pytest.mark.parametrize("statement", EDITS.values(), ids=EDITS)
def test_an_edited_row_is_refused(home: Home, statement: str) -> None:
    """Any row that is edited past the triggers is found at the next opening."""
    edit(home, statement)
    refused(home)


@pytest.mark.parametrize("size", [0, 50, 4096, -1, -4096])
def test_a_truncated_file_is_refused(home: Home, size: int) -> None:
    """A file that ends early is damaged."""
    home.ledger.write_bytes(home.ledger.read_bytes()[:size])
    refused(home)


def test_another_file_in_its_place_is_refused(home: Home) -> None:
    """A file that is not SQLite's is damaged."""
    home.ledger.write_bytes(b"no database, " * 1000)
    refused(home)


@pytest.mark.parametrize("table", ["release_entry", "noisy_cell"])
def test_the_file_itself_refuses_edits(home: Home, table: str) -> None:
    """Without dropping the triggers no row can be changed or removed."""
    with closing(sqlite3.connect(home.ledger)) as connection:
        for statement in (f"UPDATE {table} SET sequence = sequence", f"DELETE FROM {table}"):  # noqa: S608 -- two names
            with pytest.raises(sqlite3.IntegrityError, match="never edited"):
                connection.execute(statement)


def _text(sequence: object) -> Callable[[dict[str, object]], str]:
    return lambda head: canonical_json({**head, "sequence": sequence}) + "\n"


HEADS: dict[str, Callable[[dict[str, object]], str]] = {
    "one entry on": _text(3),
    "the entry before, with this one's hash": _text(1),
    "counted from the end": _text(-1),
    "a truth value": _text(bool(1)),
    "a fraction": _text(2.0),
    "other spelling": json.dumps,
    "no object": lambda _: "[]\n",
    "a field more": lambda head: canonical_json({**head, "more": 1}) + "\n",
    "another hash": lambda head: canonical_json({**head, "hash": GENESIS}) + "\n",
}


@pytest.mark.parametrize("forged", HEADS.values(), ids=HEADS)
def test_an_altered_head_is_refused(home: Home, forged: Callable[[dict[str, object]], str]) -> None:
    """A head that names no entry of the ledger, or is spelled otherwise, is refused and stays as it is."""
    home.head.write_text(forged(json.loads(home.head.read_text())))
    before = home.head.read_bytes()
    # A head that is one entry on looks as if the ledger were an old copy.
    beyond = json.loads(before)["sequence"] == 3 if before.startswith(b"{") else False
    refused(home, StoreBehindError if beyond else StoreDamagedError)
    assert home.head.read_bytes() == before
