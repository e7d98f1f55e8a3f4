"""MyDataHelps: Apple's State of Mind of a project's participants, in four kinds of CSV that the header tells apart.

The main file holds entries; the others name an entry by its key: labels (not read), associations, deletions.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.pseudonym import normalised
from analytics.vault.readers.shared.apple_kinds import NUMBERS, report_kind
from analytics.vault.readers.shared.rows import RawRows, Row, RowRefusedError, gather, text_rule_broken
from analytics.vault.readers.shared.tables import Cells, Numbered, require, table_of_lines
from analytics.vault.validation.rule_names import RuleName

_KEY = "HealthKitStateOfMindKey"
_IDS = frozenset({_KEY, "ParticipantIdentifier", "ParticipantID"})

_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)? ?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)

Linked = tuple[str, str, list[str]]
"""An entry's person and key, and the words that go with it."""


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the rows of whichever of the four files this is. Raises FileRefusedError for its header only."""
    header, records = table_of_lines(path)
    person = source.columns.person or "ParticipantIdentifier"
    require(header, _KEY, person)
    if "Valence" in header:
        require(header, "StartDate", "Valence")
        yield from gather(records, partial(_entry, person))
    elif word := _column_with(header, "association"):
        yield from gather(_linked(records, person, word), _association)
    elif _column_with(header, "label"):
        yield from gather(records, _nothing)
    elif _IDS.issuperset(header) or _column_with(header, "delet"):
        yield from gather(records, partial(_deletion, person))
    else:
        message = "The header is not that of a State of Mind file, nor of its labels, associations or deletions."
        raise FileRefusedError(message, "Send the files as MyDataHelps exports them, or name another source.")


def _column_with(header: list[str], part: str) -> str:
    """Return the only column with `part` in its name, or nothing."""
    names = [name for name in header if part in name.casefold()]
    return names[0] if len(names) == 1 else ""


def _entry(person: str, cells: Cells) -> list[Row]:
    kind = report_kind(cells.get("Kind", ""), NUMBERS)
    if kind is None:
        raise RowRefusedError(RuleName.UNKNOWN_WORD, "report_kind")
    start = cells["StartDate"].strip()
    if start and not _TIME.fullmatch(start):
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    texts = {
        "person_id": cells[person],
        "logged_at": start,
        "mood": cells["Valence"],  # never the classification
        "report_kind": kind,
        "source_id": cells[_KEY],
    }
    return [Row("entry", texts)]


def _nothing(_: Cells) -> list[Row]:
    return []


def _deletion(person: str, cells: Cells) -> list[Row]:
    return [Row("deletion", _named(person, cells))]


def _association(linked: Linked) -> list[Row]:
    person, key, words = linked
    # One row per person and key: an entry's associations are whole or not there.
    return [Row("association", {"person_id": person, "source_id": key, "factors": "|".join(words)})]


def _linked(records: Iterable[Numbered], person: str, column: str) -> Iterator[tuple[int, Linked | RowRefusedError]]:
    """Yield each entry's words together, at its first line; its lines may lie anywhere in the file.

    A word that cannot be read refuses the entry's other words with it: half of them would say that the rest was not so.
    """
    found: dict[tuple[str, str], tuple[int, dict[str, None]]] = {}
    broken: set[tuple[str, str]] = set()
    for line, cells in records:
        entry = None
        try:
            if isinstance(cells, RowRefusedError):
                raise cells
            named = _named(person, cells)
            entry = normalised(named["person_id"]), named["source_id"]
            word = _sound("factors", cells[column].replace("|", " "))
        except RowRefusedError as refused:
            if entry is not None:
                broken.add(entry)
            yield line, refused
            continue
        _, words = found.setdefault(entry, (line, {}))
        words[word] = None
    for entry, (line, words) in found.items():
        if entry not in broken:
            yield line, (*entry, [*words])


def _named(person: str, cells: Cells) -> dict[str, str]:
    texts = {"person_id": _sound("person_id", cells[person]), "source_id": _sound("source_id", cells[_KEY])}
    for name, text in texts.items():
        if not text:  # a line that names no entry could only be tied to another's
            raise RowRefusedError(RuleName.MISSING, name)
    return texts


def _sound(name: str, text: str) -> str:
    """Refuse here what would otherwise spoil the row that several lines share."""
    if broken := text_rule_broken(text):
        raise RowRefusedError(broken, name)
    return text.strip()
