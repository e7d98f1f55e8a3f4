"""Daylio's CSV: moods as words, in four layouts."""

from pathlib import Path

import pytest

from analytics.contracts import Source
from analytics.vault.readers.daylio_csv import _MONTHS
from tests.specimens import daylio_csv as specimens
from tests.specimens.daylio_csv import EIGHT, HEADER, OLDEST, SEVEN, entry, file
from tests.support.reading import found_in, holding, only_row, path_of, planted_in, refusal, source_of

source = source_of(specimens)
path = path_of(specimens)


def only(path: Path, source: Source, row: str, header: str = HEADER) -> dict[str, str]:
    """Return the only mood of a file of this row."""
    return only_row(path, source, file(row, header=header))


def test_a_file_becomes_entries(path: Path, source: Source) -> None:
    """Moods stay words, activities go to the map, and notes stay behind, line breaks and all."""
    path.write_bytes(specimens.GOOD)
    rows, bad, free_text, passed_over = found_in(path, source)
    names = ("logged_at", "mood", "factors", "sleep_hours", "sleep_quality")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("2026-05-06T23:54", "rad", "friends | movies | CANARY-choir", "", ""),
        ("2026-05-06T14:58", "sad", "cleaning", "", ""),  # a mood of the user's own, with a blank at its end
        ("2026-05-05T00:05", "meh", "", "", ""),  # midnight, and a narrow blank before the half of the day
        ("2026-05-04T19:30", "awful", "work | bad sleep", "7.5", "8"),
    ]
    assert {row["kind"] for row in rows} == {"entry"}
    assert (bad, passed_over) == ({}, 0)
    assert free_text == 4  # a title, two notes, and scales of the user's own


@pytest.mark.parametrize(
    ("header", "row", "logged_at", "free_text"),
    [
        (OLDEST, "2018,18 May,Friday,11:54 pm,rad,,", "2018-05-18T23:54", 0),
        (OLDEST, '2018,September 28,Friday,14:58,rad,"clean | cook","CANARY"', "2018-09-28T14:58", 1),
        (SEVEN, '2020-02-29,February 29,Saturday,7:30 PM,rad,,"CANARY"', "2020-02-29T19:30", 1),
        (EIGHT, '2022-12-09,December 9,Friday,01:25,rad,,"CANARY","CANARY"', "2022-12-09T01:25", 2),
        (HEADER, '2026-05-04,May 4,Monday,07:15,rad,,,"CANARY","CANARY"', "2026-05-04T07:15", 2),
        ("mood,time,full_date", "rad,07:15,2026-05-04", "2026-05-04T07:15", 0),  # found by name, wherever it is
    ],
)
def test_every_layout_is_read(  # noqa: PLR0913, PLR0917 -- four are columns of the table above
    path: Path, source: Source, header: str, row: str, logged_at: str, free_text: int
) -> None:
    """Columns have been added over the years."""
    path.write_bytes(file(row, header=header))
    rows, bad, dropped, _ = found_in(path, source)
    assert [(found["logged_at"], found["mood"]) for found in rows] == [(logged_at, "rad")]
    assert (bad, dropped) == ({}, free_text)


def test_a_file_without_activities_does_not_say_that_there_were_none(path: Path, source: Source) -> None:
    """Factors that are not in a file are not known; an empty cell says that there were none."""
    assert "factors" not in only(path, source, "rad,07:15,2026-05-04", "mood,time,full_date")
    assert only(path, source, entry())["factors"] == ""


@pytest.mark.parametrize(
    ("time", "clock"),
    [
        ("7:30 PM", "T19:30"),
        ("11:54 pm", "T23:54"),
        ("14:58", "T14:58"),
        ("9:05", "T09:05"),
        ("12:00 AM", "T00:00"),
        ("12:00 PM", "T12:00"),
        ("7:30\u00a0PM", "T19:30"),  # blanks that do not break
        ("7:30\u202fp.m.", "T19:30"),
        ("7:30 a.m.", "T07:30"),
        ("7:30\u00a0p.\u00a0m.", "T19:30"),  # as Spanish writes it
        (" 14:58 ", "T14:58"),
        ("", ""),  # the day is known
        ("25:00", "T25:00"),  # impossible: that is for the checks to say
    ],
)
def test_forms_of_a_time(path: Path, source: Source, time: str, clock: str) -> None:
    """Clocks of twelve and of twenty-four hours stand in one file."""
    assert only(path, source, entry(time=time))["logged_at"] == f"2026-05-04{clock}"


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("28 September", "09-28"),
        ("October 30", "10-30"),
        ("Dec 17", "12-17"),
        ("28. März", "03-28"),
        ("3. oktober", "10-03"),
        ("1er août", "08-01"),
        ("28 février", "02-28"),
        ("30 de octubre", "10-30"),
        ("7 de março", "03-07"),
        ("7 giugno", "06-07"),
        ("12 mei", "05-12"),
        ("12 maja", "05-12"),
        ("12 мая", "05-12"),
        ("31 February", "02-31"),  # impossible: that is for the checks to say
    ],
)
def test_the_oldest_layout_writes_months_as_words(path: Path, source: Source, date: str, day: str) -> None:
    """A year and a day of it, in the language of the phone."""
    assert only(path, source, f"2018,{date},x,09:00,rad,,", OLDEST)["logged_at"] == f"2018-{day}T09:00"


def test_no_name_is_of_two_months() -> None:
    """What is one month here and another there would be misread."""
    names = " ".join(_MONTHS).split()
    assert len(names) == len(set(names))
    assert len(_MONTHS) == 12
    assert {"listopadu", "listopada"}.isdisjoint(names)  # November in Czech and Polish, October in Croatian


@pytest.mark.parametrize(
    ("scales", "sleep", "free_text"),
    [
        ("Sleep Quality:\u00a08/10\u00a0points | Sleep Time:\u00a08:00", ("8", "8"), 0),
        ("Sleep Time: 7:20", ("", "7.333333333"), 0),
        ("sleep quality: 7.5/10", ("7.5", ""), 0),
        ("Sleep Quality: 7,5/10", ("7.5", ""), 0),  # as much of Europe writes it
        ("Sleep Quality: 0/10 points", ("0", ""), 0),
        ("CANARY:\u00a03/5\u00a0points | Sleep Time:\u00a00:45", ("", "0.75"), 1),
        ("CANARY", ("", ""), 1),
        ("Sleep Time: 8:00 | Sleep Time: 8:00", ("", "8"), 0),
        ("Sleep Time: 8:00 | Sleep Time: 7:00", ("", ""), 0),  # which was meant is not guessed
        ("Sleep Quality: | Sleep Time:", ("", ""), 0),
        ("", ("", ""), 0),
    ],
)
def test_scales_of_sleep(path: Path, source: Source, scales: str, sleep: tuple[str, str], free_text: int) -> None:
    """Sleep's two scales are read; those that users name are counted and dropped."""
    path.write_bytes(file(entry(scales=scales)))
    rows, bad, dropped, _ = found_in(path, source)
    assert [(row["sleep_quality"], row["sleep_hours"]) for row in rows] == [sleep]
    assert (bad, dropped) == ({}, free_text)


def test_quality_of_sleep_is_read_on_the_declared_scale_only(path: Path, source: Source) -> None:
    """Points out of another number are refused; where no scale is declared, quality is not taken."""
    five = source.model_copy(update={"sleep_quality": source.scale})
    row = entry(scales="Sleep Quality: 4/5 points")
    assert only(path, five, row)["sleep_quality"] == "4"
    path.write_bytes(file(row))
    assert found_in(path, source)[1] == {2: ("not_allowed", "sleep_quality")}
    assert only(path, source.model_copy(update={"sleep_quality": None}), row)["sleep_quality"] == ""


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        (entry(day="CANARY"), ("not_a_time", "logged_at")),
        (entry(day="04.05.2026"), ("not_a_time", "logged_at")),
        (entry(time="CANARY"), ("not_a_time", "logged_at")),
        (entry(time="13:00 PM"), ("not_a_time", "logged_at")),
        (entry(time="0:30 am"), ("not_a_time", "logged_at")),
        (entry(scales="Sleep Time: CANARY"), ("not_a_number", "sleep_hours")),
        (entry(scales="Sleep Time: 7:60"), ("not_a_number", "sleep_hours")),
        (entry(scales="Sleep Quality: CANARY"), ("not_a_number", "sleep_quality")),
        (entry(scales="Sleep Quality: 8"), ("not_a_number", "sleep_quality")),
        (entry(scales="Sleep Quality: 4/5"), ("not_allowed", "sleep_quality")),
        (entry("\udcff"), ("not_utf8", "mood")),
        (entry("\x00"), ("nul_byte", "mood")),
        (entry(activities="x" * 10_001), ("too_long", "factors")),
        (entry() + ",CANARY", ("ragged", "")),
        ("CANARY", ("ragged", "")),
    ],
)
def test_a_bad_row_is_its_own_affair(path: Path, source: Source, row: str, broken: tuple[str, str]) -> None:
    """One row that cannot be read leaves the others as they are."""
    content = "\n".join([HEADER, entry("rad"), row, entry("awful")])
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    rows, bad, _, _ = found_in(path, source)
    assert [found["mood"] for found in rows] == ["rad", "awful"]
    assert bad == {3: broken}


@pytest.mark.parametrize(
    ("year", "date"),
    [
        ("2018", "28 CANARY"),
        ("2018", "12 listopada"),
        ("2018", "28.09."),
        ("2018", "September"),
        ("", "28 September"),
        ("18", "28 September"),
        ("1" + "0" * 30, "28 September"),
        ("2018", ""),
    ],
)
def test_a_day_that_cannot_be_understood(path: Path, source: Source, year: str, date: str) -> None:
    """A month in a language that is not known is refused, not guessed."""
    path.write_bytes(file(f"{year},{date},x,09:00,rad,,", "2018,18 May,x,09:00,rad,,", header=OLDEST))
    rows, bad, _, _ = found_in(path, source)
    assert (len(rows), bad) == (1, {2: ("not_a_time", "logged_at")})


def test_what_is_empty_is_passed_on(path: Path, source: Source) -> None:
    """An empty mood or day is missing, which is for the checks to say."""
    assert only(path, source, entry("", day=""))["logged_at"] == ""
    assert only(path, source, ",,x,09:00,rad,,", OLDEST)["logged_at"] == ""


def test_one_lost_quote_does_not_swallow_what_follows(path: Path, source: Source) -> None:
    """A quote that does not end costs its own row."""
    path.write_bytes(file(entry("rad"), '2026-05-04,May 4,Monday,07:15,meh,"CANARY,,,', entry("awful")))
    rows, bad, _, _ = found_in(path, source)
    assert [row["mood"] for row in rows] == ["rad", "awful"]
    assert bad == {3: ("broken_quotes", "")}


def test_the_app_s_own_words_are_declared(source: Source) -> None:
    """Five groups in English, as the app names them; each other language goes from best to worst."""
    assert source.words is not None
    assert [int(source.words[word]) for word in ("rad", "good", "meh", "bad", "awful")] == [5, 4, 3, 2, 1]
    assert [int(source.words[w]) for w in ("wspaniale", "dobrze", "tak sobie", "źle", "okropnie")] == [5, 4, 3, 2, 1]
    assert {"great", "mies", "terrible", "prima"}.isdisjoint(source.words)  # of two groups


def test_a_file_that_a_spreadsheet_has_saved_is_read_as_declared(path: Path, source: Source) -> None:
    """Some write semicolons: the declaration says so."""
    path.write_bytes(file(entry("rad", "work | sport").replace(",", ";"), header=HEADER.replace(",", ";")))
    rows, bad, _, _ = found_in(path, source.model_copy(update={"delimiter": ";"}))
    assert [(row["logged_at"], row["mood"], row["factors"]) for row in rows] == [
        ("2026-05-04T19:30", "rad", "work | sport")
    ]
    assert bad == {}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "CANARY",
        HEADER.replace("full_date,date", "CANARY,date"),
        HEADER.replace("mood", "CANARY"),
        HEADER.replace(",time", ",CANARY"),
        OLDEST.replace("year", "CANARY"),
        OLDEST.replace("date", "CANARY"),
        HEADER.replace("weekday", "mood"),
        HEADER.replace("weekday", "note"),
        HEADER.replace(",", ";"),
    ],
)
def test_another_header_is_refused(path: Path, source: Source, header: str) -> None:
    """A file of another layout is refused, in our own words."""
    assert refusal(path, source, file(header=header))


def test_what_people_write_ends_in_the_reader(path: Path, source: Source) -> None:
    """Words stand only where they are judged later: unknown moods, and activities that the map drops."""
    rows, bad, _, _ = planted_in(path, source, specimens)
    assert len(bad) >= 5
    assert holding(rows) == {"mood", "factors"}
