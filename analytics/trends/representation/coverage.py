"""How many of the people who live in a group log: noisy people per 1,000 of the public size, and against everyone.

A cohort counts the people who are known to be in it. Everyone counts the people whose area is known: the others are
left out, since the public sizes hold nobody of unknown key and some of them may live elsewhere.
"""

from dataclasses import dataclass

import numpy as np

from analytics.contracts import UNKNOWN
from analytics.layout import Dimensions
from analytics.trends.estimation.comparisons import Compared
from analytics.trends.estimation.figures import CellFigures, MeasureFigures
from analytics.trends.estimation.intervals import Figure, Interval, count_figure
from analytics.trends.estimation.simultaneous import critical_value
from analytics.trends.representation.strata import Cohort, Public
from analytics.trends.representation.weighting import figure

PER = 1000
"""Of so many people."""


@dataclass(frozen=True)
class Covered:
    """One cohort with its public size."""

    size: int
    people: Figure
    per_thousand: Figure
    against_all: Compared | None


@dataclass(frozen=True)
class _Everyone:
    """People with a known place, from the table that knows most."""

    people: float
    variance: float
    table: Dimensions
    known: list[tuple[int, ...]]


def coverage(figures: MeasureFigures, public: Public, table: Dimensions) -> dict[Cohort, Covered]:
    """Return the coverage of the cohorts of `table` that have a displayable number of people."""
    everyone = _everyone(figures, public)
    if everyone is None or not set(table) <= set(public.dimensions):
        return {}
    headline = next(one for one in figures.measure.headlines if one.name == "people")
    result = [cell for cell in figures.cells.values() if cell.table == table and figures.result(cell, headline)]
    sized = [(cell, size) for cell in result if (size := public.size(table, cell.cohort))]
    if not table:
        whole = count_figure(everyone.people, everyone.variance)
        return {cell.cohort: Covered(size, whole, _scaled(whole, PER / size), None) for cell, size in sized}
    is_everyone_shown = any(figures.result(cell, headline) for cell in [figures.cells.get(((), ()))] if cell)
    against = _against(figures, public.total, everyone, sized) if is_everyone_shown and sized else [None] * len(sized)
    return {
        cell.cohort: Covered(size, cell.people, _scaled(cell.people, PER / size), difference)
        for (cell, size), difference in zip(sized, against, strict=True)
    }


def _everyone(figures: MeasureFigures, public: Public) -> _Everyone | None:
    tables = [table for table in figures.estimates.tables if table and set(table) <= set(public.dimensions)]
    if not tables:
        return None
    table = max(tables, key=len)
    cells = [cell for cell in figures.cells.values() if cell.table == table]
    known = np.array([float(UNKNOWN not in cell.cohort) for cell in cells])
    people = np.array([cell.people.estimate for cell in cells])
    spread = figures.layout.spread
    variance = float(known @ figures.layout.covariances(table) @ known) * float(spread.sum())
    return _Everyone(
        float(known @ people), variance, table, [cell.cell for cell in cells if UNKNOWN not in cell.cohort]
    )


def _against(
    figures: MeasureFigures, total: int, everyone: _Everyone, sized: list[tuple[CellFigures, int]]
) -> list[Compared]:
    """Return the cohorts' coverage less everyone's; noise and people that they share are allowed for."""
    layout, table = figures.layout, sized[0][0].table
    shape = tuple(layout.keys[name] for name in table)
    places = [int(np.ravel_multi_index(cell.cell, shape)) for cell, _ in sized]
    each = float(layout.spread.sum())
    own = layout.covariances(table)[np.ix_(places, places)] * each
    # Every cohort of known keys has the same share in everyone's noise.
    first = sized[0][0].cell
    shared = sum(layout.covariance(table, first, everyone.table, cell) for cell in everyone.known) * each
    per = np.array([PER / size for _, size in sized])
    people = np.array([max(cell.people.estimate, 0.0) for cell, _ in sized])
    of_all = PER / total
    noise = own * np.outer(per, per) - shared * of_all * (per[:, None] + per) + everyone.variance * of_all**2
    # Whoever is in a cohort is among everyone, but for few of unknown key in another dimension.
    crossed = people * per * of_all
    sampling = np.diag(people * per**2) - crossed[:, None] - crossed + everyone.people * of_all**2
    z = critical_value(noise + sampling)
    values = np.array([cell.people.estimate for cell, _ in sized]) * per - everyone.people * of_all
    result = zip(values.tolist(), noise.diagonal().tolist(), sampling.diagonal().tolist(), strict=True)
    pairs = [(figure(*one), figure(*one, z)) for one in result]
    return [Compared(one, wide.shown) for one, wide in pairs if wide.shown]


def _scaled(count: Figure, scale: float) -> Figure:
    ends = [it and Interval(it.low * scale, it.high * scale) for it in (count.noise, count.shown)]
    return Figure(count.estimate * scale, *ends)
