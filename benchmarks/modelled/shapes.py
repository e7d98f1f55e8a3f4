"""Two other services: the demo's population, and the shape on which five other systems were measured."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from analytics.contracts import Grid, read_plan, shipped_contracts, table_name
from analytics.layout import Dimensions
from analytics.simulation.draws import Whole
from analytics.simulation.population import simulate
from analytics.simulation.truth import BANDS
from benchmarks.accuracy import ours
from benchmarks.accuracy.population import peer_grid
from benchmarks.accuracy.report import PEER_TABLES
from benchmarks.modelled.regimes import TABLES, peers
from benchmarks.modelled.rows import rows
from benchmarks.modelled.services import Service, layout_of, service, standard_layout

DEMO_PEOPLE, DEMO_WEEKS, DEMO_SEED = 20_000, 26, 1
DEMO_FROM = 6
"""The first release that counts, from 0: the seventh week."""
START = date(2024, 1, 1)
"""Any Monday on which a year of weeks begins: the figures do not depend on it."""

LOW, PEOPLE, MEAN = "low_share", "people", "mean_mood"
QUANTILES = (0.5, 0.95)

PEER_POINTS = 25.0
"""Points of 100 for one of the peers' scale from 1 to 5."""


def demo() -> Service:
    """Return the demo's service under the standard plan."""
    _, grid = read_plan(shipped_contracts(), "standard")
    with tempfile.TemporaryDirectory() as folder:
        simulate(people=DEMO_PEOPLE, weeks=DEMO_WEEKS, seed=DEMO_SEED, start=START, out=Path(folder), grid=grid)
        truth = pl.read_parquet(Path(folder) / "truth.parquet")
    weekly = truth.filter(pl.col("period").str.contains("-W"))
    return service({table: _sums(weekly, table, grid) for table in TABLES}, grid, standard_layout())


def _sums(weekly: pl.DataFrame, table: Dimensions, grid: Grid) -> Whole:
    """Return weeks, keys of each dimension, bands: the truth has a row for every one, in the grid's order."""
    of_table = weekly.filter(pl.col("table") == table_name(table)).sort("period", maintain_order=True)
    sums: Whole = of_table["micro_persons"].to_numpy().reshape(-1, *grid.shape(table), BANDS)
    return sums


def peer_service(seed: int) -> Service:
    """Return the peers' shape under the plan for the same privacy: three tables, and none of everyone."""
    grid = peer_grid()
    layout = layout_of(grid, ours.frozen(grid, PEER_TABLES).noise, PEER_TABLES)
    return service(peers(seed), grid, layout)


def demo_errors(runs: int, seed: int) -> Iterator[pl.DataFrame]:
    """Yield for each run the errors of cells of known keys that are shown today, from the seventh week on."""
    one = demo()
    for run in range(runs):
        yield rows(one, [seed, 200, run], from_release=DEMO_FROM).filter("known", "shown_today")


def peer_errors(populations: int, runs: int, seed: int) -> Iterator[pl.DataFrame]:
    """Yield for each population and run the regions in which anybody logged, in the latest week."""
    for population in range(1, populations + 1):
        one = peer_service(population)
        for run in range(runs):
            latest = rows(one, [seed, 300, population, run], from_release=one.releases - 1)
            yield latest.filter("known", pl.col("people") > 0, pl.col("table") == "region")


def quantiles(frame: pl.DataFrame, headline: str, table: str, way: str) -> tuple[float, float]:
    """Return the median and the 95th percentile of the absolute error."""
    found = frame.filter(pl.col("headline") == headline, pl.col("table") == table)
    error = (found[way] - found["truth"]).abs().to_numpy()
    low, high = np.quantile(error, QUANTILES)
    return float(low), float(high)
