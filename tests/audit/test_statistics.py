"""What the audit's verdicts rest on: exact limits of counted shares, and the law of Gaussian noise."""

import math
from functools import partial

import numpy as np
import pytest
from scipy import stats

from analytics.audit import binomial, gaussian
from analytics.audit.blackbox import DELTA, ScoredRuns, bounded, power, refusals


@pytest.mark.parametrize(
    ("trials", "count", "low", "high"),
    [
        (10, 0, 0.0, 0.3085),
        (10, 5, 0.1871, 0.8129),
        (20, 1, 0.0013, 0.2487),
        (100, 10, 0.0490, 0.1762),
        (10, 10, 0.6915, 1.0),
    ],
)
def test_limits_are_the_published_ones(trials: int, count: int, low: float, high: float) -> None:
    """Clopper-Pearson limits at 95 % are those of the tables."""
    assert binomial.interval(trials, count, 0.05) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("trials", "count"), [(40, 0), (40, 3), (40, 40), (3000, 61)])
def test_a_limit_is_where_the_tail_is_as_small_as_it_says(trials: int, count: int) -> None:
    """At the limits the binomial tail, summed term by term, has the stated odds."""
    low, high = binomial.lower(trials, count, 1e-6), binomial.upper(trials, count, 1e-6)
    law = partial(stats.binom.pmf, range(trials + 1), trials)
    if count:
        assert law(low)[count:].sum() == pytest.approx(1e-6, rel=1e-6)
    if count < trials:
        assert law(high)[: count + 1].sum() == pytest.approx(1e-6, rel=1e-6)


def test_the_limits_are_those_of_scipy_s_own_test() -> None:
    """On random counts they differ from `binomtest` by no more than its root search is off."""
    rng = np.random.default_rng(9)
    for trials in rng.integers(1, 10_000, 40):
        count, odds = int(rng.integers(0, trials + 1)), 10 ** float(rng.uniform(-9, -1))
        theirs = stats.binomtest(count, int(trials)).proportion_ci(1 - odds, "exact")
        assert binomial.interval(int(trials), count, odds) == pytest.approx((theirs.low, theirs.high), abs=1e-7)


def test_the_gaussian_profile_is_the_published_one() -> None:
    """1-GDP is (1, 0.127)-private; epsilon and delta are each other's inverse, and no noise is needed for delta 1."""
    assert gaussian.delta_of(1.0, 1.0) == pytest.approx(0.1269, abs=5e-5)
    for mu in (0.2, 0.7, 2.0):
        assert gaussian.delta_of(gaussian.epsilon_of(mu, 1e-3), mu) == pytest.approx(1e-3)
    assert gaussian.epsilon_of(0.0, 0.01) == 0
    assert gaussian.epsilon_of(0.1, 0.5) == 0


def scored(mu: float, number: int, seed: int) -> ScoredRuns:
    """Return scores as Gaussian noise of `mu` would give them."""
    rng = np.random.default_rng(seed)
    return ScoredRuns(rng.normal(mu, 1, number), rng.normal(0, 1, number), 250_000_000)


@pytest.mark.parametrize("mu", [0.7, 1.4, 2.0])
def test_the_bound_lies_below_the_truth_and_near_it(mu: float) -> None:
    """What runs prove is never more than the truth, and with many runs most of it."""
    proved, truth = bounded(scored(mu, 40_000, 1)).epsilon, gaussian.epsilon_of(mu, DELTA)
    assert proved <= truth
    assert proved >= 0.7 * truth


def test_the_bound_sees_either_direction() -> None:
    """A build that fails only where the person is missing is seen as well as its mirror image."""
    rng = np.random.default_rng(2)
    rare = np.where(rng.random(4000) < 0.2, 9.0, 0.0)
    usual = np.zeros(4000)
    for inside, outside in ((rare, usual), (usual, -rare)):
        assert bounded(ScoredRuns(inside + rng.normal(0, 0.1, 4000), outside + rng.normal(0, 0.1, 4000), 1)).epsilon > 3


def test_the_same_on_both_sides_proves_nothing() -> None:
    """Where the person makes no difference the bound is 0."""
    assert bounded(scored(0.0, 4000, 3)).epsilon == 0


def test_power_is_what_simulation_finds() -> None:
    """The computed power is at most what simulated audits find, and not far from it."""
    claim = 1.24
    refused, blocks = refusals(scored(math.sqrt(2), 80_000, 4), claim)
    computed = power(math.sqrt(2), claim, 300, odds=0.05)
    assert blocks == 200
    assert computed - 0.11 < refused / blocks  # three standard errors
    assert refused / blocks < computed + 0.45
    assert power(math.sqrt(2), claim, 3000) > 0.999
    assert power(math.sqrt(0.5), claim, 3000) < 1e-9
