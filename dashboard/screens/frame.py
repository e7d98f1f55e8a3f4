"""The frame of every page: navigation, what the reader chooses, who publishes, and where help is."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import streamlit as st

from analytics.trends.publication.published import Published
from dashboard.reading.figures import Choice
from dashboard.screens import groups, html, methods, operations, patterns, people, privacy, summary, trends
from dashboard.screens.choosing import address, choose, chosen_language, language_box, replaced
from dashboard.screens.elements import show
from dashboard.server.access import Visitor
from dashboard.texts.words import Words
from dashboard.views.blocks import Link
from dashboard.views.service import Service, help_line

Show = Callable[[Words, Published, Choice, Service], None]

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
BARE = "bare"
"""What Streamlit calls that page; no address has it."""


def show_page(published: Published, service: Service, visitor: Visitor) -> None:
    """Show the page that the address names, with all that every page has; no page that the visitor may not read."""
    words = Words(chosen_language(service.language))
    st.html(Path(__file__).with_name("style.css"))
    first = FIRST if FIRST in visitor.pages else visitor.pages[0]
    pages = {
        name: st.Page(partial(_draw, name), title=words(f"page.{name}"), url_path=name)
        for name in PAGES
        if name in visitor.pages
    }
    # Streamlit knows its first page by the bare address alone: by its own name it would be a page that is not there.
    bare = st.Page(partial(_draw, first), title=words(f"page.{first}"), url_path=BARE, default=True)
    current = st.navigation([bare, *pages.values()], position="hidden")
    if current != pages[first]:
        pages[first] = bare
    name = next(name for name, page in pages.items() if page == current)
    st.set_page_config(page_title=words("page.title", page=words(f"page.{name}")))
    with st.sidebar:
        for name, page in pages.items():
            st.page_link(page, label=words(f"page.{name}"), query_params=address())
        choice = choose(words, published)
        language_box(words)
        _sign_in(words, visitor)
    head(words, service, choice)
    _damaged(words, published, choice)
    show(html.paragraph(replaced(words, choice), "mm-warning"))
    st.session_state["drawn"] = (words, published, choice, service)
    current.run()
    foot(words, service)


def _sign_in(words: Words, visitor: Visitor) -> None:
    """Show the button that the visitor needs, if there is a sign-in."""
    if visitor.button == "sign_in":
        show(html.paragraph(words("frame.sign_in_for_figures")))
    if visitor.button:
        st.button(words(f"frame.{visitor.button}"), on_click=st.login if visitor.button == "sign_in" else st.logout)


def _damaged(words: Words, published: Published, choice: Choice) -> None:
    """Say which periods of the chosen series cannot be shown, since their files are damaged."""
    periods = [words.days(it.first_day, it.last_day) for it in published.damaged if it.product == choice.product]
    if periods:
        show(html.paragraph(words("frame.damaged_periods", periods=words.listed(periods)), "mm-warning"))


def without_figures(service: Service, key: str, **values: object) -> None:
    """Say why there is no figure, what to do, and where help is."""
    words = Words(chosen_language(service.language))
    st.html(Path(__file__).with_name("style.css"))
    head(words, service, None)
    show(html.heading(words("frame.no_figures"), 1), html.paragraph(words(key, **values)))
    foot(words, service)


def _draw(name: str) -> None:
    PAGES[name](*st.session_state["drawn"])


def head(words: Words, service: Service, choice: Choice | None) -> None:
    """Name the service, the period and its dates, and say where help is."""
    known = service.facts
    facts: list[str] = []
    if choice is not None:
        release = choice.release
        facts += [words.label(choice.card.product.label), words.days(release.first_day, release.last_day)]
        drawn = known.drawn_on(release.product, release.period, release.revision)
        coming = known.next_on(release.product)
        facts += [words("frame.published", day=words.day(drawn, release.last_day))] if drawn else []
        facts += [words("frame.next", day=words.day(coming, release.last_day))] if coming else []
    facts += [words("frame.by", publisher=known.publisher)] if known.publisher else []
    show(
        html.paragraph(words("frame.demo"), "mm-demo") if known.is_demo else "",
        html.paragraph(help_line(words, service), "mm-help"),
        html.paragraph(words("frame.facts_damaged"), "mm-warning") if known.is_damaged else "",
        html.status(facts),
    )


def foot(words: Words, service: Service) -> None:
    """Say that the figures are about no one person, and where help is."""
    leaving = html.link(Link("privacy", ()), words("frame.privacy"), address())
    said = html.paragraph(words("frame.group")) + html.paragraph(help_line(words, service), "mm-help")
    show(f"<footer>{said}<p>{leaving}</p></footer>")
