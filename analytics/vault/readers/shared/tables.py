"""Small CSV files, read record by record; large ones are the `generic` reader's."""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.lines import LINE_BYTES, numbered_lines
from analytics.vault.readers.shared.rows import RowRefusedError
from analytics.vault.validation.rule_names import RuleName

TABLE_BYTES = 64 * 1024 * 1024
"""A larger file of one person is refused: no person logs so many moods."""

_MOST_BROKEN = 100
"""After so many lost quotes none is believed beyond its line: each costs a look at all that follows."""
_FEWEST_TELLING = 3
"""A line of a note may well hold one delimiter; with fewer columns than these it is no sign of a row."""

Cells = dict[str, str]
Numbered = tuple[int, Cells | RowRefusedError]

csv.field_size_limit(max(csv.field_size_limit(), TABLE_BYTES))


def one_person_s_table(path: Path, delimiter: str = ",") -> tuple[list[str], Iterator[Numbered]]:
    """Return the header and the records of one person's file; a quoted cell may hold line breaks.

    A record's number is that of its last line. Bytes that are no UTF-8 stand in the cells as lone surrogates, which
    `gather` refuses where they are read. Where quotes do not end, or end so late that rows lie between them, the
    record's first line is judged by itself and reading goes on behind it: a lost quote does not swallow what follows.

    Raises:
        FileRefusedError: if it is too large, empty, or has no header.
    """
    if path.stat().st_size > TABLE_BYTES:
        message = f"The file is larger than {TABLE_BYTES // 1024 // 1024} MiB, which is too much for one person's file."
        raise FileRefusedError(message, "Check that the file has the format that the source's declaration names.")
    text = path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    records = _records(_Lines(text), delimiter)
    _, cells = next(records, (0, []))
    header = _header([] if isinstance(cells, RowRefusedError) else cells)
    return header, _cells(header, (record for record in records if _says_anything(record[1])))


def table_of_lines(path: Path, delimiter: str = ",") -> tuple[list[str], Iterator[Numbered]]:
    """Return the header and the records of a file of one record per line, each read by itself.

    Raises:
        FileRefusedError: if it is empty, or has no header.
    """
    lines = numbered_lines(path)
    _, first = next(lines, (0, b""))
    if isinstance(first, RowRefusedError):
        first = b""
    cells = _record(first.removeprefix(b"\xef\xbb\xbf"), delimiter)
    header = _header([] if isinstance(cells, RowRefusedError) else cells)
    records = ((line, data if isinstance(data, RowRefusedError) else _record(data, delimiter)) for line, data in lines)
    return header, _cells(header, records)


def require(header: list[str], *names: str) -> None:
    """Make sure that the header has each of `names` once.

    Raises:
        FileRefusedError: if not.
    """
    action = "Check the file against the source's declaration in contracts/sources, or name another source."
    missing = [name for name in names if name not in header]
    if missing:
        message = f"The header lacks {', '.join(missing)}."
        raise FileRefusedError(message, action)
    repeated = [name for name in names if header.count(name) > 1]
    if repeated:
        message = f"The header names {', '.join(repeated)} more than once."
        raise FileRefusedError(message, action)


class _Lines:
    """Lines of a text, with a way back to one."""

    def __init__(self, text: str) -> None:
        self._text = io.StringIO(text, newline="\n")
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline()
        if not line:
            raise StopIteration
        self.number += 1
        return line

    def place(self) -> tuple[int, int]:
        return self._text.tell(), self.number

    def back(self, place: tuple[int, int]) -> None:
        offset, self.number = place
        self._text.seek(offset)


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | RowRefusedError]]:
    """Yield what is not blank; the first is the header."""
    width = broken = 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while broken < _MOST_BROKEN:
        place = lines.place()
        try:
            cells = next(reader, None)
        except csv.Error:
            believed = False
        else:
            if cells is None:
                return
            believed = lines.number - place[1] == 1 or not _hides_rows(lines, place, width, delimiter)
        if believed and cells is not None:
            if len(cells) > 1 or _says_anything(cells):
                width = width or len(cells)
                yield lines.number, cells
            continue
        broken += 1
        lines.back(place)
        yield from _singly(lines, delimiter, 1)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
    yield from _singly(lines, delimiter)


def _hides_rows(lines: _Lines, place: tuple[int, int], width: int, delimiter: str) -> bool:
    """Say whether a record since `place` has a line that is a whole row by itself: quotes were lost before it."""
    if width < _FEWEST_TELLING:
        return False
    end = lines.place()
    lines.back(place)
    inner = itertools.islice(lines, 1, end[1] - place[1])
    found = any(line.count(delimiter) >= width - 1 and len(_split(line, delimiter)) == width for line in inner)
    lines.back(end)
    return found


def _singly(
    lines: _Lines, delimiter: str, most: int | None = None
) -> Iterator[tuple[int, list[str] | RowRefusedError]]:
    for line in itertools.islice(lines, most):
        if len(line.rstrip("\r\n").encode("utf-8", "surrogateescape")) > LINE_BYTES:
            yield lines.number, RowRefusedError(RuleName.LINE_TOO_LONG)
        elif line.strip():
            yield lines.number, _split(line, delimiter) or RowRefusedError(RuleName.BROKEN_QUOTES)


def _says_anything(cells: list[str] | RowRefusedError) -> bool:
    return isinstance(cells, RowRefusedError) or any(cell.strip() for cell in cells)


def _split(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line that is a record by itself, else none."""
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _record(data: bytes, delimiter: str) -> list[str] | RowRefusedError:
    return _split(data.decode("utf-8", "surrogateescape"), delimiter) or RowRefusedError(RuleName.BROKEN_QUOTES)


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    if not any(names) or sum(map(len, names)) > LINE_BYTES or "\x00" in "".join(names):
        message = "The file has no header line that can be read."
        raise FileRefusedError(message, "Export the file again.")
    return names


def _cells(header: list[str], records: Iterable[tuple[int, list[str] | RowRefusedError]]) -> Iterator[Numbered]:
    for line, cells in records:
        if isinstance(cells, RowRefusedError):
            yield line, cells
        elif len(cells) != len(header):
            yield line, RowRefusedError(RuleName.RAGGED)
        else:
            yield line, dict(zip(header, cells, strict=True))
