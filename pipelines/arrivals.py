"""Files on their way in: arguments stay untouched, inbox files go when the vault has them, bad rows leave a copy."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from analytics.contracts import Contracts
from analytics.errors import FileRefusedError, UsageError
from analytics.vault.intake import Batch, FileReport, take_in_consents, take_in_entries, take_in_participants
from analytics.vault.store import Vault
from pipelines.home import REGISTER_SOURCES, Home

QUIET_SECONDS = 10
"""An inbox file that changed more recently may still be being written."""

HELD_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Arrival:
    """One file to take in."""

    number: int
    """The batch number: what stands for the file in logs, tasks and `held/`."""
    source: str
    path: Path
    from_inbox: bool = False
    shown: str = ""
    """What the report calls the file: the argument as given, or the batch number."""


def check_source(source: str, contracts: Contracts) -> None:
    """Make sure that files of `source` can be read.

    Raises:
        UsageError: if there is no such declaration.
    """
    known = [*REGISTER_SOURCES, *contracts.sources]
    if source not in known:
        message = f"There is no source of that name; there are: {', '.join(known)}."
        raise UsageError(message, "Name one of these, or declare the source in contracts/sources of the home.")


def arguments(numbers: Callable[[], int], source: str, files: list[str], folder: Path) -> list[Arrival]:
    """Return the files that a command named, relative to `folder`."""
    return [Arrival(numbers(), source, folder / file, shown=file) for file in files]


def waiting(home: Home, numbers: Callable[[], int], now: datetime) -> list[Arrival]:
    """Return the inbox's files that have been quiet: consents, then participants, then entries."""
    found: list[Arrival] = []
    folders = [path for path in home.inbox.iterdir() if path.is_dir()]
    order = {name: position for position, name in enumerate(REGISTER_SOURCES)}
    for folder in sorted(folders, key=lambda path: (order.get(path.name, len(order)), path.name)):
        for path in sorted(folder.iterdir()):
            quiet = path.is_file() and now.timestamp() - path.stat().st_mtime >= QUIET_SECONDS
            if quiet and not path.name.startswith("."):
                number = numbers()
                found.append(Arrival(number, folder.name, path, from_inbox=True, shown=str(number)))
    return found


def take_in(arrival: Arrival, home: Home, vault: Vault, contracts: Contracts, key: bytes, now: datetime) -> FileReport:  # noqa: PLR0913, PLR0917 -- all of them are the file's surroundings
    """Take in one file; when the vault has it, tidy it away.

    Raises:
        FileRefusedError: if the file cannot be read as what it is said to be; it stays where it was.
    """
    before = _identity(arrival.path)
    batch = Batch(number=arrival.number, path=arrival.path, key=key, now=now)
    if arrival.source == "participants":
        report = take_in_participants(vault, batch, contracts)
    elif arrival.source == "consents":
        report = take_in_consents(vault, batch, contracts)
    elif arrival.source in contracts.sources:
        report = take_in_entries(vault, batch, contracts.sources[arrival.source], contracts)
    else:
        message = "The inbox folder of this file has the name of no source."
        raise FileRefusedError(message, "Declare the source in contracts/sources, or move the file.")
    held = home.held / f"batch-{arrival.number:06d}-{arrival.source}.csv"
    if report.quarantined:
        _hold(arrival.path, held, now)
    if arrival.from_inbox and _identity(arrival.path) == before:  # else it grew meanwhile: the next command takes it
        arrival.path.unlink()
    return report


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


def _hold(path: Path, held: Path, now: datetime) -> None:
    """Keep a private copy, dated today: whole or not at all."""
    draft = held.with_name(f".{held.name}.draft")
    shutil.copyfile(path, draft)
    draft.chmod(0o600)
    os.utime(draft, (now.timestamp(), now.timestamp()))
    draft.replace(held)


def purge_held(home: Home, now: datetime) -> None:
    """Remove held files when their 14 days are over, and what a killed command left half copied."""
    for path in home.held.iterdir():
        if path.name.startswith(".") or path.stat().st_mtime < (now - HELD_FOR).timestamp():
            path.unlink()


def file_object(arrival: Arrival, report: FileReport) -> dict[str, Any]:
    """Return one file's counts as the command line tells them."""
    return {
        "file": arrival.shown,
        "source": arrival.source,
        "batch": arrival.number,
        "read": report.read,
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "quarantined": dict(sorted(report.quarantined.items())),
        "without_consent": report.without_consent,
        "free_text_dropped": report.free_text_dropped,
        "off_grid": report.off_grid,
    }
