"""Each shown cohort compared with everyone, with every other, and with itself one period before.

A family is what a reader sees side by side: all cohorts of one table in one release that have the comparison, for one
headline. Simultaneous intervals hold for the whole family in 95 of 100; each single interval does so for itself.
"""

import itertools
import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from analytics.contracts import UNKNOWN
from analytics.layout import Array, Dimensions
from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.trends.estimation.figures import CellFigures, MeasureFigures, figure_of, weights_of
from analytics.trends.estimation.intervals import Figure, Interval, count_difference, linear_weights, ratio_difference
from analytics.trends.estimation.simultaneous import critical_value, independent

MOST_SIMULATED = 2000
"""Pairs whose correlations are allowed for: of more, their number alone is, which is never too narrow."""

Cohort = tuple[str, ...]
Name = TypeVar("Name")


@dataclass(frozen=True)
class Compared:
    """A difference with both of its own intervals, and the one that holds with all others of its family."""

    figure: Figure
    simultaneous: Interval
    """As `shown`, never narrower."""


@dataclass(frozen=True)
class _Side:
    """One side of a family's differences, cohort by cohort."""

    cells: list[CellFigures]
    result: list[Figure]
    covariance: Array
    """Of one cell's categories."""
    gradients: Array
    """How the noise of a cell's categories moves its figure: cohorts x categories."""
    noise: Array
    """Of the figures: cohorts x cohorts."""
    sampling: Array
    """Of each figure, at its bound."""

    @property
    def cohorts(self) -> list[Cohort]:
        """The cohorts of the cells."""
        return [cell.cohort for cell in self.cells]

    def widened(self, headline: ReleasedHeadline, z: float) -> list[Figure]:
        """Return the figures with intervals at another critical value."""
        return [figure_of(cell.categories, self.covariance, headline, z) for cell in self.cells]


def since_previous(
    figures: MeasureFigures, previous: MeasureFigures | None, table: Dimensions, headline: ReleasedHeadline
) -> dict[Cohort, Compared]:
    """Return the changes since the period before, of cohorts that had the same headline then too."""
    if previous is None or not same_definition(figures, previous, headline):
        return {}
    pairs = [
        (cell, then)
        for cell in _shown(figures, table, headline)
        if (then := previous.cells.get((table, cell.cohort))) and previous.result(then, headline)
    ]
    if not pairs:
        return {}
    now = _side(figures, [cell for cell, _ in pairs], headline)
    earlier = _side(previous, [cell for _, cell in pairs], headline)
    # A measure that looks back sorts people by what they were: who is better now is seldom better again. Nothing
    # bounds how two such periods' people go against each other but the case that they do so wholly.
    chance = np.sqrt(np.maximum(now.sampling, 0.0) * np.maximum(earlier.sampling, 0.0))
    opposed = chance * (_looks_back(figures) and headline.kind is not HeadlineKind.PEOPLE)
    z = critical_value(now.noise + earlier.noise + np.diag(now.sampling + earlier.sampling + 2 * opposed))
    own, before = now.noise.diagonal() + now.sampling, earlier.noise.diagonal() + earlier.sampling
    correlations = [_correlation(own[place], before[place], -opposed[place]) for place in range(len(pairs))]
    result = zip(now.result, earlier.result, correlations, strict=True)
    wide = zip(now.widened(headline, z), earlier.widened(headline, z), correlations, strict=True)
    return _compared(
        now.cohorts, [_change(*both, headline) for both in result], [_change(*both, headline) for both in wide]
    )


def _looks_back(figures: MeasureFigures) -> bool:
    """Say whether the measure sorts people by more than their period."""
    return bool(figures.measure.looks_back_weeks)


def _change(one: Figure, other: Figure, shown_correlation: float, headline: ReleasedHeadline) -> Figure:
    if headline.kind is HeadlineKind.PEOPLE:
        return count_difference(one, other)
    return ratio_difference(one, other, 0.0, shown_correlation)


def against_all(figures: MeasureFigures, table: Dimensions, headline: ReleasedHeadline) -> dict[Cohort, Compared]:
    """Return the differences from everyone of the same release: noise and people that they share are allowed for."""
    everyone = figures.cells.get(((), ()))
    cells = _shown(figures, table, headline)
    if everyone is None or not figures.result(everyone, headline):
        return {}
    if not table or headline.kind is HeadlineKind.PEOPLE or not cells:
        return {}
    one, all_of_them = _side(figures, cells, headline), _side(figures, [everyone], headline)
    theirs, (_, whole) = all_of_them.gradients[0], weights_of(headline)
    # The noise that a cell shares with everyone is the same for all cells of a table.
    shared = figures.layout.covariance(table, cells[0].cell, (), ()) * (one.gradients @ figures.layout.spread @ theirs)
    # Of everyone's sampling variation, the cohort's own part is shared with it: Cov = p (1 - p) / everyone.
    people = np.array([float(whole @ cell.categories) for cell in cells])
    both = shared + one.sampling * people / float(whole @ everyone.categories)
    alone, alone_both = all_of_them.noise[0, 0], all_of_them.noise[0, 0] + all_of_them.sampling[0]
    own, own_both = one.noise.diagonal(), one.noise.diagonal() + one.sampling
    z = critical_value(one.noise + np.diag(one.sampling) - both[:, None] - both[None, :] + alone_both)
    correlations = [
        (_correlation(own[place], alone, shared[place]), _correlation(own_both[place], alone_both, both[place]))
        for place in range(len(cells))
    ]
    (wide,) = all_of_them.widened(headline, z)
    return _compared(
        one.cohorts,
        [ratio_difference(it, all_of_them.result[0], *r) for it, r in zip(one.result, correlations, strict=True)],
        [ratio_difference(it, wide, *r) for it, r in zip(one.widened(headline, z), correlations, strict=True)],
    )


def _of_pairs(covariance: Array, pairs: list[tuple[int, int]]) -> Array:
    """Return the covariance of differences between groups."""
    ones = np.eye(len(covariance))
    signs = np.array([ones[first] - ones[second] for first, second in pairs])
    found: Array = signs @ covariance @ signs.T
    return found


def between_groups(
    figures: MeasureFigures, table: Dimensions, headline: ReleasedHeadline
) -> dict[tuple[Cohort, Cohort], Compared]:
    """Return each known group's figure less each later one's, in grid order; the family is of all pairs.

    Noise that two groups share is allowed for. Nobody is in both, so they share no sampling variation.
    """
    cells = [cell for cell in _shown(figures, table, headline) if UNKNOWN not in cell.cohort]
    if headline.kind is HeadlineKind.PEOPLE or len(cells) < 2:  # noqa: PLR2004 -- two make a pair
        return {}
    one = _side(figures, cells, headline)
    pairs = list(itertools.combinations(range(len(cells)), 2))
    both = one.noise + np.diag(one.sampling)
    z = independent(len(pairs)) if len(pairs) > MOST_SIMULATED else critical_value(_of_pairs(both, pairs))
    wide = one.widened(headline, z)
    correlations = [
        tuple(_correlation(of[first, first], of[second, second], one.noise[first, second]) for of in (one.noise, both))
        for first, second in pairs
    ]

    def differences(result: list[Figure]) -> list[Figure]:
        return [
            ratio_difference(result[first], result[second], *r)
            for (first, second), r in zip(pairs, correlations, strict=True)
        ]

    names = [(cells[first].cohort, cells[second].cohort) for first, second in pairs]
    return _compared(names, differences(one.result), differences(wide))


def same_definition(figures: MeasureFigures, other: MeasureFigures, headline: ReleasedHeadline) -> bool:
    """Say whether `other` has the same headline over the same categories, texts included: they say what is counted."""
    same = figures.measure.categories == other.measure.categories
    return bool(same and headline in other.measure.headlines)


def _shown(figures: MeasureFigures, table: Dimensions, headline: ReleasedHeadline) -> list[CellFigures]:
    return [cell for cell in figures.cells.values() if cell.table == table and figures.result(cell, headline)]


def _side(figures: MeasureFigures, cells: list[CellFigures], headline: ReleasedHeadline) -> _Side:
    """Return one side; all cells are of one table and displayable."""
    layout, table = figures.layout, cells[0].table
    weights, whole = weights_of(headline)
    result = [it for cell in cells if (it := figures.result(cell, headline))]
    people = np.array([float(whole @ cell.categories) for cell in cells])
    if headline.kind is HeadlineKind.PEOPLE:
        gradients, sampling = np.array([whole for _ in cells]), np.maximum(people, 0.0)
    else:
        gradients = np.array([linear_weights(cell.categories, weights, whole) for cell in cells])
        ratios = np.clip([it.estimate for it in result], 0.0, 1.0)
        sampling = ratios * (1 - ratios) / people
    shape = tuple(layout.keys[name] for name in table)
    places = [int(np.ravel_multi_index(cell.cell, shape)) if shape else 0 for cell in cells]
    noise = layout.covariances(table)[np.ix_(places, places)] * (gradients @ layout.spread @ gradients.T)
    return _Side(cells, result, figures.covariance(table), gradients, noise, sampling)


def _correlation(one: float, other: float, shared: float) -> float:
    product = one * other
    return 0.0 if product <= 0 else max(-1.0, min(1.0, shared / math.sqrt(product)))


def _compared(names: list[Name], single: list[Figure], wide: list[Figure]) -> dict[Name, Compared]:
    """Return what has ends in every way; the wider is the hull of both, since MOVER's ends need not be nested."""
    return {
        name: Compared(one, Interval(min(own.low, far.low), max(own.high, far.high)))
        for name, one, it in zip(names, single, wide, strict=True)
        if (own := one.shown) and (far := it.shown)
    }
