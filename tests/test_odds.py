"""The promise as odds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.odds import promise_in_words, recognised_in_100, rounded_up


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


@pytest.mark.parametrize(("value", "shown"), [(4.44, 4.44), (3.55, 3.55), (1.1, 1.1), (3.541, 3.55), (-1.239, -1.23)])
def test_what_needs_no_rounding_is_not_rounded(value: float, shown: float) -> None:
    """A value of two digits stays as it is; more digits are rounded up."""
    assert rounded_up(value, 2) == shown


@given(value=st.floats(-1e6, 1e6), digits=st.integers(0, 6))
def test_rounding_never_states_less(value: float, digits: int) -> None:
    """A rounded promise is never smaller, and never more than one step greater."""
    shown = rounded_up(value, digits)
    assert value <= shown <= value + 10**-digits * 1.000001 + 1e-9
