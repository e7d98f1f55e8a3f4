"""Figures weighted to public sizes, with the plain ones: strata of the plan, each counting by how many live there.

People of unknown key in a stratum's dimensions have no public size and so no weight; their number is published.
"""

import functools
import math
from dataclasses import dataclass, replace

import numpy as np

from analytics.layout import Array, Dimensions
from analytics.store.body import ReleasedHeadline
from analytics.trends.estimation.comparisons import Compared
from analytics.trends.estimation.figures import CellFigures, MeasureFigures, headline_figure, weights_of
from analytics.trends.estimation.intervals import Figure, Z, count_figure
from analytics.trends.estimation.simultaneous import critical_value
from analytics.trends.representation.strata import Cohort, Public, Strata, strata_within
from analytics.trends.representation.weighting import Cells, WeightedSum, figure, kish, variances, weighted_sum

BORNE = 6.0
"""Noise standard deviations of people that a stratum needs: from there on intervals hold in 94 to 96 of 100."""

EVERYONE: tuple[Dimensions, Cohort] = ((), ())


def borne(display: dict[str, str], variance: float) -> float:
    """Return how many people a stratum needs for intervals to hold: those of the display rule, and BORNE noise sds."""
    noise_sd = math.sqrt(variance)
    floor = float(display["floor_people"]) + float(display["floor_noise_sds"]) * noise_sd
    # Under a floor of nothing a ratio needs people all the same.
    return max(floor, BORNE * noise_sd, 1.0)


@dataclass(frozen=True)
class Poststratified:
    """One headline of one cohort, weighted; ratios between 0 and 1."""

    strata: Strata
    weighted: Figure
    plain: Figure
    less_plain: Compared
    against_all: Compared | None
    """Against everyone's weighted figure."""
    design_effect: Figure
    effective_people: Figure
    placed: Figure
    """People of the cohort who have a weight."""
    unplaced: Figure
    """People of the cohort who have none."""


@dataclass(frozen=True)
class _Weighing:
    """One headline over the cells of the strata's table."""

    figures: MeasureFigures
    table: Dimensions
    public: Public
    headline: ReleasedHeadline
    cells: Cells

    def strata(self, cohort: CellFigures) -> Strata | None:
        """Return the cohort's strata, where both its plain and its weighted figure are displayable."""
        if not self.figures.result(cohort, self.headline):
            return None
        strata = strata_within(self.figures, self.table, self.public, cohort, self._borne)
        return strata if all(self._bears(group) for group in strata.groups) else None

    def _borne(self, selection: Array) -> float:
        return borne(self.figures.display, self._variance(selection))

    def _bears(self, selection: Array) -> bool:
        """Say whether enough people are in a selection, by a number whose noise does not move its ratio.

        Noise that makes a stratum large makes its ratio small, or large: a figure shown where the noisy people are many
        is shown where its error is of one sign. With q(R) the variance of top - R bottom, bottom x sqrt(q(R)) is the
        measure of size whose noise is, to first order, independent of that of R = top / bottom, whatever R is. It is
        counted in people of everyone's ratio.
        """
        top, bottom = float(selection @ self.cells.top), float(selection @ self.cells.bottom)
        least = self._borne(selection)
        if bottom < least / 2:
            return False
        return bottom * math.sqrt(self._spread(top / bottom) / self._spread(self._everyone)) >= least

    def _spread(self, ratio: float) -> float:
        """Return the variance of top - ratio x bottom of one cell, at k = 1."""
        (one, both), (_, other) = self.cells.each
        return float(one - 2 * ratio * both + ratio**2 * other)

    @functools.cached_property
    def _everyone(self) -> float:
        """Everyone's ratio."""
        return float(self.cells.top.sum()) / max(float(self.cells.bottom.sum()), 1.0)

    def _variance(self, selection: Array) -> float:
        return float(selection @ self.cells.between @ selection) * float(self.cells.each[1, 1])

    def found(self, strata: Strata, less_plain: Compared, against_all: Compared | None) -> Poststratified:
        """Return what is published of a cohort."""
        (figure_,) = _figures(self.cells, [_own(self.cells, strata)])
        effect, effective = kish(self.cells, strata.groups, strata.weights)
        return Poststratified(
            strata=strata,
            weighted=figure_,
            plain=headline_figure(self.figures, strata.cohort, self.headline),
            less_plain=less_plain,
            against_all=against_all,
            design_effect=effect,
            effective_people=effective,
            placed=self._people(strata.groups.sum(axis=0)),
            unplaced=self._people(strata.unplaced),
        )

    def _people(self, selection: Array) -> Figure:
        """Return the number of people in a selection of cells."""
        return count_figure(float(selection @ self.cells.bottom), self._variance(selection))


def poststratified(
    figures: MeasureFigures, strata_table: Dimensions, public: Public, table: Dimensions, headline: ReleasedHeadline
) -> dict[Cohort, Poststratified]:
    """Return the cohorts of `table`, which must lie within the strata, that have a displayable weighted figure."""
    weighing = _Weighing(figures, strata_table, public, headline, _cells(figures, strata_table, headline))
    cohorts = [cell for cell in figures.cells.values() if cell.table == table and public.size(table, cell.cohort)]
    strata = [one for cohort in cohorts if (one := weighing.strata(cohort))]
    if not strata:
        return {}
    everyone = figures.cells.get(EVERYONE) if table else None
    whole = weighing.strata(everyone) if everyone else None
    cells = weighing.cells
    against = _family(cells, [_against(cells, one, whole) for one in strata]) if whole else [None] * len(strata)
    less_plain = _family(cells, [_less_plain(cells, one) for one in strata])
    return {
        one.cohort.cohort: weighing.found(one, difference, other)
        for one, difference, other in zip(strata, less_plain, against, strict=True)
    }


def _cells(figures: MeasureFigures, table: Dimensions, headline: ReleasedHeadline) -> Cells:
    array = figures.estimates.tables[table].reshape(-1, len(figures.measure.categories))
    weights, whole = weights_of(headline)
    both = np.array([weights, whole])
    each = both @ figures.layout.spread @ both.T
    return Cells(array @ weights, array @ whole, figures.layout.covariances(table), each)


def _own(cells: Cells, one: Strata) -> WeightedSum:
    return weighted_sum(cells, one.groups, one.weights)


def _less_plain(cells: Cells, one: Strata) -> WeightedSum:
    """Return the weighted figure less the plain one, which is published with its own bias: that is not taken back."""
    groups, weights = np.vstack([one.groups, one.within]), np.append(one.weights, -1.0)
    return replace(weighted_sum(cells, groups, weights), bias=_own(cells, one).bias)


def _against(cells: Cells, one: Strata, whole: Strata) -> WeightedSum:
    """Return the weighted figure less everyone's."""
    return weighted_sum(cells, np.vstack([one.groups, whole.groups]), np.concatenate([one.weights, -whole.weights]))


def _figures(cells: Cells, found: list[WeightedSum], z: float = Z) -> list[Figure]:
    noise, sampling = variances(cells, found)
    return [
        figure(it.value - it.bias, float(own), float(more), z)
        for it, own, more in zip(found, noise.diagonal(), sampling.diagonal(), strict=True)
    ]


def _family(cells: Cells, found: list[WeightedSum]) -> list[Compared]:
    """Return differences that are read together, with simultaneous intervals."""
    noise, sampling = variances(cells, found)
    wide = _figures(cells, found, critical_value(noise + sampling))
    pairs = zip(_figures(cells, found), wide, strict=True)
    return [Compared(one, it.shown) for one, it in pairs if it.shown]
