"""The register and the consents into the vault."""

from collections import Counter

import polars as pl

from analytics.vault.loading.file import File
from analytics.vault.loading.suspensions import keep_suspensions
from analytics.vault.readers.shared.consent_words import UNCLEAR
from analytics.vault.validation.faults import Checked


def keep_participants(file: File, checked: Checked) -> None:
    """Store register rows of people with consent in force; a row of the same person and day replaces the stored one."""
    good = checked.good
    dimensions = list(file.all_contracts.grid.dimensions)
    file.report.off_grid += int(good["off_grid"].sum())
    rows = good.select(
        "line",
        "valid_from",
        pseudonym=file.pseudonyms(good),
        keys=pl.concat_list(dimensions),
    )
    with file.vault.seeing("arrived", rows):
        named = {"dimensions": dimensions, "batch_no": file.batch.number, "again": file.again}
        file.vault.run("register_changes", named)
        accepted, without_consent = file.vault.rows("register_counts")[0]
    file.vault.run("register_replaced_remove")
    file.vault.run("register_add", {"batch_no": file.batch.number})
    file.vault.forget("register_change")
    file.report.accepted += accepted
    file.report.without_consent += without_consent
    file.report.duplicates += good.height - accepted - without_consent


def keep_consents(file: File, checked: Checked) -> None:
    """Store consent events that are not on record yet; what follows from them is settled when all of the file's are."""
    good = checked.good
    pseudonyms = file.pseudonyms(good)
    everybody = good.with_columns(pseudonym=pseudonyms, mark=file.people.suppression_hash_column(pseudonyms))
    rows = everybody.filter(pl.col("event") != UNCLEAR)
    unclear = everybody.filter(pl.col("event") == UNCLEAR)
    keep_suspensions(file, unclear.select("line", "mark", "recorded_at", "timeless"))
    with file.vault.seeing("arrived", rows.drop("id_domain", "person_id")):
        file.vault.run("consent_standing")
    file.vault.run("person_add")
    file.vault.run("consent_add", {"batch_no": file.batch.number})
    events = file.vault.rows("consent_standings")
    file.said_again.append(file.vault.frame("erasure/withdrawal_again"))
    file.vault.forget("consent_standing")
    file.consents_changed = True
    counted = Counter(standing for (standing,) in events)
    file.report.accepted += counted["new"]
    file.report.without_consent += counted["closed"]
    file.report.duplicates += rows.height - counted["new"] - counted["closed"]
