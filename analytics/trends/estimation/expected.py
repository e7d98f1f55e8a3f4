"""What a plan will show, before it has seen a row: half-widths by the number of people in a cohort."""

import math
from typing import TypedDict

import numpy as np

from analytics.contracts import MICRO, FrozenMeasure, Grid, Headline, Measure, Plan, table_name
from analytics.layout import Array, Dimensions, Layout
from analytics.store.body import HeadlineKind
from analytics.trends.estimation.figures import UNIT_SCALE, people_floor
from analytics.trends.estimation.intervals import count_figure, ratio_figure


class HalfWidthRow(TypedDict):
    """Expected half-widths of one headline in a cohort of one table in which so many people log."""

    product: str
    measure: str
    table: str
    people: int
    counted: int
    headline: str
    readable: bool
    noise: float | None
    shown: float | None


class _Widths(TypedDict):
    readable: bool
    noise: float | None
    shown: float | None


def plan_layout(grid: Grid, tables: tuple[Dimensions, ...], frozen: FrozenMeasure) -> Layout:
    """Return the public shape that a frozen measure will have."""
    return Layout(
        keys={name: len(grid.keys(name)) for name in grid.dimensions},
        sigma={dimensions: frozen.sigma[table_name(dimensions)] / MICRO for dimensions in tables},
        basis=frozen.basis,
    )


def half_widths(
    plan: Plan, grid: Grid, frozen: dict[str, dict[str, FrozenMeasure]], people: list[int]
) -> list[HalfWidthRow]:
    """Return expected half-widths of both intervals for a cohort in which so many people log, table by table.

    In persons, percent or points of 0-100; None where it would be withheld. How many of them a measure counts
    (`counted`), and how they are spread, is the plan's public assumption; without one, all of them and evenly.
    """
    display = {name: str(value) for name, value in plan.display.model_dump().items()}
    found: list[HalfWidthRow] = []
    for name, product in plan.products.items():
        for measure, tables in product.tables.items():
            layout = plan_layout(grid, tables, frozen[name][measure])
            expected = plan.measures[measure]
            for table in tables:
                for number in people:
                    cell = _typical(expected) * number
                    found.extend(
                        {
                            "product": name,
                            "measure": measure,
                            "table": table_name(table),
                            "people": number,
                            "counted": round(float(cell.sum())),
                            "headline": headline,
                            **_widths(layout, table, result, cell, display),
                        }
                        for headline, result in expected.headlines.items()
                    )
    return found


def _widths(layout: Layout, table: Dimensions, headline: Headline, cell: Array, display: dict[str, str]) -> _Widths:
    whole = np.array(headline.whole, dtype=np.float64)
    if float(whole @ cell) < people_floor(layout, table, display, whole):
        return {"readable": False, "noise": None, "shown": None}
    covariance = layout.variance(table) * layout.spread
    if headline.kind == "people":
        figure = count_figure(float(cell.sum()), float(whole @ covariance @ whole))
    else:
        top = 100.0 if headline.kind == "mean" else 1.0
        figure = ratio_figure(cell, np.array(headline.weights, dtype=np.float64) / top, whole, covariance)
    scale = UNIT_SCALE[HeadlineKind(headline.kind)]
    noise, shown = (
        round(interval.half_width * scale, 2) if interval and math.isfinite(interval.half_width) else None
        for interval in (figure.noise, figure.shown)
    )
    return {"readable": shown is not None, "noise": noise, "shown": shown}


def _typical(measure: Measure) -> Array:
    """Return how many of each category one person who logs is expected to be."""
    categories = len(measure.categories)
    if measure.typical is None:
        return np.full(categories, 1 / categories)
    spread = np.array(measure.typical.spread, dtype=np.float64)
    typical: Array = spread / spread.sum() * (measure.typical.counted / 100)
    return typical
