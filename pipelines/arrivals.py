"""Files on their way in: arguments stay untouched, inbox files go when the vault has them, bad rows leave a copy."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analytics.contracts import REGISTER_SOURCES, Contracts, Source
from analytics.errors import FileRefusedError, UsageError
from analytics.vault.intake import Batch, FileReport, First, take_in
from analytics.vault.pseudonym import Pseudonymiser, normalised
from analytics.vault.store import Vault
from pipelines.home import Home
from pipelines.whose import People

QUIET_SECONDS = 10
"""An inbox file that changed more recently may still be being written."""

HELD_FOR = timedelta(days=14)

_LOOKED_AT = 1024 * 1024
"""Bytes of a file that are looked at to tell whether it holds consents; bulk exports hold one kind each."""

_ENDINGS = (".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl", ".parquet", ".daylio", ".zip")
"""The endings that a held copy keeps, since they tell the container; any other might name somebody."""


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
    person: str | None = field(default=None, repr=False)
    """Whose file it is, where its rows do not say so."""
    first: First | None = None
    """As what the file came before, when it is a held one that is read again."""
    whose: bytes | None = field(default=None, repr=False)
    """The pseudonym of the person of a held file."""

    @property
    def of_one_person(self) -> bool:
        """Return whether the whole file is one person's."""
        return self.person is not None or self.whose is not None


def check_source(source: str, contracts: Contracts) -> None:
    """Make sure that files of `source` can be read.

    Raises:
        UsageError: if there is no such declaration.
    """
    if contracts.source(source) is None:
        known = [*REGISTER_SOURCES, *contracts.sources]
        message = f"There is no source of that name; there are: {', '.join(known)}."
        raise UsageError(message, "Name one of these, or declare the source in contracts/sources of the home.")


def arguments(
    numbers: Callable[[], int], source: str, files: list[str], folder: Path, people: People | None
) -> list[Arrival]:
    """Return the files that a command named, relative to `folder`."""
    paths = [folder / file for file in files]
    persons = [None if people is None else people.of(path) for path in paths]
    return [
        Arrival(numbers(), source, path, shown=file, person=person)
        for file, path, person in zip(files, paths, persons, strict=True)
    ]


def waiting(home: Home, contracts: Contracts, numbers: Callable[[], int], now: datetime) -> list[Arrival]:
    """Return the inbox's files that have been quiet: consents, then participants, then entries."""
    quiet = [
        (folder.name, path, person)
        for folder in home.inbox.iterdir()
        if folder.is_dir()
        for path, person in _files_of(folder)
        if now.timestamp() - path.stat().st_mtime >= QUIET_SECONDS
    ]
    found: list[Arrival] = []
    for source, path, person in sorted(quiet, key=lambda each: (*_turn(each[0], each[1], contracts), str(each[1]))):
        number = numbers()
        # A folder that is no source may bear a person's name, put there by mistake: it is told nowhere.
        source = source if contracts.source(source) is not None else ""  # noqa: PLW2901 -- what is told of it
        found.append(Arrival(number, source, path, from_inbox=True, shown=str(number), person=person))
    return found


def left_waiting(home: Home, taken: list[Arrival]) -> int:
    """Count the inbox's files that this command does not take: still too new, or where no source is looked for."""
    all_files = {path for path in home.inbox.rglob("*") if path.is_file() and not path.name.startswith(".")}
    return len(all_files - {arrival.path for arrival in taken})


def _turn(source: str, path: Path, contracts: Contracts) -> tuple[int, str, int, int]:
    """Return when a file has its turn: the register, then sources that may hold consents, then the others.

    Within a source what holds consents comes first, and older files before newer ones, so that the newest word stands.
    """
    declared = contracts.sources.get(source)
    mixed = declared is not None and declared.mixed
    first = REGISTER_SOURCES.index(source) if source in REGISTER_SOURCES else len(REGISTER_SOURCES) + (not mixed)
    later = mixed and not _speaks_of_consent(path)
    return first, source, int(later), path.stat().st_mtime_ns


def _speaks_of_consent(path: Path) -> bool:
    with path.open("rb") as file:
        return b'"Consent"' in file.read(_LOOKED_AT)


def _files_of(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield a source's files: those of its own folder, and those of folders named after a person."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_file():
            yield path, None
        elif path.is_dir():
            yield from ((inner, path.name) for inner in path.iterdir() if _is_plain(inner))


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


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
    batch = Batch(arrival.number, arrival.path, key, now, whose, arrival.first)
    if arrival.first is not None:
        _hold(arrival, home, now)  # before the old copy is forgotten by the vault: a kill must not lose both
    report = take_in(vault, batch, source, contracts)
    if report.quarantined:
        _hold(arrival, home, now)
    else:
        _held_copy(arrival, home).unlink(missing_ok=True)
    # If it grew meanwhile, the next command takes it.
    if (arrival.from_inbox or arrival.first is not None) and _identity(arrival.path) == before:
        arrival.path.unlink()
    return report


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


def _hold(arrival: Arrival, home: Home, now: datetime) -> None:
    """Keep a private copy, dated today (read again: dated as before): whole or not at all."""
    copy = _held_copy(arrival, home)
    if copy.exists():
        return
    draft = copy.with_name(f".{copy.name}.draft")
    since = now.timestamp() if arrival.first is None else arrival.path.stat().st_mtime
    shutil.copyfile(arrival.path, draft)
    draft.chmod(0o600)
    os.utime(draft, (since, since))
    draft.replace(copy)


def _held_copy(arrival: Arrival, home: Home) -> Path:
    ending = arrival.path.suffix.lower()
    return home.held / f"batch-{arrival.number:06d}-{arrival.source}{ending if ending in _ENDINGS else '.csv'}"


def purge_held(home: Home, vault: Vault, now: datetime) -> None:
    """Remove held files when their 14 days are over, and what a killed command left half copied."""
    for path in home.held.iterdir():
        if path.name.startswith(".") or path.stat().st_mtime < (now - HELD_FOR).timestamp():
            path.unlink()
            number = batch_of(path)
            if number is not None:
                vault.run("batch_person_remove", {"batch_no": number})


def unused_numbers(home: Home, vault: Vault) -> Callable[[], int]:
    """Return what gives batch numbers that stand for no held file, even if the vault is an older backup."""
    highest = max((batch_of(path) or 0 for path in home.held.iterdir()), default=0)

    def number() -> int:
        while (found := vault.next_batch_no()) <= highest:
            pass
        return found

    return number


def batch_of(path: Path) -> int | None:
    """Return the batch number of a held file, None for anything else."""
    parts = path.name.split("-")
    return int(parts[1]) if parts[0] == "batch" and len(parts) > 2 and parts[1].isdecimal() else None  # noqa: PLR2004 -- batch, number, source


def held(home: Home, vault: Vault, numbers: Callable[[], int]) -> list[Arrival]:
    """Return the held files, to be read again under today's declarations; each gets a new batch number."""
    found: list[Arrival] = []
    for path in sorted(home.held.glob("batch-*")):
        old = batch_of(path)
        known = vault.rows("batch_first", {"batch_no": old})
        if old is None or not known:
            continue  # not this vault's (a restored backup has forgotten it): left alone until its 14 days are over
        if vault.rows("batch_refused", {"batch_no": old}) == [(0,)]:
            path.unlink()  # left by a command that was killed: another copy has taken its place
            continue
        source, order_no, first_at = known[0]
        first = First(old, order_no, first_at.replace(tzinfo=UTC))
        whose = vault.rows("batch_person_of", {"batch_no": old})
        number = numbers()
        pseudonym = whose[0][0] if whose else None
        found.append(Arrival(number, source, path, shown=str(number), first=first, whose=pseudonym))
    return found
