"""The exact cells that the files must add up to, from the simulated frames, in whole numbers and without SQL.

It follows the definitions and none of the code that aggregates the files, so that the two can be compared.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics.contracts import MICRO, UNKNOWN, Grid, cohort_name, table_name
from analytics.periods import Cadence, Period
from analytics.simulation.draws import Whole
from analytics.simulation.people import People

TABLES: tuple[tuple[str, ...], ...] = ((), ("region",), ("age_band",), ("service",), ("region", "age_band"))
"""The dimensions of each table, in the order of the truth; a table over a dimension that the grid lacks is left out."""

BANDS = 5
_STEP = 25_000
_NEVER = np.iinfo(np.int64).max
_SCHEMA = {
    "period": pl.String,
    "table": pl.String,
    "cohort": pl.String,
    "band": pl.Int64,
    "micro_persons": pl.Int64,
}


def exact_cells(lines: pl.DataFrame, people: People, grid: Grid, start: date, weeks: int) -> pl.DataFrame:
    """Return the micro-persons of every cell of the grid: one row per period, table, cohort and band.

    Args:
        lines: the lines of the file of entries, in order: good, person, day, key, mood.
        people: who there is, with register and consents.
        grid: the public cohorts.
        start: the first simulated Monday.
        weeks: how many weeks were simulated.
    """
    days = _banded_days(lines, _covers_from(people))
    tables = [table for table in TABLES if set(table) <= set(grid.dimensions)]
    frames = [pl.DataFrame(schema=_SCHEMA)]
    for period in sorted(_periods(start, weeks), key=lambda period: period.name):
        first, last = ((day - start).days for day in (period.first_day, period.last_day))
        shares = _shares(days.filter(pl.col("day").is_between(first, last)), people.size)
        keys = _keys_in_force(people, grid, last)
        for table in tables:
            sums = _summed(shares, [keys[name] for name in table], grid.shape(table))
            frames.append(_as_rows(sums, period.name, table, grid))
    return pl.concat(frames)


def _periods(start: date, weeks: int) -> Iterator[Period]:
    """Yield all weeks and four-week periods of which at least one day was simulated."""
    cadences: tuple[Cadence, ...] = ("week", "four_weeks")
    for cadence in cadences:
        period = Period.containing(start, cadence)
        while period.first_day < start + timedelta(weeks=weeks):
            yield period
            period = period.next


def _covers_from(people: People) -> Whole:
    """Return the first day that each person's consent covers: the least of the grants since the last withdrawal."""
    withdrawn = people.consents.filter(pl.col("event") == "withdrawn")
    last_withdrawal = np.full(people.size, np.iinfo(np.int64).min)
    np.maximum.at(last_withdrawal, withdrawn["person"].to_numpy(), withdrawn["recorded"].to_numpy())
    granted = people.consents.filter(pl.col("event") == "granted")
    person = granted["person"].to_numpy()
    holds = granted["recorded"].to_numpy() > last_withdrawal[person]
    covers_from = np.full(people.size, _NEVER)
    np.minimum.at(covers_from, person[holds], granted["covers_from"].to_numpy()[holds])
    return covers_from


def _banded_days(lines: pl.DataFrame, covers_from: Whole) -> pl.DataFrame:
    """Return one row per person and consented day: person, day, band (0 to 4)."""
    entries = lines.filter("good").unique(["person", "key"], keep="last", maintain_order=True)
    score = (pl.col("mood") - 1) * _STEP
    return (
        entries.filter(pl.col("day") >= pl.Series(covers_from).gather(entries["person"]))
        .group_by("person", "day", maintain_order=True)
        .agg(total=score.sum(), entries=pl.len().cast(pl.Int64))
        .select(
            "person", "day", band=(2 * pl.col("total") + _STEP * pl.col("entries")) // (2 * _STEP * pl.col("entries"))
        )
    )


def _shares(days: pl.DataFrame, size: int) -> Whole:
    """Return each person's micro-persons in each band; zeros for those who did not log."""
    flat = days["person"].to_numpy() * BANDS + days["band"].to_numpy()
    counts = np.bincount(flat, minlength=size * BANDS).reshape(size, BANDS)
    shares: Whole = MICRO * counts // np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares


def _keys_in_force(people: People, grid: Grid, last_day: int) -> dict[str, Whole]:
    """Return for each dimension the position of each person's key on a period's last day."""
    rows = people.register.filter(pl.col("valid_from") <= last_day).sort("valid_from", maintain_order=True)
    latest = np.full(people.size, -1)
    latest[rows["person"].to_numpy()] = np.arange(rows.height)  # of several rows, the last assigned stays
    registered = np.flatnonzero(latest >= 0)
    in_force = {}
    for name in grid.dimensions:
        place = {key: number for number, key in enumerate(grid.keys(name))}
        unknown = place[UNKNOWN]
        codes = np.array([place.get(text, unknown) for text in rows[name]], dtype=np.int64)
        in_force[name] = np.full(people.size, unknown)
        in_force[name][registered] = codes[latest[registered]]
    return in_force


def _summed(shares: Whole, keys: list[Whole], shape: tuple[int, ...]) -> Whole:
    """Return the sums of `shares` in each cell of a table: cohorts by bands."""
    cell = np.zeros(len(shares), dtype=np.int64)
    for key, size in zip(keys, shape, strict=True):
        cell = cell * size + key
    sums = np.zeros((int(np.prod(shape, dtype=np.int64)), BANDS), dtype=np.int64)
    logged = np.flatnonzero(shares.any(axis=1))
    np.add.at(sums, cell[logged], shares[logged])
    return sums


def _as_rows(sums: Whole, period: str, table: tuple[str, ...], grid: Grid) -> pl.DataFrame:
    cohorts = [cohort_name(keys) for keys in grid.cohorts(table)]
    return pl.DataFrame(
        {
            "period": [period] * sums.size,
            "table": [table_name(table)] * sums.size,
            "cohort": [cohort for cohort in cohorts for _ in range(BANDS)],
            "band": [*range(1, BANDS + 1)] * len(cohorts),
            "micro_persons": sums.ravel(),
        },
        schema=_SCHEMA,
    )
