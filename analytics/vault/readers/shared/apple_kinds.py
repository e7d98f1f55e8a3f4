"""The kinds of Apple's State of Mind, as its exports write them."""

import re
from collections.abc import Mapping

_KINDS = {"": "", "momentaryemotion": "momentary", "dailymood": "daily"}

NUMBERS = {"1": "momentary", "2": "daily"}
"""Apple's own numbers, which some exports write."""


def report_kind(text: str, more: Mapping[str, str]) -> str | None:
    """Return momentary, daily or nothing (the declaration decides), and None for an unknown kind.

    `more`: further words of one export. White space, hyphens, underscores and capitals do not matter.
    """
    return {**_KINDS, **more}.get(re.sub(r"[\s_-]", "", text).casefold())
