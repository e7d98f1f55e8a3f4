"""What readers share: lines of any length, tables, JSON, and rows that are judged one by one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.errors import FileRefusedError
from analytics.vault.readers.shared import documents, tables
from analytics.vault.readers.shared.documents import JsonNumber, document, elements, member, parsed, read_document, text
from analytics.vault.readers.shared.lines import LINE_BYTES, numbered_lines
from analytics.vault.readers.shared.rows import CHUNK_ROWS, TEXT_CHARACTERS, Row, RowRefusedError, gather
from analytics.vault.readers.shared.tables import Numbered, one_person_s_table, require, table_of_lines
from analytics.vault.validation.rule_names import RuleName

Written = Callable[[bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def writing(content: bytes) -> Path:
        path = tmp_path / "file"
        path.write_bytes(content)
        return path

    return writing


def result(records: list[Numbered]) -> list[object]:
    """Return records with the rule in place of a refusal."""
    return [
        (line, cells.rule if isinstance(cells, RowRefusedError) else list(cells.values())) for line, cells in records
    ]


def test_lines_keep_their_numbers_over_blank_ones(written: Written) -> None:
    content = b"a\r\n\n \t\nb"
    assert list(numbered_lines(written(content))) == [(1, b"a"), (4, b"b")]


@pytest.mark.parametrize(("length", "fits"), [(LINE_BYTES, True), (LINE_BYTES + 1, False), (3 * LINE_BYTES, False)])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_long_line_is_its_own_affair(written: Written, length: int, end: bytes, *, fits: bool) -> None:
    """It costs one line, wherever it ends; the next line is whole."""
    found = list(numbered_lines(written(b"C" * length + end + (b"next" if end else b""))))
    assert isinstance(found[0][1], bytes) is fits
    assert found[1:] == ([(2, b"next")] if end else [])


def test_a_quoted_cell_of_one_person_s_table_may_hold_line_breaks(written: Written) -> None:
    """A record's number is that of its last line; blank lines count as lines."""
    header, records = one_person_s_table(written(b'\xef\xbb\xbf a ,b\r\n"x\r\ny",1\r\n\r\nz,2'))
    assert (header, result(list(records))) == (["a", "b"], [(3, ["x\r\ny", "1"]), (5, ["z", "2"])])


def test_a_lost_quote_does_not_swallow_what_follows(written: Written) -> None:
    _, records = one_person_s_table(written(b'a,b\n"x,1\ny,2\nz,3\n'))
    assert result(list(records)) == [(2, "broken_quotes"), (3, ["y", "2"]), (4, ["z", "3"])]


def test_lines_of_a_table_are_judged_one_by_one(written: Written) -> None:
    content = b'a;b\n1;2\n1\n"1;2\n"1";"2;3"\n1;2;3\n' + b"1;" + b"C" * LINE_BYTES + b"\n4;5\n"
    _, records = table_of_lines(written(content), ";")
    assert result(list(records)) == [
        (2, ["1", "2"]),
        (3, "ragged"),
        (4, "broken_quotes"),
        (5, ["1", "2;3"]),
        (6, "ragged"),
        (7, "line_too_long"),
        (8, ["4", "5"]),
    ]


@pytest.mark.parametrize("read", [one_person_s_table, table_of_lines])
@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b",,\n1,2,3", b"a\x00,CANARY\n", b'"CANARY\n', b"C" * (LINE_BYTES + 9)]
)
def test_a_table_without_a_header_is_refused(
    written: Written, read: Callable[[Path], tuple[list[str], object]], content: bytes
) -> None:
    with pytest.raises(FileRefusedError) as refused:
        read(written(content))
    assert "CANARY" not in str(refused.value)
    assert refused.value.__context__ is None


def test_a_table_that_no_person_could_have_written_is_refused(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "TABLE_BYTES", 10)
    with pytest.raises(FileRefusedError, match="too much for one person"):
        one_person_s_table(written(b"a,b\n" + b"1,2\n" * 10))


def test_a_header_must_have_each_column_once() -> None:
    require(["a", "b", "c", "c"], "a", "b")
    with pytest.raises(FileRefusedError, match="lacks d, e"):
        require(["a"], "a", "d", "e")
    with pytest.raises(FileRefusedError, match="c more than once"):
        require(["a", "c", "c"], "c")


def test_numbers_stay_as_they_are_written() -> None:
    value = parsed(b'\xef\xbb\xbf{"a": 1.50, "b": 1e400, "c": NaN, "d": 12345678901234567890123}')
    assert value == {"a": "1.50", "b": "1e400", "c": "NaN", "d": "12345678901234567890123"}
    assert all(isinstance(number, JsonNumber) for number in value.values())


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "broken_json"),
        (b"{'CANARY'}", "broken_json"),
        (b'"CANARY', "broken_json"),
        (b"1 2", "broken_json"),
        (b"\xff", "not_utf8"),
        (b"[" * 200_000, "too_deep"),
        (b'{"a":' * 200_000, "too_deep"),
    ],
)
def test_what_is_no_json_breaks_a_rule(data: bytes, rule: str) -> None:
    """The library's own words quote the data, so they are not behind ours either."""
    with pytest.raises(RowRefusedError) as refused:
        parsed(data)
    assert (refused.value.rule, refused.value.__context__) == (rule, None)
    with pytest.raises(FileRefusedError) as whole:
        document(data)
    assert whole.value.__context__ is None


def test_a_huge_document_is_refused(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(b"[1]")
    assert read_document(path) == ["1"]
    monkeypatch.setattr(documents, "DOCUMENT_BYTES", 2)
    with pytest.raises(FileRefusedError, match="larger"):
        read_document(path)


def test_members_are_reached_by_path() -> None:
    record = parsed(b'{"a": {"b": " x ", "n": 1.0, "l": [1], "no": null}}')
    assert text(record, "a", "b") == "x"
    assert text(record, "a", "n") == "1.0"
    assert text(record, "a", "no") == text(record, "z", "b") == ""
    assert elements(record, "a", "l") == ["1"]
    assert elements(record, "a", "no") == []
    assert member(record, "z") is None


@pytest.mark.parametrize("value", [b"true", b"[]", b"{}"])
def test_a_value_that_is_no_text_is_unreadable(value: bytes) -> None:
    with pytest.raises(RowRefusedError, match="unreadable"):
        text(parsed(b'{"a": ' + value + b"}"), "a")


@pytest.mark.parametrize("value", [b"true", b'"x"', b"{}", b"1"])
def test_a_value_that_is_no_list_is_unreadable(value: bytes) -> None:
    with pytest.raises(RowRefusedError, match="unreadable"):
        elements(parsed(b'{"a": ' + value + b"}"), "a")


def test_of_two_members_of_one_name_none_is_taken() -> None:
    with pytest.raises(RowRefusedError, match="repeated_name"):
        member(parsed(b'{"a": 1, "a": 2}'), "a")
    with pytest.raises(RowRefusedError, match="unreadable"):
        member(parsed(b'{"a": "x"}'), "a", "b")


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("x" * TEXT_CHARACTERS, None),
        ("x" * (TEXT_CHARACTERS + 1), "too_long"),
        ("a\x00", "nul_byte"),
        ("a\udcff", "not_utf8"),  # a byte that is no UTF-8
        ("\ud83d", "not_utf8"),  # half of a character, as JSON can write it
        ("\U0001f600", None),
    ],
)
def test_a_text_that_cannot_be_kept_refuses_its_row(given: str, rule: str | None) -> None:
    raw, *_ = gather([(7, given)], lambda mood: [Row("entry", {"mood": mood})])
    assert raw.bad.rows() == ([] if rule is None else [(7, rule, "mood")])
    assert raw.rows.height == (rule is None)


@pytest.mark.parametrize("error", [ValueError, KeyError, TypeError, AttributeError, OverflowError, IndexError])
def test_a_shape_that_no_reader_foresaw_is_its_record_s_affair(error: type[Exception]) -> None:
    def one(mood: str) -> list[Row]:
        if mood == "CANARY":
            raise error(mood)
        return [Row("entry", {"mood": mood})]

    records: list[tuple[int, str | RowRefusedError]] = [
        (1, "4"),
        (2, "CANARY"),
        (3, RowRefusedError(RuleName.RAGGED)),
        (4, "5"),
    ]
    raw, *_ = gather(records, one)
    assert raw.bad.rows() == [(2, "unreadable", ""), (3, "ragged", "")]
    assert raw.rows.select("line", "mood").rows() == [(1, "4"), (4, "5")]


def test_rows_of_several_kinds_come_apart() -> None:
    """What a row leaves out is empty, a column that none has is left out; a record without rows is passed over."""

    def one(what: str) -> list[Row]:
        entry = Row("entry", {"mood": " 4 "}, free_text=2)
        slept = Row("entry", {"mood": "3", "sleep_hours": "7"})
        deletion = Row("deletion", {"source_id": "x"}, free_text=1)
        return {"both": [entry, deletion], "slept": [slept]}.get(what, [])

    entries, deletions = gather([(1, "both"), (2, "other"), (3, "slept")], one)
    assert (entries.kind, entries.passed_over, entries.free_text_fields) == ("entry", 1, 2)
    assert "factors" not in entries.rows.columns
    assert entries.rows.select("line", "mood", "sleep_hours").rows() == [(1, "4", ""), (3, "3", "7")]
    assert (deletions.kind, deletions.free_text_fields, deletions.rows["source_id"].to_list()) == ("deletion", 1, ["x"])


def test_many_records_come_in_parts() -> None:
    parts = list(gather(((line, "4") for line in range(CHUNK_ROWS + 1)), lambda mood: [Row("entry", {"mood": mood})]))
    assert [part.rows.height for part in parts] == [CHUNK_ROWS, 1]
