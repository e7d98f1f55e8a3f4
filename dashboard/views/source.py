"""The line inside a picture, and the name of its files: service, group and period."""

from dataclasses import dataclass

from dashboard.reading.figures import Choice
from dashboard.texts.words import Words


@dataclass(frozen=True)
class Source:
    """Where a picture's figures come from."""

    line: str
    stem: str


def source(words: Words, choice: Choice, name: str, publisher: str = "") -> Source:
    """Return the source of a picture of the chosen release and group; `name` is in its file's name."""
    parts = (choice.release.name, name, choice.table, choice.cohort)
    return Source(source_line(words, choice, publisher), "-".join(part.replace("/", "-") for part in parts))


def source_line(words: Words, choice: Choice, publisher: str = "") -> str:
    """Return the line inside a picture: product, period, publisher if known, and that it is of people who logged."""
    days = words.days(choice.release.first_day, choice.release.last_day)
    said = words("source.line", product=words.label(choice.card.product.label), days=days, release=choice.release.name)
    parts = [said, *([words("source.by", publisher=publisher)] if publisher else []), words("source.who")]
    return " ".join(parts)
