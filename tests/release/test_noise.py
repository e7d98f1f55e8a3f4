"""The noise: what it is added to, what it refuses and what it costs; its law is looked at by the audit."""

import math
import random
import statistics

import pytest

from analytics.contracts import MICRO
from analytics.errors import UnforeseenError
from analytics.odds import recognised_in_100, rounded_up
from analytics.release.noise import epsilon, loss_nano, noisy

SIGMA = 5_000_000


def test_the_exact_sum_is_only_shifted() -> None:
    """Noise is added to the exact value, in the vector's order."""
    exact = [10**15, -(10**15), 0]
    values, _ = noisy(exact, 3, MICRO, 1000)
    assert all(abs(value - true) < 20_000 for value, true in zip(values, exact, strict=True))


def test_a_vector_of_another_size_is_not_drawn() -> None:
    """A vector that is not of its public size is refused without a word about it."""
    with pytest.raises(UnforeseenError) as caught:
        noisy([123456789], 2, MICRO, SIGMA)
    assert "123456789" not in f"{caught.value} {caught.value.action}"


def test_a_number_that_the_engine_cannot_hold_is_not_repeated() -> None:
    """A value beyond 64 bits ends in our own words."""
    with pytest.raises(UnforeseenError) as caught:
        noisy([2**70], 1, MICRO, SIGMA)
    assert str(2**70) not in f"{caught.value}{caught.value.__context__}{caught.value.__cause__}"


def test_the_loss_does_not_depend_on_the_number_of_cells() -> None:
    """A participant is in one cell of a table; the certified loss is d² / 2 sigma², rounded up."""
    rng = random.Random(2)
    for _ in range(20):
        d_in, sigma = rng.randint(1, 10**8), rng.randint(10**5, 10**8)
        loss = loss_nano(d_in, sigma)
        assert loss == noisy([0] * 7, 7, d_in, sigma)[1]
        exact = d_in**2 * 10**9 / (2 * sigma**2)
        assert exact * (1 - 1e-12) <= loss <= exact * (1 + 1e-12) + 1


def test_epsilon_is_the_design_s_and_rounded_up() -> None:
    """A rho of 0.25 is epsilon 3.55 at 1e-6 and 4.44 at 1e-9; no loss is 0."""
    assert (epsilon(250_000_000, 1e-6), epsilon(250_000_000, 1e-9)) == (3.55, 4.44)
    assert epsilon(0, 1e-6) == 0
    assert epsilon(1, 1e-6) >= 0.01 - 1e-9


def by_hand(rho: float, delta: float) -> float:
    """Return the epsilon of rho-zCDP at delta by the bound of Canonne, Kamath, Steinke 2020 (arXiv 2004.00010).

    delta = inf over alpha > 1 of exp((alpha - 1)(alpha rho - epsilon)) / (alpha - 1) * (1 - 1/alpha)^alpha.
    """

    def log_delta(epsilon: float, order: float) -> float:
        return (order - 1) * (order * rho - epsilon) - math.log(order - 1) + order * math.log1p(-1 / order)

    orders = [1 + 10 ** (step / 500) for step in range(-1000, 2001)]
    low, high = 0.0, rho + 2 * math.sqrt(rho * math.log(1 / delta)) + 1
    for _ in range(60):
        middle = (low + high) / 2
        if min(log_delta(middle, order) for order in orders) <= math.log(delta):
            high = middle
        else:
            low = middle
    return high


def exact_gaussian(rho: float, delta: float) -> float:
    """Return the epsilon of the Gaussian mechanism itself (Balle, Wang 2018, arXiv 1805.06530)."""
    mu, phi = math.sqrt(2 * rho), statistics.NormalDist().cdf
    low, high = 0.0, 100.0
    for _ in range(80):
        middle = (low + high) / 2
        if phi(mu / 2 - middle / mu) - math.exp(middle) * phi(-mu / 2 - middle / mu) <= delta:
            high = middle
        else:
            low = middle
    return high


@pytest.mark.parametrize("delta", [1e-6, 1e-9])
@pytest.mark.parametrize("rho", [0.01, 0.25, 1.25])
def test_epsilon_is_that_of_an_independent_formula(rho: float, delta: float) -> None:
    """OpenDP's conversion agrees with the published bound, rounded up, and is never below the mechanism's own."""
    result = epsilon(round(rho * 1e9), delta)
    assert by_hand(rho, delta) - 1e-4 <= result <= by_hand(rho, delta) + 0.0101
    assert exact_gaussian(rho, delta) < result


@pytest.mark.parametrize(("years", "odds", "result"), [(1, 17.4, 18), (3, 33.7, 34), (5, 47.5, 48)])
def test_the_odds_are_rounded_up(years: int, odds: float, result: int) -> None:
    """17.4, 33.7 and 47.5 in 100 are given as 18, 34 and 48."""
    exact = recognised_in_100(250_000_000, years=years)
    assert round(exact, 1) == odds
    assert rounded_up(exact) == result
