"""Search a folder, or one file, for byte patterns: everything is read, and unreadable files are listed."""

import io
import os
import stat
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from analytics.vault.residue.byte_patterns import BytePatterns
from analytics.vault.residue.layers import Reading
from analytics.vault.residue.matching import NEIGHBOUR, Matcher, Piece

_THREADS = 2
_BATCH_BYTES = 8 * 1024 * 1024
_BATCH_PIECES = 20_000
_IN_FLIGHT = 3
"""Batches that wait or are looked into: what bounds the memory."""


@dataclass(frozen=True, order=True)
class Residue:
    """A place where a pattern was found."""

    place: tuple[str, ...] = field(repr=False)
    """Path parts below the folder that was searched; a name may itself be a person's, so the repr hides them."""
    layer: str
    """`name`, `bytes`, or how it was decoded: `base64`, `zip/base64`."""


@dataclass
class SearchOutcome:
    """What was searched, and the residue that was found."""

    files: int = 0
    bytes: int = 0
    decoded: Counter[str] = field(default_factory=Counter)
    """How many texts, members or tables of each kind were decoded."""
    found: list[Residue] = field(default_factory=list)
    unread: list[tuple[str, ...]] = field(default_factory=list, repr=False)
    """Files that were not read and decoded to their end: damaged, locked, over a bound, or of an unknown packing."""


def search(root: Path, patterns: BytePatterns) -> SearchOutcome:
    """Search every file and every name below `root`; of a link its name and its target's path."""
    searched = SearchOutcome()
    with _matching(patterns) as queue:
        for path, place in _below(root, (), searched):
            _one(path, place, queue, searched)
    searched.found = sorted(queue.found)
    searched.unread.sort()
    return searched


def holds_residue(path: Path, patterns: BytePatterns) -> bool:
    """Say whether the content of one file holds a pattern, in any layer.

    Layers that cannot be decoded are skipped; a `search` of its folder would list the file as unread.
    """
    searched = SearchOutcome()
    with _matching(patterns) as queue:
        _content(path, (), queue, searched)
    return bool(queue.found)


class _MatchQueue:
    """Collects pieces until they are worth a pass, and hands them to the threads."""

    def __init__(self, patterns: BytePatterns, threads: ThreadPoolExecutor) -> None:
        self.matcher = Matcher(patterns)
        self.overlap = patterns.longest + 2 * NEIGHBOUR
        self.found: set[Residue] = set()
        self._threads = threads
        self._pieces: list[Piece] = []
        self._bytes = 0
        self._waiting: list[Future[list[Piece]]] = []

    def take(self, piece: Piece) -> None:
        self._pieces.append(piece)
        self._bytes += len(piece.data)
        if self._bytes >= _BATCH_BYTES or len(self._pieces) >= _BATCH_PIECES:
            self._hand_over()

    def finish(self) -> None:
        self._hand_over()
        while self._waiting:
            self._collect()

    def _hand_over(self) -> None:
        if self._pieces:
            self._waiting.append(self._threads.submit(self.matcher.holding, self._pieces))
        self._pieces, self._bytes = [], 0
        while len(self._waiting) >= _IN_FLIGHT:
            self._collect()

    def _collect(self) -> None:
        self.found |= {Residue(piece.place, piece.layer) for piece in self._waiting.pop(0).result()}


@contextmanager
def _matching(patterns: BytePatterns) -> Iterator[_MatchQueue]:
    with ThreadPoolExecutor(_THREADS, "search") as threads:
        queue = _MatchQueue(patterns, threads)
        yield queue
        queue.finish()


def _below(folder: Path, place: tuple[str, ...], searched: SearchOutcome) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield all entries below a folder, folders before their content."""
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


def _one(path: Path, place: tuple[str, ...], queue: _MatchQueue, searched: SearchOutcome) -> None:
    texts = [place[-1]]
    mode = 0
    with suppress(OSError):  # gone meanwhile, or forbidden: it counts as unread below
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            texts.append(str(path.readlink()))
    named = _reading(place, queue)
    for text in texts:
        named.read(io.BytesIO(os.fsencode(text)), None, "name")
    if stat.S_ISREG(mode):
        _content(path, place, queue, searched)
    elif not (stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
        searched.unread.append(place)


def _content(path: Path, place: tuple[str, ...], queue: _MatchQueue, searched: SearchOutcome) -> None:
    reading = _reading(place, queue)
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


def _reading(place: tuple[str, ...], queue: _MatchQueue) -> Reading:
    def sink(layer: str, data: bytes, *, begins: bool, ends: bool) -> None:
        queue.take(Piece(place, layer, data, begins, ends))

    return Reading(sink, queue.overlap)
