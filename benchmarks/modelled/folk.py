"""The people of an invented service, who logs on which day, and the exact shares of each week.

The same people live on from week to week: each has a usual mood, a habit of logging and places in the grid. Sizes and
spreads are those of `analytics/simulation/diary.py`, of which this is a shorter form: a day has one score, and consent
is a part of who logs. Scores are thousandths of a point (0 to 100), chances are parts in a million.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.contracts import Grid
from analytics.simulation.draws import MILLION, Whole, bell, happens, picked

BANDS = 5
_STEP = 25_000
_MIDDLE, _BETWEEN_PEOPLE, _DAY_SHOCK, _MOMENT = 58_000, 17_000, 9_000, 8_000
_KEPT_OF_YESTERDAY = 55
_WEEKDAY_MOOD = (-2_500, -1_500, -500, 0, 1_500, 2_500, 500)
_WEEKDAY_LOGGING = (110, 106, 104, 102, 96, 86, 96)
_MOST_RATE = 6_600

_BETWEEN_KEYS, _BETWEEN_CELLS = 2_500, 1_200
"""How far the usual moods of groups, and of region by age beyond both, lie apart (standard deviations)."""

_LOGGING = 78
"""Per cent of the registered who take part at the start; the others never do."""
_MOVERS = 30_000

_CLUSTERS, _CLUSTER_SIZES = 250, 0.8
_CLUSTER_MOOD, _CLUSTER_KEPT = 5_000, 0.8

Moved = Callable[["Folk", int], Whole | int]
"""What a week (from 0) does to each person: thousandths of a point, or per cent of their usual logging."""


@dataclass(frozen=True)
class Make:
    """What a service's people are like."""

    weights: dict[str, tuple[int, ...]]
    """For each dimension the sizes of its keys."""
    spread: float = 1.4
    """Of the logarithm of the days a week on which a person would log."""
    typical: int = 1_000
    """Its median, in thousandths of a day."""
    leaves: int = 10_000
    """Chance in a million that somebody stops from one week to the next."""
    returns: int = 0
    """Chance in a million that somebody who has stopped starts again."""
    clusters: bool = False
    """Whether people are recruited in groups of one region and service, with moods that move together."""
    newcomers: tuple[int, int, int] = (0, 0, 0)
    """How many people join later, in which region, and in which week."""


@dataclass(frozen=True)
class Folk:
    """Every array has one place for each person."""

    weeks: int
    keys: dict[str, Whole]
    """The person's place in each dimension at the start."""
    second_region: Whole
    moves: Whole
    """The week of the move to the second region; `weeks` for those who stay."""
    joins: Whole
    usual: Whole
    rate: Whole
    """Days a week, in thousandths."""
    lot: Whole
    """0 to 999, by which a part of all people is chosen."""
    waves: Whole
    """Weeks by people: how the person's cluster feels; 0 where there are none."""

    def region(self, week: int) -> Whole:
        """Return where everybody lives in a week."""
        return np.where(week < self.moves, self.keys["region"], self.second_region)


def invent(rng: np.random.Generator, make: Make, grid: Grid, people: int, weeks: int) -> Folk:
    """Return the people of a service, the later ones last."""
    later, place, week = make.newcomers
    size = people + later
    keys = {name: picked(rng, make.weights[name], size) for name in grid.dimensions}
    keys["region"][people:] = place
    waves = np.zeros((weeks, size), dtype=np.int64)
    if make.clusters:
        member = picked(rng, _cluster_sizes(rng), size)
        for name in ("region", "service"):
            keys[name] = picked(rng, make.weights[name], _CLUSTERS)[member]
        waves = _waves(rng, weeks)[:, member]
    offsets = {name: bell(rng, _BETWEEN_KEYS, len(grid.keys(name))) for name in grid.dimensions}
    regions, ages = len(grid.keys("region")), len(grid.keys("age_band"))
    cells = bell(rng, _BETWEEN_CELLS, regions * ages).reshape(regions, ages)
    usual = _MIDDLE + bell(rng, _BETWEEN_PEOPLE, size) + cells[keys["region"], keys["age_band"]]
    for name, offset in offsets.items():
        usual += offset[keys[name]]
    wish = np.rint(make.typical * np.exp(make.spread * rng.standard_normal(size))).astype(np.int64)
    joins = np.zeros(size, dtype=np.int64)
    joins[people:] = week
    moving = happens(rng, _MOVERS, size) & (joins == 0)
    return Folk(
        weeks=weeks,
        keys=keys,
        second_region=picked(rng, make.weights["region"], size),
        moves=np.where(moving, rng.integers(1, max(weeks, 2), size), weeks),
        joins=joins,
        usual=usual,
        rate=np.minimum(wish, _MOST_RATE) * happens(rng, _LOGGING * 10_000, size),
        lot=rng.integers(0, 1_000, size),
        waves=waves,
    )


def days_logged(rng: np.random.Generator, folk: Folk, make: Make, mood: Moved, logging: Moved) -> list[Whole]:
    """Return for each week, people by bands, on how many days each person's mood was in each band."""
    size = len(folk.usual)
    deviation = bell(rng, _DAY_SHOCK, size)
    stays = np.ones(size, dtype=np.bool_)
    found = []
    for week in range(folk.weeks):
        if week:
            stays = np.where(stays, ~happens(rng, make.leaves, size), happens(rng, make.returns, size))
        feels = folk.usual + folk.waves[week] + mood(folk, week)
        rate = folk.rate * (MILLION // 7_000) * (stays & (week >= folk.joins)) * logging(folk, week) // 100
        days = np.zeros(size * BANDS, dtype=np.int64)
        for weekday in range(7):
            deviation = deviation * _KEPT_OF_YESTERDAY // 100 + bell(rng, _DAY_SHOCK, size)
            logs = np.flatnonzero(happens(rng, rate * _WEEKDAY_LOGGING[weekday] // 100, size))
            score = (feels + deviation)[logs] + _WEEKDAY_MOOD[weekday] + bell(rng, _MOMENT, len(logs))
            days[logs * BANDS + np.clip((score + _STEP // 2) // _STEP, 0, BANDS - 1)] += 1
        found.append(days.reshape(size, BANDS))
    return found


def shares(days: Whole) -> Whole:
    """Return micro-persons by band, rounded down, as `vault/sql/shares/mood_bands.sql` defines them."""
    whole: Whole = MILLION * days // np.maximum(days.sum(axis=1, keepdims=True), 1)
    return whole


def summed(values: Whole, keys: Sequence[Whole], sizes: Sequence[int]) -> Whole:
    """Return the sums of people's values in each cell of all dimensions; exact, since they are below 2^53."""
    cell = np.ravel_multi_index(tuple(keys), tuple(sizes))
    size = int(np.prod(sizes))
    columns = [np.bincount(cell, weights=column, minlength=size) for column in values.T]
    return np.stack(columns, axis=-1).astype(np.int64).reshape(*sizes, -1)


def _cluster_sizes(rng: np.random.Generator) -> list[int]:
    return np.rint(1_000 * np.exp(_CLUSTER_SIZES * rng.standard_normal(_CLUSTERS))).astype(np.int64).tolist()


def _waves(rng: np.random.Generator, weeks: int) -> Whole:
    """Return weeks by clusters: what comes and goes, with a steady standard deviation."""
    fresh = rng.standard_normal((weeks, _CLUSTERS))
    fresh[1:] *= np.sqrt(1 - _CLUSTER_KEPT**2)
    for week in range(1, weeks):
        fresh[week] += _CLUSTER_KEPT * fresh[week - 1]
    return np.rint(_CLUSTER_MOOD * fresh).astype(np.int64)
