"""Consents without a clear yes or no: the person is suspended, and nothing is erased."""

import polars as pl

from analytics.vault.loading.file import FileLoad


# L9: a suspension is a function of the person's own events (docs/privacy/proof.md)
def load_suspensions(file: FileLoad, rows: pl.DataFrame) -> None:
    """Suspend people until a clear event comes: a grant recorded later, or a withdrawal.

    `rows`: line, mark, recorded_at (UTC microseconds), timeless. Earlier grants stay on record, and count again
    after a later one.
    """
    if not rows.height:
        return
    with file.vault.seeing("arrived", rows):
        status = file.vault.frame("suspension_status")
    new = status.filter(pl.col("status") == "new")
    with file.vault.seeing("arrived", new.select("mark", "suspended_at")):
        file.vault.run("suspension_fill")
    file.report.suspended += new.height
    file.report.duplicates += status.height - new.height
