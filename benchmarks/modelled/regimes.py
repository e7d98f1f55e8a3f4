"""Exact weekly cells of mood bands in services in which something happens, on which modelled figures are judged.

    .venv/bin/python -m benchmarks.modelled.regimes --out DIRECTORY [--seeds 5] [--weeks 40] [REGIME ...]

Writes DIRECTORY/REGIME-SEED.npz, with an array for each table of the standard plan's weekly release. They are exact
sums of invented people; sums of real people never leave the vault.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analytics.contracts import table_name
from analytics.layout import Dimensions
from analytics.simulation.draws import Flags, Whole, stream
from benchmarks.accuracy.population import peer_grid, peer_shaped
from benchmarks.modelled.folk import invent
from benchmarks.modelled.logged import BANDS, days_logged, shares, summed
from benchmarks.modelled.planted import ALL, Keys, grid

WEEKS, PEOPLE = 40, 20_000
TABLES: tuple[Dimensions, ...] = ((), ("region",), ("age_band",), ("service",), ("region", "age_band"))
REGIMES = tuple(ALL)
"""What each plants says its function in `planted.py`."""

PEERS = "peers"


class Event(NamedTuple):
    """When something happens, and to which cells."""

    week: int | None
    """The first week, from 0: 0 for what holds from the start, nothing where nothing happens."""
    cells: dict[str, Flags]
    """For each table's name, by its keys: the cells in which somebody is hit, by the first change."""
    steps: dict[int, dict[str, Flags]]
    """The same for every sudden change, by its first week: the end of what passes is one too."""


def event(regime: str, weeks: int = WEEKS) -> Event:
    """Return what a regime of so many weeks plants."""
    planted = ALL[regime](weeks)
    hit = _cells(planted.hits, hit=planted.begins is not None)
    return Event(planted.begins, hit, {week: _cells(keys) for week, keys in planted.steps})


def _cells(keys: Keys, *, hit: bool = True) -> dict[str, Flags]:
    found = {}
    for table in TABLES:
        cells = np.full(grid().shape(table), hit)
        for axis, name in enumerate(table):
            if name in keys:
                others = [place for place, key in enumerate(grid().keys(name)) if key != keys[name]]
                cells[(slice(None),) * axis + (others,)] = False
        found[table_name(table)] = cells
    return found


EVENTS = {regime: event(regime) for regime in REGIMES}
"""For the usual number of weeks."""


def exact(regime: str, seed: int, weeks: int = WEEKS, people: int = PEOPLE, others: int = 0) -> dict[Dimensions, Whole]:
    """Return the sums of every table, in micro-persons: weeks, keys of each dimension, bands.

    The same arguments give the same numbers on any machine. Regimes of one seed share their people, but for those that
    are about other people (`new_cohort`, `heavy`, `unlike`, `clusters`). Each number of `others` (from 1) is a service
    of other people, chosen in the same way, whose groups differ in the same way.
    """
    planted = ALL[regime](weeks)
    make = replace(planted.make, groups=seed if others else None)
    folk = invent(stream(seed, 10 + 10 * others), make, grid(), people, weeks)
    names = list(grid().dimensions)
    lengths = grid().shape(tuple(names))
    finest = np.empty((weeks, *lengths, BANDS), dtype=np.int64)
    for week, days in enumerate(days_logged(stream(seed, 11 + 10 * others), folk, planted)):
        places = folk.where(week)
        finest[week] = summed(shares(days), [places[name] for name in names], lengths)
    gone = {table: tuple(1 + axis for axis, name in enumerate(names) if name not in table) for table in TABLES}
    return {table: finest.sum(axis=axes) for table, axes in gone.items()}


def peers(seed: int) -> dict[Dimensions, Whole]:
    """Return the same for the peers' shape, 12 weeks: 20 regions, 8 ages, 8 services; `unknown` is last and empty."""
    population, shape = peer_shaped(seed), peer_grid()
    return {
        table: population.summed(population.shares, shape, table)
        .astype(np.int64)
        .reshape(-1, *shape.shape(table), BANDS)
        for table in TABLES
    }


def save(path: Path, sums: dict[Dimensions, Whole]) -> None:
    """Write the tables by their public names."""
    arrays = {table_name(table): array for table, array in sums.items()}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def main() -> None:
    """Write every regime that is named, and the first seed of all before the second."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.modelled.regimes", description=__doc__)
    words.add_argument("regimes", nargs="*", default=[*REGIMES, PEERS], metavar="REGIME")
    words.add_argument("--out", type=Path, required=True)
    words.add_argument("--seeds", type=int, default=5)
    words.add_argument("--weeks", type=int, default=WEEKS)
    asked = words.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for seed in range(1, asked.seeds + 1):
        for regime in asked.regimes:
            begun = time.perf_counter()
            sums = peers(seed) if regime == PEERS else exact(regime, seed, asked.weeks)
            save(asked.out / f"{regime}-{seed}.npz", sums)
            sys.stdout.write(f"{regime}-{seed}: {time.perf_counter() - begun:.1f} s\n")


if __name__ == "__main__":
    main()
