"""A consent is read without guessing: each shape of a FHIR Consent has one event (docs/consent.md)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import Source
from analytics.contracts.source import ConsentWords
from tests.specimens import fhir as specimens
from tests.specimens.fhir import CODE, IG, Json, concept, consent, file, line
from tests.support.fhir_reading import Reader
from tests.support.leaving import everything
from tests.support.people import ANA, Desk, balances, query, row_counts
from tests.support.reading import found_in, path_of, source_of

source = source_of(specimens)
path = path_of(specimens)

PURPOSE = "HRESCH"
PERMITTED = "use-for-population-statistics"
"""What the declaration of these tests names in `purposes` and `permit_codes`."""


def rule(kind: str | None = None, purpose: str = "", code: str = "", *inner: Json, **more: Any) -> Json:  # noqa: ANN401
    """Return a provision."""
    made: Json = {**({"type": kind} if kind else {}), **more}
    if purpose:
        made["purpose"] = [{"system": IG, "code": purpose}]
    if code:
        made["code"] = [concept(code)]
    return {**made, "provision": list(inner)} if inner else made


def root(kind: str | None, *inner: Json, **more: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return an R4 record's change: a base rule with exceptions."""
    return {"provision": {**rule(kind, "", "", *inner), **more}}


def r5(decision: Any, *rules: Json, **more: Any) -> Json:  # noqa: ANN401 -- JSON is anything
    """Return a change that makes the record one of R5."""
    r5_names = {"patient": None, "subject": {"reference": "Patient/CANARY-ana"}, "dateTime": None, "date": "2026-04-01"}
    return {**r5_names, "decision": decision, "provision": list(rules) or None, **more}


OTHER = "TREAT"
OURS = rule("permit", PURPOSE)

GRANTED, WITHDRAWN, UNCLEAR, NOTHING, REFUSED = "granted", "withdrawn", "suspends", "none", "quarantine"

# name in docs/consent.md -> what is changed of an active consent of ours with `permit` at its root; the event
SHAPES: Mapping[str, tuple[Json, str]] = {
    # --- status
    "status draft or proposed, a yes": ({"status": "proposed"}, NOTHING),
    "status draft or proposed, nothing clear": ({"status": "draft", **root("deny", rule("permit", OTHER))}, NOTHING),
    "status draft or proposed, a no": ({"status": "proposed", **root("deny")}, WITHDRAWN),
    "status inactive": ({"status": "inactive"}, WITHDRAWN),
    "status rejected": ({"status": "rejected"}, WITHDRAWN),
    "status inactive, of a denial": ({"status": "inactive", **root("deny")}, UNCLEAR),
    "status inactive, of a permit below a denial": ({"status": "inactive", **root("deny", OURS)}, WITHDRAWN),
    "status inactive, provisions of an unknown shape": ({"status": "inactive", "provision": "CANARY"}, WITHDRAWN),
    "status entered-in-error": ({"status": "entered-in-error"}, UNCLEAR),
    "status of no code of FHIR, absent or not a text": ({"status": None}, UNCLEAR),
    "R5 status not-done or unknown": (r5("permit", status="not-done"), UNCLEAR),
    # --- what it is about
    "no topic of ours": ({"category": [concept(OTHER)], "status": "inactive"}, NOTHING),
    "a yes without a topic": ({"category": []}, NOTHING),
    "a no without a topic, or with one that cannot be read": ({"category": 5, "status": "inactive"}, UNCLEAR),
    "a yes to our code in another system or case": ({"category": [concept(CODE.upper())]}, NOTHING),
    "a no to our code in another system or case": (
        {"category": [concept(CODE.upper())], "status": "inactive"},
        WITHDRAWN,
    ),
    # --- R4, the root alone
    "root permit": (root("permit"), GRANTED),
    "root deny": (root("deny"), WITHDRAWN),
    "root deny to some recipients, actions or records": (root("deny", actor=[{}]), UNCLEAR),
    "root deny to another purpose": (root("deny", purpose=[{"code": OTHER}]), UNCLEAR),
    "root deny to our purpose": (root("deny", purpose=[{"code": CODE}]), WITHDRAWN),
    "root without a type": (root(None), UNCLEAR),
    "root of an unknown type": (root("denied"), UNCLEAR),
    "policyRule OPTIN": ({"provision": None, "policyRule": concept("OPTIN")}, GRANTED),
    "policyRule OPTOUT": ({"provision": None, "policyRule": concept("OPTOUT")}, WITHDRAWN),
    "policyRule OPTINR or OPTOUTE, without an exception for ours": (
        {"provision": None, "policyRule": concept("OPTOUTE")},
        UNCLEAR,
    ),
    "policyRule OPTOUTE, with a permit for ours": (
        {"policyRule": concept("OPTOUTE"), **root(None, OURS)},
        GRANTED,
    ),
    "policyRule says the opposite of the root": ({"policyRule": concept("OPTOUT")}, UNCLEAR),
    # --- R4, exceptions
    "root deny, nested permit for a declared purpose": (root("deny", OURS), GRANTED),
    "root deny, nested permit for a declared code": (root("deny", rule("permit", "", PERMITTED)), GRANTED),
    "root deny, nested permit for another purpose or code": (root("deny", rule("permit", OTHER)), UNCLEAR),
    "root deny, nested permit without a purpose or code": (root("deny", rule("permit")), UNCLEAR),
    "root deny, nested permit for our purpose but another code": (
        root("deny", rule("permit", PURPOSE, "CANARY")),
        UNCLEAR,
    ),
    "root deny, nested permit for our code in another case": (
        root("deny", rule("permit", "", PERMITTED.upper())),
        UNCLEAR,
    ),
    "root deny, nested deny for ours": (root("deny", rule("deny", PURPOSE)), WITHDRAWN),
    "root deny, nested permit and deny for ours": (root("deny", OURS, rule("deny", PURPOSE)), UNCLEAR),
    "root permit, nested deny for ours": (root("permit", rule("deny", PURPOSE)), WITHDRAWN),
    "root permit, nested deny for another purpose": (root("permit", rule("deny", OTHER)), GRANTED),
    "root permit, nested deny without a purpose or code": (root("permit", rule("deny")), UNCLEAR),
    "root permit, nested permit for ours": (root("permit", OURS), GRANTED),
    "root permit, nested permit and deny for ours": (root("permit", OURS, rule("deny", PURPOSE)), UNCLEAR),
    "root without a type, nested permit for ours": (root(None, OURS), GRANTED),
    "root without a type, nested deny for ours": (root(None, rule("deny", PURPOSE)), WITHDRAWN),
    "nested rule without a type": (root("permit", rule(None, PURPOSE)), UNCLEAR),
    "nested rule of an unknown shape": ({"provision": {"type": "deny", "provision": ["CANARY"]}}, UNCLEAR),
    "exception to a permit for ours": (
        root("deny", rule("permit", PURPOSE, "", rule("deny", PURPOSE))),
        UNCLEAR,
    ),
    "exception to a permit for ours, for another purpose": (
        root("deny", rule("permit", PURPOSE, "", rule("deny", OTHER))),
        GRANTED,
    ),
    "our permit below a rule for another purpose": (root("deny", rule("permit", OTHER, "", OURS)), UNCLEAR),
    # --- R5
    "R5 decision permit": (r5("permit"), GRANTED),
    "R5 decision deny": (r5("deny"), WITHDRAWN),
    "R5 decision permit, a provision for ours": (r5("permit", rule(None, PURPOSE)), WITHDRAWN),
    "R5 decision permit, a provision for another purpose": (r5("permit", rule(None, OTHER)), GRANTED),
    "R5 decision permit, a provision without a purpose or code": (r5("permit", rule()), UNCLEAR),
    "R5 decision deny, a provision for ours": (r5("deny", rule(None, PURPOSE)), GRANTED),
    "R5 decision deny, a provision for another purpose": (r5("deny", rule(None, OTHER)), UNCLEAR),
    "R5 provision with a type that is no exception": (r5("permit", rule("permit", PURPOSE)), UNCLEAR),
    "R5 provisions without a decision": (r5(None, rule(None, PURPOSE)), UNCLEAR),
    "R5 decision of an unknown word or shape": (r5(["permit"]), UNCLEAR),
    "R5 decision beside R4's provision or policyRule": ({"decision": "deny"}, UNCLEAR),
    # --- what cannot be read
    "a member that occurs twice": ({"status": "TWICE"}, UNCLEAR),
    "provision of an unknown shape": ({"provision": "CANARY"}, UNCLEAR),
    "modifierExtension or implicitRules, active": ({"modifierExtension": [{}]}, UNCLEAR),
    "modifierExtension or implicitRules, inactive": ({"modifierExtension": [{}], "status": "inactive"}, WITHDRAWN),
    # --- a yes that fails a check
    "a yes with an end that cannot be read": (root("permit", period={"end": "CANARY"}), REFUSED),
    "a yes whose time or start cannot be read": ({"dateTime": "2026-04"}, REFUSED),
}


def national_form(end: str | None = "2056-02-28") -> Json:
    """Return a record in the layout of a national form: no at the root, yes to one purpose below, for 30 years."""
    period = {"start": "2026-03-01", **({"end": end} if end else {})}
    code = [{"coding": [{"system": "https://example.invalid/consent-policy", "code": PERMITTED}]}]
    nested = {"type": "permit", "period": period, "code": code}
    at = "2026-03-01T09:00:00+01:00"
    record = consent(ANA, dateTime=at, meta={"lastUpdated": at}, policy=[{"uri": "https://example.invalid/policy/1.6"}])
    record["category"] = [concept("57016-8", "http://loinc.org"), concept("population-statistics-form", "urn:own")]
    return {**record, "provision": {"type": "deny", "period": period, "provision": [nested]}}


@pytest.mark.parametrize(
    ("words", "end", "said", "consents"),
    [
        # Nobody has declared what the form calls our purpose.
        ({"codes": ("population-statistics-form",)}, "2056-02-28", "suspended", 0),
        # The declared code is none of a place where a yes to the whole consent could be.
        ({"codes": (PERMITTED,)}, "2056-02-28", "passed_over", 1),
        # A yes whose end cannot be kept changes nothing.
        ({"codes": ("population-statistics-form",), "permit_codes": (PERMITTED,)}, "2056-02-28", "quarantined", 1),
        ({"codes": ("population-statistics-form",), "permit_codes": (PERMITTED,)}, None, "accepted", 1),
    ],
)
def test_a_national_form_erases_nothing(
    desk: Desk, words: dict[str, tuple[str, ...]], end: str | None, said: str, consents: int
) -> None:
    """A grant, or refused, or suspended by what the declaration knows: whatever it is, what is stored stays."""
    everything(ANA)(desk)
    declared = desk.contracts.sources["fhir"].model_copy(update={"consent": ConsentWords(**words)})
    desk = desk.under(replace(desk.contracts, sources={**desk.contracts.sources, "fhir": declared}))
    file_of_form = desk.folder / "Consent.ndjson"
    file_of_form.write_bytes(file([line(national_form(end))]))
    report = desk.take("fhir", file_of_form)
    counted = report.quarantined.total() if said == "quarantined" else getattr(report, said)
    assert (counted, balances(report)) == (1, True)
    assert query(desk.vault, "SELECT count(*) FROM consent_in_force") == [(consents,)]
    assert (row_counts(desk.vault)["entry"], row_counts(desk.vault)["register"]) == (1, 1)
    assert desk.vault.suppression_list.sequence == 0


@pytest.fixture
def reader(path: Path, source: Source) -> Reader:
    """Return a reader of made-up records, under a declaration that names purposes and codes."""
    words = ConsentWords(codes=(CODE,), purposes=(PURPOSE,), permit_codes=(PERMITTED,))
    return Reader(path, source.model_copy(update={"consent": words}))


def event_of(reader: Reader, change: Json) -> str:
    """Return what a record gives."""
    record = line(consent("CANARY-ana", **change)).replace(
        b'"status": "TWICE"', b'"status": "inactive", "status": "active"'
    )
    reader.path.write_bytes(file([line({"resourceType": "Device"}), record]))
    rows, bad, _, _ = found_in(reader.path, reader.source)
    if bad:
        return REFUSED
    if not rows:
        return NOTHING
    (row,) = rows
    assert row["person_id"] == "CANARY-ana"
    return UNCLEAR if row["event"] == "unclear" else row["event"]


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_has_one_event(reader: Reader, shape: str) -> None:
    """A clear yes, a clear no, or what suspends; nothing of another consent."""
    change, event = SHAPES[shape]
    assert event_of(reader, change) == event


def test_the_page_lists_each_shape() -> None:
    """docs/consent.md has one row for each of these shapes, with the same event, and no other."""
    page = (Path(__file__).parents[2] / "docs" / "consent.md").read_text()
    part = next(part for part in page.split("## ") if part.startswith("How a FHIR Consent is read"))
    rows = re.findall(r"^\| ([^|`]+?) \| ([a-z]+) \|$", part.replace("`", ""), re.MULTILINE)
    assert rows[1:] == [(name, event) for name, (_, event) in SHAPES.items()]
