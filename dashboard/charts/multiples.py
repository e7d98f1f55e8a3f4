"""All groups of a table over time, one narrow panel above the other: one scale of values and one time axis for all.

The panels are rows of one chart and no facets, which cannot follow the width of a page: so they fit a phone.
"""

import altair as alt

from dashboard.charts.axes import day_encoding, domain_of, edge, place, spelled
from dashboard.charts.block import ChartBlock
from dashboard.charts.ink import BLUE, GREY, INK, ORANGE, PURPLE, AnyChart, Rows
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.panels import Panels

_PANEL_PIXELS = 76
_PART = 0.62
"""Which part of a panel's height is its line's; the rest is for its name."""
_NAME = 1.3
"""Where the name is, in heights of the line."""
_MARKS = {"higher": "▲", "lower": "▼"}
_COLORS = {"higher": ORANGE, "lower": PURPLE}


def multiples_block(words: Words, choice: Choice, found: Panels, source: str) -> ChartBlock:
    """Return the small charts with their words and their table."""
    return ChartBlock(
        title=found.title,
        reading=found.reading,
        alt=found.alt,
        chart=multiples_chart(words, choice, found),
        data=multiples_rows(words, found),
        table=found.table,
        stem=f"groups-over-time-{choice.measure}-{choice.headline}",
        source=source,
    )


def multiples_rows(words: Words, found: Panels) -> dict[str, Rows]:
    """Return what the panels draw, by the name of its data."""
    low, high = _domain(found)
    count = len(found.panels)
    days = {day: words.day(day) for panel in found.panels for day in (point.first_day for point in panel.points)}
    return {
        "lines": [
            {
                "day": place(point.first_day, found.first_day),
                "at": _height(number, count, (point.value - low) / (high - low)),
                "run": f"{number}/{point.run}",
                "color": _COLORS.get(panel.state, BLUE),
                "panel": panel.name,
                "days": days[point.first_day],
                "value": round(point.value, 1),
            }
            for number, panel in enumerate(found.panels)
            for point in panel.points
        ],
        "edges": [
            {"at": _height(number, count, part), "text": edge(words, value, found.unit)}
            for number in range(count)
            for part, value in ((0.0, low), (1.0, high))
        ],
        "names": [
            {"at": _height(number, count, _NAME), "text": f"{panel.name}{_said(words, panel.state)}"}
            for number, panel in enumerate(found.panels)
        ],
    }


def multiples_chart(words: Words, choice: Choice, found: Panels) -> AnyChart:
    """Return the panels: the same height of a line means the same number in each."""
    count = len(found.panels)
    days = sorted({point.first_day for panel in found.panels for point in panel.points})
    x = day_encoding(words, days, choice.cadence)
    y = alt.Y("at:Q", axis=None, scale=alt.Scale(domain=[0, count], nice=False, zero=False))
    line, edges, names = (alt.Chart(alt.NamedData(name)).encode(y=y) for name in ("lines", "edges", "names"))
    tips = [alt.Tooltip("panel:N", title=words("grid.group")), alt.Tooltip("days:N", title=words("trends.column.days"))]
    tips.append(alt.Tooltip("text:N", title=words("trends.value")))
    color = alt.Color("color:N", scale=None, legend=None)
    at_left = alt.value(0)
    return alt.layer(
        edges.mark_rule(color=GREY, strokeWidth=1, opacity=0.5),
        line.mark_line(strokeWidth=2).encode(x=x, detail="run:N", color=color),
        # Words of thousands of points are made where one is looked at.
        line.transform_calculate(text=spelled(words, found.unit))
        .mark_point(filled=True, size=14, opacity=1)
        .encode(x=x, color=color, tooltip=tips),
        edges.mark_text(style=INK, align="right", baseline="middle", dx=-6, fontSize=11).encode(
            x=at_left, text="text:N"
        ),
        names.mark_text(style=INK, align="left", fontWeight="bold").encode(x=at_left, text="text:N"),
    ).properties(height=_PANEL_PIXELS * count)


def _domain(found: Panels) -> tuple[float, float]:
    return domain_of((point.value for panel in found.panels for point in panel.points), found.unit)


def _height(number: int, count: int, part: float) -> float:
    """Return where a value lies: the first panel is the highest, and a line takes a part of its panel's height."""
    return count - 1 - number + 0.08 + _PART * part


def _said(words: Words, state: str) -> str:
    return f" {_MARKS[state]} {words(f'state.{state}')}" if state in _MARKS else ""
