"""What a search of the home looks for: one text per line, or the very file that withdrew its people.

A text that is read in another spelling is found nowhere, and the search would say so about somebody who is there.
"""

import csv
from collections.abc import Iterable
from typing import NamedTuple

from analytics.errors import FileRefusedError, UsageError

_PERSON, _DOMAIN = "person_id", "id_domain"


class SearchTerms(NamedTuple):
    """Texts, and the id domains in which they may be ids, beside the declared ones."""

    texts: list[str]
    domains: list[str]


def read_search_terms(said: bytes, domains: Iterable[str]) -> SearchTerms:
    """Read what came on standard input. Below a heading with `person_id`, only ids and domains are read.

    Raises:
        FileRefusedError: if it is not text, or a line below such a heading does not name a person.
        UsageError: if there is nothing to search for.
    """
    lines = _text(said).splitlines()
    header = [name.strip() for name in next(csv.reader(lines[:1]), [])]
    if _PERSON in header:
        people = [_row(header, number, line) for number, line in enumerate(lines[1:], start=2) if line.strip()]
        texts = [row[_PERSON] for row in people]
        domains = {*domains, *(row[_DOMAIN] for row in people if row.get(_DOMAIN))}
    else:
        texts = [line.strip() for line in lines if line.strip()]
    if not texts:
        message = "Standard input has nothing to search for."
        raise UsageError(message, "Write an id per line: murmuration erase --search < ids.txt")
    return SearchTerms(texts, sorted(domains))


def _text(said: bytes) -> str:
    text: str | None = None
    try:
        text = said.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:  # UTF-16 has zeros
        message = "Standard input is not text in UTF-8."
        raise FileRefusedError(message, "Write the ids in UTF-8, one a line.")
    return text


def _row(header: list[str], number: int, line: str) -> dict[str, str]:
    row = dict(zip(header, (cell.strip() for cell in next(csv.reader([line]), [])), strict=False))
    if not row.get(_PERSON):
        message = f"Line {number} of standard input does not name a person."
        raise FileRefusedError(message, "Write one person_id per line below the heading.")
    return row
