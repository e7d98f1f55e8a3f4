"""Many series, four rules each: how many signals of a release may be false."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

FALSE_SHARE = 0.05
"""The most of a release's signals that may be false, on average: one in twenty, as of all intervals here."""


def harmonic(tests: int) -> float:
    """Return 1 + 1/2 + ... + 1/tests: the price of not knowing how the tests depend on one another."""
    return float((1 / np.arange(1, tests + 1)).sum())


def adjusted_p_values(p_values: Sequence[float], tests: int) -> list[float]:
    """Return each p-value as the least share of false signals at which it would be one (Benjamini, Yekutieli 2001).

    Holds whatever the dependence: reconciled series share noise. `tests` counts all that were made; those that are not
    among `p_values` are 1.
    """
    if not p_values:
        return []
    from scipy import stats  # noqa: PLC0415 -- takes as long to load as a small command, and few have anything to adjust

    every = np.ones(tests)
    every[: len(p_values)] = p_values
    found = stats.false_discovery_control(every, method="by")
    return [float(value) for value in found[: len(p_values)]]


def interval_z(signals: int, tests: int) -> float:
    """Return how many standard deviations an interval of a signal reaches to each side.

    Intervals are looked at because they were picked; at this width at most `FALSE_SHARE` of the picked ones miss
    (false coverage rate, Benjamini and Yekutieli 2005).
    """
    return NormalDist().inv_cdf(1 - FALSE_SHARE * signals / (2 * tests * harmonic(tests)))
