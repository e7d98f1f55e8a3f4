"""The invented people: ids, register rows and consent events. Days are counted from the first simulated Monday."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.contracts import UNKNOWN, Grid
from analytics.simulation.draws import Flags, Whole, happens, picked

PLANTED_DIMENSION = "region"
"""The dimension in whose first key mood is made to fall."""

OFF_GRID = "Atlantis"
"""A cohort value that no grid has."""

SECONDS_A_DAY = 86_400

_PARTS = 5040
"""What the sizes of cohorts are fractions of."""

_UNREGISTERED = 20_000
_MOVERS = 30_000
_OFF_GRID = 10_000

_NEVER, _MIDWAY, _WITHDREW, _RETURNED, _CONFIRMED, _BEFORE = range(6)
_CONSENT_PER_CENT = (3, 5, 4, 1, 3, 84)
"""How many people in 100 take each path, in the order above."""


@dataclass(frozen=True)
class People:
    """The invented participants; every array has one place for each of them."""

    ids: pl.Series
    """What the files call them."""
    register: pl.DataFrame
    """One row per participant and day from which it holds: person, valid_from (day), a text for each dimension."""
    consents: pl.DataFrame
    """One row per event, oldest first: person, event, recorded (second), covers_from (day or null), policy_version."""
    moves_on: Whole
    """The day of a move; for those who stay, the day after the last."""
    planted_before: Flags
    """Whether they live where mood will fall, before the move."""
    planted_after: Flags
    """Whether they live there after the move."""
    withdraws_on: Whole
    """The day of the withdrawal; for the others, the day after the last."""
    returns_on: Whole
    """The day of the second grant; for the others, the day after the last."""

    @property
    def size(self) -> int:
        """How many participants there are."""
        return len(self.ids)


def invent_people(rng: np.random.Generator, size: int, days: int, grid: Grid) -> People:
    """Invent `size` participants who are watched for `days` days."""
    ids = pl.Series("person_id", np.arange(1, size + 1)).cast(pl.String).str.zfill(6)
    homes = {name: picked(rng, sizes(name, len(_keys(grid, name))), size) for name in grid.dimensions}
    moving = PLANTED_DIMENSION if PLANTED_DIMENSION in homes else next(iter(homes))
    keys = _keys(grid, moving)
    registered = ~happens(rng, _UNREGISTERED, size)
    movers = happens(rng, _MOVERS, size) & registered & (len(keys) > 1)
    moves_on = np.where(movers, _midway(rng, days, size), days)
    new_home = (homes[moving] + rng.integers(1, max(len(keys), 2), size)) % len(keys)
    planted = PLANTED_DIMENSION in homes and keys != [""]
    consents, withdraws_on, returns_on = _consents(rng, size, days)
    rows = pl.DataFrame(
        {
            "person": np.arange(size),
            "valid_from": -rng.integers(30, 1500, size),
            **{name: pl.Series(_keys(grid, name), dtype=pl.String).gather(homes[name]) for name in homes},
        },
    )
    strays = happens(rng, _OFF_GRID, size)
    stray_in = rng.integers(0, len(homes), size)
    rows = rows.with_columns(
        pl.when(pl.Series(strays & (stray_in == place))).then(pl.lit(OFF_GRID)).otherwise(pl.col(name)).alias(name)
        for place, name in enumerate(homes)
    )
    second = rows.with_columns(
        pl.Series("valid_from", moves_on),
        pl.Series(moving, keys, dtype=pl.String).gather(new_home),
    )
    return People(
        ids="p-" + ids,
        register=pl.concat([rows.filter(pl.Series(registered)), second.filter(pl.Series(movers))]),
        consents=consents,
        moves_on=moves_on,
        planted_before=(homes[moving] == 0) & planted,
        planted_after=(new_home == 0) & planted,
        withdraws_on=withdraws_on,
        returns_on=returns_on,
    )


def _keys(grid: Grid, dimension: str) -> list[str]:
    """Return what a register may say of a dimension; nothing at all where only `unknown` is public."""
    return [key for key in grid.keys(dimension) if key != UNKNOWN] or [""]


def sizes(dimension: str, keys: int) -> list[int]:
    """Return the weights of a dimension's keys: as 1, 1/2, 1/3 ... for regions, flatter for the rest.

    The first region comes second in size, so that a fall there does not look like a fall everywhere.
    """
    if dimension != PLANTED_DIMENSION:
        return [_PARTS // (rank + 4) for rank in range(keys)]
    weights = [_PARTS // (rank + 1) for rank in range(keys)]
    return [*reversed(weights[:2]), *weights[2:]]


def _midway(rng: np.random.Generator, days: int, size: int) -> Whole:
    """Return days in the middle three fifths of the time."""
    return rng.integers(days // 5, days * 4 // 5, size)


def _consents(rng: np.random.Generator, size: int, days: int) -> tuple[pl.DataFrame, Whole, Whole]:
    """Return the consent events, and on which day each person withdraws and returns (`days`: never)."""
    path = picked(rng, _CONSENT_PER_CENT, size)
    middle = _midway(rng, days, size)
    later = rng.integers(middle + 1, days)
    opened = np.where(path == _MIDWAY, middle, -rng.integers(1, 200, size))
    leaves = (path == _WITHDREW) | (path == _RETURNED)
    events = [
        _events(rng, path != _NEVER, opened, "granted", "1"),
        _events(rng, leaves, middle, "withdrawn", "1"),
        _events(rng, path == _RETURNED, later, "granted", "2"),
        _events(rng, path == _CONFIRMED, middle, "granted", "2"),
    ]
    consents = pl.concat(events).sort("recorded", "person", maintain_order=True)
    return consents, np.where(leaves, middle, days), np.where(path == _RETURNED, later, days)


def _events(rng: np.random.Generator, who: Flags, on: Whole, event: str, version: str) -> pl.DataFrame:
    """Return one event of a kind for each of `who`, at some second of the day `on`, covering from that day."""
    person = np.flatnonzero(who)
    day = on[person]
    return pl.DataFrame(
        {
            "person": person,
            "event": pl.repeat(event, len(person), eager=True, dtype=pl.String),
            "recorded": day * SECONDS_A_DAY + rng.integers(0, SECONDS_A_DAY, len(person)),
            "covers_from": pl.Series(day if event == "granted" else [None] * len(person), dtype=pl.Int64),
            "policy_version": pl.repeat(version, len(person), eager=True, dtype=pl.String),
        },
    )
