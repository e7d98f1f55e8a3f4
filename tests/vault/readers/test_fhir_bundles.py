"""FHIR's Bundles: nobody's record says whose another is; and what a correction takes back, and what answers a total."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.contracts import Source
from tests.specimens import fhir as specimens
from tests.specimens.fhir import (
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
from tests.support.fhir_bundles import ANYTHING, OTHERS, URN, called, of_urn
from tests.support.people import ANA, BEA, CAI, Desk, balances, query
from tests.support.reading import Found, found_in, path_of, source_of

source = source_of(specimens)
path = path_of(specimens)

ABSENT: Json = {"dataAbsentReason": concept("asked-declined")}
REFUSED = ("unreadable", "person_id")


def in_bundle(path: Path, source: Source, *entries: object) -> Found:
    """Return what is found in a Bundle of entries, which are numbered by their places."""
    path.write_bytes(line({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    return found_in(path, source)


def alone(path: Path, source: Source, record: Json) -> Found:
    """Return what is found in a file of one record."""
    path.write_bytes(line(record))
    return found_in(path, source)


def people_of(rows: list[dict[str, str]]) -> list[str]:
    """Return whose the moods and consents are."""
    return [row["person_id"] for row in rows if row["kind"] != "participant"]


# Whose it is


@pytest.mark.parametrize(
    "named", [f"Patient/{BEA}", f"https://CANARY.invalid/fhir/Patient/{BEA}", f"Patient/{BEA}/_history/1", BEA]
)
def test_a_bundle_does_not_say_to_which_person_a_reference_belongs(path: Path, source: Source, named: str) -> None:
    """A Patient that calls itself by another's address draws nothing to itself; its own record stays its own."""
    entries = [called(named, patient(ANA)), {"resource": of_urn(mood("CANARY-o1", ""), named)}]
    entries += [{"resource": of_urn(consent("", status="inactive"), named, "patient")}]
    for order in (entries, entries[::-1]):
        rows, bad, _, _ = in_bundle(path, source, *order)
        assert bad == {}
        assert people_of(rows) == [BEA, BEA]
        assert [row["person_id"] for row in rows if row["kind"] == "participant"] == [ANA]


@pytest.mark.parametrize(
    "other",
    [
        patient(ANA),
        {"resourceType": "Patient"},  # its id is the name's own end
        {"resourceType": "Patient", "id": [ANA]},
        {"resourceType": "Patient", "id": {}, "name": "CANARY"},
    ],
)
def test_a_name_of_two_patients_is_nobody_s(path: Path, source: Source, other: Json) -> None:
    """What goes by it is refused, and never given to either, nor to a third."""
    entries = [
        called(URN, patient(BEA)),
        {"resource": of_urn(mood("CANARY-o1", ""))},
        {"resource": of_urn(total("CANARY-o2", ""))},
        {"resource": of_urn(consent(""), name="patient")},
        {"resource": of_urn(consent("", status="inactive"), name="patient")},
        {"resource": mood("CANARY-o3", BEA)},
        called(URN, other),
    ]
    for place in (0, 6):
        entries.insert(place, entries.pop())
        rows, bad, _, _ = in_bundle(path, source, *entries)
        assert [row["source_id"] for row in rows if row["kind"] in {"entry", "total"}] == ["CANARY-o3"]
        assert people_of(rows) == [BEA]
        assert list(bad.values()).count(REFUSED) >= 4
        assert {row["person_id"] for row in rows} <= {ANA, BEA}


def test_versions_of_one_patient_share_a_name(path: Path, source: Source) -> None:
    """The same id twice is one person."""
    entries = [called(URN, patient(BEA)), {"resource": of_urn(mood("CANARY-o1", ""))}, called(URN, patient(BEA))]
    rows, bad, _, _ = in_bundle(path, source, *entries)
    assert (people_of(rows), bad) == ([BEA], {})


def test_a_name_holds_in_its_own_bundle_alone(path: Path, source: Source) -> None:
    """A Bundle within names nobody outside of it."""
    inner = bundle() | {"entry": [called(URN, patient(ANA))]}
    entries = [{"resource": inner}, called(URN, patient(BEA)), {"resource": of_urn(mood("CANARY-o1", ""))}]
    rows, bad, _, _ = in_bundle(path, source, *entries)
    assert (people_of(rows), bad) == ([BEA], {})


def of_others(path: Path, source: Source, kind: str, entries: list[bytes]) -> list[dict[str, str]]:
    """Return the rows of everybody but ANA in a Bundle of entries, by person and kind, each kind in its order."""
    path.write_bytes(b'{"resourceType":"Bundle","type":"%s","entry":[%s]}' % (kind.encode(), b",".join(entries)))
    mine = [{name: text for name, text in row.items() if text} for row in found_in(path, source).rows]
    others = [row for row in mine if row.get("person_id") in {BEA, CAI}]
    return sorted(others, key=lambda row: (row["person_id"], row["kind"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(data=st.data())
def test_one_person_s_entries_change_nobody_else_s(path: Path, source: Source, data: st.DataObject) -> None:
    """Whatever one person has in a Bundle, and wherever, all others' rows stay as they were, in their order."""
    kind = data.draw(st.sampled_from(["collection", "history"]))
    before = of_others(path, source, kind, OTHERS)
    assert len(before) == len(OTHERS)
    entries = list(OTHERS)
    places = st.tuples(st.integers(0, len(OTHERS)), st.sampled_from(ANYTHING))
    for place, entry in data.draw(st.lists(places, min_size=1, max_size=8)):
        entries.insert(place, entry)
    assert of_others(path, source, kind, entries) == before


def test_whoever_claims_another_s_name_gains_nothing(path: Path, source: Source) -> None:
    """A Bundle's own name can be spoilt by a second Patient, but what goes by it is refused, not moved."""
    before = of_others(path, source, "collection", OTHERS)
    by_name = [row for row in before if row["person_id"] == CAI and row["kind"] != "participant"]
    assert len(by_name) == 3
    after = of_others(path, source, "collection", [line(called(URN, patient(ANA))), *OTHERS])
    assert after == [row for row in before if row not in by_name]
    assert {row["kind"] for row in found_in(path, source).rows if row["person_id"] not in {BEA, CAI}} == {"participant"}


# Totals of a questionnaire's answers


def response(*answers: object, **more: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return a questionnaire's total and its answers."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "CANARY-o1",
        "status": "completed",
        "subject": {"reference": f"Patient/{ANA}"},
        "authored": "2026-05-05T08:00:00Z",
        "item": [{"linkId": PHQ9, "answer": answers}],
        **more,
    }


@pytest.mark.parametrize(
    "answer",
    [
        {"valueInteger": 12},
        {"valueDecimal": 12},
        {"valueQuantity": {"value": 12, "unit": "CANARY", "code": "{score}"}},
        {"valueInteger": 12, "valueString": None},
    ],
)
def test_numbers_that_answer_a_total(path: Path, source: Source, answer: Json) -> None:
    """Whole, decimal, or with a unit."""
    rows, bad, _, _ = alone(path, source, response(answer))
    assert ([(row["instrument"], row["total"]) for row in rows], bad) == ([("phq9", "12")], {})


@pytest.mark.parametrize(
    ("answer", "broken"),
    [
        ({"valueString": "CANARY"}, ("not_a_number", "total")),
        ({"valueString": "12"}, ("not_a_number", "total")),
        ({"valueCoding": {"code": "CANARY"}}, ("not_a_number", "total")),
        ({"valueBoolean": False}, ("not_a_number", "total")),
        ({"valueQuantity": {"unit": "CANARY"}}, ("not_a_number", "total")),
        ({"valueQuantity": {"value": 12, "comparator": "<"}}, ("not_a_number", "total")),
        ({"valueInteger": 12, "valueString": "CANARY"}, ("not_a_number", "total")),  # which was meant is not guessed
        ({"valueInteger": 12, "valueDecimal": 12}, ("repeated_name", "total")),
        ({"valueInteger": [12]}, ("unreadable", "")),
    ],
)
def test_what_else_answers_a_total_is_refused(
    path: Path, source: Source, answer: Json, broken: tuple[str, str]
) -> None:
    """A total that is there and cannot be read is seen."""
    rows, bad, _, _ = alone(path, source, response(answer))
    assert (rows, bad) == ([], {1: broken})


@pytest.mark.parametrize("answers", [[], [{}], [None], [{"item": [{"linkId": "x", "answer": [{"valueString": "x"}]}]}]])
def test_an_unanswered_total_is_passed_over(path: Path, source: Source, answers: list[object]) -> None:
    """Nothing was said; what lies beneath it is not the total's answer."""
    assert alone(path, source, response(*answers)) == ([], {}, 0, 1)


# What a correction takes back


def valence(**value: Any) -> list[Json]:  # noqa: ANN401 -- JSON is anything
    """Return a state of mind's components, of which the valence has `value`."""
    others = [each for each in mood("", "")["component"] if each["code"] != concept("valence")]
    return [*others, component("valence", **value)]


def score(**value: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return a component that is PHQ-9's total."""
    return {"code": concept(PHQ9, LOINC), **value}


EMPTIED = [
    mood("CANARY-o1", ANA, component=valence(**ABSENT)),
    mood("CANARY-o1", ANA, component=[], **ABSENT),
    mood("CANARY-o1", ANA, component=valence(), **ABSENT),
    total("CANARY-o1", ANA, **ABSENT),
    total("CANARY-o1", ANA, code="x", component=[score(**ABSENT)]),
    total("CANARY-o1", ANA, component=[score()], **ABSENT),
]


@pytest.mark.parametrize("status", ["amended", "corrected"])
@pytest.mark.parametrize("record", EMPTIED)
def test_a_value_that_is_corrected_away_is_deleted(path: Path, source: Source, record: Json, status: str) -> None:
    """The source took it back; without an id there is nothing to look for."""
    rows, bad, _, _ = alone(path, source, record | {"status": status})
    assert rows == [{"kind": "deletion", "person_id": ANA, "source_id": "CANARY-o1"}]
    assert bad == {}
    assert alone(path, source, record | {"status": status, "id": None}) == ([], {}, 0, 1)
    nobody = record | {"status": status, "subject": None}
    assert alone(path, source, nobody)[:2] == ([], {1: ("missing", "person_id")})


@pytest.mark.parametrize("record", EMPTIED)
def test_who_did_not_say_at_first_is_passed_over(path: Path, source: Source, record: Json) -> None:
    """There is no value yet that could be taken back."""
    assert alone(path, source, record) == ([], {}, 0, 1)


@pytest.mark.parametrize(
    "record",
    [
        mood("CANARY-o1", ANA, **ABSENT),  # a value is there: neither is believed
        total("CANARY-o1", ANA, valueInteger=7, **ABSENT),
        total("CANARY-o1", ANA, code="8867-4", **ABSENT),  # heart rate
        total("CANARY-o1", ANA, code="44260-8", **ABSENT),  # an item
    ],
)
def test_what_no_correction_empties_is_passed_over(path: Path, source: Source, record: Json) -> None:
    """Neither an observation that still has a value, nor another than a mood or a total, deletes anything."""
    assert alone(path, source, record | {"status": "corrected"}) == ([], {}, 0, 1)


def test_a_correction_beside_an_absent_part_is_read(path: Path, source: Source) -> None:
    """Only the valence's absence empties a mood; one of two totals that is gone is left to the checks, and seen."""
    declined = [component("associations", **ABSENT), component("valence", valueQuantity={"value": 1})]
    rows, _, _, _ = alone(path, source, mood("CANARY-o1", ANA, status="corrected", component=declined))
    assert [(row["kind"], row["mood"], row["factors"]) for row in rows] == [("entry", "1", "")]
    both = [score(**ABSENT), {"code": concept(GAD7, LOINC), "valueInteger": 3}]
    found = {
        status: [(row["instrument"], row["total"]) for row in alone(path, source, record)[0]]
        for status in ("final", "amended")
        for record in [total("CANARY-o1", ANA, code="x", component=both, status=status)]
    }
    assert found == {"final": [("gad7", "3")], "amended": [("phq9", ""), ("gad7", "3")]}


def test_a_value_that_is_corrected_away_leaves_the_vault(desk: Desk) -> None:
    """What was stored is gone, and the same person's other values stay."""
    path = desk.folder / specimens.FILE_NAME
    first = [consent(ANA), patient(ANA), mood("CANARY-o1", ANA), mood("CANARY-o2", ANA, "2026-05-06")]
    path.write_bytes(file(map(line, [*first, total("CANARY-o3", ANA)])))
    assert desk.take("fhir", path).accepted > 0
    stored = "SELECT (SELECT count(*) FROM consented_entry), (SELECT count(*) FROM questionnaire_total)"
    assert query(desk.vault, stored) == [(2, 1)]
    second = [mood("CANARY-o1", ANA, status="corrected", component=valence(**ABSENT))]
    second += [total("CANARY-o3", ANA, status="amended", **ABSENT)]
    path.write_bytes(json.dumps(bundle(*second), indent=1).encode())
    assert balances(desk.take("fhir", path))
    assert query(desk.vault, stored) == [(1, 0)]
