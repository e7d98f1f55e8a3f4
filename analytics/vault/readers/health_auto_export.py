"""Health Auto Export: one JSON document of one person; moods are in `data.stateOfMind`.

Each sync sends the previous day again, so the entry's own id goes with it. Labels are not read, and neither is the
classification: it has been seen as -1 to 1, as 1 to 7 and as a word, so a missing valence stays missing.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.apple_kinds import NUMBERS, report_kind
from analytics.vault.readers.shared.documents import Repeated, elements, member, read_document, text
from analytics.vault.readers.shared.rows import RawRows, Row, RowRefusedError, gather
from analytics.vault.validation.rule_names import RuleName

_MOODS = "stateOfMind"
_OTHER_METRICS = frozenset(
    {"metrics", "workouts", "symptoms", "ecg", "heartRateNotifications", "medications", "cycleTracking"}
)
"""What `data` holds besides moods; one of them marks a document without moods as this app's."""

_MORE_KINDS = {"mood": "", **NUMBERS}
"""`mood` is what the documentation writes for both kinds; the declaration's counts."""

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T\s]([0-9]{1,2})(:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r"(?:\s?([AaPp])\.?[Mm]\.?)?(?:\s?(Z|[+-][0-9]{2}:?[0-9]{2}))?"  # phones set to 12 hours write AM and PM
)
_NOON = 12


def read(path: Path, source: Source) -> Iterator[RawRows]:  # noqa: ARG001 -- every reader is asked the same way
    """Yield the document's moods, numbered from 1. Raises FileRefusedError if it is no such document."""
    moods = _moods(read_document(path))
    yield from gather(enumerate(moods, start=1), _rows)


def _moods(document: Any) -> list[Any]:  # noqa: ANN401 -- JSON is anything
    data = document.get("data") if isinstance(document, dict) and not isinstance(document, Repeated) else None
    if isinstance(data, dict) and not isinstance(data, Repeated):
        moods = data.get(_MOODS)
        if isinstance(moods, list):
            return moods
        if _MOODS not in data and (not data or not _OTHER_METRICS.isdisjoint(data)):
            return []
    message = f"The document has no list `data.{_MOODS}`."
    raise FileRefusedError(message, "Export State of Mind as JSON, or name another source.")


def _rows(record: Any) -> list[Row]:  # noqa: ANN401 -- JSON is anything
    texts = {
        "logged_at": _logged_at(text(record, "start")),
        "mood": text(record, "valence"),
        "factors": "|".join(_word(word) for word in elements(record, "associations")),
        "report_kind": _report_kind(text(record, "kind")),
        "source_id": text(record, "id"),
    }
    return [Row("entry", texts, _free_text(record))]


def _word(word: Any) -> str:  # noqa: ANN401 -- JSON is anything
    if not isinstance(word, str):
        raise RowRefusedError(RuleName.UNREADABLE, "factors")
    return word.replace("|", " ").strip()


def _report_kind(kind: str) -> str:
    known = report_kind(kind, _MORE_KINDS)
    if known is None:
        raise RowRefusedError(RuleName.UNKNOWN_WORD, "report_kind")
    return known


def _logged_at(start: str) -> str:
    if not start:
        return ""
    found = _TIME.fullmatch(start)
    if found is None:
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    date, hour, rest, half, offset = found.groups(default="")
    if half:
        if not 1 <= int(hour) <= _NOON:
            raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
        hour = str(int(hour) % _NOON + (_NOON if half in "Pp" else 0))
    return f"{date}T{hour:>02}{rest}{offset}"


def _free_text(record: Any) -> int:  # noqa: ANN401 -- JSON is anything
    """Count the metadata: other apps write what they like there."""
    metadata = member(record, "metadata")
    return sum(value not in (None, "") for value in metadata.values()) if isinstance(metadata, dict) else 0
