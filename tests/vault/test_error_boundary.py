"""Nothing of a person leaves the vault in a text: not by repr, pickle, copy or a library's error."""

import ast
import copy
import logging
import pickle
import socket
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from analytics.cells import ExactCells, TableKey
from analytics.contracts import Source
from analytics.error_guard import Translate
from analytics.errors import (
    FileRefusedError,
    MurmurationError,
    StoreDamagedError,
    StoreLockedError,
    StoreTooNewError,
    UnforeseenError,
)
from analytics.vault.database import Vault
from analytics.vault.error_boundary import sealed
from analytics.vault.ingest import Batch
from analytics.vault.pseudonym import Pseudonymiser, new_key, read_key
from analytics.vault.readers.shared.delimited import Fields, read_delimited
from analytics.vault.readers.shared.rows import RawRows
from tests.conftest import tells_of_a_person
from tests.support.people import ANA, CANARY, ENTRY_HEADER, NOW, Desk, entry, granted, vault_at


def quoted_by_duckdb() -> None:
    """Make DuckDB quote a value."""
    duckdb.connect(":memory:").execute("SELECT CAST($value AS INTEGER)", {"value": CANARY})


def quoted_by_polars() -> None:
    """Make Polars quote a value."""
    pl.Series([CANARY]).str.to_integer()


def quoted_by_a_column() -> None:
    """Make Polars quote a value that a column cannot hold; it raises Python's own TypeError."""
    pl.Series([CANARY], dtype=pl.Int64)


def quoted_by_python() -> None:
    """Make Python quote a value."""
    f"{CANARY}\ud800".encode()


@pytest.mark.parametrize("quoting", [quoted_by_duckdb, quoted_by_polars, quoted_by_a_column, quoted_by_python])
def test_a_library_s_error_ends_at_the_vault(quoting: Callable[[], None]) -> None:
    """An error that quotes a value is replaced by our words, with no trace of it in cause or context."""
    with pytest.raises(Exception, match=CANARY) if quoting is not quoted_by_python else pytest.raises(UnicodeError):
        quoting()
    with pytest.raises(UnforeseenError) as raised:
        sealed(quoting)()
    error = raised.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert not tells_of_a_person("".join(traceback.format_exception(error)))
    assert quoting.__name__ in error.message


def _of_a_value(error: BaseException) -> MurmurationError | None:
    message = "A value is wrong."
    return UnforeseenError(message, "Correct it.") if isinstance(error, ValueError) else None


def test_a_translated_error_keeps_nothing_of_the_library_s() -> None:
    """Neither its text nor its frames, which hold values: only our error is added to what it was made with."""
    with Translate((ValueError,), _of_a_value) as failed:
        int(CANARY)
    assert not tells_of_a_person(f"{vars(failed)}")
    assert (failed.error.__context__, failed.error.__cause__, failed.error.__traceback__) == (None, None, None)
    assert vars(failed).keys() == {"_kinds", "_ours", "error"}


@pytest.mark.parametrize("kinds", [(KeyError,), (LookupError, ValueError)])
def test_an_error_without_a_translation_is_raised(kinds: tuple[type[Exception], ...]) -> None:
    """`Translate` suppresses only kinds that it knows, and of them only those that have an error of ours."""
    with pytest.raises(KeyError), Translate(kinds, _of_a_value):
        raise KeyError


def _raised_inside(source: str) -> list[int]:
    """Return the lines that raise a new error inside an `except` block for errors that are not ours."""
    return [
        raising.lineno
        for handler in ast.walk(ast.parse(source))
        if isinstance(handler, ast.ExceptHandler) and not _is_ours(handler.type)
        for raising in ast.walk(handler)
        if isinstance(raising, ast.Raise) and raising.exc is not None
    ]


def _is_ours(caught: ast.expr | None) -> bool:
    return isinstance(caught, ast.Name) and caught.id.endswith("RefusedError")


def test_no_error_of_ours_is_raised_inside_an_except_block() -> None:
    """There it would carry the library's text as its context, whatever `from None` hides; a planted one is found."""
    folder = Path(__file__).parents[2] / "analytics"
    planted = "try:\n    int(text)\nexcept ValueError:\n    raise UsageError from None\n"
    assert _raised_inside(planted) == [4]
    assert {str(path): lines for path in folder.rglob("*.py") if (lines := _raised_inside(path.read_text()))} == {}


def test_an_intake_that_fails_says_nothing_of_a_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the vault's SQL fails over a value, the intake's error does not hold it and the vault goes on."""
    desk.consents(granted(ANA))
    run = Vault.run

    def failing(vault: Vault, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        if name == "entry_add":
            quoted_by_duckdb()
        run(vault, name, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "run", failing)
        with pytest.raises(UnforeseenError) as raised:
            desk.entries(entry(ANA))
    assert raised.value.__context__ is None
    assert not tells_of_a_person("".join(traceback.format_exception(raised.value)))
    assert desk.entries(entry(ANA)).accepted == 1


def test_our_own_errors_pass_the_seal() -> None:
    """A refusal in our words keeps its class."""

    @sealed
    def refusing() -> None:
        message = "no"
        raise StoreDamagedError(message, "do")

    with pytest.raises(StoreDamagedError):
        refusing()


def test_exact_cells_hide_their_values() -> None:
    """Exact cells show no sum in any text, and refuse to be pickled or copied."""
    cells = ExactCells({TableKey("mood_bands", ()): [123_456_789]})
    for text in (repr(cells), str(cells), f"{cells}", f"{[cells]}"):
        assert "123" not in text
    for write_down in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(UnforeseenError):
            write_down(cells)
    assert cells.reveal(TableKey("mood_bands", ())) == [123_456_789]


def test_keys_and_ids_hide_in_reprs() -> None:
    """A batch shows no key, a pseudonymiser neither key nor ids."""
    people = Pseudonymiser(CANARY.encode())
    people.column(pl.Series(["default"]), pl.Series([ANA]))
    batch = Batch(7, Path("file"), CANARY.encode(), NOW)
    assert not tells_of_a_person(f"{people!r} {batch!r}")


def test_a_key_must_be_whole(tmp_path: Path) -> None:
    """A missing or cut key is refused: with a new one everybody would be a new person."""
    path = tmp_path / "pseudonym.key"
    for content in (None, b"", new_key()[:-1]):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(StoreDamagedError) as refused:
            read_key(path)
        assert refused.value.exit_code == 11
    key = new_key()
    path.write_bytes(key)
    assert read_key(path) == key


@pytest.mark.parametrize("content", [b"not a database", b"\x00" * 20_000, CANARY.encode() * 5000])
def test_a_file_that_is_no_vault_is_refused(tmp_path: Path, content: bytes) -> None:
    """A damaged vault is refused with exit code 11, and nothing of its bytes is shown."""
    path = tmp_path / "vault.duckdb"
    path.write_bytes(content)
    with pytest.raises(StoreDamagedError) as refused, vault_at(path):
        pass
    assert refused.value.exit_code == 11
    assert not tells_of_a_person("".join(traceback.format_exception(refused.value)))


def test_a_newer_vault_is_refused(tmp_path: Path) -> None:
    """A vault of a newer format is refused with exit code 13."""
    path = tmp_path / "vault.duckdb"
    with vault_at(path):
        pass
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE vault SET format = 99")
    with pytest.raises(StoreTooNewError, match="newer version") as refused, vault_at(path):
        pass
    assert refused.value.exit_code == 13


def test_a_vault_of_a_format_from_before_the_first_upgrade_is_refused(tmp_path: Path) -> None:
    """No newer program has to be installed for it, so its exit code is another one: 11."""
    path = tmp_path / "vault.duckdb"
    with vault_at(path):
        pass
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE vault SET format = 2")
    with pytest.raises(StoreDamagedError, match="too old"), vault_at(path):
        pass


LOCKED = "Could not set lock on file: Conflicting lock is held"


def test_a_vault_that_another_process_holds_is_said_to_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB's refusal of a second process becomes exit code 10 with what to do."""

    def refusing(*_: object, **__: object) -> None:
        raise duckdb.IOException(LOCKED)

    with monkeypatch.context() as patch:
        patch.setattr(duckdb, "connect", refusing)
        with pytest.raises(StoreLockedError) as refused, vault_at(tmp_path / "vault.duckdb"):
            pass
    assert isinstance(refused.value, MurmurationError)
    assert (refused.value.exit_code, refused.value.__context__) == (10, None)


def test_the_watch_sees_a_leak(capsys: pytest.CaptureFixture[str]) -> None:
    """The rule for all tests knows an invented participant in printed and logged text when it sees one."""
    print(f"person {ANA}")  # noqa: T201 -- what must not happen
    assert tells_of_a_person(capsys.readouterr().out)
    logging.getLogger("murmuration.test").debug("a batch of %d rows", 3)
    assert not tells_of_a_person("a batch of 3 rows")


def test_no_test_reaches_another_machine() -> None:
    """A connection beyond loopback fails the test that asks for it."""
    with socket.socket() as outside, pytest.raises(pytest.fail.Exception):
        outside.connect(("192.0.2.1", 80))


def test_a_refused_file_does_not_stop_the_next(desk: Desk) -> None:
    """What was registered with the vault within an undone transaction is registered again."""
    desk.consents(granted(ANA))
    with vault_at(desk.folder / "another.duckdb") as vault:
        fresh = Desk(vault, desk.contracts, desk.folder)
        path = desk.folder / "x.csv"
        path.write_bytes(f"{ENTRY_HEADER}\n{entry(ANA, mood='9')}\n".encode())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("analytics.vault.ingest.reader_of", lambda _: _ends_badly)
            with pytest.raises(FileRefusedError):
                fresh.take_entries(path)
        assert fresh.consents(granted(ANA)).accepted == 1
        assert fresh.entries(entry(ANA), "x").accepted == 1


def _ends_badly(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield a part with a bad row, then refuse the file."""
    columns = source.columns
    required = {"person_id": str(columns.person), "logged_at": str(columns.time), "mood": str(columns.mood)}
    yield from read_delimited(path, ",", Fields(required, {}))
    message, action = "The file ends badly.", "Send it again."
    raise FileRefusedError(message, action)
