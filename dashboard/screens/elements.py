"""Blocks that several pages show: text, tables, and a chart with its text, its table and its pictures."""

from collections.abc import Callable

import streamlit as st

from dashboard.charts.block import ChartBlock
from dashboard.charts.ink import DAY, NIGHT, Ink
from dashboard.charts.picture import as_csv, as_png, as_svg
from dashboard.screens import html
from dashboard.screens.choosing import address
from dashboard.texts.words import Words
from dashboard.views.blocks import Table


def show(*parts: str) -> None:
    """Show HTML that `dashboard.screens.html` made, in one element; nothing of nothing."""
    if any(parts):
        language = st.session_state.get("language", "en")  # a screen reader reads German in a German voice
        st.html(f'<div lang="{language}">{"".join(parts)}</div>')


def show_table(found: Table, kind: str = "") -> None:
    """Show a table; its links keep what was chosen."""
    show(html.table(found, address(), kind))


def show_chart(words: Words, block: ChartBlock, level: int = 2) -> None:
    """Show a chart under its title: how to read it, the chart, its table, and its pictures to download.

    At level 0 the page's own heading is the chart's title.
    """
    title = html.heading(block.title, level) if level else ""
    show(title, html.paragraph(block.reading, "mm-reading"))
    st.vega_lite_chart(spec=block.on(_ink()), alt=block.alt, key=f"chart-{block.stem}", theme=None)
    with st.expander(words("chart.table")):
        show_table(block.table)
        left, middle, right = st.columns(3)
        for place, kind, mime, made in (
            (left, "csv", "text/csv", as_csv),
            (middle, "svg", "image/svg+xml", as_svg),
            (right, "png", "image/png", as_png),
        ):
            place.download_button(
                words(f"chart.{kind}"),
                _made(made, block),
                f"{block.stem}.{kind}",
                mime,
                key=f"{kind}-{block.stem}",
                on_click="ignore",
            )


def _ink() -> Ink:
    return NIGHT if st.context.theme.type == "dark" else DAY


def _made(made: Callable[[ChartBlock], bytes], block: ChartBlock) -> Callable[[], bytes]:
    """Return what makes the file, called when it is asked for: a picture costs more than the page."""
    return lambda: made(block)
