"""The number of people over the periods: a line with its band, points of each period, and where a change begins."""

import altair as alt
import polars as pl

from dashboard.charts.block import ChartBlock
from dashboard.charts.ink import BLUE, GREY, INK, LABEL_PIXELS, ORANGE
from dashboard.charts.profile import layered
from dashboard.texts.words import Words
from dashboard.views.people_over_time import PeopleOverTime
from dashboard.views.source import Source

_HEIGHT = 260
_TICKS = 6


def people_chart(words: Words, found: PeopleOverTime, source: Source) -> ChartBlock:
    """Return the number of people as a chart that begins at 0: a fall looks as large as it is."""
    return ChartBlock(
        title=found.title,
        reading=found.reading,
        alt=found.alt,
        chart=_chart(words, found),
        table=found.table,
        stem=source.stem,
        source=source.line,
    )


def _chart(words: Words, found: PeopleOverTime) -> alt.LayerChart:
    rows = [
        {
            "day": row.day.isoformat(),
            "on": words.short_day(row.day, year=True),
            "plain": None if row.plain is None else max(row.plain, 0.0),
            "modelled": None if row.modelled is None else max(row.modelled, 0.0),
            "low": None if row.band is None else max(row.band.low, 0.0),
            "high": None if row.band is None else row.band.high,
        }
        for row in found.rows
    ]
    # Days are labelled here, in the reader's language: Vega would name months in English.
    step = max(1, -(-len(rows) // _TICKS))
    ticks = {row.day.isoformat(): words.short_day(row.day) for row in found.rows[::step]}
    label = " : ".join(f"timeFormat(datum.value, '%Y-%m-%d') == '{day}' ? '{text}'" for day, text in ticks.items())
    axis = alt.Axis(
        values=list(ticks), labelExpr=f"{label} : ''", labelFontSize=LABEL_PIXELS, grid=False, labelOverlap=True
    )
    y_axis = alt.Axis(
        labelFontSize=LABEL_PIXELS,
        titleFontSize=LABEL_PIXELS,
        titleFontWeight="normal",
        tickCount=5,
        labelExpr=_whole(words),
    )
    x = alt.X("day:T", title=None, axis=axis)
    y = alt.Y("plain:Q", title=words("people.chart.axis"), axis=y_axis, scale=alt.Scale(zero=True))
    base = alt.Chart(pl.DataFrame(rows)).encode(x=x)
    layers: list[alt.Chart] = [
        base.mark_area(color=BLUE, opacity=0.25).encode(
            y=alt.Y("low:Q", title=words("people.chart.axis"), axis=y_axis), y2="high:Q"
        ),
        base.mark_line(color=BLUE, strokeWidth=2.5).encode(y=alt.Y("modelled:Q")),
        base.mark_point(color=GREY, filled=True, size=35, opacity=1).encode(
            y=y, tooltip=[alt.Tooltip("on:N", title=" "), alt.Tooltip("plain:Q", title=" ", format=",.0f")]
        ),
    ]
    if found.since is not None:
        day, text = found.since
        mark = alt.Chart(pl.DataFrame([{"day": day.isoformat(), "text": text}])).encode(x=x)
        layers.append(mark.mark_rule(color=ORANGE, strokeWidth=2, strokeDash=[6, 3]))
        layers.append(
            mark.mark_text(align="left", baseline="top", dx=5, fontSize=LABEL_PIXELS, y=0, style=INK).encode(
                text="text:N"
            )
        )
    return layered(layers, _HEIGHT)


def _whole(words: Words) -> str:
    """Return the expression for whole numbers as the language writes them: `7,000`, `7.000`."""
    return f"replace(format(datum.value, ',.0f'), ',', '{words.whole(1000)[1]}')"
