"""The 999 people of CoVidAffect under the small plan, by four-week period and by week: what can be read of them.

There is no truth beyond the sample, so figures are compared with the exact ones of these people. Their age is not known,
so there is one cohort: everybody. By week the noise is so much larger that a year of weeks costs what a year of
four-week periods does.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from analytics.contracts import read_plan, shipped_contracts
from analytics.layout import Layout
from analytics.periods import Cadence, most_touched
from benchmarks.modelled.covidaffect import exact
from benchmarks.modelled.rows import rows
from benchmarks.modelled.services import Service, layout_of, service

PRODUCT, MEASURE = "monthly_mood", "mood_bands"
RUNS = 50


@dataclass(frozen=True)
class Read:
    """One period of one cadence, over all runs."""

    cadence: Cadence
    period: str
    people: float
    truth: float
    """Exact low mood of these people, in percent."""
    shown_today: float
    """In how many of 100 runs the plain figure is shown."""
    plain: float
    """The median absolute error."""
    modelled: float
    width: float
    """The median half-width of the modelled figure, `shown`."""
    held: float
    """Of 100 runs, in how many `low` and `high` hold the exact figure."""


def real_service(entries: Path, cadence: Cadence) -> tuple[list[str], Service]:
    """Return the periods and the service; the small plan's layout, its noise scaled to the cadence."""
    plan, grid = read_plan(shipped_contracts(), "small")
    assert plan.frozen is not None  # noqa: S101 -- the shipped plan is
    periods, sums = exact(entries, cadence)
    layout: Layout = layout_of(grid, plan.frozen[PRODUCT][MEASURE], tuple(sums))
    scale = math.sqrt(most_touched(cadence) / most_touched("four_weeks"))
    return periods, service(
        sums, grid, replace(layout, sigma={table: scale * sigma for table, sigma in layout.sigma.items()})
    )


def read(entries: Path, seed: int) -> Iterator[Read]:
    """Yield every period in which anybody logged."""
    cadences: tuple[Cadence, ...] = ("four_weeks", "week")
    for place, cadence in enumerate(cadences):
        periods, one = real_service(entries, cadence)
        found = pl.concat(rows(one, [seed, 400, place, run]) for run in range(RUNS))
        of_all = found.filter(pl.col("table") == "all", pl.col("headline") == "low_share", pl.col("people") > 0)
        for number, period in enumerate(periods):
            each = of_all.filter(pl.col("release") == number)
            if each.height:
                yield _period(cadence, period, each)


def _period(cadence: Cadence, period: str, each: pl.DataFrame) -> Read:
    truth = each["truth"].to_numpy()
    plain, modelled = (np.abs(each[way].to_numpy() - truth) for way in ("plain", "modelled"))
    half = (each["shown_high"] - each["shown_low"]) / 2
    return Read(
        cadence=cadence,
        period=period,
        people=float(each["people"][0]),
        truth=float(truth[0]),
        shown_today=100 * float(each["shown_today"].to_numpy().mean()),
        plain=float(np.median(plain)),
        modelled=float(np.nanmedian(modelled)),
        width=float(np.nanmedian(half.to_numpy())),
        held=100 * float(each.select(pl.col("truth").is_between("low", "high").mean()).item() or 0.0),
    )
