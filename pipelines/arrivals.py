"""Files that wait to be taken in: those that a command names, and those of the inbox."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from analytics.contracts import REGISTER_SOURCES, Contracts
from analytics.errors import UsageError
from analytics.vault.files.refused_records import held_batches
from analytics.vault.store import Vault
from pipelines.home import Home
from pipelines.whose import People

QUIET_SECONDS = 10
"""An inbox file that changed more recently may still be being written."""

_LOOKED_AT = 1024 * 1024
"""Bytes of a file that are looked at to tell whether it holds consents; bulk exports hold one kind each."""


@dataclass(frozen=True)
class Arrival:
    """One file to take in."""

    number: int
    """The batch number: what stands for the file in logs and tasks."""
    source: str
    path: Path
    from_inbox: bool = False
    shown: str = ""
    """What the report calls the file: the argument as given, or the batch number."""
    person: str | None = field(default=None, repr=False)
    """Whose file it is, where its rows do not say so."""
    again: bool = False
    """No file: the refused records of a batch that came before, which are judged again."""
    one_person: bool = False
    """Whether that batch was one person's file."""

    @property
    def of_one_person(self) -> bool:
        """Return whether the whole file is one person's."""
        return self.person is not None or self.one_person


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


def held(vault: Vault, contracts: Contracts) -> list[Arrival]:
    """Return the batches with held records, in their order, to be judged again under today's declarations."""
    found: list[Arrival] = []
    for number, source in held_batches(vault):
        declared = contracts.source(source)
        alone = declared is None or declared.person == "file"
        found.append(Arrival(number, source, Path(), shown=str(number), again=True, one_person=alone))
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
