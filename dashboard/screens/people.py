"""Who is counted: how many people log over time, who they are, and how many others live there."""

import streamlit as st

from analytics.trends.publication.published import Published
from dashboard.charts.people import people_chart
from dashboard.reading.figures import Choice
from dashboard.screens import html
from dashboard.screens.choosing import address
from dashboard.screens.elements import show, show_chart
from dashboard.texts.words import Words
from dashboard.views.joiners import Part
from dashboard.views.people import people
from dashboard.views.represented import Coverage, Weighting
from dashboard.views.service import Service
from dashboard.views.source import source


def page(words: Words, published: Published, choice: Choice, service: Service) -> None:
    """Show who is counted; what depends on public sizes only where the release has them."""
    found = people(words, published, choice)
    show(html.heading(found.title, 1), *(html.paragraph(line, "mm-lead") for line in found.lead))
    show_chart(
        words, people_chart(words, found.over_time, source(words, choice, "people", service.facts.publisher or ""))
    )
    show(
        _part(words("people.heading.joiners"), found.joiners),
        _part(words("people.heading.stayers"), found.stayers),
        html.heading(words("people.heading.groups")),
        html.table(found.groups, address(), "mm-grid"),
        html.paragraph(found.withheld),
        _coverage(found.coverage),
        _part(words("people.heading.sources"), found.sources),
    )
    if found.coverage is not None and found.coverage.crossed:
        with st.expander(words("represented.crossed")):
            tables = [html.table(table, address()) for table in found.coverage.crossed if table.rows]
            show(*tables, html.paragraph(found.coverage.crossed_withheld))
    if found.weighting is not None:
        with st.expander(found.weighting.title):
            show(_weighting(found.weighting))


def _part(title: str, part: Part | None) -> str:
    if part is None:
        return ""
    tables = "".join(html.table(table, address()) for table in part.tables)
    return html.heading(title) + "".join(html.paragraph(line) for line in part.lines) + tables


def _coverage(found: Coverage | None) -> str:
    if found is None:
        return ""
    lines = "".join(html.paragraph(line) for line in found.lines)
    tables = "".join(html.table(table, address()) for table in found.tables if table.rows)
    return html.heading(found.title) + lines + tables + html.paragraph(found.withheld)


def _weighting(found: Weighting) -> str:
    parts = [html.paragraph(line) for line in found.lines]
    parts += [html.table(table, address()) for table in found.tables if table.rows]
    if found.weights is not None:
        text, weights = found.weights
        parts += [html.paragraph(text), html.table(weights, address())]
    return "".join(parts)
