"""Power of candidate definitions at the same loss, and how often they find what is not there.

    .venv/bin/python -m benchmarks.power

Each definition has the loss of one measure of the standard plan, and its best basis. A rhythm or a factor is found
where its mean over the periods differs from its chance level in a two-sided test at 1 in 20 over all of the measure's
tests, with the noise and the sampling variance known. Prints three tables in Markdown; about ten minutes.
"""

import sys

import numpy as np
from scipy import stats

from analytics.layout import Array
from analytics.release.optimum import best_gram
from benchmarks.power.definitions import LINKS, RHYTHMS, Candidate
from benchmarks.power.services import FACTORS, MONDAYS_3, WEEKENDS_HALF, scenario

UNIT = 56.8
"""Persons: the noise of a category of everybody without a basis, for a measure that does not look back: `murmuration
plan` gives it for `steadiness`."""
IMPORTANCE = {"contrast": 0.7, "people": 1.5, "category": 0.006}
"""As in the plan."""
SIZES, PERIODS, LEVEL = (1_000, 3_000, 5_000, 10_000), (1, 4, 13), 0.05
CHUNKS = 8
"""Of 20,000 people each, of whom about 11,000 log."""


def contrast_noise(one: Candidate) -> float:
    """Return the standard deviation of a contrast, in persons, under the best basis for contrasts and people."""
    size = one.contrasts.shape[1]
    lines = [(IMPORTANCE["contrast"], row) for row in one.contrasts] + [(IMPORTANCE["people"], np.ones(size))]
    weights = IMPORTANCE["category"] * np.eye(size) + sum(
        part * np.outer(row, row) / (row @ row) for part, row in lines
    )
    row = one.contrasts[0] / (2 if one.pooled else 1)  # about half above and half below: each weighs a half
    return float(UNIT * np.sqrt(one.touches / 15 * (row @ np.linalg.inv(best_gram(weights).gram) @ row)))


def law(one: Candidate, vectors: Array) -> tuple[Array, Array]:
    """Return each contrast's mean per person who logs, beyond chance, and its variance."""
    values = vectors @ one.contrasts.T - one.chance * vectors.sum(axis=1)[:, None]
    if one.pooled:
        tests = len(one.contrasts)
        part = vectors[:, :tests].sum() / vectors.sum()
        values = vectors[:, tests:] * part - vectors[:, :tests] * (1 - part)
    return values.mean(axis=0), values.var(axis=0)


def found(mean: Array, var: Array, noise: float, people: int, periods: int, days: int) -> Array:  # noqa: PLR0913, PLR0917
    """Return each test's chance to find something; releases share `days` / 28 periods of days."""
    sampling = people * var * min(1, days / 28 / periods)
    bound = stats.norm.isf(LEVEL / 2 / len(mean))
    z = people * mean / np.sqrt(noise**2 / periods + sampling)
    return np.asarray(stats.norm.sf(bound - z) + stats.norm.cdf(-bound - z))


def table(candidates: tuple[Candidate, ...], there: dict[str, object], nulls: dict[str, dict[str, object]]) -> None:
    """Print the power of the first test, and the chance of any false finding after 13 periods."""
    sizes = " | ".join(f"{people:,}" for people in SIZES)
    sys.stdout.write(f"| definition | counted of 100 | found after 1/4/13 periods at {sizes} | false at 3,000: ")
    sys.stdout.write(" | ".join(nulls) + " |\n")
    for one in candidates:
        noise = contrast_noise(one)
        vectors = scenario(one.vectors, one.days, CHUNKS, **there)
        mean, var = law(one, vectors)
        cells = [f"{100 * vectors.sum() / len(vectors):.0f}"]
        cells += ["/".join(f"{found(mean, var, noise, n, t, one.days)[0]:.2f}" for t in PERIODS) for n in SIZES]
        for null in nulls.values():
            mean, var = law(one, scenario(one.vectors, one.days, CHUNKS, **null))
            cells.append(f"{1 - np.prod(1 - found(mean, var, noise, 3_000, 13, one.days)):.2f}")
        sys.stdout.write(f"| {one.name} | {' | '.join(cells)} |\n")


if __name__ == "__main__":
    half = {"logging": WEEKENDS_HALF}
    no_rhythm: dict[str, dict[str, object]] = {
        "even": {},
        "weekends half": half,
        "skewed too": {**half, "skewed": True},
        "mood falls too": {**half, "falls": 15.0},
    }
    table(RHYTHMS, {"rhythm": MONDAYS_3}, no_rhythm)
    first = (-6.0,) + (0.0,) * (FACTORS - 1)
    table(LINKS, {"effects": first}, no_rhythm)
    table(LINKS, {"effects": (-6.0, -5.0, 5.0, 4.0, -4.0, 0.0, 0.0, 6.0, 0.0, 0.0)}, {})
