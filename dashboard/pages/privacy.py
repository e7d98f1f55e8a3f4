"""Privacy and leaving: what a participant reads first comes first."""

import streamlit as st

from analytics.trends.publication.published import Published
from dashboard.pages import html
from dashboard.pages.elements import show, show_table
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.privacy import privacy
from dashboard.views.service import Service

NOTICE_NAME = "notice.html"


def page(words: Words, published: Published, choice: Choice, service: Service) -> None:
    """Show the page."""
    found = privacy(words, published, choice, service.facts)
    show(
        html.heading(found.title, 1),
        html.paragraph(found.lead, "mm-lead"),
        html.listing(found.kept),
        html.heading(words("privacy.heading.leave")),
        html.listing(found.leaving),
        html.heading(words("privacy.heading.notice")),
        html.paragraph(found.notice),
    )
    if found.notice_file is not None:
        st.download_button(
            words("privacy.notice.file"),
            found.notice_file,
            NOTICE_NAME,
            "text/html",
            key="notice",
            on_click="ignore",
        )
    show(html.heading(words("privacy.heading.odds")), *(html.paragraph(line) for line in found.odds))
    if found.odds_table is not None:
        show_table(found.odds_table)
    show(
        html.paragraph(found.grows),
        html.heading(words("privacy.heading.limit")),
        html.paragraph(found.limit),
        html.meter(found.used, found.used_words),
        html.heading(words("privacy.heading.not_protected")),
        html.listing(found.not_protected),
        html.heading(words("privacy.heading.complain")),
        html.listing(found.complain),
    )
    with st.expander(words("privacy.heading.experts")):
        show(html.listing(found.experts))
