"""Erasure of rows: whatever no given consent covers leaves every view in the transaction that ends the consent.

The invariant after every transaction: each person of the vault has given consent, and it covers each of their rows.
What left is deleted at the end of the command or waits (`waiting.py`); then the file is written again from the start
(`rebuild`), since a deleted row's bytes stay in it until then.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from analytics.durable import replace_durably
from analytics.sqlfiles import statement
from analytics.vault.closed_database import close_outside, quoted
from analytics.vault.database import Vault
from analytics.vault.erasure.waiting import forget_cancelled, give_back, set_aside
from analytics.vault.error_boundary import sealed

_SQL = Path(__file__).parents[1] / "sql"

TABLES_OF_PEOPLE = (
    "entry",
    "questionnaire_total",
    "register",
    "deleted_entry",
    "participation",
    "refused_record",
    "consent_event",
    "person",
)
"""Every table with a person's number in it, but for the one of numbers whose rows wait for their deletion."""

_NO_BATCH = 0
"""Batches count from 1."""

_BY_DATE = ("entry", "questionnaire_total", "deleted_entry", "register")
"""Every table with rows that age."""


def settle_consent(
    vault: Vault, batch_no: int, now: datetime, repeated_withdrawals: Iterable[pl.DataFrame] = ()
) -> None:
    """Put the transaction's new withdrawals on the list, and take out of all views what no consent covers any more.

    Whoever leaves and comes back in one file (`batch_no`) begins again, as in two files: all that was kept before goes.
    The list is on the disk before the transaction ends: killed in between, the vault is behind the list, and follows
    it when it is opened next. The rows wait for the end of the command, which deletes them or lets them wait.

    `repeated_withdrawals`: `mark, withdrawn_at` of listed withdrawals that were sent again while their deletion waits.
    They get a batch of their own with the time that the list has: whether they waited, which depends on how many other
    people left with them, decides nothing but the deletion.
    """
    new = vault.frame("erasure/withdrawal_new")
    if new.height:
        vault.withdrawn = vault.withdrawn.with_people(new.iter_rows(), now)
        _take_list(vault, new)
    for again in repeated_withdrawals:
        if again.height:
            vault.withdrawn = vault.withdrawn.with_people(again.iter_rows(), now, again=True)
            _take_list(vault, again)
    set_aside(vault, batch_no)
    _forget_refused(vault, new)


@sealed
def apply_suppression_list(vault: Vault) -> None:
    """Set aside again whoever the list names and an old copy of the vault still has; give back whom it cancelled."""
    followed = vault.state().followed
    if followed == vault.withdrawn.sequence:
        return
    counting = {sequence for _, sequence in vault.withdrawn.last_heard()}
    vault.erased_again = tuple(each for each in range(followed + 1, vault.withdrawn.sequence + 1) if each in counting)
    with vault.transaction():
        undone = vault.withdrawn.cancelled_hashes(followed)
        forget_cancelled(vault, undone)
        _take_list(vault, _people(vault.withdrawn.people()))
        if undone:
            give_back(vault, undone)
        set_aside(vault, _NO_BATCH)
        _forget_refused(vault, _people(vault.withdrawn.people(after=followed)))


@sealed
def absent_hashes(vault: Vault) -> frozenset[bytes]:
    """Return the marks of people who withdrew and did not come back: nothing new of theirs is kept."""
    return frozenset(mark for (mark,) in vault.rows("erasure/absent_mark"))


def _take_list(vault: Vault, people: pl.DataFrame) -> None:
    with vault.seeing("arrived", people):
        vault.run("erasure/withdrawn_fill")
    vault.run("erasure/followed", {"sequence": vault.withdrawn.sequence, "hash": vault.withdrawn.hash})


def _people(listed: list[tuple[bytes, int]]) -> pl.DataFrame:
    return pl.DataFrame(listed, schema={"mark": pl.Binary, "withdrawn_at": pl.Int64}, orient="row")


def _forget_refused(vault: Vault, people: pl.DataFrame) -> None:
    """Delete the refused records of people whose consent of today outlives a new withdrawal; leavers' records wait."""
    with vault.seeing("arrived", people):
        vault.run("refused/withdrawn_remove")


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
