"""To be written."""

from analytics.trends.publication.published import Published
from dashboard.pages import html
from dashboard.pages.elements import show
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words


def page(words: Words, published: Published, choice: Choice) -> None:  # noqa: ARG001
    """Show the page."""
    show(html.heading(words("page.privacy"), 1))
