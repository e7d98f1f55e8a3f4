"""Simulated services: who logs on which of 84 days, what they say, and what they tag. Scores are points, 0 to 100."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from analytics.layout import Array

DAYS, NOW = 84, 28
"""Twelve weeks; who logs in the last four is counted."""
EVEN, WEEKENDS_HALF = (1.0,) * 7, (1.0,) * 5 + (0.5,) * 2
NO_RHYTHM = (0.0,) * 7
MONDAYS_3 = (-3.0,) + (0.0,) * 6

GOOD, BAD = 75.0, -11.0
"""Where mood is skewed: what four days in five are like, and from which deviation on a day is bad."""

FACTORS = 10
USED_BY = (0.5,) * FACTORS
TAGGED = (0.2, 0.5, 0.35, 0.3, 0.25, 0.2, 0.15, 0.15, 0.1, 0.1)
"""On what part of their days those who use a factor tag it; the first is the one that is looked for."""


@dataclass(frozen=True)
class Service:
    """People by days; a day without an entry has no score."""

    score: Array
    logged: Array
    tags: Array
    """People, factors, days."""

    @property
    def weekday(self) -> Array:
        """Return each day's weekday, Monday 0."""
        return np.arange(self.logged.shape[1]) % 7

    def latest(self, days: int) -> "Service":
        """Return the last days of it."""
        return Service(self.score[:, -days:], self.logged[:, -days:], self.tags[:, :, -days:])


@lru_cache(maxsize=2)
def service(  # noqa: PLR0913 -- the facts of a scenario
    people: int,
    seed: int,
    *,
    rhythm: tuple[float, ...] = NO_RHYTHM,
    logging: tuple[float, ...] = EVEN,
    effects: tuple[float, ...] = (0.0,) * FACTORS,
    skewed: bool = False,
    falls: float = 0.0,
) -> Service:
    """Return those of `people` who log in the last four weeks, with habits like the invented population's.

    Days a week are lognormal with median 1. A day's mood is the person's own, a shock that fades by 45 % a day, a
    moment's, rounded to a scale of five. `skewed`: usually good, now and then low. `falls`: from the middle on.
    """
    rng = np.random.default_rng(seed)
    weekday = np.arange(DAYS) % 7
    rate = np.minimum(np.exp(1.4 * rng.standard_normal(people)), 6.6) / 7
    logged = rng.random((people, DAYS)) < rate[:, None] * np.array(logging)[weekday]
    here = logged[:, -NOW:].any(axis=1)
    logged, size = logged[here], int(here.sum())
    shock = rng.standard_normal((size, DAYS)) * 9
    for day in range(1, DAYS):
        shock[:, day] += 0.55 * shock[:, day - 1]
    uses = rng.random((size, FACTORS)) < np.array(USED_BY)
    tags = (rng.random((size, FACTORS, DAYS)) < np.array(TAGGED)[None, :, None]) & uses[:, :, None] & logged[:, None]
    moved = np.array(rhythm)[weekday] + np.einsum("pfd,f->pd", tags, np.array(effects))
    moved = moved + np.where(np.arange(DAYS) >= DAYS // 2, -falls, 0)
    moment = 8 * rng.standard_normal((size, DAYS))
    usual = 58 + 17 * rng.standard_normal((size, 1))
    felt = usual + shock + moved + moment
    if skewed:
        today = shock + moment + moved
        felt = np.where(today > BAD, GOOD, GOOD - 25 + 4 * (today - BAD))
    return Service(np.clip(np.rint(felt / 25) * 25, 0, 100), logged, tags)


def scenario(vectors: Callable[[Service], Array], days: int, chunks: int, **facts: Any) -> Array:  # noqa: ANN401
    """Return a definition's vectors of everybody who logs, over the last days of several services of 20,000 people."""
    return np.concatenate([vectors(service(20_000, seed, **facts).latest(days)) for seed in range(chunks)])
