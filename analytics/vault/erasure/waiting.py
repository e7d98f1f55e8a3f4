"""Rows that wait for their deletion: no view reads them, until they are deleted or an operator gives them back.

A leaver's number moves from `person` to `waiting_person`, and the rows keep it. A person who comes back gets a new
number: by construction no earlier row counts again, whatever is granted later.
"""

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from analytics.vault.database import Vault
from analytics.vault.error_boundary import sealed

TABLES_OF_RECORDS = (
    "entry",
    "questionnaire_total",
    "register",
    "deleted_entry",
    "participation",
    "refused_record",
    "consent_event",
)
"""Every table with rows of a person's record, by the person's number."""

TABLES_OF_PEOPLE = (*TABLES_OF_RECORDS, "person")
"""Every table with a person's number in it, except the one of numbers whose rows wait for their deletion."""


_IN_BATCHES = {"suppression_hash": pl.Binary, "list_no": pl.Int64}


# L9: rows go by their own number; how many people leave together decides the deletion alone (docs/privacy/proof.md)
def set_aside(vault: Vault, batch_no: int) -> None:
    """Take the rows out of all views that no given consent covers; part of a transaction.

    A person who left and came back with this very file (`batch_no`) keeps the new rows, under a new number.
    """
    vault.run("erasure/departed", {"batch_no": batch_no})
    with vault.seeing("last_listed", _listed(vault)):
        vault.run("erasure/departed_waiting")
        vault.run("erasure/departed_stranger")
        vault.run("erasure/departed_person")
        vault.run("erasure/departed_renumber")
        vault.run("erasure/departed_consent_event")
        vault.run("erasure/uncovered")
        vault.run("erasure/uncovered_waiting")
        vault.run("erasure/uncovered_entry")
        vault.run("erasure/uncovered_questionnaire_total")
    vault.forget("departed", "uncovered")


@sealed
def hold_back_large_deletions(vault: Vault, most: int, now: datetime) -> None:
    """Let the deletion of more than `most` people at once wait for a confirmation: the list records it.

    The batches without a decision are those of one command, or of a killed one: they count together.
    """
    undecided = vault.suppression_list.undecided()
    with vault.seeing("named_in", _named(vault, undecided)):
        people = vault.rows("erasure/waiting_people")[0][0]
        batches = [list_no for (list_no,) in vault.rows("erasure/waiting_batch")]
    if people > most:
        vault.suppression_list = vault.suppression_list.with_waiting(batches, now)


@sealed
def delete_leavers(vault: Vault) -> None:
    """Delete the rows that need not wait any longer, from every table of people."""
    waiting = {batch.sequence for batch in vault.suppression_list.waiting()}
    others = set(range(1, vault.suppression_list.sequence + 1)) - waiting
    with vault.seeing("named_in", _named(vault, others)):
        deletable = vault.rows("erasure/waiting_batch")
    if deletable or vault.suppression_list.unfinished():
        _delete(vault, others, waiting)


@sealed
def people_waiting(vault: Vault, batches: Iterable[int]) -> int:
    """Return how many people have waiting rows that these batches of the list close."""
    with vault.seeing("named_in", _named(vault, batches)):
        return int(vault.rows("erasure/waiting_people")[0][0])


def _delete(vault: Vault, batches: Iterable[int], waiting: Iterable[int]) -> None:
    with vault.transaction():
        with vault.seeing("named_in", _named(vault, batches)):
            vault.run("erasure/leaver")
        if vault.rows("erasure/leaver_count") != [(0,)]:
            for table in TABLES_OF_PEOPLE:
                vault.run(f"erasure/leaver_{table}")
            vault.run("erasure/due")
        vault.run("erasure/leaver_waiting_person")
        with vault.seeing("named_in", _named(vault, waiting)):
            vault.run("erasure/closed_suspension")
        vault.forget("leaver")


def forget_cancelled(vault: Vault, hashes: Iterable[bytes]) -> None:
    """Forget the vault's withdrawals of `hashes`, before it reads the list again; part of a transaction."""
    with vault.seeing("undone", _hashes(hashes)):
        vault.run("erasure/cancelled_withdrawn")


def give_back(vault: Vault, hashes: Iterable[bytes]) -> None:
    """Give back the waiting rows of cancelled batches, and forget the withdrawals; part of a transaction.

    If the person gave consent again meanwhile, both records become one, and of equal keys the newer row is kept.
    """
    cancelled = _batches(vault.suppression_list.cancelled())
    with vault.seeing("decided", cancelled):
        vault.run("erasure/comeback")
        while vault.rows("erasure/comeback_count") != [(0,)]:
            vault.run("erasure/comeback_person")
            for table in TABLES_OF_RECORDS:
                vault.run(f"erasure/comeback_{table}_same")
                vault.run(f"erasure/comeback_{table}")
            vault.run("erasure/comeback_done")
            vault.run("erasure/comeback")
        vault.forget("comeback")
    with vault.seeing("undone", _hashes(hashes)):
        vault.run("erasure/cancelled_event")


def _listed(vault: Vault) -> pl.DataFrame:
    return pl.DataFrame(vault.suppression_list.last_received(), schema=_IN_BATCHES, orient="row")


def _named(vault: Vault, batches: Iterable[int]) -> pl.DataFrame:
    """Return the people in batches of the list, without cancelled batches."""
    return pl.DataFrame(vault.suppression_list.named_in(batches), schema=_IN_BATCHES, orient="row")


def _batches(batches: Iterable[int]) -> pl.DataFrame:
    return pl.DataFrame({"list_no": list(batches)}, schema={"list_no": pl.Int64})


def _hashes(hashes: Iterable[bytes]) -> pl.DataFrame:
    return pl.DataFrame({"suppression_hash": list(hashes)}, schema={"suppression_hash": pl.Binary})
