"""FHIR's Consent: a yes must be whole, a no holds with any blemish, since the mistake should be silence.

A no is any status but active, draft and proposed, any provision that is not a permit, and a member that stands twice.
"""

import re
from collections.abc import Iterable
from typing import Any

from analytics.contracts import Source
from analytics.vault.readers.shared.documents import Repeated, elements, member, text
from analytics.vault.readers.shared.fhir_parts import Resource, day_in, id_in, instant, iso, nested, person
from analytics.vault.readers.shared.rows import Row, RowRefusedError

_SCOPE = "population_statistics"
_NOT_YET = frozenset({"draft", "proposed"})
_OPT_IN = "optin"
_OPT_OUT = frozenset({"optout", "optoute"})
_NOTHING: tuple[Any, ...] = (None, [], {})
_VERSION = re.compile(r"[/|_-](v?[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}|[0-9]{4}-[0-9]{2}-[0-9]{2})$")
_LONGEST_VERSION = 40

Codes = list[tuple[str, str]]
"""System and code."""


def of_consent(resource: Resource, source: Source) -> list[Row]:
    """Return the event of a Consent to population statistics; nothing of another, or of one that is not in force."""
    wanted = source.consent.codes if source.consent else ()
    body = resource.body
    root = _provision(body)
    if _says_no(body, root, wanted):
        inner = [each.get("purpose") for each in nested([root], "provision")]
        return [_withdrawal(resource)] if _may_mean([*_places(body), *inner], wanted) else []
    named = [code for place in [*_places(body), root.get("purpose")] for code in _codes(place)]
    if resource.damage:
        raise RowRefusedError(resource.damage)
    if _quiet(body, "status").casefold() in _NOT_YET:
        return []
    if not any(code in wanted or f"{system}|{code}" in wanted for system, code in named):
        return []
    return [_grant(resource)]


def _says_no(body: dict[str, Any], root: dict[str, Any], wanted: Iterable[str]) -> bool:
    if isinstance(body, Repeated) or _quiet(body, "status").casefold() not in {"active", *_NOT_YET}:
        return True
    if body.get("decision") not in _NOTHING and _quiet(body, "decision").casefold() != "permit":
        return True  # R5's word for it; no other of R4 says the opposite
    if root.get("type") is None and _OPT_OUT.intersection(_policy(body)):
        return True
    # A `no` inside a `yes` is an exception; without a purpose of its own it may be to ours.
    return _denies(root) or any(
        _denies(each) and _may_mean([each.get("purpose")], wanted)
        for each in nested([root.get("provision")], "provision")
    )


def _provision(body: dict[str, Any]) -> dict[str, Any]:
    found = body.get("provision")
    if found in _NOTHING:
        return {}
    return found if isinstance(found, dict) else Repeated()  # a shape of which nothing is known: a no


def _denies(provision: dict[str, Any]) -> bool:
    kind = provision.get("type")
    permits = kind is None or (isinstance(kind, str) and kind.strip().casefold() == "permit")
    return isinstance(provision, Repeated) or not permits


def _places(body: dict[str, Any]) -> list[Any]:
    return [body.get("category"), body.get("policyRule")]


def _policy(body: dict[str, Any]) -> list[str]:
    return [code.casefold() for _, code in _codes(body.get("policyRule"))]


def _codes(place: Any) -> Codes:  # noqa: ANN401 -- JSON is anything
    """Return what can be read of the codes at a place, of whatever shape it is."""
    found = ((_quiet(each, "system"), _quiet(each, "code")) for each in nested([place], "coding"))
    return [(system, code) for system, code in found if code]


def _may_mean(places: list[Any], wanted: Iterable[str]) -> bool:
    """Say whether a no may be one to population statistics: it says so, says nothing, or something unreadable."""
    given = [_codes(place) for place in places if place not in _NOTHING]
    meant = {token.rpartition("|")[2].casefold() for token in wanted}
    return not given or any(not codes or any(code.casefold() in meant for _, code in codes) for codes in given)


def _withdrawal(resource: Resource) -> Row:
    """Return a withdrawal: nothing is read but the person and the time at which the server knew of it.

    `dateTime` stays that of the yes when a consent becomes inactive, so that the record's last change counts if it is
    later. Without a time, or with one that cannot be read, it holds from now on.
    """
    body = resource.body
    references = (_quiet(body.get(name), "reference") for name in ("patient", "subject"))
    found = next((named for each in references if (named := id_in(each, resource.patients))), "")
    if not found or "\ufffd" in found:  # the bytes of the id itself are damaged
        raise RowRefusedError("missing", "person_id")
    times = [_quiet(body, "dateTime"), _quiet(body.get("meta"), "lastUpdated")]
    known = [(instant(written), written) for written in times if written]
    moments = [(moment, written) for moment, written in known if moment is not None]
    recorded = iso(max(moments)[1], "recorded_at") if moments and len(moments) == len(known) else ""
    texts = {"person_id": found, "event": "withdrawn", "recorded_at": recorded, "scope": _SCOPE}
    return Row("consent", texts)


def _grant(resource: Resource) -> Row:
    """Return a grant, if it says yes and leaves nothing open that could not be kept.

    Raises:
        RowRefusedError: if it does not.
    """
    body = resource.body
    provision = member(body, "provision")
    if any(member(each, name) for each in (body, provision) for name in ("modifierExtension", "implicitRules")):
        raise RowRefusedError("not_allowed", "event")  # it may say the opposite of what it seems to say
    if not text(provision, "type") and _OPT_IN not in _policy(body):
        raise RowRefusedError("missing", "event")
    written = [text(provision, period, "end") for period in ("period", "dataPeriod")]
    ends = [instant(end) for end in written if end]
    if None in ends:
        raise RowRefusedError("not_allowed", "covers_from")
    recorded = text(body, "dateTime")
    starts = [text(provision, period, "start") for period in ("period", "dataPeriod")]
    days = [day_in(start, "covers_from") for start in starts if start]
    # Of the policy's address, no more than the number at its end: it is kept, and no text of a file is.
    versions = [_VERSION.search(text(policy, "uri")[-_LONGEST_VERSION:]) for policy in elements(body, "policy")]
    texts = {
        "person_id": person(resource, "patient"),
        "event": "granted",
        "recorded_at": iso(recorded, "recorded_at"),
        "covers_from": max(days) if days else day_in(recorded, "covers_from"),
        "scope": _SCOPE,
        "policy_version": next((found[1] for found in versions if found), ""),
        "ends": min((end.isoformat(timespec="microseconds") for end in ends if end), default=""),
    }
    return Row("consent", texts)


def _quiet(record: Any, name: str) -> str:  # noqa: ANN401 -- JSON is anything
    """Return the text of a member, or nothing where there is none that can be read."""
    found = record.get(name) if isinstance(record, dict) else None
    return str(found).strip() if isinstance(found, str) else ""
