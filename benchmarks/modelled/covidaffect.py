"""Exact cells of the 999 people of CoVidAffect under the small plan, for trying modelled figures on real logging.

    .venv/bin/python -m benchmarks.modelled.covidaffect --entries ENTRIES.TSV --out FILE.npz [--cadence week]

The table is openESM data set 0018, as `data_contracts/sources/covidaffect.yaml` declares it; it is no part of this
project. Everybody counts as if they had consented to every day, and no age band is known. Writes `periods` (names),
`all` and `age_band` (periods, keys, bands; micro-persons). These are exact sums of real people, whose entries are
public: they are for this comparison alone, and nothing prints them.
"""

import argparse
from pathlib import Path
from typing import get_args

import numpy as np
import polars as pl

from analytics.contracts import UNKNOWN, read_plan, shipped_contracts, table_name
from analytics.layout import Dimensions
from analytics.periods import Cadence, Period
from analytics.simulation.draws import Whole
from benchmarks.modelled.logged import BANDS, shares, summed

_MISSING = "NA"
_ZONE = "Europe/Madrid"
_LEAST = -50
_POINT = 1_000
"""A point of the scale from -50 to 50 is one of 100."""
_STEP = 25_000


def logged_days(entries: Path) -> pl.DataFrame:
    """Return one row per person and local day with an entry: person, day, and the band of the day's mean score."""
    answered = pl.col("timestamp_answer").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
    number, total = pl.len().cast(pl.Int64), pl.col("score").sum()
    return (
        pl.read_csv(entries, separator="\t", null_values=_MISSING, infer_schema=False)
        .unique()
        .drop_nulls("valence")
        .select(
            person=pl.col("id").rank("dense").cast(pl.Int64) - 1,
            day=answered.dt.convert_time_zone(_ZONE).dt.date(),
            score=(pl.col("valence").cast(pl.Int64) - _LEAST) * _POINT,
        )
        .group_by("person", "day")
        .agg(band=(2 * total + _STEP * number) // (2 * _STEP * number))
    )


def exact(entries: Path, cadence: Cadence = "four_weeks") -> tuple[list[str], dict[Dimensions, Whole]]:
    """Return the periods from the first day logged to the last, and each table's sums in them, in micro-persons."""
    _, grid = read_plan(shipped_contracts(), "small")
    days = logged_days(entries)
    dates = days["day"].to_list()
    period, last = (Period.containing(day, cadence) for day in (min(dates), max(dates)))
    periods = [period]
    while period < last:
        period = period.next
        periods.append(period)
    people = int(days["person"].to_numpy().max()) + 1
    place = np.array([periods.index(Period.containing(day, cadence)) for day in dates])
    row = (place * people + days["person"].to_numpy()) * BANDS + days["band"].to_numpy()
    counted = np.bincount(row, minlength=len(periods) * people * BANDS).reshape(len(periods), people, BANDS)
    unknown = np.full(people, grid.keys("age_band").index(UNKNOWN))
    by_age = np.stack([summed(shares(each), [unknown], grid.shape(("age_band",))) for each in counted])
    return [each.name for each in periods], {(): by_age.sum(axis=1), ("age_band",): by_age}


def main() -> None:
    """Write one file."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.modelled.covidaffect", description=__doc__)
    words.add_argument("--entries", type=Path, required=True)
    words.add_argument("--out", type=Path, required=True)
    words.add_argument("--cadence", choices=get_args(Cadence), default="four_weeks")
    asked = words.parse_args()
    periods, sums = exact(asked.entries, asked.cadence)
    arrays = {table_name(table): array for table, array in sums.items()}
    np.savez_compressed(asked.out, allow_pickle=False, periods=np.array(periods), **arrays)


if __name__ == "__main__":
    main()
