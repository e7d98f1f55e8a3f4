"""What can be chosen of what is published, by its public codes: `mood_bands.low_share`, `region.north`."""

from analytics.errors import UsageError
from analytics.trends.publication.published import Card, Published, cohort_labels
from dashboard.reading.figures import EVERYONE, Choice

_KINDS = ("share", "mean", "people")
"""The order in which the figures of a measure are offered."""


def figure_code(choice: Choice) -> str:
    """Return the chosen figure as an address has it: `mood_bands.low_share`."""
    return f"{choice.measure}.{choice.headline}"


def group_code(table: str, cohort: str) -> str:
    """Return a group as an address has it: `region.north`; `all` for all participants."""
    return EVERYONE if table == EVERYONE else f"{table}.{cohort}"


def figures_of(card: Card) -> dict[str, tuple[str, str]]:
    """Return measure and headline of every figure by code, in the order in which they are offered."""
    return {
        f"{measure}.{headline}": (measure, headline)
        for measure, about in card.measures.items()
        for headline in sorted(about.headlines, key=lambda name: _KINDS.index(about.headlines[name].kind))
    }


def groups_of(card: Card, measure: str) -> dict[str, tuple[str, str]]:
    """Return table and cohort of every group of a measure by code, in the order of the grid."""
    return {
        group_code(table, cohort): (table, cohort)
        for table in card.measures[measure].tables
        for cohort in cohort_labels(card, measure, table)
    }


def choice_of(published: Published, product: str, period: str, figure: str, group: str) -> Choice:
    """Return a choice by its codes; an empty one takes the first product, the newest period, the first figure, all.

    Raises:
        UsageError: if a code is none of those that are published.
    """
    product = _one_of("product", product, list(published.products))
    releases = {release.period: release for release in published.releases(product)[::-1]}
    release = releases[_one_of("period", period, list(releases))]
    card = published.card(release)
    figures = figures_of(card)
    measure, headline = figures[_one_of("figure", figure, list(figures))]
    groups = groups_of(card, measure)
    table, cohort = groups[_one_of("group", group, list(groups))]
    return Choice(product, release, card, measure, headline, table, cohort)


def _one_of(name: str, code: str, offered: list[str]) -> str:
    """Return the code, or the first that is offered if it is empty."""
    if not code:
        return offered[0]
    if code not in offered:
        several = ", ".join(offered) if len(offered) <= _NAMED else f"{', '.join(offered[:_NAMED])}, …"
        message = f"No such {name} is published."
        raise UsageError(message, f"Choose one of these: {several}.")
    return code


_NAMED = 20
"""The most codes that a refusal names."""
