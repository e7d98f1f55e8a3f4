"""The promise as odds: how often someone could be recognised as a participant, for a yearly zCDP loss rho.

Two answers. `recognised_in_100` uses that the noise is Gaussian: releases of total loss rho are mu-GDP with
mu = sqrt(2 rho), and a test with false-alarm rate a has power at most Phi(Phi^-1(a) + mu) (Dong, Roth, Su 2019,
arXiv 1905.02383). `recognised_in_100_by_zcdp_alone` uses nothing but the loss (Bun, Steinke 2016, arXiv 1605.02065).
"""

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from statistics import NormalDist

FALSE_ALARMS_IN_100 = 5
"""The public's example of an attacker: willing to be wrong about 5 in 100 non-members."""

YEARS = (1, 3, 5)
"""Odds are given after so many years; losses of different years add."""

HOUSEHOLDS = (2, 3, 4)
"""Odds are given for one person, and for so many people together."""

_ORDERS = tuple(1 + 10 ** (step / 20) for step in range(-40, 41))
"""Orders of the Rényi divergence, from 1.01 to 101. Any choice of them gives a true bound; more only tighten it."""

_HALVINGS = 50
"""The bisection's upper end is then within 1e-15 of the bound, and still apart from 1 in binary."""


@dataclass(frozen=True)
class Odds:
    """What the yearly cap allows after some years, in whole members of 100, rounded up."""

    years: int
    recognised_in_100: int
    """With Gaussian noise, as it is drawn."""
    recognised_in_100_by_zcdp_alone: int
    """With any noise of that loss."""
    guessing: int
    """Without any release."""


def recognised_in_100(rho_nano: int, *, years: int = 1, false_alarms_in_100: float = FALSE_ALARMS_IN_100) -> float:
    """Return the most members in 100 that such an attacker could recognise after `years` at `rho_nano` a year.

    For continuous Gaussian noise; what whole numbers change is at most `lattice_gap`.
    """
    mu = math.sqrt(2 * rho_nano * years / 1e9)
    normal = NormalDist()
    return 100 * normal.cdf(normal.inv_cdf(false_alarms_in_100 / 100) + mu)


@functools.cache
def recognised_in_100_by_zcdp_alone(
    rho_nano: int, *, years: int = 1, false_alarms_in_100: float = FALSE_ALARMS_IN_100
) -> float:
    """Return the same without knowing anything of the noise but its zCDP loss: an upper bound.

    A test is post-processing, so its answers under either world are within Rényi divergence rho * alpha of each other,
    both ways, for every order alpha > 1. The greatest power that passes all orders at once is the answer.
    """
    rho, alarm = rho_nano * years / 1e9, false_alarms_in_100 / 100
    if rho == 0:
        return float(false_alarms_in_100)
    passes, fails = alarm, 1.0
    for _ in range(_HALVINGS):
        power = (passes + fails) / 2
        if all(
            max(_divergence(power, alarm, order), _divergence(alarm, power, order)) <= rho * order for order in _ORDERS
        ):
            passes = power
        else:
            fails = power
    return 100 * fails


def _divergence(p: float, q: float, order: float) -> float:
    """Return the Rényi divergence of two coins, of heads `p` from heads `q`."""
    heads = order * math.log(p) + (1 - order) * math.log(q)
    tails = order * math.log1p(-p) + (1 - order) * math.log1p(-q)
    most = max(heads, tails)
    return (most + math.log(math.exp(heads - most) + math.exp(tails - most))) / (order - 1)


def lattice_gap(drawn: Iterable[tuple[int, int]]) -> float:
    """Return how far, in probability, integer noise can be from the Gaussian law that the odds are computed with.

    `drawn` is (how many integers, their sigma in whole units). A discrete Gaussian of scale s is within total variation
    1 / (8 s^2) of a Gaussian that is rounded to whole units; the distances of all integers drawn add. A test of
    false-alarm rate a then has power at most Phi(Phi^-1(a + gap) + mu) + gap. The proof: docs/privacy/proof.md, L5.
    """
    return sum(count / (8 * sigma**2) for count, sigma in drawn)


def odds(rho_nano: int) -> tuple[Odds, ...]:
    """Return the odds of a yearly cap of `rho_nano` after one, three and five years."""
    return tuple(
        Odds(
            years=years,
            recognised_in_100=int(rounded_up(recognised_in_100(rho_nano, years=years))),
            recognised_in_100_by_zcdp_alone=int(rounded_up(recognised_in_100_by_zcdp_alone(rho_nano, years=years))),
            guessing=FALSE_ALARMS_IN_100,
        )
        for years in YEARS
    )


def group_nano(rho_nano: int, people: int) -> int:
    """Return what is lost about a group that is looked for as a whole, where each of them loses at most `rho_nano`.

    Two data sets that differ in k people are k steps apart. Releases of loss rho are then k² rho-zCDP for the group
    (Bun, Steinke 2016, Proposition 1.9), and with Gaussian noise k·mu-GDP (Dong, Roth, Su 2019), which is the same rho.
    """
    return people**2 * rho_nano


def rounded_up(value: float, digits: int = 0) -> float:
    """Return `value` rounded up: a promise is never stated smaller than it is.

    Rounded as it is written, so that 4.44 stays 4.44: in binary, 4.44 times 100 lies above 444.
    """
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_CEILING))


def promise_in_words(rho_nano: int) -> str:
    """Say the promise for a yearly cap of `rho_nano`, after one, three and five years."""
    one, three, five = (each.recognised_in_100 for each in odds(rho_nano))
    return (
        f"From everything published about one year, someone willing to be wrong about {FALSE_ALARMS_IN_100} in 100 "
        f"non-members could recognise at most {one} in 100 members (guessing: {FALSE_ALARMS_IN_100}); after three "
        f"years {three}, after five {five}. What is learned about groups is not hidden."
    )
