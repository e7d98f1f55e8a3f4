"""How often intervals hold the truth: whole releases of invented counts, through the engine, to the published rows.

Each repetition is one release, drawn by the engine and published by `figures_of` and `rows_of`. `noise` should hold the
figure of the people who were there, `shown` the underlying one. The repetitions are many enough for a standard error
under 0.2 points; the verdict is on the share itself. By kind and size the display rule is left out, since what is
shown only when noise made it large is not covered at any fixed rate: such rows are reported and not judged.
"""

import functools
import math
from pathlib import Path

import numpy as np

from analytics.audit.effort import Effort
from analytics.audit.harness import FloatArray
from analytics.audit.invented import SEED, Scenario, scenarios
from analytics.audit.repeated import COMPARISONS, Mask, RowShape, repeated
from analytics.evidence import Evidence

NOISE, SHOWN = (94.0, 96.0), 94.0
"""Percent."""

LARGEST_ERROR = 0.2
"""The standard error, in points, from which on there are too few repetitions to judge the share itself."""

_FEW_ERRORS = 5.0

_SIZES = (1.0, 2.0, 4.0, 10.0)
"""Cuts between sizes of cohorts, as multiples of the people from which they are shown."""


def slots(shape: RowShape) -> dict[str, tuple[str, Mask]]:
    """Return what coverage is reported for: a comparison, and which rows; cohorts expected to be shown only."""
    sizes = shape.expected / shape.floor
    kinds = np.array(shape.headline)
    large = sizes >= 1
    found = {}
    for one, words in (
        (COMPARISONS[0], "{}"),
        (COMPARISONS[1], "changes of {}"),
        (COMPARISONS[2], "{} against all"),
    ):
        for kind, plural in (("people", "people"), ("share", "shares"), ("mean", "means")):
            if not (one == COMPARISONS[2] and kind == "people"):
                found[words.format(plural)] = (one, large & (kinds == kind))
    found["roll-ups"] = (COMPARISONS[0], large & shape.is_rollup())
    for low, high in zip(_SIZES, (*_SIZES[1:], math.inf), strict=True):
        mask = (sizes >= low) & (sizes < high)
        if mask.any():
            to = f"to {high:g}" if high < math.inf else "and more"
            found[f"cohorts of {low:g} {to} floors"] = (COMPARISONS[0], mask)
    return found


def checks(folder: Path, effort: Effort) -> list[Evidence]:
    """Count coverage for the covered measures of the plans that ship."""
    return [each for scenario in scenarios() for each in scenario_checks(folder, effort, scenario)]


def scenario_checks(folder: Path, effort: Effort, scenario: Scenario) -> list[Evidence]:
    """Count coverage for one measure."""
    found = []
    rows, shape = repeated(folder, scenario, effort.coverage)
    what = f"{scenario.plan.name} {next(iter(scenario.plan.measures))}"
    judge = functools.partial(judged, repetitions=effort.coverage, what=what)
    found.append(judge("single cells", {"noise": share(rows.cells[:, None])}))
    for name, (one, mask) in slots(shape).items():
        if np.isnan(rows.held[one, "noise"][:, mask]).all():
            continue  # a measure without a mean, a plan without a table to compare with everyone
        found.append(judge(name, {kind: share(rows.held[one, kind][:, mask]) for kind in ("noise", "shown")}))
    published = {
        kind: np.concatenate(
            [np.where(rows.published[one], rows.held[one, kind], np.nan) for one in COMPARISONS], axis=1
        )
        for kind in ("noise", "shown")
    }
    found.append(judge("all that is published", {kind: share(each) for kind, each in published.items()}))
    near = (shape.expected >= shape.floor / 2) & (shape.expected < 1.5 * shape.floor)
    if near.any():
        at_floor = {
            kind: share(np.where(rows.published[""], rows.held["", kind], np.nan)[:, near])
            for kind in ("noise", "shown")
        }
        found.append(judge("published, half to 1.5 floors", at_floor, not_judged=True))
    return found


def share(held: FloatArray) -> tuple[float, float]:
    """Return the percentage that held, and its standard error over releases; rows of one are not independent."""
    inside, number = np.nansum(held, axis=1), (~np.isnan(held)).sum(axis=1)
    share = inside.sum() / number.sum()
    spread = ((inside - share * number) ** 2).sum() * len(held) / max(1, len(held) - 1)
    return 100 * float(share), 100 * math.sqrt(float(spread)) / float(number.sum())


def judged(
    name: str, shares: dict[str, tuple[float, float]], *, repetitions: int, what: str, not_judged: bool = False
) -> Evidence:
    """Return a row: each share with its standard error, and whether it lies where it should."""
    error = max(error for _, error in shares.values())
    slack = 0.0 if error < LARGEST_ERROR else _FEW_ERRORS * error
    passed = NOISE[0] - slack <= shares["noise"][0] <= NOISE[1] + slack
    bound = f"noise {NOISE[0]:g} to {NOISE[1]:g} %"
    if "shown" in shares:
        passed = passed and shares["shown"][0] >= SHOWN - slack
        bound += f", shown at least {SHOWN:g} %"
    if slack:
        bound += f"; so few repetitions are refused {_FEW_ERRORS:g} standard errors beyond"
    shows = "Intervals hold the figure of the people who were there (noise) and the underlying one (shown)"
    if not_judged:
        passed, bound = True, "reported, not judged: rows shown only when noise made them large have no fixed rate"
    result = ", ".join(f"{kind} {share:.2f} % (se {err:.2f})" for kind, (share, err) in shares.items())
    return Evidence(
        name=f"coverage, {what}: {name}",
        shows=shows,
        trials=repetitions,
        seed=SEED,
        result=result,
        bound=bound,
        passed=passed,
    )
