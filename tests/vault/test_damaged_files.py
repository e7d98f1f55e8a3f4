"""Whatever bytes a file of any format holds, it is read, or refused without a word of what is in it."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.contracts import Contracts
from analytics.errors import FileRefusedError
from analytics.vault.readers import reader_of
from analytics.vault.readers.shared.rows import COLUMNS, RawRows
from tests.conftest import tells_of_a_person
from tests.specimens import daylio_backup, fhir, generic, modules

SPLICES = [
    *(b"\x00", b"\xff", b"\r", b"\n"),
    *(b'"', b",", b";", b"|", b" | "),  # tables
    *(b"0" * 30, b"9" * 40, b"-1", b"/0", b"7h", b"32nd", b"99:99", b"99:99 PM"),  # numbers and times
    *(b"Mood", b"Factors", b"Sleep Time:", b"Label", b"Association", b"Deleted", b"_open"),  # words of headers
    *(b"{", b"}", b"[", b"]", b"[[", b"[]", b"[" * 3000, b"null", b"NaN", b"1e999", b"\\ud800"),  # JSON
    *(b'{"data":', b'{"id":', b"Consent", b"Patient"),
    *(b"PK\x05\x06", b"PK\x06\x07", b"=="),  # zip, and base64
]
"""What means something to one format or another, where it should not be."""

RECORD = {"person_id": "CANARY-ana", "logged_at": "2026-05-04T09:00", "mood": "4", "note": "CANARY"}


def parquet() -> bytes:
    """Return a Parquet file of one row, with a number and a time of its own kind."""
    file = io.BytesIO()
    record = {**RECORD, "logged_at": datetime(2026, 5, 4, tzinfo=UTC), "mood": 4.5}
    pq.write_table(pa.table({name: [value] for name, value in record.items()}), file)
    return file.getvalue()


def files() -> Iterator[tuple[str, str, bytes]]:
    """Yield source, name and content of a good file of every format, in every container that it may have."""
    for specimens in modules().values():
        yield specimens.SOURCE, specimens.FILE_NAME, specimens.GOOD
    stored = daylio_backup.zipped(daylio_backup.JSON, compression=zipfile.ZIP_STORED)
    yield daylio_backup.SOURCE, "stored.daylio", stored
    yield daylio_backup.SOURCE, "backup.json", daylio_backup.JSON
    resources = map(json.loads, fhir.GOOD.splitlines())
    yield fhir.SOURCE, "Bundle.json", json.dumps(fhir.bundle(*resources), indent=1).encode()
    yield generic.SOURCE, "moods.tsv", generic.GOOD.replace(b",", b"\t")
    yield generic.SOURCE, "moods.json", json.dumps([{**RECORD, "factors": ["CANARY"]}] * 2).encode()
    yield generic.SOURCE, "moods.ndjson", b"\n".join([json.dumps(RECORD).encode()] * 2)
    yield generic.SOURCE, "moods.parquet", parquet()


FILES = {f"{source}-{name}": (source, name, content) for source, name, content in files()}


@st.composite
def bent(draw: st.DrawFn, good: bytes) -> bytes:
    """Return `good` with some places overwritten or filled in, and sometimes cut off."""
    content = bytearray(good)
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.just(start) | st.integers(start, min(len(content), start + 40)))
        content[start:end] = draw(st.binary(max_size=6) | st.sampled_from(SPLICES))
    if draw(st.booleans()):
        del content[draw(st.integers(0, len(content))) :]
    return bytes(content)


def check_part(part: RawRows, contracts: Contracts) -> None:
    """Check that a part of a file holds its lines, and texts in columns that its kind has."""
    columns = dict(part.rows.schema)
    assert columns.pop("line").is_integer()
    assert set(columns.values()) <= {pl.String()}
    dimensions = contracts.grid.dimensions if part.kind == "participant" else ()
    assert set(columns) <= {*COLUMNS[part.kind], *dimensions}


def test_every_good_file_is_read(tmp_path: Path, contracts: Contracts) -> None:
    """What is bent below is a file of its format."""
    for source, name, content in FILES.values():
        path = tmp_path / name
        path.write_bytes(content)
        parts = list(reader_of(contracts.sources[source])(path, contracts.sources[source]))
        for part in parts:
            check_part(part, contracts)
        assert sum(part.rows.height for part in parts), name


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_is_refused_in_our_own_words(
    tmp_path: Path, contracts: Contracts, file: str, data: st.DataObject
) -> None:
    """A bent file is read, or refused as a file; a library's own words are not behind ours either."""
    name, file_name, good = FILES[file]
    source, path = contracts.sources[name], tmp_path / file_name
    path.write_bytes(data.draw(bent(good)))
    refused = ""
    try:
        for part in reader_of(source)(path, source):
            check_part(part, contracts)
    except FileRefusedError as error:
        refused = f"{error.message} {error.action} {error.__context__}"
    assert not tells_of_a_person(refused)
