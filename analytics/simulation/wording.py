"""How an entry is written: its time in one of three ways, and now and then factors, sleep and a note."""

from datetime import UTC, date, datetime, time

import numpy as np
import polars as pl

from analytics.simulation.diary import Diary
from analytics.simulation.draws import Flags, Whole, happens, picked
from analytics.simulation.people import SECONDS_A_DAY, People
from analytics.simulation.tagging import tagged

TEXT_COLUMNS = ("person_id", "logged_at", "mood", "factors", "sleep_hours", "note")
"""The columns of mood_entries.csv, in order."""

_HOURLY = (1, 1, 0, 0, 0, 1, 3, 8, 10, 7, 5, 4, 6, 5, 4, 4, 5, 6, 7, 9, 12, 14, 9, 3)
"""How often entries fall into each hour of the day."""
_MOST_KEYS = 2**40
"""More than all keys span: thirty thousand years of seconds."""

_DAY_ONLY = 20_000
_WITH_OFFSET = 50_000
_WITH_SLEEP, _WITH_NOTE = 250_000, 60_000

_NOTES = (
    "long day",
    "slept badly again",
    "coffee in the sun",
    "café with an old friend",
    "nothing special",
    '"rain, then sun"',
    '"tired, but calm"',
    '"work, work, work"',
    '"they said ""well done"" today"',
    '"the ""quiet"" kind of day, mostly"',
)
"""As they stand in the file: with commas inside quotes and doubled quotes, never with a line break."""


def write_entries(rng: np.random.Generator, diary: Diary, people: People, start: date) -> pl.DataFrame:
    """Return one row per entry, no key twice: person, day, key, and the text columns.

    The key is the second of the instant since the first Monday (a wall time counts as UTC); for an entry that
    says only its day it is a number that no instant has.
    """
    size = len(diary.person)
    day_only = happens(rng, _DAY_ONLY, size)
    with_offset = happens(rng, _WITH_OFFSET, size) & ~day_only
    wall = diary.day * SECONDS_A_DAY + picked(rng, _HOURLY, size) * 3600 + rng.integers(0, 3600, size)
    key = np.where(day_only, day_key(diary.day), wall - 3600 * with_offset)
    entries = pl.DataFrame(
        {
            "person": diary.person,
            "day": diary.day,
            "key": key,
            "person_id": people.ids.gather(diary.person),
            "logged_at": _times(wall, day_only, with_offset, start),
            "mood": pl.Series(diary.mood).cast(pl.String),
            "factors": tagged(rng, diary, people.size),
            "sleep_hours": _sleep(rng, size),
            "note": _blank_but(rng, _WITH_NOTE, pl.Series(_NOTES).gather(rng.integers(0, len(_NOTES), size))),
        },
    )
    return entries.filter(pl.Series(_first_of_key(diary.person, key)))


def day_key(day: Whole) -> Whole:
    """Return the keys of entries without a time: below those of all instants."""
    return -SECONDS_A_DAY - 1 - day


def wall_text(wall: pl.Series, start: date) -> pl.Series:
    """Return seconds since the first Monday as clock times like `2026-01-05T08:31:07`."""
    monday = int(datetime.combine(start, time(), UTC).timestamp())
    return pl.from_epoch(wall + monday, time_unit="s").dt.strftime("%Y-%m-%dT%H:%M:%S")


def _times(wall: Whole, day_only: Flags, with_offset: Flags, start: date) -> pl.Series:
    full = pl.DataFrame({"text": wall_text(pl.Series(wall), start), "short": day_only, "offset": with_offset})
    return full.select(
        pl.when("short")
        .then(pl.col("text").str.slice(0, 10))
        .when("offset")
        .then(pl.col("text") + "+01:00")
        .otherwise("text"),
    ).to_series()


def _sleep(rng: np.random.Generator, size: int) -> pl.Series:
    """Return hours slept, with one decimal, between 0.0 and 14.0."""
    tenths = np.clip(70 + np.rint(rng.standard_normal(size) * 12).astype(np.int64), 0, 140)
    texts = pl.Series([f"{value // 10}.{value % 10}" for value in range(141)])
    return _blank_but(rng, _WITH_SLEEP, texts.gather(tenths))


def _blank_but(rng: np.random.Generator, per_million: int, texts: pl.Series) -> pl.Series:
    """Return `texts`, all but that share of them empty."""
    kept = pl.DataFrame({"text": texts, "kept": happens(rng, per_million, len(texts))})
    return kept.select(pl.when("kept").then("text").otherwise(pl.lit(""))).to_series()


def _first_of_key(person: Whole, key: Whole) -> Flags:
    """Return which entries are the first of their person and key."""
    _, first = np.unique(person * _MOST_KEYS + key, return_index=True)
    kept = np.zeros(len(person), dtype=np.bool_)
    kept[first] = True
    return kept
