"""The delimited reader: a line is one record, and is judged on its own."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.errors import FileRefusedError
from analytics.vault.readers.shared import delimited
from analytics.vault.readers.shared.delimited import Fields, read_delimited
from analytics.vault.readers.shared.lines import LINE_BYTES

FIELDS = Fields(required={"who": "id", "mood": "mood"}, optional={"nap": "nap", "own": None}, free_text=("note",))

Found = tuple[dict[int, tuple[str, str, str]], dict[int, str], int]


def read(path: Path, content: bytes, delimiter: str = ",", fields: Fields = FIELDS) -> Found:
    """Return the file's rows by line, its bad lines with their rule, and the fields of free text dropped."""
    path.write_bytes(content)
    parts = list(read_delimited(path, delimiter, fields))
    rows = pl.concat([part.rows for part in parts])
    bad = pl.concat([part.bad for part in parts])
    return (
        {
            line: (who.strip(), mood.strip(), nap.strip())
            for line, who, mood, nap in rows.select("line", "who", "mood", "nap").iter_rows()
        },
        {line: rule for line, rule, _ in bad.iter_rows()},
        sum(part.free_text_fields for part in parts),
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a test may write its file."""
    return tmp_path / "file.csv"


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"id,mood,note\na,1,\n", {2: ("a", "1", "")}),
        (b"\xef\xbb\xbfid,mood,note\na,1,\n", {2: ("a", "1", "")}),  # a byte order mark
        (b"id,mood,note\r\na,1,x\r\n", {2: ("a", "1", "")}),  # carriage returns
        (b'id,mood,note\r\n"a",1,"x"\r\n', {2: ("a", "1", "")}),  # the same, quoted
        (b"id,mood,note\n\n  \na,1,\n\n", {4: ("a", "1", "")}),  # blank lines count as lines, not as rows
        (b"id,mood,note\na,1,", {2: ("a", "1", "")}),  # no line feed at the end
        (b'id,mood,note\n"a,b",1,"x, y"\n', {2: ("a,b", "1", "")}),  # quotes around a delimiter
        (b'id,mood,note\n"a""b",1,\n', {2: ('a"b', "1", "")}),  # a doubled quote
        (b"mood,extra,id\n1,z,a\n", {2: ("a", "1", "")}),  # another order, a column of no interest
        (b"id,mood,nap\na,1,8\n", {2: ("a", "1", "8")}),  # an optional column
        (b" id , mood \n a , 1 \n", {2: ("a", "1", "")}),  # white space around names and values
        (b"id,mood,note\n", {}),  # a header only
        (b"id,mood,note", {}),  # the same without a line feed
    ],
)
def test_forms_of_a_good_file(file: Path, content: bytes, rows: dict[int, tuple[str, str, str]]) -> None:
    """A file's form changes nothing about what is read from it."""
    found, bad, _ = read(file, content)
    assert (found, bad) == (rows, {})


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (b"a,1", "ragged"),  # too few fields
        (b"a,1,x,y", "ragged"),  # too many
        (b'"a",1', "ragged"),  # too few, quoted
        (b'"a,1,x', "broken_quotes"),  # a quote that never ends
        (b'"a"b,1,x', "broken_quotes"),  # text after a quote
        (b"\xff,1,x", "not_utf8"),
        (b"a\x00,1,x", "nul_byte"),
        (b"a;1;x", "ragged"),  # another delimiter, in one row
    ],
)
def test_a_bad_line_is_its_own_affair(file: Path, line: bytes, rule: str) -> None:
    """A line that cannot be read is refused with its number and rule; the lines around it are kept."""
    found, bad, _ = read(file, b"id,mood,note\nb,2,\n" + line + b"\nc,3,\n")
    assert bad == {3: rule}
    assert found == {2: ("b", "2", ""), 4: ("c", "3", "")}


def test_free_text_is_counted_and_dropped(file: Path) -> None:
    """Only fields with text count, and no frame of the reader holds them."""
    _, _, dropped = read(file, b'id,mood,note\na,1,hello\nb,2,\nc,3,"  "\nd,4,"x, y"\n')
    assert dropped == 2
    for part in read_delimited(file, ",", FIELDS):
        assert set(part.rows.columns) == {"line", "who", "mood", "nap", "own"}


@pytest.mark.parametrize(
    ("content", "delimiter", "words"),
    [
        (b"", ",", "empty"),
        (b"\xef\xbb\xbf", ",", "cannot be read"),
        (b"\nid,mood\n", ",", "cannot be read"),  # a blank first line is no header
        (b"id,m\xffood\n", ",", "cannot be read"),
        (b"id,mood,\x00\n", ",", "cannot be read"),
        (b'id,"mood\n', ",", "cannot be read"),
        (b"id,note\na,1\n", ",", "lacks mood .*comma"),
        (b"id;mood\na;1\n", ",", "lacks id, mood .*comma"),
        (b"id,mood\na,1\n", "\t", "lacks id, mood .*tab"),
        (b"id,mood,mood\na,1,2\n", ",", "names mood more than once"),
        (b"id,mood,note,note\na,1,,\n", ",", "names note more than once"),
    ],
)
def test_a_file_is_refused_for_its_header_only(file: Path, content: bytes, delimiter: str, words: str) -> None:
    """An empty file, a wrong delimiter, a missing or repeated column refuse the file, with what to do."""
    with pytest.raises(FileRefusedError, match=words) as refused:
        read(file, content, delimiter)
    assert refused.value.exit_code == 3
    assert refused.value.action


def test_a_header_too_long_is_refused(file: Path) -> None:
    """A header line over the limit refuses the file."""
    with pytest.raises(FileRefusedError, match="cannot be read"):
        read(file, b"id,mood," + b"x" * LINE_BYTES + b"\n")


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_long_field_is_read_quoted_or_not(file: Path, quote: bytes) -> None:
    """A note that fits a line is no fault, with quotes or without."""
    found, bad, dropped = read(file, b"id,mood,note\na,1," + quote + b"x" * 200_000 + quote + b"\n")
    assert (found, bad, dropped) == ({2: ("a", "1", "")}, {}, 1)


def test_a_repeated_column_that_nobody_reads_is_no_fault(file: Path) -> None:
    """Only columns that are read must be named once."""
    assert read(file, b"id,mood,x,x\na,1,,\n")[0] == {2: ("a", "1", "")}


@pytest.mark.parametrize("block", [1, 7, 64, 1000])
def test_a_line_too_long_is_skipped_as_one_row(file: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """A line over the limit is one bad row, however many blocks it runs through, and those around it are kept."""
    monkeypatch.setattr(delimited, "BLOCK_BYTES", block)
    monkeypatch.setattr(delimited, "LINE_BYTES", 20)
    content = b"id,mood\na,1\n" + b"x" * 500 + b",2\nb,3\n" + b" " * 400 + b"y\n" + b"c," + b"4" * 18 + b"\n"
    found, bad, _ = read(file, content)
    assert bad == {3: "line_too_long", 5: "line_too_long"}
    assert sorted(found) == [2, 4, 6]


LINES = st.lists(
    st.one_of(
        st.binary(max_size=30).map(lambda text: text.replace(b"\n", b" ")),
        st.lists(st.sampled_from([b"a", b"1", b",", b'"', b" ", b"\r", b"\xff", b"\x00", b";", b"\xc3\xa9"])).map(
            b"".join
        ),
    ),
    max_size=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(lines=LINES, ended=st.booleans())
def test_random_lines_are_rows_or_refused(file: Path, lines: list[bytes], *, ended: bool) -> None:
    """Under a good header, every line that is not blank is a row or a bad row, and nothing is raised."""
    content = b"\n".join([b"id,mood,note", *lines]) + (b"\n" if ended else b"")
    found, bad, _ = read(file, content)
    assert not set(found) & set(bad)
    # A byte order mark at a line's start is no part of it: files are joined end to end.
    written = [line.decode("utf-8", "surrogateescape").lstrip("\ufeff") for line in lines]
    assert set(found) | set(bad) == {number for number, line in enumerate(written, start=2) if line.strip(" \t\r\v\f")}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(content=st.binary(max_size=80))
def test_random_bytes_are_refused_in_our_words(file: Path, content: bytes) -> None:
    """A file of random bytes is read or refused; no error of a library gets out."""
    try:
        read(file, content)
    except FileRefusedError as refused:
        assert refused.message  # noqa: PT017 -- reading it is fine too


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(lines=LINES, block=st.integers(1, 60), limit=st.integers(16, 40))
def test_the_size_of_blocks_changes_nothing(file: Path, lines: list[bytes], block: int, limit: int) -> None:
    """A file gives the same rows and bad rows in whatever blocks it is read."""
    content = b"\n".join([b"id,mood,note", *lines])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "LINE_BYTES", limit)
        whole = read(file, content)
        patch.setattr(delimited, "BLOCK_BYTES", block)
        assert read(file, content) == whole


def test_a_line_of_very_many_fields_is_ragged(file: Path) -> None:
    """Counting in bytes must not take a line of 256 fields too many for one of the right number."""
    for fields in (3 + 256, 3 + 512, 3 + 65_536):
        found, bad, _ = read(file, b"id,mood,note\nb,2,\n" + b"a" + b"," * (fields - 1) + b"\nc,3,\n")
        assert (found, bad) == ({2: ("b", "2", ""), 4: ("c", "3", "")}, {3: "ragged"})


def test_files_joined_end_to_end(file: Path) -> None:
    """A byte order mark before a row is no part of it, whether the row leads the file's block or not."""
    mark = b"\xef\xbb\xbf"
    for content in (b"id,mood,note\n" + mark + b"a,1,\n", b"id,mood,note\nb,2,\n" + mark + b"a,1,\n"):
        found, bad, _ = read(file, content)
        assert bad == {}
        assert ("a", "1", "") in found.values()


def test_a_quoted_row_in_a_very_wide_file(file: Path) -> None:
    """However many columns there are, a row is split."""
    extra = b"".join(b",x%d" % number for number in range(12_000))
    found, bad, _ = read(file, b"id,mood" + extra + b'\n"a",1' + b"," * 12_000 + b"\n")
    assert (found, bad) == ({2: ("a", "1", "")}, {})


@pytest.mark.parametrize("line", [b"a\r,1,x", b'"a"\r,1,x', b"a,1\r2,x"])
def test_a_carriage_return_within_a_line_is_as_csv_has_it(file: Path, line: bytes) -> None:
    """Alone on its line or beside others, a line is read the same way."""
    alone = read(file, b"id,mood,note\n" + line + b"\n")
    beside = read(file, b"id,mood,note\n" + line + b"\nb,2,\n")
    assert alone[1] == beside[1] == {2: "broken_quotes"}


def test_a_file_in_utf_16_is_said_to_be_so(file: Path) -> None:
    """Spreadsheets write it; the sentence says what to do."""
    with pytest.raises(FileRefusedError, match="UTF-16"):
        read(file, "id,mood,note\na,1,\n".encode("utf-16"))
