"""The promise as odds: with the noise's law, and from the loss alone."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.contracts import read_plan, shipped_contracts
from analytics.odds import (
    FALSE_ALARMS_IN_100,
    YEARS,
    lattice_gap,
    odds,
    promise_in_words,
    recognised_in_100,
    recognised_in_100_by_zcdp_alone,
    rounded_up,
)
from analytics.release.budget import cells_of, solved

NANO_A_YEAR = 250_000_000
"""The design's cap."""


@pytest.mark.parametrize(("years", "odds"), [(1, 17.4), (3, 33.7), (5, 47.5)])
def test_the_odds_are_the_design_s(years: int, odds: float) -> None:
    """A cap of 0.25 a year gives 17.4, 33.7 and 47.5 in 100."""
    assert recognised_in_100(250_000_000, years=years) == pytest.approx(odds, abs=0.05)


def test_the_words_round_up() -> None:
    """The promise in words says 18, 34 and 48 in 100."""
    words = promise_in_words(250_000_000)
    assert "18 in 100 members" in words
    assert "three years 34, after five 48" in words


def test_no_loss_is_a_guess() -> None:
    """Where nothing is lost, an attacker does no better than guessing."""
    assert recognised_in_100(0) == pytest.approx(5)
    assert recognised_in_100_by_zcdp_alone(0) == 5


def test_the_odds_are_given_both_ways() -> None:
    """After one, three and five years: 18, 34, 48 with Gaussian noise; 22, 45, 63 from the loss alone."""
    result = odds(NANO_A_YEAR)
    assert [each.years for each in result] == [1, 3, 5]
    assert [each.recognised_in_100 for each in result] == [18, 34, 48]
    assert [each.recognised_in_100_by_zcdp_alone for each in result] == [22, 45, 63]
    assert {each.guessing for each in result} == {5}


@given(nano=st.integers(1, 20_000_000_000), alarms=st.integers(1, 99))
def test_what_is_known_of_the_noise_only_helps(nano: int, alarms: int) -> None:
    """Gaussian noise of the same loss is one of those that the bound from the loss alone must hold for."""
    alone = recognised_in_100_by_zcdp_alone(nano, false_alarms_in_100=alarms)
    assert recognised_in_100(nano, false_alarms_in_100=alarms) <= alone <= 100


@given(epsilon=st.floats(0.001, 5), alarms=st.integers(1, 99))
def test_the_bound_holds_for_another_mechanism_of_that_loss(epsilon: float, alarms: int) -> None:
    """Randomised response at epsilon is epsilon² / 2 zCDP (Bun, Steinke 2016), and its best test is known exactly."""
    nano = math.ceil(epsilon**2 / 2 * 1e9)
    alarm = alarms / 100
    best = min(math.exp(epsilon) * alarm, 1 - math.exp(-epsilon) * (1 - alarm))
    assert recognised_in_100_by_zcdp_alone(nano, false_alarms_in_100=alarms) >= 100 * best - 1e-9


@pytest.mark.parametrize("years", YEARS)
def test_the_bound_is_as_tight_as_orders_make_it(years: int) -> None:
    """A thousand other orders, each solved by itself, give the same to 0.01 in 100, and never less by more."""
    rho, alarm = 0.25 * years, 0.05

    def least(order: float) -> float:
        low, high = alarm, 1 - 1e-12
        for _ in range(60):
            b = (low + high) / 2
            one = b**order * alarm ** (1 - order) + (1 - b) ** order * (1 - alarm) ** (1 - order)
            other = alarm**order * b ** (1 - order) + (1 - alarm) ** order * (1 - b) ** (1 - order)
            if max(one, other) <= math.exp((order - 1) * rho * order):
                low = b
            else:
                high = b
        return high

    best = 100 * min(least(1 + step / 100) for step in range(1, 1001))
    assert recognised_in_100_by_zcdp_alone(NANO_A_YEAR, years=years) == pytest.approx(best, abs=0.01)


@pytest.mark.parametrize("sigma", [1, 2, 3, 7, 20])
def test_whole_numbers_are_as_near_to_the_gaussian_as_is_proved(sigma: int) -> None:
    """The exact distance of a discrete from a rounded Gaussian is below the bound, and within ten times of it."""
    reach = range(-12 * sigma, 12 * sigma + 1)
    mass = {x: math.exp(-(x**2) / (2 * sigma**2)) for x in reach}
    total = math.fsum(mass.values())

    def below(x: float) -> float:
        return math.erfc(-x / (sigma * math.sqrt(2))) / 2

    distance = math.fsum(abs(mass[x] / total - (below(x + 0.5) - below(x - 0.5))) for x in reach) / 2
    assert lattice_gap([(1, sigma)]) / 10 < distance < lattice_gap([(1, sigma)])


@pytest.mark.parametrize(("name", "releases"), [("standard", 53), ("small", 14)])
def test_whole_numbers_do_not_change_the_odds_that_are_shown(name: str, releases: int) -> None:
    """For all that the shipped plans draw in five full years, the gap is far below the last digit shown."""
    plan, grid = read_plan(shipped_contracts(), name)
    frozen = plan.frozen or solved(plan, grid)
    drawn = [
        (5 * releases * cells_of(grid, dimensions, one.basis), sigma)
        for product, measures in frozen.items()
        for measure, one in measures.items()
        for dimensions, sigma in zip(plan.products[product].tables[measure], one.sigma.values(), strict=True)
    ]
    gap = lattice_gap(drawn)
    assert 0 < gap < 1e-10
    for each in odds(plan.cap_nano):
        with_gap = recognised_in_100(
            plan.cap_nano, years=each.years, false_alarms_in_100=FALSE_ALARMS_IN_100 + 100 * gap
        )
        assert rounded_up(with_gap + 100 * gap) == each.recognised_in_100


@pytest.mark.parametrize(("value", "shown"), [(4.44, 4.44), (3.55, 3.55), (1.1, 1.1), (3.541, 3.55), (-1.239, -1.23)])
def test_what_needs_no_rounding_is_not_rounded(value: float, shown: float) -> None:
    """A value of two digits stays as it is; more digits are rounded up."""
    assert rounded_up(value, 2) == shown


@given(value=st.floats(-1e6, 1e6), digits=st.integers(0, 6))
def test_rounding_never_states_less(value: float, digits: int) -> None:
    """A rounded promise is never smaller, and never more than one step greater."""
    shown = rounded_up(value, digits)
    assert value <= shown <= value + 10**-digits * 1.000001 + 1e-9
