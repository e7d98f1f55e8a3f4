"""Parquet from strangers: a batch of rows at a time, each column that is read as text.

What bounds it: rows in all by the file's size, rows and distinct texts of a batch, lists in the footer. What does not:
one page of a column may be decompressed to 2 GiB, which is the format's own limit and the library's.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.delimited import Fields
from analytics.vault.readers.shared.rows import BAD_SCHEMA, CHUNK_ROWS, TEXT_CHARACTERS, RawRows
from analytics.vault.readers.shared.timeforms import local_texts
from analytics.vault.validation.rule_names import RuleName

TEXT_BYTES = 4 * TEXT_CHARACTERS
"""What is longer in UTF-8 is too long a text, and need not be decoded to tell."""

ROWS_PER_BYTE = 8
ROWS_ALWAYS = 1_000_000
"""Rows that a file may have whatever its size. A page of a few bytes can claim two thousand million empty rows; a row
that says who felt what and when takes more than a bit."""

_FOOTER_TEXTS = 16 * 1024 * 1024
_FOOTER_LISTS = 100_000
_BUFFER = 1024 * 1024

_TO_MICROS = {"s": (1_000_000, 1), "ms": (1000, 1), "us": (1, 1), "ns": (1, 1000)}
_MOST_MICROS = 2**63 - 1

_DAMAGED = (pa.ArrowException, ArithmeticError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError)
"""What the library may raise over a damaged file; its texts may quote the file."""


def read_parquet(path: Path, fields: Fields, zone: str) -> Iterator[RawRows]:
    """Yield the file's rows in order; `line` counts rows from 1.

    A `logged_at` that is an instant (a timestamp with a zone, which is UTC to Parquet whatever it is called) becomes
    the wall clock of `zone` with its offset.

    Raises:
        FileRefusedError: if the file is damaged, or lacks a column, or has one that holds no single values.
    """
    parts = _parts(path, fields, zone)
    while True:
        part = None
        damaged = False
        try:
            part = next(parts, None)
        except _DAMAGED:
            damaged = True
        if damaged:
            message = "The file is damaged, or is not a Parquet file."
            raise FileRefusedError(message, "Export the file again.")
        if part is None:
            return
        yield part


def _parts(path: Path, fields: Fields, zone: str) -> Iterator[RawRows]:
    most = max(ROWS_ALWAYS, ROWS_PER_BYTE * path.stat().st_size)
    chosen, notes, texts = _columns(path, fields)
    names = list(dict.fromkeys([*chosen.values(), *notes]))
    rows = 0
    with _opened(path, texts) as file:
        for batch in file.iter_batches(batch_size=CHUNK_ROWS, columns=names, use_threads=False):
            if rows + batch.num_rows > most:
                message = "The Parquet file has more rows than its size can hold."
                raise FileRefusedError(message, "Export the file again.")
            part = _part(batch, chosen, notes, tuple(fields.optional), rows)
            yield replace(part, rows=_in_zone(part.rows, batch.column(chosen["logged_at"]), rows, zone))
            rows += batch.num_rows
        if not rows:
            schema = {"line": pl.Int64, **dict.fromkeys([*fields.required, *fields.optional], pl.String)}
            yield RawRows(pl.DataFrame(schema=schema), pl.DataFrame(schema=BAD_SCHEMA), 0)


def _opened(path: Path, texts: list[str]) -> pq.ParquetFile:
    return pq.ParquetFile(
        path,
        read_dictionary=texts,  # a text is held once a batch, however many rows repeat it
        buffer_size=_BUFFER,
        thrift_string_size_limit=_FOOTER_TEXTS,
        thrift_container_size_limit=_FOOTER_LISTS,
    )


def _columns(path: Path, fields: Fields) -> tuple[dict[str, str], list[str], list[str]]:
    """Return our names to the file's columns, those of free text, and the columns of text among both."""
    with _opened(path, []) as file:
        schema = file.schema_arrow
    missing = [name for name in fields.required.values() if name not in schema.names]
    optional = {ours: name for ours, name in fields.optional.items() if name is not None and name in schema.names}
    chosen = {**fields.required, **optional}
    notes = [name for name in fields.free_text if name in schema.names]
    present = [name for name in [*chosen.values(), *notes] if name in schema.names]
    repeated = [name for name in present if schema.names.count(name) > 1]
    nested = [name for name in chosen.values() if name in schema.names and not repeated and not _is_flat(schema, name)]
    for names, fault in ((missing, "lacks"), (repeated, "names more than once"), (nested, "holds no single values in")):
        if names:
            message = f"The Parquet file {fault} {', '.join(names)}."
            action = "Check the file against the source's declaration in contracts/sources, or name another source."
            raise FileRefusedError(message, action)
    return chosen, notes, [name for name in present if _is_text(schema.field(name).type)]


_TEXT_TESTS = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_binary_view,
)
_FLAT_TESTS = (
    *_TEXT_TESTS,
    pa.types.is_null,
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_date,
    pa.types.is_time,
    pa.types.is_timestamp,
)


def _is_text(kind: pa.DataType) -> bool:
    return any(test(_of_values(kind)) for test in _TEXT_TESTS)


def _is_flat(schema: pa.Schema, name: str) -> bool:
    return any(test(_of_values(schema.field(name).type)) for test in _FLAT_TESTS)


def _of_values(kind: pa.DataType) -> pa.DataType:
    """Return the type of the values: a dictionary's own, or the type itself."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _part(
    batch: pa.RecordBatch, chosen: dict[str, str], notes: list[str], optional: tuple[str, ...], before: int
) -> RawRows:
    lines = pl.int_range(before + 1, before + batch.num_rows + 1, dtype=pl.Int64, eager=True).alias("line")
    texts, faults = [], []
    for ours, name in chosen.items():
        text, fault = _texts(batch.column(name))
        texts.append(text.alias(ours))
        if fault.null_count() < fault.len():
            faults.append(
                pl.DataFrame({"line": lines, "rule": fault, "column": pl.repeat(ours, len(lines), eager=True)})
            )
    rows = pl.DataFrame([lines, *texts]).with_columns(
        pl.lit("", dtype=pl.String).alias(ours) for ours in optional if ours not in chosen
    )
    bad = pl.concat([pl.DataFrame(schema=BAD_SCHEMA), *faults]).drop_nulls("rule")
    bad = bad.unique("line", keep="first", maintain_order=True)
    free_text = sum(_filled(batch.column(name)) for name in notes)
    return RawRows(rows.filter(~pl.col("line").is_in(bad["line"].implode())), bad, free_text)


def _in_zone(rows: pl.DataFrame, column: pa.Array, before: int, zone: str) -> pl.DataFrame:
    """Tell instants of `logged_at` on the clock of `zone`; one beyond our years keeps its text."""
    kind = _of_values(column.type)
    if not pa.types.is_timestamp(kind) or kind.tz is None:
        return rows
    places = rows["line"] - before - 1
    column = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    numbers = pl.Series(column.cast(pa.int64()).to_pylist(), dtype=pl.Int64).gather(places)
    up, down = _TO_MICROS[kind.unit]
    most = _MOST_MICROS // up
    safe = numbers.is_between(-most, most)
    result = local_texts(numbers.set(~safe, None) * up // down, zone)
    return rows.with_columns(logged_at=pl.coalesce(result, rows["logged_at"]))


def _texts(column: pa.Array) -> tuple[pl.Series, pl.Series]:
    """Return a column as text, empty where it is null, and per row the rule that it breaks, else null."""
    indices, values = _distinct(column)
    read = [(text.strip(), rule) for text, rule in _spelled(values)]
    codes = pl.Series(indices.to_numpy(zero_copy_only=False), dtype=pl.Int64)
    texts = pl.Series(["", *(text for text, _ in read)], dtype=pl.String)
    rules = pl.Series([None, *(rule for _, rule in read)], dtype=pl.String)
    return texts.gather(codes), rules.gather(codes)


def _distinct(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return per row the place of its value, from 1, or 0 for null; and the values."""
    encoded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
    encoded.indices.validate(full=True)
    indices = pc.fill_null(pc.add(encoded.indices.cast(pa.int64()), 1), 0)
    places = pc.min_max(indices).as_py()
    if len(indices) and not 0 <= places["min"] <= places["max"] <= len(encoded.dictionary):
        message = "a place beyond the dictionary"
        raise ValueError(message)
    return indices, encoded.dictionary


def _spelled(values: pa.Array) -> list[tuple[str, RuleName | None]]:
    """Return each value as text, or the rule that it breaks."""
    kind = values.type
    if _is_text(kind):
        return [_decoded(data) for data in values.cast(pa.large_binary()).to_pylist()]
    if pa.types.is_boolean(kind):
        return [("", RuleName.UNREADABLE)] * len(values)
    if pa.types.is_floating(kind):  # the shortest decimal that is this number; 7.0 is an id's 7
        numbers = values.to_numpy(zero_copy_only=False)
        return [(np.format_float_positional(number, trim="-"), None) for number in numbers]
    if pa.types.is_decimal(kind):
        return [("" if number is None else format(number, "f"), None) for number in values.to_pylist()]
    suffix = ""
    if pa.types.is_timestamp(kind):
        suffix = "" if kind.tz is None else "Z"
        values = values.cast(pa.int64()).cast(
            pa.timestamp(kind.unit)
        )  # the instant in UTC, whatever the zone is called
    texts = values.cast(pa.string()).to_pylist()
    return [("" if text is None else text.replace(" ", "T") + suffix, None) for text in texts]


def _decoded(data: bytes | None) -> tuple[str, RuleName | None]:
    if data is None:
        return "", None
    if b"\x00" in data:
        return "", RuleName.NUL_BYTE
    if len(data) > TEXT_BYTES:
        return "", RuleName.TOO_LONG
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "", RuleName.NOT_UTF8
    return (text, None) if len(text) <= TEXT_CHARACTERS else ("", RuleName.TOO_LONG)


def _filled(column: pa.Array) -> int:
    """Count values of free text that are more than white space; of other kinds, all that are there."""
    kind = column.type
    if not _is_text(kind):
        return len(column) - int(column.null_count)
    indices, values = _distinct(column)
    kept = [bool(data and data.strip()) for data in values.cast(pa.large_binary()).to_pylist()]
    filled = pl.Series([False, *kept], dtype=pl.Boolean)
    places = pl.Series(indices.to_numpy(zero_copy_only=False), dtype=pl.Int64)
    return filled.gather(places).to_list().count(True)
