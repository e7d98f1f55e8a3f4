"""The groups of a table, each against everybody else: the interval that is drawn is the one that is judged."""

import altair as alt

from analytics.wording import MOST, cut
from dashboard.charts.axes import beside, domain_of, spelled
from dashboard.charts.block import ChartBlock
from dashboard.charts.ink import BLUE, GREY, HOLLOW, INK, ORANGE, PURPLE, AnyChart, Rows, numbers
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.compared import Group
from dashboard.views.groups import Groups

MARKS = {
    "higher": ("triangle-up", ORANGE),
    "lower": ("triangle-down", PURPLE),
    "no_clear_difference": ("circle", BLUE),
    "not_known": ("circle", BLUE),
    "odd_one": ("square", GREY),
}
"""Shape and colour of each verdict; every mark has its words over it."""
MOST_GROUPS = 60
"""More make a chart of several screens; the table has all."""
_ROW_PIXELS = 44
_AXIS_PIXELS = 50
_OVER, _UNDER = -9, 9
"""Where a row's words and its interval are, from its middle."""


def comparison_block(words: Words, choice: Choice, view: Groups, source: str) -> ChartBlock:
    """Return the chart of a page of groups, with its words and its table."""
    return ChartBlock(
        title=view.title,
        reading=view.reading,
        alt=view.alt,
        chart=comparison_chart(words, view),
        data=comparison_rows(words, view),
        table=view.table,
        stem=f"groups-{choice.measure}-{choice.headline}-{view.by}",
        source=source,
    )


def drawn_groups(view: Groups) -> tuple[Group, ...]:
    """Return the groups that the chart has room for, in its order; of too many those that clearly differ come first."""
    if len(view.groups) <= MOST_GROUPS:
        return view.groups
    clear = [one for one in view.groups if one.mark in {"higher", "lower"}]
    others = [one for one in view.groups if one not in clear]
    kept = {one.cohort for one in [*clear, *others][:MOST_GROUPS]}
    return tuple(one for one in view.groups if one.cohort in kept)


def comparison_rows(words: Words, view: Groups) -> dict[str, Rows]:
    """Return what the chart draws: one row per group."""
    return {
        "groups": [
            {
                "place": place,
                "value": _cut(one.value, view),
                "low": _cut(one.ends.low, view),
                "high": _cut(one.ends.high, view),
                "shape": MARKS[one.mark][0],
                "color": MARKS[one.mark][1],
                "name": _name(words, one),
            }
            for place, one in enumerate(drawn_groups(view))
        ],
        "zero": [{"value": 0.0}],
    }


def comparison_chart(words: Words, view: Groups) -> AnyChart:
    """Return marks with their intervals, one group a row, its words right over its mark; and where 0 is."""
    rows = comparison_rows(words, view)["groups"]
    low, high = _domain(view, rows)
    y = alt.Y("place:O", axis=None, scale=alt.Scale(type="band", paddingOuter=0.1))
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    unit = view.unit if view.against == "nothing" else "persons"
    axis = alt.Axis(title=view.axis, labelExpr=spelled(words, unit), tickCount=5, titleLimit=340)
    x = alt.X("value:Q", scale=scale, axis=axis)
    shape, color = (alt.Shape("shape:N", scale=None, legend=None), alt.Color("color:N", scale=None, legend=None))
    base = alt.Chart(alt.NamedData("groups")).encode(y=y)
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=GREY, strokeWidth=2, strokeDash=[6, 4]).encode(x=x)
    layers = [
        *([] if view.against == "nothing" else [zero]),
        base.mark_rule(strokeWidth=2, yOffset=_UNDER).encode(
            x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", color=color
        ),
        base.mark_point(style=HOLLOW, size=90, opacity=1, strokeWidth=2, yOffset=_UNDER).encode(
            x=x, color=color, shape=shape, tooltip=[alt.Tooltip("name:N", title=words("grid.group"))]
        ),
        base.mark_text(style=INK, dy=_OVER).encode(x=beside("value", "name"), text="name:N"),
    ]
    return alt.layer(*layers).properties(height=_AXIS_PIXELS + _ROW_PIXELS * len(rows))


def _domain(view: Groups, rows: Rows) -> tuple[float, float]:
    """Return where the axis begins and ends: a figure's inside its scale, a difference's round 0 and inside its own."""
    values = numbers(rows, "low", "high")
    if view.against == "nothing":
        return domain_of(values, view.unit)
    low, high = min([*values, 0.0]), max([*values, 0.0])
    room = (high - low) * 0.05 or 1.0
    most = MOST.get(view.unit)
    return (low - room, high + room) if most is None else (max(low - room, -most), min(high + room, most))


def _cut(value: float, view: Groups) -> float:
    """Return a value as it is drawn: a difference of two shares lies between -100 and 100."""
    if view.against == "nothing":
        return cut(value, view.unit)
    most = MOST.get(view.unit, abs(value))
    return max(-most, min(value, most))


def _name(words: Words, one: Group) -> str:
    """Return a group's words over its mark.

    That there is no clear difference is said by the line that crosses 0: a phone has no room for it.
    """
    said = words("groups.label", group=one.label, amount=one.amount)
    if one.mark in {"higher", "lower", "odd_one"}:
        said = words("groups.marked", text=said, mark=words(f"groups.mark.{one.mark}"))
    return words("groups.with_caution", text=said) if one.is_caution else said
