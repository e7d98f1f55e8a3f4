"""Large CSV and TSV files, one record per line: each line is split and judged on its own, most of them at once.

A quoted field may hold delimiters and doubled quotes but no line break: if it could, one person's unbalanced quote
would swallow another person's rows (DECISIONS.md, "One record per line"). Lines that are plain beyond doubt (the
right number of delimiters, no quote, no NUL, valid UTF-8) are split together by Polars; every other line goes through
Python's `csv` by itself, which is the definition of what a line says.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.lines import LINE_BYTES
from analytics.vault.readers.shared.rows import BAD_SCHEMA, RawRows
from analytics.vault.validation.rule_names import RuleName

BLOCK_BYTES = 16 * 1024 * 1024

csv.field_size_limit(max(csv.field_size_limit(), LINE_BYTES))  # its own limit is less than a line's

LINE_SCHEMA = {"line": pl.Int64, "text": pl.String}

_NEWLINE, _RETURN, _QUOTE, _NUL, _LAST_BLANK, _FIRST_WIDE, _MARK = 10, 13, 34, 0, 32, 128, 0xEF
_BLANKS = " \t\r\v\f"
_MOST_TOGETHER = 1000
"""Columns beyond which quoted lines are split one by one: their pattern would be too large to compile."""
_FIELD = '(?:[^"\r{0}]*|"(?:[^"]|"")*")'

Bad = list[tuple[int, RuleName, str]]
Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Chosen = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Fields:
    """Which columns of a file are read, by our names, and which are only counted and dropped."""

    required: dict[str, str]
    """Our name to the file's column; the header must have it."""
    optional: dict[str, str | None]
    """Our name to the file's column; absent or None means empty everywhere."""
    free_text: tuple[str, ...] = ()


def read_delimited(path: Path, delimiter: str, fields: Fields) -> Iterator[RawRows]:
    """Yield the file's rows, some at a time and within them in any order; blank lines are no rows.

    Texts may have white space around them.

    Raises:
        FileRefusedError: for the file's header or container only, never for a row.
    """
    blocks = _blocks(path)
    block = next(blocks, b"")
    if not block:
        message = "The file is empty: not even a header line."
        raise FileRefusedError(message, "Export the file again.")
    end = block.index(b"\n") + 1
    table = _Table(_header(block[: end - 1], delimiter, fields), delimiter, fields)
    line = 2
    block = block[end:]
    while True:
        rows, lines = table.rows_of(block, line)
        yield rows
        line += lines
        following = next(blocks, None)
        if following is None:
            return
        block = following


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield the file in blocks of whole lines; of a line that is too long, only its beginning is kept."""
    with path.open("rb") as file:
        while read := file.read(BLOCK_BYTES):
            rest = file.readline(LINE_BYTES + 1)
            block = read + rest
            while len(rest) > LINE_BYTES and not rest.endswith(b"\n"):
                rest = file.readline(LINE_BYTES + 1)
            yield block if block.endswith(b"\n") else block + b"\n"


def _header(line: bytes, delimiter: str, fields: Fields) -> list[str]:
    action = "Check the file against the source's declaration in contracts/sources, or name another source."
    try:
        text = line.decode("utf-8-sig")
        names = [name.strip() for name in next(csv.reader([text.rstrip("\r")], delimiter=delimiter, strict=True), [])]
    except (UnicodeDecodeError, csv.Error):
        names = []
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = "The file is UTF-16."
        raise FileRefusedError(message, "Save it as UTF-8 (in Excel: CSV UTF-8) and send it again.")
    if not names or len(line) > LINE_BYTES or "\x00" in "".join(names):
        message = "The header line cannot be read as UTF-8 text."
        raise FileRefusedError(message, action)
    missing = [name for name in fields.required.values() if name not in names]
    if missing:
        shown = {",": "a comma", "\t": "a tab", ";": "a semicolon"}[delimiter]
        message = f"The header lacks {', '.join(missing)} (fields are separated by {shown} in this source)."
        raise FileRefusedError(message, action)
    wanted = [*fields.required.values(), *fields.optional.values(), *fields.free_text]
    repeated = [name for name in wanted if name is not None and names.count(name) > 1]
    if repeated:
        message = f"The header names {', '.join(repeated)} more than once."
        raise FileRefusedError(message, action)
    return names


class _Table:
    """One file's columns: which of them are read, and how a line becomes them."""

    def __init__(self, header: list[str], delimiter: str, fields: Fields) -> None:
        self._width = len(header)
        self._delimiter = delimiter
        chosen = {**fields.required, **{ours: name for ours, name in fields.optional.items() if name in header}}
        self._chosen = {ours: header.index(str(name)) for ours, name in chosen.items()}
        self._absent = [ours for ours in fields.optional if ours not in chosen]
        self._free_text = [header.index(name) for name in fields.free_text if name in header]
        self._read = sorted({*self._chosen.values(), *self._free_text})
        field = _FIELD.format(delimiter)
        self._well_quoted = f"^{field}(?:{delimiter}{field}){{{self._width - 1}}}$"

    def rows_of(self, block: bytes, first: int) -> tuple[RawRows, int]:
        """Return the rows of a block of whole lines, of which the first has the number `first`, and how many lines."""
        if not block:
            return self._raw(pl.DataFrame(schema=self._schema([])), []), 0
        data = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero(data == _NEWLINE)
        starts = np.concatenate([[0], ends[:-1] + 1])
        plain = self._plain(block, data, starts, ends)
        odd = np.flatnonzero(~plain)
        if not len(odd):
            return self._raw(self._split(block, np.arange(first, first + len(ends))), []), len(ends)
        lines, bad = _decoded(_chosen_lines(block, data, ~plain, starts, ends), odd + first)
        kept = _chosen_lines(block, data, plain, starts, ends)
        table = pl.concat([self._split(kept, first + np.flatnonzero(plain)), self._parse(lines, bad)])
        return self._raw(table, bad), len(ends)

    def _plain(self, block: bytes, data: Bytes, starts: Places, ends: Places) -> Chosen:
        """Say which lines are beyond doubt."""
        plain: Chosen = (self._delimiters(data, starts) == self._width - 1) & (ends - starts <= LINE_BYTES)
        plain &= data[starts] > _LAST_BLANK  # a blank line, or one that begins with an empty field
        doubtful = [_QUOTE] * (b'"' in block) + [_NUL] * (b"\x00" in block)
        for byte in doubtful:
            plain[np.searchsorted(ends, np.flatnonzero(data == byte))] = False
        returns = np.flatnonzero(data == _RETURN) if b"\r" in block else ends[:0]
        plain[np.searchsorted(ends, returns[data[returns + 1] != _NEWLINE])] = False
        plain &= data[starts] != _MARK  # perhaps a byte order mark, as files joined end to end have them within
        if not block.isascii() and not _is_utf8(block):
            plain[np.searchsorted(ends, np.flatnonzero(data >= _FIRST_WIDE))] = False
        return plain

    def _delimiters(self, data: Bytes, starts: Places) -> npt.NDArray[np.integer[Any]]:
        """Count each line's delimiters, in bytes where none has so many that a byte would turn over."""
        found = (data == ord(self._delimiter)).view(np.uint8)
        counts = np.add.reduceat(found, starts)
        if int(counts.sum(dtype=np.int64)) == np.count_nonzero(found):
            return counts
        return np.add.reduceat(found, starts, dtype=np.int64)

    def _split(self, block: bytes, lines: Places, quote: str | None = None) -> pl.DataFrame:
        """Split whole lines that have the right number of fields each."""
        if not len(lines):
            return pl.DataFrame(schema=self._schema(self._read))
        cells = pl.read_csv(
            block,
            has_header=False,
            separator=self._delimiter,
            quote_char=quote,
            schema={f"field_{at}": pl.String for at in range(self._width)},
            columns=self._read,
            empty_string_is_null=False,
        )
        return cells.insert_column(0, pl.Series("line", lines, dtype=pl.Int64))

    def _parse(self, lines: pl.DataFrame, bad: Bad) -> pl.DataFrame:
        """Split lines that hold quotes: well-formed ones together, others one by one."""
        together = self._width <= _MOST_TOGETHER
        well = (
            lines["text"].str.contains(self._well_quoted)
            if together
            else pl.repeat(value=False, n=lines.height, eager=True)
        )
        good, others = (lines, lines.clear()) if well.all() else (lines.filter(well), lines.filter(~well))
        block = ("\n".join(good["text"]) + "\n").encode()
        table = self._split(block, good["line"].to_numpy(), '"')
        rows: list[list[int | str]] = []
        for line, text in others.iter_rows():
            try:
                cells = next(csv.reader([text], delimiter=self._delimiter, strict=True), [])
            except csv.Error:
                bad.append((line, RuleName.BROKEN_QUOTES, ""))
                continue
            if len(cells) != self._width:
                bad.append((line, RuleName.RAGGED, ""))
            else:
                rows.append([line, *(cells[at] for at in self._read)])
        return pl.concat([table, pl.DataFrame(rows, schema=self._schema(self._read), orient="row")])

    def _schema(self, places: list[int]) -> dict[str, type[pl.DataType]]:
        return {"line": pl.Int64, **{f"field_{at}": pl.String for at in places}}

    def _raw(self, table: pl.DataFrame, bad: Bad) -> RawRows:
        if table.width == 1:
            table = pl.DataFrame(schema=self._schema(self._read))
        rows = table.select(
            "line",
            *(pl.col(f"field_{at}").alias(ours) for ours, at in self._chosen.items()),
            *(pl.lit("", dtype=pl.String).alias(ours) for ours in self._absent),
        )
        dropped = [_filled(table[f"field_{at}"]) for at in self._free_text]
        return RawRows(rows, pl.DataFrame(bad, schema=BAD_SCHEMA, orient="row"), sum(dropped))


def _filled(texts: pl.Series) -> int:
    """Count the texts that are more than white space."""
    return int((texts.filter(texts != "").str.strip_chars() != "").sum())


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _chosen_lines(block: bytes, data: Bytes, chosen: Chosen, starts: Places, ends: Places) -> bytes:
    """Return the chosen lines, each with its line end."""
    return block if chosen.all() else data[np.repeat(chosen, ends - starts + 1)].tobytes()


def _decoded(block: bytes, numbers: Places) -> tuple[pl.DataFrame, Bad]:
    """Decode lines, all at once where nothing speaks against it; a bad byte affects its own line only.

    Blank lines are no rows.
    """
    raw = block.split(b"\n")[:-1]
    if b"\x00" in block or not _is_utf8(block) or max(map(len, raw)) > LINE_BYTES:
        lines, bad = _decoded_singly(raw, numbers)
    else:
        lines, bad = pl.DataFrame({"line": numbers, "text": block.decode().split("\n")[:-1]}, schema=LINE_SCHEMA), []
    lines = lines.with_columns(pl.col("text").str.strip_suffix("\r").str.strip_chars_start("\ufeff"))
    return lines.filter(pl.col("text").str.strip_chars(_BLANKS) != ""), bad


def _decoded_singly(raw: list[bytes], numbers: Places) -> tuple[pl.DataFrame, Bad]:
    bad: Bad = []
    texts: list[tuple[int, str]] = []
    for number, line in zip(numbers.tolist(), raw, strict=True):
        if len(line) > LINE_BYTES:
            bad.append((number, RuleName.LINE_TOO_LONG, ""))
            continue
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            bad.append((number, RuleName.NOT_UTF8, ""))
            continue
        if "\x00" in text:
            bad.append((number, RuleName.NUL_BYTE, ""))
        else:
            texts.append((number, text))
    return pl.DataFrame(texts, schema=LINE_SCHEMA, orient="row"), bad
