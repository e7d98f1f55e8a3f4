"""Services in which something happens: exact weekly cells of mood bands, on which modelled figures are judged.

    .venv/bin/python -m benchmarks.modelled.regimes --out DIRECTORY [--seeds 5] [--weeks 40] [REGIME ...]
"""

import argparse
import math
import time
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.contracts import UNKNOWN, Grid, read_plan, shipped_contracts, table_name
from analytics.layout import Dimensions
from analytics.simulation.draws import Whole, stream
from analytics.simulation.people import sizes
from benchmarks.accuracy.population import peer_grid, peer_shaped
from benchmarks.modelled.folk import Folk, Make, Moved, days_logged, invent, shares, summed

WEEKS, PEOPLE = 40, 20_000
TABLES: tuple[Dimensions, ...] = ((), ("region",), ("age_band",), ("service",), ("region", "age_band"))

_POINT = 1_000
_YEAR = 52
_FADE = 18
"""Per cent of their first zeal that those who stay lose by the end."""

_UNKNOWN_SHARE = 35
"""One person in 35 has a place that is not known, in each dimension."""


class Event(NamedTuple):
    """When something happens, and to which cells."""

    week: int | None
    """The first week of the event, from 0; 0 for what holds from the start, nothing for nothing."""
    cells: dict[str, npt.NDArray[np.bool_]]
    """For each table's name, by its dimensions: the cells with people who are hit."""
    steps: tuple[int, ...]
    """The first week of every sudden change: of the beginning, and of the end where there is one."""


@dataclass(frozen=True)
class Regime:
    """What is planted in a service."""

    plants: str
    week: int | None = None
    """The event's first week, as of 40."""
    lasts: int = 0
    """After how many weeks a sudden event is over; 0 for never."""
    sudden: bool = False
    hit: dict[str, str] = field(default_factory=dict)
    """The keys that are hit, by dimension; everybody where none is named."""
    second: tuple[int, str, str] | None = None


def _still(_folk: Folk, _week: int) -> int:
    return 0


@cache
def grid() -> Grid:
    """Return the public grid that the project brings."""
    return read_plan(shipped_contracts(), "standard")[1]


def place(dimension: str, key: str) -> int:
    """Return a key's position."""
    return list(grid().keys(dimension)).index(key)


REGIONS = {"step": "south", "drift": "centre", "newcomers": "coast", "closing": "coast", "cell": "west"}
AGE = "25-34"
SERVICE = "student_support"

REGIMES = (
    "quiet",
    "season",
    "drift",
    "step",
    "shock",
    "holiday",
    "new_cohort",
    "closing",
    "heavy",
    "unlike",
    "interaction",
    "clusters",
)


def begins(regime: str, weeks: int = WEEKS) -> int:
    """Return the first week of what a regime plants suddenly."""
    return weeks * 2 // 3 if regime in ("step", "holiday") else weeks // 2


def _make(regime: str, weeks: int) -> Make:
    weights = {}
    for name in grid().dimensions:
        known = sizes(name, len(grid().keys(name)) - 1)
        weights[name] = (*known, sum(known) // (_UNKNOWN_SHARE - 1))
        assert list(grid().keys(name))[-1] == UNKNOWN
    make = Make(weights)
    if regime == "new_cohort":
        at = place("region", REGIONS["newcomers"])
        empty = tuple(0 if number == at else size for number, size in enumerate(weights["region"]))
        return replace(make, weights=weights | {"region": empty}, newcomers=(1_200, at, begins(regime, weeks)))
    if regime == "heavy":
        return replace(make, spread=2.4, typical=900, leaves=100_000, returns=120_000)
    if regime == "unlike":
        return replace(make, weights=weights | {"region": (64, 32, 16, 8, 4, 2, 1), "age_band": (20, 30, 25, 15, 8, 2)})
    if regime == "clusters":
        return replace(make, clusters=True)
    return make


def _mood(regime: str, weeks: int) -> Moved:
    first = begins(regime, weeks)

    def season(_folk: Folk, week: int) -> int:
        return round(4 * _POINT * math.sin(2 * math.pi * week / _YEAR))

    def drift(folk: Folk, week: int) -> Whole:
        return -week * (400 + 300 * (folk.region(week) == place("region", REGIONS["drift"])))

    def step(folk: Folk, week: int) -> Whole:
        return -15 * _POINT * (week >= first) * (folk.region(week) == place("region", REGIONS["step"]))

    def holiday(_folk: Folk, week: int) -> int:
        return 5 * _POINT * (week == first)

    def interaction(folk: Folk, week: int) -> Whole:
        there = folk.region(week) == place("region", REGIONS["cell"])
        return -12 * _POINT * (there & (folk.keys["age_band"] == place("age_band", AGE)))

    found: dict[str, Moved] = {
        "season": season,
        "drift": drift,
        "step": step,
        "holiday": holiday,
        "interaction": interaction,
    }
    return found.get(regime, _still)


def _logging(regime: str, weeks: int) -> Moved:
    first = begins(regime, weeks)

    def usual(_folk: Folk, week: int) -> int:
        return 100 - _FADE * week // weeks

    def season(folk: Folk, week: int) -> int:
        return round(usual(folk, week) * (1 + 0.1 * math.sin(2 * math.pi * week / _YEAR)))

    def shock(folk: Folk, week: int) -> Whole:
        return usual(folk, week) * ~((folk.lot < 500) & (first <= week < first + 3))

    def holiday(folk: Folk, week: int) -> Whole:
        return usual(folk, week) * ~((folk.lot < 300) & (week == first))

    def closing(folk: Folk, week: int) -> Whole:
        region = (week >= first) & (folk.region(week) == place("region", REGIONS["closing"]))
        service = (week >= _second(weeks)) & (folk.keys["service"] == place("service", SERVICE))
        return usual(folk, week) * ~(region | service)

    found: dict[str, Moved] = {"season": season, "shock": shock, "holiday": holiday, "closing": closing}
    return found.get(regime, usual)


def _second(weeks: int) -> int:
    """Return the week in which the second group closes."""
    return weeks * 3 // 4


def event(regime: str, weeks: int = WEEKS) -> Event:
    """Return what happens when, and to which cells, in a regime of so many weeks."""
    first = begins(regime, weeks)
    everybody: dict[str, str] = {}
    week, hit, steps = {
        "quiet": (None, None, ()),
        "season": (0, everybody, ()),
        "drift": (0, everybody, ()),
        "step": (first, {"region": REGIONS["step"]}, (first,)),
        "shock": (first, everybody, (first, first + 3)),
        "holiday": (first, everybody, (first, first + 1)),
        "new_cohort": (first, {"region": REGIONS["newcomers"]}, (first,)),
        "closing": (first, {"region": REGIONS["closing"]}, (first, _second(weeks))),
        "heavy": (None, None, ()),
        "unlike": (None, None, ()),
        "interaction": (0, {"region": REGIONS["cell"], "age_band": AGE}, ()),
        "clusters": (0, everybody, ()),
    }[regime]
    return Event(week, {table_name(table): _hit(table, hit) for table in TABLES}, steps)


def _hit(table: Dimensions, hit: dict[str, str] | None) -> npt.NDArray[np.bool_]:
    cells = np.full([len(grid().keys(name)) for name in table], fill_value=hit is not None)
    for axis, name in enumerate(table):
        if hit and name in hit:
            there = np.arange(cells.shape[axis]) == place(name, hit[name])
            cells &= there.reshape([-1 if other == axis else 1 for other in range(len(table))])
    return cells


EVENTS = {regime: event(regime) for regime in REGIMES}


def exact(regime: str, seed: int, weeks: int = WEEKS, people: int = PEOPLE) -> dict[Dimensions, Whole]:
    """Return the exact sums of every table, in micro-persons: weeks, keys of each dimension, bands."""
    make = _make(regime, weeks)
    folk = invent(stream(seed, 10), make, grid(), people, weeks)
    names = list(grid().dimensions)
    lengths = [len(grid().keys(name)) for name in names]
    finest = []
    for week, days in enumerate(
        days_logged(stream(seed, 11), folk, make, _mood(regime, weeks), _logging(regime, weeks))
    ):
        keys = folk.keys | {"region": folk.region(week)}
        finest.append(summed(shares(days), [keys[name] for name in names], lengths))
    cells = np.stack(finest)
    return {
        table: cells.sum(axis=tuple(1 + axis for axis, name in enumerate(names) if name not in table))
        for table in TABLES
    }


def peers(seed: int) -> dict[Dimensions, Whole]:
    """Return the same of the peers' shape: 20 regions of sizes like Zipf's, 8 age bands, 8 services, 12 weeks."""
    population, shape = peer_shaped(seed), peer_grid()
    return {
        table: population.summed(population.shares, shape, table)
        .astype(np.int64)
        .reshape(-1, *(len(shape.keys(name)) for name in table), population.shares.shape[1])
        for table in TABLES
    }


def save(path: Path, sums: dict[Dimensions, Whole]) -> None:
    """Write the tables under their public names."""
    np.savez_compressed(path, **{table_name(table): array for table, array in sums.items()})


def main() -> None:
    """Write every regime asked for, the first seed of all before the second."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.modelled.regimes", description=__doc__)
    words.add_argument("regimes", nargs="*", default=[*REGIMES, "peers"])
    words.add_argument("--out", type=Path, required=True)
    words.add_argument("--seeds", type=int, default=5)
    words.add_argument("--weeks", type=int, default=WEEKS)
    asked = words.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for seed in range(1, asked.seeds + 1):
        for regime in asked.regimes:
            begun = time.perf_counter()
            save(asked.out / f"{regime}-{seed}.npz", peers(seed) if regime == "peers" else exact(regime, seed, asked.weeks))
            print(f"{regime}-{seed}: {time.perf_counter() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    main()
