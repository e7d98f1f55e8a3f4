"""SQLite files: every row of every table, with and without the write-ahead log beside the file.

Nothing is written: the file is opened as unchangeable, and a file with its log is put together in memory.
"""

import io
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from analytics.sqlfiles import statement
from analytics.vault.residue.parts import MEMBER_BYTES, DecodedPart, joined
from analytics.vault.residue.runs import packed

_SQL = Path(__file__).parent / "sql"
_BATCH_BYTES = 4 * 1024 * 1024
_LONG = 512
_LOG_HEADER, _FRAME_HEADER, _CHAIN = 32, 24, 4
_LOG_MAGIC = (0x377F0682, 0x377F0683)
_LARGEST_PAGE_CODE, _LARGEST_PAGE = 1, 65536
_VERSIONS_AT, _NO_LOG = 18, b"\x01\x01"


def sqlite(stream: IO[bytes], path: Path | None) -> Iterator[DecodedPart]:
    """Yield a SQLite file's schema, names and values; and its pages, with the remains of deleted values."""
    if path is not None:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
            yield from _tables(opened)
        beside = path.with_name(f"{path.name}-wal")
        length = beside.stat().st_size if beside.is_file() else 0
        result = length <= MEMBER_BYTES
        frames = beside.read_bytes() if length and result else b""
    else:
        frames, result = b"", True
    stream.seek(0)
    image = bytearray(stream.read(MEMBER_BYTES + 1))
    if len(image) > MEMBER_BYTES:
        yield DecodedPart("sqlite", io.BytesIO(), 0, whole=path is not None and result and not frames)
        return
    yield DecodedPart(
        "sqlite", io.BytesIO(_without_chains(image, 0, 0, _page_bytes(image))), 0, own=False, whole=result
    )
    if path is not None and not _logged(image, frames):
        return
    image[_VERSIONS_AT : _VERSIONS_AT + 2] = _NO_LOG
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(bytes(image))
        yield from _tables(opened)


def log(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield a write-ahead log's pages one after the other, without the headers between them."""
    data = stream.read(MEMBER_BYTES + 1)
    (page,) = struct.unpack_from(">8xL", data)
    if not _CHAIN < page <= _LARGEST_PAGE:
        raise ValueError
    body = _without_chains(data[:MEMBER_BYTES], _LOG_HEADER, _FRAME_HEADER, page)
    yield DecodedPart("sqlite", io.BytesIO(body), 1, own=False, whole=len(data) <= MEMBER_BYTES)


def _page_bytes(image: bytes | bytearray) -> int:
    (size,) = struct.unpack_from(">H", image, 16)
    return _LARGEST_PAGE if size == _LARGEST_PAGE_CODE else int(size)


def _without_chains(data: bytes | bytearray, start: int, header: int, page: int) -> bytes:
    """Return pages without their first bytes, so that a long value over neighbouring pages is in one piece."""
    step = header + page
    if page <= _CHAIN:
        raise ValueError
    return b"".join(data[at + header + _CHAIN : at + step] for at in range(start, len(data), step))


def _logged(image: bytearray, frames: bytes) -> bool:
    """Put the pages of the log's whole transactions over the image's. Says whether there were any."""
    if len(frames) < _LOG_HEADER:
        return False
    magic, _, page, _, *salts = struct.unpack_from(">LLLLLL", frames)
    if magic not in _LOG_MAGIC or page != _page_bytes(image):
        raise ValueError
    waiting: dict[int, int] = {}
    changed = False
    for at in range(_LOG_HEADER, len(frames) - _FRAME_HEADER - page + 1, _FRAME_HEADER + page):
        number, pages_after, *frame_salts = struct.unpack_from(">LLLL", frames, at)
        if frame_salts != salts:
            break  # left from before the log was restarted
        waiting[number] = at + _FRAME_HEADER
        if pages_after:
            if pages_after * page > MEMBER_BYTES:
                raise ValueError
            image.extend(bytes(max(0, pages_after * page - len(image))))
            for known, place in waiting.items():
                image[(known - 1) * page : known * page] = frames[place : place + page]
            del image[pages_after * page :]
            waiting.clear()
            changed = True
    return changed


def _tables(opened: sqlite3.Connection) -> Iterator[DecodedPart]:
    opened.text_factory = bytes
    opened.execute(statement(_SQL, "sqlite_read_only"))
    schema = opened.execute(statement(_SQL, "sqlite_schema")).fetchall()
    yield joined("sqlite", [value for row in schema for value in row[:3] if value], 0)
    for name, _, _, is_table in schema:
        if is_table:
            yield from _rows(opened, name.decode())


def _rows(opened: sqlite3.Connection, table: str) -> Iterator[DecodedPart]:
    quoted = '"' + table.replace('"', '""') + '"'
    values: list[bytes] = []
    size, count = 0, 1
    for row in opened.execute(statement(_SQL, "sqlite_rows").replace("every_table", quoted)):
        for value in row:
            if value is None:
                continue
            data = value if isinstance(value, bytes) else str(value).encode()
            if packed(data) or len(data) >= _LONG:
                yield DecodedPart("sqlite", io.BytesIO(data), 0)
            else:
                values.append(data)
                size += len(data)
        if size > _BATCH_BYTES:
            yield joined("sqlite", values, count)
            values, size, count = [], 0, 0
    if values or count:
        yield joined("sqlite", values, count)
