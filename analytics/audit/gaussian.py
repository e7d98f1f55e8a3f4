"""What is known of Gaussian noise, to hold measurements against: its profile, and how likely an audit is to refute it.

A release of zCDP loss rho by Gaussian noise is mu-GDP with mu = sqrt(2 rho) (Dong, Roth, Su 2019, arXiv 1905.02383),
and (epsilon, delta) exactly as Balle and Wang 2018 (arXiv 1805.06530, theorem 8) have it.
"""

import math
from statistics import NormalDist

from analytics.contracts import NANO

NORMAL = NormalDist()


def mu_of(loss_nano: int) -> float:
    """Return mu of a loss in nano-rho."""
    return math.sqrt(2 * loss_nano / NANO)


def delta_of(epsilon: float, mu: float) -> float:
    """Return the least delta at which a mu-GDP release is (epsilon, delta)."""
    return NORMAL.cdf(mu / 2 - epsilon / mu) - math.exp(epsilon) * NORMAL.cdf(-mu / 2 - epsilon / mu)


def epsilon_of(mu: float, delta: float) -> float:
    """Return the least epsilon at which a mu-GDP release is (epsilon, delta); 0 where none is needed."""
    if mu <= 0 or delta_of(0.0, mu) <= delta:
        return 0.0
    low, high = 0.0, 1.0
    while delta_of(high, mu) > delta:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if delta_of(middle, mu) > delta else (low, middle)
    return high


def seen(mu: float, false_alarms: float) -> float:
    """Return the share of members that the best test finds at a rate of false alarms."""
    return NORMAL.cdf(NORMAL.inv_cdf(false_alarms) + mu)
