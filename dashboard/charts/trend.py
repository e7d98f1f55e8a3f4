"""The trend of one group: line and band, points with intervals, the usual range, and where a change begins."""

from collections.abc import Sequence
from datetime import date

import altair as alt
import polars as pl

from analytics.wording import cut

from dashboard.charts.axes import beside, day_encoding, domain_of, place, value_axis
from dashboard.charts.block import ChartBlock
from dashboard.charts.ink import BLUE, GREY, HOLLOW, INK, ORANGE, AnyChart
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.line import STATES, Line
from dashboard.views.trends import Note, Trends

SHAPES = {
    "shown": ("circle", BLUE),
    "caution": ("diamond", BLUE),
    "too_early": ("square", GREY),
    "longer": ("stroke", GREY),
    "withheld": ("cross", GREY),
    "not_released": ("triangle-down", GREY),
}
"""Shape and colour of each state; the key has its words."""
_PIXELS = 360
_FOOT = "height - 9"
_HEAD_PIXELS = 8


def trend_block(words: Words, choice: Choice, view: Trends) -> ChartBlock:
    """Return the chart of a page of trends, with its words and its table."""
    return ChartBlock(
        title=view.chart_title,
        reading=view.reading,
        alt=view.alt,
        chart=trend_chart(words, choice, view.line, view.notes),
        table=view.table,
        stem=f"trend-{choice.measure}-{choice.headline}-{choice.table}-{choice.cohort.replace('/', '-')}",
        source=view.source,
    )


def trend_chart(words: Words, choice: Choice, line: Line, notes: Sequence[Note] = ()) -> AnyChart:
    """Return the chart: every layer from the same places as the table and the text."""
    first = line.places[0].first_day
    x = day_encoding(words, [it.first_day for it in line.places], choice.cadence)
    low, high = domain_of(drawn_values(line), line.unit)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False, clamp=True)
    axis = value_axis(words, line.unit)
    y, one, other = (alt.Y(f"{name}:Q", scale=scale, axis=axis) for name in ("value", "low", "high"))
    ends: dict[str, alt.Y | alt.Y2] = {"y": one, "y2": alt.Y2("high:Q")}
    layers: list[alt.Chart] = []
    layers += _range(line, first, x, [one, other])
    layers += _modelled(line, first, x, y, ends)
    layers += _points(words, line, first, x, y, ends)
    layers += _marked(words, line, first, x, notes)
    return alt.layer(*layers).properties(height=_PIXELS)


def drawn_values(line: Line) -> list[float]:
    """Return every value and end that the chart draws, for its axis; the usual range only as far as the scale goes."""
    values = [point.value for point in line.modelled]
    values += [end for point in line.modelled for end in (point.ends.low, point.ends.high)]
    for spot in line.shown:
        values += [spot.value or 0.0, *((spot.ends.low, spot.ends.high) if spot.ends else ())]
    return values + [end for one in range_rows(line, line.places[0].first_day) for end in (one["low"], one["high"])]


def range_rows(line: Line, first: date) -> list[dict[str, float]]:
    """Return the usual range as it is drawn, one row per period that has it, cut at the ends of the scale."""


    if line.range_ is None:
        return []
    rows = []
    for spot in line.places:
        ends = line.range_.ends.get(spot.period)
        if ends is not None:
            low, high = cut(ends.low, line.unit), cut(ends.high, line.unit)
            rows.append({"day": place(spot.first_day, first), "low": low, "high": high, "run": spot.run})
    return rows


def point_rows(words: Words, line: Line, first: date) -> list[dict[str, object]]:
    """Return the points as they are drawn, one row per place; the key's words are their states."""
    return [
        {
            "day": place(spot.first_day, first),
            "days": words.days(spot.first_day, spot.last_day),
            "state": words(f"trends.state.{spot.state}"),
            "value": spot.value,
            "low": spot.ends.low if spot.ends else None,
            "high": spot.ends.high if spot.ends else None,
            "run": spot.run,
            "joined": spot.state in {"shown", "caution"},
            "text": words.amount(spot.value, line.unit) if spot.value is not None else "",
        }
        for spot in line.places
    ]


def _range(line: Line, first: date, x: alt.X, edges: list[alt.Y]) -> list[alt.Chart]:
    rows = range_rows(line, first)
    if not rows:
        return []
    base = alt.Chart(pl.DataFrame(rows)).encode(x=x, detail="run:N")
    dashed = base.mark_line(color=GREY, strokeDash=[6, 4], strokeWidth=1.5, interpolate="step")
    return [dashed.encode(y=edge) for edge in edges]


def _modelled(line: Line, first: date, x: alt.X, y: alt.Y, ends: dict[str, alt.Y | alt.Y2]) -> list[alt.Chart]:
    rows = [
        {
            "day": place(point.first_day, first),
            "value": point.value,
            "low": point.ends.low,
            "high": point.ends.high,
            "run": point.run,
        }
        for point in line.modelled
    ]
    if not rows:
        return []
    base = alt.Chart(pl.DataFrame(rows)).encode(x=x, detail="run:N")
    return [base.mark_area(color=BLUE, opacity=0.25).encode(**ends), base.mark_line(color=BLUE, strokeWidth=2.5).encode(y=y)]


def _points(
    words: Words, line: Line, first: date, x: alt.X, y: alt.Y, ends: dict[str, alt.Y | alt.Y2]
) -> list[alt.Chart]:
    frame = pl.DataFrame(point_rows(words, line, first), infer_schema_length=None)
    present = [state for state in STATES if line.of(state)]
    names = [words(f"trends.state.{state}") for state in present]
    key = alt.Legend(orient="top", title=None, columns=2)
    shape = alt.Shape("state:N", scale=_scale(names, [SHAPES[state][0] for state in present]), legend=key)
    color = alt.Color("state:N", scale=_scale(names, [SHAPES[state][1] for state in present]), legend=key)
    tips = [alt.Tooltip("days:N", title=words("trends.column.days")), alt.Tooltip("text:N", title=words("trends.value"))]
    tips.append(alt.Tooltip("state:N", title=words("trends.column.state")))
    seen = alt.Chart(frame.filter(pl.col("value").is_not_null())).encode(x=x)
    unseen = alt.Chart(frame.filter(pl.col("value").is_null())).encode(x=x, shape=shape, color=color)
    layers = [seen.mark_rule(strokeWidth=1.25).encode(**ends, color=color)]
    if not line.modelled:
        joined = alt.Chart(frame.filter(pl.col("value").is_not_null() & pl.col("joined"))).encode(x=x, detail="run:N")
        layers.append(joined.mark_line(color=BLUE, strokeWidth=2).encode(y=y))
    points = seen.mark_point(style=HOLLOW, size=55, opacity=1, strokeWidth=1.75)
    layers.append(points.encode(y=y, shape=shape, color=color, tooltip=tips))
    if len(line.shown) < len(line.places):
        marks = unseen.mark_point(style=HOLLOW, size=80, opacity=1, strokeWidth=1.75)
        layers.append(marks.encode(y=alt.value(alt.expr(_FOOT)), tooltip=tips))
    return layers


def _marked(words: Words, line: Line, first: date, x: alt.X, notes: Sequence[Note]) -> list[alt.Chart]:
    """Return the beginning of the change with its day in words, and the letters of what was noted."""
    layers: list[alt.Chart] = []
    if line.change is not None:
        since = words.day(line.change.since, line.places[-1].last_day)
        row = {"day": place(line.change.since, first), "text": words("trends.since", day=since)}
        base = alt.Chart(pl.DataFrame([row])).encode(x=x)
        layers.append(base.mark_rule(color=ORANGE, strokeWidth=2.5).encode())
        label = base.mark_text(style=INK, fontWeight="bold", stroke=None, baseline="top")
        layers.append(label.encode(x=beside("day", "text"), y=alt.value(-_HEAD_PIXELS * 2.5), text="text:N"))
    if notes:
        rows = [{"day": place(note.day, first), "text": note.letter} for note in notes]
        base = alt.Chart(pl.DataFrame(rows)).encode(x=x)
        layers.append(base.mark_rule(color=GREY, strokeWidth=1.25, strokeDash=[2, 3]))
        label = base.mark_text(style=INK, stroke=None, baseline="top", dx=8, fontWeight="bold")
        layers.append(label.encode(y=alt.value(_HEAD_PIXELS), text="text:N"))
    return layers


def _scale(names: list[str], values: list[str]) -> alt.Scale:
    return alt.Scale(domain=names, range=values)
