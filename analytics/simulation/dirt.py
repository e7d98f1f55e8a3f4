"""Lines that every reader must refuse, and lines that come twice: a few of every kind."""

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from analytics.simulation.people import SECONDS_A_DAY, People
from analytics.simulation.wording import TEXT_COLUMNS, wall_text

DIRT_PER_MILLION = 3_000
"""The share of entries that are dirty, all kinds together."""

NOT_UTF8 = "\ue000"
"""A placeholder for the byte 0xff, which no text can hold, until the file is written."""

SCOPE = "population_statistics"
"""The only scope that the contract knows."""

Fields = dict[str, str]


def _with(**changes: str) -> Callable[[Fields], str]:
    """Return what writes an entry with some fields changed."""
    return lambda fields: ",".join({**fields, **changes}.values())


def _dated(change: Callable[[str], str]) -> Callable[[Fields], str]:
    """Return what writes an entry with its time changed."""
    return lambda fields: ",".join({**fields, "logged_at": change(fields["logged_at"])}.values())


SPOILS: dict[str, Callable[[Fields], str]] = {
    "not_utf8": _with(note=f"caf{NOT_UTF8}"),
    "too_few_fields": lambda fields: f"{fields['person_id']},{fields['logged_at']}",
    "too_many_fields": lambda fields: f"{','.join(fields.values())},1",
    "unbalanced_quote": lambda fields: f'{fields["person_id"]},"{fields["logged_at"]},{fields["mood"]},,,',
    "nul_byte": lambda fields: ",".join({**fields, "mood": f"{fields['mood']}\0"}.values()),
    "mood_0": _with(mood="0"),
    "mood_6": _with(mood="6"),
    "mood_9": _with(mood="9"),
    "mood_word": _with(mood="good"),
    "mood_missing": _with(mood=""),
    "impossible_date": _dated(lambda text: f"{text[:5]}02-30{text[10:]}"),
    "not_a_date": _with(logged_at="yesterday"),
    "future": _dated(lambda text: f"2999{text[4:]}"),
    "long_ago": _dated(lambda text: f"1970-01-01{text[10:]}"),
    "person_missing": _with(person_id=""),
    "person_too_long": lambda fields: ",".join({**fields, "person_id": fields["person_id"] * 30}.values()),
    "unknown_factor": _with(factors="work|moonlight"),
    "sleep_99": _with(sleep_hours="99"),
}
"""What becomes of an entry, by kind: each gives one line that must not count."""

_TWICE = ("duplicate", "restated", "restated_with_offset")
"""What is written a second time, later in the file."""


def soil(rng: np.random.Generator, entries: pl.DataFrame, start: date) -> pl.DataFrame:
    """Return the lines of the file in order: line, good, and for good ones person, day, key and mood."""
    lines = entries.with_columns(_line(), good=pl.lit(value=True), order=pl.int_range(pl.len()) * 2)
    kinds = len(SPOILS) + len(_TWICE)
    each = _of_each_kind(entries.height, kinds)
    chosen = rng.choice(entries.height, kinds * each, replace=False).reshape(kinds, each)
    spoilt = [
        (int(row), spoil(fields))
        for rows, spoil in zip(chosen, SPOILS.values(), strict=False)
        for row, fields in zip(rows, entries[rows].select(TEXT_COLUMNS).to_dicts(), strict=True)
    ]
    bad = pl.DataFrame(spoilt, schema={"order": pl.Int64, "spoilt": pl.String}, orient="row")
    lines = lines.join(bad.with_columns(pl.col("order") * 2, bad=True), on="order", how="left", maintain_order="left")
    lines = lines.with_columns(pl.coalesce("spoilt", "line").alias("line"), good=pl.col("bad").is_null())
    copied, restated, shifted = (lines[rows] for rows in chosen[len(SPOILS) :])
    again: pl.DataFrame = pl.concat([copied, _another_mood(restated), _another_mood(_other_clock(shifted, start))])
    later = rng.integers(again["order"].to_numpy() // 2, entries.height)
    again = again.with_columns(pl.Series("order", later * 2 + 1))
    return (
        pl.concat([lines, again])
        .sort("order", maintain_order=True)
        .select("line", "good", "person", "day", "key", pl.col("mood").cast(pl.Int64))
    )


def _of_each_kind(entries: int, kinds: int) -> int:
    """Return how many lines of each kind there are: one at least, unless there are hardly any entries."""
    return max(1, entries * DIRT_PER_MILLION // 1_000_000 // kinds) if entries >= 2 * kinds else 0


def _line() -> pl.Expr:
    return pl.concat_str(TEXT_COLUMNS, separator=",").alias("line")


def _another_mood(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the entries with the mood that comes next on the scale, 1 after 5."""
    return lines.with_columns((pl.col("mood").cast(pl.Int64) % 5 + 1).cast(pl.String)).with_columns(_line())


def _other_clock(lines: pl.DataFrame, start: date) -> pl.DataFrame:
    """Return the entries with the same instant on a clock one hour ahead, where that is the same day."""
    ahead = lines["key"] + 3600
    same_day = (ahead >= 0) & (ahead // SECONDS_A_DAY == lines["day"])
    return lines.with_columns(
        pl.when(same_day).then(wall_text(ahead, start) + "+01:00").otherwise("logged_at").alias("logged_at"),
    )


def bad_register_rows(rng: np.random.Generator, people: People) -> pl.DataFrame:
    """Return register rows with impossible days that would give their people someone else's cohorts."""
    size = people.register.height
    rows, others = (people.register[rng.integers(0, size, _few(size))] for _ in range(2))
    days = pl.Series("valid_from", ["2026-02-30", "spring", ""]).gather(np.arange(rows.height) % 3)
    return others.with_columns(rows["person"], days)


def bad_consents(rng: np.random.Generator, people: People, days: int) -> pl.DataFrame:
    """Return events that would open closed diaries: some are no event, some are for another scope."""
    granted = people.consents.filter(pl.col("event") == "granted")["person"].to_numpy()
    closed = np.setdiff1d(np.arange(people.size), granted)
    closed = closed if len(closed) else granted
    person = closed[rng.integers(0, len(closed), 2 * _few(people.size))]
    size = len(person)
    return pl.DataFrame(
        {
            "person": person,
            "event": pl.Series(["maybe", "granted"]).gather(np.arange(size) % 2),
            "recorded": (days // 2) * SECONDS_A_DAY + rng.integers(0, SECONDS_A_DAY, size),
            "covers_from": -rng.integers(1, 200, size),
            "policy_version": pl.repeat("1", size, eager=True, dtype=pl.String),
            "scope": pl.Series([SCOPE, "marketing"]).gather(np.arange(size) % 2),
        },
    )


def _few(people: int) -> int:
    """Return how many bad rows of a kind a file about so many gets: one at least, none if it is about nobody."""
    return min(people, max(3, people // 500))
