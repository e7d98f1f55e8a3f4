"""How often the figure to come lies in its outlook: back-test on simulated series with the plan's own noise law.

    .venv/bin/python benchmarks/outlook.py [SERIES]

Each series is 26 weeks of one headline of a region of so many people; the outlook is made at the 22nd week and held
against the figures of the four weeks after. The level walks at random by a step with a standard deviation in
points of low mood (of people: in hundredths of the region). Prints coverage (0.95 is promised) with its Monte-Carlo
standard error, and the mean half-width, at one and four weeks.
"""

import functools
import math
import sys
from dataclasses import dataclass

import numpy as np

from analytics.contracts import read_contracts, shipped_contracts
from analytics.layout import Array, Layout
from analytics.trends.estimation.expected import plan_layout
from analytics.trends.estimation.intervals import linear_weights
from analytics.trends.monitoring.outlook import LOOK_BACK, filtered, predicted

PRODUCT, MEASURE = "weekly_mood", "mood_bands"
LOW, START = 0.24, 59.0
SEEN = 22
AHEAD = 4


@dataclass(frozen=True)
class Case:
    """What a series is like."""

    headline: str
    people: int
    step: float
    gaps: float = 0.0
    """The share of periods that are withheld."""


CASES = (
    *(Case("low_share", people, step) for people in (1_000, 3_000, 10_000) for step in (0.0, 0.5, 2.0)),
    *(Case("people", people, step) for people in (1_000, 10_000) for step in (0.0, 2.0, 6.0)),
    Case("low_share", 3_000, 0.5, gaps=0.3),
)


@functools.cache
def shipped_layout() -> Layout:
    """Return the public shape of the standard plan's tables."""
    contracts = read_contracts(shipped_contracts(), "standard")
    plan, grid = contracts.plan, contracts.grid
    return plan_layout(grid, plan.products[PRODUCT].tables[MEASURE], (plan.frozen or {})[PRODUCT][MEASURE])


def noise_variances(case: Case) -> tuple[float, float]:
    """Return the variances of noise and of sampling at its bound, of a region's figure, in the figure's unit."""
    layout = shipped_layout()
    if case.headline == "people":
        weights, scale, sampling = np.ones(5), 1.0, float(case.people)
    else:
        cell = case.people * np.array([LOW / 2, LOW / 2, 0.26, 0.32, 0.18])
        weights, scale = linear_weights(cell, np.array([1.0, 1, 0, 0, 0]), np.ones(5)), 100.0
        sampling = LOW * (1 - LOW) / case.people * scale**2
    return layout.variance(("region",)) * float(weights @ layout.spread @ weights) * scale**2, sampling


def back_test(case: Case, series: int, generator: np.random.Generator) -> dict[int, tuple[float, float, float]]:
    """Return per horizon: coverage, its standard error, and the mean half-width."""
    noise, sampling = noise_variances(case)
    step = case.step * (case.people / 100 if case.headline == "people" else 1.0)
    steps = generator.normal(scale=step, size=(series, SEEN + AHEAD))
    level = (case.people if case.headline == "people" else 100 * LOW) + steps.cumsum(axis=1)
    figures = level + generator.normal(scale=math.sqrt(noise + sampling), size=level.shape)
    past = np.full((series, LOOK_BACK), np.nan)
    past[:, -SEEN:] = figures[:, :SEEN]
    withheld = generator.random(past.shape) < case.gaps
    withheld[:, -1] = False
    past[withheld] = np.nan
    variances = np.where(np.isnan(past), np.nan, noise + sampling)
    levels = filtered(past, variances)
    found = {}
    for ahead in (1, AHEAD):
        _, low, high = predicted(levels, variances[:, -1], ahead)
        found[ahead] = _coverage(figures[:, SEEN + ahead - 1], low, high)
    return found


def _coverage(figures: Array, low: Array, high: Array) -> tuple[float, float, float]:
    share = float(((low <= figures) & (figures <= high)).mean())
    return share, math.sqrt(share * (1 - share) / len(figures)), float((high - low).mean() / 2)


def main() -> None:
    """Print the table."""
    series = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    generator = np.random.default_rng(20240103)
    lines = [
        f"{'figure':10} {'people':>7} {'step':>5} {'gaps':>5} {'1 week':>16} {'+/-':>7} {'4 weeks':>16} {'+/-':>7}"
    ]
    total = []
    for case in CASES:
        found = back_test(case, series, generator)
        cells = [f"{share:.3f} ({error:.3f}) {width:7.1f}" for share, error, width in found.values()]
        lines.append(f"{case.headline:10} {case.people:7} {case.step:5.1f} {case.gaps:5.1f} {'  '.join(cells)}")
        total.append(found[AHEAD][0])
    lines.append(f"Four weeks ahead, over all {series * len(CASES)} series: {np.mean(total):.4f}")
    sys.stdout.write("\n".join((*lines, "")))


if __name__ == "__main__":
    main()
