"""Trends: one group over time, and all groups of a table in small."""

import streamlit as st

from analytics.trends.publication.published import Published
from dashboard.charts.multiples import multiples_block
from dashboard.charts.trend import trend_block
from dashboard.reading.figures import Choice
from dashboard.screens import html
from dashboard.screens.choosing import grouping_box, named
from dashboard.screens.elements import show, show_chart, show_table
from dashboard.texts.words import Words
from dashboard.views.service import Service
from dashboard.views.source import source_line
from dashboard.views.trends import trends


def page(words: Words, published: Published, choice: Choice, service: Service) -> None:
    """Show the page."""
    found = trends(words, published, choice, named("by"), service.facts.notes_for(choice.product))
    source = source_line(words, choice, service.facts.publisher or "")
    show(html.heading(found.title, 1), html.paragraph(found.detail, "mm-lead"))
    if found.line.shown or found.line.modelled:
        show_chart(words, trend_block(words, choice, found, source), level=0)
    show("".join(html.paragraph(line) for line in found.below))
    if found.outlook is not None:
        with st.expander(words("trends.heading.outlook")):
            show(html.paragraph(found.outlook.sentence))
            show_table(found.outlook.table)
    if found.panels is not None:
        grouping_box(words, choice, words("trends.choose_by"), found.by)
        show_chart(words, multiples_block(words, choice, found.panels, source))
        show(html.paragraph(found.panels.hint), html.paragraph(found.panels.withheld))
