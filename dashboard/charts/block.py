"""A chart with everything that belongs to it."""

from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.views.blocks import Table


@dataclass(frozen=True)
class ChartBlock:
    """A chart, the words around it, and its numbers."""

    title: str
    """What it shows, as a sentence."""
    reading: str
    """How to read it, in one sentence."""
    alt: str
    """What it shows, for people who do not see it."""
    chart: alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart | alt.HConcatChart
    table: Table
    stem: str
    """The name of its files, without ending."""
    source: str
    """The line inside its picture: whose figures, of when, published when."""

    def specification(self) -> dict[str, Any]:
        """Return it as Vega-Lite for a picture: title and source inside, on white ground."""
        # ignore: Altair's own types leave `properties` of a union open.
        titled = self.chart.properties(
            title=alt.TitleParams(self.title, subtitle=self.source, anchor="start", fontSize=16, subtitleFontSize=11)
        )
        spec: dict[str, Any] = titled.configure(background="#ffffff").to_dict()
        return spec
