"""The frame of every page: navigation, what the reader chooses, who publishes, and where help is."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import streamlit as st

from analytics.trends.publication.published import Published
from dashboard.pages import groups, html, methods, operations, patterns, people, privacy, summary, trends
from dashboard.pages.choosing import address, choose, chosen_language, language_box
from dashboard.pages.elements import show
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.service import Service, help_line

Show = Callable[[Words, Published, Choice], None]

PAGES: Mapping[str, Show] = {
    "summary": summary.page,
    "trends": trends.page,
    "groups": groups.page,
    "patterns": patterns.page,
    "people": people.page,
    "privacy": privacy.page,
    "methods": methods.page,
    "operations": operations.page,
}
"""In the order of the navigation; the names are those of the addresses."""
FIRST = "summary"
"""The page that an address without a name shows."""


def show_page(published: Published, service: Service) -> None:
    """Show the page that the address names, with all that every page has."""
    words = Words(chosen_language(service.language))
    st.html(Path(__file__).with_name("style.css"))
    pages = {
        name: st.Page(partial(_draw, name), title=words(f"page.{name}"), url_path=name, default=name == FIRST)
        for name in PAGES
    }
    current = st.navigation(list(pages.values()), position="hidden")
    with st.sidebar:
        for name, page in pages.items():
            st.page_link(page, label=words(f"page.{name}"), query_params=address())
        choice = choose(words, published)
        language_box(words)
    head(words, service, choice)
    st.session_state["drawn"] = (words, published, choice)
    current.run()
    foot(words, service)


def without_figures(service: Service, key: str, **values: object) -> None:
    """Say why there is no figure, what to do, and where help is."""
    words = Words(chosen_language(service.language))
    st.html(Path(__file__).with_name("style.css"))
    head(words, service, None)
    show(html.heading(words("frame.no_figures"), 1), html.paragraph(words(key, **values)))
    foot(words, service)


def _draw(name: str) -> None:
    words, published, choice = st.session_state["drawn"]
    PAGES[name](words, published, choice)


def head(words: Words, service: Service, choice: Choice | None) -> None:
    """Say whose figures these are, of when, and where help is."""
    facts = []
    if choice is not None:
        facts.append(words.label(choice.card.product.label))
        facts.append(words.days(choice.release.first_day, choice.release.last_day))
    if service.publisher:
        facts.append(words("frame.by", publisher=service.publisher))
    if service.published_on:
        facts.append(words("frame.published", day=words.day(service.published_on)))
    if service.next_on:
        facts.append(words("frame.next", day=words.day(service.next_on)))
    demo = html.paragraph(words("frame.demo"), "mm-demo") if service.is_demo else ""
    status = f'<p role="status" class="mm-facts">{" · ".join(html.escape(fact) for fact in facts)}</p>'
    show(f"{demo}{html.paragraph(help_line(words, service), 'mm-help')}{status}")


def foot(words: Words, service: Service) -> None:
    """Say that the figures are about no one person, and where help is."""
    show(
        f"<footer>{html.paragraph(words('frame.group'))}{html.paragraph(help_line(words, service), 'mm-help')}</footer>"
    )
