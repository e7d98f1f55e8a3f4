"""To be written."""

from analytics.trends.publication.published import Published
from dashboard.pages import html
from dashboard.pages.elements import show
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.facts import NOTHING_KNOWN, Facts


def page(words: Words, published: Published, choice: Choice, facts: Facts = NOTHING_KNOWN) -> None:  # noqa: ARG001
    """Show the page."""
    show(html.heading(words("page.operations"), 1))
