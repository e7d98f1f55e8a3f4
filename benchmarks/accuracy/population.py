"""Who logs what: one row per person and week, from an invented diary. Everyone consents and nothing is dirty."""

import math
from dataclasses import dataclass

import numpy as np

from analytics.contracts import MICRO, UNKNOWN, Dimension, Grid
from analytics.layout import Array, Dimensions
from analytics.simulation.diary import Diary, keep_diaries
from analytics.simulation.draws import Whole, picked, stream
from analytics.simulation.people import invent_people

WEEKS = 12
BANDS = 5
_STEP = 25_000

PEER_PEOPLE = 20_000
PEER_REGIONS = 20
PEER_KEYS = 8
"""Of age band and of service: 20 + 8 + 8 keys and 12 weeks are the 432 cells of the peers' second task."""

_ACTIVE = 0.756
_ENTRIES_MEDIAN, _ENTRIES_SPREAD = 3, math.log(4) / 1.2816
"""Lognormal entries of a person-week: median 3, 90th percentile 12."""
_ENTRIES_MOST = 266
_ZIPF = 0.8
"""Regions of sizes 1 / rank^0.8: with 1 / rank the median region would have 400 active people, not 500."""
_MIDDLE, _BETWEEN_PEOPLE, _DAY_SHOCK, _MOMENT = 2.4, 0.7, 0.45, 0.35
"""Mood from 0 to 4."""


@dataclass(frozen=True)
class Population:
    """One place per person and week with an entry."""

    week: Whole
    keys: dict[str, Whole]
    """For each dimension the position of the person's key; a person stays in one cohort."""
    shares: Whole
    """Rows by bands: micro-persons, as `vault/sql/shares/mood_bands.sql` defines them."""
    entries: Whole
    """Rows by moods 1 to 5: how many entries."""

    def bounded(self, most: int) -> Array:
        """Return the entries, at most so many a row: what keeping a random few of them gives in expectation."""
        total = self.entries.sum(axis=1, keepdims=True)
        kept: Array = self.entries * (np.minimum(total, most) / total)
        return kept

    def summed(self, values: Array | Whole, grid: Grid, table: Dimensions) -> Array:
        """Return sums of `values` by week, cell of `table` and column; exact for whole numbers below 2^53."""
        cell = self.week
        for name in table:
            cell = cell * len(grid.keys(name)) + self.keys[name]
        size = WEEKS * grid.size(table)
        columns = [np.bincount(cell, weights=column, minlength=size) for column in values.T]
        sums: Array = np.stack(columns, axis=-1).astype(np.float64)
        return sums.reshape(WEEKS, grid.size(table), -1)


def simulated(people: int, seed: int, grid: Grid) -> Population:
    """Return the population of `murmuration simulate`, each person where the register has them at the end."""
    folk = invent_people(stream(seed, 0), people, 7 * WEEKS, grid)
    register = folk.register.filter(folk.register["valid_from"] < 7 * WEEKS).sort("valid_from", maintain_order=True)
    keys = {}
    for name in grid.dimensions:
        place = {key: number for number, key in enumerate(grid.keys(name))}
        keys[name] = np.full(people, place[UNKNOWN])
        keys[name][register["person"].to_numpy()] = [place.get(text, place[UNKNOWN]) for text in register[name]]
    return reduced(keep_diaries(stream(seed, 1), folk, WEEKS), keys)


def peer_grid() -> Grid:
    """Return the grid of the peers' work; nobody is `unknown` there."""
    sizes = {"region": PEER_REGIONS, "age_band": PEER_KEYS, "service": PEER_KEYS}
    return Grid(
        dimensions={
            name: Dimension(
                label=name, keys={f"k{number}": str(number) for number in range(size)} | {UNKNOWN: "Not known"}
            )
            for name, size in sizes.items()
        }
    )


def peer_shaped(seed: int) -> Population:
    """Return a population of the shape on which five other systems were measured.

    About 0.99 million entries of 20,000 people in 12 weeks; entries of a person-week with median 3, 90th percentile 12
    and 99th 37; 20 regions with a median of about 500 active people.
    """
    rng = stream(seed, 5)
    weights = [round(1e6 / (rank + 1) ** _ZIPF) for rank in range(PEER_REGIONS)]
    keys = {
        "region": picked(rng, weights, PEER_PEOPLE),
        "age_band": picked(rng, [1] * PEER_KEYS, PEER_PEOPLE),
        "service": picked(rng, [1] * PEER_KEYS, PEER_PEOPLE),
    }
    active = np.flatnonzero(rng.random(PEER_PEOPLE * WEEKS) < _ACTIVE)
    wish = _ENTRIES_MEDIAN * np.exp(_ENTRIES_SPREAD * rng.standard_normal(len(active)))
    row = np.repeat(active, np.clip(np.rint(wish).astype(np.int64), 1, _ENTRIES_MOST))
    person, day = row // WEEKS, row % WEEKS * 7 + rng.integers(0, 7, len(row))
    usual = _MIDDLE + _BETWEEN_PEOPLE * rng.standard_normal(PEER_PEOPLE)
    shock = _DAY_SHOCK * rng.standard_normal((PEER_PEOPLE, 7 * WEEKS))
    mood = usual[person] + shock[person, day] + _MOMENT * rng.standard_normal(len(row))
    return reduced(Diary(person, day, np.clip(np.rint(mood), 0, BANDS - 1).astype(np.int64) + 1), keys)


def reduced(diary: Diary, keys: dict[str, Whole]) -> Population:
    """Return a diary's person-weeks, given each person's position in every dimension."""
    people = len(next(iter(keys.values())))
    at = diary.person * (7 * WEEKS) + diary.day
    number = np.bincount(at, minlength=people * 7 * WEEKS)
    total = np.bincount(at, weights=(diary.mood - 1) * _STEP, minlength=len(number)).astype(np.int64)
    logged = np.flatnonzero(number)
    band = (2 * total[logged] + _STEP * number[logged]) // (2 * _STEP * number[logged])
    days = _counted(logged // 7, band, people)
    entries = _counted(at // 7, diary.mood - 1, people)
    rows = np.flatnonzero(days.any(axis=1))
    person, days = rows // WEEKS, days[rows]
    return Population(
        week=rows % WEEKS,
        keys={name: positions[person] for name, positions in keys.items()},
        shares=MICRO * days // days.sum(axis=1, keepdims=True),
        entries=entries[rows],
    )


def _counted(row: Whole, column: Whole, people: int) -> Whole:
    """Return how often each (person-week, column) occurs."""
    counts: Whole = np.bincount(row * BANDS + column, minlength=people * WEEKS * BANDS).reshape(-1, BANDS)
    return counts
