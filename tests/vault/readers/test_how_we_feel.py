"""How We Feel: moods as words, several to an entry."""

from pathlib import Path

import pytest

from analytics.contracts import Source
from analytics.vault.readers.how_we_feel import _AMOUNTS
from tests.conftest import tells_of_a_person
from tests.specimens import how_we_feel as specimens
from tests.specimens.how_we_feel import HEADER, entry, file
from tests.support.reading import found_in, holding, only_row, path_of, planted_in, refusal, source_of

source = source_of(specimens)
path = path_of(specimens)


def only(path: Path, source: Source, row: str, header: str = HEADER) -> dict[str, str]:
    """Return the only mood of a file of this row."""
    return only_row(path, source, file(row, header=header))


def test_a_file_becomes_entries(path: Path, source: Source) -> None:
    """Moods stay words, amounts become factors, and places and what was written stay behind."""
    path.write_bytes(specimens.GOOD)
    rows, bad, free_text, passed_over = found_in(path, source)
    names = ("logged_at", "mood", "factors", "sleep_hours")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("2026-05-04T16:04", "Mellow", "", ""),
        ("2026-05-03T11:10", "Hopeful;At Ease", "Friend|CANARY-bea", ""),
        ("2026-05-02T00:05", "Worried; Tired", "Working|caffeine", "7.5"),
        ("2026-05-01T19:45", "Calm", "exercise", "0.0"),  # the declaration calls it missing
    ]
    assert {row["kind"] for row in rows} == {"entry"}
    assert (bad, passed_over) == ({6: ("ragged", "")}, 0)
    assert free_text == 3  # a note, a reflection and a place; an empty list of takeaways is nothing


@pytest.mark.parametrize(
    ("date", "logged_at"),
    [
        ("2026 Sun Feb 8 4:04 PM", "2026-02-08T16:04"),
        ("2026 Sat Feb 7 11:10 AM", "2026-02-07T11:10"),
        ("2026 Sat Feb 07 12:10 am", "2026-02-07T00:10"),
        ("2026 Wed Jul 22 08:15\u202fPM", "2026-07-22T20:15"),
        ("2026 Wed Jul 22 20:15", "2026-07-22T20:15"),
        ("2026 Wednesday September 2, 20:15", "2026-09-02T20:15"),
        ("2026 Mon Feb 30 8:15 AM", "2026-02-30T08:15"),  # impossible: that is for the checks to say
        ("", ""),
    ],
)
def test_forms_of_a_time(path: Path, source: Source, date: str, logged_at: str) -> None:
    """Year, weekday, month, day and the phone's clock."""
    assert only(path, source, entry(date=date))["logged_at"] == logged_at


@pytest.mark.parametrize(
    ("sleep", "hours"),
    [
        ("7", "7"),
        ("7.516666666666667", "7.516666666666667"),
        ("7h 30m", "7.5"),
        ("7h30m", "7.5"),
        ("7 hr 20 min", "7.333333333"),
        ("8 hours", "8"),
        ("45m", "0.75"),
        ("90 min", "1.5"),
        ("", ""),
    ],
)
def test_hours_of_sleep(path: Path, source: Source, sleep: str, hours: str) -> None:
    """A number is hours; hours and minutes become a number."""
    assert only(path, source, entry(Sleep=sleep))["sleep_hours"] == hours


@pytest.mark.parametrize(
    ("cells", "factors"),
    [
        ({"Exercise": "35.0"}, "exercise"),
        ({"Exercise": "20 min"}, "exercise"),
        ({"Caffeinemg": "0.5"}, "caffeine"),
        ({"AlcoholicDrinks": "2"}, "alcohol"),
        ({"Exercise": "0.0", "Caffeinemg": "0", "AlcoholicDrinks": "0m"}, ""),
        ({"TagsPeople": "Family;Friends", "TagsEvents": "Work"}, "Family|Friends|Work"),
        ({"TagsPeople": "Family; ;Family"}, "Family"),
        ({"TagsPeople": "CANARY|Work"}, "CANARY|Work"),
        ({"TagsPlaces": "Work"}, ""),  # a place is never passed on
    ],
)
def test_factors_of_an_entry(path: Path, source: Source, cells: dict[str, str], factors: str) -> None:
    """Tags of people and events are for the map; an amount above zero is a factor."""
    assert only(path, source, entry(**cells))["factors"] == factors


def test_each_amount_has_its_factor_in_the_declaration(source: Source) -> None:
    """The words that amounts stand for are in the map."""
    assert source.factors is not None
    assert {word: source.factors[word] for word in _AMOUNTS.values()} == {
        "exercise": "exercise",
        "caffeine": "caffeine",
        "alcohol": "alcohol",
    }


def test_places_and_what_was_written_are_counted(path: Path, source: Source) -> None:
    """Four columns; an empty list is nothing."""
    written = {"TagsPlaces": "CANARY", "Notes": "CANARY", "Reflections": "CANARY\nCANARY", "Takeaways": "CANARY"}
    path.write_bytes(file(entry(**written), entry(Notes=" ", Reflections="[]", Takeaways="[]")))
    rows, _, free_text, _ = found_in(path, source)
    assert free_text == 4
    assert not tells_of_a_person(str(rows))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        # A newer file repeats moods and tags as keys; one of another export has neither amounts nor the weather.
        (
            "Date,Mood,Mood Key,Tags (People),Tags Key (People),Tags (Places),Tags Key (Places),Sleep,Notes",
            "2026 Mon May 4 4:04 PM,Calm,calm,Family,Family,CANARY,CANARY,7,CANARY",
        ),
        (
            "Date,Locale,Mood Keys,Mood,Tags (People),Tags (Places),Tags (Events),Notes,Reflections,Takeaways",
            '2026 Mon May 4 4:04 PM,en,calm,Calm,Family,,,CANARY,"CANARY","[]"',
        ),
    ],
)
def test_other_columns_are_not_looked_at(path: Path, source: Source, header: str, row: str) -> None:
    """Columns are found by name."""
    path.write_bytes(file(row, header=header))
    rows, bad, free_text, _ = found_in(path, source)
    assert [(found["logged_at"], found["mood"], found["factors"]) for found in rows] == [
        ("2026-05-04T16:04", "Calm", "Family")
    ]
    assert (bad, free_text) == ({}, 2)
    assert not tells_of_a_person(str(rows))


def test_a_file_without_tags_and_amounts_does_not_say_that_there_were_none(path: Path, source: Source) -> None:
    """Factors that are not in a file are not known."""
    assert "factors" not in only(path, source, "Calm,2026 Mon May 4 4:04 PM", "Mood,Date")


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        (entry(date="CANARY"), ("not_a_time", "logged_at")),
        (entry(date="2026 Mon CANARY 4 4:04 PM"), ("not_a_time", "logged_at")),
        (entry(date="2026 Mo Mai 4 16:04"), ("not_a_time", "logged_at")),  # German: May is not guessed from it
        (entry(date="2026 Mon May 4 16:04 PM"), ("not_a_time", "logged_at")),
        (entry(date="2026 Mon May 4 CANARY"), ("not_a_time", "logged_at")),
        (entry(date="1" + "0" * 30), ("not_a_time", "logged_at")),
        (entry(Sleep="CANARY"), ("not_a_number", "sleep_hours")),
        (entry(Sleep="-7"), ("not_a_number", "sleep_hours")),
        (entry(Sleep="7:30 CANARY"), ("not_a_number", "sleep_hours")),
        (entry(Sleep=","), ("not_a_number", "sleep_hours")),
        (entry(Exercise="CANARY"), ("not_a_number", "factors")),
        (entry(Caffeinemg="CANARY"), ("not_a_number", "factors")),
        (entry(AlcoholicDrinks="-1"), ("not_a_number", "factors")),
        (entry("\udcff"), ("not_utf8", "mood")),
        (entry("\x00"), ("nul_byte", "mood")),
        (entry(TagsPeople="x" * 10_001), ("too_long", "factors")),
        (entry() + ",CANARY", ("ragged", "")),
        ("CANARY", ("ragged", "")),
    ],
)
def test_a_bad_row_is_its_own_affair(path: Path, source: Source, row: str, broken: tuple[str, str]) -> None:
    """One row that cannot be read leaves the others as they are."""
    content = "\n".join([HEADER, entry("Calm"), row, entry("Sad")])
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    rows, bad, _, _ = found_in(path, source)
    assert [found["mood"] for found in rows] == ["Calm", "Sad"]
    assert bad == {3: broken}


def test_a_file_that_a_spreadsheet_has_saved_is_read_as_declared(path: Path, source: Source) -> None:
    """Some write tabs: the declaration says so."""
    path.write_bytes(file(entry("Calm;Sad").replace(",", "\t"), header=HEADER.replace(",", "\t")))
    rows, bad, _, _ = found_in(path, source.model_copy(update={"delimiter": "\t"}))
    assert ([(row["logged_at"], row["mood"]) for row in rows], bad) == ([("2026-05-04T16:04", "Calm;Sad")], {})


def test_words_are_pleasant_or_unpleasant(source: Source) -> None:
    """The scale is coarse: four or two, and what may be either is left out."""
    assert source.words is not None
    assert {int(value) for value in source.words.values()} == {2, 4}
    assert {word: int(source.words[word]) for word in ("joyful", "at ease", "angry", "burned out")} == {
        "joyful": 4,
        "at ease": 4,
        "angry": 2,
        "burned out": 2,
    }
    assert {"nostalgic", "challenged", "sleepy"}.isdisjoint(source.words)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "CANARY",
        HEADER.replace("Date", "CANARY"),
        HEADER.replace("Mood", "CANARY"),
        HEADER.replace("Steps", "Mood"),
        HEADER.replace("Steps", "Sleep"),
        HEADER.replace(",", ";"),
    ],
)
def test_another_header_is_refused(path: Path, source: Source, header: str) -> None:
    """A file of another layout is refused, in our own words."""
    assert refusal(path, source, file(header=header))


def test_what_people_write_ends_in_the_reader(path: Path, source: Source) -> None:
    """Words stand only where they are judged later: unknown moods, and tags that the map drops."""
    rows, bad, _, _ = planted_in(path, source, specimens)
    assert len(bad) >= 5
    assert holding(rows) == {"mood", "factors"}
