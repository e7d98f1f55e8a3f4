"""Health Auto Export: State of Mind in a JSON document."""

import json
from pathlib import Path

import pytest

from analytics.contracts import Source
from tests.conftest import tells_of_a_person
from tests.specimens import health_auto_export as specimens
from tests.specimens.health_auto_export import document, mood
from tests.support.reading import first_rule, found_in, holding, only_row, path_of, planted_in, refusal, source_of

source = source_of(specimens)
path = path_of(specimens)


def only(path: Path, source: Source, **members: object) -> dict[str, str]:
    """Return the only row that an entry with these members becomes."""
    return only_row(path, source, document(mood(**members)))


def rule(path: Path, source: Source, record: object) -> tuple[str, str]:
    """Return the rule and the column that a record breaks; the good one after it is kept."""
    return first_rule(path, source, document(record, mood()))


def test_a_document_becomes_entries(path: Path, source: Source) -> None:
    """Entries come as they are written, the resent one twice: its id tells that it is one."""
    path.write_bytes(specimens.GOOD)
    rows, bad, free_text, _ = found_in(path, source)
    assert [(row["source_id"], row["logged_at"], row["mood"], row["report_kind"], row["factors"]) for row in rows] == [
        ("CANARY-1f0c", "2026-05-04T09:15:00+0200", "0.25", "", "Work"),
        ("CANARY-2a", "2026-05-04T09:15:00+0200", "0", "daily", ""),  # 0 is neutral, not missing
        ("CANARY-3b", "2026-05-04T09:15:00+0200", "-1", "momentary", "Work"),
        ("CANARY-4c", "2026-05-05T21:05:00+0200", "0.25", "", "currentEvents|Self Care"),
        ("CANARY-1f0c", "2026-05-04T09:15:00+0200", "0.25", "", "Work"),
    ]
    assert {row["kind"] for row in rows} == {"entry"}
    assert (bad, free_text) == ({}, 0)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("mood", ""),  # documented for both kinds: the declaration's counts
        ("", ""),
        (None, ""),
        ("dailyMood", "daily"),
        ("daily_mood", "daily"),
        ("Daily Mood", "daily"),
        ("momentaryEmotion", "momentary"),
        ("momentary_emotion", "momentary"),
        (1, "momentary"),  # Apple's numbers
        (2, "daily"),
    ],
)
def test_spellings_of_a_kind(path: Path, source: Source, written: object, kind: str) -> None:
    """A kind is understood in each of the spellings that have been seen."""
    assert only(path, source, kind=written)["report_kind"] == kind


@pytest.mark.parametrize(
    ("written", "logged_at"),
    [
        ("2026-05-04 09:15:00 +0200", "2026-05-04T09:15:00+0200"),
        ("2026-05-04 09:15:00 -08:00", "2026-05-04T09:15:00-08:00"),
        ("2026-05-04T09:15:00Z", "2026-05-04T09:15:00Z"),
        ("2026-05-04 09:15", "2026-05-04T09:15"),  # no offset: the declared zone's
        ("2026-05-04 9:15:00 PM +0200", "2026-05-04T21:15:00+0200"),  # a phone set to 12 hours
        ("2026-05-04 12:15:00\u202fam +0200", "2026-05-04T00:15:00+0200"),  # midnight, a narrow blank
        ("2026-05-04 12:15:00 p.m. +0200", "2026-05-04T12:15:00+0200"),
        ("2026-02-30 09:15:00 +0200", "2026-02-30T09:15:00+0200"),  # impossible: that is for the checks to say
        ("", ""),
        (None, ""),
    ],
)
def test_forms_of_a_time(path: Path, source: Source, written: object, logged_at: str) -> None:
    """The wall clock comes first, with the offset where there is one."""
    assert only(path, source, start=written)["logged_at"] == logged_at


@pytest.mark.parametrize(
    "start",
    ["CANARY", "04/05/2026 09:15", "2026-05-04", "13:00", "2026-05-04 13:15:00 PM +0200", "1" + "0" * 30, 10**30],
)
def test_a_time_that_cannot_be_understood(path: Path, source: Source, start: object) -> None:
    """Another form of time is refused, not guessed."""
    assert rule(path, source, mood(start=start)) == ("not_a_time", "logged_at")


@pytest.mark.parametrize(
    ("valence", "native"),
    [(0, "0"), (-0.5, "-0.5"), ("0.75", "0.75"), (0.1234567890123, "0.1234567890123"), (7, "7"), (None, "")],
)
def test_valence_stays_as_it_is_written(path: Path, source: Source, valence: object, native: str) -> None:
    """A missing valence stays missing, whatever the classification beside it says."""
    assert only(path, source, valence=valence, valenceClassification=5)["mood"] == native


def test_every_association_of_apple_is_a_factor(source: Source) -> None:
    """Each of the 18 is mapped, in camel case and with a blank."""
    spellings = {"currentEvents": "current_events", "selfCare": "self_care"} | {
        "Current Events": "current_events",
        "Self Care": "self_care",
    }
    plain = "community dating education family fitness friends health hobbies identity money partner spirituality"
    spellings |= {name: name for name in f"{plain} tasks travel weather work".split()}
    assert source.factors is not None
    assert {word: source.factors.get(word.casefold()) for word in spellings} == spellings
    assert len(set(source.factors.values())) == 18


def test_a_bar_in_a_word_does_not_make_two_of_it(path: Path, source: Source) -> None:
    """Words are joined by bars; one inside a word becomes a blank."""
    assert only(path, source, associations=["CANARY|Work", "Family"])["factors"] == "CANARY Work|Family"


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        (mood(kind="CANARY"), ("unknown_word", "report_kind")),  # nobody knows whether it is a whole day's
        (mood(valence=True), ("unreadable", "")),
        (mood(valence=[0.5]), ("unreadable", "")),
        (mood(id={"CANARY": 1}), ("unreadable", "")),
        (mood(associations="Work"), ("unreadable", "")),
        (mood(associations=[["Work"]]), ("unreadable", "factors")),
        (mood(associations=[None]), ("unreadable", "factors")),
        ("CANARY", ("unreadable", "")),
        (["CANARY"], ("unreadable", "")),
        (mood(id="CANARY\x00"), ("nul_byte", "source_id")),
        (mood(id="x" * 10_001), ("too_long", "source_id")),
    ],
)
def test_a_damaged_entry_is_its_own_affair(path: Path, source: Source, record: object, broken: tuple[str, str]) -> None:
    """One entry that cannot be read leaves the others as they are."""
    assert rule(path, source, record) == broken


def test_half_a_character_and_a_member_named_twice(path: Path, source: Source) -> None:
    """What JSON allows and text does not, and what says two things at once, is refused entry by entry."""
    twice = b'{"id":"a","valence":1,"valence":-1,"start":"2026-05-04 09:15:00 +0200"}'
    half = b'{"id":"\\ud800","valence":1,"start":"2026-05-04 09:15:00 +0200"}'
    path.write_bytes(b'{"data":{"stateOfMind":[' + twice + b"," + half + b"]}}")
    rows, bad, _, _ = found_in(path, source)
    assert rows == []
    assert bad == {1: ("repeated_name", ""), 2: ("not_utf8", "source_id")}


def test_metadata_is_counted_and_dropped(path: Path, source: Source) -> None:
    """Labels are not read; what apps write into the metadata counts as free text."""
    path.write_bytes(document(mood(labels=["CANARY"], metadata={"CANARY-a": "CANARY note", "b": "", "c": None})))
    rows, _, free_text, _ = found_in(path, source)
    assert free_text == 1
    assert not tells_of_a_person(str([{**row, "source_id": ""} for row in rows]))


@pytest.mark.parametrize(
    "data",
    [
        {"metrics": [{"name": "step_count", "data": []}]},
        {"workouts": [], "ecg": []},
        {},  # a sync when there was nothing new
        {"stateOfMind": []},
    ],
)
def test_an_export_without_moods_yields_nothing(path: Path, source: Source, data: object) -> None:
    """Other metrics of the app are passed over."""
    path.write_bytes(json.dumps({"data": data}).encode())
    assert found_in(path, source) == ([], {}, 0, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"CANARY",
        b"[]",
        b'"CANARY"',
        b'{"stateOfMind":[]}',  # not inside `data`
        b'{"data":[{"CANARY":1}]}',
        b'{"data":{"CANARY":[]}}',  # another app's
        b'{"data":{"stateOfMind":{"id":"CANARY"}}}',
        b'{"data":{"stateOfMind":null,"metrics":[]}}',
        b'{"data":{"stateOfMind":[],"stateOfMind":[]}}',  # which of the two?
        b'{"data":{},"data":{}}',
        specimens.GOOD[:-10],
        b"\xff" + specimens.GOOD,
        b"[" * 100_000,
    ],
)
def test_another_document_is_refused(path: Path, source: Source, content: bytes) -> None:
    """What is no such document is refused as a file, in our own words."""
    assert refusal(path, source, content)


def test_what_people_write_ends_in_the_reader(path: Path, source: Source) -> None:
    """Words stand only where they are judged later: the id, a mood, and factors that are no associations."""
    rows, _, _, _ = planted_in(path, source, specimens)
    assert holding(rows) == {"source_id", "factors", "mood"}
