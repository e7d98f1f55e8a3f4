"""The line inside a picture, and the name of its files: whose figures, of whom and of when."""

from dataclasses import dataclass

from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views import naming


@dataclass(frozen=True)
class Source:
    """Where a picture's figures come from."""

    line: str
    stem: str


def source(words: Words, choice: Choice, name: str, label: str) -> Source:
    """Return the source of a picture of the chosen release and group: `name` in its file's name, `label` in words."""
    line = words(
        "patterns.source",
        label=label,
        product=words.label(choice.card.product.label),
        group=naming.among(words, choice),
        days=words.days(choice.release.first_day, choice.release.last_day),
    )
    parts = (choice.release.name, name, choice.table, choice.cohort)
    return Source(line, "-".join(part.replace("/", "-") for part in parts))
