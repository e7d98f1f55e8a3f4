"""One file into the vault, then tidied: arguments stay untouched, inbox files go, bad rows leave a copy."""

import os
from datetime import datetime
from pathlib import Path

from analytics.contracts import Contracts, Source
from analytics.errors import FileRefusedError
from analytics.vault.intake import Batch, FileReport, take_in
from analytics.vault.pseudonym import Pseudonymiser, normalised
from analytics.vault.store import Vault
from pipelines.arrivals import Arrival
from pipelines.holding import Holder, held_copy
from pipelines.home import Home


def take_in_arrival(  # noqa: PLR0913, PLR0917 -- all of them are the file's surroundings
    arrival: Arrival, home: Home, vault: Vault, contracts: Contracts, key: bytes, now: datetime
) -> FileReport:
    """Take in one file; when the vault has it, tidy it away.

    Raises:
        FileRefusedError: if the file cannot be read as what it is said to be; it stays where it was.
    """
    before = _identity(arrival.path)
    source = contracts.source(arrival.source)
    if source is None:
        message = "The inbox folder of this file has the name of no source."
        raise FileRefusedError(message, "Declare the source in contracts/sources, or move the file.")
    whose = arrival.whose
    if arrival.person is not None:
        whose = _pseudonym_of(arrival.person, source, contracts, key)
    batch = batch_of(arrival, key, now, whose)
    holder = Holder(home, vault, Pseudonymiser(key), now)
    if arrival.first is not None:
        holder.hold(arrival, source, whose)  # before the old copy is forgotten by the vault: a kill must not lose both
    report = take_in(vault, batch, source, contracts)
    if report.quarantined:
        report.not_held = not holder.hold(arrival, source, whose)
    else:
        held_copy(arrival, home).unlink(missing_ok=True)
    # If it grew meanwhile, the next command takes it.
    if (arrival.from_inbox or arrival.first is not None) and _identity(arrival.path) == before:
        arrival.path.unlink()
    return report


def batch_of(arrival: Arrival, key: bytes, now: datetime, whose: bytes | None = None) -> Batch:
    """Return a file as the vault takes it. Raises FileRefusedError if there is none that can be read."""
    _identity(arrival.path)
    return Batch(arrival.number, arrival.path, key, now, whose, arrival.first)


def _pseudonym_of(person: str, source: Source, contracts: Contracts, key: bytes) -> bytes:
    """Return whose a file is.

    Raises:
        FileRefusedError: if what should name a person is no id.
    """
    id_ = normalised(person)
    longest = contracts.mood_entry["person_id"].max_length
    sound = id_.isprintable() and (longest is None or len(id_) <= longest)  # lone surrogates are not printable
    if not id_ or not sound:
        message = "The name of the folder, or the map, does not give the id of a person."
        raise FileRefusedError(message, "Name the folder, or the line of the map, by the person's id.")
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
