"""Small CSV files, read record by record; large ones are the `generic` reader's."""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.lines import LINE_BYTES, numbered_lines
from analytics.vault.readers.shared.rows import RowRefusedError

TABLE_BYTES = 64 * 1024 * 1024
"""A larger file of one person is refused: nobody writes so many moods."""

Cells = dict[str, str]
Numbered = tuple[int, Cells | RowRefusedError]

csv.field_size_limit(max(csv.field_size_limit(), TABLE_BYTES))


def one_person_s_table(path: Path, delimiter: str = ",") -> tuple[list[str], Iterator[Numbered]]:
    """Return the header and the records of one person's file; a quoted cell may hold line breaks.

    A record's number is that of its last line. Bytes that are no UTF-8 stand in the cells as lone surrogates, which
    `gather` refuses where they are read. Where quotes do not end, each line is judged by itself, so that one
    lost quote does not swallow what follows.

    Raises:
        FileRefusedError: if it is too large, empty, or has no header.
    """
    if path.stat().st_size > TABLE_BYTES:
        message = f"The file is larger than {TABLE_BYTES // 1024 // 1024} MiB, which is too much for one person's."
        raise FileRefusedError(message, "Check that it is what the source's declaration says.")
    text = path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    whole = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True)
    records = None
    with suppress(csv.Error):
        records = [(whole.line_num, cells) for cells in whole if len(cells) > 1 or any(cell.strip() for cell in cells)]
    if records is None:
        return table_of_lines(path, delimiter)
    header = _header(records[0][1] if records else [])
    return header, _cells(header, ((line, cells) for line, cells in records[1:] if any(cell.strip() for cell in cells)))


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


def _record(data: bytes, delimiter: str) -> list[str] | RowRefusedError:
    try:
        return next(csv.reader([data.decode("utf-8", "surrogateescape")], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return RowRefusedError("broken_quotes")


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
            yield line, RowRefusedError("ragged")
        else:
            yield line, dict(zip(header, cells, strict=True))
