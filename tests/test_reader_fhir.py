"""FHIR R4: states of mind, totals, patients and consents, in lines, single resources and Bundles."""

import json
from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import Contracts, Source
from analytics.contracts.source import Cohort, ConsentWords
from analytics.errors import FileRefusedError
from tests.people import Desk, balances, query
from tests.reading import Found, found_in, holding, path_of, planted_in, refusal, source_of
from tests.specimens import fhir as specimens
from tests.specimens.fhir import (
    CODE,
    GAD7,
    LOINC,
    PHQ9,
    Json,
    bundle,
    component,
    concept,
    consent,
    file,
    line,
    mood,
    patient,
    total,
)

source = source_of(specimens)
path = path_of(specimens)


class Reader:
    """Reads records that a test makes up."""

    def __init__(self, path: Path, source: Source) -> None:
        """Hold the file's place and the declaration."""
        self.path, self.source = path, source

    def all(self, *records: object) -> Found:
        """Return what is found in lines of records, with a line of something else before them."""
        self.path.write_bytes(file([line({"resourceType": "Device"}), *map(line, records)]))
        rows, bad, free_text, passed_over = found_in(self.path, self.source)
        return Found(rows, {line - 1: broken for line, broken in bad.items()}, free_text, passed_over - 1)

    def row(self, record: object) -> dict[str, str]:
        """Return a record's only row."""
        rows, bad, _, _ = self.all(record)
        assert bad == {}
        assert len(rows) == 1
        return rows[0]

    def rule(self, record: object) -> tuple[str, str]:
        """Return why a record is refused."""
        rows, bad, _, _ = self.all(record)
        assert rows == []
        return bad[1]

    def passes_over(self, record: object) -> bool:
        """Say whether a record is looked past: neither a row nor bad."""
        return self.all(record) == ([], {}, 0, 1)


@pytest.fixture
def reader(path: Path, source: Source) -> Reader:
    """Return a reader of made-up records."""
    return Reader(path, source)


def without(record: Json, *names: str) -> Json:
    """Return a record without some members."""
    return {name: value for name, value in record.items() if name not in names}


def parts(**changes: Any) -> list[Json]:  # noqa: ANN401 -- JSON is anything
    """Return a state of mind's components by name, changed as told; None leaves one out."""
    usual: dict[str, Any] = {
        "kind": {"valueCodeableConcept": concept("dailyMood")},
        "valence": {"valueQuantity": {"value": 0.5}},
        "associations": {"valueCodeableConcept": concept("work")},
    }
    return [component(name, **value) for name, value in (usual | changes).items() if value is not None]


# Forms of a file


def test_lines_become_rows_of_four_kinds(path: Path, source: Source) -> None:
    """Moods, totals, deletions, patients and consents may lie in one file; a Bundle on a line is unfolded."""
    path.write_bytes(specimens.GOOD)
    rows, bad, free_text, passed_over = found_in(path, source)
    assert (bad, free_text, passed_over) == ({}, 1, 1)
    entries = [row for row in rows if row["kind"] == "entry"]
    names = ("person_id", "source_id", "logged_at", "mood", "report_kind", "factors")
    assert [tuple(row[name] for name in names) for row in entries] == [
        ("CANARY-ana", "CANARY-o1", "2026-05-04T09:15:00+02:00", "0.25", "momentary", "work|currentEvents"),
        ("CANARY-ana", "CANARY-o2", "2026-05-05", "-1", "momentary", "work|currentEvents"),  # a bare date
        ("CANARY-bea", "CANARY-o1", "2026-05-04T09:15:00+02:00", "0", "momentary", "work|currentEvents"),
    ]
    totals = [(row["person_id"], row["instrument"], row["total"]) for row in rows if row["kind"] == "total"]
    assert totals == [("CANARY-ana", "phq9", "7"), ("CANARY-bea", "gad7", "7")]
    assert [row for row in rows if row["kind"] == "deletion"] == [
        {"kind": "deletion", "person_id": "CANARY-bea", "source_id": "CANARY-o4"}
    ]
    assert sorted({row["kind"] for row in rows}) == ["consent", "deletion", "entry", "participant", "total"]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_a_document_is_one_resource_or_a_bundle(path: Path, source: Source, indent: int | None, start: bytes) -> None:
    """On one line or on many, the same is read; a Bundle's records are numbered by their places."""
    path.write_bytes(start + json.dumps(mood("CANARY-o1", "CANARY-ana"), indent=indent).encode())
    assert [row["mood"] for row in found_in(path, source)[0]] == ["0.25"]
    several = bundle(mood("CANARY-o1", "CANARY-ana"), mood("CANARY-o2", "CANARY-ana", "yesterday"))
    path.write_bytes(start + json.dumps(several, indent=indent).encode())
    rows, bad, _, _ = found_in(path, source)
    assert [row["source_id"] for row in rows] == ["CANARY-o1"]
    assert bad == {2: ("not_a_time", "logged_at")}


def test_a_large_bundle_on_one_line_is_a_document(path: Path, source: Source) -> None:
    """Servers write a Bundle without line breaks, longer than any line of many may be."""
    path.write_bytes(line(bundle(*[mood(f"CANARY-o{number}", "CANARY-ana") for number in range(400)])))
    assert path.stat().st_size > 256 * 1024
    assert len(found_in(path, source)[0]) == 400


def test_a_damaged_first_line_does_not_hide_the_others(path: Path, source: Source) -> None:
    """A file of lines stays one, whatever its first line is."""
    for damaged in (b"{", b"[]", b"\xff", b'{"resourceType":"Bundle","entry":[', b'{"a":"' + b"x" * 300_000 + b'"}'):
        path.write_bytes(file([damaged, *specimens.OTHERS, b"]}"]))
        rows, bad, _, _ = found_in(path, source)
        assert len(rows) == len(specimens.OTHERS)
        assert set(bad) == {1, len(specimens.OTHERS) + 2}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"CANARY,CANARY\n1,2\n",
        b"[]",
        b'"CANARY"',
        b'{"CANARY": 1}',
        b"[\n{}\n]",
        b'{"resourceType":\n"CA',
    ],
)
def test_another_file_is_refused(path: Path, source: Source, content: bytes) -> None:
    """What is no resource at all is refused as a file, in our own words."""
    assert refusal(path, source, content)


def test_a_history_is_read_from_its_beginning(reader: Reader) -> None:
    """A history begins with the newest version, and the last row of a key counts."""
    newest, oldest = mood("CANARY-o1", "CANARY-ana", valence=1), mood("CANARY-o1", "CANARY-ana", valence=0)
    rows, _, _, _ = reader.all(bundle(newest, oldest, type="history"))
    assert [row["mood"] for row in rows] == ["0", "1"]


def test_a_bundles_own_names_of_patients_are_resolved(reader: Reader) -> None:
    """A Bundle may call a patient by a name that holds in it alone; the id is what consents go by."""
    url = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    entries = [
        {"fullUrl": url, "resource": patient("CANARY-ana")},
        {"resource": mood("CANARY-o1", "x", subject={"reference": url})},
        {"resource": consent("x", patient={"reference": url}, status="inactive")},
    ]
    rows, bad, _, _ = reader.all({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert bad == {}
    assert {row["person_id"] for row in rows} == {"CANARY-ana"}
    entries[0] = {"fullUrl": url, "resource": without(patient("x"), "id")}
    rows, _, _, _ = reader.all({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert {row["person_id"] for row in rows} == {url.removeprefix("urn:uuid:")}


def test_a_deletion_that_names_nobody_is_seen(reader: Reader) -> None:
    """An entry of a Bundle that only says what was deleted cannot be honoured, and is not passed over in silence."""
    gone = {"request": {"method": "DELETE", "url": "Observation/CANARY-o1"}}
    assert reader.rule({"resourceType": "Bundle", "entry": [gone]}) == ("missing", "person_id")
    assert reader.all({"resourceType": "Bundle", "entry": [{"request": {"url": "Device/x"}}]})[:2] == ([], {})


def test_one_bad_record_of_a_bundle_is_its_own_affair(reader: Reader) -> None:
    """The others of the Bundle are kept."""
    good = {"resource": mood("CANARY-o1", "CANARY-ana")}
    damage: list[object] = [5, {"resource": 5}, {"resource": {}}, {"resource": {"resourceType": "Observation"}}]
    for damaged in damage:
        rows, bad, _, _ = reader.all({"resourceType": "Bundle", "entry": [damaged, good]})
        assert [row["source_id"] for row in rows] == ["CANARY-o1"]
        assert set(bad) == {1}
    assert reader.rule({"resourceType": "Bundle", "entry": 5}) == ("unreadable", "")


# Whose it is, and when


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


# States of mind


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


# Totals


@pytest.mark.parametrize(
    "value",
    [
        {"valueInteger": 12},
        {"valueQuantity": {"value": 12, "unit": "CANARY", "code": "{score}"}},
        {"component": [{"code": concept(PHQ9, LOINC), "valueInteger": 12}]},
        {"code": concept("phq9"), "component": [{"code": concept(PHQ9, LOINC), "valueQuantity": {"value": 12}}]},
        {"valueInteger": 12, "component": [{"code": concept("44260-8", LOINC), "valueInteger": 3}]},
        {"valueInteger": 12, "component": [{"code": concept(PHQ9, LOINC), "valueInteger": 12}]},
    ],
)
def test_forms_of_a_total(reader: Reader, value: Json) -> None:
    """A total is a value or a component; items beside it are not read."""
    assert reader.row(without(total("CANARY-o1", "CANARY-ana"), "valueInteger") | value) == {
        "kind": "total",
        "person_id": "CANARY-ana",
        "logged_at": "2026-05-05",
        "source_id": "CANARY-o1",
        "instrument": "phq9",
        "total": "12",
    }


def test_two_totals_of_one_observation(reader: Reader) -> None:
    """Two instruments are two rows; two numbers for one are refused; none is left to the checks."""
    both = [{"code": concept(code, LOINC), "valueInteger": 3} for code in (PHQ9, GAD7)]
    rows, _, _, _ = reader.all(total("CANARY-o1", "CANARY-ana", code="x", component=both))
    assert [(row["instrument"], row["total"]) for row in rows] == [("phq9", "3"), ("gad7", "3")]
    differing = total("CANARY-o1", "CANARY-ana", valueInteger=2, component=both)
    assert reader.rule(differing) == ("repeated_name", "total")
    assert reader.row(total("CANARY-o1", "CANARY-ana", valueString="CANARY"))["total"] == ""
    assert reader.passes_over(total("CANARY-o1", "CANARY-ana", dataAbsentReason=concept("unknown")))


@pytest.mark.parametrize(
    "code",
    [
        concept("44260-8", LOINC),  # the item about self-harm
        concept("44250-9", LOINC),
        concept("8867-4", LOINC),  # heart rate
        concept(PHQ9, "http://CANARY.invalid"),  # another system's number
        {"text": "PHQ-9"},
    ],
)
def test_any_other_observation_is_passed_over(reader: Reader, code: Json) -> None:
    """Not even whose it is is looked at."""
    record = total("CANARY-o1", "CANARY-ana") | {"code": code, "valueInteger": {"CANARY": []}, "subject": ["CANARY"]}
    assert reader.passes_over(record)


def test_a_declared_code_may_be_of_any_system(path: Path, source: Source) -> None:
    """An operator names what the system writes, like WHO-5's two scores."""
    who5 = source.instruments["who5"].model_copy(update={"codes": ("urn:own|who5-raw",)})
    own = source.model_copy(update={"instruments": source.instruments | {"who5": who5}})
    code = {"coding": [{"system": "urn:own", "code": "who5-raw"}]}
    assert Reader(path, own).row(total("CANARY-o1", "CANARY-ana") | {"code": code})["instrument"] == "who5"
    both = source.model_copy(update={"instruments": {"who5": who5, "who5_index": who5}})
    with pytest.raises(FileRefusedError, match="two instruments"):
        Reader(path, both).all()


def response(**more: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return the answers to a questionnaire, each of which says too much."""
    answered = [{"linkId": code, "answer": [{"valueInteger": 3}]} for code in ("44250-9", "44260-8")]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "CANARY-o1",
        "status": "completed",
        "subject": {"reference": "Patient/CANARY-ana"},
        "authored": "2026-05-05T08:00:00Z",
        "item": answered,
        **more,
    }


@pytest.mark.parametrize(
    "item",
    [
        {"linkId": PHQ9, "answer": [{"valueInteger": 12}]},
        {"linkId": f"/44249-1/{PHQ9}", "answer": [{"valueDecimal": 12}]},
        {"linkId": "score", "code": [{"system": LOINC, "code": PHQ9}], "answer": [{"valueInteger": 12}]},
        {
            "linkId": "group",
            "item": [{"linkId": "inner", "item": [{"linkId": PHQ9, "answer": [{"valueInteger": 12}]}]}],
        },
        {"linkId": "44250-9", "answer": [{"item": [{"linkId": PHQ9, "answer": [{"valueInteger": 12}]}]}]},
    ],
)
def test_a_response_gives_its_total_alone(reader: Reader, item: Json) -> None:
    """An item by the code of the total is read, wherever it lies; its id is not that of an Observation."""
    row = reader.row(response(item=[*response()["item"], item]))
    assert (row["instrument"], row["total"], row["logged_at"]) == ("phq9", "12", "2026-05-05T08:00:00Z")
    assert row["source_id"] == "QuestionnaireResponse/CANARY-o1"


def test_other_responses(reader: Reader) -> None:
    """Items alone, an unanswered total and half a response are passed over; one that is taken back is deleted."""
    item = {"linkId": PHQ9, "answer": [{"valueInteger": 12}]}
    assert reader.passes_over(response())
    assert reader.passes_over(response(item=[{"linkId": PHQ9}]))
    assert reader.passes_over(response(item=[item], status="in-progress"))
    twice = [item, item | {"answer": [{"valueInteger": 13}]}]
    assert reader.rule(response(item=twice)) == ("repeated_name", "total")
    two_codes = item | {"code": [{"system": LOINC, "code": GAD7}]}
    assert reader.rule(response(item=[two_codes])) == ("unreadable", "instrument")
    deletion = reader.row(response(status="entered-in-error"))
    assert (deletion["kind"], deletion["source_id"]) == ("deletion", "QuestionnaireResponse/CANARY-o1")


# Patients


def test_a_patient_becomes_keys_of_the_grid(reader: Reader) -> None:
    """Only keys leave the reader, from the day of the record's last change."""
    assert reader.row(patient("CANARY-ana")) == {
        "kind": "participant",
        "person_id": "CANARY-ana",
        "valid_from": "2026-05-01",
        "region": "north",
        "age_band": "25-34",
        "service": "primary_care",
    }


@pytest.mark.parametrize(
    ("change", "dimension", "key"),
    [
        ({"address": [{"state": " NORTH "}]}, "region", "north"),
        ({"address": [{"state": "CANARY"}]}, "region", "?"),  # counted as off the grid
        ({"address": [{"use": "old", "state": "south"}, {"state": "north"}]}, "region", "north"),
        ({"address": [{"state": "south"}, {"state": "north"}]}, "region", ""),  # which counts is not guessed
        ({"address": []}, "region", ""),
        ({"address": ["CANARY", 5, [["CANARY"]]]}, "region", ""),
        (
            {"managingOrganization": {"reference": "https://x.invalid/Organization/primary-care"}},
            "service",
            "primary_care",
        ),
        ({"managingOrganization": {"reference": "Organization/CANARY"}}, "service", "?"),
        ({"birthDate": "2010-05-01"}, "age_band", "16-24"),  # sixteen that very day
        ({"birthDate": "2010-05-02"}, "age_band", "?"),  # too young for the grid by one day
        ({"birthDate": "1961-05-01"}, "age_band", "65+"),
        ({"birthDate": "1961-05-02"}, "age_band", "50-64"),
        ({"birthDate": "1980"}, "age_band", "35-49"),
        ({"birthDate": "1961"}, "age_band", "?"),  # 64 or 65
        ({"birthDate": "1961-04"}, "age_band", "65+"),
        ({"birthDate": "2030-01-01"}, "age_band", "?"),
        ({"birthDate": "CANARY"}, "age_band", "?"),
    ],
)
def test_words_of_a_patient(reader: Reader, change: Json, dimension: str, key: str) -> None:
    """A word that the declaration does not know never leaves the reader, and is unknown."""
    assert reader.row(patient("CANARY-ana", **change))[dimension] == key


def test_a_patient_without_a_day_is_left_to_the_checks(reader: Reader) -> None:
    """From when the cohorts hold is not guessed."""
    row = reader.row(without(patient("CANARY-ana"), "meta"))
    assert (row["valid_from"], row["age_band"]) == ("", "?")
    assert reader.rule(patient("CANARY-ana", meta={"lastUpdated": "2026"})) == ("not_a_date", "valid_from")
    assert reader.row(patient("CANARY-ana", meta={"lastUpdated": "2026-02-30"}))["age_band"] == "?"


def test_the_shipped_bands_are_those_of_the_grid(contracts: Contracts, source: Source) -> None:
    """What the declaration names are keys of the shipped grid."""
    for name, cohort in source.cohorts.items():
        assert {*cohort.keys.values(), *cohort.bands} <= set(contracts.grid.keys(name))
    assert set(source.cohorts) == set(contracts.grid.dimensions)


@pytest.mark.parametrize("bands", [["young"], ["24-16"], ["16-24", "24-30"], ["65+", "70+"], ["16-24-30"]])
def test_bands_that_cannot_be_are_refused(bands: list[str]) -> None:
    """A declaration's bands are ages, and lie apart."""
    with pytest.raises(ValueError, match="band"):
        Cohort.model_validate({"field": "birthDate", "bands": bands})


# Consents


def test_a_consent_is_a_grant(reader: Reader) -> None:
    """Of the policy, only its version is kept."""
    assert reader.row(consent("CANARY-ana")) == {
        "kind": "consent",
        "person_id": "CANARY-ana",
        "event": "granted",
        "recorded_at": "2026-04-01T10:00:00+02:00",
        "covers_from": "2026-04-02",
        "scope": "population_statistics",
        "policy_version": "2.1",
        "ends": "",
    }


@pytest.mark.parametrize(
    ("change", "days"),
    [
        ({"provision": {"type": "permit"}}, "2026-04-01"),  # from the day on which it was given
        ({"provision": {"type": "permit", "period": {"start": "2026-03-01T23:00:00-05:00"}}}, "2026-03-01"),
        ({"provision": {"type": "permit", "dataPeriod": {"start": "2026-04-09"}}}, "2026-04-09"),
        ({"provision": None, "policyRule": concept("OPTIN")}, "2026-04-01"),
        ({"category": [concept("x")], "policyRule": concept(CODE)}, "2026-04-02"),
        ({"category": [], "provision": {"type": "permit", "purpose": [{"code": CODE}]}}, "2026-04-01"),
        # An exception for another purpose is not ours.
        (
            {"provision": {"type": "permit", "provision": [{"type": "deny", "purpose": [{"code": "TREAT"}]}]}},
            "2026-04-01",
        ),
    ],
)
def test_forms_of_a_grant(reader: Reader, change: Json, days: str) -> None:
    """A code of ours in any of three places, and a yes."""
    row = reader.row(consent("CANARY-ana", **change))
    assert (row["event"], row["covers_from"]) == ("granted", days)


@pytest.mark.parametrize(
    ("provision", "ends"),
    [
        ({"period": {"end": "2027-01-01"}}, "2027-01-01T23:59:59.999999+00:00"),
        ({"period": {"end": "2027-01-01T10:00:00+02:00"}}, "2027-01-01T08:00:00.000000+00:00"),
        ({"period": {"end": "2027-01-01"}, "dataPeriod": {"end": "2026-12-31"}}, "2026-12-31T23:59:59.999999+00:00"),
    ],
)
def test_a_grant_says_when_it_ends(reader: Reader, provision: Json, ends: str) -> None:
    """The earliest end is read, a date's last instant."""
    assert reader.row(consent("CANARY-ana", provision={"type": "permit", **provision}))["ends"] == ends


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"provision": {"type": "permit", "period": {"end": "2027"}}}, ("not_allowed", "covers_from")),
        ({"provision": {"type": "permit", "dataPeriod": {"end": "CANARY"}}}, ("not_allowed", "covers_from")),
        ({"provision": {"type": "permit", "period": {"start": "2026-04"}}}, ("not_a_date", "covers_from")),
        ({"provision": {"type": "permit", "modifierExtension": [{}]}}, ("not_allowed", "event")),
        ({"modifierExtension": [{}]}, ("not_allowed", "event")),
        ({"provision": {}}, ("missing", "event")),  # neither a yes nor a no
        ({"provision": None, "policyRule": concept("OPTINR")}, ("missing", "event")),  # with restrictions
        ({"dateTime": "2026-04"}, ("not_a_time", "recorded_at")),
        ({"patient": {"identifier": {"value": "CANARY"}}}, ("missing", "person_id")),
        ({"patient": {"reference": "Group/CANARY"}}, ("unreadable", "person_id")),
    ],
)
def test_a_grant_with_a_blemish_is_refused(reader: Reader, change: Json, broken: tuple[str, str]) -> None:
    """A yes must be whole, and must not hold for less than can be kept."""
    assert reader.rule(consent("CANARY-ana", **change)) == broken


@pytest.mark.parametrize(
    "change",
    [
        {"status": "draft"},
        {"status": "proposed"},
        {"category": [concept("TREAT")]},
        {"category": [concept("TREAT")], "status": "inactive"},
        {"category": []},  # a yes to nothing that could be read
    ],
)
def test_another_consent_is_passed_over(reader: Reader, change: Json) -> None:
    """One that is not in force yet, or to something else, grants nothing and closes nothing."""
    assert reader.passes_over(consent("CANARY-ana", **change))


@pytest.mark.parametrize(
    "change",
    [
        {"status": "inactive"},
        {"status": "rejected"},
        {"status": "entered-in-error"},
        {"status": "withdrawn"},  # no word of FHIR's, and no yes
        {"decision": "deny"},  # R5 says no here
        {"decision": "deny", "provision": None},
        {"decision": ["permit"]},  # a shape of which nothing is known
        {"status": None},
        {"status": ["active"]},
        {"status": " INACTIVE "},
        {"provision": {"type": "deny"}},
        {"provision": {"type": "deny"}, "status": "proposed"},
        {"provision": {"type": "denied"}},
        {"provision": {"type": ["permit"]}},
        {"provision": [{"type": "deny"}]},
        {"provision": {"type": "permit", "provision": [{"type": "deny"}]}},
        {"provision": {"type": "permit", "provision": [{"type": "deny", "purpose": [{"code": CODE}]}]}},
        {"provision": {}, "policyRule": concept("OPTOUT")},
        {"status": "inactive", "category": None, "policyRule": None},  # no code at all
        {"status": "inactive", "category": 5},
        {"status": "inactive", "category": [concept("x")], "provision": {"purpose": [5]}},  # it may have been ours
        {"status": "inactive", "category": [concept(CODE.upper())]},
        {"status": "inactive", "dateTime": {"CANARY": 1}, "policy": "CANARY", "meta": [], "provision": "CANARY"},
        {"status": "inactive", "modifierExtension": [{}]},
        {"status": "inactive", "provision": {"type": "permit", "period": {"end": "2027"}}},
        {"status": "inactive", "patient": None, "subject": {"reference": "Patient/CANARY-ana"}},  # as in R5
    ],
)
def test_a_no_holds_with_any_blemish(reader: Reader, change: Json) -> None:
    """Where a consent says no in any way, and names its person, it is a withdrawal."""
    row = reader.row(consent("CANARY-ana", **change))
    assert (row["event"], row["person_id"], row["scope"]) == ("withdrawn", "CANARY-ana", "population_statistics")


@pytest.mark.parametrize(
    ("times", "recorded_at"),
    [
        # `dateTime` stays that of the yes.
        ({"dateTime": "2026-04-01", "meta": {"lastUpdated": "2026-05-01T08:00:00Z"}}, "2026-05-01T08:00:00Z"),
        ({"dateTime": "2026-05-02", "meta": {"lastUpdated": "2026-05-01T08:00:00Z"}}, "2026-05-02"),
        ({"dateTime": "2026-05-01", "meta": {"lastUpdated": "2026-05-01T08:00:00Z"}}, "2026-05-01"),  # the whole day
        (
            {"dateTime": "2026-05-01T00:30:00+14:00", "meta": {"lastUpdated": "2026-04-30T12:00:00Z"}},
            "2026-04-30T12:00:00Z",
        ),
        ({"dateTime": "2026-04-01"}, "2026-04-01"),
        ({"dateTime": None}, ""),  # from now on
        ({"dateTime": "2026-13", "meta": {"lastUpdated": "2026-05-01T08:00:00Z"}}, ""),
        ({"dateTime": "2026-02-30T08:00:00Z"}, ""),
        ({"dateTime": "0001-01-01T00:00:00+14:00"}, ""),
    ],
)
def test_when_a_no_was_known(reader: Reader, times: Json, recorded_at: str) -> None:
    """The later of its own time and the record's last change; from now on, if it is not sure."""
    assert reader.row(consent("CANARY-ana", status="inactive", **times))["recorded_at"] == recorded_at


def test_a_no_of_nobody_is_seen(reader: Reader) -> None:
    """Without a person there is nothing to honour, but it is not passed over."""
    assert reader.rule(consent("x", status="inactive", patient={"display": "CANARY"})) == ("missing", "person_id")


def test_a_no_in_damaged_bytes_holds(path: Path, source: Source) -> None:
    """Bytes that are no UTF-8 spoil a yes and not a no, unless they are the id's."""
    yes, no = (line(consent("CANARY-ana", status=status, note="@")) for status in ("active", "inactive"))
    path.write_bytes(
        file([no.replace(b"@", b"\xff"), yes.replace(b"@", b"\xff"), no.replace(b"ana", b"\xff"), specimens.OTHERS[0]])
    )
    rows, bad, _, _ = found_in(path, source)
    assert [(row["event"], row["person_id"]) for row in rows if row["kind"] == "consent"] == [
        ("withdrawn", "CANARY-ana")
    ]
    assert bad == {2: ("not_utf8", ""), 3: ("missing", "person_id")}


def test_a_member_that_stands_twice_is_a_no(path: Path, source: Source) -> None:
    """Which status was meant is not guessed, and no yes is made of it; an observation is refused."""
    twice = line(consent("CANARY-ana")).replace(b'"status": "active"', b'"status": "inactive", "status": "active"')
    observation = line(mood("CANARY-o1", "CANARY-ana")).replace(b'"status"', b'"status": "final", "status"')
    path.write_bytes(file([twice, observation]))
    rows, bad, _, _ = found_in(path, source)
    assert [row["event"] for row in rows if row["kind"] == "consent"] == ["withdrawn"]
    assert bad == {2: ("repeated_name", "")}


def test_a_code_may_be_bound_to_its_system(path: Path, source: Source) -> None:
    """A yes must be of the declared system; a no need not."""
    own = source.model_copy(update={"consent": ConsentWords(codes=(f"urn:own|{CODE}",))})
    reader = Reader(path, own)
    assert reader.passes_over(consent("CANARY-ana"))
    assert reader.row(consent("CANARY-ana", status="inactive"))["event"] == "withdrawn"
    assert reader.row(consent("CANARY-ana", category=[concept(CODE, "urn:own")]))["event"] == "granted"


# Everything else


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        (b"{", ("broken_json", "")),
        (b"[]", ("unreadable", "")),
        (b"null", ("unreadable", "")),
        (b'{"resourceType": 5, "CANARY": 1}', None),  # of no type that is known
        (b'{"resourceType": null}', ("unreadable", "")),
        (b'{"a":' * 50_000, ("too_deep", "")),
        (line(mood("CANARY\x00", "CANARY-ana")), ("nul_byte", "source_id")),
        (line(mood("x" * 10_001, "CANARY-ana")), ("too_long", "source_id")),
        (line(mood("\ud800", "CANARY-ana")), ("not_utf8", "source_id")),
        (line(mood("CANARY-o1", "@")).replace(b"@", b"\xff"), ("not_utf8", "")),
        (line(mood("CANARY-o1", "CANARY-ana", note="x" * 300_000)), ("line_too_long", "")),
        (line(mood("CANARY-o1", "CANARY-ana", component=[5])), ("unreadable", "")),
        (line(mood("CANARY-o1", "CANARY-ana", component={"code": 5})), ("unreadable", "")),
    ],
)
def test_a_bad_line_is_its_own_affair(
    path: Path, source: Source, record: bytes, broken: tuple[str, str] | None
) -> None:
    """A line that cannot be read is refused by its number; the lines around it are kept."""
    path.write_bytes(file([specimens.OTHERS[0], record, specimens.OTHERS[3]]))
    rows, bad, _, _ = found_in(path, source)
    assert bad == ({} if broken is None else {2: broken})
    assert [row["person_id"] for row in rows] == ["CANARY-bea", "CANARY-cai"]


def test_a_file_s_own_consents_admit_its_moods(desk: Desk) -> None:
    """Grants and cohorts of a file are kept before its moods, wherever they lie; a later no closes everything."""
    records = [
        *[
            line(mood(f"CANARY-{who}{day}", f"CANARY-{who}", f"2026-05-0{day}"))
            for who in ("bea", "ana")
            for day in (4, 5)
        ],
        line(mood("CANARY-bea4", "CANARY-bea", status="entered-in-error")),
        line(total("CANARY-t", "CANARY-bea")),
        line(mood("CANARY-o", "CANARY-cai")),  # who never consented
        *specimens.CONSENTS[:1],
        *specimens.PATIENTS[:1],
        line(consent("CANARY-ana")),
        line(consent("CANARY-ana", status="inactive")),
    ]
    path = desk.folder / specimens.FILE_NAME
    path.write_bytes(file(records))
    report = desk.take("fhir", path)
    assert balances(report)
    assert query(desk.vault, "SELECT count(*) FROM consented_entry") == [(1,)]
    assert query(desk.vault, "SELECT total FROM questionnaire_total") == [(7,)]
    assert report.without_consent == 3  # both of who withdrew, and one
    assert desk.take("fhir", path).accepted == 0


def test_depth_is_no_danger(path: Path, source: Source) -> None:
    """Whatever is nested as deeply as can be parsed is read or refused, and nothing else breaks."""
    for shape in (b"[", b'{"item":[', b'{"provision":', b'{"state":'):
        closing = {b"[": b"]", b'{"item":[': b"]}"}.get(shape, b"}")
        for kind, name in (("QuestionnaireResponse", "item"), ("Consent", "provision"), ("Patient", "address")):
            deep = shape * 400 + b"0" + closing * 400
            head = f'{{"resourceType":"{kind}","id":"x","status":"completed","{name}":'.encode()
            path.write_bytes(file([specimens.OTHERS[0], head + deep + b"}"]))
            assert any(row["kind"] == "entry" for row in found_in(path, source)[0])


def test_nobody_changes_what_is_read_of_others(path: Path, source: Source) -> None:
    """Whatever lines one person has, before, between or after, the others' rows are the same."""
    records = [*specimens.OTHERS, *specimens.CONSENTS, *specimens.PATIENTS]

    def of_others(lines: list[bytes]) -> list[dict[str, str]]:
        path.write_bytes(file(lines))
        rows = found_in(path, source)[0]
        mine = [{name: text for name, text in row.items() if text} for row in rows]
        return sorted((row for row in mine if row["person_id"] in {"CANARY-bea", "CANARY-cai"}), key=str)

    alone = of_others(records)
    assert len(alone) == len(records)
    assert of_others([*specimens.ANYTHING, *records]) == alone
    assert of_others([*records, *specimens.ANYTHING]) == alone
    for number, anything in enumerate(specimens.ANYTHING):
        place = number % len(records)
        assert of_others([*records[:place], anything, *records[place:]]) == alone


def test_what_people_write_ends_in_the_reader(path: Path, source: Source) -> None:
    """Words stand only where they are judged later: person, own id, factors, and a number that is none."""
    rows, bad, free_text, _ = planted_in(path, source, specimens)
    assert free_text > 0
    assert len(bad) > 5
    assert {row["kind"] for row in rows} == {"entry", "total", "deletion", "participant", "consent"}
    assert holding(rows) == {"person_id", "source_id", "factors", "mood", "total"}
