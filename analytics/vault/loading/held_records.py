"""Held records: refused records that wait for another try, and how long."""

from datetime import datetime, timedelta

from analytics.vault.database import Vault
from analytics.vault.error_boundary import sealed
from analytics.vault.loading.file import File

HELD_FOR = timedelta(days=14)


def hold(file: File) -> None:
    """Hold refused records of people with consent in force once the file's consents are settled; count the others."""
    if not file.waits:
        return
    vault, number = file.vault, file.batch.number
    before = vault.rows("refused/held_count", {"batch_no": number})[0][0]  # of an earlier pass over the file
    vault.run("refused/same_remove", file.names)
    vault.run("refused/add", {**file.names, "first_at": file.first_at.replace(tzinfo=None)})
    vault.run("refused/not_held", {"batch_no": number})
    vault.forget("refused_waiting")
    file.report.held = vault.rows("refused/held_count", {"batch_no": number})[0][0] - before


@sealed
def purge_refused(vault: Vault, now: datetime) -> None:
    """Delete held records after their 14 days, with their bytes, and forget refused rows."""
    before = (now - HELD_FOR).replace(tzinfo=None)
    with vault.transaction():
        for name in ("refused/purge_due", "refused/purge", "erasure/purge_quarantine"):
            vault.run(name, {"before": before})
