"""The published folder as it lies on disk: opened once a process, and only what is new is read again.

A release is examined again if its files on disk have other sizes or times, or `current.json` names another manifest.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import polars as pl

from analytics.canonical import canonical_json, sha256_hex
from analytics.errors import StoreDamagedError
from analytics.stored_json import read_stored
from analytics.trends.publication.kept import Kept
from analytics.trends.publication.manifest import CURRENT, Current, ListedRelease, PublishedHead
from analytics.trends.publication.release_files import (
    AGAIN,
    CheckedRelease,
    DamagedRelease,
    Release,
    bytes_of,
    examine,
    place_of,
)

RELEASES = "releases"
"""The folder below `published/` that has a folder a product, and in it one a release."""

MOST_TABLES = 24
"""Tables of single releases that stay in memory: those of three to four periods."""

MOST_DERIVED = 32
"""Values that readers of the rows have made of whole tables: those of a dozen periods."""

_MOST_PRODUCTS = 8
MOST_FOLDERS = 4
_READERS = 2
"""Files are read and hashed side by side."""

_WHEN_NO_POINTER = (
    "If `murmuration publish` is running, wait until it ends. If not, start it: it writes the file again."
)

Signature = tuple[tuple[str, int, int], ...]
"""Name, size and time of change of each file in a folder; empty without the folder."""

Parts = dict[tuple[str, str], pl.DataFrame]
"""A product's rows of all periods by measure and headline."""


@dataclass(frozen=True)
class OpenedFolder:
    """The published files as of one look at the disk, and what was read of them since."""

    head: PublishedHead = field(default_factory=lambda: PublishedHead(sequence=0, hash=""))
    releases: dict[Release, CheckedRelease] = field(default_factory=dict, repr=False)
    """The intact ones, in period order."""
    damaged: tuple[DamagedRelease, ...] = ()
    tables: Kept[tuple[Release, str], pl.DataFrame] = field(default_factory=lambda: Kept(MOST_TABLES), repr=False)
    parts: Kept[str, Parts] = field(default_factory=lambda: Kept(_MOST_PRODUCTS), repr=False)
    derived: Kept[tuple[str, Release], object] = field(default_factory=lambda: Kept(MOST_DERIVED), repr=False)


@dataclass
class _Looked:
    """What a folder held when it was last opened."""

    pointer: str
    current: Current
    found: dict[ListedRelease, tuple[Signature, CheckedRelease | DamagedRelease]]
    opened: OpenedFolder


class _Folder:
    """The last look at a folder. One thread looks at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: _Looked | None = None

    def open(self, folder: Path) -> OpenedFolder:
        with self._lock:
            self._last = _look(folder, self._last)
            return self._last.opened if self._last else OpenedFolder()


_FOLDERS: Kept[Path, _Folder] = Kept(MOST_FOLDERS)


def open_folder(folder: Path) -> OpenedFolder:
    """Return what `folder` holds: the same value as before, if nothing on disk has changed.

    Raises:
        StoreDamagedError: if `current.json` is damaged or missing beside releases, or no release is intact.
    """
    place = folder.resolve()
    return _FOLDERS.get(place, _Folder).open(place)


def stamp_of(folder: Path) -> str:
    """Return a text that is another whenever a file of `folder` is; empty where nothing is published."""
    pointer = bytes_of(folder / CURRENT)
    places = _release_folders(folder)
    if pointer is None and not places:
        return ""
    return sha256_hex(canonical_json([sha256_hex(pointer or b""), [[str(it), _signature(it)] for it in places]]))


def _look(folder: Path, last: _Looked | None) -> _Looked | None:
    """Return what `folder` holds, with all that is still true of the last look; None if nothing is published."""
    content = bytes_of(folder / CURRENT)
    if content is None:
        _check_nothing_published(folder)
        return None
    pointer = sha256_hex(content)
    known = last.found if last else {}
    is_same_pointer = last is not None and last.pointer == pointer
    current = last.current if last and is_same_pointer else _read_current(content)
    seen = [(listed, _signature(place_of(folder, listed))) for listed in _newest(current.releases)]
    new = [listed for listed, signature in seen if listed not in known or known[listed][0] != signature]
    if last and is_same_pointer and not new:
        return last
    with ThreadPoolExecutor(_READERS) as pool:
        examined = dict(zip(new, pool.map(lambda listed: examine(folder, listed), new), strict=True))
    found = {
        listed: (signature, examined[listed] if listed in examined else known[listed][1]) for listed, signature in seen
    }
    return _Looked(pointer, current, found, _opened(current.head, [it for _, it in found.values()]))


def _check_nothing_published(folder: Path) -> None:
    if (folder / CURRENT).exists():
        message = f"The published {CURRENT} cannot be read."
        raise StoreDamagedError(message, AGAIN)
    if _release_folders(folder):
        message = f"The file {CURRENT}, which names the published releases, is missing; releases lie beside it."
        raise StoreDamagedError(message, _WHEN_NO_POINTER)


def _read_current(content: bytes) -> Current:
    return read_stored(Current, content, f"A published file ({CURRENT})", AGAIN)


def _newest(releases: Iterable[ListedRelease]) -> list[ListedRelease]:
    """Return the latest revision of each period: it alone counts, even if it is damaged and an earlier one is not."""
    latest: dict[tuple[str, str], ListedRelease] = {}
    for listed in releases:
        known = latest.get((listed.product, listed.period))
        if known is None or known.revision < listed.revision:
            latest[listed.product, listed.period] = listed
    return list(latest.values())


def _opened(head: PublishedHead, found: list[CheckedRelease | DamagedRelease]) -> OpenedFolder:
    intact = sorted((it for it in found if isinstance(it, CheckedRelease)), key=lambda it: it.release.first_day)
    damaged = sorted((it for it in found if isinstance(it, DamagedRelease)), key=lambda it: (it.first_day, it.product))
    if damaged and not intact:
        message = f"No published release is intact. {damaged[-1].message}"
        raise StoreDamagedError(message, AGAIN)
    if not intact:
        return OpenedFolder()
    return OpenedFolder(head, {it.release: it for it in intact}, tuple(damaged))


def _release_folders(folder: Path) -> list[Path]:
    """Return the folders of releases; those that are being written begin with a dot."""
    return sorted(it for it in (folder / RELEASES).glob("*/*") if not it.name.startswith("."))


def _signature(place: Path) -> Signature:
    try:
        with os.scandir(place) as entries:
            return tuple(sorted((it.name, it.stat().st_size, it.stat().st_mtime_ns) for it in entries))
    except (OSError, ValueError):  # ValueError: a name that no folder can have
        return ()
