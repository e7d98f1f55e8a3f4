"""A file in all its layers: its bytes, and everything that they decode to, down to a depth."""

import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Protocol

from analytics.vault.residue import columns, packed
from analytics.vault.residue.duckfile import tables
from analytics.vault.residue.parts import DecodedPart, Decoder, size
from analytics.vault.residue.runs import EncodedRuns, unescaped
from analytics.vault.residue.sqlite import log, sqlite

DEPTH = 4
"""Layers within layers; a file with deeper ones counts as unread."""
CHUNK_BYTES = 4 * 1024 * 1024
DECODED_BYTES = 8 * 1024 * 1024 * 1024
"""The most that is decoded of one file, so that nested bombs end, too."""

_HEAD = 512
_DUCKDB_AT = slice(8, 12)
_ZLIB, _ZLIB_MODULUS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"), 31
_BEGINNINGS: tuple[tuple[bytes, Decoder], ...] = (
    (b"\x1f\x8b\x08", packed.gzipped),
    *((b"BZh%d" % level + begun, packed.bzipped) for level in range(1, 10) for begun in (b"1AY", b"\x17rE")),
    (b"\xfd7zXZ\0", packed.xzipped),
    (b"\x28\xb5\x2f\xfd", packed.zstandard),
    (b"\x04\x22\x4d\x18", packed.lz4),
    (b"PK\x03\x04", packed.zipped),
    (b"PAR1", columns.parquet),
    (b"ARROW1\0\0", columns.arrow),
    (b"\x37\x7f\x06\x82", log),
    (b"\x37\x7f\x06\x83", log),
    (b"\xff\xfe", packed.wide_text),
    (b"\xfe\xff", packed.wide_text),
)
_NOT_DECODED = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"%PDF-", b"PARE")
"""Known packed kinds that are not unpacked here."""


class Sink(Protocol):
    """Takes the bytes that are to be matched."""

    def __call__(self, layer: str, data: bytes, *, begins: bool, ends: bool) -> None:
        """Take bytes of a layer; if they do not begin or end it, the neighbouring piece overlaps."""


class Reading:
    """One file's reading: hands on every layer, counts what it decoded, and knows if it read to the end."""

    def __init__(self, sink: Sink, overlap: int) -> None:
        """Begin with nothing decoded; neighbouring pieces share `overlap` bytes."""
        self._sink = sink
        self._overlap = overlap
        self._room = DECODED_BYTES
        self.decoded: Counter[str] = Counter()
        self.whole = True

    def read(self, stream: IO[bytes], path: Path | None, layer: str = "") -> None:
        """Read a stream (of the file at `path`, if it is one) in all its layers. Raises nothing of what it meets."""
        try:
            self._walk(DecodedPart("", stream), (layer,) if layer else (), path)
        except Exception:  # noqa: BLE001 -- any library may fail on a strange file, and may quote it
            self.whole = False

    def _walk(self, part: DecodedPart, layer: tuple[str, ...], path: Path | None = None) -> None:
        self._scan(part.stream, layer)
        if not part.own:
            return
        try:
            decoder = _decoder(part.stream, path)
            if decoder is None:
                return
            if len(layer) >= DEPTH:
                self.whole = False
                return
            part.stream.seek(0)
            for inner in decoder():
                self._take(inner, layer)
        except Exception:  # noqa: BLE001 -- as above; the other layers of the file are still to be read
            self.whole = False

    def _take(self, part: DecodedPart, layer: tuple[str, ...]) -> None:
        if part.count:
            self.decoded[part.kind.partition("/")[0]] += part.count
        self.whole &= part.whole
        self._room -= size(part.stream)
        if self._room < 0:
            self.whole = False
            return
        self._walk(part, (*layer, part.kind))

    def _scan(self, stream: IO[bytes], layer: tuple[str, ...]) -> None:
        stream.seek(0)
        name = "/".join(layer) or "bytes"
        runs, before, begins, ends = EncodedRuns(), b"", True, False
        while not ends:
            chunk = stream.read(CHUNK_BYTES)
            ends = len(chunk) < CHUNK_BYTES
            data = before + chunk
            self._sink(name, data, begins=begins, ends=ends)
            for part in self._parts(runs, chunk, data, ends=ends):
                if len(layer) < DEPTH:
                    self._take(part, layer)
                else:
                    self.whole = False
            before, begins = data[-self._overlap :], False

    def _parts(self, runs: EncodedRuns, chunk: bytes, data: bytes, *, ends: bool) -> Iterator[DecodedPart]:
        yield from runs.feed(chunk, ends=ends)
        plain = unescaped(data)
        if plain is not None:
            yield plain


def _decoder(stream: IO[bytes], path: Path | None) -> Callable[[], Iterator[DecodedPart]] | None:
    """Return what decodes a stream, by its bytes and never by its name. Raises ValueError if there is no decoder."""
    stream.seek(0)
    head = stream.read(_HEAD)
    duckdb = head[_DUCKDB_AT] == b"DUCK"
    if head.startswith(_NOT_DECODED) or (duckdb and path is None):  # DuckDB reads files alone
        raise ValueError
    if duckdb and path is not None:
        return partial(tables, path)
    if head.startswith(b"SQLite format 3\0"):
        return partial(sqlite, stream, path)
    decoder = _by_beginning(head)
    if decoder is None and zipfile.is_zipfile(stream):  # other bytes may come before a zip
        decoder = packed.zipped
    return partial(decoder, stream) if decoder else None


def _by_beginning(head: bytes) -> Decoder | None:
    for beginning, decoder in _BEGINNINGS:
        if head.startswith(beginning):
            return decoder
    if head.startswith(_ZLIB) and int.from_bytes(head[:2], "big") % _ZLIB_MODULUS == 0:
        return packed.zlibbed
    return packed.tarred if _is_tar(head) else None


def _is_tar(head: bytes) -> bool:
    with suppress(tarfile.HeaderError):
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
        return True
    return False
