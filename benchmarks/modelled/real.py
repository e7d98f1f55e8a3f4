"""The 999 people of CoVidAffect under the small plan, by four-week period and by week: what can be read of them.

There is no truth beyond the sample, so figures are compared with the exact ones of these people. Their age is not
known, so there is one cohort: everybody. By week the noise is so much larger that a year of weeks costs what a year of
four-week periods does.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from analytics.contracts import read_plan, shipped_contracts
from analytics.periods import Cadence, most_touched
from benchmarks.modelled.covidaffect import exact
from benchmarks.modelled.judged import HELD, IS_READABLE
from benchmarks.modelled.readings import readings
from benchmarks.modelled.services import Service, layout_of, service

PRODUCT, MEASURE = "monthly_mood", "mood_bands"
RUNS = 50


@dataclass(frozen=True)
class Read:
    """One period of one cadence, over all runs. Errors are median absolute ones, in points."""

    cadence: Cadence
    period: str
    people: float
    truth: float
    """Exact low mood of these people, in percent."""
    shown_today: float
    """In how many of 100 runs the plain figure is shown."""
    plain: float
    displayed: float
    """In how many of 100 runs the modelled figure is displayed, with caution or without; what follows is of these."""
    modelled: float | None
    width: float | None
    """The median half-width of `low` to `high`."""
    held: float | None
    """Of 100 displayed figures, in how many the exact one lies between `low` and `high`."""


def real_service(entries: Path, cadence: Cadence) -> tuple[list[str], Service]:
    """Return the periods and the service; the small plan's layout, its noise scaled to the cadence."""
    plan, grid = read_plan(shipped_contracts(), "small")
    assert plan.frozen is not None  # noqa: S101 -- the shipped plan is
    periods, sums = exact(entries, cadence)
    layout = layout_of(grid, plan.frozen[PRODUCT][MEASURE], tuple(sums))
    scale = math.sqrt(most_touched(cadence) / most_touched("four_weeks"))
    noise = {table: scale * sigma for table, sigma in layout.sigma.items()}
    return periods, service(sums, grid, replace(layout, sigma=noise))


def read(entries: Path, seed: int) -> Iterator[Read]:
    """Yield every period in which anybody logged."""
    cadences: tuple[Cadence, ...] = ("four_weeks", "week")
    for place, cadence in enumerate(cadences):
        periods, one = real_service(entries, cadence)
        found = pl.concat(readings(one, [], [seed, 400, place, run]) for run in range(RUNS))
        of_all = found.filter(pl.col("table") == "all", pl.col("headline") == "low_share", pl.col("people") > 0)
        for number, period in enumerate(periods):
            each = of_all.filter(pl.col("release") == number)
            if each.height:
                yield _period(cadence, period, each)


def _period(cadence: Cadence, period: str, each: pl.DataFrame) -> Read:
    shown = each.filter(IS_READABLE)
    off, half = (pl.col("modelled") - pl.col("truth")).abs(), (pl.col("high") - pl.col("low")) / 2
    return Read(
        cadence=cadence,
        period=period,
        people=_number(each, pl.col("people").first()) or 0.0,
        truth=_number(each, pl.col("truth").first()) or 0.0,
        shown_today=_number(each, 100 * pl.col("shown_today").mean()) or 0.0,
        plain=_number(each, (pl.col("plain") - pl.col("truth")).abs().median()) or 0.0,
        displayed=100 * shown.height / each.height,
        modelled=_number(shown, off.median()),
        width=_number(shown, half.median()),
        held=_number(shown, 100 * HELD.mean()),
    )


def _number(frame: pl.DataFrame, figure: pl.Expr) -> float | None:
    found = frame.select(figure).item()
    return None if found is None else float(found)
