"""Deletions that wait for a decision, and what an operator can decide about them.

The consent ended when its withdrawal came, whatever is decided here: only the deletion waits. Where a plan lets a
command erase so many people at once, more of them wait, so that a wrong list can be undone.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from analytics.contracts import Declarations
from analytics.errors import UsageError
from analytics.home import Home
from analytics.vault.erasure.completion import complete_erasures, existing_vault
from analytics.vault.erasure.rows import apply_suppression_list
from analytics.vault.erasure.suppression_list import SuppressionList, read_suppression_list
from analytics.vault.erasure.waiting import people_waiting


def waiting_deletions(listed: SuppressionList) -> list[dict[str, Any]]:
    """Return each waiting deletion with its people, since when it waits (UTC), and the commands that decide about it.

    `people` counts everybody in the batch, known here or not.
    """
    return [
        {
            "receipt": batch.sequence,
            "people": len(batch.people),
            "since": batch.waits_since,
            "confirm": f"murmuration withdraw --confirm {batch.sequence}",
            "cancel": f"murmuration withdraw --cancel {batch.sequence}",
        }
        for batch in listed.waiting()
    ]


def confirm_deletion(home: Home, contracts: Declarations, now: datetime, receipt: int) -> dict[str, Any]:
    """Delete the waiting rows of one receipt.

    Raises:
        UsageError: if its deletion does not wait.
    """
    with existing_vault(home, contracts, now) as vault:
        _check_waits(vault.suppression_list, receipt)
        people = people_waiting(vault, [receipt])
        vault.suppression_list.with_confirmation(receipt, now)
    complete_erasures(home, contracts, now)
    return {
        "confirmed": receipt,
        "people": people,
        "waiting": waiting_deletions(read_suppression_list(home.suppression_list)),
    }


def cancel_deletion(home: Home, contracts: Declarations, now: datetime, receipt: int) -> dict[str, Any]:
    """Undo the withdrawals of one receipt, of which nothing is deleted yet; its entry on the list stays.

    Raises:
        UsageError: if its deletion does not wait.
    """
    with existing_vault(home, contracts, now) as vault:
        _check_waits(vault.suppression_list, receipt)
        people = people_waiting(vault, [receipt])
        vault.suppression_list = vault.suppression_list.with_cancellation(receipt, now)
        apply_suppression_list(vault)
    complete_erasures(home, contracts, now)
    return {
        "cancelled": receipt,
        "people": people,
        "waiting": waiting_deletions(read_suppression_list(home.suppression_list)),
    }


def withdrawal_receipts(home: Home) -> dict[str, Any]:
    """Return a receipt for each batch of withdrawals: counts and times (UTC), and nobody's name."""
    listed = read_suppression_list(home.suppression_list)
    cancelled = listed.cancelled()
    receipts = [
        {
            "receipt": batch.sequence,
            "people": len(batch.people),
            "received_at": batch.received_at,
            "erased": [asdict(each) for each in batch.erased],
            "waits_since": batch.waits_since,
            "confirmed_at": batch.confirmed_at,
            "cancels": batch.cancels,
            "cancelled_at": cancelled.get(batch.sequence),
        }
        for batch in listed.batches
    ]
    head = {"sequence": listed.sequence, "hash": listed.hash}
    return {"receipts": receipts, "waiting": waiting_deletions(listed), "head": head}


def _check_waits(listed: SuppressionList, receipt: int) -> None:
    waiting = [batch.sequence for batch in listed.waiting()]
    if receipt not in waiting:
        numbers = ", ".join(map(str, waiting))
        message = f"No deletion of receipt {receipt} is waiting: it is done or undone, or there is no such receipt."
        raise UsageError(
            message, f"These are waiting: {numbers}." if waiting else "Nothing is waiting: see `murmuration receipts`."
        )
