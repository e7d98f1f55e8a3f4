"""CSV and TSV, one record per line: each line is decoded, split and judged on its own.

A quoted field may hold delimiters and doubled quotes but no line break: if it could, one person's unbalanced quote
would swallow another person's rows (DECISIONS.md, "One record per line").
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.errors import FileRefusedError

BLOCK_BYTES = 16 * 1024 * 1024
LINE_BYTES = 256 * 1024
"""A longer line is refused as a row; it is skipped without being held in memory."""

csv.field_size_limit(max(csv.field_size_limit(), LINE_BYTES))  # its own limit is less than a line's

LINE_SCHEMA = {"line": pl.Int64, "text": pl.String}
BAD_SCHEMA = {"line": pl.Int64, "rule": pl.String, "column": pl.String}


@dataclass(frozen=True)
class Fields:
    """Which columns of a file are read, by our names, and which are only counted and dropped."""

    required: dict[str, str]
    """Our name to the file's column; the header must have it."""
    optional: dict[str, str | None]
    """Our name to the file's column; absent or None means empty everywhere."""
    free_text: tuple[str, ...] = ()


@dataclass(frozen=True)
class RawRows:
    """Some rows of a file as text: `line` and one String column per name of `Fields`; bad ones apart."""

    rows: pl.DataFrame
    bad: pl.DataFrame
    """`line, rule, column`: one row per bad line."""
    free_text_fields: int


def read_delimited(path: Path, delimiter: str, fields: Fields) -> Iterator[RawRows]:
    """Yield the file's rows in order, some at a time; blank lines are no rows.

    Raises:
        FileRefusedError: for the file's header or container only, never for a row.
    """
    blocks = _blocks(path)
    header_bytes, first = next(blocks, (None, []))
    if header_bytes is None:
        message = "The file is empty: not even a header line."
        raise FileRefusedError(message, "Export the file again.")
    header = _header(header_bytes, delimiter, fields)
    yield _split(first, header, delimiter, fields)
    for _, numbered in blocks:
        yield _split(numbered, header, delimiter, fields)


def _blocks(path: Path) -> Iterator[tuple[bytes | None, list[tuple[int, bytes]]]]:
    """Yield (header, numbered lines) first, then (None, numbered lines); lines are numbered from 1, header included."""
    header: bytes | None = None
    line = 0
    carry = b""
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK_BYTES)
            last = not block
            lines = (carry + block).split(b"\n")
            carry = b"" if last else lines.pop()[: LINE_BYTES + 1]
            if last and lines == [b""]:
                return
            if header is None and lines:
                header = lines.pop(0)
                line = 1
                yield header, _numbered(lines, line)
            elif lines:
                yield None, _numbered(lines, line)
            line += len(lines)
            if last:
                return


def _numbered(lines: list[bytes], before: int) -> list[tuple[int, bytes]]:
    # An over-long line counts as a row even where all that was kept of it is white space.
    return [
        (before + position, text)
        for position, text in enumerate(lines, start=1)
        if len(text) > LINE_BYTES or text.strip()
    ]


def _header(line: bytes, delimiter: str, fields: Fields) -> list[str]:
    action = "Check the file against the source's declaration in contracts/sources, or name another source."
    try:
        text = line.decode("utf-8-sig")
        names = [name.strip() for name in next(csv.reader([text.rstrip("\r")], delimiter=delimiter, strict=True), [])]
    except (UnicodeDecodeError, csv.Error):
        names = []
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


def _split(numbered: list[tuple[int, bytes]], header: list[str], delimiter: str, fields: Fields) -> RawRows:
    lines, bad = _decode(numbered)
    simple = ~pl.col("text").str.contains('"', literal=True)
    width = len(header)
    plain = lines.filter(simple)
    quoted = lines.filter(~simple)
    fits = plain["text"].str.count_matches(delimiter, literal=True) == width - 1
    ragged = plain.filter(~fits)["line"]
    plain = plain.filter(fits)
    names = [f"field_{position}" for position in range(width)]
    cells = plain["text"].str.split_exact(delimiter, width - 1).struct.rename_fields(names).struct.unnest()
    parts = [cells.insert_column(0, plain["line"])]
    if quoted.height:
        parsed, odd = _parse_quoted(quoted, delimiter, names)
        parts.append(parsed)
        bad.extend(odd)
    bad.extend((line, "ragged", "") for line in ragged)
    table = pl.concat(parts)
    chosen = {**fields.required, **{ours: name for ours, name in fields.optional.items() if name in header}}
    rows = table.select(
        "line",
        *(pl.col(f"field_{header.index(name)}").str.strip_chars().alias(ours) for ours, name in chosen.items()),
        *(pl.lit("", dtype=pl.String).alias(ours) for ours in fields.optional if ours not in chosen),
    )
    dropped = [
        int((table[f"field_{header.index(name)}"].str.strip_chars() != "").sum())
        for name in fields.free_text
        if name in header
    ]
    return RawRows(rows, pl.DataFrame(bad, schema=BAD_SCHEMA, orient="row"), sum(dropped))


def _decode(numbered: list[tuple[int, bytes]]) -> tuple[pl.DataFrame, list[tuple[int, str, str]]]:
    """Decode each line singly; a bad byte affects its own line only."""
    bad: list[tuple[int, str, str]] = []
    numbers: list[int] = []
    texts: list[str] = []
    for number, raw in numbered:
        if len(raw) > LINE_BYTES:
            bad.append((number, "line_too_long", ""))
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            bad.append((number, "not_utf8", ""))
            continue
        if "\x00" in text:
            bad.append((number, "nul_byte", ""))
            continue
        numbers.append(number)
        texts.append(text.removesuffix("\r"))
    return pl.DataFrame({"line": numbers, "text": texts}, schema=LINE_SCHEMA), bad


def _parse_quoted(
    lines: pl.DataFrame, delimiter: str, names: list[str]
) -> tuple[pl.DataFrame, list[tuple[int, str, str]]]:
    bad: list[tuple[int, str, str]] = []
    rows: list[list[int | str]] = []
    for line, text in lines.iter_rows():
        try:
            cells = next(csv.reader([text], delimiter=delimiter, strict=True))
        except csv.Error:
            bad.append((line, "broken_quotes", ""))
            continue
        if len(cells) != len(names):
            bad.append((line, "ragged", ""))
        else:
            rows.append([line, *cells])
    schema = {"line": pl.Int64, **dict.fromkeys(names, pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row"), bad
