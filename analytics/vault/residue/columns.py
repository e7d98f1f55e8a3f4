"""Columns of texts and bytes: Arrow batches, Parquet and Arrow files."""

import io
from collections.abc import Iterable, Iterator
from typing import IO, Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.vault.residue.parts import SEPARATOR, DecodedPart, joined

BATCH_ROWS = 8192
_LONG = 512
"""Bytes from here on may be a packed text without a magic number (a tar)."""

_MAGIC = (
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"PK\x03\x04",
    b"SQLite format 3",
    b"PAR1",
    b"ARROW1",
    b"\x78\x01",
    b"\x78\x5e",
    b"\x78\x9c",
    b"\x78\xda",
)


def parquet(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield a Parquet file's names, metadata and columns of texts and bytes."""
    with pq.ParquetFile(stream, pre_buffer=False) as file:
        schema = file.schema_arrow
        yield joined("parquet", [*_described(schema), *_pairs(file.metadata.metadata)], 1)
        for name in _worth_reading(schema):
            for batch in file.iter_batches(BATCH_ROWS, columns=[name]):
                batch.validate(full=True)
                yield from read("parquet", batch.columns)


def arrow(stream: IO[bytes]) -> Iterator[DecodedPart]:
    """Yield an Arrow file's names, metadata and columns of texts and bytes."""
    with pa.ipc.open_file(stream) as file:
        yield joined("arrow", _described(file.schema), 1)
        for number in range(file.num_record_batches):
            batch = file.get_batch(number)
            batch.validate(full=True)  # offsets that point outside the file would end the process
            yield from read("arrow", batch.columns)


def read(kind: str, columns: Iterable[Any]) -> Iterator[DecodedPart]:
    """Yield the texts and bytes of Arrow columns: together, and one by one where they may be packed."""
    for column in columns:
        for leaf in _leaves(column):
            values = leaf.drop_null()
            if not len(values):
                continue
            every = pa.LargeListArray.from_arrays(pa.array([0, len(values)], pa.int64()), values)
            text = pc.binary_join(every, _separator(values.type))[0].as_buffer()
            yield DecodedPart(kind, pa.BufferReader(text), 0, own=False)
            for packed in _packed(values):
                yield DecodedPart(kind, io.BytesIO(packed), 0)


def _separator(type_: Any) -> Any:  # noqa: ANN401 -- Arrow ships no types
    return pa.scalar(SEPARATOR, type_)


def _packed(values: Any) -> list[bytes]:  # noqa: ANN401 -- Arrow ships no types
    data = pl.Series(pl.from_arrow(values)).cast(pl.Binary)
    begins = (
        data.bin.size() >= _LONG
        if pa.types.is_large_binary(values.type)
        else pl.repeat(value=False, n=len(data), eager=True)
    )
    for magic in _MAGIC:
        begins = begins | data.bin.starts_with(magic)
    return data.filter(begins).to_list()


def _leaves(column: Any) -> Iterator[Any]:  # noqa: ANN401, C901 -- Arrow ships no types; one branch a type
    """Yield the columns of texts and bytes that a column is made of, all of them with long offsets."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        yield from _leaves(column.storage)
    elif pa.types.is_dictionary(kind):
        yield from _leaves(column.dictionary)
    elif pa.types.is_run_end_encoded(kind):
        yield from _leaves(column.values)
    elif pa.types.is_struct(kind):
        for child in column.flatten():
            yield from _leaves(child)
    elif pa.types.is_union(kind):
        for number in range(kind.num_fields):
            yield from _leaves(column.field(number))
    elif pa.types.is_map(kind):
        yield from _leaves(column.keys)
        yield from _leaves(column.items)
    elif pa.types.is_nested(kind):  # lists of all kinds
        yield from _leaves(column.flatten())
    elif _is_text(kind):
        yield column.cast(pa.large_string())
    elif _is_bytes(kind):
        yield column.cast(pa.large_binary())
    elif pa.types.is_decimal(kind):
        yield column.cast(pa.large_string())


def _is_text(kind: Any) -> bool:  # noqa: ANN401 -- Arrow ships no types
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_bytes(kind: Any) -> bool:  # noqa: ANN401 -- Arrow ships no types
    known = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view, pa.types.is_fixed_size_binary)
    return any(each(kind) for each in known)


def _worth_reading(schema: Any) -> list[str]:  # noqa: ANN401 -- Arrow ships no types
    plain = (pa.types.is_integer, pa.types.is_floating, pa.types.is_temporal, pa.types.is_boolean, pa.types.is_null)
    return [field.name for field in schema if not any(each(field.type) for each in plain)]


def _described(schema: Any) -> list[bytes]:  # noqa: ANN401 -- Arrow ships no types
    return [str(schema.remove_metadata()).encode("utf-8", "replace"), *_pairs(schema.metadata)]


def _pairs(metadata: dict[bytes, bytes] | None) -> list[bytes]:
    return [text for pair in (metadata or {}).items() for text in pair]
