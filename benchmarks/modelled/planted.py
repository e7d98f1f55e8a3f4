"""What each regime plants: one function for each, over so many weeks, on the grid that the project brings."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from analytics.contracts import Grid, read_plan, shipped_contracts
from analytics.simulation.draws import Flags, Whole
from analytics.simulation.people import sizes
from benchmarks.modelled.folk import Make

Keys = dict[str, str]
"""Who is hit, by a key for each dimension named; everybody where none is."""

_POINT = 1_000
_HALF, _THREE_TENTHS = 500, 300
"""Of the lots."""
_YEAR = 52
_FADE = 19
"""Per cent of their first zeal that those who stay lose by the end."""
_NOT_KNOWN = 35
"""Of so many people one has a place that is not known, in each dimension."""


@dataclass(frozen=True)
class Week:
    """What a planted change may depend on."""

    number: int
    """From 0."""
    places: dict[str, Whole]
    """Everybody's place in each dimension."""
    lot: Whole
    """For each person 0 to 999, the same in all weeks."""


@dataclass(frozen=True)
class Planted:
    """A service in which something happens."""

    make: Make
    mood: Callable[[Week], Whole | int]
    """What a week adds to everybody's mood."""
    away: Callable[[Week], Flags]
    """Who does not log in a week."""
    zeal: Callable[[int], int]
    """Per cent of their habit that people log in a week."""
    begins: int | None = None
    """The event's first week; nothing where the people are unlike, and nothing happens."""
    hits: Keys = field(default_factory=dict)
    steps: tuple[tuple[int, Keys], ...] = ()
    """Sudden changes: the first week of each, and who is hit."""


@cache
def grid() -> Grid:
    """Return the public grid that the project brings; the last key of each dimension is `unknown`."""
    return read_plan(shipped_contracts(), "standard")[1]


def are(week: Week, keys: Keys) -> Flags:
    """Return who is in all the groups named."""
    there = np.ones(len(week.lot), dtype=np.bool_)
    for name, key in keys.items():
        there &= week.places[name] == list(grid().keys(name)).index(key)
    return there


def quiet(weeks: int) -> Planted:
    """Nothing happens: people fade away as in the diary, and a day is like the day before."""

    def zeal(week: int) -> int:
        return 100 - _FADE * week // weeks

    weights = {}
    for name in grid().dimensions:
        known = sizes(name, len(grid().keys(name)) - 1)
        weights[name] = (*known, sum(known) // (_NOT_KNOWN - 1))
    return Planted(Make(weights), lambda _: 0, lambda week: np.zeros(len(week.lot), dtype=np.bool_), zeal)


def season(weeks: int) -> Planted:
    """Everybody's mood goes up and down by 4 points in a year of 52 weeks, and how often they log by a tenth."""
    still = quiet(weeks)

    def mood(week: Week) -> int:
        return round(4 * _POINT * math.sin(2 * math.pi * week.number / _YEAR))

    def zeal(week: int) -> int:
        return round(still.zeal(week) * (1 + 0.1 * math.sin(2 * math.pi * week / _YEAR)))

    return replace(still, mood=mood, zeal=zeal, begins=0)


def drift(weeks: int) -> Planted:
    """Everybody's mood falls by 0.4 points a week, in Centre by another 0.3."""

    def mood(week: Week) -> Whole:
        return np.asarray(-week.number * (400 + 300 * are(week, {"region": "centre"})))

    return replace(quiet(weeks), mood=mood, begins=0)


def step(weeks: int) -> Planted:
    """Mood falls by 15 points in South from two thirds of the weeks on; the ends of the scale swallow some."""
    first, south = weeks * 2 // 3, {"region": "south"}

    def mood(week: Week) -> Whole:
        return np.asarray(-15 * _POINT * (week.number >= first) * are(week, south))

    return replace(quiet(weeks), mood=mood, begins=first, hits=south, steps=((first, south),))


def shock(weeks: int) -> Planted:
    """Half of all people, the same ones, are away for three weeks from the middle on, and come back at once."""
    first, last = weeks // 2, weeks // 2 + 2

    def away(week: Week) -> Flags:
        return np.asarray((week.lot < _HALF) & (first <= week.number <= last))

    return replace(quiet(weeks), away=away, begins=first, steps=((first, {}), (last + 1, {})))


def holiday(weeks: int) -> Planted:
    """In one week, at two thirds, 30 of 100 people are away and mood is 5 points better."""
    only = weeks * 2 // 3

    def mood(week: Week) -> int:
        return 5 * _POINT * (week.number == only)

    def away(week: Week) -> Flags:
        return np.asarray((week.lot < _THREE_TENTHS) & (week.number == only))

    return replace(quiet(weeks), mood=mood, away=away, begins=only, steps=((only, {}), (only + 1, {})))


def new_cohort(weeks: int) -> Planted:
    """Coast is empty until the middle, when 1,200 further people start there at once."""
    still, first, coast = quiet(weeks), weeks // 2, {"region": "coast"}
    place = list(grid().keys("region")).index("coast")
    others = tuple(0 if number == place else size for number, size in enumerate(still.make.weights["region"]))
    weights = still.make.weights | {"region": others}
    make = replace(still.make, weights=weights, newcomers=(1_200, place, first))
    return replace(still, make=make, begins=first, hits=coast, steps=((first, coast),))


def closing(weeks: int) -> Planted:
    """Nobody in Coast logs from the middle on, and nobody of student support from three quarters on."""
    closes = ((weeks // 2, {"region": "coast"}), (weeks * 3 // 4, {"service": "student_support"}))

    def away(week: Week) -> Flags:
        gone = np.zeros(len(week.lot), dtype=np.bool_)
        for first, keys in closes:
            if week.number >= first:
                gone |= are(week, keys)
        return gone

    (first, hits), _ = closes
    return replace(quiet(weeks), away=away, begins=first, hits=hits, steps=closes)


def heavy(weeks: int) -> Planted:
    """A few log nearly every day and most hardly ever; of those who do, one in ten pauses a week, and others come back.

    Twice as many are registered as were asked for, so that about as many log in a week.
    """
    still = quiet(weeks)
    make = replace(still.make, heads=2, spread=2.0, typical=200, leaves=90_000, returns=270_000)
    return replace(still, make=make, zeal=lambda _: 100)


def unlike(weeks: int) -> Planted:
    """Regions are 1/2, 1/4, ... 1/128 of all people: the smallest cells of region by age have 0 to 30 people."""
    still = quiet(weeks)
    weights = still.make.weights | {"region": tuple(2**power for power in reversed(range(len(grid().keys("region")))))}
    return replace(still, make=replace(still.make, weights=weights))


def interaction(weeks: int) -> Planted:
    """People of 25 to 34 in West feel 12 points worse than their region and their age predict, from the start."""
    there = {"region": "west", "age_band": "25-34"}
    return replace(quiet(weeks), mood=lambda week: np.asarray(-12 * _POINT * are(week, there)), begins=0, hits=there)


def clusters(weeks: int) -> Planted:
    """People are recruited in 250 clusters, each in one region and service, and each cluster's mood moves together."""
    still = quiet(weeks)
    return replace(still, make=replace(still.make, clusters=True))


Regime = Callable[[int], Planted]
ALL: dict[str, Regime] = {
    one.__name__: one
    for one in (
        quiet,
        season,
        drift,
        step,
        shock,
        holiday,
        new_cohort,
        closing,
        heavy,
        unlike,
        interaction,
        clusters,
    )
}
