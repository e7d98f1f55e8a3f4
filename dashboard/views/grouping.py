"""By which table groups are shown, and how a chart's picture says where it is from."""

from dashboard.reading.figures import EVERYONE, Choice
from dashboard.texts.words import Words


def grouping(choice: Choice, named: str = "") -> str:
    """Return the table of the chosen group; of everyone the one that the address names, else the first.

    Empty where the measure has no table that groups people.
    """
    tables = choice.groupings
    if choice.table != EVERYONE:
        return choice.table
    return named if named in tables else next(iter(tables), "")


def source_line(words: Words, choice: Choice, publisher: str = "") -> str:
    """Return the line inside a picture: product, period, publisher if known, and that it is of people who logged."""
    days = words.days(choice.release.first_day, choice.release.last_day)
    said = words("source.line", product=words.label(choice.card.product.label), days=days, release=choice.release.name)
    parts = [said, *([words("source.by", publisher=publisher)] if publisher else []), words("source.who")]
    return " ".join(parts)
