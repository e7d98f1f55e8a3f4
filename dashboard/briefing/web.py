"""The briefing as one HTML file: no script, no outside request."""

from functools import cache

from jinja2 import Template

from analytics.templating import environment
from dashboard.briefing.content import Briefing
from dashboard.charts.picture import as_bare_svg


def as_html(briefing: Briefing) -> bytes:
    """Return the briefing as a page of its own; the same one gives the same bytes."""
    pictures = [(drawn, as_bare_svg(drawn.chart).decode()) for drawn in briefing.charts]
    return _template().render(it=briefing, pictures=pictures).encode()


@cache
def _template() -> Template:
    """Return the template, compiled once; every word is escaped, only our own pictures are not."""
    return environment("dashboard.briefing").get_template("briefing.html.j2")
