"""Bearable: one row per fact; moods are entries, and a day's sleep and factors go with them."""

from pathlib import Path

import pytest

from analytics.contracts import Source
from analytics.vault.readers.bearable import read
from tests.conftest import tells_of_a_person
from tests.specimens import bearable as specimens
from tests.specimens.bearable import OLD_HEADER, fact, file
from tests.support.reading import found_in, holding, only_row, path_of, planted_in, refusal, source_of

source = source_of(specimens)
path = path_of(specimens)


def only(path: Path, source: Source, *config: str) -> dict[str, str]:
    """Return the only mood of a file of these rows, of which none is bad."""
    return only_row(path, source, file(*config))


def test_a_long_file_becomes_its_moods(path: Path, source: Source) -> None:
    """Moods are entries; sleep and factors go with the day's moods, and other facts are passed over."""
    path.write_bytes(specimens.GOOD)
    rows, bad, free_text, passed_over = found_in(path, source)
    names = ("logged_at", "day_part", "mood", "report_kind", "sleep_hours", "sleep_quality", "factors")
    factors = "Caffeine|Work|CANARY-club"
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("2026-05-04", "morning", "4", "", "8.5", "3", factors),
        ("2026-05-04", "evening", "2", "", "8.5", "3", factors),
        ("2026-05-05", "", "3", "daily", "", "", ""),  # another day, on which only the mood was logged
        ("2026-05-06T21:40", "", "5", "", "", "", ""),
    ]
    assert {row["kind"] for row in rows} == {"entry"}
    assert (bad, passed_over) == ({}, 6)
    assert free_text == 6  # a mood's note, and five details that are not read
    assert not tells_of_a_person(str(rows).replace("CANARY-club", ""))  # that one is for the declaration's map to drop


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("pre", ("2026-05-04", "night", "")),
        ("am", ("2026-05-04", "morning", "")),
        ("mid", ("2026-05-04", "afternoon", "")),
        ("pm", ("2026-05-04", "evening", "")),
        ("PM", ("2026-05-04", "evening", "")),
        ("all day", ("2026-05-04", "", "daily")),
        ("", ("2026-05-04", "", "")),
        ("6:15", ("2026-05-04T06:15", "", "")),
        ("18:05:30", ("2026-05-04T18:05", "", "")),
        ("6:15 PM", ("2026-05-04T18:15", "", "")),
        ("12:15 am", ("2026-05-04T00:15", "", "")),
        ("25:00", ("2026-05-04T25:00", "", "")),  # impossible: that is for the checks to say
    ],
)
def test_times_of_a_day(path: Path, source: Source, time: str, said: tuple[str, str, str]) -> None:
    """A quarter of the day, the whole day, or a clock time."""
    row = only(path, source, fact("Mood", "3", time=time))
    assert (row["logged_at"], row["day_part"], row["report_kind"]) == said


@pytest.mark.parametrize(
    ("date", "formatted", "logged_at"),
    [
        ("8th Dec 2021", "", "2021-12-08"),
        ("1st January 2022", "", "2022-01-01"),
        ("22nd Feb. 2022", "", "2022-02-22"),
        ("3 mar, 2022", "", "2022-03-03"),
        ("8th Dec 2021", "2021-12-09", "2021-12-09"),  # the newer column is the machine's
        ("8th Dec 2021", "2021-12-09 00:00", "2021-12-09"),
        ("8th Dec 2021", "9.12.2021", "2021-12-08"),  # not a form that is known: the other column's
        ("2021-12-08", "", "2021-12-08"),
        ("32nd Dec 2021", "", "2021-12-32"),  # impossible: that is for the checks to say
        ("", "", ""),
    ],
)
def test_forms_of_a_date(path: Path, source: Source, date: str, formatted: str, logged_at: str) -> None:
    """Dates are written for people, and in newer files for machines too."""
    assert only(path, source, fact("Mood", "3", date=date, formatted=formatted))["logged_at"] == logged_at


def test_an_older_file_has_one_date(path: Path, source: Source) -> None:
    """Columns are found by the header; notes may be absent."""
    path.write_bytes(b'category,time of day,date,rating/amount\n"Mood","mid","8th Dec 2021","4"\n')
    rows, bad, free_text, _ = found_in(path, source)
    assert [(row["logged_at"], row["mood"]) for row in rows] == [("2021-12-08", "4")]
    assert (bad, free_text) == ({}, 0)
    path.write_bytes(file('"8th Dec 2021","Wednesday","mid","mood","4","CANARY","CANARY"', header=OLD_HEADER))
    assert found_in(path, source)[2] == 2


@pytest.mark.parametrize(
    ("duration", "hours"),
    [("8:30", "8.5"), ("7:00", "7"), ("0:20", "0.333333333"), ("10:59", "10.983333333"), ("7.5", "7.5"), ("", "")],
)
def test_sleep_in_hours(path: Path, source: Source, duration: str, hours: str) -> None:
    """A duration becomes a number of hours."""
    assert only(path, source, fact("Mood", "3"), fact("Sleep", duration))["sleep_hours"] == hours


def test_two_sleeps_of_a_day_are_not_guessed_from(path: Path, source: Source) -> None:
    """A nap or a correction: where rows of a day differ, neither is taken; the same row twice is one."""
    mood, sleep, quality = fact("Mood", "3"), fact("Sleep", "8:30"), fact("Sleep quality", "3")
    row = only(path, source, mood, sleep, sleep, quality, quality)
    assert (row["sleep_hours"], row["sleep_quality"]) == ("8.5", "3")
    row = only(path, source, mood, sleep, fact("Sleep", "0:30"), quality, fact("Sleep quality", "1"))
    assert (row["sleep_hours"], row["sleep_quality"]) == ("", "")


@pytest.mark.parametrize(
    ("detail", "factors"),
    [
        ("Caffeine - Little", "Caffeine"),
        ("Caffeine – A lot | Work", "Caffeine|Work"),  # noqa: RUF001 -- a dash that apps write
        ("☕️ Caffeine - Little | 🏃🏽\u200d♀️ Exercise", "Caffeine|Exercise"),  # emoji of several characters
        ("Self-care - Some", "Self-care"),  # a hyphen without blanks is the word's
        ("Alcohol - None | Caffeine - 0", ""),  # an amount that says that it was not there
        ("Work | Work - Lot", "Work"),
        (" | ", ""),
        ("", ""),
    ],
)
def test_factors_of_a_day(path: Path, source: Source, detail: str, factors: str) -> None:
    """Factors lose their amounts and their pictures."""
    assert only(path, source, fact("Factors", time="pm", detail=detail), fact("Mood", "3"))["factors"] == factors


def test_two_moods_of_one_part_of_a_day_are_both_passed_on(path: Path, source: Source) -> None:
    """They share a key; which one stays is decided where keys are compared."""
    path.write_bytes(file(fact("Mood", "3"), fact("Mood", "5")))
    assert [(row["day_part"], row["mood"]) for row in found_in(path, source)[0]] == [("morning", "3"), ("morning", "5")]


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        (fact("Mood", "3", time="CANARY"), ("not_a_time", "logged_at")),
        (fact("Mood", "3", time="13:00 PM"), ("not_a_time", "logged_at")),
        (fact("Mood", "3", date="CANARY", formatted=""), ("not_a_time", "logged_at")),
        (fact("Mood", "3", date="8th Foo 2021", formatted=""), ("not_a_time", "logged_at")),
        (fact("Mood", "3", date="", formatted="CANARY"), ("not_a_time", "logged_at")),
        (fact("Sleep", "7:00", date="CANARY", formatted=""), ("not_a_time", "logged_at")),
        (fact("Sleep", "CANARY"), ("not_a_number", "sleep_hours")),
        (fact("Sleep", "7:60"), ("not_a_number", "sleep_hours")),
        (fact("Sleep quality", "CANARY"), ("not_a_number", "sleep_quality")),
        (fact("Factors", detail="\x00"), ("nul_byte", "factors")),
        (fact("Factors", detail="\udcff"), ("not_utf8", "factors")),
        (fact("Factors", detail="x" * 201), ("too_long", "factors")),
        (fact("Mood", "\udcff"), ("not_utf8", "mood")),
        (fact("Mood", "3") + ',"CANARY"', ("ragged", "")),
    ],
)
def test_a_bad_row_is_its_own_affair(path: Path, source: Source, record: str, broken: tuple[str, str]) -> None:
    """A fact that cannot be read is refused, and the day's mood is kept without it."""
    content = "\n".join([specimens.HEADER, fact("Mood", "4"), record, fact("Mood", "2", time="pm")])
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    rows, bad, _, _ = found_in(path, source)
    assert bad == {3: broken}
    assert [(row["mood"], row["sleep_hours"], row["factors"]) for row in rows] == [("4", "", ""), ("2", "", "")]


def test_free_text_is_counted_once(path: Path, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many parts a long file is passed on in, each note counts once."""
    monkeypatch.setattr("analytics.vault.readers.shared.rows.CHUNK_ROWS", 1)
    path.write_bytes(file(fact("Mood", "3", notes="CANARY"), fact("Mood", "2", time="pm"), fact("Symptom", "1")))
    assert len(list(read(path, source))) > 1
    assert found_in(path, source)[2] == 1


def test_a_mood_that_is_no_number_is_passed_on(path: Path, source: Source) -> None:
    """A word, or nothing, is for the checks to refuse."""
    path.write_bytes(file(fact("Mood", "great"), fact("Mood", "")))
    assert [row["mood"] for row in found_in(path, source)[0]] == ["great", ""]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "CANARY",
        OLD_HEADER.replace("date,", "CANARY,"),
        OLD_HEADER.replace("category", "CANARY"),
        OLD_HEADER.replace("rating/amount", "CANARY"),
        OLD_HEADER.replace("weekday", "category"),
        OLD_HEADER.replace(",", ";"),
    ],
)
def test_another_header_is_refused(path: Path, source: Source, header: str) -> None:
    """A file of another layout is refused, in our own words."""
    assert refusal(path, source, file(header=header))


def test_what_people_write_ends_in_the_reader(path: Path, source: Source) -> None:
    """Words stand only where they are judged later: a mood that is no number, and factors that the map drops."""
    rows, _, _, _ = planted_in(path, source, specimens)
    assert holding(rows) == {"mood", "factors"}
