"""How often coverage and weighted figures lie in their intervals: simulated services under the standard plan's noise.

    .venv/bin/python benchmarks/representation.py [REPETITIONS]

People log unevenly: older people and some regions less than their public sizes, and mood differs between the strata. In
each repetition everyone logs anew and the noise is new. Prints, for services of several sizes, how often `noise` holds
the participants' own figure and `shown` the one that they come from (0.95 is promised), the mean error as a part of the
half-width, and the mean half-width; of the weights, which have no sampling, `noise` alone.
"""

import itertools
import sys
from typing import Any

import numpy as np

from analytics.contracts import read_contracts, shipped_contracts
from analytics.layout import Array
from analytics.trends.estimation.estimates import reconcile
from analytics.trends.estimation.expected import plan_layout
from analytics.trends.estimation.figures import CellFigures, MeasureFigures
from analytics.trends.estimation.intervals import Figure, count_figure
from analytics.trends.representation.coverage import coverage
from analytics.trends.representation.poststratified import poststratified
from analytics.trends.representation.strata import Public

PRODUCT, MEASURE, STRATA = "weekly_mood", "mood_bands", ("region", "age_band")
TABLES = ((), ("region",), ("age_band",))
SIZES = (4_000, 8_000, 30_000, 60_000)

CONTRACTS = read_contracts(shipped_contracts(), "standard")
PLAN, GRID = CONTRACTS.plan, CONTRACTS.grid
LAYOUT = plan_layout(GRID, PLAN.products[PRODUCT].tables[MEASURE], (PLAN.frozen or {})[PRODUCT][MEASURE])
ABOUT = PLAN.measures[MEASURE]
HEADLINES: list[dict[str, Any]] = [
    {"name": name, "kind": one.kind, "weights": list(one.weights), "whole": list(one.whole)}
    for name, one in ABOUT.headlines.items()
]
DESCRIBED = {"name": MEASURE, "categories": list(ABOUT.categories.items()), "headlines": HEADLINES}
DISPLAY = {name: str(value) for name, value in PLAN.display.model_dump().items()}

MIX = np.outer([0.26, 0.2, 0.18, 0.15, 0.13, 0.05, 0.03], [0.2, 0.3, 0.25, 0.15, 0.08, 0.02])
"""How people who log are spread over regions and ages; the last of each is unknown."""
LIVING = MIX[:6, :5] * np.outer([1, 1.3, 0.8, 1.2, 1, 1.5], [0.6, 0.7, 1, 1.6, 2.2])
LIVING = np.round(LIVING / LIVING.sum() * 400_000)
MOOD = np.array([0.08, 0.16, 0.26, 0.32, 0.18])


def public() -> Public:
    """Return the public sizes."""
    keys = [GRID.keys(name)[:-1] for name in STRATA]
    return Public(STRATA, dict(zip(itertools.product(*keys), LIVING.astype(int).ravel().tolist(), strict=True)))


def expected(people: int) -> Array:
    """Return how many people a service expects: region x age x band of mood, which differs between the strata."""
    tilt = np.sin(np.arange(7))[:, None] * 0.1 + 0.04 * (np.arange(6) - 2)
    parts = MOOD * np.exp(-1.3 * tilt[..., None] * np.array([2, 1, 0, -1, -2]))
    return np.array(people * MIX[..., None] * parts / parts.sum(axis=-1, keepdims=True))


def release(array: Array, rng: np.random.Generator) -> MeasureFigures:
    """Return a release of these people."""
    basis = np.array(LAYOUT.basis, dtype=np.float64)
    noisy = {}
    for table, sigma in LAYOUT.sigma.items():
        # Who is of which service moves nothing here: all are of the last.
        summed = array.sum(axis=tuple(at for at, name in enumerate(STRATA) if name not in table))
        shape = [LAYOUT.keys[name] for name in table]
        exact = np.zeros((*shape, len(MOOD)))
        exact[(-1,) if "service" in table else ...] = summed
        measured = exact @ basis.T
        noisy[table] = (measured + rng.normal(0, sigma, measured.shape)).ravel()
    estimates = reconcile(LAYOUT, noisy)
    cells = {}
    for table, part in estimates.tables.items():
        variance = LAYOUT.variance(table) * float(LAYOUT.spread.sum())
        for place in itertools.product(*(range(LAYOUT.keys[name]) for name in table)):
            cohort = tuple(GRID.keys(name)[at] for name, at in zip(table, place, strict=True))
            people = count_figure(float(part[place].sum()), variance)
            cells[table, cohort] = CellFigures(table, place, cohort, part[place], people)
    return MeasureFigures(DESCRIBED, estimates, DISPLAY, cells)


Seen = dict[str, list[tuple[bool, bool | None, float, float]]]


def look(seen: Seen, name: str, figure: Figure, actual: float, underlying: float | None = None) -> None:
    """Note whether a figure's intervals hold; the ends may be the estimate itself, up to rounding."""
    assert figure.noise is not None  # noqa: S101 -- what is told has ends
    assert figure.shown is not None  # noqa: S101 -- as above
    holds = figure.noise.low - 1e-9 <= actual <= figure.noise.high + 1e-9
    wide = None if underlying is None else figure.shown.low <= underlying <= figure.shown.high
    seen.setdefault(name, []).append((holds, wide, figure.estimate - actual, figure.noise.half_width))


def repeat(people: int, repetitions: int, seen: Seen) -> None:
    """Draw releases and note what their intervals hold."""
    rng, sizes, mean = np.random.default_rng(people), public(), expected(people)
    for _ in range(repetitions):
        array = rng.poisson(mean).astype(np.float64)
        drawn = release(array, rng)
        for headline, table in itertools.product(HEADLINES[1:], TABLES):
            weights = np.array(headline["weights"]) / np.max(headline["weights"])
            for one in poststratified(drawn, STRATA, sizes, table, headline).values():
                groups, parts = one.strata.groups.reshape(-1, 7, 6), one.strata.weights
                inside = one.strata.within.reshape(7, 6)
                truths = []
                for true in (array, mean):
                    tops, bottoms = ((groups * it).sum(axis=(1, 2)) for it in (true @ weights, true.sum(axis=-1)))
                    plain = (inside * (true @ weights)).sum() / (inside * true.sum(axis=-1)).sum()
                    truths.append((parts @ (tops / bottoms), parts @ (tops / bottoms) - plain, bottoms))
                where = f"{headline['name']}, {'/'.join(table) or 'all'}"
                look(seen, f"{where}: weighted", one.weighted, truths[0][0], truths[1][0])
                look(seen, f"{where}: less plain", one.less_plain.figure, truths[0][1], truths[1][1])
                effective = 1 / float((parts**2 / truths[0][2]).sum())
                if headline is HEADLINES[1]:
                    look(seen, f"{where}: effective people", one.effective_people, effective)
                    look(seen, f"{where}: design effect", one.design_effect, truths[0][2].sum() / effective)
        for table in (*TABLES, STRATA):
            for cohort, found in coverage(drawn, sizes, table).items():
                at = [
                    GRID.keys(name).index(cohort[table.index(name)]) if name in table else slice(None)
                    for name in STRATA
                ]
                inside = np.zeros((7, 6))
                inside[tuple(at) if table else (slice(6), slice(5))] = 1
                actual, underlying = (
                    float((inside * it.sum(axis=-1)).sum()) * 1000 / found.size for it in (array, mean)
                )
                look(seen, f"coverage, {'/'.join(table) or 'all'}", found.per_thousand, actual, underlying)


def main() -> None:
    """Print one block per size of the service."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for people in SIZES:
        seen: Seen = {}
        repeat(people, repetitions, seen)
        sys.stdout.write(f"{people:,} people who log\n{'figure':46} noise  shown  error/half  half-width      n\n")
        for name, rows in seen.items():
            noise, error, half = (float(np.mean([row[at] for row in rows])) for at in (0, 2, 3))
            shown = "     " if rows[0][1] is None else f"{float(np.mean([row[1] for row in rows])):.3f}"
            sys.stdout.write(f"{name:46} {noise:.3f}  {shown}  {error / half:+10.3f}  {half:10.4f} {len(rows):6}\n")


if __name__ == "__main__":
    main()
