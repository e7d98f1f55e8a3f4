"""The terms of a residue search: a text a line, or the file that withdrew its people.

A term in another spelling than the stored one is not found. The search must not miss a person for such a reason, so
terms are read strictly.
"""

import csv
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from analytics.errors import FileRefusedError, UsageError

_PERSON, _DOMAIN = "person_id", "id_domain"

_LONGEST = 10_000
"""Characters of a line with ids; below what Python's CSV reader takes, whatever its limit is in this process."""


class SearchTerms(NamedTuple):
    """Texts, and the id domains in which they may be ids, besides the declared ones."""

    texts: list[str]
    domains: list[str]


def read_search_terms(data: bytes, domains: Iterable[str]) -> SearchTerms:
    """Read the content of standard input. Under a heading with `person_id`, only ids and id domains are terms.

    Raises:
        FileRefusedError: if it is no text, or a line below such a heading has no id.
        UsageError: if there are no terms.
    """
    lines = _text(data).splitlines()
    header = _cells(lines[0], 1) if lines else []
    if _PERSON in header:
        people = [_row(header, number, line) for number, line in enumerate(lines[1:], start=2) if line.strip()]
        texts = [row[_PERSON] for row in people]
        domains = {*domains, *(row[_DOMAIN] for row in people if row.get(_DOMAIN))}
    else:
        texts = [line.strip() for line in lines if line.strip()]
    if not texts:
        message = "Standard input holds no search terms."
        raise UsageError(message, "Write one id per line: murmuration erase --search < ids.txt")
    return SearchTerms(texts, sorted(domains))


def _text(data: bytes) -> str:
    text: str | None = None
    with suppress(UnicodeDecodeError):
        text = data.decode("utf-8-sig")
    if text is None or "\0" in text:  # UTF-16 has zeros
        message = "Standard input is not a UTF-8 text."
        raise FileRefusedError(message, "Write one id per line, in UTF-8.")
    return text


def _row(header: list[str], number: int, line: str) -> dict[str, str]:
    row = dict(zip(header, _cells(line, number), strict=False))
    if not row.get(_PERSON):
        message = f"Line {number} of standard input has no person_id."
        raise FileRefusedError(message, "Write one person_id per line below the heading.")
    return row


def _cells(line: str, number: int) -> list[str]:
    if len(line) > _LONGEST:
        message = f"Line {number} of standard input is too long."
        raise FileRefusedError(message, "Write one id per line.")
    return [cell.strip() for cell in next(csv.reader([line]), [])]
