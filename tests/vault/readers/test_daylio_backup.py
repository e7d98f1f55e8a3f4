"""Daylio's backup: a zip of base64 of JSON, in which every mood has its group."""

import base64
import io
import struct
import tracemalloc
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.contracts import Source
from analytics.contracts.source import Scale
from tests.conftest import tells_of_a_person
from tests.specimens import daylio_backup as specimens
from tests.specimens.daylio_backup import backup, entry, zipped
from tests.support.reading import first_rule, found_in, holding, only_row, path_of, planted_in, refusal, source_of

source = source_of(specimens)
path = path_of(specimens)


def only(path: Path, source: Source, **members: object) -> dict[str, str]:
    """Return the only row that an entry with these members becomes."""
    return only_row(path, source, backup(entry(**members)))


def rule(path: Path, source: Source, record: object) -> tuple[str, str]:
    """Return the rule and the column that a record breaks; the good one after it is kept."""
    return first_rule(path, source, backup(record, entry()))


def test_a_backup_becomes_entries(path: Path, source: Source) -> None:
    """Moods become the numbers of their groups, and what users call them stays behind."""
    path.write_bytes(specimens.GOOD)
    rows, bad, free_text, _ = found_in(path, source)
    names = ("logged_at", "mood", "factors")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("2026-05-10T19:30+02:00", "5", "friends|CANARY-choir"),  # that one is for the map to drop
        ("2025-12-31", "4", "work"),  # a mood that is named "null", at an unknown time
        ("2026-05-04T19:30-03:30", "2", ""),  # one that is named "g"
        ("2026-05-04T19:30+02:00", "2", "work"),
    ]
    assert {row["kind"] for row in rows} == {"entry"}
    assert (bad, free_text) == ({}, 2)


def test_one_is_best(source: Source) -> None:
    """The groups count from best to worst."""
    assert source.scale == Scale(lo=Decimal(1), hi=Decimal(5), better="lower")
    assert source.words is None


@pytest.mark.parametrize(
    "content",
    [
        specimens.GOOD,
        zipped(base64.b64encode(specimens.JSON), compression=zipfile.ZIP_STORED),
        zipped(specimens.JSON),  # not encoded inside
        base64.b64encode(specimens.JSON),  # taken out of the zip
        specimens.JSON,  # and decoded
        b"\xef\xbb\xbf \n" + specimens.JSON,
    ],
    ids=["zip", "stored", "zip of JSON", "base64", "JSON", "JSON with a mark"],
)
def test_the_member_with_the_entries_is_recognised_by_its_content(
    path: Path, source: Source, tmp_path: Path, content: bytes
) -> None:
    """A backup is read in every wrapping, whatever its file is named."""
    other = tmp_path / "other.bin"
    for where in (path, other):
        where.write_bytes(content)
        rows, bad, _, _ = found_in(where, source)
        assert (len(rows), bad) == (4, {})


@pytest.mark.parametrize(
    ("members", "logged_at"),
    [
        ({"month": 0, "day": 1}, "2026-01-01T19:30+02:00"),
        ({"month": 11, "day": 31}, "2026-12-31T19:30+02:00"),
        ({"hour": 0, "minute": 5}, "2026-05-04T00:05+02:00"),
        ({"hour": -1, "minute": -1}, "2026-05-04"),
        ({"hour": None, "minute": None}, "2026-05-04"),
        ({"timeZoneOffset": 0}, "2026-05-04T19:30+00:00"),
        ({"timeZoneOffset": 20_700_000}, "2026-05-04T19:30+05:45"),
        ({"timeZoneOffset": -28_800_000}, "2026-05-04T19:30-08:00"),
        ({"timeZoneOffset": 3_600_001}, "2026-05-04T19:30"),  # no whole minutes
        ({"timeZoneOffset": 54_000_000}, "2026-05-04T19:30"),  # nobody lives fifteen hours east
        ({"timeZoneOffset": -46_800_000}, "2026-05-04T19:30"),
        ({"timeZoneOffset": 10**30}, "2026-05-04T19:30"),
        ({"timeZoneOffset": None}, "2026-05-04T19:30"),
        ({"datetime": 0}, "2026-05-04T19:30+02:00"),  # the clock that the participant saw counts
        ({"month": 1, "day": 30}, "2026-02-30T19:30+02:00"),  # impossible: that is for the checks to say
        ({"hour": 25}, "2026-05-04T25:30+02:00"),
        ({"year": None, "month": None, "day": None}, ""),
    ],
)
def test_forms_of_a_time(path: Path, source: Source, members: dict[str, object], logged_at: str) -> None:
    """Months count from 0; minus one is a time that is not known."""
    assert only(path, source, **members)["logged_at"] == logged_at


@pytest.mark.parametrize(
    ("tags", "factors"),
    [([1, 2], "work|friends"), (["2"], "friends"), ([], ""), (None, ""), ([99], ""), ([1, 99], "work")],
)
def test_tags_are_words(path: Path, source: Source, tags: object, factors: str) -> None:
    """A tag is a number that the backup names; one that it does not name says nothing."""
    assert only(path, source, tags=tags)["factors"] == factors


def test_a_bar_in_a_word_does_not_make_two_of_it(path: Path, source: Source) -> None:
    """Words are joined by bars; one inside a word becomes a blank."""
    path.write_bytes(backup(entry(), tags=[{"id": 1, "name": "CANARY|work"}]))
    assert found_in(path, source)[0][0]["factors"] == "CANARY work"


@pytest.mark.parametrize("tags", [None, "CANARY", [None, "CANARY", {"name": "work"}, {"id": 1, "name": ["CANARY"]}]])
def test_tags_that_cannot_be_read_name_nothing(path: Path, source: Source, tags: object) -> None:
    """The moods are kept."""
    path.write_bytes(backup(entry(), tags=tags))
    rows, bad, _, _ = found_in(path, source)
    assert ([row["factors"] for row in rows], bad) == ([""], {})


def test_two_records_of_one_number_are_not_guessed_from(path: Path, source: Source) -> None:
    """A number that two moods have is no mood, one that two tags have is no word; the others are kept."""
    moods = [specimens.mood(1, 1), specimens.mood(2, 2), specimens.mood(2, 4)]
    tags = [{"id": 1, "name": "work"}, {"id": 1, "name": "CANARY"}, {"id": 2, "name": "friends"}]
    path.write_bytes(backup(entry(mood=2), entry(mood=1, tags=[1, 2]), moods=moods, tags=tags))
    rows, bad, _, _ = found_in(path, source)
    assert [(row["mood"], row["factors"]) for row in rows] == [("1", "friends")]
    assert bad == {1: ("unknown_word", "mood")}


@pytest.mark.parametrize(
    "moods",
    [
        [],
        [None, "CANARY", ["CANARY"]],
        [{"id": 2}],
        [{"id": 2, "mood_group_id": ""}],
        [{"id": 2, "mood_group_id": ["CANARY"]}],
        [{"mood_group_id": 2}],
    ],
)
def test_a_mood_without_a_group_is_refused(path: Path, source: Source, moods: object) -> None:
    """Which number it would be is not guessed, neither from its name nor from its own number."""
    path.write_bytes(backup(entry(), moods=moods))
    rows, bad, _, _ = found_in(path, source)
    assert (rows, bad) == ([], {1: ("unknown_word", "mood")})


def test_what_is_no_group_is_passed_on(path: Path, source: Source) -> None:
    """A number off the scale, and a mood that is missing, are for the checks to refuse."""
    path.write_bytes(backup(entry(), entry(mood=None), moods=[specimens.mood(2, 6)]))
    assert [row["mood"] for row in found_in(path, source)[0]] == ["6", ""]


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        (entry(mood=6), ("unknown_word", "mood")),
        (entry(mood="CANARY"), ("unknown_word", "mood")),
        (entry(mood=2.0), ("unknown_word", "mood")),
        (entry(mood=True), ("unreadable", "")),
        (entry(mood=[2]), ("unreadable", "")),
        (entry(month=12), ("not_a_time", "logged_at")),
        (entry(month=-1), ("not_a_time", "logged_at")),
        (entry(day=None), ("not_a_time", "logged_at")),
        (entry(year="CANARY"), ("not_a_time", "logged_at")),
        (entry(year=26), ("not_a_time", "logged_at")),
        (entry(year=10**30), ("not_a_time", "logged_at")),
        (entry(day=4.5), ("not_a_time", "logged_at")),
        (entry(hour=-1), ("not_a_time", "logged_at")),  # the minute is known and the hour is not
        (entry(minute=10**30), ("not_a_time", "logged_at")),
        (entry(hour=True), ("unreadable", "")),
        (entry(tags="CANARY"), ("unreadable", "")),
        (entry(tags=[["CANARY"]]), ("unreadable", "factors")),
        (entry(tags=[None]), ("unreadable", "factors")),
        (entry(year="CANARY\x00"), ("not_a_time", "logged_at")),
        ("CANARY", ("unreadable", "")),
        (["CANARY"], ("unreadable", "")),
    ],
)
def test_a_damaged_entry_is_its_own_affair(path: Path, source: Source, record: object, broken: tuple[str, str]) -> None:
    """One entry that cannot be read leaves the others as they are."""
    assert rule(path, source, record) == broken


def test_half_a_character_and_a_member_named_twice(path: Path, source: Source) -> None:
    """What JSON allows and text does not, and what says two things at once, is refused entry by entry."""
    tags = [{"id": 7, "name": "HALF"}]
    content = backup(entry(tags=[7]), entry(id="TWICE"), entry(tags=[]), tags=tags)
    content = content.replace(b'"HALF"', b'"\\ud800"').replace(b'"id": "TWICE"', b'"id": 1, "id": 2')
    path.write_bytes(content)
    rows, bad, _, _ = found_in(path, source)
    assert len(rows) == 1
    assert bad == {1: ("not_utf8", "factors"), 2: ("repeated_name", "")}


def test_notes_and_titles_are_counted(path: Path, source: Source) -> None:
    """Each that is not empty counts once, whatever it is."""
    path.write_bytes(backup(entry(note="CANARY", note_title="CANARY"), entry(note=["CANARY"]), entry(note=None)))
    rows, bad, free_text, _ = found_in(path, source)
    assert (len(rows), bad, free_text) == (3, {}, 3)
    assert not tells_of_a_person(str(rows))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"CANARY CANARY!",
        b"[]",
        b'"CANARY"',
        b"{}",
        backup(dayEntries=None),
        backup(dayEntries={"CANARY": 1}),
        backup(moods=None),
        backup(moods={"CANARY": 1}),
        b'{"dayEntries":[],"dayEntries":[],"customMoods":[]}',  # which of the two?
        specimens.JSON[:-10],
        b"{" * 100_000,
        base64.b64encode(specimens.JSON)[:-3],
        base64.b64encode(b"\xff\xfe" + specimens.JSON),
        base64.b64encode(base64.b64encode(specimens.JSON)),
    ],
)
def test_another_document_is_refused(path: Path, source: Source, content: bytes) -> None:
    """What is no such backup is refused as a file, in our own words."""
    assert refusal(path, source, content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (specimens.GOOD[:-30], "broken"),  # its list of members is lost
        (specimens.GOOD[:40], "broken"),
        (zipped(b"", name="CANARY.daylio"), "does not hold"),
        (zipped(b"", name="photos/backup.daylio"), "does not hold"),
        (zipped(b"CANARY!"), "neither"),
        (zipped(b"!" + base64.b64encode(specimens.JSON)), "neither"),  # nothing is skipped to make it fit
        (zipped(base64.b64encode(b"CANARY")), "JSON"),
        (zipped(base64.b64encode(specimens.JSON), compression=zipfile.ZIP_BZIP2), "packed in a way"),
        (zipped(base64.b64encode(specimens.JSON), compression=zipfile.ZIP_LZMA), "packed in a way"),
    ],
    ids=[
        "no list",
        "a beginning",
        "no backup",
        "elsewhere",
        "no base64",
        "one sign too many",
        "no JSON",
        "bzip2",
        "lzma",
    ],
)
def test_a_zip_that_holds_no_backup_is_refused(path: Path, source: Source, content: bytes, said: str) -> None:
    """What is wrong with it is said, and nothing of what is in it."""
    assert said in refusal(path, source, content)


def test_a_zip_with_two_backups_is_refused(path: Path, source: Source) -> None:
    """Which of the two was meant is not guessed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("backup.daylio", base64.b64encode(specimens.JSON))
        archive.writestr("backup_daylio", b"CANARY")
    assert "does not hold one" in refusal(path, source, packed.getvalue().replace(b"backup_daylio", b"backup.daylio"))


def test_an_encrypted_zip_is_refused(path: Path, source: Source) -> None:
    """No password is asked for."""
    content = bytearray(specimens.GOOD)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(b"backup.daylio", content.index(mark))
        content[content.rindex(mark, 0, at) + flags] |= 1
    assert "encrypted" in refusal(path, source, bytes(content))


def test_what_does_not_match_its_sum_is_refused(path: Path, source: Source) -> None:
    """A flipped bit of what is stored is found by the zip's own check."""
    content = zipped(base64.b64encode(specimens.JSON), compression=zipfile.ZIP_STORED)
    at = content.index(base64.b64encode(specimens.JSON)[:20])
    assert "broken" in refusal(path, source, content[:at] + b"A" + content[at + 1 :])


def test_a_bomb_is_refused_before_it_is_unpacked(path: Path, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much a zip says it holds, no more than the limit is unpacked."""
    monkeypatch.setattr("analytics.vault.readers.daylio_backup._BASE64_BYTES", 100_000)
    monkeypatch.setattr("analytics.vault.readers.daylio_backup.DOCUMENT_BYTES", 80_000)
    bomb = zipped(b"A" * 20_000_000)
    assert len(bomb) < 50_000
    tracemalloc.start()
    assert "larger than" in refusal(path, source, bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000
    assert "larger than" in refusal(path, source, b"A" * 100_001)
    assert "JSON" in refusal(path, source, zipped(b"A" * 100_000))  # as much as is allowed


def test_a_document_that_is_too_large_is_refused(path: Path, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is decoded may not be larger than any other document."""
    monkeypatch.setattr("analytics.vault.readers.daylio_backup.DOCUMENT_BYTES", len(specimens.JSON) - 1)
    for content in (specimens.JSON, specimens.GOOD):
        assert "larger than" in refusal(path, source, content)


def test_a_list_of_members_that_is_too_long_is_not_read(
    path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zip can list millions of members in little space; the form for large zips has room for even more."""
    (size,) = struct.unpack_from("<L", specimens.GOOD, len(specimens.GOOD) - 10)
    end = len(specimens.GOOD) - 22
    large = specimens.GOOD[:end] + b"PK\x06\x07" + bytes(16) + specimens.GOOD[end:]
    assert "list of members" in refusal(path, source, large)
    monkeypatch.setattr("analytics.vault.readers.daylio_backup._DIRECTORY_BYTES", size - 1)
    assert "list of members" in refusal(path, source, specimens.GOOD)
    monkeypatch.setattr("analytics.vault.readers.daylio_backup._DIRECTORY_BYTES", size)
    path.write_bytes(specimens.GOOD)
    assert len(found_in(path, source)[0]) == 4


def test_a_zip_with_a_comment_is_read(path: Path, source: Source) -> None:
    """A comment follows the list of members."""
    packed = io.BytesIO(specimens.GOOD)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.comment = b"CANARY"
    path.write_bytes(packed.getvalue())
    assert len(found_in(path, source)[0]) == 4


def test_what_people_write_ends_in_the_reader(path: Path, source: Source) -> None:
    """Words stand only where they are judged later: a group, and names of activities."""
    rows, bad, _, _ = planted_in(path, source, specimens)
    assert len(bad) >= 5
    assert holding(rows) == {"mood", "factors"}
