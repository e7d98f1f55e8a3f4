"""Files that wait for their ingest: those that a command names, and those of the inbox.

In the inbox links are never followed: a link to a file or to a folder counts as a file, which is refused unread.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from analytics.contracts import REGISTER_SOURCES, Declarations
from analytics.errors import UsageError
from analytics.home import Home
from analytics.vault.database import Vault
from analytics.vault.files.file_owners import FileOwners
from analytics.vault.files.refused_records import held_batches

QUIET_SECONDS = 10
"""An inbox file that changed more recently may still be being written."""


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One file to ingest."""

    number: int
    """The batch number: the name of the file in logs and tasks."""
    source: str
    path: Path
    from_inbox: bool = False
    shown: str = ""
    """What the report calls the file: the argument as given, or the batch number."""
    person: str | None = field(default=None, repr=False)
    """The id of the file's owner, if its rows name no person."""
    again: bool = False
    """No file: the refused records of an earlier batch, which are judged again."""
    one_person: bool = False
    """Whether that batch was a file with an owner."""

    @property
    def of_one_person(self) -> bool:
        """Return whether the whole file belongs to one person."""
        return self.person is not None or self.one_person


def check_source(source: str, contracts: Declarations) -> None:
    """Make sure that files of `source` can be read.

    Raises:
        UsageError: if there is no such declaration.
        ContractRefusedError: if there is one, and it cannot be read.
    """
    contracts.check_readable(source)
    if contracts.source(source) is None:
        known = [*REGISTER_SOURCES, *contracts.sources]
        message = f"There is no source of that name. There are: {', '.join(known)}."
        raise UsageError(message, "Name one of these, or declare the source in contracts/sources of the home.")


def arguments(
    numbers: Callable[[], int], source: str, files: list[str], folder: Path, owners: FileOwners | None
) -> list[IncomingFile]:
    """Return the files that a command named, relative to `folder`."""
    paths = [folder / file for file in files]
    persons = [None if owners is None else owners.of(path) for path in paths]
    return [
        IncomingFile(numbers(), source, path, shown=file, person=person)
        for file, path, person in zip(files, paths, persons, strict=True)
    ]


def waiting(home: Home, contracts: Declarations, numbers: Callable[[], int], now: datetime) -> list[IncomingFile]:
    """Return the inbox's files that have been quiet: the register's own first, then source by source, oldest first.

    Files of one age are ordered by name. The content of a file has no influence on its place.
    """
    quiet_since = now.timestamp() - QUIET_SECONDS
    found: list[tuple[int, str, int, str, str | None]] = []
    for folder in _entries(home.inbox):
        # A folder that is no source may have a person's name, put there by mistake: no message names it.
        declared = contracts.source(folder.name) is not None or folder.name in contracts.broken
        source = folder.name if declared else ""
        turn = REGISTER_SOURCES.index(source) if source in REGISTER_SOURCES else len(REGISTER_SOURCES)
        for entry, person in _files_of(folder):
            status = entry.stat(follow_symlinks=False)
            if status.st_mtime <= quiet_since or entry.is_symlink():
                found.append((turn, source, status.st_mtime_ns, entry.path, person))
    found.sort(key=lambda each: each[:4])
    incoming_files: list[IncomingFile] = []
    for _, source, _, path, person in found:
        number = numbers()
        incoming_files.append(
            IncomingFile(number, source, Path(path), from_inbox=True, shown=str(number), person=person)
        )
    return incoming_files


def held(vault: Vault, contracts: Declarations) -> list[IncomingFile]:
    """Return the batches with held records, in their order, to be judged again under today's declarations."""
    found: list[IncomingFile] = []
    for number, source in held_batches(vault):
        declared = contracts.source(source)
        one_person = declared is None or declared.person == "file"
        found.append(IncomingFile(number, source, Path(), shown=str(number), again=True, one_person=one_person))
    return found


def left_waiting(home: Home, chosen: Iterable[IncomingFile]) -> int:
    """Count the inbox's files that this command leaves: still too new, or outside the folders of sources."""
    known = {str(incoming.path) for incoming in chosen}
    return sum(
        os.path.join(folder, name) not in known  # noqa: PTH118 -- texts, since there may be very many
        for folder, _, names in os.walk(home.inbox)  # links are not followed
        for name in names
        if not name.startswith(".")
    )


def _files_of(folder: "os.DirEntry[str]") -> "Iterator[tuple[os.DirEntry[str], str | None]]":
    """Yield a source's files: those of its own folder, and those of folders named after a person; and all links."""
    if folder.is_symlink():
        yield folder, None
    if not folder.is_dir(follow_symlinks=False):
        return
    for entry in _entries(folder.path):
        if _is_file_or_link(entry):
            yield entry, None
        elif entry.is_dir(follow_symlinks=False):
            yield from ((inner, entry.name) for inner in _entries(entry.path) if _is_file_or_link(inner))


def _entries(folder: str | Path) -> "list[os.DirEntry[str]]":
    """Return the visible entries of a folder: hidden files are still being copied."""
    with os.scandir(folder) as entries:
        return [entry for entry in entries if not entry.name.startswith(".")]


def _is_file_or_link(entry: "os.DirEntry[str]") -> bool:
    return entry.is_symlink() or entry.is_file(follow_symlinks=False)
