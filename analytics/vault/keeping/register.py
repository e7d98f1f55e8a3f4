"""The register and the consents into the vault."""

import polars as pl

from analytics.vault.checks.faults import Checked
from analytics.vault.keeping.file import File


def keep_participants(file: File, checked: Checked) -> None:
    """Store register rows, once each; a row of the same person and day replaces the stored one."""
    good = checked.good
    dimensions = list(file.contracts.grid.dimensions)
    file.report.off_grid += int(good["off_grid"].sum())
    rows = good.select(
        "line",
        "valid_from",
        pseudonym=file.people.column(good["id_domain"], good["person_id"]),
        keys=pl.concat_list(dimensions),
    )
    with file.vault.seeing("arrived", rows):
        file.vault.run("person_add")
        file.vault.run("register_changes", {"dimensions": dimensions, "batch_no": file.order_no})
    file.forget_known()
    file.vault.run("register_replaced_remove")
    file.vault.run("register_add", {"batch_no": file.order_no})
    accepted = file.vault.rows("register_counts")[0][0]
    file.vault.forget("register_change")
    file.report.accepted += accepted
    file.report.duplicates += good.height - accepted


def keep_consents(file: File, checked: Checked) -> None:
    """Store consent events that are not on record yet."""
    good = checked.good
    rows = good.with_columns(pseudonym=file.people.column(good["id_domain"], good["person_id"])).drop(
        "id_domain", "person_id"
    )
    with file.vault.seeing("arrived", rows):
        file.vault.run("person_add")
        file.vault.run("consent_new")
    file.forget_known()
    file.vault.run("consent_add", {"batch_no": file.batch.number})
    accepted = file.vault.rows("consent_counts")[0][0]
    file.vault.forget("consent_new")
    file.report.accepted += accepted
    file.report.duplicates += good.height - accepted
