"""FHIR's observations: states of mind and totals of questionnaires; items and labels are never read."""

from collections.abc import Mapping
from typing import Any

from analytics.contracts import Source
from analytics.contracts.source import folded_word
from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.apple_kinds import report_kind
from analytics.vault.readers.shared.documents import Repeated, elements, member, text
from analytics.vault.readers.shared.fhir_parts import (
    LOINC,
    Coding,
    Resource,
    coding,
    codings,
    free_texts,
    iso,
    nested,
    only,
    person,
)
from analytics.vault.readers.shared.rows import Row, RowRefusedError
from analytics.vault.validation.rule_names import RuleName

_IN_FORCE = frozenset({"final", "amended", "corrected", "completed"})
_CORRECTED = frozenset({"amended", "corrected"})
_TAKEN_BACK = frozenset({"entered-in-error", "cancelled"})
_NOT_YET = frozenset({"registered", "preliminary", "unknown", "in-progress", "stopped"})
"""Not final, half answered, or of a standing that the server itself does not know: passed over."""

_STATE_OF_MIND = frozenset({"stateOfMind", "HKStateOfMind"})
"""HL7's guide for personal health records, and Apple's own name, which some apps use."""

_MORE_KINDS = {"momentaryemotions": "momentary"}

_EFFECTIVE = (("effectiveDateTime",), ("effectiveInstant",), ("effectivePeriod", "start"))


def totals_by_code(source: Source) -> dict[str, str]:
    """Return the declared instruments by the codes of their totals.

    Raises:
        FileRefusedError: if a code is declared for two of them.
    """
    pairs = [(code, name) for name, instrument in source.instruments.items() for code in instrument.codes]
    codes = dict(pairs)
    if len(codes) != len(pairs):
        message = f"The declaration of {source.name} names one code for two instruments."
        raise FileRefusedError(message, "Keep the code for one of them in contracts/sources.")
    return codes


def of_observation(resource: Resource, source: Source, totals: Mapping[str, str]) -> list[Row]:
    """Return an Observation's mood or totals, or its deletion; nothing of any other.

    A correction that leaves no value but a reason for its absence takes back the value of the same id: a deletion,
    which stays. A final one is of somebody who did not say, and is passed over, as is a correction without an id.
    """
    body = resource.body
    status = _status(body)
    own_id = text(body, "id")
    if status in _TAKEN_BACK:  # whatever it was: what was wrong may have been its code
        return [_deletion(resource, own_id)]
    is_absent, is_corrected = _is_absent(body), status in _CORRECTED
    if status not in _IN_FORCE or (is_absent and not is_corrected):
        return []
    is_mood = any(each.code in _STATE_OF_MIND for each in codings(member(body, "code")))
    parts = _parts(body) if is_mood else {}
    named = [] if is_mood else _named_totals(body, totals)
    places = parts["valence"] if is_mood else [each for each, _ in named]
    if is_corrected and (is_mood or named) and _is_emptied(body, places, "mood" if is_mood else "total"):
        return [_deletion(resource, own_id)] if own_id else []
    if is_absent:
        return []
    if is_mood:
        return _mood(resource, source, parts)
    # One of several totals cannot be deleted by the id of all: it is left to the checks, which see that it is missing.
    kept = [(each, name) for each, name in named if is_corrected or not _is_absent(each)]
    read = _agreed([(name, "" if _is_absent(each) else _value(each, "total")) for each, name in kept])
    return [
        Row("total", {**_known(resource), "instrument": instrument, "total": total}, free_texts(body))
        for instrument, total in read.items()
    ]


def of_response(resource: Resource, totals: Mapping[str, str]) -> list[Row]:
    """Return the totals that a QuestionnaireResponse holds as items of their own; no other item is looked into.

    Raises:
        RowRefusedError: if a total is answered by anything but a number.
    """
    body = resource.body
    # Ids are one resource type's: an Observation of the same id is another record.
    own_id = text(body, "id")
    own_id = f"QuestionnaireResponse/{own_id}" if own_id else ""
    status = _status(body)
    if status in _TAKEN_BACK:
        return [_deletion(resource, own_id)]
    if status not in _IN_FORCE:
        return []
    values: list[tuple[str, str]] = []
    for item in nested(elements(body, "item"), "item", "answer"):
        if instrument := _instrument_of(item, totals):
            numbers = [_answered(answer) for answer in elements(item, "answer")]
            values += [(instrument, number) for number in numbers if number]
    if not values:
        return []
    texts = {
        "person_id": person(resource, "subject"),
        "logged_at": iso(text(body, "authored"), "logged_at"),
        "source_id": own_id,
    }
    return [
        Row("total", {**texts, "instrument": instrument, "total": total})
        for instrument, total in _agreed(values).items()
    ]


def _status(body: dict[str, Any]) -> str:
    status = text(body, "status")
    if status not in _IN_FORCE | _TAKEN_BACK | _NOT_YET:
        raise RowRefusedError(RuleName.NOT_ALLOWED if status else RuleName.MISSING, "status")
    return status


def _deletion(resource: Resource, own_id: str) -> Row:
    if not own_id:
        raise RowRefusedError(RuleName.MISSING, "source_id")
    return Row("deletion", {"person_id": person(resource, "subject"), "source_id": own_id})


def _known(resource: Resource) -> dict[str, str]:
    return {
        "person_id": person(resource, "subject"),
        "logged_at": iso(only(resource.body, "logged_at", *_EFFECTIVE), "logged_at"),
        "source_id": text(resource.body, "id"),
    }


def _is_absent(record: Any) -> bool:  # noqa: ANN401 -- JSON is anything
    return member(record, "dataAbsentReason") is not None


def _is_emptied(body: dict[str, Any], places: list[Any], column: str) -> bool:
    """Say whether a value is said to be absent, and none of its places holds one."""
    return any(_is_absent(each) for each in [body, *places]) and not any(_value(each, column) for each in places)


def _parts(body: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the components of a state of mind that are read, by name."""
    parts: dict[str, list[Any]] = {"kind": [], "valence": [], "associations": []}
    for component in elements(body, "component"):
        for name in {_part(each.code) for each in codings(member(component, "code"))} & parts.keys():
            parts[name].append(component)
    return parts


def _mood(resource: Resource, source: Source, parts: dict[str, list[Any]]) -> list[Row]:
    valences = parts["valence"]
    if valences and all(_is_absent(valence) for valence in valences):
        return []  # they were asked and did not say
    for named, column in ((valences, "mood"), (parts["kind"], "report_kind")):
        if len(named) > 1:
            raise RowRefusedError(RuleName.REPEATED_NAME, column)
    kinds = [word for kind in parts["kind"] for word in _words(kind, None)]
    words = [word for each in parts["associations"] for word in _words(each, source.factors)]
    texts = {
        **_known(resource),
        "mood": "".join(_value(valence, "mood") for valence in valences),
        "factors": "|".join(dict.fromkeys(words)),
        "report_kind": _report_kind(kinds),
    }
    return [Row("entry", texts, free_texts(resource.body))]


def _part(code: str) -> str:
    name = code.removeprefix("HKStateOfMind")
    name = name[:1].lower() + name[1:]
    return "associations" if name == "association" else name


def _words(component: Any, known: Mapping[str, Any] | None) -> list[str]:  # noqa: ANN401 -- JSON is anything
    """Return one word per coding, the one of code and display that is known; a bar is no separator of theirs."""
    if _is_absent(component):
        return []
    found = [_word(each, known) for each in codings(member(component, "valueCodeableConcept"))]
    found.append(text(component, "valueString"))
    return [word.replace("|", " ") for word in found if word]


def _word(each: Coding, known: Mapping[str, Any] | None) -> str:
    names = [name for name in (each.code, each.display) if name]
    return next((name for name in names if known and folded_word(name) in known), names[0] if names else "")


def _report_kind(words: list[str]) -> str:
    kinds = {report_kind(word, _MORE_KINDS) for word in words or [""]}
    kind = kinds.pop()
    if kind is None or kinds:
        raise RowRefusedError(RuleName.UNKNOWN_WORD, "report_kind")
    return kind


def _named_totals(body: dict[str, Any], totals: Mapping[str, str]) -> list[tuple[Any, str]]:
    """Return where a total may stand: an observation and its components, of which one may have but the code."""
    named = [
        (each, _instrument(codings(member(each, "code")), totals)) for each in [body, *elements(body, "component")]
    ]
    return [(each, name) for each, name in named if name]


def _agreed(values: list[tuple[str, str]]) -> dict[str, str]:
    """Return each instrument's only value, or nothing where none of its places holds one."""
    found: dict[str, str] = {}
    for instrument, value in values:
        if value and found.get(instrument) and found[instrument] != value:
            raise RowRefusedError(RuleName.REPEATED_NAME, "total")
        found[instrument] = value or found.get(instrument, "")
    return found


def _instrument(named: list[Coding], totals: Mapping[str, str]) -> str:
    instruments = {totals[token] for each in named if (token := each.is_one_of(totals, LOINC))}
    if len(instruments) > 1:
        raise RowRefusedError(RuleName.UNREADABLE, "instrument")
    return instruments.pop() if instruments else ""


def _instrument_of(item: Any, totals: Mapping[str, str]) -> str:  # noqa: ANN401 -- JSON is anything
    """Say whether an item is a total, by its link or its code alone."""
    if isinstance(item, Repeated):
        raise RowRefusedError(RuleName.REPEATED_NAME)
    link = text(item, "linkId").rpartition("/")[2]
    named = [Coding(LOINC, link, ""), *(coding(each) for each in elements(item, "code"))]
    return _instrument(named, totals)


def _answered(answer: Any) -> str:  # noqa: ANN401 -- JSON is anything
    """Return the number that answers a total's item, or nothing where nothing answers it."""
    number = _value(answer, "total")
    given = [name for name, value in (answer or {}).items() if name.startswith("value") and value is not None]
    if len(given) > bool(number):
        raise RowRefusedError(RuleName.NOT_A_NUMBER, "total")
    return number


def _value(record: Any, column: str) -> str:  # noqa: ANN401 -- JSON is anything
    """Return a number as it is written; one that is only a bound is none."""
    if text(record, "valueQuantity", "comparator"):
        raise RowRefusedError(RuleName.NOT_A_NUMBER, column)
    return only(record, column, ("valueInteger",), ("valueDecimal",), ("valueQuantity", "value"))
