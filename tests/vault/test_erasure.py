"""Erasure reaches every byte: rows, held records, folders, the file; killed anywhere, the next command ends it."""

import os
import shutil
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pytest

from analytics.errors import StoreDamagedError
from analytics.vault.database import Vault
from analytics.vault.erasure import completion
from analytics.vault.erasure import rows as erased_rows
from analytics.vault.erasure import waiting as waiting_rows
from analytics.vault.erasure.suppression_list import SuppressionList, read_suppression_list
from analytics.vault.files.inbox import held
from analytics.vault.files.ingest_file import ingest_incoming
from analytics.vault.open_database import open_vault
from analytics.vault.pseudonym import suppression_hash
from tests.crash.watching import run
from tests.support.mydatahelps import BESIDE, MAIN, state_of_mind
from tests.support.office import WORD, Office, filled, full, office
from tests.support.people import (
    ANA,
    BEA,
    CAI,
    NOW,
    entry,
    granted,
    query,
    withdrawn,
)

__all__ = ["filled", "office"]  # the fixtures

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_withdrawal_reaches_every_byte(office: Office) -> None:
    """Before it the person is in many places; after it neither id nor pseudonym is anywhere below the home."""
    full(office)
    assert len(office.places_of(ANA)) >= 2
    assert WORD.encode() in office.home.vault.read_bytes()
    assert len(office.held()) == 4
    office.lines("consents", withdrawn(ANA))
    assert office.places_of(ANA) == []
    assert WORD.encode() not in office.home.vault.read_bytes()
    assert len(office.held()) == 2
    assert len(office.places_of(BEA)) >= 2
    assert office.rows_of("entry") == 1
    assert sorted(path.name for path in office.home.vault.parent.iterdir()) == ["spill", "vault.duckdb"]
    (receipt,) = read_suppression_list(office.home.suppression_list).batches
    assert [(each.cause, each.inbox_files) for each in receipt.erased] == [("withdrawal", 1)]


def test_deleting_rows_alone_would_not_do(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the file is written again the pseudonym stays in it: the test above can fail."""
    full(office)
    monkeypatch.setattr(completion, "rebuild", lambda *_: None)
    office.lines("consents", withdrawn(ANA))
    assert "vault/vault.duckdb" in office.places_of(ANA)
    assert WORD.encode() in office.home.vault.read_bytes()


def test_a_rewritten_file_is_the_same_vault(office: Office) -> None:
    """Every table, view and counter is in the new file; nothing but deleted rows is gone."""
    full(office)

    def state() -> list[object]:
        with open_vault(office.home.vault, office.home.suppression_list) as vault:
            tables = [name for (name,) in query(vault, "SELECT table_name FROM duckdb_tables() ORDER BY ALL")]
            objects = query(vault, "SELECT sql FROM duckdb_tables() UNION ALL SELECT sql FROM duckdb_views() "
                            "WHERE NOT internal ORDER BY ALL")  # fmt: skip
            rows = [sorted(map(str, query(vault, f"SELECT * FROM {name}"))) for name in tables]  # noqa: S608 -- our names
            return [objects, tables, rows, vault.next_batch_no()]

    before = state()
    erased_rows.rebuild(office.home.vault, {})
    after = state()
    assert before[:-1] == after[:-1]
    assert after[-1] > before[-1]  # type: ignore[operator]  # numbers are never given twice
    assert office.home.vault.stat().st_mode & 0o077 == 0


def test_every_table_of_people_is_erased(office: Office) -> None:
    """A new table with a person's number or pseudonym in it must be named in the erasure."""
    with open_vault(office.home.vault, office.home.suppression_list) as vault:
        columns = query(vault, "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal "
                        "AND table_name NOT IN (SELECT view_name FROM duckdb_views())")  # fmt: skip
    with_numbers = {table for table, column in columns if column == "person_no"}
    assert with_numbers == {*waiting_rows.TABLES_OF_PEOPLE, "waiting_person"}
    assert {table for table, column in columns if column in {"pseudonym", "mark"}} == {
        "person",
        "waiting_person",  # with the rows that wait
        "suspension",  # suppression hashes, until a later withdrawal is completed
        "withdrawn",  # suppression hashes, which have to stay
    }


@pytest.mark.parametrize(
    "line",
    [
        f"{ANA},2026-05-04T09:00,4,,,,,too many",  # her row cannot be read
        f"{ANA.upper()} ,2026-05-04".encode() + b"\xff",
        f'x,2026-05-04T09:00,9,,,"{ANA} was here too"',  # somebody else's note names her
    ],
)
def test_a_line_that_cannot_be_read_and_a_note_leave_nothing(office: Office, line: str | bytes) -> None:
    """A damaged line, and the note of somebody else, name people too: nothing of them is kept in the first place."""
    office.lines("consents", granted(ANA), granted("x"))
    report = office.lines("canonical", line)
    assert report.quarantined.total() == 1
    office.lines("consents", withdrawn(ANA))
    assert office.places_of(ANA) == []


def test_a_file_that_comes_later_leaves_nothing_of_the_person(office: Office) -> None:
    """A file that still has rows of somebody withdrawn is held for the others only."""
    office.lines("consents", granted(ANA), granted(CAI))
    office.lines("consents", withdrawn(ANA), f"{CAI},granted,never,,,,", f"{ANA},granted,never,,,,")
    report = office.lines("canonical", entry(ANA), entry(CAI, mood="9"), entry(ANA, mood=WORD))
    assert (report.without_consent, report.quarantined.total(), report.held) == (1, 2, 1)
    assert ["never" in texts or '"9"' in texts for texts in office.held()] == [True, True]
    assert office.places_of(ANA) == []
    assert WORD.encode() not in office.home.vault.read_bytes()


def test_a_file_in_which_somebody_comes_back_is_held_for_the_others_too(office: Office) -> None:
    """A person who left and came back in it begins again; no other person's records go for that."""
    office.lines("consents", granted(ANA), granted(CAI))
    office.lines("canonical", entry(ANA, mood=WORD), entry(CAI, mood="9"))
    office.lines("consents", withdrawn(ANA), granted(ANA, "2026-05-21"), f"{CAI},granted,never,,,,")
    assert len(office.held()) == 2
    assert WORD.encode() not in office.home.vault.read_bytes()


def test_what_is_refused_is_forgotten_after_14_days_by_any_command(office: Office) -> None:
    """Held records and the numbers of the others; the texts leave no bytes."""
    full(office)
    path = office.folder / "bad.json"
    path.write_text('{"data": {"stateOfMind": [{"id": "k", "start": "never", "valence": 7}]}}')
    assert office.take("health_auto_export", path, CAI).not_held == 1  # never said yes
    assert (office.rows_of("refused_record"), office.rows_of("quarantine")) == (4, 1)
    for days, left in ((14, (4, 1)), (15, (0, 0))):
        with completion.existing_vault(office.home, office.contracts, NOW + timedelta(days=days)):
            pass
        assert (office.rows_of("refused_record"), office.rows_of("quarantine")) == left
    assert WORD.encode() not in office.home.vault.read_bytes()


def test_a_record_that_is_accepted_leaves_its_texts_nowhere(office: Office) -> None:
    """What a retry admits becomes a row; the record goes with its bytes."""
    office.lines("consents", granted(ANA))
    office.lines("canonical", entry(ANA, mood=WORD))
    assert WORD.encode() in office.home.vault.read_bytes()
    source = office.contracts.sources["canonical"].model_copy(update={"words": {WORD.casefold(): Decimal(4)}})
    wiser = replace(office.contracts, sources={**office.contracts.sources, "canonical": source})
    with completion.existing_vault(office.home, wiser, NOW) as vault:
        (batch,) = held(vault, wiser)
        assert ingest_incoming(batch, office.home, vault, wiser, office.home.key.read_bytes(), NOW).accepted == 1
    completion.complete_erasures(office.home, wiser, NOW)
    assert office.rows_of("entry") == 1
    assert WORD.encode() not in office.home.vault.read_bytes()


def test_another_key_is_refused(office: Office) -> None:
    """Under it every person would seem new, and no suppression hash would match; nothing is touched."""
    full(office)
    office.home.key.write_bytes(bytes(32))
    before = office.held(), office.rows_of("entry")
    with (
        pytest.raises(StoreDamagedError, match="key is not this vault's"),
        completion.existing_vault(office.home, office.contracts, NOW),
    ):
        pass
    assert (office.held(), office.rows_of("entry")) == before


def test_another_key_is_refused_where_everybody_left(office: Office) -> None:
    """With another key whoever left would be a new person: nothing of them is in the vault to tell."""
    own = office.home.key.read_bytes()
    office.lines("consents", granted(ANA))
    office.lines("consents", withdrawn(ANA))
    assert office.rows_of("person") == 0
    office.home.key.write_bytes(bytes(32))
    with (
        pytest.raises(StoreDamagedError, match="key is not this vault's"),
        completion.existing_vault(office.home, office.contracts, NOW),
    ):
        pass
    office.home.key.write_bytes(own)
    with completion.existing_vault(office.home, office.contracts, NOW):
        pass


def test_a_link_named_after_the_person_goes(office: Office) -> None:
    """What it leads to is outside the home, and stays; the command does not fail for it."""
    full(office)
    outside = office.folder / "elsewhere"
    outside.mkdir()
    (outside / "a.json").write_text("x")
    (office.home.inbox / "daylio_csv" / ANA).symlink_to(outside)
    office.lines("consents", withdrawn(ANA))
    assert office.places_of(ANA) == []
    assert (outside / "a.json").exists()


def test_files_of_one_person_wait_in_vain(office: Office) -> None:
    """After a withdrawal a file of the person's own is taken in for nothing, not held and not left in the inbox."""
    full(office)
    office.lines("consents", withdrawn(ANA))
    path = office.folder / "again.json"
    path.write_text('{"data": {"stateOfMind": [{"id": "k", "start": "never", "valence": 7}]}}')
    report = office.take("health_auto_export", path, ANA)
    assert (report.quarantined.total(), report.not_held) == (1, 1)
    folder = office.home.inbox / "health_auto_export" / ANA
    folder.mkdir()
    (folder / "again.json").write_text("x")
    with completion.existing_vault(office.home, office.contracts, NOW):
        assert not folder.exists()
    assert office.places_of(ANA) == []


def test_somebody_who_came_back_is_held_as_anybody(office: Office) -> None:
    """With consent in force again, the person's records wait for another try like others."""
    office.lines("consents", granted(ANA), withdrawn(ANA), granted(ANA, "2026-05-21"))
    assert office.lines("canonical", entry(ANA, mood="9")).held == 1


def test_a_deletion_at_the_source_leaves_no_bytes(office: Office) -> None:
    """What the source deleted is not in the file either."""
    office.lines("consents", granted(ANA))
    path = office.folder / "m.csv"
    path.write_text(f"{MAIN}\n{state_of_mind('k1', ANA)}\n")
    assert office.take("mydatahelps", path).accepted == 1
    path.write_text(f"{BESIDE},DeletedDate\nk1,{ANA},g,2026-05-06\n")
    assert office.take("mydatahelps", path).accepted == 1
    with open_vault(office.home.vault, office.home.suppression_list) as vault:
        assert not vault.state().rebuild_due
        assert query(vault, "SELECT count(*) FROM entry") == [(0,)]


def test_an_old_vault_put_back_is_erased_before_it_is_used(office: Office) -> None:
    """The rows go when it is opened, the bytes before the command does anything else; the receipt says so."""
    full(office)
    old = office.folder / "old.duckdb"
    shutil.copy(office.home.vault, old)
    office.lines("consents", withdrawn(ANA))
    shutil.copy(old, office.home.vault)
    assert "vault/vault.duckdb" in office.places_of(ANA)
    with completion.existing_vault(office.home, office.contracts, NOW + timedelta(days=1)):
        pass
    assert office.places_of(ANA) == []
    (receipt,) = read_suppression_list(office.home.suppression_list).batches
    assert [each.cause for each in receipt.erased] == ["withdrawal", "older vault"]
    with completion.existing_vault(office.home, office.contracts, NOW + timedelta(days=2)):
        pass
    assert len(read_suppression_list(office.home.suppression_list).batches[0].erased) == 2  # done once


def test_a_home_without_its_vault_or_list_is_refused(office: Office) -> None:
    """Nothing is made up for what is missing."""
    office.home.suppression_list.unlink()
    with (
        pytest.raises(StoreDamagedError, match="suppression list"),
        completion.existing_vault(office.home, office.contracts, NOW),
    ):
        pass
    assert not office.home.suppression_list.exists()
    office.home.vault.unlink()
    with (
        pytest.raises(StoreDamagedError, match="vault is missing"),
        completion.existing_vault(office.home, office.contracts, NOW),
    ):
        pass


KILLS: dict[str, tuple[object, str]] = {
    "before the list is written": (SuppressionList, "with_people"),
    "rows are deleted": (erased_rows, "_take_list"),
    "the vault has the file": (Vault, "check_kept"),
    "held records go": (erased_rows, "_forget_refused"),
    "a folder goes": (shutil, "rmtree"),
    "the file is written again": (completion, "rebuild"),
    "the new file takes its place": (erased_rows, "replace_durably"),
    "the receipt is written": (SuppressionList, "with_erasure"),
}


def _withdraw_and_die(office: Office, point: str, *, after: bool) -> int:
    owner, name = KILLS[point]
    whole: Callable[..., object] = getattr(owner, name)

    def ends(*args: object, **words: object) -> object:
        result = whole(*args, **words) if after else None
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, ends)
    office.lines("consents", withdrawn(ANA))
    return 0


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("point", KILLS)
def test_killed_anywhere_the_next_command_ends_it(office: Office, point: str, *, after: bool) -> None:
    """A real SIGKILL before and after each step; the next command leaves nothing but the suppression hash."""
    full(office)
    ran = run(partial(_withdraw_and_die, after=after), office, point)
    sys.stdout.write(ran.out)  # for the rule that nothing tells of a person
    assert ran.killed
    if point == "before the list is written" and not after:
        assert (
            read_suppression_list(office.home.suppression_list).batches == ()
        )  # nothing has happened yet: the file is sent again
        office.lines("consents", withdrawn(ANA))
    else:
        with completion.existing_vault(office.home, office.contracts, NOW):
            pass
    assert office.places_of(ANA) == []
    (receipt,) = read_suppression_list(office.home.suppression_list).batches
    assert receipt.erased
    assert receipt.people[0][0] == suppression_hash(office.home.key.read_bytes(), office.pseudonym(ANA)).hex()
    assert office.rows_of("entry") == 1
    assert {path.name for path in office.home.vault.parent.iterdir()} <= {"spill", "vault.duckdb"}
