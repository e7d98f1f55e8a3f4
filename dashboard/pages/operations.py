"""Operations: releases, what is due or late, what is not shown, and how much of each year's limit is left."""

from datetime import UTC, date, datetime

from analytics.trends.publication.published import Published
from dashboard.pages import html
from dashboard.pages.choosing import address
from dashboard.pages.elements import show
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.blocks import Table
from dashboard.views.operations import operations
from dashboard.views.service import Service


def today() -> date:
    """Return the day by which a release is judged late, in UTC as the days of the releases are."""
    return datetime.now(UTC).date()


def page(words: Words, published: Published, choice: Choice, service: Service) -> None:  # noqa: ARG001
    """Show the page: it is about all series, whatever is chosen."""
    found = operations(words, published, service.facts, today())
    show(
        html.heading(found.title, 1),
        html.paragraph(found.as_of),
        html.heading(words("operations.heading.releases")),
        html.table(found.releases, address()),
        html.heading(words("operations.heading.late")),
        _table_or(found.late, found.late_none),
        html.heading(words("operations.heading.not_shown")),
        _table_or(found.not_shown, found.not_shown_none),
        html.heading(words("operations.heading.budget")),
        html.table(found.budget, address()),
        html.heading(words("operations.heading.parts")),
        html.table(found.parts, address()),
    )


def _table_or(found: Table | None, instead: str) -> str:
    return html.paragraph(instead) if found is None else html.table(found, address())
