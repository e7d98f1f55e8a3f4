"""What left and waits: rows that no view sees any more, until they are deleted or an operator gives them back.

A leaver's number moves from `person` to `waiting_person`, and the rows keep it. Whoever comes back gets a new number:
nothing of before counts again by construction, whatever is granted later.
"""

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from analytics.vault.database import Vault
from analytics.vault.error_boundary import sealed

_MERGED = (
    "entry",
    "questionnaire_total",
    "register",
    "deleted_entry",
    "participation",
    "refused_record",
    "consent_event",
)
"""Tables that a person who is given back brings along."""


# L9: rows go by their own number; how many people leave together decides the deletion alone (docs/privacy/proof.md)
def set_aside(vault: Vault, batch_no: int) -> None:
    """Take out of all views what no given consent covers; part of a transaction.

    Whoever left and came back with this very file (`batch_no`) keeps what they came back with, under a new number.
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
def decide(vault: Vault, tables: Iterable[str], most: int, now: datetime) -> None:
    """Delete what need not wait, from all `tables` of people; of more than `most` people at once the deletion waits.

    Batches of the list that nobody has decided are one command's, or those of a killed one: they are decided together.
    """
    undecided = vault.withdrawn.undecided()
    with vault.seeing("named_in", _named(vault, undecided)):
        people = vault.rows("erasure/waiting_people")[0][0]
        of_somebody = [list_no for (list_no,) in vault.rows("erasure/waiting_batch")]
    if people > most:
        vault.withdrawn = vault.withdrawn.with_waiting(of_somebody, now)
    waiting = {batch.sequence for batch in vault.withdrawn.waiting()}
    others = set(range(1, vault.withdrawn.sequence + 1)) - waiting
    with vault.seeing("named_in", _named(vault, others)):
        deletable = vault.rows("erasure/waiting_batch")
    if deletable or vault.withdrawn.unfinished():
        _delete(vault, tables, others, waiting)


@sealed
def people_waiting(vault: Vault, batches: Iterable[int]) -> int:
    """Return of how many people something waits that batches of the list close."""
    with vault.seeing("named_in", _named(vault, batches)):
        return int(vault.rows("erasure/waiting_people")[0][0])


def _delete(vault: Vault, tables: Iterable[str], batches: Iterable[int], waiting: Iterable[int]) -> None:
    with vault.transaction():
        with vault.seeing("named_in", _named(vault, batches)):
            vault.run("erasure/leaver")
        if vault.rows("erasure/leaver_count") != [(0,)]:
            for table in tables:
                vault.run(f"erasure/leaver_{table}")
            vault.run("erasure/due")
        vault.run("erasure/leaver_waiting_person")
        with vault.seeing("named_in", _named(vault, waiting)):
            vault.run("erasure/closed_suspension")
        vault.forget("leaver")


def forget_cancelled(vault: Vault, marks: Iterable[bytes]) -> None:
    """Forget what this file knows of withdrawals of `marks`, before it reads the list again; part of a transaction."""
    with vault.seeing("undone", _marks(marks)):
        vault.run("erasure/cancelled_withdrawn")


def give_back(vault: Vault, marks: Iterable[bytes]) -> None:
    """Give back what waits of batches that are cancelled, and forget the withdrawals themselves; part of a transaction.

    Where the person gave consent again meanwhile, both records become one, and of equal keys the newer row stays.
    """
    cancelled = _batches(vault.withdrawn.cancelled())
    with vault.seeing("decided", cancelled):
        vault.run("erasure/comeback")
        while vault.rows("erasure/comeback_count") != [(0,)]:
            vault.run("erasure/comeback_person")
            vault.run("erasure/comeback_leaver")
            for table in _MERGED:
                vault.run(f"erasure/comeback_{table}")
                vault.run(f"erasure/leaver_{table}")  # what today's record has newer
            vault.run("erasure/comeback_done")
            vault.run("erasure/comeback")
        vault.forget("comeback", "leaver")
    with vault.seeing("undone", _marks(marks)):
        vault.run("erasure/cancelled_event")


def _listed(vault: Vault) -> pl.DataFrame:
    schema = {"mark": pl.Binary, "list_no": pl.Int64}
    return pl.DataFrame(vault.withdrawn.last_heard(), schema=schema, orient="row")


def _named(vault: Vault, batches: Iterable[int]) -> pl.DataFrame:
    """Return whom batches of the list name, but for those that are cancelled."""
    schema = {"mark": pl.Binary, "list_no": pl.Int64}
    return pl.DataFrame(vault.withdrawn.named_in(batches), schema=schema, orient="row")


def _batches(batches: Iterable[int]) -> pl.DataFrame:
    return pl.DataFrame({"list_no": list(batches)}, schema={"list_no": pl.Int64})


def _marks(marks: Iterable[bytes]) -> pl.DataFrame:
    return pl.DataFrame({"mark": list(marks)}, schema={"mark": pl.Binary})
