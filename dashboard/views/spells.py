"""Some periods in words: named one by one where they are few, else how many there are between which days."""

from collections.abc import Sequence
from datetime import date

from dashboard.texts.words import Words

_MOST_NAMED = 3


def spells(words: Words, periods: Sequence[tuple[date, date]], cadence: str) -> str:
    """Return `5 to 11 January 2026`, two or three of them, or `19 weeks between 5 January and 5 July 2026`."""
    if len(periods) <= _MOST_NAMED:
        return words.listed([words.days(first, last) for first, last in periods])
    first, last = min(first for first, _ in periods), max(last for _, last in periods)
    count = f"{words.whole(len(periods))} {words.period(cadence, len(periods))}"
    return words("trends.spell", count=count, first=words.day(first, last), last=words.day(last))
