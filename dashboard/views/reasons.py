"""Published reasons in the reader's language: their fixed forms are translated, others are shown as they are."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from dashboard.texts.words import Words

FORMS: Mapping[str, str] = MappingProxyType(
    {
        r"too few people had enough entries to show this without giving anyone away": "too_few",
        r"the figure is uncertain by more than (?P<points>[\d.]+) points to each side": "wide",
        r"this measure looks back to weeks before the first release, so it cannot be compared yet": "starting",
        r"this period has a fifth week, so it is compared with no other": "longer",
    }
)
"""What a program writes as a reason, with its key in the texts; several are joined by `; `."""


def reason(words: Words, published: str) -> str:
    """Return a published reason in words, without the word `withheld`, which the page says itself."""
    plain = published.removeprefix("withheld").lstrip(": ").rstrip(".")
    return "; ".join(_one(words, part) for part in plain.split("; ")) if plain else words("reason.none")


def _one(words: Words, part: str) -> str:
    for form, key in FORMS.items():
        if (found := re.fullmatch(form, part)) is not None:
            return words(f"reason.{key}", **found.groupdict())
    return words.label(part)
