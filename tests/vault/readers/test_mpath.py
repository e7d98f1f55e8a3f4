"""m-Path: one row per prompt, on the participant's own clock; which column is the mood is declared."""

from pathlib import Path

import pytest

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers.mpath import read
from tests.conftest import tells_of_a_person
from tests.specimens import mpath as specimens
from tests.specimens.mpath import CONTEXT, EVENT, HEADER, MONDAY_9, file, prompt
from tests.support.reading import found_in, holding, path_of, planted_in, refusal, source_of

source = source_of(specimens)
path = path_of(specimens)


def declared(source: Source, **columns: str | tuple[str, ...] | None) -> Source:
    """Return the declaration of a study that asks for more, or for something else."""
    return source.model_copy(update={"columns": source.columns.model_copy(update=columns)})


def test_a_study_becomes_entries(path: Path, source: Source) -> None:
    """Answered prompts with a mood are entries, on the participant's own clock; the others are passed over."""
    path.write_bytes(specimens.GOOD)
    rows, bad, free_text, passed_over = found_in(path, source)
    assert rows == [
        {"kind": "entry", "person_id": person, "logged_at": at, "mood": mood}
        for person, at, mood in [
            ("CANARY-ana", "2026-05-04T09:00:00+02:00", "62"),  # not 11:00: the stamp counts local seconds
            ("CANARY-ana", "2026-05-05T09:00:00+02:00", "0"),
            ("CANARY-bea", "2026-05-04T09:00:00-03:30", "62"),
        ]
    ]
    assert (bad, passed_over) == ({}, 3)
    assert free_text == 1  # what was written beside a mood


def test_a_study_that_asks_for_more(path: Path, source: Source) -> None:
    """Factors, sleep and an id are read where the declaration names their columns."""
    names = {"factors": "context_multipleChoice_string", "sleep_hours": "sleep_hours_sliderNeutralPos"}
    more = declared(source, **names, sleep_quality="deltaUTC", source_id="sentBeepId")
    path.write_bytes(file([prompt(context=CONTEXT, sleep="7.5")]))
    rows, _, _, _ = found_in(path, more)
    assert {name: rows[0][name] for name in ("factors", "sleep_hours", "sleep_quality", "source_id")} == {
        "factors": 'Working or studying|With "CANARY"; twice',
        "sleep_hours": "7.5",
        "sleep_quality": "0",
        "source_id": "19369681",
    }


@pytest.mark.parametrize(
    ("cell", "factors"),
    [
        ("", ""),
        ('"""Work"""', "Work"),
        ('"""Work"",""Home"""', "Work|Home"),
        ('"""A \\/ B|C"""', "A / B C"),  # escaped as JSON does; a bar is no separator of this file
        ("Work", "Work"),  # a table that another program wrote
        ("Work, at home", "Work, at home"),
        ("1,3", "1|3"),  # the column of indices
    ],
)
def test_choices_are_words(path: Path, source: Source, cell: str, factors: str) -> None:
    """The choices of one question are JSON texts with commas between them."""
    path.write_bytes(file([prompt(context=cell)]))
    rows, _, _, _ = found_in(path, declared(source, factors="context_multipleChoice_string"))
    assert rows[0]["factors"] == factors


@pytest.mark.parametrize(
    ("start", "offset", "logged_at"),
    [
        (MONDAY_9, "7200", "2026-05-04T09:00:00+02:00"),
        (MONDAY_9, "+7200", "2026-05-04T09:00:00+02:00"),
        (MONDAY_9, "-12600", "2026-05-04T09:00:00-03:30"),
        (MONDAY_9, "0", "2026-05-04T09:00:00+00:00"),
        (MONDAY_9, "", "2026-05-04T09:00:00"),  # the declared zone's
        (f"{MONDAY_9}.0", "7200.0", "2026-05-04T09:00:00+02:00"),  # a table that passed through R
        (MONDAY_9, "99960", "2026-05-04T09:00:00+27:46"),  # impossible: that is for the checks to say
    ],
)
def test_stamps_are_the_participants_clock(
    path: Path, source: Source, start: object, offset: str, logged_at: str
) -> None:
    """Stamps count the seconds of a local clock, and the offset is in another column."""
    path.write_bytes(file([prompt(start=start, offset=offset)]))
    assert found_in(path, source)[0][0]["logged_at"] == logged_at


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        (prompt(start=MONDAY_9 * 1000), ("not_a_time", "logged_at")),  # milliseconds
        (prompt(start=253_402_300_800), ("not_a_time", "logged_at")),  # the year 10000
        (prompt(start="1" + "0" * 30), ("not_a_time", "logged_at")),
        (prompt(start=-1), ("not_a_time", "logged_at")),
        (prompt(start="CANARY"), ("not_a_time", "logged_at")),
        (prompt(start="\u0661\u0662"), ("not_a_time", "logged_at")),  # digits of another script
        (prompt(offset="CANARY"), ("not_a_time", "logged_at")),
        (prompt(offset="7201"), ("not_a_time", "logged_at")),  # no offset has seconds
        (prompt(context="[1]"), ("unreadable", "factors")),
        (prompt(context="{}"), ("unreadable", "factors")),
        (prompt(context="[" * 20_000), ("too_deep", "factors")),
        (prompt(context="\x00"), ("nul_byte", "factors")),
        (prompt(context="CANARY?").replace(b"CANARY?", b"\xff"), ("not_utf8", "factors")),
        (prompt().replace(b"ana", b"\xff"), ("not_utf8", "person_id")),
        (prompt(mood="x" * 10_001), ("too_long", "mood")),
        (prompt() + b";one more", ("ragged", "")),
        (b"CANARY-ana;!x", ("ragged", "")),  # cut off before the time
        (prompt(event='"CANARY'), ("broken_quotes", "")),
        (prompt(event='"CANARY"x'), ("broken_quotes", "")),
        (prompt(event="x" * 300_000), ("line_too_long", "")),
    ],
)
def test_a_bad_line_is_its_own_affair(path: Path, source: Source, record: bytes, broken: tuple[str, str]) -> None:
    """A line that cannot be read is refused by its number; the lines around it are kept."""
    path.write_bytes(file([specimens.OTHERS[0], record, specimens.OTHERS[3]]))
    rows, bad, _, _ = found_in(path, declared(source, factors="context_multipleChoice_string"))
    assert bad == {3: broken}
    assert [row["person_id"] for row in rows] == ["CANARY-bea", "CANARY-cai"]


@pytest.mark.parametrize(
    "record",
    [
        prompt(start=0),
        prompt(start=""),
        prompt(start="0.0"),
        prompt(mood=""),
        prompt(mood=" "),
        prompt(mood="NA"),  # a text that the declaration calls missing
        prompt(start="NA"),
    ],
)
def test_a_prompt_without_an_answer_is_passed_over(path: Path, source: Source, record: bytes) -> None:
    """Nobody answered, or it was another questionnaire of the study: neither is a fault."""
    path.write_bytes(file([record]))
    assert found_in(path, source.model_copy(update={"missing": ("NA",)})) == ([], {}, 0, 1)


def test_nobody_changes_what_is_read_of_others(path: Path, source: Source) -> None:
    """Whatever lines one person has, before, between or after, the others' rows are the same."""
    path.write_bytes(file(specimens.OTHERS))
    alone = found_in(path, source)[0]
    assert len(alone) == len(specimens.OTHERS)
    mixed = [record for pair in zip(specimens.ANYTHING, specimens.OTHERS * 4, strict=False) for record in pair]
    for records, expected in (
        ([*specimens.ANYTHING, *specimens.OTHERS], alone),
        ([*specimens.OTHERS, *specimens.ANYTHING], alone),
        (mixed, (alone * 4)[: len(specimens.ANYTHING)]),
    ):
        path.write_bytes(file(records))
        others = [row for row in found_in(path, source)[0] if row["person_id"] in {"CANARY-bea", "CANARY-cai"}]
        assert others == expected


def test_what_people_wrote_is_counted_and_dropped(path: Path, source: Source) -> None:
    """Open answers count, those that the study declares too; names that people give themselves are never read."""
    path.write_bytes(file([prompt(event=EVENT, context="CANARY"), prompt(event='""""""')]))
    rows, _, free_text, _ = found_in(path, declared(source, free_text=("context_multipleChoice_string", "event_open")))
    assert free_text == 2
    assert {row.pop("person_id") for row in rows} == {"CANARY-ana"}
    assert not tells_of_a_person(str(rows))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "CANARY",
        HEADER.replace("mood_sliderNegPos", "CANARY"),
        HEADER.replace("connectionId", "CANARY"),
        HEADER.replace("timeStampStart", "CANARY"),
        HEADER.replace("timeZoneOffset", "CANARY"),
        HEADER.replace("event_open", "mood_sliderNegPos"),
        HEADER.replace(";", ","),
        f"'{HEADER}",  # as a spreadsheet program saves it
        f'"{HEADER}"',
    ],
)
def test_another_header_is_refused(path: Path, source: Source, header: str) -> None:
    """A file that lacks a declared column is refused, in our own words."""
    assert refusal(path, source, file(specimens.OTHERS).replace(HEADER.encode(), header.encode()))


@pytest.mark.parametrize("column", ["person", "mood"])
def test_a_declaration_must_name_person_and_mood(path: Path, source: Source, column: str) -> None:
    """Which column is whose is never guessed."""
    path.write_bytes(specimens.GOOD)
    with pytest.raises(FileRefusedError, match="does not name"):
        list(read(path, declared(source, **{column: None})))


@pytest.mark.parametrize("column", ["factors", "sleep_hours", "source_id"])
def test_a_declared_item_must_be_there(path: Path, source: Source, column: str) -> None:
    """An item that the declaration names and the file lacks is a mistake, not an empty answer."""
    path.write_bytes(specimens.GOOD)
    with pytest.raises(FileRefusedError, match="lacks"):
        list(read(path, declared(source, **{column: "another_item"})))


def test_what_people_write_ends_in_the_reader(path: Path, source: Source) -> None:
    """Words stand only where they are judged later: the person, and a mood that is no number."""
    rows, _, _, _ = planted_in(path, source, specimens)
    assert holding(rows) == {"person_id", "mood"}
