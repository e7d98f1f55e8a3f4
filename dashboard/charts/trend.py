"""The trend of one group: line and band, points with intervals, the usual range, and where a change begins."""

from collections.abc import Sequence

import altair as alt

from analytics.wording import cut
from dashboard.charts.axes import beside, day_encoding, domain_of, place, value_axis
from dashboard.charts.block import ChartBlock
from dashboard.charts.ink import BLUE, GREY, HOLLOW, INK, ORANGE, AnyChart, Rows, numbers
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.line import JOINED, STATES, Line
from dashboard.views.line_words import Note
from dashboard.views.trends import Trends

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


def trend_block(words: Words, choice: Choice, view: Trends, source: str) -> ChartBlock:
    """Return the chart of a page of trends, with its words and its table."""
    return ChartBlock(
        title=view.chart_title,
        reading=view.reading,
        alt=view.alt,
        chart=trend_chart(words, choice, view.line, view.notes),
        data=trend_rows(words, view.line, view.notes),
        table=view.table,
        stem=f"trend-{choice.measure}-{choice.headline}-{choice.table}-{choice.cohort.replace('/', '-')}",
        source=source,
    )


def trend_rows(words: Words, line: Line, notes: Sequence[Note] = ()) -> dict[str, Rows]:
    """Return what each layer draws, by the name of its data."""
    first, points = line.places[0].first_day, point_rows(words, line)
    since = [] if line.change is None else [line.change]
    return {
        "range": range_rows(line),
        "modelled": [
            {
                "day": place(it.first_day, first),
                "value": it.value,
                "low": it.ends.low,
                "high": it.ends.high,
                "run": it.run,
            }
            for it in line.modelled
        ],
        "shown": [row for row in points if row["value"] is not None],
        "joined": [row for row in points if row["value"] is not None and row["joined"]],
        "absent": [row for row in points if row["value"] is None],
        "since": [
            {
                "day": place(it.since, first),
                "text": words("trends.since", day=words.day(it.since, line.places[-1].last_day)),
            }
            for it in since
        ],
        "notes": [{"day": place(note.day, first), "text": note.letter} for note in notes],
    }


def trend_chart(words: Words, choice: Choice, line: Line, notes: Sequence[Note] = ()) -> AnyChart:
    """Return the chart: every layer from the same places as the table and the text."""
    x = day_encoding(words, [it.first_day for it in line.places], choice.cadence)
    low, high = domain_of(drawn_values(line), line.unit)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False, clamp=True)
    axis = value_axis(words, line.unit)
    y, one, other = (alt.Y(f"{name}:Q", scale=scale, axis=axis) for name in ("value", "low", "high"))
    ends: dict[str, alt.Y | alt.Y2] = {"y": one, "y2": alt.Y2("high:Q")}
    layers: list[alt.Chart] = []
    if line.range_ is not None:
        dashed = _of("range", x).encode(detail="run:N")
        dashed = dashed.mark_line(color=GREY, strokeDash=[6, 4], strokeWidth=1.5, interpolate="step")
        layers += [dashed.encode(y=edge) for edge in (one, other)]
    if line.modelled:
        model = _of("modelled", x).encode(detail="run:N")
        layers.append(model.mark_area(color=BLUE, opacity=0.25).encode(**ends))
        layers.append(model.mark_line(color=BLUE, strokeWidth=2.5).encode(y=y))
    layers += _points(words, line, x, y, ends)
    layers += _marked(line, x, notes)
    return alt.layer(*layers).properties(height=_PIXELS)


def _of(name: str, x: alt.X) -> alt.Chart:
    return alt.Chart(alt.NamedData(name)).encode(x=x)


def drawn_values(line: Line) -> list[float]:
    """Return every value and end that the chart draws, for its axis; the usual range only as far as the scale goes."""
    values = [point.value for point in line.modelled]
    values += [end for point in line.modelled for end in (point.ends.low, point.ends.high)]
    for spot in line.shown:
        values += [spot.value or 0.0, *((spot.ends.low, spot.ends.high) if spot.ends else ())]
    return values + numbers(range_rows(line), "low", "high")


def range_rows(line: Line) -> Rows:
    """Return the usual range as it is drawn, one row per period that has it, cut at the ends of the scale."""
    if line.range_ is None:
        return []
    rows: Rows = []
    for spot in line.places:
        ends = line.range_.ends.get(spot.period)
        if ends is not None:
            low, high = cut(ends.low, line.unit), cut(ends.high, line.unit)
            rows.append(
                {"day": place(spot.first_day, line.places[0].first_day), "low": low, "high": high, "run": spot.run}
            )
    return rows


def point_rows(words: Words, line: Line) -> Rows:
    """Return the points as they are drawn, one row per place; the key's words are their states."""
    return [
        {
            "day": place(spot.first_day, line.places[0].first_day),
            "days": words.days(spot.first_day, spot.last_day),
            "state": words(f"trends.state.{spot.state}"),
            "value": spot.value,
            "low": spot.ends.low if spot.ends else None,
            "high": spot.ends.high if spot.ends else None,
            "run": spot.run,
            "joined": spot.state in JOINED,
            "text": words.amount(spot.value, line.unit) if spot.value is not None else "",
        }
        for spot in line.places
    ]


def _points(words: Words, line: Line, x: alt.X, y: alt.Y, ends: dict[str, alt.Y | alt.Y2]) -> list[alt.Chart]:
    present = [state for state in STATES if line.of(state)]
    names = [words(f"trends.state.{state}") for state in present]
    key = alt.Legend(orient="top", title=None, columns=2)
    shape = alt.Shape("state:N", scale=_scale(names, [SHAPES[state][0] for state in present]), legend=key)
    color = alt.Color("state:N", scale=_scale(names, [SHAPES[state][1] for state in present]), legend=key)
    named = (("days", "trends.column.days"), ("text", "trends.value"), ("state", "trends.column.state"))
    tips = [alt.Tooltip(f"{field}:N", title=words(title)) for field, title in named]
    layers: list[alt.Chart] = []
    seen = _of("shown", x)
    if line.shown:
        layers.append(seen.mark_rule(strokeWidth=1.25).encode(**ends, color=color))
    if line.shown and not line.modelled:
        layers.append(_of("joined", x).mark_line(color=BLUE, strokeWidth=2).encode(y=y, detail="run:N"))
    if line.shown:
        points = seen.mark_point(style=HOLLOW, size=55, opacity=1, strokeWidth=1.75)
        layers.append(points.encode(y=y, shape=shape, color=color, tooltip=tips))
    if len(line.shown) < len(line.places):
        marks = _of("absent", x).mark_point(style=HOLLOW, size=80, opacity=1, strokeWidth=1.75)
        at = alt.value(alt.expr(_FOOT))
        layers.append(marks.encode(y=at, shape=shape, color=color, tooltip=tips))
    return layers


def _marked(line: Line, x: alt.X, notes: Sequence[Note]) -> list[alt.Chart]:
    """Return the beginning of the change with its day in words, and the letters of what was noted."""
    layers: list[alt.Chart] = []
    if line.change is not None:
        since = _of("since", x)
        layers.append(since.mark_rule(color=ORANGE, strokeWidth=2.5))
        label = since.mark_text(style=INK, fontWeight="bold", baseline="top")
        layers.append(label.encode(x=beside("day", "text"), y=alt.value(-_HEAD_PIXELS * 2.5), text="text:N"))
    if notes:
        noted = _of("notes", x)
        layers.append(noted.mark_rule(color=GREY, strokeWidth=1.25, strokeDash=[2, 3]))
        label = noted.mark_text(style=INK, baseline="top", dx=8, fontWeight="bold")
        layers.append(label.encode(y=alt.value(_HEAD_PIXELS), text="text:N"))
    return layers


def _scale(names: list[str], values: list[str]) -> alt.Scale:
    return alt.Scale(domain=names, range=values)
