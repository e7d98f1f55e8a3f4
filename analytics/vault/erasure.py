"""Erasure of rows: whatever consent in force does not cover goes, in the transaction that ends the consent.

The invariant after every transaction: each person of the vault has consent in force, and it covers each of their rows.
The file is written anew afterwards (`rebuild`), since a deleted row's bytes stay in it until then.
"""

from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from analytics.durable import replace_durably
from analytics.sqlfiles import statement
from analytics.vault.closing import close_outside, quoted
from analytics.vault.sealing import sealed
from analytics.vault.store import Vault

_SQL = Path(__file__).parent / "sql"

TABLES_OF_PEOPLE = (
    "entry",
    "questionnaire_total",
    "register",
    "deleted_entry",
    "participation",
    "consent_event",
    "person",
)
"""Every table with a person's number in it."""

_NO_BATCH = 0
"""Batches count from 1."""

_BY_DATE = ("entry", "questionnaire_total", "deleted_entry", "register")
"""Every table with rows that age."""


def settle_consent(vault: Vault, batch_no: int, now: datetime) -> None:
    """Put the transaction's new withdrawals on the list, and delete what no consent in force covers.

    Whoever leaves and comes back in one file (`batch_no`) begins anew, as in two files: all that was kept before goes.
    The list is on the disk before the transaction ends: killed in between, the vault is behind the list, and follows
    it when it is opened next.
    """
    new = vault.frame("erasure/withdrawal_new")
    if new.height:
        vault.withdrawn = vault.withdrawn.with_people(new.iter_rows(), now)
        _take_list(vault, new)
    _delete_uncovered(vault, batch_no)


@sealed
def follow_list(vault: Vault) -> None:
    """Erase again whoever the list names and an old copy of the vault still has."""
    followed = vault.state().followed
    if followed == vault.withdrawn.sequence:
        return
    vault.erased_again = tuple(range(followed + 1, vault.withdrawn.sequence + 1))
    with vault.transaction():
        people = vault.withdrawn.people()
        _take_list(vault, pl.DataFrame(people, schema={"mark": pl.Binary, "withdrawn_at": pl.Int64}, orient="row"))
        _delete_uncovered(vault, _NO_BATCH)


@sealed
def absent_marks(vault: Vault) -> frozenset[bytes]:
    """Return the marks of people who withdrew and did not come back."""
    return frozenset(mark for (mark,) in vault.rows("erasure/absent_mark"))


def _take_list(vault: Vault, people: pl.DataFrame) -> None:
    with vault.seeing("arrived", people):
        vault.run("erasure/withdrawn_fill")
    vault.run("erasure/followed", {"sequence": vault.withdrawn.sequence, "hash": vault.withdrawn.hash})


def _delete_uncovered(vault: Vault, batch_no: int) -> None:
    vault.run("erasure/leaver", {"batch_no": batch_no})
    for table in TABLES_OF_PEOPLE:
        vault.run(f"erasure/leaver_{table}")
    vault.run("erasure/uncovered_entry")
    vault.run("erasure/uncovered_questionnaire_total")
    vault.run("erasure/held_quarantine")
    vault.run("erasure/held_person")
    vault.forget("leaver")


@sealed
def purge(vault: Vault, before: date) -> tuple[int, int]:
    """Delete what is dated before a local date; return how many entries and questionnaire totals that were.

    Of the register the rows go that a later one had replaced by then; deletions at the source go with their entries,
    but for those known by the source's own id, which tells no date.
    """
    with vault.transaction():
        entries, totals = vault.rows("erasure/purge_counts", {"before": before})[0]
        for table in _BY_DATE:
            vault.run(f"erasure/purge_{table}", {"before": before})
        vault.run("erasure/purged", {"before": before, "any": bool(entries or totals)})
    return int(entries), int(totals)


def fresh_beside(path: Path) -> Path:
    """Return where a vault's file is written before it takes its place; nothing is there but what a kill left."""
    fresh = path.with_name(f".{path.name}.fresh")
    for left in (fresh, fresh.with_name(f"{fresh.name}.wal")):
        left.unlink(missing_ok=True)
    return fresh


@sealed
def rebuild(path: Path, settings: dict[str, str | bool | int | float | list[str]]) -> None:
    """Write the vault's file anew, row by row, and put it in the old one's place: deleted rows' bytes stay behind.

    The vault must not be open. Killed at any point, the old or the new file is there, and the old one asks for this
    again when it is opened.
    """
    fresh = fresh_beside(path)
    with duckdb.connect(config=settings) as connection:
        close_outside(connection, (path, fresh))
        connection.execute(f"ATTACH '{quoted(path)}' AS vault")
        connection.execute(f"ATTACH '{quoted(fresh)}' AS fresh")
        connection.execute("COPY FROM DATABASE vault TO fresh")
        connection.execute("USE fresh")
        connection.execute(statement(_SQL, "erasure/rebuilt"))
        connection.execute("USE memory")
        connection.execute("DETACH fresh")
        connection.execute("DETACH vault")
    fresh.chmod(0o600)
    replace_durably(fresh, path)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
