"""What a plan will show, before it has seen a row: half-widths by the number of people in a cohort."""

import math
from typing import Any

import numpy as np

from analytics.contracts import MICRO, FrozenMeasure, Grid, Headline, Plan, table_name
from analytics.layout import Array, Dimensions, Layout
from analytics.trends.figures import UNIT_SCALE, people_floor
from analytics.trends.intervals import count_figure, ratio_figure

TYPICAL = (0.08, 0.16, 0.26, 0.32, 0.18)
"""An invented spread over five bands (24 % low, a mean of 59): a public assumption, not an estimate."""


def plan_layout(grid: Grid, tables: tuple[Dimensions, ...], frozen: FrozenMeasure) -> Layout:
    """Return the public shape that a frozen measure will have."""
    return Layout(
        keys={name: len(grid.keys(name)) for name in grid.dimensions},
        sigma={dimensions: frozen.sigma[table_name(dimensions)] / MICRO for dimensions in tables},
        basis=frozen.basis,
    )


def half_widths(
    plan: Plan, grid: Grid, frozen: dict[str, dict[str, FrozenMeasure]], people: list[int]
) -> list[dict[str, Any]]:
    """Return expected half-widths of both intervals for a cohort of so many people, table by table.

    In persons, percent or points of 0-100; None where it would be withheld.
    """
    display = {name: str(value) for name, value in plan.display.model_dump().items()}
    found: list[dict[str, Any]] = []
    for name, product in plan.products.items():
        for measure, tables in product.tables.items():
            layout = plan_layout(grid, tables, frozen[name][measure])
            for table in tables:
                for number in people:
                    found.extend(
                        {
                            "product": name,
                            "measure": measure,
                            "table": table_name(table),
                            "people": number,
                            "headline": headline,
                            **_widths(layout, table, told, number, display),
                        }
                        for headline, told in plan.measures[measure].headlines.items()
                    )
    return found


def _widths(
    layout: Layout, table: Dimensions, headline: Headline, people: int, display: dict[str, str]
) -> dict[str, bool | float | None]:
    cell, whole = _typical(len(headline.weights)) * people, np.array(headline.whole, dtype=np.float64)
    if float(whole @ cell) < people_floor(layout, table, display, whole):
        return {"readable": False, "noise": None, "shown": None}
    covariance = layout.variance(table) * layout.spread
    if headline.kind == "people":
        figure = count_figure(people, float(whole @ covariance @ whole))
    else:
        top = 100.0 if headline.kind == "mean" else 1.0
        figure = ratio_figure(cell, np.array(headline.weights, dtype=np.float64) / top, whole, covariance)
    scale = UNIT_SCALE[headline.kind]
    widths = {
        kind: round(interval.half_width * scale, 2) if interval and math.isfinite(interval.half_width) else None
        for kind, interval in (("noise", figure.noise), ("shown", figure.shown))
    }
    return {"readable": widths["shown"] is not None, **widths}


def _typical(categories: int) -> Array:
    if categories == len(TYPICAL):
        return np.array(TYPICAL)
    return np.full(categories, 1 / categories)
