"""Methods and downloads: what the figures mean, how they are made, and their files."""

from functools import partial

import streamlit as st

from analytics.trends.publication.published import Published
from dashboard.pages import html
from dashboard.pages.choosing import address
from dashboard.pages.elements import show
from dashboard.reading.downloads import FORMS, release_file, trend_file
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.blocks import Table
from dashboard.views.definitions import Definition
from dashboard.views.methods import Methods, methods
from dashboard.views.service import Service

_MIME = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_FIRST = 2
"""Tables with buttons of their own; the others wait in a box."""


def page(words: Words, published: Published, choice: Choice, service: Service) -> None:
    """Show the page."""
    found = methods(words, published, choice, service.facts)
    show(html.heading(found.title, 1), _definition(found.chosen))
    if found.others:
        with st.expander(words("methods.others", product=words.label(choice.card.product.label))):
            show(*(_definition(one) for one in found.others))
    show(
        '<div class="mm-columns">',
        f"<section>{html.heading(words('methods.heading.can'))}{html.listing(found.can)}</section>",
        f"<section>{html.heading(words('methods.heading.cannot'))}{html.listing(found.cannot)}</section></div>",
        html.heading(words("methods.heading.how")),
        *(
            html.heading(one.title, 3) + html.listing(one.sentences) + html.paragraph(one.more, "mm-reading")
            for one in found.how
        ),
    )
    _downloads(words, published, choice, found)
    show(
        html.heading(words("methods.heading.cite")),
        html.paragraph(found.citation, "mm-cite"),
        html.listing(found.identity, "mm-cite"),
        html.heading(words("methods.heading.revisions")),
        _table_or(found.revisions, words("methods.revisions.none")),
        html.heading(words("methods.heading.calendar")),
        _table_or(found.calendar, words("methods.calendar.not_stated")),
        html.heading(words("methods.heading.faults")),
        _table_or(
            found.faults, words("methods.faults.none" if service.facts.is_known else "methods.faults.not_stated")
        ),
        html.heading(words("methods.heading.terms")),
        html.table(found.glossary, address()),
    )


def _definition(one: Definition) -> str:
    return "".join(
        (
            html.heading(one.label, 2),
            html.paragraph(one.definition),
            html.paragraph(one.included),
            html.paragraph(one.looks_back),
            html.table(one.figures, address()),
        )
    )


def _downloads(words: Words, published: Published, choice: Choice, found: Methods) -> None:
    """Offer the files; each is made when it is asked for."""
    days = words.days(choice.release.first_day, choice.release.last_day)
    show(html.heading(words("methods.heading.files")), html.paragraph(words("methods.files", days=days)))
    st.download_button(
        found.trend_label,
        partial(trend_file, published, choice),
        found.trend_name,
        _MIME["csv"],
        key="csv-trend",
        on_click="ignore",
    )
    _table_buttons(words, published, choice, found, slice(None, _FIRST))
    with st.expander(words("methods.other_tables")):
        _table_buttons(words, published, choice, found, slice(_FIRST, None))
    show(html.paragraph(words("methods.hashes")))


def _table_buttons(words: Words, published: Published, choice: Choice, found: Methods, part: slice) -> None:
    for name, label in found.files[part]:
        for place, form in zip(st.columns(len(FORMS)), FORMS, strict=True):
            place.download_button(
                words(f"methods.as_{form}", table=label),
                partial(release_file, published, choice.release, name, form),
                f"{found.stem}-{name}.{form}",
                _MIME[form],
                key=f"{form}-{name}",
                on_click="ignore",
            )


def _table_or(found: Table | None, instead: str) -> str:
    return html.paragraph(instead) if found is None else html.table(found, address())
