"""Exact limits for a share that was counted (Clopper and Pearson 1934): quantiles of the beta law, from SciPy.

`scipy.stats.binomtest` finds the same limits by a root search, which is some 3e-8 off, to either side, and returns
nothing of limits below 1e-12. The verdicts rest on limits at odds of 1e-6 to 1e-11, so they use the quantiles.
"""

from scipy import special


def lower(trials: int, count: int, odds: float) -> float:
    """Return the share below which the true one lies with probability `odds` at most."""
    return 0.0 if count == 0 else float(special.betaincinv(count, trials - count + 1, odds))


def upper(trials: int, count: int, odds: float) -> float:
    """Return the share above which the true one lies with probability `odds` at most."""
    return 1.0 - lower(trials, trials - count, odds)


def interval(trials: int, count: int, odds: float) -> tuple[float, float]:
    """Return both limits; the true share lies outside with probability `odds` at most."""
    return lower(trials, count, odds / 2), upper(trials, count, odds / 2)
