"""Totals, deletions at the source, and factors that another file of the same export holds."""

import polars as pl

from analytics.vault.loading.file import FileLoad
from analytics.vault.validation.rule_names import RuleName
from analytics.vault.validation.rules import Checked

_KEY = ["person_no", "key_kind", "key_value"]


def load_totals(file: FileLoad, checked: Checked) -> None:
    """Store totals that a consent in force covers, once each."""
    rows = file.keyed(file.with_people(checked.good))
    admitted = rows.filter(pl.col("local_date") >= pl.col("covers_from"))
    latest = admitted.unique(["instrument", *_KEY], keep="last", maintain_order=True).drop("line", "covers_from")
    with file.vault.seeing("arrived", latest):
        file.vault.run("total_status", file.compare_parameters)
    accepted, same, deleted = file.vault.rows("total_counts")[0]
    file.vault.run("replaced_total_remove", {"source_no": file.source_no})
    file.vault.run("total_add", file.names)
    file.vault.forget("total_status")
    report = file.report
    report.without_consent += rows.height - admitted.height
    report.accepted += accepted
    report.duplicates += admitted.height - latest.height + same
    report.deleted_at_source += deleted


def load_deletions(file: FileLoad, checked: Checked) -> None:
    """Delete what a source deleted, of every known person with or without consent: it is never stored again."""
    rows = file.keyed(file.with_people(checked.good))
    known = rows.filter(pl.col("person_no").is_not_null())
    latest = known.unique(_KEY, keep="last", maintain_order=True).select(_KEY)
    with file.vault.seeing("arrived", latest):
        file.vault.run("deletion_new", file.compare_parameters)
    (new,) = file.vault.rows("deletion_counts")[0]
    for statement in ("deleted_entry_remove", "deleted_total_remove", "deletion_add"):
        file.vault.run(statement, {"source_no": file.source_no})
    file.vault.forget("deletion_new")
    if new:
        file.vault.run("erasure/due")
    report = file.report
    report.without_consent += rows.height - known.height
    report.accepted += new
    report.duplicates += known.height - new


def load_associations(file: FileLoad, checked: Checked) -> None:
    """Give stored entries the factors that the file has for them; where the entry is not there, the row is refused."""
    rows = file.keyed(file.with_people(checked.good))
    admitted = rows.filter(pl.col("covers_from").is_not_null())
    latest = admitted.unique(_KEY, keep="last", maintain_order=True)
    with file.vault.seeing("arrived", latest):
        file.vault.run("association_status", {"source_no": file.source_no, "again": file.again})
    statuses = file.vault.rows("association_statuses")
    file.vault.run("association_set", {"source_no": file.source_no})
    file.vault.forget("association_status")
    counted = [found for _, found in statuses]
    report = file.report
    file.refuse_lines([line for line, found in statuses if found == "no_entry"], RuleName.UNKNOWN_ENTRY, "source_id")
    report.without_consent += rows.height - admitted.height
    report.accepted += counted.count("changed")
    report.duplicates += admitted.height - latest.height + counted.count("same")
    report.deleted_at_source += counted.count("deleted")
