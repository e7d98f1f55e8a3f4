"""Packed bytes: gzip, bz2, xz, zlib, zstd, lz4, zip and tar."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

import pyarrow as pa

from analytics.vault.residue.parts import MEMBER_BYTES, READ_BYTES, DecodedPart, joined, unpacked

_ERRORS = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    LookupError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    pa.ArrowException,
)
_END, _END_LONG, _LONGEST_COMMENT = b"PK\x05\x06", 22, 0xFFFF
_DIRECTORY_BYTES = 32 * 1024 * 1024
"""zipfile reads the list of members whole, and takes ten times its size."""
_TRUST = 256
"""Two bytes begin a zlib stream by chance; data that fails sooner was none."""
_BLOCK = 512


def gzipped(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield the content of a gzip file; bytes after its last member are no damage."""
    with gzip.GzipFile(fileobj=stream) as opened:
        begun = False

        def read(amount: int) -> bytes:
            nonlocal begun
            try:
                data = opened.read1(amount)
            except gzip.BadGzipFile as error:
                if not (begun and str(error).startswith("Not a gzipped")):
                    raise
                return b""
            begun = True
            return data

        yield unpacked("gzip", read, _ERRORS)


def bzipped(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield the content of a bz2 file."""
    with bz2.BZ2File(stream) as opened:
        yield unpacked("bz2", opened.read1, _ERRORS)


def xzipped(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield the content of an xz file."""
    with lzma.LZMAFile(stream) as opened:
        yield unpacked("xz", opened.read1, _ERRORS)


def zstandard(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield the content of a zstd file."""
    yield _by_arrow("zstd", stream)


def lz4(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield the content of an lz4 frame."""
    yield _by_arrow("lz4", stream)


def _by_arrow(kind: str, stream: IO[bytes]) -> DecodedPart:
    opened = pa.CompressedInputStream(pa.PythonFile(io.BufferedReader(_Kept(stream)), mode="r"), kind)
    return unpacked(kind, opened.read, _ERRORS)


class _Kept(io.RawIOBase):
    """A stream that stays open when a library closes it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)


def zlibbed(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield the content of a zlib stream; nothing if the first bytes only looked like one."""
    unpacker = zlib.decompressobj()
    waiting = b""

    def read(amount: int) -> bytes:
        nonlocal waiting
        while not unpacker.eof:
            waiting = waiting or stream.read(READ_BYTES)
            if not waiting:
                raise EOFError
            data = unpacker.decompress(waiting, amount)
            waiting = unpacker.unconsumed_tail
            if data:
                return data
        return b""

    part = unpacked("zlib", read, _ERRORS)
    got = len(part.stream.read(_TRUST))
    part.stream.seek(0)
    if got and (part.whole or got == _TRUST):
        yield part
    elif got:
        yield DecodedPart(part.kind, part.stream, count=0)


def zipped(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield the names and the members of a zip."""
    if _directory_bytes(stream) > _DIRECTORY_BYTES:
        raise ValueError
    with zipfile.ZipFile(stream) as archive:
        yield joined("zip/name", [archive.comment, *(_raw(each.filename) for each in archive.infolist())], 0)
        for each in archive.infolist():
            if each.is_dir():
                continue
            try:
                opened = archive.open(each)
            except _ERRORS:  # encrypted, or packed in a way that is not known
                yield DecodedPart("zip", io.BytesIO(), whole=False)
                continue
            with opened:
                yield unpacked("zip", cast("io.BufferedReader", opened).read1, _ERRORS)


def _directory_bytes(stream: IO[bytes]) -> int:
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, end - _END_LONG - _LONGEST_COMMENT))
    tail = stream.read()
    at = tail.rfind(_END)
    stream.seek(0)
    if not 0 <= at <= len(tail) - _END_LONG:
        raise ValueError
    return int(struct.unpack_from("<L", tail, at + 12)[0])


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def tarred(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield the names and the members of a tar; one that ends before its closing block is not whole."""
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # or it keeps them all
            known = [member.name, member.linkname, member.uname, member.gname, *map(str, member.pax_headers.values())]
            yield joined("tar/name", [_raw(text) for text in known], 0)
            opened = archive.extractfile(member) if member.isreg() else None
            if opened is not None:
                yield unpacked("tar", cast("io.BufferedReader", opened).read1, _ERRORS)
        stream.seek(archive.offset)
        closing = stream.read(_BLOCK)
    if len(closing) < _BLOCK or closing.strip(b"\0"):
        yield DecodedPart("tar", io.BytesIO(), count=0, whole=False)


def wide_text(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield a text in UTF-16 as UTF-8."""
    data = stream.read(MEMBER_BYTES + 1)
    text = data[:MEMBER_BYTES].decode("utf-16", "replace").encode("utf-8", "replace")
    yield DecodedPart("utf-16", io.BytesIO(text), whole=len(data) <= MEMBER_BYTES)
