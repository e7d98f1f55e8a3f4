"""Patterns: what a clinician reads in two minutes, about a group and never about one patient."""

import streamlit as st

from analytics.trends.publication.published import Published
from dashboard.charts.profile import DARK_INK, INK, profile_chart
from dashboard.pages import html
from dashboard.pages.choosing import address
from dashboard.pages.elements import show, show_chart
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.one_pattern import OnePattern
from dashboard.views.pattern_cards import PatternCard
from dashboard.views.patterns import Patterns, patterns


def page(words: Words, published: Published, choice: Choice) -> None:
    """Show the cards of every measure, then the chosen one."""
    found = patterns(words, published, choice)
    show(
        html.heading(found.title, 1),
        html.paragraph(found.not_your_patient, "mm-notice"),
        _elsewhere(found),
        f'<p><a href="#{html.escape(found.chosen.measure)}">{html.escape(words("patterns.below", measure=found.chosen.label))}</a></p>',
        html.heading(words("patterns.cards")),
        _cards(words, found.cards),
        html.paragraph(found.untested),
        html.paragraph(found.withheld),
    )
    _measure(words, choice, found.chosen)


def _measure(words: Words, choice: Choice, one: OnePattern) -> None:
    show(
        html.heading(one.label, name=one.measure),
        html.listing(one.conclusions, "mm-lead"),
        *(html.paragraph(text) for text in one.about),
        html.table(one.figures, address(), "mm-grid"),
        html.heading(words("patterns.mean"), 3) if one.means else "",
        html.listing(one.means),
    )
    if one.profile:
        title = words("patterns.line", figure=one.label, value=" ".join(one.conclusions))
        about = f"{one.label} {naming.among(words, choice)}"
        stem = f"{choice.release.name.replace('/', '-')}-{one.measure}-{choice.table}-{choice.cohort.replace('/', '-')}"
        show_chart(words, profile_chart(words, title, about, one.profile, _source(words, choice), ink(), stem), 3)
    show(html.heading(words("patterns.sure_title"), 3), html.listing(one.sure))


def _elsewhere(found: Patterns) -> str:
    if found.elsewhere is None:
        return ""
    link, text = found.elsewhere
    return f"<p>{html.link(link, text, address())}</p>"


def _cards(words: Words, cards: tuple[PatternCard, ...]) -> str:
    return f'<ul class="mm-cards">{"".join(_card(words, one) for one in cards)}</ul>' if cards else ""


def _card(words: Words, one: PatternCard) -> str:
    lines = "".join(html.paragraph(line) for line in one.lines)
    chosen = f" ({html.escape(words('patterns.chosen'))})" if one.is_chosen else ""
    return (
        f"<li><h3>{html.link(one.link, one.label, address())}{chosen}</h3>{lines}"
        f'<p class="mm-state" data-state="{one.state}">{html.escape(one.change)}</p></li>'
    )


def _source(words: Words, choice: Choice) -> str:
    """Return whose figures a picture shows, and of when."""
    days = words.days(choice.release.first_day, choice.release.last_day)
    return words(
        "patterns.source", product=words.label(choice.card.product.label), group=naming.among(words, choice), days=days
    )


def ink() -> str:
    """Return the colour of the page's letters."""
    return DARK_INK if st.context.theme.type == "dark" else INK
