"""The notice's lists, from `notice_words.yaml`, and how a contract's values are written in it."""

from pathlib import Path
from typing import Any

from analytics.contracts.reading import read_yaml

WORDS: dict[str, Any] = read_yaml(Path(__file__).with_name("notice_words.yaml"))

COLUMNS: dict[str, str] = WORDS["columns"]
BESIDES: dict[str, str] = WORDS["besides"]
COUNTED: dict[str, str] = WORDS["counted"]

HELD_DAYS = 14
"""How long a file with a row that could not be read is kept as it came."""


def plain(value: str) -> str:
    """Return a contract's value in plain words: `self_care` is `self care`."""
    names: dict[str, str] = WORDS["names"]
    return names.get(value, value.replace("_", " "))
