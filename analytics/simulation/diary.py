"""Who logs on which day, how often, and how the day was. Scores are thousandths of a point, as in the vault."""

from dataclasses import dataclass

import numpy as np

from analytics.simulation.draws import MILLION, Whole, bell, happens
from analytics.simulation.people import People

PLANTED_FALL = 13_500
"""How far mood falls where it is made to fall; the ends of the scale swallow some, about 12 points are left."""

_WEEKDAY_MOOD = (-2_500, -1_500, -500, 0, 1_500, 2_500, 500)
_WEEKDAY_LOGGING = (110, 106, 104, 102, 96, 86, 96)
"""Per cent of a person's usual chance to log, Monday to Sunday."""

_STEP = 25_000
"""A step of the five-point scale."""
_MIDDLE, _BETWEEN_PEOPLE, _DAY_SHOCK, _MOMENT = 58_000, 17_000, 9_000, 8_000
_KEPT_OF_YESTERDAY = 55
"""Per cent of yesterday's deviation that is still felt today."""

_MOST_RATE = 6_600
"""No one logs on more days a week than this, in thousandths."""
_MOST_EXTRA = 10
_LEFT_AFTER_WITHDRAWAL = 15
"""Per cent of their logging that people keep up by habit after they have withdrawn."""
_FADE = 35
"""Per cent of their first zeal that those who stay lose by the end."""


@dataclass(frozen=True)
class Diary:
    """One place per entry, in the order of days: who, on which day since the first Monday, mood 1 to 5."""

    person: Whole
    day: Whole
    mood: Whole


def keep_diaries(rng: np.random.Generator, people: People, weeks: int) -> Diary:
    """Let everyone log for `weeks` weeks; mood falls in the planted region once two thirds of them are over."""
    size, days = people.size, 7 * weeks
    usual = _MIDDLE + bell(rng, _BETWEEN_PEOPLE, size)
    rate, zeal = _habits(rng, size)
    deviation = bell(rng, _DAY_SHOCK, size)
    stays = np.ones(size, dtype=np.bool_)
    persons, moods, counts = [], [], []
    for day in range(days):
        deviation = deviation * _KEPT_OF_YESTERDAY // 100 + bell(rng, _DAY_SHOCK, size)
        feeling = usual + deviation + _WEEKDAY_MOOD[day % 7]
        if day >= 7 * (weeks * 2 // 3):
            there = np.where(day < people.moves_on, people.planted_before, people.planted_after)
            feeling = feeling - PLANTED_FALL * there
        if day % 7 == 0 and day > 0:
            stays &= ~happens(rng, 6_000 + np.maximum(70_000 - feeling, 0) // 3, size)
        chance = (
            rate * (MILLION // 7_000) * _WEEKDAY_LOGGING[day % 7] // 100 * (100 * days - _FADE * day) // (100 * days)
        )
        withdrawn = (people.withdraws_on <= day) & (day < people.returns_on)
        chance = np.where(withdrawn, chance * _LEFT_AFTER_WITHDRAWAL // 100, chance)
        logs = np.flatnonzero(happens(rng, chance, size) & stays)
        times = 1 + zeal[logs] * rng.integers(0, 1_000, len(logs)) ** 2 // MILLION
        person = np.repeat(logs, times)
        score = feeling[person] + bell(rng, _MOMENT, len(person))
        persons.append(person)
        moods.append(np.clip((score + _STEP // 2) // _STEP, 0, 4) + 1)
        counts.append(len(person))
    return Diary(np.concatenate(persons), np.repeat(np.arange(days), counts), np.concatenate(moods))


def _habits(rng: np.random.Generator, size: int) -> tuple[Whole, Whole]:
    """Return each person's days a week, in thousandths, and how many further entries a day may get at most.

    Lognormal: most log now and then, and a few write most of what there is.
    """
    wish = np.rint(1_000 * np.exp(1.4 * rng.standard_normal(size))).astype(np.int64)
    return np.minimum(wish, _MOST_RATE), np.clip(wish // 1_000, 0, _MOST_EXTRA)
