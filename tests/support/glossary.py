"""The words that no name and no text may hold, from their list in `docs/glossary.md`."""

import re
from pathlib import Path

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
EVERYWHERE, IN_NAMES = "Not used: ", "Not used in names: "


def listed_words(start: str = EVERYWHERE) -> list[str]:
    """Return the words of the one line that begins so, single words and phrases."""
    (line,) = [line for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith(start)]
    return [word.strip("` ") for word in line.removeprefix(start).rstrip(".").split(",")]


def pattern(words: list[str]) -> re.Pattern[str]:
    """Return what finds any of the words, whole; in names, where an underscore or a digit is beside it, too."""
    each = "|".join(re.escape(word).replace(r"\ ", r"[\s_]+") for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![a-zA-Z])(?:{each})(?![a-zA-Z])", re.IGNORECASE)


def forbidden_words() -> re.Pattern[str]:
    """Return what finds any word of the glossary's list."""
    return pattern(listed_words())
