"""A chart with everything that belongs to it."""

from dataclasses import dataclass
from typing import Any

from altair import Chart, FacetChart, HConcatChart, LayerChart, TitleParams, VConcatChart

from dashboard.views.blocks import Table

AnyChart = Chart | LayerChart | FacetChart | HConcatChart | VConcatChart


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
    table: Table
    stem: str
    """The name of its files, without ending."""
    source: str
    """The line inside its picture: whose figures, of when, published when."""

    def specification(self) -> dict[str, Any]:
        """Return it as Vega-Lite for a picture: title and source inside, on white ground."""
        titled = self.chart.properties(
            title=TitleParams(self.title, subtitle=self.source, anchor="start", fontSize=16, subtitleFontSize=11)
        )
        spec: dict[str, Any] = titled.configure(background="#ffffff").to_dict()
        return spec
