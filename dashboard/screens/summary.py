"""Summary: what a planner reads in one minute."""

import streamlit as st

from analytics.trends.publication.published import Published
from dashboard.briefing import as_pdf, briefing_of
from dashboard.reading.figures import Choice
from dashboard.screens import html
from dashboard.screens.choosing import address
from dashboard.screens.elements import show, show_table
from dashboard.texts.words import Words
from dashboard.views.service import Service
from dashboard.views.summary import Summary, summary


def page(words: Words, published: Published, choice: Choice, service: Service) -> None:
    """Show the first page."""
    found = summary(words, published, choice)
    show(html.heading(found.title, 1), html.paragraph(found.detail, "mm-lead"), html.cards(found.cards, address()))
    _reading(words, found)
    show_table(found.grid, "mm-grid")
    st.download_button(
        words("briefing.button"),
        lambda: as_pdf(briefing_of(words, published, choice, service)),
        f"{choice.release.name.replace('/', '-')}-briefing.pdf",
        "application/pdf",
        key="briefing",
        on_click="ignore",
    )
    if found.withheld:
        show(html.paragraph(words("grid.withheld", groups="; ".join(found.withheld))))


def _reading(words: Words, found: Summary) -> None:
    blocks = (
        (words("summary.heading.sure"), found.sure),
        (words("summary.heading.counted"), found.counted),
        (words("summary.heading.do"), found.do),
        (words("summary.heading.do_not"), found.do_not),
    )
    columns = "".join(f"<section>{html.heading(title)}{html.listing(lines)}</section>" for title, lines in blocks)
    show(f'<div class="mm-columns">{columns}</div>')
