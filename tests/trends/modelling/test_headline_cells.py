"""Figures of many modelled cells at once are those of one cell at a time."""

import math

import numpy as np
import pytest

from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.trends.estimation.figures import figure_of
from analytics.trends.estimation.intervals import Interval, Z, linear_weights, ratio_difference
from analytics.trends.modelling.differences import differences
from analytics.trends.modelling.headline_cells import HeadlineCells

CELLS, CATEGORIES = 60, 4


def headline(kind: HeadlineKind, weights: tuple[int, ...], whole: tuple[int, ...]) -> ReleasedHeadline:
    """Return a headline of four categories."""
    return ReleasedHeadline(name="one", label="One", kind=kind, unit="percent", weights=weights, whole=whole)


HEADLINES = [
    headline(HeadlineKind.PEOPLE, (1, 1, 1, 1), (1, 1, 1, 1)),
    headline(HeadlineKind.SHARE, (1, 0, 0, 0), (1, 1, 1, 1)),
    headline(HeadlineKind.SHARE, (1, 0, 0, 0), (1, 0, 0, 1)),  # of some categories only, as `newly_low`
    headline(HeadlineKind.MEAN, (0, 30, 60, 100), (1, 1, 1, 1)),
]


def random_cells(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return cells of 2 to 2,000 people, some of so few that no ratio has an interval, with correlated noise."""
    generator = np.random.default_rng(seed)
    persons = generator.dirichlet(np.ones(CATEGORIES), CELLS) * 10 ** generator.uniform(0.3, 3.3, (CELLS, 1))
    roots = generator.normal(size=(CELLS, CATEGORIES, CATEGORIES)) * 6
    return persons, roots @ roots.transpose(0, 2, 1)


@pytest.mark.parametrize("one", HEADLINES)
@pytest.mark.parametrize("z", [Z, 3.1])
def test_both_intervals_are_those_of_one_cell(one: ReleasedHeadline, z: float) -> None:
    """None there is not a number here."""
    persons, covariance = random_cells(1)
    cells = HeadlineCells(persons, covariance, one)
    ends = [(cells.own(z).low, cells.own(z).high), (cells.shown(z).low, cells.shown(z).high)]
    without = 0
    for place in range(CELLS):
        figure = figure_of(persons[place], covariance[place], one, z)
        assert cells.estimate[place] == pytest.approx(figure.estimate)
        for interval, (low, high) in zip((figure.noise, figure.shown), ends, strict=True):
            if interval is None:
                without += 1
                assert math.isnan(low[place])
                assert math.isnan(high[place])
            else:
                assert low[place] == pytest.approx(interval.low)
                assert high[place] == pytest.approx(interval.high)
    assert bool(without) is (one.kind is not HeadlineKind.PEOPLE)


def test_a_gradient_is_how_persons_move_a_figure() -> None:
    """As for one cell; the variances follow from it."""
    persons, covariance = random_cells(2)
    cells = HeadlineCells(persons, covariance, HEADLINES[2])
    weights, whole = np.array([1.0, 0, 0, 0]), np.array([1.0, 0, 0, 1])
    for place in range(CELLS):
        gradient = linear_weights(persons[place], weights, whole)
        assert cells.gradient[place] == pytest.approx(gradient)
        assert cells.noise[place] == pytest.approx(float(gradient @ covariance[place] @ gradient))


def test_a_difference_of_ratios_is_that_of_one_pair() -> None:
    """MOVER on both cells' intervals, with the correlation that their shared part gives."""
    (persons, covariance), (others, other_covariance) = random_cells(3), random_cells(4)
    one = HeadlineCells(persons * 50, covariance, HEADLINES[1])  # of enough people for an interval
    other = HeadlineCells(others * 50, other_covariance, HEADLINES[1])
    shared = 0.3 * np.sqrt(one.noise * other.noise)
    found = differences(one, other, shared, 2.5)
    for place in range(CELLS):
        mine, theirs = (figure_of(it.persons[place], it.covariance[place], HEADLINES[1]) for it in (one, other))
        if mine.shown is None or theirs.shown is None:
            continue
        variances = [it.noise[place] + it.sampling[place] for it in (one, other)]
        expected = ratio_difference(mine, theirs, 0.0, shared[place] / math.sqrt(variances[0] * variances[1])).shown
        assert isinstance(expected, Interval)
        assert found.alone.low[place] == pytest.approx(expected.low)
        assert found.alone.high[place] == pytest.approx(expected.high)
        assert found.together.high[place] - found.together.low[place] > expected.high - expected.low


def test_a_number_of_people_changes_by_what_is_not_shared() -> None:
    """Var(a - b) = Var a + Var b - 2 Cov, with both numbers' sampling."""
    persons, covariance = random_cells(5)
    one = HeadlineCells(persons, covariance, HEADLINES[0])
    found = differences(one, one, one.noise, Z)
    reach = Z * np.sqrt(2 * np.maximum(persons.sum(axis=1), 1.0))
    assert found.value == pytest.approx(np.zeros(CELLS))
    assert found.alone.high == pytest.approx(reach)
