"""One home, one release, thousands of canaries: each in a cell of their own, each there or not by a fair coin.

In the manner of Steinke, Nasr, Jagielski 2023 (arXiv 2305.08846): one run, many guesses. Their bound holds for any
mechanism and pays for it; here cells are disjoint and their noise independent (looked at by the noise's own checks),
so guesses are independent, and under mu-GDP each is right with probability Phi(mu / 2) at most. The Clopper-Pearson
limit of the share that is right bounds mu from below, and with it epsilon by the Gaussian profile.
"""

from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from analytics.audit import binomial, gaussian
from analytics.audit.blackbox import DELTA, ODDS, power_text
from analytics.audit.effort import Effort
from analytics.audit.faults import half_noise
from analytics.audit.harness import open_harness
from analytics.audit.scenarios import audit_contracts, cohorts_of, member, periods, worst_category
from analytics.audit.scores import scores
from analytics.evidence import Evidence
from analytics.release.noise import Noise, epsilon, noisy

SEED = 2023
"""Of the coins."""


@dataclass(frozen=True)
class Guesses:
    """How many of the guesses were right, and the loss that was published, in nano-rho."""

    canaries: int
    right: int
    claimed_nano: int


def run(folder: Path, canaries: int, noise: Noise) -> Guesses:
    """Draw one release of `canaries` regions, and guess of each canary whether they are there."""
    contracts = audit_contracts(canaries, (("region",),))
    weeks = periods(1)
    coins = np.random.default_rng(SEED).random(canaries) < 0.5  # noqa: PLR2004 -- a fair coin
    people = [member(number, contracts.plan, weeks) for number in range(canaries) if coins[number]]
    with open_harness(folder / "canaries", contracts, people, noise) as opened:
        published = opened.released(weeks)
    cohorts = [cohorts_of(number) for number in range(canaries)]
    found = scores(published, cohorts, worst_category(contracts.plan), others=0)[0]
    claimed = published.entries[0].loss_nano
    right = ((found > gaussian.mu_of(claimed) / 2) == coins).sum()
    return Guesses(canaries, int(right), claimed)


def mu_at_least(guesses: Guesses, odds: float = ODDS) -> float:
    """Return the mu that the guesses prove, wrongly so with probability `odds` at most."""
    share = binomial.lower(guesses.canaries, guesses.right, odds)
    return max(0.0, 2 * gaussian.NORMAL.inv_cdf(share)) if share > 0 else 0.0


def refuted(guesses: Guesses, claimed_nano: int, odds: float = ODDS) -> bool:
    """Say whether the guesses rule out both claims of a loss: its mu, and its epsilon at `DELTA`."""
    least = mu_at_least(guesses, odds)
    beyond = gaussian.epsilon_of(least, DELTA) > epsilon(claimed_nano, DELTA)
    return least > gaussian.mu_of(claimed_nano) and beyond


def power(mu: float, claimed_nano: int, canaries: int, odds: float = ODDS) -> float:
    """Return how likely a Gaussian build of `mu` is refuted against the claims of a loss."""
    rights = range(canaries // 2, canaries + 1)
    least = bisect_left(rights, True, key=lambda right: refuted(Guesses(canaries, right, 0), claimed_nano, odds))  # noqa: FBT003 -- the first that is
    return float(stats.binom.sf(canaries // 2 + least - 1, canaries, gaussian.NORMAL.cdf(mu / 2)))


def checks(folder: Path, effort: Effort) -> list[Evidence]:
    """Hold the build to its claim in one run, and show that one with half the noise would have been refuted."""
    found = []
    for noise, faulty in ((noisy, False), (half_noise, True)):
        guesses = run(folder, effort.canaries, noise)
        mu, least = gaussian.mu_of(guesses.claimed_nano), mu_at_least(guesses)
        claim, proved = epsilon(guesses.claimed_nano, DELTA), gaussian.epsilon_of(least, DELTA)
        result = f"{guesses.right} of {guesses.canaries} guesses right: mu at least {least:.3f}, epsilon {proved:.2f}"
        if faulty:
            chance = power(2 * mu, guesses.claimed_nano, guesses.canaries)
            bound = (
                f"above the claims of mu {mu:.3f} and epsilon {claim:.2f}; power {power_text(chance)} (Gaussian law)"
            )
            shows, passed = (
                "The same harness refutes a build with half the noise",
                refuted(guesses, guesses.claimed_nano),
            )
        else:
            bound = f"at most the claims of mu {mu:.3f} and epsilon {claim:.2f} at delta {DELTA}; odds {ODDS:g}"
            shows, passed = "In one release, canaries are hidden as the ledger claims", least <= mu and proved <= claim
        name = "canaries: half the noise" if faulty else "canaries: the build"
        found.append(
            Evidence(
                name=name,
                shows=shows,
                trials=guesses.canaries,
                seed=SEED,
                result=result,
                bound=bound,
                passed=passed,
            )
        )
    return found
