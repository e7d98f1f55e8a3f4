"""From reconciled cells to the figures of one release: headlines, comparisons, and whether they are shown.

The display rule looks at the noisy number of people and the noise law only; it protects readers from reading noise.
What protects people is the noise itself.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.cells import NoisyCells
from analytics.contracts import cohort_name, table_name
from analytics.layout import Array, Dimensions, Layout
from analytics.store.chain import Entry
from analytics.trends.estimate import Estimates, estimates_of
from analytics.trends.intervals import (
    Figure,
    count_difference,
    count_figure,
    linear_weights,
    ratio_difference,
    ratio_figure,
)

UNIT_SCALE = {"share": 100.0, "mean": 100.0, "people": 1.0}
"""Ratios are told on a 0-100 scale: percent of a share, points of a mean."""

TOO_UNCERTAIN = "too uncertain: the noise that protects people is too large for so small a group"
WIDE = "the interval reaches further than {points} points to each side"


@dataclass(frozen=True)
class CellFigures:
    """One cohort of one table."""

    table: Dimensions
    cell: tuple[int, ...]
    cohort: tuple[str, ...]
    categories: Array
    people: Figure


@dataclass(frozen=True)
class ReleaseFigures:
    """One measure of one release, cohort by cohort."""

    measure: dict[str, Any]
    estimates: Estimates
    display: dict[str, str]
    cells: dict[tuple[Dimensions, tuple[str, ...]], CellFigures]

    @property
    def layout(self) -> Layout:
        """The public shape."""
        return self.estimates.layout


def people_floor(layout: Layout, table: Dimensions, display: dict[str, str], whole: Array | None = None) -> float:
    """Return the noisy number of people from which a cohort of `table` is shown: those of `whole`, else all."""
    ones = np.ones(len(layout.basis[0])) if whole is None else whole
    noise_sd = math.sqrt(layout.variance(table) * float(ones @ layout.spread @ ones))
    return float(display["floor_people"]) + float(display["floor_noise_sds"]) * noise_sd


def figures_of(entry: Entry, cells: NoisyCells) -> list[ReleaseFigures]:
    """Return the figures of each measure of a release."""
    keys = {one["name"]: [key for key, _ in one["keys"]] for one in entry.body["dimensions"]}
    found = []
    for measure in entry.body["measures"]:
        estimates = estimates_of(entry, cells, measure["name"])
        layout = estimates.layout
        ones = np.ones(len(measure["categories"]))
        told: dict[tuple[Dimensions, tuple[str, ...]], CellFigures] = {}
        for table, array in estimates.tables.items():
            variance = layout.variance(table) * float(ones @ layout.spread @ ones)
            for cell in itertools.product(*(range(layout.keys[name]) for name in table)):
                cohort = tuple(keys[name][position] for name, position in zip(table, cell, strict=True))
                people = count_figure(float(array[cell].sum()), variance)
                told[table, cohort] = CellFigures(table, cell, cohort, array[cell], people)
        found.append(ReleaseFigures(measure, estimates, entry.body["display"], told))
    return found


def rows_of(entry: Entry, now: list[ReleaseFigures], before: list[ReleaseFigures]) -> Iterator[dict[str, Any]]:
    """Yield one row per measure, table, cohort and headline, in the plan's and grid's order.

    `before` is the previous period of the same product, or empty where it had not been released.
    """
    earlier = {figures.measure["name"]: figures for figures in before}
    for figures in now:
        previous = earlier.get(figures.measure["name"])
        for cell in figures.cells.values():
            for headline in figures.measure["headlines"]:
                yield _row(entry, figures, previous, cell, headline)


def _row(
    entry: Entry, figures: ReleaseFigures, previous: ReleaseFigures | None, cell: CellFigures, headline: dict[str, Any]
) -> dict[str, Any]:
    scale = UNIT_SCALE[headline["kind"]]
    figure = _told(figures, cell, headline)
    reliability, reason = _reliability(entry, figure, headline)
    return {
        "product": entry.product,
        "period": entry.period,
        "revision": entry.revision,
        "first_day": entry.body["first_day"],
        "last_day": entry.body["last_day"],
        "measure": figures.measure["name"],
        "table": table_name(cell.table),
        "cohort": cohort_name(cell.cohort),
        "headline": headline["name"],
        "unit": headline["unit"],
        "estimate": _number(figure.estimate * scale if figure else None),
        **_ends("", figure, scale),
        "people": _number(cell.people.estimate if figure else None),
        "reliability": reliability,
        "reason": reason,
        **_comparison("since_previous", _since_previous(figures, previous, cell, headline), scale),
        **_comparison("against_all", _against_all(figures, cell, headline), scale),
    }


def headline_figure(figures: ReleaseFigures, cell: CellFigures, headline: dict[str, Any]) -> Figure:
    """Return one headline of one cohort: persons, or a ratio between 0 and 1."""
    if headline["kind"] == "people":
        return cell.people
    covariance = figures.layout.variance(cell.table) * figures.layout.spread
    return ratio_figure(cell.categories, *_weights(headline), covariance)


def _told(figures: ReleaseFigures, cell: CellFigures, headline: dict[str, Any]) -> Figure | None:
    """Return a headline that may be told: enough people are in its whole, and both of its intervals have ends."""
    _, whole = _weights(headline)
    if float(whole @ cell.categories) < people_floor(figures.layout, cell.table, figures.display, whole):
        return None
    figure = headline_figure(figures, cell, headline)
    return None if figure.noise is None or figure.shown is None else figure


def _weights(headline: dict[str, Any]) -> tuple[Array, Array]:
    """Return what a headline weighs and the whole that it is of."""
    top = 100.0 if headline["kind"] == "mean" else 1.0
    return np.array(headline["weights"], dtype=np.float64) / top, np.array(headline["whole"], dtype=np.float64)


def _reliability(entry: Entry, figure: Figure | None, headline: dict[str, Any]) -> tuple[str, str]:
    if figure is None or figure.shown is None:
        return "withheld", TOO_UNCERTAIN
    points = entry.body["display"]["caution_half_width"]
    if headline["kind"] != "people" and figure.shown.half_width * UNIT_SCALE[headline["kind"]] > float(points):
        return "caution", WIDE.format(points=points)
    return "ok", ""


def _since_previous(
    figures: ReleaseFigures, previous: ReleaseFigures | None, cell: CellFigures, headline: dict[str, Any]
) -> Figure | None:
    """Return the change since the period before, where the same headline of the same cohort was shown then too."""
    if previous is None or headline not in previous.measure["headlines"]:
        return None
    then = previous.cells.get((cell.table, cell.cohort))
    if then is None:
        return None
    one, other = _told(figures, cell, headline), _told(previous, then, headline)
    if one is None or other is None:
        return None
    if headline["kind"] == "people":
        return count_difference(one, other)
    return ratio_difference(one, other, 0.0, 0.0)


def _against_all(figures: ReleaseFigures, cell: CellFigures, headline: dict[str, Any]) -> Figure | None:
    """Return the difference from everyone of the same release: noise and people that the two share are allowed for."""
    everyone = figures.cells.get(((), ()))
    if everyone is None or not cell.table or headline["kind"] == "people":
        return None
    one, other = _told(figures, cell, headline), _told(figures, everyone, headline)
    if one is None or other is None:
        return None
    weights, whole = _weights(headline)
    mine, theirs = (linear_weights(it.categories, weights, whole) for it in (cell, everyone))
    here, there = (float(whole @ it.categories) for it in (cell, everyone))
    layout, spread = figures.layout, figures.layout.spread
    noise = [
        layout.variance(cell.table) * float(mine @ spread @ mine),
        layout.variance(()) * float(theirs @ spread @ theirs),
        layout.covariance(cell.table, cell.cell, (), ()) * float(mine @ spread @ theirs),
    ]
    # Of everyone's sampling variation, the cohort's own part is shared with it: Cov = p (1 - p) / everyone.
    p, q = (min(max(it.estimate, 0.0), 1.0) for it in (one, other))
    sampling = [
        p * (1 - p) / here,
        q * (1 - q) / there,
        p * (1 - p) / there,
    ]
    both = [a + b for a, b in zip(noise, sampling, strict=True)]
    return ratio_difference(one, other, _correlation(noise), _correlation(both))


def _correlation(moments: list[float]) -> float:
    product = moments[0] * moments[1]
    return 0.0 if product <= 0 else max(-1.0, min(1.0, moments[2] / math.sqrt(product)))


def _comparison(name: str, figure: Figure | None, scale: float) -> dict[str, float | None]:
    return {name: _number(figure.estimate * scale if figure else None), **_ends(f"{name}_", figure, scale)}


def _ends(prefix: str, figure: Figure | None, scale: float) -> dict[str, float | None]:
    ends: dict[str, float | None] = {}
    for kind in ("noise", "shown"):
        interval = getattr(figure, kind) if figure else None
        ends[f"{prefix}{kind}_low"] = _number(interval.low * scale if interval else None)
        ends[f"{prefix}{kind}_high"] = _number(interval.high * scale if interval else None)
    return ends


def _number(value: float | None) -> float | None:
    """Round to six digits, so that the last bits of one machine's arithmetic are not published; no minus zero."""
    return None if value is None else round(value, 6) + 0.0


@dataclass(frozen=True)
class Told:
    """One published figure with the two variances of its estimate, in the figure's own unit (squared)."""

    value: float
    noise_variance: float
    """Of the noise: from the plan, for a ratio at the estimate (delta method)."""
    sampling_variance: float
    """Of who happens to log, at its bound: p (1 - p) / n for a ratio, n for a number of people."""


def told_of(figures: ReleaseFigures) -> Iterator[tuple[CellFigures, dict[str, Any], Told | None]]:
    """Yield every headline of every cohort in the order of the rows; None where it is withheld."""
    spread = figures.layout.spread
    for cell in figures.cells.values():
        for headline in figures.measure["headlines"]:
            figure = _told(figures, cell, headline)
            if figure is None:
                yield cell, headline, None
                continue
            scale = UNIT_SCALE[headline["kind"]]
            ratios, whole = _weights(headline)
            people = max(float(whole @ cell.categories), 1.0)
            if headline["kind"] == "people":
                weights, sampling = whole, people
            else:
                ratio = min(max(figure.estimate, 0.0), 1.0)
                weights, sampling = linear_weights(cell.categories, ratios, whole), ratio * (1 - ratio) / people
            noise = figures.layout.variance(cell.table) * float(weights @ spread @ weights)
            yield cell, headline, Told(round(figure.estimate * scale, 6), noise * scale**2, sampling * scale**2)
