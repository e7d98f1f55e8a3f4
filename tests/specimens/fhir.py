"""Invented resources in the layout of FHIR R4 and of HL7's guide for personal health records."""

import json
from collections.abc import Callable, Iterable
from typing import Any

SOURCE = "fhir"
FILE_NAME = "Observation.000.ndjson"

CODE = "murmuration-population-statistics"
"""What the shipped declaration takes for a consent to population statistics."""
IG = "http://hl7.org/fhir/uv/phr/CodeSystem/"
LOINC = "http://loinc.org"
PHQ9, GAD7 = "44261-6", "70274-6"

Json = dict[str, Any]


def concept(code: str, system: str = IG, display: str = "") -> Json:
    """Return a concept of one coding."""
    return {"coding": [{"system": system, "code": code, "display": display or code.title()}]}


def component(code: str, **value: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return a component of a state of mind."""
    return {"code": concept(code), **value}


def mood(own_id: str, who: str, at: str = "2026-05-04T09:15:00+02:00", valence: Any = 0.25, **more: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return a state of mind; `more` replaces or adds members."""
    return {
        "resourceType": "Observation",
        "id": own_id,
        "status": "final",
        "category": [concept("survey")],
        "code": concept("stateOfMind"),
        "subject": {"reference": f"Patient/{who}"},
        "effectiveDateTime": at,
        "issued": "2026-05-20T12:00:00+09:00",
        "component": [
            component("kind", valueCodeableConcept=concept("momentaryEmotion", display="MOMENTARY EMOTIONS")),
            component("valence", valueQuantity={"value": valence}),
            component("valenceClassification", valueCodeableConcept=concept("pleasant")),
            component("labels", valueCodeableConcept={"coding": [{"code": "peaceful"}, {"code": "satisfied"}]}),
            component("associations", valueCodeableConcept={"coding": [{"code": "work"}, {"code": "currentEvents"}]}),
        ],
        **more,
    }


def total(own_id: str, who: str, at: str = "2026-05-05", code: str = PHQ9, **more: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return an observation of a questionnaire's total; a whole number unless `more` says otherwise."""
    value = more or {"valueInteger": 7}
    return {
        "resourceType": "Observation",
        "id": own_id,
        "status": "final",
        "code": concept(code, LOINC),
        "subject": {"reference": f"https://CANARY.invalid/fhir/Patient/{who}"},
        "effectiveDateTime": at,
        **value,
    }


def patient(who: str, **more: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return a patient of the north, 30 years old, in primary care."""
    return {
        "resourceType": "Patient",
        "id": who,
        "meta": {"lastUpdated": "2026-05-01T08:00:00.000+02:00"},
        "name": [{"family": "CANARY", "given": ["CANARY"]}],
        "telecom": [{"system": "phone", "value": "CANARY"}],
        "birthDate": "1996-04-30",
        "address": [{"use": "home", "city": "CANARY", "state": "north"}],
        "managingOrganization": {"reference": "Organization/primary-care", "display": "CANARY"},
        **more,
    }


def consent(who: str, **more: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return a consent to population statistics."""
    return {
        "resourceType": "Consent",
        "id": "CANARY-consent",
        "status": "active",
        "scope": concept("research"),
        "category": [concept(CODE)],
        "patient": {"reference": f"Patient/{who}"},
        "dateTime": "2026-04-01T10:00:00+02:00",
        "policy": [{"uri": "https://CANARY.invalid/policy/2.1"}],
        "provision": {"type": "permit", "period": {"start": "2026-04-02"}},
        **more,
    }


def line(record: object) -> bytes:
    """Return a record's line."""
    return json.dumps(record).encode()


def file(records: Iterable[bytes]) -> bytes:
    """Return a whole file of lines."""
    return b"".join(record + b"\n" for record in records)


def bundle(*records: Json, **more: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return a Bundle of records."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in records], **more}


GOOD = file(
    [
        line(consent("CANARY-ana")),
        line(patient("CANARY-ana")),
        line(mood("CANARY-o1", "CANARY-ana")),
        line(mood("CANARY-o2", "CANARY-ana", "2026-05-05", -1, note=[{"text": "CANARY"}])),
        line(total("CANARY-o3", "CANARY-ana")),
        line(mood("CANARY-o4", "CANARY-bea", status="entered-in-error")),
        line(bundle(mood("CANARY-o1", "CANARY-bea", valence=0), total("CANARY-o5", "CANARY-bea", code=GAD7))),
        line({"resourceType": "Device", "id": "CANARY"}),
    ]
)

CONSENTS = [line(consent("CANARY-bea")), line(consent("CANARY-cai"))]
"""Two persons' grants."""

PATIENTS = [line(patient("CANARY-bea")), line(patient("CANARY-cai", birthDate="1950"))]
"""Two persons' cohorts."""

OTHERS = [
    line(mood("CANARY-o1", "CANARY-bea", "2026-05-04T08:00:00+02:00", -0.5)),
    line(mood("CANARY-o2", "CANARY-bea", "2026-05-05", 0)),
    line(total("CANARY-o3", "CANARY-bea")),
    line(mood("CANARY-o1", "CANARY-cai", "2026-05-04T08:00:00+02:00", 0.125)),
    line(mood("CANARY-o9", "CANARY-cai", "2026-05-10T23:30:00-05:00", 1)),
    line(total("CANARY-o7", "CANARY-cai", "2026-05-06T08:00:00Z", valueQuantity={"value": 21, "code": "{score}"})),
]
"""Two persons' good records."""

_DEEP = b'{"a":' * 50_000

ANYTHING = [
    line(mood("CANARY-o1", "CANARY-ana", "2026-05-04T08:00:00+02:00", 0.5)),  # others' ids and times
    line(total("CANARY-o3", "CANARY-ana", "2026-05-04T08:00:00+02:00")),
    line(mood("CANARY-o1", "CANARY-ana", status="entered-in-error")),
    line(bundle(mood("CANARY-o9", "CANARY-ana"), {"resourceType": "Observation"}, patient("CANARY-ana"))),
    line(consent("CANARY-ana", status="inactive")),
    line(consent("CANARY-ana", provision={"type": "permit", "period": {"end": "2027"}})),
    line(mood("CANARY-o2", "CANARY-ana", "2026-05", "CANARY")),
    line(mood("CANARY-o2", "CANARY-ana", component={"code": 5})),
    line(patient("CANARY-ana", birthDate=["CANARY"], address="CANARY", meta=0)),
    line(mood("CANARY-o2\x00", "CANARY-ana")),
    line(mood("CANARY-o2", "CANARY-ana")).replace(b"CANARY-o2", b"\xff\xfe"),
    line(mood("CANARY-o2", "CANARY-ana")).replace(b",", b",\r"),
    line(mood("CANARY-o2", "CANARY-ana"))[:-40],  # torn
    line(mood("CANARY-o2", "CANARY-ana", note="x" * 300_000)),
    b'{"resourceType":"Bundle","entry":[',  # the beginning of a document
    b"]}",
    b"\x00",
    b"\xff\xfe\xff",
    b'"CANARY',
    b"[]",
    _DEEP,
    b'{"resourceType":"Patient","id":"CANARY-ana","address":' + b"[" * 900 + b"]" * 900 + b"}",
]
"""One person's records, good, colliding and malformed."""


def planted(word: Callable[[], str]) -> bytes:
    """Return a file in which every text that can be one is a fresh word."""

    def said(*codes: str) -> Json:
        named = [{"system": IG, "code": code, "display": word()} for code in codes]
        return {"coding": named, "text": word(), "id": word()}

    def around() -> Json:
        return {
            "id": word(),
            "meta": {"lastUpdated": "2026-05-01T08:00:00Z", "source": word(), "tag": [{"code": word()}]},
            "text": {"status": "generated", "div": f"<div>{word()}</div>"},
            "contained": [{"resourceType": "Patient", "id": word(), "name": [{"text": word()}]}],
            "extension": [{"url": word(), "valueString": word()}],
            "identifier": [{"system": word(), "value": word()}],
            word(): {word(): [word()]},
        }

    def state(at: str, who: str) -> Json:
        return {
            **around(),
            "resourceType": "Observation",
            "status": "final",
            "category": [said("survey")],
            "code": said("stateOfMind"),
            "subject": {"reference": f"https://{word()}.invalid/Patient/{who}", "display": word()},
            "effectiveDateTime": at,
            "issued": word(),
            "performer": [{"display": word()}],
            "device": {"display": word()},
            "note": [{"text": word(), "authorString": word()}],
            "bodySite": said(word()),
            "component": [
                {"code": said("kind"), "valueCodeableConcept": said("dailyMood")},
                {"code": said("valence"), "valueQuantity": {"value": -0.5, "unit": word()}},
                {"code": said("labels"), "valueCodeableConcept": said(word(), word())},
                {"code": said("associations"), "valueCodeableConcept": said("work", word())},
                {"code": said(word()), "valueString": word()},
            ],
        }

    def score(who: str) -> Json:
        code = {"coding": [{"system": LOINC, "code": PHQ9, "display": word()}], "text": word()}
        return {**state("2026-05-05T08:00:00Z", who), "code": code, "valueInteger": 9, "component": []}

    ana, bea = word(), word()
    answered = {"linkId": word(), "text": word(), "answer": [{"valueString": word(), "item": [{"linkId": word()}]}]}
    response = {
        **around(),
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": word(),
        "subject": {"reference": f"Patient/{bea}"},
        "authored": "2026-05-05T08:00:00Z",
        "item": [answered, {"linkId": f"/{GAD7}", "text": word(), "answer": [{"valueInteger": 4}]}],
    }
    person = {
        **patient(ana),
        **around(),
        "id": ana,
        "name": [{"family": word(), "given": [word()]}],
        "telecom": [{"value": word()}],
        "address": [{"line": [word()], "city": word(), "state": word()}],
        "managingOrganization": {"reference": f"Organization/{word()}", "display": word()},
        "birthDate": "1996-04-30",
    }
    yes = {
        **consent(ana, policy=[{"uri": f"https://{word()}.invalid/{word()}"}, {"authority": word()}]),
        **around(),
        "performer": [{"display": word()}],
        "sourceAttachment": {"title": word(), "data": word()},
    }
    good: list[Json] = [
        state("2026-05-04T09:15:00+02:00", ana),
        state("2026-05-05", bea),
        score(ana),
        response,
        person,
        yes,
        {**around(), "resourceType": "Condition", "note": [{"text": word()}]},
        {**around(), "resourceType": word()},
        bundle(state("2026-05-06T08:00:00Z", ana), id=word(), link=[{"url": word()}]),
        {**state("2026-05-07", bea), "status": "entered-in-error"},
        # Items of a questionnaire, and the one about self-harm.
        {**score(bea), "code": {"coding": [{"system": LOINC, "code": "44260-8"}]}, "valueString": word()},
    ]
    bad: list[Json] = [
        {**state(word(), ana)},
        {**state("2026-05-04", ana), "status": word()},
        {**state("2026-05-04", ana), "subject": {"identifier": {"value": word()}}},
        {**state("2026-05-04", ana), "subject": {"reference": f"Group/{word()}"}},
        {**state("2026-05-04", ana), "component": [{"code": said("valence"), "valueQuantity": {"value": word()}}]},
        {**state("2026-05-04", ana), "component": [{"code": said("kind"), "valueString": word()}]},
        {**score(ana), "valueInteger": word()},
        {**person, "meta": {"lastUpdated": word()}},
        {**person, "birthDate": word()},
        {**yes, "dateTime": word()},
        {**yes, "provision": {"type": "permit", "period": {"start": word()}}},
        {**yes, "patient": {"reference": f"Patient/{word()}"}, "status": word()},
    ]
    torn = [f'{{"{word()}": "{word()}', f"{word()}", f'["{word()}"]', f'"{word()}"']
    return file([*map(line, good), *map(line, bad), *(each.encode() for each in torn)])
