"""Who logs on which day and how the day was, week after week, and each person's exact shares.

A shorter form of `analytics/simulation/diary.py`: a day has one score. Scores are thousandths of a point (of 100),
chances are parts in a million, and all but the generator's own floats are whole numbers.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from analytics.simulation.draws import MILLION, Whole, bell, happens
from benchmarks.modelled.folk import Folk
from benchmarks.modelled.planted import Planted, Week

BANDS = 5
_STEP = 25_000
_DAY_SHOCK, _MOMENT = 9_000, 8_000
_KEPT_OF_YESTERDAY = 55
_WEEKDAY_MOOD = (-2_500, -1_500, -500, 0, 1_500, 2_500, 500)
_WEEKDAY_LOGGING = (110, 106, 104, 102, 96, 86, 96)
_CONTENT = 70_000
"""Who feels worse than this is more likely to stop."""


def days_logged(rng: np.random.Generator, folk: Folk, planted: Planted) -> Iterator[Whole]:
    """Yield for each week, people by bands, on how many days each person's mood was in each band.

    What is drawn does not depend on what is planted: people who are not hit are as they would be in a quiet service.
    """
    make, size = planted.make, len(folk.usual)
    deviation = bell(rng, _DAY_SHOCK, size)
    there = happens(rng, make.begin, size)
    for number in range(len(folk.waves)):
        week = Week(number, folk.where(number), folk.lot)
        feels = folk.usual + folk.waves[number] + planted.mood(week)
        if number:
            stops = happens(rng, make.leaves + np.maximum(_CONTENT - feels, 0) // 3, size)
            there = np.where(there, ~stops, happens(rng, make.returns, size))
        logging = there & (number >= folk.joins) & ~planted.away(week)
        chance = folk.rate * (MILLION // 7_000) * planted.zeal(number) // 100 * logging
        days = np.zeros(size * BANDS, dtype=np.int64)
        for weekday in range(7):
            deviation = deviation * _KEPT_OF_YESTERDAY // 100 + bell(rng, _DAY_SHOCK, size)
            logs = np.flatnonzero(happens(rng, chance * _WEEKDAY_LOGGING[weekday] // 100, size))
            score = (feels + deviation + bell(rng, _MOMENT, size))[logs] + _WEEKDAY_MOOD[weekday]
            days[logs * BANDS + np.clip((score + _STEP // 2) // _STEP, 0, BANDS - 1)] += 1
        yield days.reshape(size, BANDS)


def shares(days: Whole) -> Whole:
    """Return micro-persons by band, rounded down, as `vault/sql/shares/mood_bands.sql` defines them."""
    whole: Whole = MILLION * days // np.maximum(days.sum(axis=1, keepdims=True), 1)
    return whole


def summed(values: Whole, places: Sequence[Whole], sizes: Sequence[int]) -> Whole:
    """Return the sums of people's values in each cell of all dimensions; exact, since they stay below 2^53."""
    cell = np.ravel_multi_index(tuple(places), tuple(sizes))
    size = int(np.prod(sizes))
    columns = [np.bincount(cell, weights=column, minlength=size) for column in values.T]
    return np.stack(columns, axis=-1).astype(np.int64).reshape(*sizes, -1)
