"""A measure of another product, for a page that shows it beside the chosen one."""

from analytics.periods import Period
from analytics.trends.estimation.not_compared import not_compared
from analytics.trends.publication.published import Published, Release, cohort_labels
from dashboard.reading.figures import EVERYONE, PEOPLE, Choice

_EVERYBODY_COUNTS = ("mood_bands", "days_logged", "source_mix")
"""Measures that include anyone who logged at least once in the period."""


def of_measure(published: Published, choice: Choice, measure: str) -> Choice | None:
    """Return a choice of `measure`: of the chosen release, else of the newest of another product that is not later.

    It is of the chosen group, or of all participants where the measure does not have that group.
    """
    if measure in choice.card.measures:
        return _same_group(choice, choice, measure)
    for product in published.products:
        for release in reversed(published.releases(product)):
            card = published.card(release)
            if release.last_day <= choice.release.last_day and measure in card.measures:
                return _same_group(Choice(product, release, card, measure, PEOPLE), choice, measure)
    return None


def counting(choice: Choice) -> Choice:
    """Return the number of people of the measure that includes everybody who logged, else of the chosen measure."""
    found = next((name for name in _EVERYBODY_COUNTS if name in choice.card.measures), choice.measure)
    return _same_group(choice, choice, found)


def is_compared(published: Published, choice: Choice, release: Release) -> bool:
    """Say whether the measure's figures of a release can be compared with those of other periods."""
    first = Period.parse(published.releases(choice.product)[0].period)
    looks_back = choice.card.measures[choice.measure].looks_back_weeks or 0
    return not not_compared(looks_back, Period.parse(release.period), first)


def _same_group(there: Choice, choice: Choice, measure: str) -> Choice:
    tables = there.card.measures[measure].tables
    if choice.table in tables and choice.cohort in cohort_labels(there.card, measure, choice.table):
        return there.of(measure, PEOPLE, choice.table, choice.cohort)
    return there.of(measure, PEOPLE) if EVERYONE in tables else there.of(measure, PEOPLE, *_first_group(there, measure))


def _first_group(there: Choice, measure: str) -> tuple[str, str]:
    table = next(iter(there.card.measures[measure].tables))
    return table, next(iter(cohort_labels(there.card, measure, table)))
