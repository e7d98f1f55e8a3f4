"""The groups of one dimension on a map: it repeats the chart of comparisons, and never comes without it.

Shapes are drawn as a plane, longitude by latitude, from the published GeoJSON alone: no tiles and no request.
"""

import itertools
from collections.abc import Mapping, Sequence

import altair as alt

from dashboard.charts.block import ChartBlock
from dashboard.charts.ink import GREY, INK, ORANGE, PURPLE, AnyChart, Rows
from dashboard.reading.figures import Choice
from dashboard.reading.shapes import Shape, Shapes
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.groups import Groups

CLASSES = {
    "higher": ("▲", ORANGE, 0.75, []),
    "lower": ("▼", PURPLE, 0.75, []),
    "no_clear_difference": ("=", GREY, 0.12, []),
    "withheld": ("✕", GREY, 0.0, [4, 4]),
}
"""Sign, colour, how strong the fill is, and the dashes of the outline."""
_PIXELS = 380


def map_block(words: Words, choice: Choice, view: Groups, shapes: Shapes, source: str) -> ChartBlock | None:
    """Return the map with its words; None where it has no shape of any group, or nothing is compared."""
    rows = map_rows(words, choice, view, shapes)
    if not rows["shapes"] or view.against == "nothing":
        return None
    classes = [
        words("groups.map.class", mark=words(f"groups.mark.{name}"), groups=words.listed(labels))
        for name in CLASSES
        if (labels := [str(row["label"]) for row in rows["signs"] if row["class"] == name])
    ]
    table = naming.table_name(words, choice, view.by)
    return ChartBlock(
        title=words("groups.map.title", figure=naming.figure_label(words, choice)),
        reading=words("groups.map.reading"),
        alt=words("groups.map.alt", table=table, classes=" ".join(classes)),
        chart=map_chart(words, rows),
        table=view.table,
        stem=f"map-{choice.measure}-{choice.headline}-{view.by}",
        source=source,
    )


def map_rows(words: Words, choice: Choice, view: Groups, shapes: Shapes) -> dict[str, Rows]:
    """Return each shape with the class of its group, and the sign and name in its middle."""
    marks = {one.cohort: str(one.mark).replace("odd_one", "no_clear_difference") for one in view.groups}
    known = {*marks, *view.held}
    areas: Rows = []
    signs: Rows = []
    for shape in shapes:
        if shape.cohort not in known:
            continue
        found = marks.get(shape.cohort, "withheld")
        found = found if found in CLASSES else "withheld"
        label = naming.cohort_label(words, choice, view.by, shape.cohort)
        sign, color, opacity, dash = CLASSES[found]
        facts = {"label": label, "class": found, "color": color, "opacity": opacity, "dash": bool(dash)}
        areas.append({"type": "Feature", "geometry": shape.geometry, **facts})
        longitude, latitude = _middle(shape)
        signs.append({**facts, "longitude": longitude, "latitude": latitude, "text": f"{sign}\n{label}"})
    return {"shapes": areas, "signs": signs}


def map_chart(words: Words, rows: Mapping[str, Rows]) -> AnyChart:
    """Return the shapes with their signs, and a key in words."""
    present = [name for name in CLASSES if any(row["class"] == name for row in rows["shapes"])]
    key = {name: f"{CLASSES[name][0]} {words(f'groups.mark.{name}')}" for name in present}
    named = "{" + ", ".join(f"'{name}': '{text}'" for name, text in key.items()) + "}[datum.label]"
    color = alt.Color(
        "class:N",
        scale=alt.Scale(domain=present, range=[CLASSES[name][1] for name in present]),
        legend=alt.Legend(orient="top", title=None, columns=2, labelExpr=named, symbolType="square"),
    )
    # Inside the chart: Streamlit makes tables of named data, and a shape is none.
    data = alt.InlineData(values=rows["shapes"])
    tip = [alt.Tooltip("label:N", title=words("grid.group"))]
    filled = (
        alt.Chart(data)
        .mark_geoshape(strokeWidth=2)
        .encode(
            color=color,
            stroke=alt.value(GREY),
            fillOpacity=alt.FillOpacity("opacity:Q", scale=None, legend=None),
            strokeDash=alt.StrokeDash(
                "dash:N", scale=alt.Scale(domain=[False, True], range=[[1, 0], [5, 4]]), legend=None
            ),
            tooltip=tip,
        )
    )
    signs = alt.Chart(alt.InlineData(values=rows["signs"])).encode(longitude="longitude:Q", latitude="latitude:Q")
    text = signs.mark_text(style=INK, lineHeight=15, fontWeight="bold", align="center", lineBreak="\n").encode(
        text="text:N"
    )
    return alt.layer(filled, text).project(type="identity", reflectY=True).properties(height=_PIXELS)


def _middle(shape: Shape) -> tuple[float, float]:
    """Return the centre of mass of the largest outer ring: inside nearly every area, and good enough for a sign."""
    ring = max((polygon[0] for polygon in shape.polygons), key=lambda corners: abs(_area(corners)))
    area = _area(ring)
    if not area:
        return ring[0][0], ring[0][1]
    crossed = [(one, two, one[0] * two[1] - two[0] * one[1]) for one, two in itertools.pairwise(ring)]
    across, along = (sum((one[axis] + two[axis]) * by for one, two, by in crossed) / (6 * area) for axis in (0, 1))
    return across, along


def _area(ring: Sequence[Sequence[float]]) -> float:
    return sum(one[0] * two[1] - two[0] * one[1] for one, two in itertools.pairwise(ring)) / 2
