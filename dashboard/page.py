"""The one page, top to bottom, in each of its states."""

from collections.abc import Iterator

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.errors import StoreDamagedError
from analytics.trends.publication.published import Published, Release
from analytics.wording import days
from dashboard import charts, modelled, notes, panels, promise, represented
from dashboard.figures import Choice

_KINDS = ("share", "mean", "people")
"""The order in which headlines are offered."""


def introduction() -> None:
    """Say where help is, what this is and whom it is about."""
    st.title("Mood trends", anchor=False)
    st.markdown(promise.help_line())
    st.markdown(notes.ABOUT)


def empty_page() -> None:
    """Say that nothing is published, and what to do."""
    st.info(notes.NOTHING_YET)
    promise.can_panel()
    promise.help_panel()


def damaged_page(error: StoreDamagedError) -> None:
    """Say that the published files cannot be trusted; no figure is shown."""
    introduction()
    st.error(f"The published files are damaged, so we show no figure. {error.message} {error.action}")
    promise.help_panel()


def release_page(published: Published) -> None:
    """Show one release, as the reader chooses it."""
    choice = _choose(published)
    ink = charts.LIGHT_INK if st.context.theme.type == "dark" else charts.DARK_INK
    revised = f", revision {choice.release.revision}" if choice.release.revision else ""
    st.markdown(f"{choice.card.product.label}, {days(choice.release.first_day, choice.release.last_day)}{revised}")
    if panels.nearly_all_withheld(published, choice):
        more = f" {notes.SMALL_PLAN}" if choice.cadence == "week" else ""
        st.warning(notes.NEARLY_ALL_WITHHELD + more)
    panels.headline(published, choice)
    panels.signals_panel(published, choice)
    st.header("How it changes", anchor=False)
    table, cohort = panels.trend_panel(published, choice, ink)
    if choice.groupings:
        st.header("How groups compare", anchor=False)
        modelled.modelled_panel(published, choice, panels.comparison_panel(published, choice, ink))
    panels.who_panel(published, choice)
    represented.represented_panel(published, choice)
    promise.promise_panel(choice)
    promise.can_panel()
    promise.download_panel(published, choice, table, cohort)
    promise.help_panel()


def _choose(published: Published) -> Choice:
    """Let the reader choose product, period, measure and figure; there is no box for a single one."""
    products = published.products
    product = next(iter(products))
    boxes = _boxes()
    if len(products) > 1:
        product = next(boxes).selectbox("Product", list(products), format_func=products.__getitem__, key="product")
    releases = published.releases(product)[::-1]
    release = next(boxes).selectbox("Period", releases, format_func=_release_label, key=f"period-{product}")
    card = published.card(release)
    measures = {name: about.label for name, about in card.measures.items()}
    measure = next(iter(measures))
    if len(measures) > 1:
        box = next(boxes)
        measure = box.selectbox("Measure", list(measures), format_func=measures.__getitem__, key=f"measure-{product}")
    result = card.measures[measure].headlines
    headlines = {
        name: about.label for name, about in sorted(result.items(), key=lambda pair: _KINDS.index(pair[1].kind))
    }
    headline = next(boxes).selectbox(
        "Figure", list(headlines), format_func=headlines.__getitem__, key=f"figure-{product}-{measure}"
    )
    return Choice(product, release, card, measure, headline)


def _boxes() -> Iterator[DeltaGenerator]:
    """Yield places for boxes, two in a row, row after row."""
    while True:
        yield from st.columns(2)


def _release_label(release: Release) -> str:
    return days(release.first_day, release.last_day)
