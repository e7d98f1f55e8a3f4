"""Exact limits for a share that was counted (Clopper and Pearson 1934): quantiles of the beta law, from SciPy."""

import numpy as np
import numpy.typing as npt
from scipy import special, stats

Probabilities = npt.NDArray[np.float64]


def law(trials: int, share: float) -> Probabilities:
    """Return the probability of every count from 0 to `trials`."""
    return np.asarray(stats.binom.pmf(np.arange(trials + 1), trials, share), dtype=np.float64)


def at_least(trials: int, count: int, share: float) -> float:
    """Return the probability of `count` or more."""
    return 1.0 if count <= 0 else float(special.betainc(count, trials - count + 1, share))


def at_most(trials: int, count: int, share: float) -> float:
    """Return the probability of `count` or fewer."""
    return at_least(trials, trials - count, 1 - share)


def lower(trials: int, count: int, odds: float) -> float:
    """Return the share below which the true one lies with probability `odds` at most."""
    return 0.0 if count == 0 else float(special.betaincinv(count, trials - count + 1, odds))


def upper(trials: int, count: int, odds: float) -> float:
    """Return the share above which the true one lies with probability `odds` at most."""
    return 1.0 - lower(trials, trials - count, odds)


def interval(trials: int, count: int, odds: float) -> tuple[float, float]:
    """Return both limits; the true share lies outside with probability `odds` at most."""
    return lower(trials, count, odds / 2), upper(trials, count, odds / 2)
