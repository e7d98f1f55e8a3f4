"""The two charts: shape and words carry every state, colour only repeats it."""

from collections.abc import Sequence
from datetime import date

import altair as alt
import polars as pl

from analytics.wording import UNITS, cut, days, period_noun
from dashboard import alt_text, words
from dashboard.figures import CAUTION, Choice, PublishedFigure, not_released
from dashboard.findings import PublishedLimits, PublishedOutlook

AnyChart = alt.LayerChart | alt.FacetChart

BLUE = "#2a7fb8"
"""At least 3:1 against white and against Streamlit's dark ground, like the other two."""
ORANGE = "#c2570c"
GREY = "#74777d"

STATES = {
    "shown": ("circle", BLUE),
    "shown with caution": ("diamond", BLUE),
    "withheld": ("cross", GREY),
    "not released": ("triangle-down", GREY),
    "outlook": ("square", GREY),
}
VERDICTS = {
    "higher": ("triangle-up", ORANGE),
    "lower": ("triangle-down", ORANGE),
    "no clear difference": ("circle", BLUE),
    "not known": ("square", GREY),
}
DARK_INK, LIGHT_INK = "#31333f", "#fafafa"
"""The text on Streamlit's light and dark grounds."""

_NAME_RISE, _NAME_PIXELS = -9, 13
"""How far above its interval a name is, and how large."""
_ROW_PIXELS = 40
_AXIS_PIXELS = 60
_TREND_PIXELS = 400
"""A chart's height in Streamlit holds its axis and its key as well."""
_FOOT = "height - 8"


def trend_chart(
    figures: list[PublishedFigure],
    choice: Choice,
    ink: str,
    limits: PublishedLimits | None = None,
    ahead: Sequence[PublishedOutlook] = (),
) -> AnyChart:
    """Return the line of one cohort over the periods, broken where a period is withheld or not released.

    With its limits as dashed lines, and its outlook as squares, where there are any.
    """
    frame = pl.DataFrame(_trend_slots(figures, ahead, choice), infer_schema_length=None)
    order = frame["slot"].to_list()
    noun = period_noun(choice.cadence)
    x = alt.X(
        "slot:O",
        sort=order,
        scale=alt.Scale(type="point", padding=0.5),
        title=f"{noun.capitalize()} from",
        axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelColor=ink, titleColor=ink),
    )
    scale = alt.Scale(zero=False, nice=True)
    states = [state for state in STATES if state in frame["state"].to_list()]
    key = alt.Legend(orient="top", title=None, labelColor=ink, columns=2, labelLimit=300, symbolStrokeWidth=2)
    shape = alt.Shape("state:N", scale=_scale(STATES, states, 0), legend=key)
    color = alt.Color("state:N", scale=_scale(STATES, states, 1), legend=key)
    is_ahead = pl.col("state") == "outlook"
    seen = alt.Chart(frame.filter(pl.col("estimate").is_not_null() & ~is_ahead)).encode(x=x)
    unseen = alt.Chart(frame.filter(pl.col("estimate").is_null())).encode(x=x, shape=shape, color=color)
    coming = alt.Chart(frame.filter(is_ahead)).encode(x=x)
    tips = [alt.Tooltip("days:N", title="Days"), alt.Tooltip("text:N", title=choice.label)]
    expression = f"datum.label + '{UNITS['percent']}'" if choice.unit == "percent" else "datum.label"
    axis = alt.Axis(title=None, labelColor=ink, labelExpr=expression, tickCount=6)
    low, high = alt.Y("shown_low:Q", scale=scale, axis=axis), alt.Y2("shown_high:Q")
    edges = [] if limits is None else [cut(edge, choice.unit) for edge in (limits.low, limits.high)]
    return alt.layer(
        seen.mark_area(color=BLUE, opacity=0.18).encode(y=low, y2=high, detail="run:N"),
        seen.mark_rule(color=BLUE, strokeWidth=1.5).encode(y=low, y2=high),
        seen.mark_rule(color=BLUE, strokeWidth=5).encode(y="noise_low:Q", y2="noise_high:Q"),
        seen.mark_line(color=BLUE, strokeWidth=2).encode(y="estimate:Q", detail="run:N"),
        seen.mark_point(fill="white", size=80, opacity=1, strokeWidth=2).encode(
            y="estimate:Q", shape=shape, color=color, tooltip=tips
        ),
        unseen.mark_point(fill=GREY, size=90, opacity=1).encode(y=alt.value(alt.expr(_FOOT)), tooltip=tips),
        coming.mark_rule(color=GREY, strokeWidth=1.5).encode(y=low, y2=high),
        coming.mark_point(fill="white", size=70, opacity=1, strokeWidth=2).encode(
            y="estimate:Q", shape=shape, color=color, tooltip=tips
        ),
        *(
            alt.Chart(pl.DataFrame({"limit": [edge]})).mark_rule(color=ink, strokeDash=[6, 4]).encode(y="limit:Q")
            for edge in edges
        ),
    ).properties(height=_TREND_PIXELS)


def comparison_chart(
    figures: list[PublishedFigure], overall: PublishedFigure | None, choice: Choice, ink: str
) -> AnyChart:
    """Return the shown cohorts as points with intervals, sorted, and a line for all participants.

    `figures` must all have an estimate; `overall` is None where the line would mean nothing.
    """
    ranked = sorted(figures, key=lambda figure: figure.estimate or 0, reverse=True)
    frame = pl.DataFrame(
        [_comparison_row(place, figure, overall) for place, figure in enumerate(ranked)], infer_schema_length=None
    )
    present = [name for name in VERDICTS if name in frame["verdict"].to_list()]
    # No key: every mark has its words.
    shape = alt.Shape("verdict:N", scale=_scale(VERDICTS, present, 0), legend=None)
    color = alt.Color("verdict:N", scale=_scale(VERDICTS, present, 1), legend=None)
    # A row is words above an interval, so that long names are whole on a phone as well.
    y = alt.Y("place:O", axis=None, scale=alt.Scale(type="band", paddingOuter=0.1))
    x_axis = alt.Axis(title=_axis_title(choice), labelColor=ink, titleColor=ink, tickCount=6)
    x = alt.X("estimate:Q", scale=alt.Scale(zero=False, nice=True), axis=x_axis)
    base = alt.Chart(frame).encode(y=y)
    names = base.encode(x=alt.value(4), text="name:N")
    layers: list[alt.Chart] = [
        base.mark_rule(strokeWidth=1.5, yOffset=8).encode(x="shown_low:Q", x2="shown_high:Q", color=color),
        base.mark_rule(strokeWidth=5, yOffset=8).encode(x="noise_low:Q", x2="noise_high:Q", color=color),
        base.mark_point(fill="white", size=90, opacity=1, strokeWidth=2, yOffset=8).encode(
            x=x, color=color, shape=shape, tooltip=[alt.Tooltip("name:N"), alt.Tooltip("text:N", title=choice.label)]
        ),
        names.mark_text(align="left", dy=_NAME_RISE, fontSize=_NAME_PIXELS, stroke=_ground(ink), strokeWidth=5),
        names.mark_text(align="left", dy=_NAME_RISE, fontSize=_NAME_PIXELS, color=ink),
    ]
    if overall is not None and overall.estimate is not None:
        rule = alt.Chart(pl.DataFrame({"estimate": [cut(overall.estimate, choice.unit)]}))
        layers.insert(0, rule.mark_rule(color=GREY, strokeWidth=2, strokeDash=[6, 4]).encode(x="estimate:Q"))
    return alt.layer(*layers).properties(height=_AXIS_PIXELS + _ROW_PIXELS * len(ranked))


def _ground(ink: str) -> str:
    """Return the page's ground, so that a name is readable over the lines behind it."""
    return "#0e1117" if ink == LIGHT_INK else "#ffffff"


def _scale(marks: dict[str, tuple[str, str]], present: list[str], part: int) -> alt.Scale:
    return alt.Scale(domain=present, range=[marks[name][part] for name in present])


def _axis_title(choice: Choice) -> str:
    units = {"percent": "%", "persons": "people", "0-100": "0 to 100"}
    return f"{choice.label} ({units.get(choice.unit, choice.unit)})"


def _comparison_row(place: int, figure: PublishedFigure, overall: PublishedFigure | None) -> dict[str, object]:
    return {
        "place": place,
        "name": alt_text.named(figure, overall) + (" (caution)" if figure.reliability == CAUTION else ""),
        "verdict": words.verdict(figure.against_all),
        "text": words.figure_cell(figure),
        **_ends(figure),
    }


def _ends(figure: PublishedFigure) -> dict[str, float | None]:
    """Return where a figure and its intervals are drawn: never past the ends of its scale."""
    return {
        "estimate": None if figure.estimate is None else cut(figure.estimate, figure.unit),
        "noise_low": cut(figure.noise.low, figure.unit) if figure.noise else None,
        "noise_high": cut(figure.noise.high, figure.unit) if figure.noise else None,
        "shown_low": cut(figure.shown.low, figure.unit) if figure.shown else None,
        "shown_high": cut(figure.shown.high, figure.unit) if figure.shown else None,
    }


def _trend_slots(
    figures: list[PublishedFigure], ahead: Sequence[PublishedOutlook], choice: Choice
) -> list[dict[str, object]]:
    """Return one row per place on the time axis, the outlook last; `run` numbers the unbroken stretches."""
    gaps = {first: (first, last) for first, last in not_released(figures, choice.cadence)}
    by_day = {figure.first_day: figure for figure in figures} | dict.fromkeys(gaps)
    years = {day.year for day in by_day} | {it.first_day.year for it in ahead}
    rows: list[dict[str, object]] = []
    run = 0
    for day, figure in sorted(by_day.items()):
        is_seen = figure is not None and not figure.is_withheld
        run += not is_seen
        rows.append(
            {
                "slot": _slot(day, years),
                "days": days(*gaps.get(day, (day, figure.last_day if figure else day))),
                "state": _state(figure),
                "text": words.figure_cell(figure) if figure else "not released",
                "run": run,
                **(_ends(figure) if figure else dict.fromkeys(_NO_ENDS)),
            }
        )
    return rows + [
        {
            "slot": _slot(it.first_day, years),
            "days": days(it.first_day, it.last_day),
            "state": "outlook",
            "text": f"outlook: {words.interval(it.interval, choice.unit)}",
            "run": run,
            **dict.fromkeys(_NO_ENDS),
            "estimate": cut(it.value, choice.unit),
            "shown_low": cut(it.interval.low, choice.unit),
            "shown_high": cut(it.interval.high, choice.unit),
        }
        for it in ahead
    ]


def _slot(day: date, years: set[int]) -> str:
    return f"{day.day} {day:%b}" + (f" {day.year}" if len(years) > 1 else "")


_NO_ENDS = ("estimate", "noise_low", "noise_high", "shown_low", "shown_high")


def _state(figure: PublishedFigure | None) -> str:
    if figure is None:
        return "not released"
    if figure.is_withheld:
        return "withheld"
    return "shown with caution" if figure.reliability == CAUTION else "shown"
