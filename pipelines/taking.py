"""One file into the vault, then tidied: arguments stay untouched, inbox files go; or one batch's refused records."""

import os
from datetime import datetime
from pathlib import Path

from analytics.contracts import Contracts, Source
from analytics.errors import FileRefusedError
from analytics.vault.checks.ids import fault_of_id
from analytics.vault.files.refused_records import retry
from analytics.vault.intake import Batch, FileReport, take_in
from analytics.vault.pseudonym import Pseudonymiser, normalised
from analytics.vault.store import Vault
from pipelines.arrivals import Arrival
from pipelines.show import progress


def take_in_arrival(arrival: Arrival, vault: Vault, contracts: Contracts, key: bytes, now: datetime) -> FileReport:
    """Take in one file; when the vault has it, tidy it away.

    Raises:
        FileRefusedError: if the file cannot be read as what it is said to be; it stays where it was.
    """
    source = contracts.source(arrival.source)
    if arrival.again:
        return _retried(arrival, source, vault, contracts, key, now)
    before = _identity(arrival.path)
    if source is None:
        message = "The inbox folder of this file has the name of no source."
        raise FileRefusedError(message, "Declare the source in contracts/sources, or move the file.")
    whose = None if arrival.person is None else _pseudonym_of(arrival.person, source, contracts, key)
    report = take_in(vault, batch_of(arrival, key, now, whose), source, contracts)
    if damaged := report.quarantined["damaged_id"]:
        progress(
            f"Batch {arrival.number}: {damaged} rows have an id that a spreadsheet damaged (a rounded number, or its "
            "word for an error). They name nobody: nobody is counted or withdrawn by them. Format the column as text, "
            "fill in the whole ids, and send these rows again."
        )
    # If it grew meanwhile, the next command takes it.
    if arrival.from_inbox and _identity(arrival.path) == before:
        arrival.path.unlink()
    return report


def _retried(  # noqa: PLR0913, PLR0917 -- all of them are the surroundings of the batch
    arrival: Arrival, source: Source | None, vault: Vault, contracts: Contracts, key: bytes, now: datetime
) -> FileReport:
    if source is None:
        message = "The source of this batch's refused records is no longer declared."
        raise FileRefusedError(message, "Declare it in contracts/sources again, or wait: they go after 14 days.")
    return retry(vault, Batch(arrival.number, arrival.path, key, now), source, contracts)


def batch_of(arrival: Arrival, key: bytes, now: datetime, whose: bytes | None = None) -> Batch:
    """Return a file as the vault takes it. Raises FileRefusedError if there is none that can be read."""
    _identity(arrival.path)
    return Batch(arrival.number, arrival.path, key, now, whose)


def _pseudonym_of(person: str, source: Source, contracts: Contracts, key: bytes) -> bytes:
    """Return whose a file is.

    Raises:
        FileRefusedError: if what should name a person is no id.
    """
    id_ = normalised(person)
    column = contracts.mood_entry.with_id_pattern(source.id_pattern)["person_id"]
    longest = column.max_length
    sound = id_.isprintable() and (longest is None or len(id_) <= longest)  # lone surrogates are not printable
    if not id_ or not sound:
        message = "The name of the folder, or the map, does not give the id of a person."
        raise FileRefusedError(message, "Name the folder, or the line of the map, by the person's id.")
    fault = fault_of_id(id_, column)
    if fault == "damaged_id":
        message = (
            "The name of the folder, or the map, is a number that a spreadsheet rounded, or its word for an error."
        )
        raise FileRefusedError(message, "Write the whole id, with the column set to text.")
    if fault is not None:
        message = "The name of the folder, or the map, does not match the pattern that is declared for ids."
        raise FileRefusedError(message, f"Correct the id, or the pattern of {source.name} in contracts/.")
    return Pseudonymiser(key).of(source.id_domain, id_)


def _identity(path: Path) -> tuple[int, int, int]:
    """Return what changes when the file does.

    Raises:
        FileRefusedError: if there is no such file, or it cannot be read.
    """
    if not path.is_file():
        message = "There is no such file." if not path.exists() else "This is not a file."
        raise FileRefusedError(message, "Name a file that exists.")
    if not os.access(path, os.R_OK):
        message = "The file cannot be read by this user."
        raise FileRefusedError(message, "Change its permissions.")
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns
