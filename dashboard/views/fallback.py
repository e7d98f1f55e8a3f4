"""What a reader can read instead of a withheld figure, in words."""

from dashboard.reading.figures import Choice, PublishedFigure
from dashboard.texts.words import Words
from dashboard.views import naming


def fallback_sentence(words: Words, choice: Choice, table: str, figure: PublishedFigure) -> str:
    """Return `North, 16 to 24, over four weeks: 23.1% (between …).`, or of a larger group; empty without one."""
    found = figure.instead
    if found is None:
        return ""
    return words(
        f"fallback.{found.of}",
        group=naming.cohort_label(words, choice, table, figure.cohort),
        larger=naming.cohort_label(words, choice, found.table, found.cohort),
        amount=words.amount(found.estimate, figure.unit),
        between=words.between(found.shown.low, found.shown.high, figure.unit),
    )
