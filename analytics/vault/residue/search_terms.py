"""What a proof is asked to look for: a text a line, or the very file that withdrew its people.

What is searched for otherwise than it is written is found nowhere: a proof must not say so of somebody who is there.
"""

import csv
from collections.abc import Iterable
from typing import NamedTuple

from analytics.errors import FileRefusedError, UsageError

_PERSON, _DOMAIN = "person_id", "id_domain"


class Asked(NamedTuple):
    """Texts, and the id domains in which they may be ids, beside the declared ones."""

    texts: list[str]
    domains: list[str]


def read_search_terms(said: bytes, domains: Iterable[str]) -> Asked:
    """Read what came on standard input. Under a heading with `person_id`, only the ids and their domains are meant.

    Raises:
        FileRefusedError: if it is no text, or a line below such a heading names nobody.
        UsageError: if nothing is asked for.
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
        message = "Nothing to look for came on standard input."
        raise UsageError(message, "Write an id per line: murmuration erase --prove < ids.txt")
    return Asked(texts, sorted(domains))


def _text(said: bytes) -> str:
    text: str | None = None
    try:
        text = said.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:  # UTF-16 has zeros
        message = "Standard input is no text in UTF-8."
        raise FileRefusedError(message, "Write the ids in UTF-8, one a line.")
    return text


def _row(header: list[str], number: int, line: str) -> dict[str, str]:
    row = dict(zip(header, (cell.strip() for cell in next(csv.reader([line]), [])), strict=False))
    if not row.get(_PERSON):
        message = f"Line {number} of standard input names nobody."
        raise FileRefusedError(message, "Write one person_id per line below the heading.")
    return row
