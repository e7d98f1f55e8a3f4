"""Erasure of rows: rows that no given consent covers leave every view in the transaction that ends the consent.

The invariant after every transaction: each person of the vault has given consent, and it covers each of their rows.
The other rows are deleted at the end of the command or wait (`waiting.py`). Then the file is written again (`rebuild`):
until then it holds the bytes of deleted rows.
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

_NO_BATCH = 0
"""Batches count from 1."""

_BY_DATE = ("entry", "questionnaire_total", "deleted_entry", "register")
"""Every table with rows that age."""


def settle_consent(vault: Vault, batch_no: int, now: datetime, said_again: Iterable[pl.DataFrame] = ()) -> None:
    """Put the transaction's new withdrawals on the list, and take the rows out of all views that no consent covers now.

    A person who leaves and comes back in one file (`batch_no`) begins again, as with two files: all earlier rows go.
    The list is on the disk before the transaction ends: after a kill in between the vault is behind the list, and the
    list is applied when it is opened next. The rows wait for the end of the command, which deletes them or lets them
    wait for a confirmation.

    `said_again`: `suppression_hash, withdrawn_at` of withdrawals on the list that came once more while their deletion
    waits. They get a batch of their own, with the time on the list: whether they waited depends on how many other
    people left with them, so it may decide nothing but the deletion.
    """
    new = vault.frame("erasure/withdrawal_new")
    if new.height:
        vault.suppression_list = vault.suppression_list.with_people(new.iter_rows(), now)
        _take_list(vault, new)
    for again in said_again:
        if again.height:
            vault.suppression_list = vault.suppression_list.with_people(again.iter_rows(), now, again=True)
            _take_list(vault, again)
    set_aside(vault, batch_no)
    _forget_refused(vault, new)


@sealed
def apply_suppression_list(vault: Vault) -> None:
    """Apply the list's later batches: set the people in them aside again, give back the people of cancelled ones."""
    applied_through = vault.state().applied_through
    if applied_through == vault.suppression_list.sequence:
        return
    effective = {sequence for _, sequence in vault.suppression_list.last_received()}
    vault.erased_again = tuple(
        each for each in range(applied_through + 1, vault.suppression_list.sequence + 1) if each in effective
    )
    with vault.transaction():
        undone = vault.suppression_list.cancelled_hashes(applied_through)
        forget_cancelled(vault, undone)
        _take_list(vault, _people(vault.suppression_list.people()))
        if undone:
            give_back(vault, undone)
        set_aside(vault, _NO_BATCH)
        _forget_refused(vault, _people(vault.suppression_list.people(after=applied_through)))


@sealed
def absent_hashes(vault: Vault) -> frozenset[bytes]:
    """Return the suppression hashes of people who withdrew and did not come back: their new rows are not kept."""
    return frozenset(suppression_hash for (suppression_hash,) in vault.rows("erasure/absent_hash"))


def _take_list(vault: Vault, people: pl.DataFrame) -> None:
    with vault.seeing("arrived", people):
        vault.run("erasure/withdrawn_fill")
    vault.run(
        "erasure/applied_through", {"sequence": vault.suppression_list.sequence, "hash": vault.suppression_list.hash}
    )


def _people(listed: list[tuple[bytes, int]]) -> pl.DataFrame:
    return pl.DataFrame(listed, schema={"suppression_hash": pl.Binary, "withdrawn_at": pl.Int64}, orient="row")


def _forget_refused(vault: Vault, people: pl.DataFrame) -> None:
    """Delete the refused records of people whose consent of today outlives a new withdrawal; leavers' records wait."""
    with vault.seeing("arrived", people):
        vault.run("refused/withdrawn_remove")


@sealed
def purge(vault: Vault, before: date) -> tuple[int, int]:
    """Delete the rows dated before a local date; return how many entries and questionnaire totals that were.

    Register rows go if a later row had replaced them by then. Deletions at the source go with their entries, except
    those known by the source's own id, which has no date.
    """
    with vault.transaction():
        entries, totals = vault.rows("erasure/purge_counts", {"before": before})[0]
        for table in _BY_DATE:
            vault.run(f"erasure/purge_{table}", {"before": before})
        vault.run("erasure/purged", {"before": before, "any": bool(entries or totals)})
    return int(entries), int(totals)


def fresh_beside(path: Path) -> Path:
    """Return where a vault's file is written before it takes its place; remove the remains of a killed command."""
    fresh = path.with_name(f".{path.name}.fresh")
    for left in (fresh, fresh.with_name(f"{fresh.name}.wal")):
        left.unlink(missing_ok=True)
    return fresh


@sealed
def rebuild(path: Path, settings: dict[str, str | bool | int | float | list[str]]) -> None:
    """Write the vault's file again, row by row, in place of the old one: the new file has no bytes of deleted rows.

    The vault must not be open. After a kill at any point the old or the new file is there, and the old one records
    that a rebuild is due.
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
