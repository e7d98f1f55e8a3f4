"""FHIR's Patient: a person's cohorts. Only the grid's own keys leave here, never an address, a name or a birthday."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from analytics.contracts import Source
from analytics.contracts.source import Cohort, folded_word
from analytics.vault.readers.shared.documents import text
from analytics.vault.readers.shared.fhir_parts import Resource, day_in, id_in
from analytics.vault.readers.shared.rows import Row

_OFF_GRID = "?"
"""A key for words that the declaration does not know: no grid has it, so that they are counted as off the grid."""

_BIRTH = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DECEMBER, _LONGEST_MONTH = 12, 31


def of_patient(resource: Resource, source: Source) -> list[Row]:
    """Return a Patient's cohorts, from the day on which the server last changed the record.

    Without that day it is not known from when they hold: nothing is guessed, and the checks refuse the row.
    """
    body = resource.body
    valid_from = day_in(text(body, "meta", "lastUpdated"), "valid_from")
    person = text(body, "id") or id_in(resource.full_url, resource.patients)
    texts = {name: _key(body, cohort, valid_from) for name, cohort in source.cohorts.items()}
    return [Row("participant", {"person_id": person, "valid_from": valid_from, **texts})]


def _key(body: dict[str, Any], cohort: Cohort, valid_from: str) -> str:
    """Return the key that the record's words agree on, or nothing."""
    words = [word for word in _at(body, cohort.field.split(".")) if word]
    if cohort.bands:
        found = {_band(word, cohort, valid_from) for word in words}
    else:
        known = {folded_word(word): key for word, key in cohort.keys.items()}
        found = {_known(word, known) for word in words}
    return found.pop() if len(found) == 1 else ""


def _known(word: str, known: dict[str, str]) -> str:
    """Return a word's key; a reference may name the server too."""
    short = "/".join(word.split("/")[-2:])
    return known.get(folded_word(word)) or known.get(folded_word(short)) or _OFF_GRID


def _at(record: Any, path: list[str]) -> Iterator[str]:  # noqa: ANN401 -- JSON is anything
    """Yield the texts at a path, of every element of a list but an address that is no longer in use."""
    for each in record if isinstance(record, list) else [record]:
        if isinstance(each, str) and not path:
            yield each.strip()
        elif isinstance(each, dict) and path and each.get("use") != "old":
            yield from _at(each.get(path[0]), path[1:])


def _band(birth: str, cohort: Cohort, valid_from: str) -> str:
    """Return the band of age on a day; a birthday that is known by month or year may not say it."""
    found = _BIRTH.fullmatch(birth)
    if found is None or not valid_from:
        return _OFF_GRID
    year, month, day = (int(part) if part else 0 for part in found.groups())
    youngest = _age((year, month or _DECEMBER, day or _LONGEST_MONTH), valid_from)
    oldest = _age((year, month or 1, day or 1), valid_from)
    band = cohort.band(youngest)
    return band if band and band == cohort.band(oldest) else _OFF_GRID


def _age(birth: tuple[int, int, int], valid_from: str) -> int:
    try:
        now = date.fromisoformat(valid_from)
    except ValueError:  # the checks refuse the row for it
        return -1
    return now.year - birth[0] - ((now.month, now.day) < birth[1:])
