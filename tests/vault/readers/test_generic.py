"""The generic reader: any table through a declaration's columns, whatever its container and its form of time."""

import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers.generic import read
from analytics.vault.readers.shared import parquet
from analytics.vault.readers.shared.rows import CHUNK_ROWS
from tests.specimens import generic as specimen
from tests.support.reading import bad_of, entries_of, fresh_words, parts_in, source_of

Rows = list[dict[str, Any]]
Found = tuple[Rows, dict[int, tuple[str, str]], int]

ANA = "CANARY-ana"
RECORD = {"person_id": ANA, "logged_at": "2026-05-04T09:00", "mood": "4"}

source = source_of(specimen)


def declared(source: Source, *, columns: dict[str, Any] | None = None, **changes: Any) -> Source:  # noqa: ANN401 -- of any field
    """Return the template with changes."""
    known = source.model_dump()
    return Source.model_validate({**known, **changes, "columns": {**known["columns"], **(columns or {})}})


@pytest.fixture
def found(tmp_path: Path) -> Callable[[str, bytes, Source], Found]:
    def reading(name: str, content: bytes, source: Source) -> Found:
        path = tmp_path / name
        path.write_bytes(content)
        parts = parts_in(path, source)
        return entries_of(parts).to_dicts(), bad_of(parts), sum(part.free_text_fields for part in parts)

    return reading


Reading = Callable[[str, bytes, Source], Found]


def written(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def table_with(**columns: Any) -> bytes:  # noqa: ANN401 -- columns of any kind
    """Return a Parquet file of one row of ana's, with `columns` of one value each instead."""
    plain = {name: [value] for name, value in RECORD.items()}
    arrays = {name: value if isinstance(value, pa.Array) else pa.array([value]) for name, value in columns.items()}
    file = io.BytesIO()
    pq.write_table(pa.table({**plain, **arrays}), file)
    return file.getvalue()


def test_the_template_works_as_it_ships(found: Reading, source: Source) -> None:
    """A file in the template's columns is read without a change to the declaration."""
    rows, bad, notes = found("moods.csv", specimen.GOOD, source)
    assert [(row["line"], row["source_id"], row["factors"], row["sleep_hours"]) for row in rows] == [
        (2, "CANARY-1", "work|family", "7.5"),
        (3, "CANARY-2", "", ""),
        (5, "CANARY-3", "sports", ""),
    ]
    assert (bad, notes) == ({}, 2)
    assert not any("note" in row for row in rows)


@pytest.mark.parametrize("name", ["moods.tsv", "MOODS.TSV"])
def test_the_ending_tells_the_container(found: Reading, source: Source, name: str) -> None:
    """A tab-separated file is read as one although the declaration says a comma."""
    rows, _, _ = found(name, b"person_id\tlogged_at\tmood\nCANARY-ana\t2026-05-04\t4\n", source)
    assert [row["mood"] for row in rows] == ["4"]


@pytest.mark.parametrize("name", ["moods", "moods.txt", "moods.csv"])
def test_any_other_ending_is_a_csv_of_the_declared_delimiter(found: Reading, source: Source, name: str) -> None:
    semicolons = declared(source, delimiter=";")
    rows, _, _ = found(name, b"person_id;logged_at;mood\nCANARY-ana;2026-05-04;4\n", semicolons)
    assert [row["mood"] for row in rows] == ["4"]


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("moods.json", lambda records: records),
        ("moods.json", lambda records: {"version": 3, "entries": records}),  # one list among other members
        ("moods.ndjson", None),
        ("moods.jsonl", None),
    ],
)
def test_records_of_json(found: Reading, source: Source, name: str, whole: Callable[[Any], Any] | None) -> None:
    """Numbers stay as written, lists of factors are joined, and what is not named is never looked at."""
    records = [
        {**RECORD, "mood": 4.50, "factors": ["work", "a|b"], "id": 17, "note": "CANARY", "extra": {"CANARY": []}},
        {**RECORD, "mood": None, "factors": [], "note": " "},
    ]
    content = json.dumps(whole(records)) if whole else "\n".join(json.dumps(record) for record in records)
    rows, bad, notes = found(name, content.replace("4.5", "4.50").encode(), source)
    assert [(r["line"], r["mood"], r["factors"], r["source_id"]) for r in rows] == [
        (1, "4.50", "work|a b", "17"),
        (2, "", "", ""),
    ]
    assert (bad, notes) == ({}, 1)


def test_a_column_may_be_a_path(found: Reading, source: Source) -> None:
    """A path leads into objects; a member of that very name goes first, and a missing object leaves it empty."""
    nested = declared(source, columns={"mood": "mood.value", "free_text": ["mood.why"]})
    lines = [
        {**RECORD, "mood": {"value": 2, "why": "CANARY"}},
        {**RECORD, "mood.value": 3, "mood": {"value": 1}},
        {"person_id": ANA, "logged_at": "2026-05-04"},
    ]
    rows, bad, notes = found("m.ndjson", "\n".join(map(json.dumps, lines)).encode(), nested)
    assert ([row["mood"] for row in rows], bad, notes) == (["2", "3", ""], {}, 1)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b'{"person_id": "CANARY", "mood": true}', ("unreadable", "mood")),
        (b'{"mood": ["CANARY"]}', ("unreadable", "mood")),
        (b'{"factors": [["CANARY"]]}', ("unreadable", "factors")),
        (b'["CANARY"]', ("unreadable", "")),
        (b'{"mood": 1, "mood": 2}', ("repeated_name", "")),
        (b'{"mood": "CANARY', ("broken_json", "")),
        (b"\xff\xfe", ("not_utf8", "")),
        (b'{"mood": "\\ud800"}', ("not_utf8", "mood")),
        (b'{"mood": "\\u0000"}', ("nul_byte", "mood")),
        (b"[" * 100_000, ("too_deep", "")),
        (b'{"mood": "' + b"C" * 10_001 + b'"}', ("too_long", "mood")),
        (b" " * 300_000, ("line_too_long", "")),
    ],
)
def test_a_line_s_damage_is_its_own(found: Reading, source: Source, line: bytes, fault: tuple[str, str]) -> None:
    good = json.dumps(RECORD).encode()
    rows, bad, _ = found("m.ndjson", b"\n".join([good, line, good]), source)
    assert ([row["line"] for row in rows], bad) == ([1, 3], {2: fault})


def test_free_text_on_a_broken_path_counts(found: Reading, source: Source) -> None:
    """A note of a shape that no one foresaw is dropped and counted; it costs no mood."""
    noted = declared(source, columns={"free_text": ["note.text"]})
    rows, bad, notes = found("m.ndjson", json.dumps({**RECORD, "note": "CANARY"}).encode(), noted)
    assert (len(rows), bad, notes) == (1, {}, 1)


@pytest.mark.parametrize(
    "content", [b'{"a": [], "b": []}', b'{"a": 1}', b'"CANARY"', b"{", b"", b"\xff", b"[" * 99_999]
)
def test_a_document_without_one_list_is_refused(found: Reading, source: Source, content: bytes) -> None:
    with pytest.raises(FileRefusedError) as refused:
        found("moods.json", content, source)
    assert "CANARY" not in f"{refused.value} {refused.value.action}"


@pytest.mark.parametrize(
    ("form", "given", "result"),
    [
        ("epoch_s", "1777885200", "2026-05-04T09:00:00.000000Z"),
        ("epoch_s", "1777885200.25", "2026-05-04T09:00:00.250000Z"),
        ("epoch_s", "-0.5", "1969-12-31T23:59:59.500000Z"),
        ("epoch_ms", "1777885200123", "2026-05-04T09:00:00.123000Z"),
        ("epoch_ms", "1777885200123.5", "2026-05-04T09:00:00.123500Z"),
        ("epoch_ms", "-1", "1969-12-31T23:59:59.999000Z"),
        ("epoch_s", "-62135596800", "0001-01-01T00:00:00.000000Z"),  # the first instant and the last
        ("epoch_s", "253402300799", "9999-12-31T23:59:59.000000Z"),
        ("epoch_s", "253402300800", None),
        ("epoch_s", "1777885200123", None),  # milliseconds where seconds are declared
        ("epoch_s", "1" * 30, None),
        ("epoch_s", "1e9", None),
        ("epoch_s", "2026-05-04", None),  # another form than the declared one is not guessed
        ("epoch_s", "", ""),
        ("%d.%m.%Y %H:%M", "04.05.2026 21:07", "2026-05-04T21:07:00"),
        ("%d.%m.%Y", "04.05.2026", "2026-05-04"),
        ("%Y-%m-%d %I:%M %p", "2026-05-04 9:07 PM", "2026-05-04T21:07:00"),
        ("%d/%m/%Y %H:%M %z", "04/05/2026 21:07 +0200", "2026-05-04T21:07:00+02:00"),
        ("%d.%m.%Y", "2026-05-04", None),
        ("%d.%m.%Y", "30.02.2026", None),
        ("%d.%m.%Y", "CANARY", None),
        ("%d.%m.%Y", "NA", "NA"),  # a missing text is for the checks
        ("%Y-%m-%dT%H:%M:%S%z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_times_in_a_declared_form_become_iso(
    found: Reading, source: Source, form: str, given: str, result: str | None
) -> None:
    formed = declared(source, time_form=form, missing=("NA",))
    rows, bad, _ = found("m.csv", f"person_id,logged_at,mood\nCANARY-ana,{given},4\n".encode(), formed)
    assert [row["logged_at"] for row in rows] == ([] if result is None else [result])
    assert bad == ({2: ("not_a_time", "logged_at")} if result is None else {})


@pytest.mark.parametrize(
    ("form", "day", "time_of_day", "result"),
    [
        ("iso", "2026-05-04", "21:07", "2026-05-04T21:07"),
        ("iso", "2026-05-04", "21:07:08.5", "2026-05-04T21:07:08.5"),
        ("iso", "2026-05-04", "9:07 pm", "2026-05-04T21:07"),
        ("iso", "2026-05-04", "12:30 a.m.", "2026-05-04T00:30"),
        ("iso", "2026-05-04", "12:30 PM", "2026-05-04T12:30"),
        ("iso", "2026-05-04", "9.07", "2026-05-04T09:07"),
        ("iso", "2026-05-04", "21:07+02:00", "2026-05-04T21:07+02:00"),
        ("iso", "2026-05-04 00:00:00", "21:07", "2026-05-04T21:07"),  # a date as spreadsheets write it
        ("iso", "2026-05-04T09:00", "21:07", None),  # two clock times
        ("iso", "2026-05-04", "", "2026-05-04"),
        ("iso", "2026-05-04", "NA", "2026-05-04"),
        ("iso", "", "21:07", ""),
        ("iso", "2026-05-04", "13:07 pm", None),
        ("iso", "2026-05-04", "0:07 am", None),
        ("iso", "2026-05-04", "CANARY", None),
        ("iso", "4.5.2026", "21:07", None),
        ("%d.%m.%Y", "04.05.2026", "9:07 PM", "2026-05-04T21:07"),
        ("%d.%m.%Y", "04.05.2026", "", "2026-05-04"),
        ("%d.%m.%Y %I:%M %p", "04.05.2026", "9:07 PM", "2026-05-04T21:07:00"),  # the pattern reads both
        ("%d.%m.%Y %I:%M %p", "", "9:07 PM", ""),
    ],
)
def test_a_clock_time_in_its_own_column_joins_the_date(  # noqa: PLR0913, PLR0917 -- a case has four parts
    found: Reading, source: Source, form: str, day: str, time_of_day: str, result: str | None
) -> None:
    apart = declared(source, time_form=form, missing=("NA",), columns={"time_of_day": "at"})
    content = f"person_id,logged_at,at,mood\nCANARY-ana,{day},{time_of_day},4\n"
    rows, bad, _ = found("m.csv", content.encode(), apart)
    assert [row["logged_at"] for row in rows] == ([] if result is None else [result])
    assert bad == ({2: ("not_a_time", "logged_at")} if result is None else {})
    assert not any("time_of_day" in row for row in rows)


@pytest.mark.parametrize("form", ["%d.%m.", "%H:%M", "%d.%m.%Y %I:%M", "%d.%m.%Y %Q", "%Y-%m-%d %Z", "", "isoo"])
def test_a_form_that_gives_no_whole_date_is_refused(found: Reading, source: Source, form: str) -> None:
    """Such a declaration would quietly date every row to 1900, or to the morning."""
    with pytest.raises(FileRefusedError, match="time_form"):
        found("m.csv", specimen.GOOD, declared(source, time_form=form))


def test_an_instant_has_no_column_for_its_clock(found: Reading, source: Source) -> None:
    with pytest.raises(FileRefusedError, match="instant"):
        found("m.csv", specimen.GOOD, declared(source, time_form="epoch_s", columns={"time_of_day": "note2"}))


@pytest.mark.parametrize("lost", ["person_id", "logged_at", "mood"])
@pytest.mark.parametrize("name", ["m.csv", "m.parquet"])
def test_a_file_without_a_column_is_refused(found: Reading, source: Source, name: str, lost: str) -> None:
    kept = {column: value for column, value in RECORD.items() if column != lost}
    csv = f"{','.join(kept)}\n{','.join(kept.values())}\n".encode()
    content = csv if name == "m.csv" else written(pl.DataFrame(kept))
    with pytest.raises(FileRefusedError, match=f"lacks {lost}") as refused:
        found(name, content, source)
    assert "CANARY" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (pa.array([4], pa.uint8()), "4"),
        (pa.array([-(2**63)], pa.int64()), str(-(2**63))),
        (4.0, "4"),  # an id that passed through a table with gaps
        (0.1, "0.1"),
        (1e22, "1" + "0" * 22),
        (pa.array([7.1], pa.float32()), "7.1"),  # its own shortest decimal, not the double's
        (float("nan"), "nan"),
        (Decimal("4.50"), "4.50"),
        (date(2026, 5, 4), "2026-05-04"),
        (clock(9, 30), "09:30:00.000000"),
        (datetime(2026, 5, 4, 9), "2026-05-04T09:00:00.000000"),  # noqa: DTZ001 -- a wall clock
        (datetime(2026, 5, 4, 9, tzinfo=UTC), "2026-05-04T09:00:00.000000Z"),
        (pa.array([1_777_885_200_000], pa.timestamp("ms", "Europe/Oslo")), "2026-05-04T09:00:00.000Z"),
        (pa.array(["a"]).dictionary_encode(), "a"),
        (pa.array(["a"], pa.string_view()), "a"),
        (pa.array(["a"], pa.large_string()), "a"),
        (pa.array([b" a "]), "a"),  # text without a mark that it is
        (pa.array([None]), ""),
        (pa.array([None], pa.float64()), ""),
        (pa.array([None], pa.timestamp("us")), ""),
    ],
    ids=str,
)
def test_columns_of_parquet_become_text(found: Reading, source: Source, value: object, result: str) -> None:
    rows, bad, _ = found("m.parquet", table_with(mood=value), source)
    assert ([row["mood"] for row in rows], bad) == ([result], {})


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (True, "unreadable"),
        (b"CANARY\xff", "not_utf8"),
        (pa.array([b"\xff"]).cast(pa.binary()).view(pa.string()), "not_utf8"),  # says that it is UTF-8, and is not
        ("CANARY\x00", "nul_byte"),
        ("C" * 50_000, "too_long"),
        ("C" * 10_001, "too_long"),
    ],
    ids=["bool", "bytes", "text", "nul", "long", "just too long"],
)
def test_a_value_that_is_no_text_costs_its_row(found: Reading, source: Source, value: object, rule: str) -> None:
    rows, bad, _ = found("m.parquet", table_with(mood=value), source)
    assert (rows, bad) == ([], {1: (rule, "mood")})


@pytest.mark.parametrize("value", [["CANARY"], {"CANARY": 1}])
def test_a_nested_column_is_refused(found: Reading, source: Source, value: object) -> None:
    """A column that is not read may be anything; of free text it counts what is there."""
    with pytest.raises(FileRefusedError, match="mood") as refused:
        found("m.parquet", table_with(mood=value), source)
    assert "CANARY" not in str(refused.value)
    rows, _, notes = found("m.parquet", table_with(note=value, other=value), source)
    assert (len(rows), notes) == (1, 1)


def test_a_long_parquet_file_comes_in_parts(tmp_path: Path, source: Source) -> None:
    """Lines go on over parts, and notes are counted without their being among the rows."""
    count = CHUNK_ROWS + 7
    frame = pl.DataFrame({**RECORD, "note": "CANARY"}).select(pl.all().repeat_by(count).list.explode())
    path = tmp_path / "m.parquet"
    path.write_bytes(written(frame))
    parts = list(read(path, source))
    assert len(parts) > 1
    assert pl.concat([part.rows["line"] for part in parts]).to_list() == list(range(1, count + 1))
    assert sum(part.free_text_fields for part in parts) == count
    assert "note" not in parts[0].rows.columns


def test_an_empty_parquet_table_has_no_rows(found: Reading, source: Source) -> None:
    assert found("m.parquet", written(pl.DataFrame(RECORD).clear()), source) == ([], {}, 0)


def test_rows_that_the_file_s_size_cannot_hold_are_refused(
    found: Reading, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few bytes can claim any number of empty rows."""
    monkeypatch.setattr(parquet, "ROWS_ALWAYS", 10)
    monkeypatch.setattr(parquet, "ROWS_PER_BYTE", 1)
    frame = pl.DataFrame(RECORD).select(pl.all().repeat_by(50_000).list.explode())
    with pytest.raises(FileRefusedError, match="more rows"):
        found("m.parquet", written(frame), source)


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"CANARY", gzip.compress(b"CANARY", mtime=0), b"PAR1\xff\xff\xff\x7fPAR1"]
)
def test_what_is_no_parquet_is_refused(found: Reading, source: Source, content: bytes) -> None:
    with pytest.raises(FileRefusedError) as refused:
        found("m.parquet", content, source)
    assert refused.value.__context__ is None, "the library's text may quote the file"


def test_iso_adds_no_work(tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """The frames of a file in ISO times are those of the delimited reader, not copies."""
    path = tmp_path / "m.csv"
    path.write_bytes(specimen.GOOD)
    given = list(read(path, source))
    monkeypatch.setattr("analytics.vault.readers.generic.read_delimited", lambda *_: iter(given))
    assert [id(part) for part in read(path, source)] == [id(part) for part in given]


def test_a_whole_file_of_words_leaves_none_of_them_in_a_refusal(found: Reading, source: Source) -> None:
    """The specimen's planted words: two moods are taken in, notes and the extra column stay behind."""
    rows, bad, notes = found("m.csv", specimen.planted(fresh_words()), source)
    assert len(rows) >= 2
    assert set(bad.values()) == {("ragged", ""), ("broken_quotes", "")}
    assert notes == 4
