"""Figures against the level that they have by chance: points with the intervals that are judged."""

import math
from collections.abc import Sequence

import altair as alt
import polars as pl

from dashboard.charts.block import ChartBlock
from dashboard.charts.ink import BLUE, GREY, INK, LABEL_PIXELS, ORANGE
from dashboard.texts.words import Words
from dashboard.views.blocks import table
from dashboard.views.profile import Profile, ProfilePoint
from dashboard.views.source import Source

_ROW = 38
"""Pixels of one figure: its point with a word above it."""
_STEP = 5
_SIDES = ["below", "unclear", "above"]


def profile_chart(words: Words, profile: Profile, source: Source) -> ChartBlock:
    """Return the figures of a measure with the line of chance."""
    title, points = profile.title, profile.points
    level = points[0].found.level
    said = "; ".join(words("patterns.profile.point", label=p.label, text=p.text, word=p.word) for p in points)
    of_level = words.whole(round(level))
    return ChartBlock(
        title=title,
        reading=words("patterns.profile.reading", level=of_level),
        alt=words("patterns.profile.alt", about=profile.about, points=said, level=of_level),
        chart=_chart(words, points, level, of_level),
        table=table(
            title,
            (words("patterns.column.figure"), words("patterns.profile.column_range"), words("patterns.column.chance")),
            [(one.label, one.text, one.word) for one in points],
        ),
        stem=source.stem,
        source=source.line,
    )


def _chart(words: Words, points: Sequence[ProfilePoint], level: float, of_level: str) -> alt.LayerChart:
    rows = [
        {
            "label": one.label,
            "value": one.found.value,
            "low": max(one.found.interval.low, 0.0),
            "high": min(one.found.interval.high, 100.0),
            "side": one.found.verdict,
            "word": one.word,
            "text": one.text,
        }
        for one in points
    ]
    low = _STEP * math.floor(min(level, *(max(one.found.interval.low, 0.0) for one in points)) / _STEP)
    high = _STEP * math.ceil(max(level, *(min(one.found.interval.high, 100.0) for one in points)) / _STEP)
    title = words("patterns.profile.axis", level=of_level)
    scale = alt.Scale(domain=[low, high], zero=False, nice=False)
    x = alt.X("value:Q", title=title, scale=scale, axis=axis())
    y = alt.Y("label:N", title=None, sort=None, axis=axis(grid=False))
    side = alt.Scale(domain=_SIDES, range=[ORANGE, GREY, BLUE])
    shape = alt.Scale(domain=_SIDES, range=["triangle-down", "circle", "triangle-up"])
    base = alt.Chart(pl.DataFrame(rows)).encode(
        y=y, tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=" ")]
    )
    color = alt.Color("side:N", scale=side, legend=None)
    chance = alt.Chart(pl.DataFrame([{"level": level}])).mark_rule(strokeDash=[6, 4], strokeWidth=2, color=GREY)
    layers = (
        chance.encode(x=alt.X("level:Q", title=title, scale=scale)),
        base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title=title, scale=scale), x2="high:Q", color=color),
        base.mark_point(filled=True, size=130, opacity=1).encode(
            x=x, color=color, shape=alt.Shape("side:N", scale=shape, legend=None)
        ),
        base.mark_text(dy=-14, fontSize=LABEL_PIXELS - 1, style=INK).encode(x=x, text="word:N"),
    )
    return layered(layers, _ROW * len(rows))


def layered(layers: Sequence[alt.Chart], height: int) -> alt.LayerChart:
    """Return a chart of layers, as wide as the page."""
    chart = alt.layer(*layers)
    assert isinstance(chart, alt.LayerChart)  # noqa: S101 -- only layers of facets become a facet
    sized: alt.LayerChart = chart.properties(width="container", height=height)
    return sized


def axis(count: int = 5, *, grid: bool = True, limit: int = 150) -> alt.Axis:
    """Return an axis with letters of the page's size."""
    return alt.Axis(
        labelFontSize=LABEL_PIXELS,
        titleFontSize=LABEL_PIXELS,
        titleFontWeight="normal",
        tickCount=count,
        grid=grid,
        labelLimit=limit,
    )
