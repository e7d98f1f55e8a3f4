"""The vault's entries are read through the view of consent alone: no statement and no code goes round it."""

import re
from pathlib import Path

import pytest

from analytics.sqlfiles import statement
from tests.support.leaving import everything
from tests.support.people import ANA, WEEK, Desk, query

SQL = Path(__file__).parents[2] / "analytics" / "vault" / "sql"


def test_no_statement_reads_entries_without_the_view() -> None:
    """Measures read `consented_entry`; `entry` itself is named by the intake, the view and the erasure alone.

    A statement is looked at for the bare word, however it is joined, quoted or used, so that no other way is missed.
    """
    named = {
        path.relative_to(SQL).with_suffix("").as_posix(): re.sub(r"--.*", "", path.read_text())
        for path in SQL.rglob("*.sql")
    }
    by = {name for name, text in named.items() if re.search(r"\b(entry|questionnaire_total)\b", text, re.IGNORECASE)}
    assert by == {
        "schema/08_entry",
        "schema/16_questionnaire_total",
        "schema/12_consented_entry",  # the view
        *("entry_standing", "total_standing", "association_standing"),  # the intake: is a row already there?
        "known_span",  # the intake: how far do keys reach?
        *("entry_add", "total_add", "association_set"),
        *("replaced_entry_remove", "replaced_total_remove"),
        *("deletion_new", "deleted_entry_remove", "deleted_total_remove"),
        *("erasure/leaver_entry", "erasure/leaver_questionnaire_total"),
        *("erasure/uncovered", "erasure/uncovered_entry", "erasure/uncovered_questionnaire_total"),
        *("erasure/comeback_entry", "erasure/comeback_entry_same", "erasure/comeback_deleted_entry_same"),
        *("erasure/comeback_questionnaire_total", "erasure/comeback_questionnaire_total_same"),
        "erasure/waiting_rows",  # counts of what waits for its deletion
        *("erasure/purge_entry", "erasure/purge_questionnaire_total", "erasure/purge_counts"),
        "erasure/orphaned_rows",  # counts of what must not be there
    }
    assert not {name for name in by if name.startswith("shares/") or name == "exact_cell"}


def test_no_code_asks_the_vault_but_by_a_statement_of_the_folder() -> None:
    """Statements are files; whatever runs one is known, and no module has words of its own about entries."""
    words = re.compile(r"\b(SELECT|DELETE FROM|UPDATE|JOIN|FROM)\s+\w*(entry|questionnaire_total)\b")
    modules = [*SQL.parent.rglob("*.py"), *(SQL.parents[2] / "pipelines").rglob("*.py")]
    assert not [path.name for path in modules if words.search(path.read_text())]
    asking = {path.name for path in modules if re.search(r"\.(execute|sql)\(", path.read_text())}
    assert asking == {
        "closed_database.py",
        "database.py",
        "open_database.py",
        "rows.py",
        "duckfile.py",
        "sqlite.py",
    }


def test_the_release_reads_entries_through_the_view_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement of a draw is looked at, and a vault whose consents are gone gives nothing but zeros."""
    everything(ANA)(desk)
    asked: list[str] = []

    def noted(folder: Path, name: str) -> str:
        asked.append(statement(folder, name))
        return asked[-1]

    monkeypatch.setattr("analytics.vault.database.statement", noted)
    assert desk.everyone(WEEK)
    assert any("consented_entry" in text for text in asked)
    assert not any(re.search(r"(FROM|JOIN)\s+entry\b", text) for text in asked)
    query(desk.vault, "DELETE FROM consent_event")
    assert desk.cells(WEEK) == {}
