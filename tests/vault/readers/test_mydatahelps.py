"""MyDataHelps: State of Mind in four kinds of CSV."""

from pathlib import Path

import pytest

from analytics.contracts import Source
from tests.specimens import mydatahelps as specimens
from tests.specimens.mydatahelps import ASSOCIATIONS_HEADER, DELETED_HEADER, HEADER, LABELS_HEADER, file, line
from tests.support.reading import found_in, fresh_words, holding, path_of, planted_in, refusal, source_of

source = source_of(specimens)
path = path_of(specimens)


def linked(*records: str, header: bytes = ASSOCIATIONS_HEADER) -> bytes:
    """Return a file of lines that go with entries."""
    return file([record.encode() for record in records], header)


def test_the_main_file_becomes_entries(path: Path, source: Source) -> None:
    """Key, person, wall clock, valence and kind are read; an entry sent again comes again under its key."""
    path.write_bytes(specimens.GOOD)
    rows, bad, free_text, passed_over = found_in(path, source)
    names = ("kind", "person_id", "source_id", "logged_at", "mood", "report_kind")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("entry", "CANARY-ana", "CANARY-k1", "2026-05-04T09:15:00+02:00", "0.25", "momentary"),
        ("entry", "CANARY-ana", "CANARY-k2", "2026-05-05T22:30:00.000-05:00", "0", "daily"),  # 0 is neutral
        ("entry", "CANARY-bea", "CANARY-k1", "2026-05-06T07:00:00Z", "-1", "momentary"),  # another's of the same key
        ("entry", "CANARY-ana", "CANARY-k1", "2026-05-04T09:15:00+02:00", "0.25", "momentary"),
    ]
    assert (bad, free_text, passed_over) == ({}, 0, 0)
    assert "uuid" not in str(rows)
    assert not any("factors" in row for row in rows)  # they are another file's to say


def test_the_declaration_says_which_id_counts(path: Path, source: Source) -> None:
    """Where consents come under the platform's id, its column is the person."""
    columns = source.columns.model_copy(update={"person": "ParticipantID"})
    path.write_bytes(specimens.GOOD)
    rows, _, _, _ = found_in(path, source.model_copy(update={"columns": columns}))
    assert {row["person_id"] for row in rows} == {"CANARY-uuid"}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("MomentaryEmotion", "momentary"),
        ("momentary emotion", "momentary"),
        ("1", "momentary"),  # Apple's numbers
        ("dailyMood", "daily"),
        ("Daily Mood", "daily"),
        ("2", "daily"),
        ("", ""),
    ],
)
def test_spellings_of_a_kind(path: Path, source: Source, written: str, kind: str) -> None:
    """A kind is understood as a word, spaced or not, and as Apple's number."""
    path.write_bytes(file([line("CANARY-k", "CANARY-ana", kind=written)]))
    assert found_in(path, source)[0][0]["report_kind"] == kind


@pytest.mark.parametrize("start", ["2026-05-04", "2026-05-04T09:15", "2026-05-04 09:15:00.1234567 +0200", ""])
def test_forms_of_a_time(path: Path, source: Source, start: str) -> None:
    """Times are passed on as they are written, with or without an offset."""
    path.write_bytes(file([line("CANARY-k", "CANARY-ana", start)]))
    assert found_in(path, source)[0][0]["logged_at"] == start


def test_a_missing_valence_stays_missing(path: Path, source: Source) -> None:
    """The classification beside it is never taken instead."""
    path.write_bytes(file([line("CANARY-k", "CANARY-ana", valence="")]))
    assert found_in(path, source)[0][0]["mood"] == ""


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        (line("CANARY-k", "CANARY-ana", kind="CANARY"), ("unknown_word", "report_kind")),
        (line("CANARY-k", "CANARY-ana", "yesterday"), ("not_a_time", "logged_at")),
        (line("CANARY-k", "CANARY-ana", "5/4/2026 9:15 AM"), ("not_a_time", "logged_at")),
        (line("CANARY-k", "CANARY-ana", "1" + "0" * 30), ("not_a_time", "logged_at")),
        (line("CANARY-k", "CANARY-ana") + b",one more", ("ragged", "")),
        (b"CANARY-k,CANARY-ana", ("ragged", "")),
        (b'"CANARY-k,CANARY-ana', ("broken_quotes", "")),
        (line("CANARY\x00", "CANARY-ana"), ("nul_byte", "source_id")),
        (line("CANARY-k", "CANARY-ana").replace(b"ana", b"\xff"), ("not_utf8", "person_id")),
        (line("x" * 10_001, "CANARY-ana"), ("too_long", "source_id")),
        (line("x" * 300_000, "CANARY-ana"), ("line_too_long", "")),
    ],
)
def test_a_bad_line_is_its_own_affair(path: Path, source: Source, record: bytes, broken: tuple[str, str]) -> None:
    """A line that cannot be read is refused by its number; the lines around it are kept."""
    path.write_bytes(file([specimens.OTHERS[0], record, specimens.OTHERS[3]]))
    rows, bad, _, _ = found_in(path, source)
    assert bad == {3: broken}
    assert [row["person_id"] for row in rows] == ["CANARY-bea", "CANARY-cai"]


def test_nobody_changes_what_is_read_of_others(path: Path, source: Source) -> None:
    """Whatever lines one person has, before, between or after, the others' rows are the same."""
    path.write_bytes(file(specimens.OTHERS))
    alone = found_in(path, source)[0]
    assert len(alone) == len(specimens.OTHERS)
    mixed = [record for pair in zip(specimens.ANYTHING, specimens.OTHERS * 3, strict=False) for record in pair]
    for records in ([*specimens.ANYTHING, *specimens.OTHERS], [*specimens.OTHERS, *specimens.ANYTHING]):
        path.write_bytes(file(records))
        assert [row for row in found_in(path, source)[0] if row["person_id"] in {"CANARY-bea", "CANARY-cai"}] == alone
    path.write_bytes(file(mixed))
    others = [row for row in found_in(path, source)[0] if row["person_id"] in {"CANARY-bea", "CANARY-cai"}]
    assert others == (alone * 3)[: len(specimens.ANYTHING)]


def test_labels_are_passed_over(path: Path, source: Source) -> None:
    """No word of a labels file is read."""
    path.write_bytes(linked("CANARY-k1,CANARY-ana,x,Anxious", "CANARY-k1,CANARY-ana,x,Sad", header=LABELS_HEADER))
    assert found_in(path, source) == ([], {}, 0, 2)


def test_an_entrys_associations_come_together(path: Path, source: Source) -> None:
    """One row per person and key, at its first line, however far apart its lines lie."""
    path.write_bytes(
        linked(
            "CANARY-k1,CANARY-ana,x,Work",
            "CANARY-k1,CANARY-bea,x,Dating",  # the same key of another person
            "CANARY-k2,CANARY-ana,x,Family",
            "CANARY-k1,CANARY-ana,x,CurrentEvents",
            "CANARY-k1, CANARY-ana ,x,Work",  # sent again
            "CANARY-k2,CANARY-ana,x,Home|Work",  # a bar is no separator of this file
        )
    )
    rows, bad, _, _ = found_in(path, source)
    assert bad == {}
    assert rows == [
        {"kind": "association", "person_id": person, "source_id": key, "factors": words}
        for person, key, words in [
            ("CANARY-ana", "CANARY-k1", "Work|CurrentEvents"),
            ("CANARY-bea", "CANARY-k1", "Dating"),
            ("CANARY-ana", "CANARY-k2", "Family|Home Work"),
        ]
    ]


def test_two_spellings_of_one_id_are_one_person(path: Path, source: Source) -> None:
    """An id in composed and in decomposed characters is one pseudonym, and so is one row of associations."""
    path.write_bytes(linked("k,CANARY-\u00e9va,x,Work", "k,CANARY-e\u0301va,x,Family"))
    rows, _, _, _ = found_in(path, source)
    assert [(row["person_id"], row["factors"]) for row in rows] == [("CANARY-\u00e9va", "Work|Family")]


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        (b",CANARY-ana,x,Work", ("missing", "source_id")),  # it would go with every entry that has no key
        (b"CANARY-k1,,x,Work", ("missing", "person_id")),
        (b"CANARY-k1,CANARY-ana,x", ("ragged", "")),
        (b'CANARY-k1,CANARY-ana,x,"Work', ("broken_quotes", "")),
    ],
)
def test_a_line_of_associations_that_names_no_entry_spoils_none(
    path: Path, source: Source, record: bytes, broken: tuple[str, str]
) -> None:
    """An entry keeps the associations of its good lines."""
    good = [b"CANARY-k1,CANARY-ana,x,Work", record, b"CANARY-k1,CANARY-ana,x,Family"]
    path.write_bytes(file(good, ASSOCIATIONS_HEADER))
    rows, bad, _, _ = found_in(path, source)
    assert bad == {3: broken}
    assert [row["factors"] for row in rows] == ["Work|Family"]


@pytest.mark.parametrize(
    "header",
    [
        DELETED_HEADER,
        DELETED_HEADER.replace(b"DeletedDate", b"DateDeleted"),
        HEADER.replace(b"ValenceClassification", b"IsDeleted").replace(b"Valence,", b"X,"),
    ],
)
def test_deletions_are_passed_on(path: Path, source: Source, header: bytes) -> None:
    """A file with a column of deletion names entries to be deleted."""
    rest = "," * (header.count(b",") - 3)
    path.write_bytes(linked(f"CANARY-k1,CANARY-ana,x,2026-05-06{rest}", f",CANARY-ana,x,{rest}", header=header))
    rows, bad, _, _ = found_in(path, source)
    assert rows == [{"kind": "deletion", "person_id": "CANARY-ana", "source_id": "CANARY-k1"}]
    assert bad == {3: ("missing", "source_id")}


def test_nothing_but_ids_is_a_file_of_deletions(path: Path, source: Source) -> None:
    """With no other column, nothing else can be meant."""
    path.write_bytes(b"HealthKitStateOfMindKey,ParticipantIdentifier,ParticipantID\nCANARY-k1,CANARY-ana,x\n")
    assert [row["kind"] for row in found_in(path, source)[0]] == ["deletion"]


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"CANARY",
        HEADER.replace(b"HealthKitStateOfMindKey", b"CANARY"),
        HEADER.replace(b"ParticipantIdentifier", b"CANARY"),
        HEADER.replace(b"StartDate", b"CANARY"),
        HEADER.replace(b"EndDate", b"ParticipantIdentifier"),
        HEADER.replace(b",Valence,", b",CANARY,"),  # a main file that lost its moods deletes nothing
        HEADER.replace(b",", b";"),
        b"\xff\xfe" + HEADER,
    ],
)
def test_another_header_is_refused(path: Path, source: Source, header: bytes) -> None:
    """A file that is none of the four is refused, in our own words."""
    assert refusal(path, source, file(specimens.OTHERS, header))


def test_what_people_write_ends_in_the_reader(path: Path, source: Source) -> None:
    """Words stand only where they are judged later: person, key, and a mood that is no number."""
    rows, _, _, _ = planted_in(path, source, specimens)
    assert holding(rows) == {"person_id", "source_id", "mood"}
    for content in specimens.planted_beside(fresh_words()).values():
        path.write_bytes(content)
        rows, _, _, _ = found_in(path, source)
        assert {name for row in rows for name in row} <= {"kind", "person_id", "source_id", "factors"}
        assert len(rows) <= 1
