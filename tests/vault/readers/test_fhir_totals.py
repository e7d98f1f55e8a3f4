"""FHIR R4: totals of questionnaires, of observations and of responses."""

from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from tests.specimens import fhir as specimens
from tests.specimens.fhir import GAD7, LOINC, PHQ9, Json, concept, total
from tests.support.fhir_reading import Reader, reader_of_records, without
from tests.support.reading import path_of, source_of

source = source_of(specimens)
path = path_of(specimens)
reader = reader_of_records()


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
