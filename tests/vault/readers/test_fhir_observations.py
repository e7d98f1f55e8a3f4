"""FHIR R4: whose an observation is, when it was made, and states of mind."""

from pathlib import Path

import pytest

from analytics.contracts import Source
from tests.specimens import fhir as specimens
from tests.specimens.fhir import Json, component, concept, line, mood, total
from tests.support.fhir_reading import Reader, parts, reader_of_records, without
from tests.support.reading import found_in, path_of, source_of

source = source_of(specimens)
path = path_of(specimens)
reader = reader_of_records()


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/CANARY-ana",
        "https://CANARY.invalid/fhir/Patient/CANARY-ana",
        "Patient/CANARY-ana/_history/3",
        "urn:uuid:CANARY-ana",
        "CANARY-ana",
    ],
)
def test_forms_of_a_reference(reader: Reader, reference: str) -> None:
    """A person is the id at a reference's end, of whatever server and version."""
    assert reader.row(mood("CANARY-o1", "x", subject={"reference": reference}))["person_id"] == "CANARY-ana"


@pytest.mark.parametrize(
    ("subject", "broken"),
    [
        ({"identifier": {"value": "CANARY"}}, ("missing", "person_id")),  # another system's number
        ({"reference": ""}, ("missing", "person_id")),
        (None, ("missing", "person_id")),
        ({"reference": "#CANARY"}, ("unreadable", "person_id")),  # only contained
        ({"reference": "Patient?name=CANARY"}, ("unreadable", "person_id")),
        ({"reference": "Group/CANARY"}, ("unreadable", "person_id")),
        ({"reference": True}, ("unreadable", "")),
        ({"reference": ["CANARY"]}, ("unreadable", "")),
    ],
)
def test_an_observation_of_no_patient_is_refused(reader: Reader, subject: object, broken: tuple[str, str]) -> None:
    """Nobody is guessed."""
    assert reader.rule(mood("CANARY-o1", "x", subject=subject)) == broken


@pytest.mark.parametrize(
    ("effective", "at"),
    [
        ({"effectiveDateTime": "2026-05-04"}, "2026-05-04"),
        ({"effectiveInstant": "2026-05-04T09:15:00.123Z"}, "2026-05-04T09:15:00.123Z"),
        ({"effectivePeriod": {"start": "2026-05-04T09:15:00-05:00", "end": "2026"}}, "2026-05-04T09:15:00-05:00"),
        ({"effectiveDateTime": "2026-05-04T09:15:00.1234567890123Z"}, "2026-05-04T09:15:00.123456789Z"),
        ({}, ""),  # when it was issued is not when it was felt
    ],
)
def test_forms_of_a_time(reader: Reader, effective: Json, at: str) -> None:
    """Times are passed on as they are written."""
    assert reader.row(without(mood("CANARY-o1", "CANARY-ana"), "effectiveDateTime") | effective)["logged_at"] == at


@pytest.mark.parametrize("at", ["2026", "2026-05", "04.05.2026", "1" + "0" * 30, "2026-05-04T09"])
def test_what_is_no_day_is_refused(reader: Reader, at: str) -> None:
    """A year or a month is not a day, and is never completed."""
    assert reader.rule(mood("CANARY-o1", "CANARY-ana", at)) == ("not_a_time", "logged_at")


def test_two_times_are_refused(reader: Reader) -> None:
    """Which was meant is not guessed."""
    record = mood("CANARY-o1", "CANARY-ana", effectiveInstant="2026-05-04T09:15:00Z")
    assert reader.rule(record) == ("repeated_name", "logged_at")


@pytest.mark.parametrize("status", ["final", "amended", "corrected"])
def test_a_final_observation_is_taken(reader: Reader, status: str) -> None:
    """A correction comes under the same id."""
    assert reader.row(mood("CANARY-o1", "CANARY-ana", status=status))["mood"] == "0.25"


@pytest.mark.parametrize("status", ["registered", "preliminary", "unknown"])
def test_an_observation_that_is_not_final_is_passed_over(reader: Reader, status: str) -> None:
    """It will come again."""
    assert reader.passes_over(mood("CANARY-o1", "CANARY-ana", status=status))


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_what_was_taken_back_is_deleted(reader: Reader, status: str) -> None:
    """Whatever is left of the record: only its person and id are read."""
    for record in (mood("CANARY-o1", "CANARY-ana"), total("CANARY-o1", "CANARY-ana")):
        for kept in (record, without(record, "code", "component", "effectiveDateTime")):
            expected = {"kind": "deletion", "person_id": "CANARY-ana", "source_id": "CANARY-o1"}
            assert reader.row(kept | {"status": status}) == expected
    assert reader.rule(without(mood("x", "CANARY-ana", status=status), "id")) == ("missing", "source_id")


def test_an_unknown_status_is_refused(reader: Reader) -> None:
    """Neither taken nor deleted."""
    assert reader.rule(mood("CANARY-o1", "CANARY-ana", status="CANARY")) == ("not_allowed", "status")
    assert reader.rule(without(mood("CANARY-o1", "CANARY-ana"), "status")) == ("missing", "status")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"valueCodeableConcept": concept("dailyMood")}, "daily"),
        ({"valueCodeableConcept": concept("", display="MOMENTARY EMOTIONS")}, "momentary"),
        ({"valueString": "momentary emotion"}, "momentary"),  # Apple's names in apps of their own
        ({"dataAbsentReason": concept("unknown")}, ""),
        (None, ""),
    ],
)
def test_kinds_of_a_report(reader: Reader, kind: Json | None, expected: str) -> None:
    """Without a kind, the declaration's counts."""
    record = mood("CANARY-o1", "CANARY-ana", component=parts(kind=kind))
    assert reader.row(record)["report_kind"] == expected


def test_an_unknown_kind_is_refused(reader: Reader) -> None:
    """A kind that is not known, and two kinds."""
    for kind in (
        {"valueString": "CANARY"},
        {"valueCodeableConcept": {"coding": [{"code": "dailyMood"}, {"code": "x"}]}},
    ):
        record = mood("CANARY-o1", "CANARY-ana", component=parts(kind=kind))
        assert reader.rule(record) == ("unknown_word", "report_kind")


@pytest.mark.parametrize(
    ("associations", "factors"),
    [
        ({"valueCodeableConcept": {"coding": [{"code": "work"}, {"code": "selfCare"}]}}, "work|selfCare"),
        ({"valueCodeableConcept": {"coding": [{"code": "261041009", "display": "Self-Care"}]}}, "Self-Care"),
        ({"valueCodeableConcept": {"coding": [{"display": "Work"}], "text": "CANARY"}}, "Work"),
        ({"valueCodeableConcept": {"coding": [{"code": "CANARY|work"}]}}, "CANARY work"),  # a bar separates nothing
        ({"valueString": "family"}, "family"),
        ({"dataAbsentReason": concept("asked-declined")}, ""),
        (None, ""),
    ],
)
def test_forms_of_associations(reader: Reader, associations: Json | None, factors: str) -> None:
    """Several lie in one concept; of code and display the one that the declaration knows is passed on."""
    record = mood("CANARY-o1", "CANARY-ana", component=parts(associations=associations))
    assert reader.row(record)["factors"] == factors


def test_apples_own_names_are_understood(reader: Reader) -> None:
    """Some apps write Apple's names for what HL7's guide has names of its own."""
    named = [component("HKStateOfMindValence", valueQuantity={"value": -0.5})]
    named += [component("HKStateOfMindAssociation", valueString=word) for word in ("work", "family")]
    row = reader.row(mood("CANARY-o1", "CANARY-ana", code=concept("HKStateOfMind"), component=named))
    assert (row["mood"], row["factors"]) == ("-0.5", "work|family")


def test_who_did_not_say_is_passed_over(reader: Reader) -> None:
    """Declined is not bad."""
    absent = {"dataAbsentReason": concept("asked-declined")}
    assert reader.passes_over(mood("CANARY-o1", "CANARY-ana", component=parts(valence=absent)))
    assert reader.passes_over(mood("CANARY-o1", "CANARY-ana") | absent)


def test_a_valence_is_never_guessed(reader: Reader) -> None:
    """None stays missing, whatever the classification says; two, and a bound, are refused."""
    classified = {"valenceClassification": {"valueCodeableConcept": concept("veryPleasant")}}
    assert reader.row(mood("CANARY-o1", "CANARY-ana", component=parts(valence=None, **classified)))["mood"] == ""
    twice = [*parts(), *parts()]
    assert reader.rule(mood("CANARY-o1", "CANARY-ana", component=twice)) == ("repeated_name", "mood")
    kinds = [*parts(), *parts(valence=None)]
    assert reader.rule(mood("CANARY-o1", "CANARY-ana", component=kinds)) == ("repeated_name", "report_kind")
    bound = parts(valence={"valueQuantity": {"value": 0, "comparator": ">"}})
    assert reader.rule(mood("CANARY-o1", "CANARY-ana", component=bound)) == ("not_a_number", "mood")


def test_a_number_stays_as_it_is_written(path: Path, source: Source) -> None:
    """No digit is lost on the way."""
    written = b"0.1000000000000000055511151231257827"
    path.write_bytes(line(mood("CANARY-o1", "CANARY-ana")).replace(b"0.25", written))
    assert found_in(path, source)[0][0]["mood"] == written.decode()


def test_labels_and_notes_stay_behind(reader: Reader) -> None:
    """Notes are counted, labels are not looked at."""
    rows, _, free_text, _ = reader.all(mood("CANARY-o1", "x", note=[{"text": "CANARY"}, {"text": "CANARY"}]))
    assert free_text == 2
    assert "peaceful" not in str(rows)
    assert "Pleasant" not in str(rows)


def test_what_may_change_the_meaning_is_refused(reader: Reader) -> None:
    """A modifier that is not understood may say the opposite."""
    for name in ("modifierExtension", "implicitRules"):
        assert reader.rule(mood("CANARY-o1", "CANARY-ana") | {name: ["CANARY"]}) == ("unreadable", "")
