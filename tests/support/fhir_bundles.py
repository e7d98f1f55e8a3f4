"""Entries of FHIR bundles: two people's, and anything that one person may send."""

from tests.specimens.fhir import (
    Json,
    bundle,
    consent,
    line,
    mood,
    patient,
    total,
)
from tests.support.people import ANA, BEA, CAI

URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"


def of_urn(record: Json, urn: str = URN, name: str = "subject") -> Json:
    """Return a record that names its person by a Bundle's own name."""
    return record | {name: {"reference": urn}}


def called(full_url: str, resource: Json) -> Json:
    """Return a Bundle's entry."""
    return {"fullUrl": full_url, "resource": resource}


OTHERS = [
    line(called(f"https://CANARY.invalid/Patient/{BEA}", patient(BEA))),
    line({"resource": mood("CANARY-o1", BEA)}),
    line({"resource": total("CANARY-o2", BEA)}),
    line({"resource": consent(BEA)}),
    line(called(URN, patient(CAI))),
    line({"resource": of_urn(mood("CANARY-o1", ""))}),
    line({"resource": of_urn(mood("CANARY-o9", "", status="entered-in-error"))}),
    line({"resource": of_urn(consent("", status="inactive"), name="patient")}),
]
"""Two persons' entries of a Bundle; one goes by an id, one by the Bundle's own name."""


_OWN = "urn:uuid:CANARY-own"


ANYTHING = [
    *[line(called(f"{server}Patient/{who}", patient(ANA))) for server in ("", "https://x/") for who in (BEA, CAI)],
    line(called(BEA, patient(ANA))),
    line(called(f"urn:uuid:{BEA}", patient(ANA))),  # a name that nobody else goes by
    line(called(_OWN, patient(ANA))),
    line(called(_OWN, patient("CANARY-ana-again"))),
    line(called(_OWN, {"resourceType": "Patient"})),
    line({"resource": of_urn(mood("CANARY-o1", ""), _OWN)}),
    line(called(f"Patient/{BEA}", mood("CANARY-o1", ANA))),
    line(called(URN, mood("CANARY-o1", ANA, status="entered-in-error"))),  # no Patient
    line({"resource": bundle() | {"entry": [called(URN, patient(ANA)), called(f"Patient/{BEA}", patient(ANA))]}}),
    line({"resource": consent(ANA, status="inactive")}),
    line(called(f"Patient/{CAI}", patient(ANA, id=[CAI], address="CANARY", meta=0))),
    line({"fullUrl": [URN], "resource": patient(ANA)}),
    line({"resource": {"resourceType": ["Patient"], "id": ANA}, "fullUrl": URN}),
    line(called(URN, patient(ANA))).replace(b'{"fullUrl"', b'{"fullUrl": "x", "fullUrl"'),
    *[b"5", b"null", b"[]", b"{}", b'{"resource": 5}', b'{"resource": {"resourceType": "Bundle", "entry": 5}}'],
    b'{"resource": {"resourceType": "Patient", "address": ' + b"[" * 300 + b"]" * 300 + b"}}",
    line({"request": {"method": "DELETE", "url": "Observation/CANARY-o1"}}),
]
"""One person's entries: such as call themselves others, share a name with each other, and malformed ones."""
