"""A chart with everything that belongs to it."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

from altair import Chart, LayerChart, TitleParams

from dashboard.charts.ink import DAY, AnyChart, Ink, Rows, inked
from dashboard.views.blocks import Table

_TITLE_LETTERS, _SOURCE_LETTERS = 74, 108
"""How long a line inside a picture may be, at its letters' size and the picture's width."""
_PICTURE_PIXELS = 760


@dataclass(frozen=True)
class ChartBlock:
    """A chart, the words around it, and its numbers."""

    title: str
    """What it shows, as a sentence."""
    reading: str
    """How to read it, in one sentence."""
    alt: str
    """What it shows, for people who do not see it."""
    chart: AnyChart
    """Without ink: the ground decides."""
    table: Table
    stem: str
    """The name of its files, without ending."""
    source: str
    """The line inside its picture: the service, the period, the day of publication."""
    data: Mapping[str, Rows] = field(default_factory=dict)
    """The rows that the chart names."""

    def on(self, ink: Ink) -> dict[str, object]:
        """Return the chart as Vega-Lite for the page, whose ground it lets through."""
        return inked(self.chart, ink, self.data)

    def specification(self, *, is_bare: bool = False) -> dict[str, object]:
        """Return it as Vega-Lite for a picture on white ground: title, how to read it, and source inside.

        A bare one has none of them: for a page that says them in its own words around it.
        """
        lines = [line for part in (self.reading, self.source) for line in textwrap.wrap(part, _SOURCE_LETTERS)]
        title = TitleParams(
            textwrap.wrap(self.title, _TITLE_LETTERS) or "",
            subtitle=lines,
            anchor="start",
            frame="bounds",
            fontSize=16,
            subtitleFontSize=11,
            offset=16,
        )
        chart = self.chart if is_bare else self.chart.properties(title=title)
        if isinstance(chart, Chart | LayerChart):
            chart = chart.properties(width=_PICTURE_PIXELS)
        return inked(chart, DAY, self.data, is_picture=True)
