"""Summary: what a planner reads in one minute."""

from analytics.trends.publication.published import Published
from dashboard.pages import html
from dashboard.pages.choosing import address
from dashboard.pages.elements import show, show_table
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.service import Service
from dashboard.views.summary import Summary, summary


def page(words: Words, published: Published, choice: Choice, service: Service) -> None:  # noqa: ARG001
    """Show the first page."""
    found = summary(words, published, choice)
    show(html.heading(found.title, 1), html.paragraph(found.detail, "mm-lead"), html.cards(found.cards, address()))
    _reading(words, found)
    show(html.heading(words("summary.heading.grid")))
    show_table(found.grid, "mm-grid")
    if found.withheld:
        show(html.paragraph(words("grid.withheld", groups="; ".join(found.withheld))))


def _reading(words: Words, found: Summary) -> None:
    blocks = (
        (words("summary.heading.sure"), found.sure),
        (words("summary.heading.counted"), found.counted),
        (words("summary.heading.do"), found.do),
        (words("summary.heading.do_not"), found.do_not),
    )
    columns = "".join(f"<section>{html.heading(title)}{html.listing(lines)}</section>" for title, lines in blocks)
    show(f'<div class="mm-columns">{columns}</div>')
