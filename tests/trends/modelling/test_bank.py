"""A bank of filters is the textbook's where it has one setting, and finds the right setting where it has more."""

import numpy as np
import pytest

from analytics.layout import Array
from analytics.trends.modelling.bank import Bank, Belief, Sight, mixed, observe

NEVER = 1e-300

Filtered = tuple[float, float, float, float]


def belief(cells: int, coordinates: int, settings: int, variance: float = 4.0) -> Belief:
    """Return levels around 0, all settings alike."""
    shape = (cells, coordinates, settings)
    weights = np.full((coordinates, settings), 1 / settings)
    return Belief(np.zeros(shape), np.full(shape, variance), np.zeros(shape), weights)


def bank_of(settings: int) -> Bank:
    ones = np.ones(settings)
    return Bank(ones, ones, ones, ones / settings)


def sight(value: Array, step: Array, around: Array, *, noise: float = 1.0, odds: float = NEVER) -> Sight:
    """Return what a period shows; a jump adds a variance of 100."""
    shape = (*value.shape, len(step))
    return Sight(
        value=value,
        noise=np.full(value.shape, noise),
        step=np.broadcast_to(step, shape),
        around=np.broadcast_to(around, shape),
        jump=np.full(value.shape, 100.0),
        odds=odds,
    )


def textbook(values: list[float], step: float, around: float, noise: float, variance: float) -> list[Filtered]:
    """Return level and own value, each with its variance: a Kalman filter of level and deviation."""
    state, covariance, found = np.zeros(2), np.diag([variance, 0.0]), list[Filtered]()
    seen = np.ones(2)
    for value in values:
        state = np.array([state[0], 0.0])
        covariance = np.diag([covariance[0, 0] + step, around])
        total = seen @ covariance @ seen + noise
        gain = covariance @ seen / total
        state = state + gain * (value - seen @ state)
        covariance = covariance - np.outer(gain, seen @ covariance)
        own, spread = float(seen @ state), float(seen @ covariance @ seen)
        found.append((float(state[0]), float(covariance[0, 0]), own, spread))
    return found


def test_one_setting_without_jumps_is_a_kalman_filter() -> None:
    """Of a level that walks and a period's own deviation from it."""
    values = [1.0, 2.5, -0.5, 3.0, 3.5]
    known, found = belief(1, 1, 1), []
    for value in values:
        known, seen = observe(known, sight(np.array([[value]]), np.array([0.3]), np.array([0.7])), bank_of(1))
        found.append([float(part[0, 0]) for part in (seen.level, seen.level_variance, seen.own, seen.own_variance)])
    assert np.array(found) == pytest.approx(np.array(textbook(values, 0.3, 0.7, 1.0, 4.0)), abs=1e-9)


def test_the_level_that_a_period_s_own_value_comes_with_is_that_of_the_filter() -> None:
    """Cov(own, level) is the level's variance: the deviation is correlated with it only through what was seen."""
    _, seen = observe(belief(1, 1, 1), sight(np.array([[1.0]]), np.array([0.3]), np.array([0.7])), bank_of(1))
    prior, own_prior = 4.3, 5.0
    assert seen.link[0, 0] == pytest.approx(prior - prior * own_prior / (own_prior + 1.0))


def test_the_setting_by_which_values_were_made_counts_most() -> None:
    """Forty cells whose levels walk by 1 a period: not by 0.1, not by 5."""
    rng = np.random.default_rng(1)
    levels, known = np.zeros((40, 1)), belief(40, 1, 3)
    for _ in range(20):
        levels = levels + rng.normal(size=levels.shape)
        value = levels + rng.normal(size=levels.shape)
        known, _ = observe(known, sight(value, np.array([0.01, 1.0, 25.0]), np.zeros(3)), bank_of(3))
    assert known.weights[0].argmax() == 1
    assert known.counts.mean(axis=0)[0, 1] > 0.9


def test_a_cell_that_behaves_differently_goes_its_own_way() -> None:
    """One of twenty cells walks by 5 a period, the others stand still."""
    rng = np.random.default_rng(2)
    levels, known = np.zeros((20, 1)), belief(20, 1, 2, variance=0.01)
    for _ in range(12):
        levels[0] += rng.choice([-5.0, 5.0])
        value = levels + rng.normal(size=levels.shape)
        known, _ = observe(known, sight(value, np.array([1e-4, 25.0]), np.zeros(2)), bank_of(2))
    assert known.counts[0, 0, 1] > 0.99
    assert known.counts[1:, 0, 1].max() < 0.5


def test_a_single_cell_keeps_the_prior_weights() -> None:
    """There are no others to learn from."""
    known, _ = observe(belief(1, 1, 2), sight(np.array([[9.0]]), np.array([0.1, 9.0]), np.zeros(2)), bank_of(2))
    assert known.weights.tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize(("odds", "least", "most"), [(0.005, 9.0, 10.1), (NEVER, 0.0, 2.0)])
def test_a_jump_is_followed_at_once(odds: float, least: float, most: float) -> None:
    """A level that was known to a hundredth jumps by 10; where jumps are ruled out, it lags."""
    known = belief(1, 1, 1, variance=0.01)
    _, seen = observe(known, sight(np.array([[10.0]]), np.array([0.01]), np.zeros(1), odds=odds), bank_of(1))
    assert least < seen.level[0, 0] < most


def test_the_coordinates_of_a_cell_jump_together_and_cells_by_themselves() -> None:
    """The second coordinate of the cell that jumped is unsure, too; the other cell is as sure as ever."""
    known = belief(2, 2, 1, variance=0.01)
    value = np.array([[12.0, 0.0], [0.0, 0.0]])
    _, seen = observe(known, sight(value, np.array([0.01]), np.zeros(1), odds=0.005), bank_of(1))
    assert seen.level_variance[0, 1] > 0.9
    assert seen.level_variance[1].max() < 0.1
    assert seen.moved[0, 1] > 90
    assert seen.moved[1].max() < 1.0


def test_evidence_is_not_taken_where_nothing_is_to_be_learnt() -> None:
    known, _ = observe(
        belief(3, 1, 2), sight(np.full((3, 1), 9.0), np.array([0.1, 9.0]), np.zeros(2)), bank_of(2), learn=False
    )
    assert not known.evidence.any()


def test_a_mixture_has_the_variance_between_its_parts() -> None:
    """Half at 0 and half at 2, each with variance 1: mean 1, variance 2."""
    mean, variance = mixed(np.array([0.0, 2.0]), np.ones(2), np.array([0.5, 0.5]))
    assert (float(mean), float(variance)) == (1.0, 2.0)
