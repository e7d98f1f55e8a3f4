"""The colours of every chart: marks that are seen on light and dark ground, and ink that follows the ground.

A chart names no ink itself. Its texts and hollow points have a style (`INK`, `HOLLOW`), and `inked` says what the style
looks like on the ground at hand, so that one chart serves the page by day and by night, and its picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from altair import Chart, FacetChart, HConcatChart, LayerChart, VConcatChart
from altair.utils import schemapi

schemapi.DEBUG_MODE = False
"""Else Altair checks every part of a chart as it is made, which takes longer than all else on a page."""

AnyChart = Chart | LayerChart | FacetChart | HConcatChart | VConcatChart

BLUE = "#2a7fb8"
"""At least 3:1 against white and against Streamlit's dark ground, like the other three."""
ORANGE, PURPLE = "#c2570c", "#8f63bf"
"""Of higher and lower; a sign and a word say the same."""
GREY = "#74777d"

INK, HOLLOW = "mm-ink", "mm-hollow"
"""Styles of marks: text in the ink, and points filled with the ground."""

FONT = "'Source Sans', 'Source Sans Pro', sans-serif"
LABEL_PIXELS = 13


@dataclass(frozen=True)
class Ink:
    """What a chart is drawn with on one ground."""

    text: str
    ground: str


DAY = Ink(text="#31333f", ground="#ffffff")
NIGHT = Ink(text="#fafafa", ground="#171614")


Rows = list[dict[str, object]]


def inked(chart: AnyChart, ink: Ink, data: Mapping[str, Rows], *, is_picture: bool = False) -> dict[str, object]:
    """Return the chart as Vega-Lite in the ink of its ground; a picture has the ground inside, the page has its own.

    `data` are the rows that the chart names (`alt.NamedData`): Altair would copy them once for each mark.
    """
    text = {
        "labelColor": ink.text,
        "titleColor": ink.text,
        "labelFontSize": LABEL_PIXELS,
        "titleFontSize": LABEL_PIXELS,
    }
    configured = chart.configure(
        background=ink.ground if is_picture else "transparent",
        font="sans-serif" if is_picture else FONT,
        axis={**text, "gridColor": GREY, "gridOpacity": 0.25, "domainColor": GREY, "tickColor": GREY},
        legend={**text, "symbolStrokeWidth": 2, "labelLimit": 320},
        title={"color": ink.text, "subtitleColor": ink.text},
        text={"color": ink.text, "fontSize": LABEL_PIXELS},
        view={"stroke": None},
        style={INK: {"fill": ink.text}, HOLLOW: {"fill": ink.ground}},
    )
    # Checking each chart against Vega-Lite's schema takes ten times as long as making it; the tests check them.
    spec: dict[str, object] = configured.to_dict(validate=False)
    own = spec.get("datasets")
    return {**spec, "datasets": {**(own if isinstance(own, dict) else {}), **data}}


def numbers(rows: Rows, *names: str) -> list[float]:
    """Return the numbers of some columns, row by row."""
    return [float(value) for row in rows for name in names if isinstance(value := row[name], int | float)]
