"""Groups: each against everybody else, two of them against one another, and a map where there is one."""

import streamlit as st

from analytics.trends.publication.published import Published
from dashboard.charts.comparison import comparison_block, drawn_groups
from dashboard.charts.map import map_block
from dashboard.reading.figures import Choice
from dashboard.screens import html
from dashboard.screens.choosing import grouping_box, named, order_toggle
from dashboard.screens.elements import show, show_chart
from dashboard.texts.words import Words
from dashboard.views.groups import Groups, groups, pair_sentence
from dashboard.views.service import Service
from dashboard.views.source import source_line


def page(words: Words, published: Published, choice: Choice, service: Service) -> None:
    """Show the page."""
    found = groups(words, published, choice, named("by"), named("order"))
    if found is None:
        show(html.heading(words("page.groups"), 1), html.paragraph(words("groups.no_table")))
        return
    source = source_line(words, choice, service.facts.publisher or "")
    show(html.heading(found.title, 1), *(html.paragraph(line, "mm-lead") for line in found.lines))
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        grouping_box(words, choice, words("groups.choose_by"), found.by)
    with right:
        order_toggle(words("groups.by_value"), is_on=found.order == "value")
    if found.groups:
        show_chart(words, comparison_block(words, choice, found, source), level=0)
        shown = len(drawn_groups(found))
        if shown < len(found.groups):
            values = {"shown": words.whole(shown), "all": words.whole(len(found.groups))}
            show(html.paragraph(words("groups.many", **values)))
    show("".join(html.paragraph(line) for line in found.below))
    if found.instead:
        with st.expander(words("fallback.heading", count=words.whole(len(found.instead)))):
            show(html.listing(found.instead))
    _pair(words, published, choice, found)
    shapes = service.facts.maps.get(found.by, ())
    if (block := map_block(words, choice, found, shapes, source)) is not None:
        show_chart(words, block)


def _pair(words: Words, published: Published, choice: Choice, found: Groups) -> None:
    """Let the reader choose two groups; nothing is chosen at first."""
    if len(found.pair_names) < 2:  # noqa: PLR2004 -- a pair has two
        return
    show(html.heading(words("groups.heading.pair")))
    left, right = st.columns(2)
    name = found.pair_names.__getitem__
    hint = words("groups.pair_choose")
    one = left.selectbox(
        words("groups.pair_one"),
        list(found.pair_names),
        index=None,
        format_func=name,
        placeholder=hint,
        key=f"pair-{found.by}",
    )
    others = [cohort for cohort in found.pair_names if cohort != one]
    other = right.selectbox(
        words("groups.pair_other"), others, index=None, format_func=name, placeholder=hint, key=f"with-{found.by}"
    )
    if one is not None and other is not None:
        show(html.paragraph(pair_sentence(words, published, choice, found.by, (one, other)), "mm-lead"))
