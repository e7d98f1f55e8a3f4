"""From reconciled cells to the figures of one release: headlines, and whether they are displayable.

The display rule looks at the noisy number of people and the noise law only; it protects readers from reading noise.
What protects people is the noise itself.
"""

import functools
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.cells import NoisyCells
from analytics.layout import Array, Dimensions, Layout
from analytics.periods import Period
from analytics.store.body import HeadlineKind, ReleasedHeadline, ReleasedMeasure
from analytics.store.chain import Entry
from analytics.trends.estimation.estimates import Estimates, estimates_of
from analytics.trends.estimation.intervals import Figure, Z, count_figure, linear_weights, ratio_figure
from analytics.trends.estimation.not_compared import not_compared

UNIT_SCALE = {HeadlineKind.SHARE: 100.0, HeadlineKind.MEAN: 100.0, HeadlineKind.PEOPLE: 1.0}
"""Ratios are published on a 0-100 scale: percent of a share, points of a mean."""


@dataclass(frozen=True)
class CellFigures:
    """One cohort of one table."""

    table: Dimensions
    cell: tuple[int, ...]
    cohort: tuple[str, ...]
    categories: Array
    people: Figure


@dataclass(frozen=True)
class MeasureFigures:
    """One measure of one release, cohort by cohort."""

    measure: ReleasedMeasure
    estimates: Estimates
    display: dict[str, str]
    cells: dict[tuple[Dimensions, tuple[str, ...]], CellFigures]
    not_compared: tuple[str, ...] = ()
    """Why they are compared with no other period; empty where they are."""

    @property
    def layout(self) -> Layout:
        """The public shape."""
        return self.estimates.layout

    def covariance(self, table: Dimensions) -> Array:
        """Return the covariance of the categories of any one cell of `table`, in persons²."""
        return self.layout.variance(table) * self.layout.spread

    def result(self, cell: CellFigures, headline: ReleasedHeadline) -> Figure | None:
        """Return a headline of one of its cohorts, where it is displayable."""
        key = (cell.table, cell.cohort, headline.name)
        if key not in self._known:
            covariance = self.covariance(cell.table)
            self._known[key] = readable(cell.categories, covariance, headline, self.display)
        return self._known[key]

    @functools.cached_property
    def _known(self) -> dict[tuple[Dimensions, tuple[str, ...], str], Figure | None]:
        return {}


def people_floor(layout: Layout, table: Dimensions, display: dict[str, str], whole: Array | None = None) -> float:
    """Return the noisy number of people from which a cohort of `table` is shown: those of `whole`, else all."""
    ones = np.ones(len(layout.basis[0])) if whole is None else whole
    return _floor(layout.variance(table) * layout.spread, ones, display)


def _floor(covariance: Array, whole: Array, display: dict[str, str]) -> float:
    noise_sd = math.sqrt(float(whole @ covariance @ whole))
    return float(display["floor_people"]) + float(display["floor_noise_sds"]) * noise_sd


def figures_of(entry: Entry, cells: NoisyCells, first: Period | None = None) -> list[MeasureFigures]:
    """Return the figures of each measure of a release.

    `first` is the product's first period as of the release; without it nothing is taken for a beginning.
    """
    keys = entry.body.keys
    found = []
    for measure in entry.body.measures:
        estimates = estimates_of(entry, cells, measure.name)
        layout = estimates.layout
        ones = np.ones(len(measure.categories))
        result: dict[tuple[Dimensions, tuple[str, ...]], CellFigures] = {}
        for table, array in estimates.tables.items():
            variance = layout.variance(table) * float(ones @ layout.spread @ ones)
            for cell in itertools.product(*(range(layout.keys[name]) for name in table)):
                cohort = tuple(keys[name][position] for name, position in zip(table, cell, strict=True))
                people = count_figure(float(array[cell].sum()), variance)
                result[table, cohort] = CellFigures(table, cell, cohort, array[cell], people)
        reasons = not_compared(measure.looks_back_weeks or 0, entry.period_, first) if first else ()
        found.append(MeasureFigures(measure, estimates, entry.body.display, result, reasons))
    return found


def weights_of(headline: ReleasedHeadline) -> tuple[Array, Array]:
    """Return what a headline weighs and the whole that it is of; neither is to be written."""
    return _weights(headline.kind is HeadlineKind.MEAN, headline.weights, headline.whole)


@functools.lru_cache(maxsize=1024)
def _weights(is_mean: bool, weights: tuple[float, ...], whole: tuple[float, ...]) -> tuple[Array, Array]:  # noqa: FBT001 -- a key of the cache
    top = 100.0 if is_mean else 1.0
    found = np.array(weights, dtype=np.float64) / top, np.array(whole, dtype=np.float64)
    for each in found:
        each.flags.writeable = False
    return found


def counted(categories: Array, headline: ReleasedHeadline) -> float:
    """Return the noisy number of people that a headline is of: those of its whole."""
    _, whole = weights_of(headline)
    return float(whole @ categories)


def figure_of(categories: Array, covariance: Array, headline: ReleasedHeadline, z: float = Z) -> Figure:
    """Return one headline of a cell with this covariance: persons, or a ratio between 0 and 1."""
    weights, whole = weights_of(headline)
    if headline.kind is HeadlineKind.PEOPLE:
        return count_figure(float(whole @ categories), float(whole @ covariance @ whole), z)
    return ratio_figure(categories, weights, whole, covariance, z)


def headline_figure(figures: MeasureFigures, cell: CellFigures, headline: ReleasedHeadline) -> Figure:
    """Return one headline of one cohort, whether or not it is displayable."""
    return figure_of(cell.categories, figures.covariance(cell.table), headline)


def readable(
    categories: Array, covariance: Array, headline: ReleasedHeadline, display: dict[str, str]
) -> Figure | None:
    """Return a headline if it is displayable: enough people are in its whole, and both of its intervals have ends."""
    _, whole = weights_of(headline)
    if counted(categories, headline) < _floor(covariance, whole, display):
        return None
    figure = figure_of(categories, covariance, headline)
    return None if figure.noise is None or figure.shown is None else figure


@dataclass(frozen=True)
class HeadlineResult:
    """One published figure with the two variances of its estimate, in the figure's own unit (squared)."""

    value: float
    noise_variance: float
    """Of the noise: from the plan, for a ratio at the estimate (delta method)."""
    sampling_variance: float
    """Of who happens to log, at its bound: p (1 - p) / n for a ratio, n for a number of people."""


def headline_results(figures: MeasureFigures) -> Iterator[tuple[CellFigures, ReleasedHeadline, HeadlineResult | None]]:
    """Yield every headline of every cohort in the order of the rows; None where it is withheld."""
    spread = figures.layout.spread
    for cell in figures.cells.values():
        for headline in figures.measure.headlines:
            figure = figures.result(cell, headline)
            if figure is None:
                yield cell, headline, None
                continue
            scale = UNIT_SCALE[headline.kind]
            ratios, whole = weights_of(headline)
            people = max(counted(cell.categories, headline), 1.0)
            if headline.kind is HeadlineKind.PEOPLE:
                weights, sampling = whole, people
            else:
                ratio = min(max(figure.estimate, 0.0), 1.0)
                weights, sampling = linear_weights(cell.categories, ratios, whole), ratio * (1 - ratio) / people
            noise = figures.layout.variance(cell.table) * float(weights @ spread @ weights)
            yield (
                cell,
                headline,
                HeadlineResult(round(figure.estimate * scale, 6), noise * scale**2, sampling * scale**2),
            )
