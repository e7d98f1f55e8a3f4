"""What FHIR resources are made of: references to people, codings, times; each read strictly."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from analytics.vault.readers.shared.documents import elements, member, text
from analytics.vault.readers.shared.rows import RowRefusedError
from analytics.vault.validation.rule_names import RuleName

LOINC = "http://loinc.org"

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_NANOSECONDS = re.compile(r"(\.[0-9]{9})[0-9]+")


@dataclass(frozen=True)
class Resource:
    """One resource as it lies in the file."""

    body: dict[str, Any]
    full_url: str = ""
    """What its Bundle calls it."""
    patients: Mapping[str, str] = field(default_factory=dict)
    """The ids of the Bundle's patients by their names of `urn:`, valid in it alone; an empty id names no person."""
    damage: RuleName | None = None
    """The rule that its bytes break: nothing is taken from it but a no."""


@dataclass(frozen=True)
class Coding:
    """One coding of a concept."""

    system: str
    code: str
    display: str

    def is_one_of(self, tokens: Mapping[str, Any], system: str) -> str:
        """Return the token, `system|code`, or `code` for one of `system`, that it is, or nothing."""
        whole = f"{self.system}|{self.code}"
        if self.code and whole in tokens:
            return whole
        return self.code if self.system == system and self.code in tokens else ""


def codings(concept: Any) -> list[Coding]:  # noqa: ANN401 -- JSON is anything
    """Return a concept's codings. Raises RowRefusedError for another shape."""
    return [coding(each) for each in elements(concept, "coding")]


def coding(record: Any) -> Coding:  # noqa: ANN401 -- JSON is anything
    """Return one coding. Raises RowRefusedError for another shape."""
    return Coding(text(record, "system"), text(record, "code"), text(record, "display"))


def id_in(reference: str, patients: Mapping[str, str]) -> str:
    """Return the id of the patient that a reference names: its last segment, of whatever server and version.

    Nothing, if it names something else, or a resource that is only contained. `patients` resolves names of `urn:`; no
    Bundle names the person of any other reference, or one person's record could claim another's.

    Raises:
        RowRefusedError: if it is a name that does not stand for one patient.
    """
    if reference in patients:
        if not patients[reference]:
            raise RowRefusedError(RuleName.UNREADABLE, "person_id")
        return patients[reference]
    parts = reference.split("/")
    if len(parts) > 2 and parts[-2] == "_history":  # noqa: PLR2004 -- Patient/id/_history/version
        parts = parts[:-2]
    if len(parts) > 1 and parts[-2].casefold() != "patient":
        return ""
    last = parts[-1].removeprefix("urn:uuid:").removeprefix("urn:oid:")
    return "" if not last or last.startswith("#") or "?" in last else last


def person(resource: Resource, *names: str) -> str:
    """Return the patient that the reference at the path `names` names.

    An identifier without a reference is another system's number, which no consent here goes by.

    Raises:
        RowRefusedError: if it names no patient.
    """
    reference = text(resource.body, *names, "reference")
    if not reference:
        raise RowRefusedError(RuleName.MISSING, "person_id")
    found = id_in(reference, resource.patients)
    if not found:
        raise RowRefusedError(RuleName.UNREADABLE, "person_id")
    return found


def iso(written: str, column: str) -> str:
    """Return a date or time as it is written, or nothing where nothing is; a month or a year is no day.

    Raises:
        RowRefusedError: if it is neither.
    """
    if written and not _TIME.fullmatch(written):
        raise RowRefusedError(RuleName.NOT_A_TIME, column)
    return _NANOSECONDS.sub(r"\1", written)


def day_in(written: str, column: str) -> str:
    """Return the date in a date or time. Raises RowRefusedError if it is neither."""
    found = _TIME.fullmatch(written)
    if written and found is None:
        raise RowRefusedError(RuleName.NOT_A_DATE, column)
    return found[1] if found else ""


def instant(written: str) -> datetime | None:
    """Return the instant that a time means, a day's last for a bare date; none where it is no possible time."""
    if not _TIME.fullmatch(written):
        return None
    try:
        if "T" not in written:
            return datetime.combine(date.fromisoformat(written), time.max, UTC)
        moment = datetime.fromisoformat(written)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def only(record: Any, column: str, *paths: tuple[str, ...]) -> str:  # noqa: ANN401 -- JSON is anything
    """Return the text at the only path of `paths` that holds one, or nothing.

    Raises:
        RowRefusedError: if there are two: we do not guess which is right.
    """
    found = [written for path in paths if (written := text(record, *path))]
    if len(found) > 1:
        raise RowRefusedError(RuleName.REPEATED_NAME, column)
    return found[0] if found else ""


def free_texts(record: Any) -> int:  # noqa: ANN401 -- JSON is anything
    """Count a resource's notes."""
    notes = member(record, "note")
    return sum(bool(note) for note in notes) if isinstance(notes, list) else int(bool(notes))


def nested(records: list[Any], *names: str) -> Iterator[Any]:
    """Yield records and all that lie in them under `names`, however deeply; what has another shape is passed over."""
    waiting = records[::-1]
    while waiting:
        record = waiting.pop()
        if isinstance(record, list):
            waiting += record[::-1]
        elif isinstance(record, dict):
            yield record
            waiting += [record[name] for name in names if name in record]
