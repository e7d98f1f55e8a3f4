"""By which table groups are shown."""

from dashboard.reading.figures import EVERYONE, Choice


def grouping(choice: Choice, named: str = "") -> str:
    """Return the table of the chosen group; of everyone the one that the address names, else the first.

    Empty where the measure has no table that groups people.
    """
    tables = choice.groupings
    if choice.table != EVERYONE:
        return choice.table
    return named if named in tables else next(iter(tables), "")
