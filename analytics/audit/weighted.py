"""Check the intervals of weighted figures: strata that differ much or are near their floor, through the engine.

In each scenario the public sizes, how many people log and how they fare differ from stratum to stratum, each in its
own way. The weakest stratum of some cohorts is expected to have exactly as many people as its intervals need: it is
displayed in every other release. What is judged is what is displayed: a rule that let noise choose would show here.
"""

import itertools
import math
from pathlib import Path

import numpy as np

from analytics.audit.coverage import judged, share
from analytics.audit.effort import Effort
from analytics.audit.harness import FloatArray
from analytics.audit.invented import SEED, Scenario, entry_of, releases
from analytics.audit.noise import shipped_plans
from analytics.audit.repeated import Mask
from analytics.audit.scenarios import narrowed
from analytics.contracts import UNKNOWN, Grid, Plan, cohort_name
from analytics.evidence import Evidence
from analytics.layout import Dimensions
from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.trends.estimation.expected import plan_layout
from analytics.trends.estimation.figures import MeasureFigures, figures_of, weights_of
from analytics.trends.estimation.intervals import Figure, Interval
from analytics.trends.representation.poststratified import Poststratified, borne, poststratified
from analytics.trends.representation.strata import public_of

KINDS = ("weighted", "less plain", "against all")

_FLOORS = (1.0, 1.3, 1.7, 2.2, 3.0)
"""How many people log in the strata of one place, in floors; in the next place one stratum further on."""

_PLACES = (1.0, 1.0, 1.3, 1.6, 2.0, 2.5)
"""How many times as many log from place to place: two have a stratum at the floor."""

_UNKNOWN = 0.3
"""How many people of unknown place log, in floors."""

_SIZES = (10_000, 6_000, 20_000, 9_000, 14_000, 5_000, 17_000)
"""Who lives there, from stratum to stratum: the smallest are joined."""

_LOW = (0.1, 0.45, 0.2, 0.3, 0.6, 0.15)
"""The part of people in the lower two of five categories, or the first of two, from stratum to stratum."""

_NEAR = 1.2
"""A cohort is at the floor if its weakest stratum is expected to have at most so many floors."""

Held = dict[tuple[str, str], FloatArray]
"""By comparison and kind of interval: releases x cohorts and headlines; 1, 0, or nan where nothing is displayed."""


def scenarios() -> list[tuple[Scenario, Dimensions]]:
    """Return a scenario and its strata for each measure that a shipped plan weights."""
    return [
        (_scenario(narrowed(plan, product, measure), grid, strata), strata)
        for plan, grid in shipped_plans()
        for product, one in plan.products.items()
        for measure, strata in one.strata.items()
    ]


def _scenario(plan: Plan, grid: Grid, strata: Dimensions) -> Scenario:
    """Return people who log unevenly, beside public sizes that differ from their numbers."""
    (product,), (measure,), (frozen,) = plan.products.values(), plan.measures, (plan.frozen or {}).values()
    layout = plan_layout(grid, product.tables[measure], frozen[measure])
    display = {name: str(value) for name, value in plan.display.model_dump().items()}
    floor = borne(display, layout.variance(strata) * float(layout.spread.sum()))
    known = [[key for key in grid.keys(name) if key != UNKNOWN] for name in strata]
    sizes = dict(zip(map(cohort_name, itertools.product(*known)), itertools.cycle(_SIZES), strict=False))
    people = np.zeros([len(grid.keys(name)) for name in strata])
    low = np.zeros_like(people)
    for number, cell in enumerate(np.ndindex(people.shape)):
        *before, last = cell
        place = sum(before)
        keys = [grid.keys(name)[at] for name, at in zip(strata, cell, strict=True)]
        floors = _FLOORS[(last + place) % len(_FLOORS)] * _PLACES[place % len(_PLACES)]
        people[cell] = floor * (_UNKNOWN if UNKNOWN in keys else floors)
        low[cell] = _LOW[number % len(_LOW)]
    categories = len(plan.measures[measure].categories)
    is_low = np.arange(categories) < max(1, 2 * categories // 5)
    parts = np.where(is_low, low[..., None] / is_low.sum(), (1 - low[..., None]) / (~is_low).sum())
    shape = [len(grid.keys(name)) if name in strata else 1 for name in grid.dimensions]
    others = [1 if name in strata else len(grid.keys(name)) for name in grid.dimensions]
    spread = np.broadcast_to(
        (people[..., None] * parts).reshape(*shape, -1), (*np.maximum(shape, others), parts.shape[-1])
    )
    result = {"dimensions": list(strata), "source": "invented", "as_of": "2001", "people": sizes}
    sized = Grid.model_validate(grid.model_dump() | {"population": result})
    return Scenario(plan, sized, spread / np.prod(others))


def checks(folder: Path, effort: Effort) -> list[Evidence]:
    """Count coverage for the weighted measures of the plans that ship."""
    return [each for scenario, strata in scenarios() for each in scenario_checks(folder, effort, scenario, strata)]


def scenario_checks(folder: Path, effort: Effort, scenario: Scenario, strata: Dimensions) -> list[Evidence]:
    """Count coverage for one measure."""
    found = []
    held, is_near = weighed(folder, scenario, strata, effort.coverage)
    what = f"{scenario.plan.name} {next(iter(scenario.plan.measures))}"
    for name, mask in (("", np.ones_like(is_near)), (", a stratum at the floor", is_near)):
        for one in KINDS:
            rows = {kind: held[one, kind][:, mask] for kind in ("noise", "shown")}
            if np.isnan(rows["noise"]).all():
                continue  # a plan without a table to compare with everyone
            shares = {kind: share(each) for kind, each in rows.items()}
            found.append(judged(f"{one}{name}", shares, repetitions=effort.coverage, what=what))
    return found


def weighed(folder: Path, scenario: Scenario, strata: Dimensions, repetitions: int) -> tuple[Held, Mask]:
    """Return whether the displayed intervals held, by release, and which columns are of a stratum at its floor."""
    rng, entry = np.random.default_rng(SEED + 2), entry_of(folder, scenario, "weighted")
    public = public_of(entry)
    if public is None:  # the scenario has sizes: for the type checker
        return {}, np.zeros(0, dtype=np.bool_)
    (measure,) = entry.body.measures
    ratios = [one for one in measure.headlines if one.kind is not HeadlineKind.PEOPLE]
    tables = [table for table in scenario.tables if set(table) < set(strata)]
    columns = [
        (table, cohort, one.name)
        for table in tables
        for cohort in itertools.product(*(scenario.grid.keys(name) for name in table))
        for one in ratios
    ]
    held = {(one, kind): np.full((repetitions, len(columns)), np.nan) for one in KINDS for kind in ("noise", "shown")}
    near = np.zeros(len(columns), dtype=np.bool_)
    underlying = scenario.summed(scenario.rates, strata)
    for at, (people, cells, _) in enumerate(releases(scenario, rng, repetitions)):
        (figures,) = figures_of(entry, cells)
        actual = scenario.summed(people, strata)
        for headline in ratios:
            result = {table: poststratified(figures, strata, public, table, headline) for table in tables}
            everyone = result[()].get(())
            every = [(key, cohort, one) for key, family in result.items() for cohort, one in family.items()]
            for table, cohort, one in every:
                column = columns.index((table, cohort, headline.name))
                truths = zip(*(_truths(one, everyone, side, headline) for side in (actual, underlying)), strict=True)
                for name, figure, (there, under) in zip(KINDS, _figures(one), truths, strict=True):
                    if figure is not None:
                        held[name, "noise"][at, column] = _holds(figure.noise, there)
                        held[name, "shown"][at, column] = _holds(figure.shown, under)
                near[column] = _floors(figures, strata, one, underlying) <= _NEAR
    return held, near


def _figures(one: Poststratified) -> tuple[Figure, Figure, Figure | None]:
    return one.weighted, one.less_plain.figure, one.against_all.figure if one.against_all else None


def _truths(
    one: Poststratified, everyone: Poststratified | None, people: FloatArray, headline: ReleasedHeadline
) -> tuple[float, float, float]:
    """Return what the three figures are of these people (cells x categories)."""
    weights, whole = weights_of(headline)
    top, bottom = people @ weights, people @ whole
    own, all_of_them = (
        float(each.weights @ ((each.groups @ top) / (each.groups @ bottom))) if each else math.nan
        for each in (one.strata, everyone and everyone.strata)
    )
    within = one.strata.within
    return own, own - float(within @ top) / float(within @ bottom), own - all_of_them


def _floors(figures: MeasureFigures, table: Dimensions, one: Poststratified, people: FloatArray) -> float:
    """Return how many floors of people the weakest stratum is expected to have."""
    layout, groups = figures.layout, one.strata.groups
    variances = np.einsum("gc,cd,gd->g", groups, layout.covariances(table), groups) * layout.spread.sum()
    floors = [borne(figures.display, variance) for variance in variances]
    return float((groups @ people.sum(axis=1) / floors).min())


def _holds(interval: Interval | None, truth: float) -> float:
    return math.nan if interval is None else float(interval.low <= truth <= interval.high)
