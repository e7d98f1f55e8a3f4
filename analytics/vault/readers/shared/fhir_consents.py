"""FHIR's Consent: a yes must be whole, a no needs a person and a topic, and what is neither suspends.

A no is a status that ends a consent (`inactive`, `rejected`), or a clear no of its provisions. A status that says
neither, a member that is there twice and an unknown shape suspend (docs/consent.md lists every shape).
"""

import re
from typing import Any

from analytics.contracts import Source
from analytics.vault.readers.shared.consent_words import GRANTED, UNCLEAR, WITHDRAWN
from analytics.vault.readers.shared.documents import Repeated, elements, text
from analytics.vault.readers.shared.fhir_parts import Resource, day_in, id_in, instant, iso, person
from analytics.vault.readers.shared.fhir_provisions import Answer, Content, content_of
from analytics.vault.readers.shared.rows import Row, RowRefusedError
from analytics.vault.validation.rule_names import RuleName

_SCOPE = "population_statistics"
_NOT_YET = frozenset({"draft", "proposed"})
_ENDED = frozenset({"inactive", "rejected"})
_VERSION = re.compile(r"[/|_-](v?[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}|[0-9]{4}-[0-9]{2}-[0-9]{2})$")
_LONGEST_VERSION = 40


def of_consent(resource: Resource, source: Source) -> list[Row]:
    """Return the event of a Consent to population statistics; nothing of another, or of one that is not in force."""
    if source.consent is None:
        return []
    body = resource.body
    content = content_of(body, source.consent)
    if content.about == "other":
        return []
    answer = _answer(body, content)
    if _quiet(body, "status").casefold() in _NOT_YET and answer != "no":
        return []
    if answer == "yes" and not content.named:
        return []
    if answer == "yes":
        if resource.damage:
            raise RowRefusedError(resource.damage)
        return [_grant(resource, content)]
    # A no that does not say to what, or not readably, may be to something else: it is not guessed.
    return [_closing(resource, WITHDRAWN if answer == "no" and content.about == "ours" else UNCLEAR)]


def _answer(body: dict[str, Any], content: Content) -> Answer:
    status = _quiet(body, "status").casefold()
    if isinstance(body, Repeated):
        return "unclear"
    if status in _ENDED:
        return "unclear" if content.answer == "no" else "no"  # a denial that has ended says neither
    return content.answer if status in {"active", *_NOT_YET} else "unclear"


def _closing(resource: Resource, event: str) -> Row:
    """Return a withdrawal or an unclear event: only the person is read, and when the server knew of it.

    `dateTime` stays that of the yes when a consent becomes inactive, so that the record's last change counts if it is
    later. Without a time, or with one that cannot be read, it holds from now on.
    """
    body = resource.body
    references = (_quiet(body.get(name), "reference") for name in ("patient", "subject"))
    found = next((named for each in references if (named := id_in(each, resource.patients))), "")
    if not found or "\ufffd" in found:  # the bytes of the id itself are damaged
        raise RowRefusedError(RuleName.MISSING, "person_id")
    times = [*(_quiet(body, name) for name in ("dateTime", "date")), _quiet(body.get("meta"), "lastUpdated")]
    known = [(instant(written), written) for written in times if written]
    moments = [(moment, written) for moment, written in known if moment is not None]
    recorded = iso(max(moments)[1], "recorded_at") if moments and len(moments) == len(known) else ""
    texts = {"person_id": found, "event": event, "recorded_at": recorded, "scope": _SCOPE}
    return Row("consent", texts)


def _grant(resource: Resource, content: Content) -> Row:
    """Return a grant, if it leaves nothing open that could not be kept.

    Raises:
        RowRefusedError: if it does.
    """
    body = resource.body
    root = body.get("provision")
    bounds = [body, *([root] if isinstance(root, dict) else []), *content.permits]
    periods = [(rule, name) for rule in bounds for name in ("period", "dataPeriod")]
    written = [text(rule, name, "end") for rule, name in periods]
    ends = [instant(end) for end in written if end]
    if None in ends:
        raise RowRefusedError(RuleName.NOT_ALLOWED, "covers_from")
    recorded = text(body, "dateTime") or text(body, "date")
    starts = [text(rule, name, "start") for rule, name in periods]
    days = [day_in(start, "covers_from") for start in starts if start]
    # Of the policy's address, no more than the number at its end: it is kept, and no text of a file is.
    versions = [_VERSION.search(text(policy, "uri")[-_LONGEST_VERSION:]) for policy in elements(body, "policy")]
    texts = {
        "person_id": person(resource, "patient" if body.get("patient") is not None else "subject"),
        "event": GRANTED,
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
