"""Summary: what a planner reads in one minute."""

import streamlit as st

from analytics.trends.publication.published import Published
from dashboard.pages import html
from dashboard.pages.choosing import address
from dashboard.pages.elements import show, show_table
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.blocks import Card
from dashboard.views.summary import Summary, summary


def page(words: Words, published: Published, choice: Choice) -> None:
    """Show the first page."""
    found = summary(words, published, choice)
    show(html.heading(found.title, 1), html.paragraph(found.detail, "mm-lead"))
    for place, card in zip(st.columns(len(found.cards)), found.cards, strict=True):
        with place:
            show_card(card)
    _reading(words, found)
    show(html.heading(words("summary.heading.grid")))
    show_table(found.grid, "mm-grid")
    if found.withheld:
        show(html.paragraph(words("grid.withheld", groups="; ".join(found.withheld))))


def show_card(card: Card) -> None:
    """Show one figure in large letters, with its interval, its small line, and since when it changes."""
    st.metric(
        card.label,
        card.value,
        delta=card.interval or None,
        delta_color="off",
        delta_arrow="off",
        border=True,
        chart_data=list(card.points) if len(card.points) > 1 else None,
        chart_type="line",
    )
    show(f"<p>{html.link(card.link, card.change, address()) if card.link else html.escape(card.change)}</p>")


def _reading(words: Words, found: Summary) -> None:
    blocks = (
        (words("summary.heading.sure"), found.sure),
        (words("summary.heading.counted"), found.counted),
        (words("summary.heading.do"), found.do),
        (words("summary.heading.do_not"), found.do_not),
    )
    columns = "".join(f"<section>{html.heading(title)}{html.listing(lines)}</section>" for title, lines in blocks)
    show(f'<div class="mm-columns">{columns}</div>')
