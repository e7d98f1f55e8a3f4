"""One file into the vault: one transaction, consent joined on the way in, kept once however often it is sent."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from analytics.contracts import Contracts, Source
from analytics.vault.checking import Checked, check_consents, check_entries, check_participants
from analytics.vault.pseudonym import Pseudonymiser
from analytics.vault.readers.delimited import Fields, RawRows, read_delimited
from analytics.vault.sealing import sealed
from analytics.vault.store import Vault
from analytics.vault.times import OWN_ID

_CONSENT_COLUMNS = ("person_id", "event", "recorded_at", "covers_from", "scope")


@dataclass
class FileReport:
    """Operators' counts of one file, in rows; never published. read = accepted + duplicates + quarantined + without."""

    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    without_consent: int = 0
    free_text_dropped: int = 0
    """Non-empty fields of free text that the reader dropped."""
    off_grid: int = 0
    """Cohort values that are no key of the grid and count as unknown."""


@dataclass(frozen=True)
class Batch:
    """One file on its way in."""

    number: int
    path: Path
    key: bytes = field(repr=False)
    now: datetime


@sealed
def take_in_entries(vault: Vault, batch: Batch, source: Source, contracts: Contracts) -> FileReport:
    """Take in one file of mood entries.

    Raises:
        FileRefusedError: for its header or container; nothing of it is in the vault then.
    """
    columns = source.columns
    fields = Fields(
        required={"person_id": columns.person, "logged_at": columns.time, "mood": columns.mood},
        optional={
            "source_id": columns.source_id,
            "factors": columns.factors,
            "sleep_hours": columns.sleep_hours,
        },
        free_text=columns.free_text,
    )
    report = FileReport()
    people = Pseudonymiser(batch.key)
    about = {"source": source.name, "report_kind": source.kind}
    with vault.transaction():
        vault.forget("arrived_entry", "latest_entry", "admitted_entry")
        vault.run("arrived_entry")
        for raw in read_delimited(batch.path, source.delimiter, fields):
            checked = check_entries(raw.rows, source, contracts.mood_entry, batch.now)
            _note(vault, batch, report, raw, checked)
            good = checked.good.with_columns(
                pseudonym=people.column(
                    pl.repeat(source.id_domain, checked.good.height, eager=True), checked.good["person_id"]
                ),
                key_value=_keys(checked.good, people),
            ).drop("person_id", "key_text")
            with vault.seeing("chunk", good):
                vault.run("arrived_entry_add")
        vault.run("latest_entry")
        vault.run("admitted_entry", about)
        vault.run("replaced_entry_remove", {"source": source.name})
        vault.run("entry_add", {**about, "batch_no": batch.number})
        arrived, latest, admitted, same = vault.rows("entry_counts")[0]
        report.duplicates = arrived - latest + same
        report.without_consent = latest - admitted
        report.accepted = admitted - same
        _finish(vault, batch, source.name)
    vault.check_stands(batch.number)
    vault.forget("arrived_entry", "latest_entry", "admitted_entry")
    return report


@sealed
def take_in_participants(vault: Vault, batch: Batch, contracts: Contracts) -> FileReport:
    """Take in one file of the register. Raises as `take_in_entries`."""
    dimensions = list(contracts.grid.dimensions)
    fields = Fields(
        required={name: name for name in ("person_id", "valid_from", *dimensions)}, optional={"id_domain": "id_domain"}
    )
    keys = {name: contracts.grid.keys(name) for name in dimensions}
    report = FileReport()
    arrived = []
    with vault.transaction():
        for raw in read_delimited(batch.path, ",", fields):
            checked = check_participants(raw.rows, contracts.participant, keys)
            _note(vault, batch, report, raw, checked)
            arrived.append(checked.good)
        good = pl.concat(arrived)
        report.off_grid = int(good["off_grid"].sum())
        people = Pseudonymiser(batch.key)
        rows = good.select(
            "line",
            "valid_from",
            pseudonym=people.column(good["id_domain"], good["person_id"]),
            keys=pl.concat_list(dimensions),
        )
        vault.forget("register_change")
        with vault.seeing("arrived", rows):
            vault.run("person_add")
            vault.run("register_changes", {"dimensions": dimensions})
        vault.run("register_replaced_remove")
        vault.run("register_add", {"batch_no": batch.number})
        report.accepted = vault.rows("register_counts")[0][0]
        report.duplicates = good.height - report.accepted
        _finish(vault, batch, "participants")
    vault.check_stands(batch.number)
    vault.forget("register_change")
    return report


@sealed
def take_in_consents(vault: Vault, batch: Batch, contracts: Contracts) -> FileReport:
    """Take in one file of consent events. Raises as `take_in_entries`."""
    fields = Fields(
        required={name: name for name in _CONSENT_COLUMNS},
        optional={name: name for name in ("policy_version", "id_domain")},
    )
    report = FileReport()
    arrived = []
    with vault.transaction():
        for raw in read_delimited(batch.path, ",", fields):
            checked = check_consents(raw.rows, contracts.consent_event, batch.now)
            _note(vault, batch, report, raw, checked)
            arrived.append(checked.good)
        good = pl.concat(arrived)
        people = Pseudonymiser(batch.key)
        rows = good.with_columns(pseudonym=people.column(good["id_domain"], good["person_id"])).drop(
            "id_domain", "person_id"
        )
        vault.forget("consent_new")
        with vault.seeing("arrived", rows):
            vault.run("person_add")
            vault.run("consent_new")
        vault.run("consent_add", {"batch_no": batch.number})
        report.accepted = vault.rows("consent_counts")[0][0]
        report.duplicates = good.height - report.accepted
        _finish(vault, batch, "consents")
    vault.check_stands(batch.number)
    vault.forget("consent_new")
    return report


def _keys(good: pl.DataFrame, people: Pseudonymiser) -> pl.Series:
    """Return each row's key value: its own id where the source has one, else the instant or the day."""
    own = good["key_kind"] == OWN_ID
    if not own.any():
        return good["key_value"]
    hashed = people.own_id_column(good["key_text"].fill_null(""))
    return good.select(pl.when(own).then(hashed).otherwise(pl.col("key_value")).alias("key_value"))["key_value"]


def _note(vault: Vault, batch: Batch, report: FileReport, raw: RawRows, checked: Checked) -> None:
    refused = pl.concat([raw.bad, checked.bad])
    with vault.seeing("refused", refused):
        vault.run("quarantine_add", {"batch_no": batch.number})
    report.read += refused.height + checked.good.height
    report.quarantined.update(refused["rule"].to_list())
    report.free_text_dropped += raw.free_text_fields


def _finish(vault: Vault, batch: Batch, source: str) -> None:
    taken_in_at = batch.now.replace(tzinfo=None)
    vault.run("batch_add", {"batch_no": batch.number, "source": source, "taken_in_at": taken_in_at})
