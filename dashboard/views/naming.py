"""How figures, groups and changes are named in a sentence."""

from datetime import date

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import cohort_labels, table_label
from dashboard.reading.figures import EVERYONE, PEOPLE, Choice, PublishedDifference
from dashboard.reading.findings import Direction, PublishedSignal
from dashboard.texts.words import Words


def figure_label(words: Words, choice: Choice) -> str:
    """Return the chosen figure's name: `Low mood`."""
    return words.label(choice.label)


def group_label(words: Words, choice: Choice) -> str:
    """Return the chosen group's name: `North`, `All participants`."""
    return cohort_label(words, choice, choice.table, choice.cohort)


def cohort_label(words: Words, choice: Choice, table: str, cohort: str) -> str:
    """Return a group's name: `North`, `North, 16 to 24`, `All participants`."""
    return ", ".join(words.label(part) for part in _parts(choice, table, cohort))


def table_name(words: Words, choice: Choice, table: str) -> str:
    """Return what a table groups by: `Region`, `Region by age band`."""
    names = choice.card.measures[choice.measure].tables[table].dimensions
    if not names:
        return words.label(table_label(choice.card, choice.measure, table))
    first, *others = [words.label(choice.card.dimensions[name].label) for name in names]
    lower = words.language == "en"  # German nouns keep their capital
    rest = [words("naming.by", name=name.lower() if lower else name) for name in others]
    return " ".join([first, *rest])


def among(words: Words, choice: Choice) -> str:
    """Return whom a sentence speaks of: `in North`, `among all participants`, `in the group 16 to 24`."""
    if choice.table == EVERYONE:
        return words("naming.everyone")
    label = group_label(words, choice)
    plain = label.replace(" ", "").isalpha() and choice.cohort != "unknown"
    return words("naming.place" if plain else "naming.group", group=label)


def subject(words: Words, choice: Choice) -> str:
    """Return how a sentence about the figure begins: `Low mood in North`, `The number of people who logged in …`."""
    label = figure_label(words, choice)
    if choice.headline == PEOPLE:
        label = words("naming.number_of", people=label[:1].lower() + label[1:] if words.language == "en" else label)
    return words("naming.subject", figure=label, group=among(words, choice))


def spell(words: Words, signal: PublishedSignal, cadence: str, newest: date) -> str:
    """Return `since 21 September (9 weeks)`."""
    count = f"{words.whole(signal.periods)} {words.period(cadence, signal.periods)}"
    return words("naming.spell", day=words.day(signal.since, newest), count=count)


def direction(words: Words, found: Direction) -> str:
    """Return `higher` or `lower`."""
    return words(f"naming.{found}")


def verdict(found: PublishedDifference | None) -> str:
    """Say whether the simultaneous interval excludes 0; one that touches 0 does not."""
    if found is None:
        return "not_known"
    if found.simultaneous.low > 0:
        return "higher"
    return "lower" if found.simultaneous.high < 0 else "no_clear_difference"


def sized(words: Words, value: float, interval: Interval, unit: str) -> str:
    """Return how large a difference is, away from 0, with its interval: `2.0 percentage points (between 1.1 and …)`."""
    sign = -1 if value < 0 else 1
    low, high = sorted((sign * interval.low, sign * interval.high))
    return words("naming.sized", step=words.step(sign * value, unit), between=words.step_between(low, high, unit))


def difference(words: Words, found: str, value: float, interval: Interval, unit: str) -> str:
    """Return a verdict with its numbers: `higher by 2.1 percentage points (between 0.4 and 3.8 …)`."""
    if found not in {"higher", "lower"}:
        return words("naming.no_clear", between=words.step_between(interval.low, interval.high, unit))
    return words(f"naming.{found}_by", sized=sized(words, value, interval, unit))


def difference_short(words: Words, found: str, value: float, interval: Interval, unit: str) -> str:
    """Return the same in fewer words: `higher by 2.1 percentage points (0.4 to 3.8)`."""
    if found not in {"higher", "lower"}:
        return words("naming.no_clear", between=words.step_span(interval.low, interval.high, unit))
    sign = -1 if value < 0 else 1
    low, high = sorted((sign * interval.low, sign * interval.high))
    step = words("naming.sized", step=words.step(sign * value, unit), between=words.step_span(low, high, unit))
    return words(f"naming.{found}_by", sized=step)


def difference_cell(words: Words, found: str, value: float, interval: Interval, unit: str) -> str:
    """Return the same for a cell: `higher: +2.1 (0.4 to 3.8)`."""
    ends = words.step_span(interval.low, interval.high, unit)
    return words(
        "naming.cell", verdict=words(f"naming.{found}"), number=words.number(value, unit, sign=True), span=ends
    )


def _parts(choice: Choice, table: str, cohort: str) -> list[str]:
    names = choice.card.measures[choice.measure].tables[table].dimensions
    label = cohort_labels(choice.card, choice.measure, table)[cohort]
    return label.split(", ") if len(names) > 1 else [label]
