"""What a page promises, compared with the card: nothing may be stated stronger than it is."""

import re

from analytics.trends.publication.labels import PromiseCard

_FREQUENCY = re.compile(r"(\d+) (?:in|of|von) 100\b|right about (\d+) at most|höchstens (\d+) richtig")
_CLAIMS = re.compile(
    r"\b(?:anonym\w*|impossible|unmöglich|guarantee\w*|garantier\w*|completely|perfectly|(?:no|zero|kein) risk"
    r"|kein risiko|(?:cannot|can not|never) be (?:identified|recognised|found))\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:nobody|no one) can (?:tell|know)(?! for sure)|niemand(?:(?!sicher)[^.])* erkennen", re.IGNORECASE
)
"""A small risk remains, so nobody can tell *for sure*."""


def too_strong(text: str, promise: PromiseCard) -> list[str]:
    """Return what a text promises beyond the card: claims without a doubt, and odds smaller than any that it has."""
    least = min(each.recognised_in_100 for each in promise.odds)
    guessing = {each.guessing for each in promise.odds}
    smaller = []
    for hit in _FREQUENCY.finditer(text):
        either, *recognised = hit.groups()
        said = next(int(number) for number in hit.groups() if number)
        if said < least and (any(recognised) or int(either) not in guessing):
            smaller.append(hit[0])
    return [*smaller, *(hit[0] for pattern in (_CLAIMS, _NOBODY) for hit in pattern.finditer(text))]
