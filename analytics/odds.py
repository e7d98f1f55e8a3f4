"""The promise as odds: how often someone could be recognised as a participant.

Gaussian differential privacy (Dong, Roth, Su 2019, arXiv 1905.02383): Gaussian releases of total zCDP loss rho
are mu-GDP with mu = sqrt(2 rho), and a test with false-alarm rate a has power at most Phi(Phi^-1(a) + mu).
"""

import math
from decimal import ROUND_CEILING, Decimal
from statistics import NormalDist

FALSE_ALARMS_IN_100 = 5
"""The public's example of an attacker: willing to be wrong about 5 in 100 non-members."""


def recognised_in_100(rho_nano: int, *, years: int = 1, false_alarms_in_100: float = FALSE_ALARMS_IN_100) -> float:
    """Return the most members in 100 that such an attacker could recognise after `years` at `rho_nano` a year."""
    mu = math.sqrt(2 * rho_nano * years / 1e9)
    normal = NormalDist()
    return 100 * normal.cdf(normal.inv_cdf(false_alarms_in_100 / 100) + mu)


def rounded_up(value: float, digits: int = 0) -> float:
    """Return `value` rounded up: a promise is never stated smaller than it is.

    Rounded as it is written, so that 4.44 stays 4.44: in binary, 4.44 times 100 lies above 444.
    """
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_CEILING))


def promise_in_words(rho_nano: int) -> str:
    """Say the promise for a yearly cap of `rho_nano`, after one, three and five years."""
    one, three, five = (int(rounded_up(recognised_in_100(rho_nano, years=years))) for years in (1, 3, 5))
    return (
        f"From everything published about one year, someone willing to be wrong about {FALSE_ALARMS_IN_100} in 100 "
        f"non-members could recognise at most {one} in 100 members (guessing: {FALSE_ALARMS_IN_100}); after three "
        f"years {three}, after five {five}. What is learned about groups is not hidden."
    )
