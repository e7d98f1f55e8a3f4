"""What people tag: each has words of their own, some for most days and some for few; worse days get heavier words.

How many: people export their diaries from Daylio, and some put the file (`daylio_export.csv`) on GitHub. Of four that
were read for this (zhafen/moody, noamelf/mood-stats, vee-upatising/Mood-Forecasting, kplich/daylio-visualisation) two
people tag nearly every day, mostly with two to six different activities a day and with one to four, one tags now and
then, and one never does. Here three people in five tag, and a day with tags has a median of four. No published study
was found that gives the distribution.
"""

import numpy as np
import polars as pl

from analytics.simulation.diary import Diary
from analytics.simulation.draws import MILLION, Whole, happens

_TAG_AT_ALL, _TAG_THIS_ENTRY = 600_000, 900_000

_RATES = (800_000, 550_000, 350_000, 150_000)
"""On what part of their entries somebody uses a word that is theirs: one of these, each as often."""

_HEAVY, _EITHER, _LIGHT = (150, 125, 100, 80, 65), (100,) * 5, (65, 80, 100, 110, 120)
"""Per cent of a person's usual rate for moods 1 to 5."""

_WORDS = {
    "work": (80, _HEAVY),
    "family": (70, _EITHER),
    "friends": (65, _LIGHT),
    "hobbies": (55, _LIGHT),
    "partner": (50, _EITHER),
    "exercise": (45, _LIGHT),
    "good_sleep": (45, _LIGHT),
    "poor_sleep": (40, _HEAVY),
    "tasks": (40, _HEAVY),
    "weather": (35, _EITHER),
    "caffeine": (35, _EITHER),
    "self_care": (35, _LIGHT),
    "alcohol": (30, _HEAVY),
    "health": (30, _HEAVY),
    "money": (25, _HEAVY),
    "fitness": (25, _LIGHT),
    "education": (20, _EITHER),
    "travel": (20, _LIGHT),
    "medication_taken": (20, _EITHER),
    "current_events": (15, _HEAVY),
}
"""How many in 100 of those who tag have the word, and how its use goes with mood."""


def tagged(rng: np.random.Generator, diary: Diary, people: int) -> pl.Series:
    """Return each entry's words, joined by a bar; empty where it has none."""
    tags = happens(rng, _TAG_AT_ALL, people)
    entries = len(diary.person)
    here = tags[diary.person] & happens(rng, _TAG_THIS_ENTRY, entries)
    columns = []
    for word, (owners, by_mood) in _WORDS.items():
        rate = _rates(rng, owners, people)[diary.person] * np.array(by_mood, dtype=np.int64)[diary.mood - 1] // 100
        used = pl.Series(word, here & happens(rng, rate, entries))
        columns.append(used.to_frame().select(pl.when(word).then(pl.lit(word)).alias(word)))
    found = pl.concat(columns, how="horizontal")
    return found.select(pl.concat_str(pl.all(), separator="|", ignore_nulls=True)).to_series()


def _rates(rng: np.random.Generator, owners: int, people: int) -> Whole:
    """Return on what part of their entries each person uses a word, in millionths; 0 where it is not theirs."""
    rates = np.array(_RATES, dtype=np.int64)[rng.integers(0, len(_RATES), people)]
    return np.where(happens(rng, owners * (MILLION // 100), people), rates, 0)
