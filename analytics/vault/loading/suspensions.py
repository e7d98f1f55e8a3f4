"""Consents that say neither yes nor no into the vault: the person is suspended, and nothing is erased."""

import polars as pl

from analytics.vault.loading.file import File


# L9: a suspension is a function of the person's own events (docs/privacy/proof.md)
def keep_suspensions(file: File, rows: pl.DataFrame) -> None:
    """Suspend people until a clear event comes: a grant recorded later, or a withdrawal.

    `rows`: line, mark, recorded_at (UTC microseconds), timeless. The grants of before stay on record, and count again
    after a later one.
    """
    if not rows.height:
        return
    with file.vault.seeing("arrived", rows):
        standing = file.vault.frame("suspension_standing")
    new = standing.filter(pl.col("standing") == "new")
    with file.vault.seeing("arrived", new.select("mark", "suspended_at")):
        file.vault.run("suspension_fill")
    file.report.suspended += new.height
    file.report.duplicates += standing.height - new.height
