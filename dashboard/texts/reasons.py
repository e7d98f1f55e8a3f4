"""Published reasons in the reader's language: fixed forms of which only the numbers differ."""

import re

from dashboard.texts.words import Words

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PLACE = "{}"
_WITHHELD = re.compile(r"^withheld:? *")
"""How earlier programs began a reason; the page says the word itself."""


def reason(words: Words, published: str) -> str:
    """Return why a figure is withheld, wide or not compared; a reason that is not a shipped one stays as it is."""
    text = _WITHHELD.sub("", published).rstrip(".")
    if not text:
        return words("reason.none")
    return "; ".join(_one(words, part) for part in text.split("; "))


def form(published: str) -> str:
    """Return a reason with `{}` for each of its numbers, as the labels have it."""
    return _NUMBER.sub(_PLACE, published)


def _one(words: Words, published: str) -> str:
    said = words.label(form(published))
    for number in _NUMBER.findall(published):
        said = said.replace(_PLACE, words.spelled(number), 1)
    return said
