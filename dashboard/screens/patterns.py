"""Patterns: what a clinician reads in two minutes, about a group and never about one patient."""

from html import escape

from analytics.trends.publication.published import Published
from dashboard.charts.profile import profile_chart
from dashboard.reading.figures import Choice
from dashboard.screens import html
from dashboard.screens.choosing import address
from dashboard.screens.elements import show, show_chart
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.one_pattern import OnePattern
from dashboard.views.pattern_cards import PatternCard
from dashboard.views.patterns import Patterns, patterns
from dashboard.views.profile import Profile
from dashboard.views.service import Service
from dashboard.views.source import source


def page(words: Words, published: Published, choice: Choice, service: Service) -> None:
    """Show the cards of every measure, then the chosen one."""
    found = patterns(words, published, choice)
    show(
        html.heading(found.title, 1),
        html.paragraph(found.not_your_patient, "mm-notice"),
        _elsewhere(found),
        _below(words, found.chosen),
        html.heading(words("patterns.cards")),
        _cards(words, found.cards),
        html.paragraph(found.untested),
        html.paragraph(found.withheld),
    )
    _measure(words, choice, found.chosen, service.facts.publisher or "")


def _measure(words: Words, choice: Choice, one: OnePattern, publisher: str) -> None:
    """Show one measure; where it has a chart against chance, the chart's title says what can be concluded."""
    show(
        html.heading(one.label, name=one.measure),
        "" if one.profile else html.listing(one.conclusions, "mm-lead"),
        *(html.paragraph(text) for text in one.about),
    )
    if one.profile:
        profile = Profile(
            title=" ".join(one.conclusions),
            about=f"{one.label} {naming.among(words, choice)}",
            points=one.profile,
        )
        show_chart(words, profile_chart(words, profile, source(words, choice, one.measure, publisher)), 3)
    show(
        html.table(one.figures, address(), "mm-grid"),
        html.heading(words("patterns.mean"), 3) if one.means else "",
        html.listing(one.means),
        html.heading(words("patterns.sure_title"), 3),
        html.listing(one.sure),
    )


def _below(words: Words, one: OnePattern) -> str:
    text = escape(words("patterns.below", measure=one.label))
    return f'<p><a href="#{escape(one.measure)}">{text}</a></p>'


def _elsewhere(found: Patterns) -> str:
    if found.elsewhere is None:
        return ""
    link, text = found.elsewhere
    return f"<p>{html.link(link, text, address())}</p>"


def _cards(words: Words, cards: tuple[PatternCard, ...]) -> str:
    return f'<ul class="mm-patterns">{"".join(_card(words, one) for one in cards)}</ul>' if cards else ""


def _card(words: Words, one: PatternCard) -> str:
    lines = "".join(html.paragraph(line) for line in one.lines)
    chosen = f" ({escape(words('patterns.chosen'))})" if one.is_chosen else ""
    return (
        f"<li><h3>{html.link(one.link, one.label, address())}{chosen}</h3>{lines}"
        f'<p class="mm-state" data-state="{one.state}">{escape(one.change)}</p></li>'
    )
