"""The people of an invented service: each has a usual mood, a habit of logging and a place in every dimension.

Sizes and spreads are those of `analytics/simulation/diary.py`; consent is a part of who takes part. Groups differ a
little, as they do in life. Scores are thousandths of a point (of 100), chances are parts in a million.
"""

from dataclasses import dataclass

import numpy as np

from analytics.contracts import Grid
from analytics.simulation.draws import MILLION, Whole, bell, happens, picked, stream

_MIDDLE, _BETWEEN_PEOPLE = 58_000, 17_000
_MOST_RATE = 6_600

_BETWEEN_KEYS, _BETWEEN_CELLS = 2_500, 1_200
"""How far the usual moods of groups, and of region by age beyond both, lie apart (standard deviations)."""

_NEVER, _LATE = 60_000, 50_000
"""Who never takes part, and who joins in some later week."""
_MOVERS = 30_000

_CLUSTERS, _CLUSTER_SIZES = 250, 0.8
"""How many, and the spread of the logarithm of their sizes: of 20,000 people a median of 60, and a few of 400."""
_CLUSTER_MOOD, _CLUSTER_KEPT = 5_000, 0.8
"""What a cluster feels together (standard deviation), and how much of it is left a week later."""


@dataclass(frozen=True)
class Make:
    """What a service's people are like."""

    weights: dict[str, tuple[int, ...]]
    """For each dimension the sizes of its keys."""
    heads: int = 1
    """How many are registered for each person asked for."""
    spread: float = 1.4
    """Of the logarithm of the days a week on which a person would log."""
    typical: int = 1_000
    """Its median, in thousandths of a day."""
    leaves: int = 5_000
    """Chance that somebody stops from one week to the next; low mood adds to it."""
    returns: int = 0
    """Chance that somebody who has stopped starts again; the service then begins with as many as it will keep."""
    clusters: bool = False
    """Whether people are recruited in groups of one region and service, with moods that move together."""
    newcomers: tuple[int, int, int] = (0, 0, 0)
    """How many further people join, in which region (by its place), and in which week."""
    groups: int | None = None
    """The seed of how groups differ, where services of other people are to have the same groups."""

    @property
    def begin(self) -> int:
        """Return the chance to take part at the start: as many as stay in the end where people come back."""
        return MILLION * self.returns // (self.returns + self.leaves) if self.returns else MILLION


@dataclass(frozen=True)
class Folk:
    """Every array has one place for each person."""

    keys: dict[str, Whole]
    """The person's place in each dimension, at the start."""
    second_region: Whole
    moves: Whole
    """The week of the move to the second region; after the last for those who stay."""
    joins: Whole
    usual: Whole
    rate: Whole
    """Thousandths of a day a week."""
    lot: Whole
    """0 to 999, by which a part of all people is chosen."""
    waves: Whole
    """Weeks by people: what the person's cluster feels together; 0 where there are none."""

    def where(self, week: int) -> dict[str, Whole]:
        """Return everybody's place in each dimension in a week."""
        return self.keys | {"region": np.where(week < self.moves, self.keys["region"], self.second_region)}


def invent(rng: np.random.Generator, make: Make, grid: Grid, people: int, weeks: int) -> Folk:
    """Return the people of a service, the newcomers last."""
    further, region, week = make.newcomers
    first = people * make.heads
    size = first + further
    keys = {name: picked(rng, make.weights[name], size) for name in grid.dimensions}
    waves = np.zeros((weeks, size), dtype=np.int64)
    if make.clusters:
        member = picked(rng, _cluster_sizes(rng), size)
        for name in ("region", "service"):
            keys[name] = picked(rng, make.weights[name], _CLUSTERS)[member]
        waves = _waves(rng, weeks)[:, member]
    keys["region"][first:] = region
    late, moving = happens(rng, _LATE, size), happens(rng, _MOVERS, size)
    joins = np.where(late, rng.integers(1, max(weeks, 2), size), 0)
    moves = np.where(moving, rng.integers(1, max(weeks, 2), size), weeks)
    joins[first:], moves[first:] = week, weeks
    wish = np.rint(make.typical * np.exp(make.spread * rng.standard_normal(size))).astype(np.int64)
    return Folk(
        keys=keys,
        second_region=picked(rng, make.weights["region"], size),
        moves=moves,
        joins=joins,
        usual=_MIDDLE
        + bell(rng, _BETWEEN_PEOPLE, size)
        + _of_groups(rng if make.groups is None else stream(make.groups, 12), keys, grid),
        rate=np.minimum(wish, _MOST_RATE) * ~happens(rng, _NEVER, size),
        lot=rng.integers(0, 1_000, size),
        waves=waves,
    )


def _of_groups(rng: np.random.Generator, keys: dict[str, Whole], grid: Grid) -> Whole:
    """Return how much better each person usually feels for the groups they are in; 0 on average over all."""
    regions, ages = len(grid.keys("region")), len(grid.keys("age_band"))
    better = bell(rng, _BETWEEN_CELLS, regions * ages)[keys["region"] * ages + keys["age_band"]]
    for name in grid.dimensions:
        better += bell(rng, _BETWEEN_KEYS, len(grid.keys(name)))[keys[name]]
    centred: Whole = better - better.sum() // len(better)
    return centred


def _cluster_sizes(rng: np.random.Generator) -> list[int]:
    return [round(1_000 * float(size)) for size in np.exp(_CLUSTER_SIZES * rng.standard_normal(_CLUSTERS))]


def _waves(rng: np.random.Generator, weeks: int) -> Whole:
    """Return weeks by clusters: what comes and goes at a steady standard deviation."""
    waves = rng.standard_normal((weeks, _CLUSTERS))
    waves[1:] *= np.sqrt(1 - _CLUSTER_KEPT**2)
    for week in range(1, weeks):
        waves[week] += _CLUSTER_KEPT * waves[week - 1]
    return np.rint(_CLUSTER_MOOD * waves).astype(np.int64)
