"""The noise as it is drawn, at every scale of the plans that ship: law, variance, symmetry, tails, independence.

Each bound lies where a sound engine fails it with odds of 1 in 10^9 or less, all bounds of one sample together, and
noise that is 10 % larger or smaller than it says fails at least one: shown by drawing such noise.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import special, stats

from analytics.audit.effort import Effort
from analytics.audit.gaussian import NORMAL
from analytics.audit.harness import NOW, FloatArray
from analytics.cells import ExactCells, TableKey
from analytics.contracts import Grid, Plan, read_plan, shipped_contracts
from analytics.evidence import Evidence
from analytics.periods import Period
from analytics.release.budget import frozen_noise, sensitivity
from analytics.release.draw import draw
from analytics.release.noise import noisy
from analytics.store.ledger import create_ledger, open_ledger

ERRORS = 7.0
"""Standard errors at which a moment is refused: 1 in 10^11 on a normal law."""

ODDS = 1e-11
"""How seldom each of the other bounds refuses a sound engine."""

_TAILS = (2.0, 3.0, 4.0)

WRONG_VALUES = 12_000
"""Integers drawn at each wrong scale: enough to see 10 %, 19 % of a variance whose bound is 9 % and error 1.3 %."""

WRONG = ((9, 10), (11, 10))
"""Scales that must be refused, as fractions of what is claimed."""


@dataclass(frozen=True)
class NoiseStatistic:
    """One statistic of a sample, in units of its own bound: beyond 1 it is refused."""

    what: str
    used: float


def shipped_plans() -> list[tuple[Plan, Grid]]:
    """Return every plan that the program brings, with its grid."""
    folder = shipped_contracts()
    names = ["standard", *(path.name.split(".")[1] for path in sorted(folder.glob("release_plan.*.yaml")))]
    return [read_plan(folder, name) for name in names]


def scales() -> list[tuple[int, int]]:
    """Return each (d_in, sigma) of the shipped plans once, in micro-persons."""
    found = {
        (sensitivity(measure.basis), sigma)
        for plan, _ in shipped_plans()
        for measures in frozen_noise(plan, plan.name).values()
        for measure in measures.values()
        for sigma in measure.sigma.values()
    }
    return sorted(found)


def statistics_of(values: FloatArray, sigma: float) -> list[NoiseStatistic]:
    """Hold a sample of integers to the discrete Gaussian of `sigma`, so wide that its steps do not matter."""
    number = len(values)
    error, scaled = ERRORS / math.sqrt(number), np.sort(values / sigma)
    # Its bound (Dvoretzky, Kiefer, Wolfowitz, Massart 1990) holds for any law, a discrete one included.
    distance = float(stats.kstest(scaled, special.ndtr, method="asymp").statistic)
    found = [
        NoiseStatistic("variance", abs(float((scaled**2).mean()) - 1) / (error * math.sqrt(2))),
        NoiseStatistic("mean", abs(float(scaled.mean())) / error),
        NoiseStatistic("sign", abs(float((scaled > 0).mean()) - 0.5) / (error / 2)),
        NoiseStatistic("skew", abs(float((scaled**3).mean())) / (error * math.sqrt(15))),
        NoiseStatistic("last digit", abs(float((values % 2).mean()) - 0.5) / (error / 2)),
        NoiseStatistic("law", distance / math.sqrt(math.log(2 / ODDS) / (2 * number))),
    ]
    for reach in _TAILS:
        share = 2 * NORMAL.cdf(-reach)
        beyond = int((np.abs(scaled) > reach).sum())
        chance = 2 * min(stats.binom.sf(beyond - 1, number, share), stats.binom.cdf(beyond, number, share))
        found.append(
            NoiseStatistic(f"beyond {reach:g} sigma", max(0.0, math.log(max(chance, 1e-300)) / math.log(ODDS)))
        )
    return found


def worst(found: list[NoiseStatistic]) -> NoiseStatistic:
    """Return the statistic nearest to, or furthest beyond, its bound."""
    return max(found, key=lambda one: one.used)


def drawn(number: int, d_in: int, sigma: int) -> FloatArray:
    """Return noise alone: one draw over zeros."""
    values, _ = noisy([0] * number, number, d_in, sigma)
    return np.array(values, dtype=np.float64)


def correlations(stream: FloatArray, lags: int) -> FloatArray:
    """Return the correlation of `stream` with itself at each lag from 1, in standard errors."""
    size = 2 ** math.ceil(math.log2(2 * len(stream)))
    power = np.abs(np.fft.rfft(stream, size)) ** 2
    sums = np.fft.irfft(power, size)[1 : lags + 1]
    found: FloatArray = sums / np.sqrt(len(stream) - np.arange(1, lags + 1))
    return found


def releases(folder: Path, number: int) -> FloatArray:
    """Return the noise of whole releases of the first shipped plan, over zeros: by release and cell, in sigmas."""
    plan, grid = shipped_plans()[0]
    name, product = next(iter(plan.products.items()))
    cells = {
        TableKey(measure, dimensions): [0] * (grid.size(dimensions) * len(plan.measures[measure].categories))
        for measure, dimensions in product.measured()
    }
    found: list[list[float]] = []
    period = Period.parse("2001-W01" if product.cadence == "week" else "2001-P01")
    while len(found) < number:
        ledger_file, head = folder / f"noise-{len(found)}.sqlite", folder / f"noise-{len(found)}.json"
        create_ledger(ledger_file, head)
        with open_ledger(ledger_file, head) as ledger:
            for _ in range(min(12, number - len(found))):  # few enough for any cap
                draw(ledger, plan, grid, name, period, lambda _: ExactCells(cells), NOW)
                entry = ledger.entries()[-1]
                noise = ledger.cells(entry)
                sigma = {(each.measure, *each.dimensions): each.sigma for each in entry.body.tables}
                found.append(
                    [
                        value / sigma[key.measure, *key.dimensions]
                        for key in entry.tables
                        for value in noise.vectors[key]
                    ]
                )
                period = period.next
        ledger_file.unlink()
        head.unlink()
    return np.array(found)


def checks(folder: Path, effort: Effort) -> list[Evidence]:
    """Look at every scale, at two wrong ones beside each, and at whole releases."""
    return [*scales_checks(folder, effort), *releases_checks(folder, effort)]


def scales_checks(_folder: Path, effort: Effort, place: int = 0, places: int = 1) -> list[Evidence]:
    """Look at every scale, or at those of the `place` of so many `places`, and at two wrong ones beside each."""
    every = scales()
    chosen = every[len(every) * place // places : len(every) * (place + 1) // places]
    return [each for d_in, sigma in chosen for each in _at_scale(d_in, sigma, effort.noise_values)]


def releases_checks(folder: Path, effort: Effort) -> list[Evidence]:
    """Look at whole releases: do their cells share noise?"""
    return [_independent(releases(folder, effort.noise_releases))]


def _at_scale(d_in: int, sigma: int, number: int) -> Iterator[Evidence]:
    nearest = worst(statistics_of(drawn(number, d_in, sigma), sigma))
    yield Evidence(
        name=f"noise: sigma {sigma}",
        shows="Law, variance, symmetry, last digit and tails are those of the claimed sigma (micro-persons)",
        trials=number,
        seed=None,
        result=f"nearest its bound: {nearest.what}, at {nearest.used:.2f} of it",
        bound="each within its bound; odds 1e-9 together",
        passed=nearest.used <= 1,
    )
    wrong = {by / of: worst(statistics_of(drawn(WRONG_VALUES, d_in, sigma * by // of), sigma)).used for by, of in WRONG}
    yield Evidence(
        name=f"noise: sigma {sigma}, wrong by 10 %",
        shows="Noise that is 10 % smaller or larger than claimed is refused",
        trials=len(WRONG) * WRONG_VALUES,
        seed=None,
        result=" and ".join(f"{scale:g} sigma at {used:.1f} of a bound" for scale, used in wrong.items()),
        bound="each beyond a bound",
        passed=min(wrong.values()) > 1,
    )


def _independent(stream: FloatArray) -> Evidence:
    lags = 2 * stream.shape[1]
    used = float(np.abs(correlations(stream.ravel(), lags)).max() / ERRORS)
    return Evidence(
        name="noise: cells are independent",
        shows="No cell of a release, or of the next one, shares noise with another",
        trials=stream.size,
        seed=None,
        result=f"greatest correlation at any of {lags} lags: {used:.2f} of its bound",
        bound=f"{ERRORS:g} standard errors at each lag; odds 1e-8 together",
        passed=used <= 1,
    )
