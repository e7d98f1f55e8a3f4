"""The black box: files in, published files out, with and without one person; how well can anybody tell which is which?

If the build is (epsilon, delta)-private, every test has (seen - delta) / false alarms of at most e^epsilon, and the
same with the sides exchanged. The test is a threshold on the best attacker's score, chosen on the first quarter of
the runs and judged on the others, so that Clopper-Pearson limits of both rates hold as they are.
"""

import bisect
import functools
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from analytics.audit import binomial, gaussian
from analytics.audit.effort import Effort
from analytics.audit.faults import half_noise
from analytics.audit.harness import FloatArray, open_harness
from analytics.audit.scenarios import (
    LOSS_NANO,
    PERIODS,
    Tables,
    audit_contracts,
    cohorts_of,
    member,
    periods,
    worst_category,
)
from analytics.audit.scores import scores
from analytics.evidence import Evidence
from analytics.release.noise import Noise, epsilon, noisy

DELTA = 0.05
"""At smaller ones no number of runs that anybody can wait for says anything."""

BLOCK, BLOCK_ODDS = 400, 0.05
"""Runs a side, and odds of error, of the small audits into which a faulty build's runs are cut."""

ODDS = 1e-6
"""How likely the lower bound is to lie above the truth: both rates in both directions together."""

_CHOOSING = 4
"""One in so many runs chooses the threshold."""

_THRESHOLDS = 100
"""Candidates, at even steps of the scores' quantiles."""

_NEGLIGIBLE = 1e-12

_NEARLY_SURE = 0.9999

BETWEEN: Tables = (("region",), ("region", "age_band"))
EVERYONE: Tables = ((), *BETWEEN)


@dataclass(frozen=True)
class ScoredRuns:
    """Scores of the same number of runs with and without the person, and the loss that was published, in nano-rho."""

    inside: FloatArray
    outside: FloatArray
    claimed_nano: int


@dataclass(frozen=True)
class EpsilonBound:
    """What the runs prove: epsilon is at least this, with the counts of the better direction."""

    epsilon: float
    seen: int
    false_alarms: int
    judged: int


def run(folder: Path, members: int, releases: int, noise: Noise) -> ScoredRuns:
    """Draw `releases` on each side; with several members in cells of their own, each release is a run for each.

    In the loop of every run: count from the vault, caps, noise, ledger entry, head, all published files of the
    ledger, and the score from `cells.parquet`. Before it, once a side: files of consents, register and entries.
    """
    contracts = audit_contracts(members, EVERYONE if members == 1 else BETWEEN)
    weeks = periods(PERIODS)
    category = worst_category(contracts.plan)
    present = [member(number, contracts.plan, weeks) for number in range(members)]
    others = [member(number, contracts.plan, weeks, other=1) for number in range(members)]
    cohorts = [cohorts_of(number) for number in range(members)]
    sides: list[FloatArray] = []
    claimed = 0
    for side, people in (("inside", present + others), ("outside", others)):
        found: list[FloatArray] = []
        with open_harness(folder / side, contracts, people, noise) as opened:
            for first in range(0, releases, PERIODS):
                published = opened.released(weeks[: releases - first])
                found.append(scores(published, cohorts, category, others=1).ravel())
                claimed = max(claimed, *(entry.loss_nano for entry in published.entries))
        sides.append(np.concatenate(found))
    return ScoredRuns(sides[0], sides[1], claimed)


def bounded(runs: ScoredRuns, delta: float = DELTA, odds: float = ODDS) -> EpsilonBound:
    """Return the greatest epsilon that the runs rule out from below, wrongly so with probability `odds` at most."""
    both = [_direction(runs.inside, runs.outside, delta, odds / 2)]
    both.append(_direction(-runs.outside, -runs.inside, delta, odds / 2))
    return max(both, key=lambda bound: bound.epsilon)


def _direction(high: FloatArray, low: FloatArray, delta: float, odds: float) -> EpsilonBound:
    choosing = len(high) // _CHOOSING
    first, second = (high[:choosing], low[:choosing]), (high[choosing:], low[choosing:])
    candidates = np.quantile(np.concatenate(first), np.linspace(0.02, 0.98, _THRESHOLDS))
    # Judged as if the first runs were as many as the others: what matters is which threshold will do best then.
    judged = len(second[0])
    chosen = max(
        candidates,
        key=lambda threshold: _epsilon(
            round(_share(first[0], threshold) * judged),
            round(_share(first[1], threshold) * judged),
            judged,
            delta,
            odds,
        ),
    )
    seen, alarms = (int((side > chosen).sum()) for side in second)
    return EpsilonBound(_epsilon(seen, alarms, judged, delta, odds), seen, alarms, judged)


def _share(scores_: FloatArray, threshold: float) -> float:
    return float((scores_ > threshold).mean())


def _epsilon(seen: int, alarms: int, judged: int, delta: float, odds: float) -> float:
    found = binomial.lower(judged, seen, odds / 2) - delta
    return max(0.0, math.log(found / binomial.upper(judged, alarms, odds / 2))) if found > 0 else 0.0


def refusals(runs: ScoredRuns, claim: float) -> tuple[int, int]:
    """Return how many of the small audits into which `runs` are cut refute `claim`, and how many there are."""
    firsts = range(0, len(runs.inside) - BLOCK + 1, BLOCK)
    blocks = [(runs.inside[first : first + BLOCK], runs.outside[first : first + BLOCK]) for first in firsts]
    refused = sum(bounded(ScoredRuns(*block, runs.claimed_nano), odds=BLOCK_ODDS).epsilon > claim for block in blocks)
    return refused, len(blocks)


@functools.cache
def power(mu: float, claim: float, judged: int, delta: float = DELTA, odds: float = ODDS) -> float:
    """Return how likely a Gaussian build of `mu` is refuted, in one of the two directions at the best threshold.

    The probability that seen and false alarms, both binomial, give a lower bound above `claim`; the other direction
    only adds to it.
    """
    best = 0.0
    for alarms_rate in (0.01, 0.02, 0.03, 0.05, 0.08):
        of_seen = stats.binom.pmf(range(judged + 1), judged, gaussian.seen(mu, alarms_rate))
        of_alarms = stats.binom.pmf(range(judged + 1), judged, alarms_rate)
        at_least = of_seen[::-1].cumsum()[::-1]
        total, counts = 0.0, range(judged + 1)
        for alarms in np.flatnonzero(of_alarms > _NEGLIGIBLE):
            proved = functools.partial(_epsilon, alarms=int(alarms), judged=judged, delta=delta, odds=odds / 2)
            least = bisect.bisect_right(counts, claim, key=proved)
            total += float(of_alarms[alarms] * at_least[least]) if least <= judged else 0.0
        best = max(best, min(total, 1.0))
    return best


def build_check(folder: Path, effort: Effort) -> list[Evidence]:
    """Hold the build to its claim."""
    runs = run(folder, effort.members, effort.releases, noisy)
    return [_judged(runs, faulty=False, members=effort.members)]


def half_noise_check(folder: Path, effort: Effort) -> list[Evidence]:
    """Show that the same harness refutes a build with half the noise."""
    runs = run(folder, effort.members, effort.releases, half_noise)
    return [_judged(runs, faulty=True, members=effort.members)]


def _judged(runs: ScoredRuns, *, faulty: bool, members: int) -> Evidence:
    bound, claim = bounded(runs), epsilon(runs.claimed_nano, DELTA)
    mu = gaussian.mu_of(runs.claimed_nano)
    truth = gaussian.epsilon_of(2 * mu if faulty else mu, DELTA)
    said = f"epsilon at least {bound.epsilon:.2f} (seen {bound.seen}, false alarms {bound.false_alarms} of "
    said += f"{bound.judged} judged); Gaussian law: {truth:.2f}"
    together = "one member a release" if members == 1 else f"{members} members a release, in cells of their own"
    if faulty:
        chance = power(2 * mu, claim, bound.judged)
        refused, blocks = refusals(runs, claim)
        small = power(2 * mu, claim, BLOCK - BLOCK // _CHOOSING, odds=BLOCK_ODDS)
        said += f"; cut into audits of {BLOCK} runs a side at odds {BLOCK_ODDS}: {refused} of {blocks} refuse"
        said += f" (law: at least {small:.2f})"
        return Evidence(
            name="black box: half the noise",
            shows=f"The same harness refutes a build with half the noise ({together})",
            trials=2 * len(runs.inside),
            seed=None,
            result=said,
            bound=f"above the claim of {claim:.2f} at delta {DELTA}; power {power_text(chance)} by the Gaussian law",
            passed=bound.epsilon > claim,
        )
    return Evidence(
        name="black box: the build",
        shows=f"From files to published files, a worst-case member is hidden as the ledger claims ({together})",
        trials=2 * len(runs.inside),
        seed=None,
        result=said,
        bound=f"at most the claim of {claim:.2f} at delta {DELTA}; the bound is wrong with odds {ODDS:g}",
        passed=bound.epsilon <= claim and runs.claimed_nano <= LOSS_NANO,
    )


def power_text(chance: float) -> str:
    """Return a power for a table's row."""
    return f"{chance:.4f}" if chance < _NEARLY_SURE else f"above {_NEARLY_SURE}"
