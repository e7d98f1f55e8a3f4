"""Search a folder, or one file, for persons: everything is read, and what could not be is told."""

import io
import os
import stat
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from analytics.vault.residue.byte_patterns import Needles
from analytics.vault.residue.layers import Reading
from analytics.vault.residue.matching import NEIGHBOUR, Matcher, Piece

_THREADS = 2
_BATCH_BYTES = 8 * 1024 * 1024
_BATCH_PIECES = 20_000
_IN_FLIGHT = 3
"""Batches that wait or are looked into: what bounds the memory."""


@dataclass(frozen=True, order=True)
class Found:
    """A place where a needle was met."""

    place: tuple[str, ...] = field(repr=False)
    """Path parts below the folder that was searched; a name may itself be a person's, so the repr hides them."""
    layer: str
    """`name`, `bytes`, or how it was decoded: `base64`, `zip/base64`."""


@dataclass
class Searched:
    """What was searched, and what came of it."""

    files: int = 0
    bytes: int = 0
    decoded: Counter[str] = field(default_factory=Counter)
    """How many texts, members or tables of each kind were decoded."""
    found: list[Found] = field(default_factory=list)
    unread: list[tuple[str, ...]] = field(default_factory=list, repr=False)
    """Files that were not read and decoded to their end: damaged, locked, over a bound, or of an unknown packing."""


def search(root: Path, needles: Needles) -> Searched:
    """Search every file below `root` and every name; a link is a name and the text that it points with."""
    searched = Searched()
    with _looking(needles) as look:
        for path, place in _below(root, (), searched):
            _one(path, place, look, searched)
    searched.found = sorted(look.found)
    searched.unread.sort()
    return searched


def names(path: Path, needles: Needles) -> bool:
    """Say whether the content of one file holds a needle, in any layer.

    What of it cannot be decoded is not looked into; `search` of its folder would tell.
    """
    searched = Searched()
    with _looking(needles) as look:
        _content(path, (), look, searched)
    return bool(look.found)


class _Look:
    """Gathers pieces until they are worth a pass, and passes them to the threads."""

    def __init__(self, needles: Needles, threads: ThreadPoolExecutor) -> None:
        self.matcher = Matcher(needles)
        self.overlap = needles.longest + 2 * NEIGHBOUR
        self.found: set[Found] = set()
        self._threads = threads
        self._pieces: list[Piece] = []
        self._bytes = 0
        self._waiting: list[Future[list[Piece]]] = []

    def take(self, piece: Piece) -> None:
        self._pieces.append(piece)
        self._bytes += len(piece.data)
        if self._bytes >= _BATCH_BYTES or len(self._pieces) >= _BATCH_PIECES:
            self._pass_on()

    def finish(self) -> None:
        self._pass_on()
        while self._waiting:
            self._collect()

    def _pass_on(self) -> None:
        if self._pieces:
            self._waiting.append(self._threads.submit(self.matcher.holding, self._pieces))
        self._pieces, self._bytes = [], 0
        while len(self._waiting) >= _IN_FLIGHT:
            self._collect()

    def _collect(self) -> None:
        self.found |= {Found(piece.place, piece.layer) for piece in self._waiting.pop(0).result()}


@contextmanager
def _looking(needles: Needles) -> Iterator[_Look]:
    with ThreadPoolExecutor(_THREADS, "search") as threads:
        look = _Look(needles, threads)
        yield look
        look.finish()


def _below(folder: Path, place: tuple[str, ...], searched: Searched) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield all that stands below a folder, folders before what is in them."""
    try:
        entries = sorted(os.listdir(folder))  # noqa: PTH208 -- a name's own bytes, not a path
    except OSError:
        searched.unread.append(place)
        return
    for name in entries:
        path = folder / name
        yield path, (*place, name)
        if not path.is_symlink() and path.is_dir():
            yield from _below(path, (*place, name), searched)


def _one(path: Path, place: tuple[str, ...], look: _Look, searched: Searched) -> None:
    texts = [place[-1]]
    mode = 0
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            texts.append(str(path.readlink()))
    except OSError:
        pass  # gone meanwhile, or forbidden: of no kind that is read, so it is told below
    named = _reading(place, look)
    for text in texts:
        named.read(io.BytesIO(os.fsencode(text)), None, "name")
    if stat.S_ISREG(mode):
        _content(path, place, look, searched)
    elif not (stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
        searched.unread.append(place)


def _content(path: Path, place: tuple[str, ...], look: _Look, searched: Searched) -> None:
    reading = _reading(place, look)
    try:
        with path.open("rb") as stream:
            reading.read(stream, path)
            searched.files += 1
            searched.bytes += stream.seek(0, io.SEEK_END)
    except OSError:
        reading.whole = False
    searched.decoded.update(reading.decoded)
    if not reading.whole:
        searched.unread.append(place)


def _reading(place: tuple[str, ...], look: _Look) -> Reading:
    def sink(layer: str, data: bytes, *, begins: bool, ends: bool) -> None:
        look.take(Piece(place, layer, data, begins, ends))

    return Reading(sink, look.overlap)
