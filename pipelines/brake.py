"""The brake on mistakes that cannot be undone: what waits for a decision, and the operator's decisions.

A consent has ended when its withdrawal came, whatever is decided here; only the deletion waits.
"""

from typing import Any

from analytics.contracts import ConsentContracts, Declarations, read_declarations
from analytics.errors import UsageError
from analytics.home import Home, read_config
from analytics.vault.database import Vault
from analytics.vault.erasure.completion import complete_erasures, existing_vault
from analytics.vault.erasure.rows import absent_hashes, apply_suppression_list
from analytics.vault.erasure.suppression_list import SuppressionList, read_suppression_list
from analytics.vault.erasure.waiting import people_waiting
from analytics.vault.ingest import Batch, FileReport, try_out
from pipelines.commands import Answer
from pipelines.orphans import exclusive_home
from pipelines.settings import Settings


def waiting_deletions(listed: SuppressionList) -> list[dict[str, Any]]:
    """Return what waits, since when (UTC), and what to type; people are those of the batch, known here or not."""
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


def dry_run(vault: Vault, contracts: ConsentContracts, batch: Batch, most: int) -> dict[str, Any]:
    """Return what a file of withdrawals would do; neither the vault nor the list keeps any of it.

    `most`: how many people a command may erase without a confirmation.
    """
    before = vault.suppression_list.sequence

    def look(report: FileReport) -> dict[str, Any]:
        listed = vault.suppression_list.batches[before:]
        marks = {bytes.fromhex(mark) for each in listed for mark, _ in each.people}
        people = people_waiting(vault, [each.sequence for each in listed])
        return {
            "people": len(marks),
            "would_be_erased": people,
            "of_them_consenting_anew": len(marks - absent_hashes(vault)),
            "already_on_the_list": report.duplicates,
            "would_be_suspended": report.suspended,
            "would_be_refused": report.quarantined.total(),
            "most_erased_at_once": most,
            "would_wait": people > most,
        }

    source = contracts.source("withdrawals")
    if source is None:
        message = "This program has no form for withdrawals."
        raise UsageError(message, "Install it again.")
    return try_out(vault, batch, source, contracts, look)


def confirm(number: int, settings: Settings) -> Answer:
    """Delete what waits of one receipt."""
    home, contracts = _home(settings)
    with exclusive_home(home):
        with existing_vault(home, contracts, settings.now) as vault:
            check_waits(vault.suppression_list, number)
            people = people_waiting(vault, [number])
            vault.suppression_list.with_confirmation(number, settings.now)
        complete_erasures(home, contracts, settings.now)
        waiting = waiting_deletions(read_suppression_list(home.suppression_list))
    return {"confirmed": number, "people": people, "waiting": waiting}, [], []


def cancel(number: int, settings: Settings) -> Answer:
    """Undo the withdrawals of one receipt, of which nothing is deleted yet; its entry on the list stays."""
    home, contracts = _home(settings)
    with exclusive_home(home):
        with existing_vault(home, contracts, settings.now) as vault:
            check_waits(vault.suppression_list, number)
            people = people_waiting(vault, [number])
            vault.suppression_list = vault.suppression_list.with_cancellation(number, settings.now)
            apply_suppression_list(vault)
        complete_erasures(home, contracts, settings.now)
        waiting = waiting_deletions(read_suppression_list(home.suppression_list))
    return {"cancelled": number, "people": people, "waiting": waiting}, [], []


def check_waits(listed: SuppressionList, number: int) -> None:
    """Make sure that the deletion of a receipt waits.

    Raises:
        UsageError: if it does not: it is done, undone, or there is no such receipt.
    """
    waiting = [batch.sequence for batch in listed.waiting()]
    if number not in waiting:
        numbers = ", ".join(map(str, waiting))
        message = f"The deletion of receipt {number} does not wait: it is done or undone, or there is no such receipt."
        raise UsageError(
            message, f"These wait: {numbers}." if waiting else "Nothing waits: see `murmuration receipts`."
        )


def _home(settings: Settings) -> tuple[Home, Declarations]:
    home = Home(settings.home)
    read_config(home)
    return home, read_declarations(home.contracts)
