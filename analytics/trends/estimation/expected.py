"""What a plan will show, before it has seen a row: half-widths by the number of people in a cohort."""

import math
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from analytics.contracts import MICRO, FrozenMeasure, Grid, Headline, Measure, Plan, table_name
from analytics.contracts.assumptions import Assumptions
from analytics.foreseen.assumed import Spread, per_person, sampling_of_one, sought
from analytics.foreseen.recursion import modelled_variances
from analytics.layout import Array, Dimensions, Layout
from analytics.store.body import HeadlineKind
from analytics.trends.estimation.figures import UNIT_SCALE, people_floor
from analytics.trends.estimation.intervals import count_figure, ratio_figure
from analytics.trends.modelling.headline_cells import FEW, SURE

PERIODS = (1, 4, 13)
"""After so many, modelled figures are predicted."""

_Z = 1.96

WIDEST = 50.0
"""Points: a ratio that is uncertain by so much to each side may be anything."""


class ModelledWidth(TypedDict):
    """Expected half-widths of one modelled figure after so many periods, and whether it would be displayed."""

    periods: int
    readable: bool
    noise: float
    shown: float


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
    modelled: list[ModelledWidth]


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

    In persons, percent or points of 0-100; None where the plain figure would be withheld. How many of them a measure
    counts (`counted`), and how they are spread, is the plan's public assumption; without one, all of them and evenly.
    Modelled figures also depend on other cohorts: as many people log in each cohort of the table with known keys.
    """
    display = {name: str(value) for name, value in plan.display.model_dump().items()}
    found: list[HalfWidthRow] = []
    for name, product in plan.products.items():
        for measure, tables in product.tables.items():
            layout = plan_layout(grid, tables, frozen[name][measure])
            expected = plan.measures[measure]
            predicted = _Predicted(layout, expected, plan.assumes, Spread.of(grid, plan.assumes.evenly))
            for table in tables:
                for number in people:
                    cell = per_person(expected) * number
                    modelled = predicted.widths(table, float(cell.sum()))
                    found.extend(
                        {
                            "product": name,
                            "measure": measure,
                            "table": table_name(table),
                            "people": number,
                            "counted": round(float(cell.sum())),
                            "headline": headline,
                            **_widths(layout, table, result, cell, display),
                            "modelled": modelled[headline],
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


@dataclass(frozen=True)
class _Predicted:
    """What modelled figures of one measure will be known within."""

    layout: Layout
    measure: Measure
    assumed: Assumptions
    spread: Spread

    def widths(self, table: Dimensions, counted: float) -> dict[str, list[ModelledWidth]]:
        """Return each headline's half-widths in a cohort of `table` of which so many are counted."""
        everybody = counted * math.prod(self.spread.sizes[name] for name in table)
        tables = self.layout.component_variance
        people = {one: self.spread.people(one, everybody) for one in tables}
        noise = {one: np.array(self.layout.variance(one)) for one in tables}
        figures = sought(self.measure, self.layout.spread, self.assumed, len(self.spread.sizes))
        found: dict[str, list[ModelledWidth]] = {name: [] for name in self.measure.headlines}
        for periods in PERIODS:
            variances = modelled_variances(figures, noise, people, self.spread.sizes, periods)[table].ravel()
            numbers = [
                one
                for headline, one in zip(self.measure.headlines.values(), variances, strict=True)
                if headline.kind == "people"
            ]
            is_enough = counted * (1 - SURE * math.sqrt(float(max(numbers, default=0.0)))) >= FEW
            for (name, headline), variance in zip(self.measure.headlines.items(), variances, strict=True):
                scale = _Z * (counted if headline.kind == "people" else 100.0)
                sampled = sampling_of_one(self.measure, headline) / counted
                noisy, shown = (round(scale * math.sqrt(float(one)), 2) for one in (variance, variance + sampled))
                is_narrow = headline.kind == "people" or shown < WIDEST
                found[name].append(
                    {"periods": periods, "readable": bool(is_enough and is_narrow), "noise": noisy, "shown": shown}
                )
        return found
