"""Patterns, for a clinician in two minutes: a card for each measure, then one measure with what its numbers mean."""

from dataclasses import dataclass

from analytics.trends.publication.published import Published
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Link
from dashboard.views.one_pattern import OnePattern, one_pattern
from dashboard.views.pattern_cards import PatternCard, cards
from dashboard.views.shown import OfGroup


@dataclass(frozen=True)
class Patterns:
    """The page."""

    title: str
    not_your_patient: str
    elsewhere: tuple[Link, str] | None
    """The product with more patterns and its words, where the chosen one has fewer."""
    cards: tuple[PatternCard, ...]
    untested: str
    """Why some were not looked at for changes; empty where all were."""
    withheld: str
    """The measures without a figure for the chosen group, in one line; empty where there is none."""
    chosen: OnePattern


def patterns(words: Words, published: Published, choice: Choice) -> Patterns:
    """Return the page for the chosen product, group and figure."""
    group = OfGroup.read(published, choice)
    found = cards(words, published, group)
    names = "; ".join(found.withheld)
    return Patterns(
        title=words(
            "patterns.title",
            product=words.label(choice.card.product.label),
            group=naming.among(words, choice),
            days=words.days(choice.release.first_day, choice.release.last_day),
        ),
        not_your_patient=words("patterns.not_your_patient"),
        elsewhere=_elsewhere(words, published, choice),
        cards=found.cards,
        untested=words("summary.history_needed")
        if any(one.state == "too_little_history" for one in found.cards)
        else "",
        withheld=words("patterns.withheld", group=naming.among(words, choice), measures=names) if names else "",
        chosen=one_pattern(words, group),
    )


def _elsewhere(words: Words, published: Published, choice: Choice) -> tuple[Link, str] | None:
    """Return the product with the most measures, if the chosen one has fewer."""
    sizes = {name: len(published.card(published.latest(name)).measures) for name in published.products}
    most = max(sizes, key=lambda name: sizes[name])
    if sizes[most] <= len(choice.card.measures):
        return None
    label = words.label(published.products[most])
    return Link("patterns", (("product", most),)), words("patterns.elsewhere", product=label)
