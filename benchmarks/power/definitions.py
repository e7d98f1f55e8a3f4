"""Candidate definitions: what one person's unit is split over, as an array of people by categories."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from analytics.layout import Array
from benchmarks.power.services import DAYS, FACTORS, NOW, Service

Vectors = Callable[[Service], Array]
WEEK = 7
LEAST = 4
"""Weekdays of the definition before; days that are compared in the others."""
EDGE = 5
"""Points of a difference that counts, and days on both sides, where a definition asks for them."""


@dataclass(frozen=True)
class Candidate:
    """One definition."""

    name: str
    vectors: Vectors
    contrasts: Array
    """Tests by categories: what each test weighs. By chance it is 0, or what the definition claims."""
    chance: float = 0.0
    """What each contrast is by chance, per person counted, as the definition claims."""
    days: int = NOW
    pooled: bool = False
    """A contrast is beside the mean of all tests, not beside 0."""

    @property
    def touches(self) -> int:
        """Return in how many releases any 366 days of logging can count."""
        return 15 if self.days == NOW else 17


def spaced(flags: Array, take: Array) -> Array:
    """Return `take` of each row's flagged days, spread evenly over them; none where there are fewer."""
    rank = np.cumsum(flags, axis=-1, dtype=np.int32)
    number = rank[..., -1:]
    k, twice = take[..., None].astype(np.int32), np.maximum(2 * number, 1)
    chosen = (2 * rank * k + number) // twice > (2 * (rank - 1) * k + number) // twice
    found: Array = flags & chosen & (number >= k)
    return found


def balanced(flags: Array, scores: Array, least: int) -> tuple[Array, Array]:
    """Return sums of equally many days of each kind, and which kinds have them; flags: people, kinds, days.

    As many of each as make the most days together, of two kinds at least.
    """
    counts = flags.sum(axis=-1)
    ordered = -np.sort(-counts, axis=1)
    together = (ordered * np.arange(1, counts.shape[1] + 1))[:, 1:]
    best = counts.shape[1] - 1 - np.argmax(together[:, ::-1], axis=1)
    take = np.take_along_axis(ordered, best[:, None], axis=1)
    used = (counts >= take) & (take > 0) & (together.max(axis=1, keepdims=True) >= least)
    chosen = spaced(flags, np.repeat(take, counts.shape[1], axis=1))
    return (chosen * scores[:, None]).sum(axis=-1), used


def weekdays(one: Service) -> Array:
    """Return people, weekdays, days: logged on that weekday."""
    found: Array = one.logged[:, None] & (one.weekday == np.arange(WEEK)[:, None])[None]
    return found


def ends(values: Array, used: Array) -> tuple[Array, Array]:
    """Return which kinds are lowest and which are highest, of two kinds at least."""
    used = used & (used.sum(axis=1, keepdims=True) > 1)
    low = used & np.isclose(values, np.where(used, values, np.inf).min(axis=1, keepdims=True))
    high = used & np.isclose(values, np.where(used, values, -np.inf).max(axis=1, keepdims=True))
    return low, high


def evenly(flags: Array) -> Array:
    """Return one unit split over each person's flags."""
    found: Array = flags / np.maximum(flags.sum(axis=1, keepdims=True), 1)
    return found


def means(flags: Array, scores: Array) -> tuple[Array, Array]:
    """Return each kind's mean, and which kinds there are."""
    counts = flags.sum(axis=-1)
    return (flags * scores[:, None]).sum(axis=-1) / np.maximum(counts, 1), counts > 0


def below(one: Service) -> Array:
    """Each day, below the person's own mean or not, from 7 days on 4 weekdays."""
    days = one.logged.sum(axis=1, keepdims=True)
    own = (one.score * one.logged).sum(axis=1, keepdims=True) / np.maximum(days, 1)
    enough = (days >= WEEK) & (weekdays(one).any(axis=2).sum(axis=1, keepdims=True) >= LEAST)
    halves = [(weekdays(one) & side[:, None]).sum(axis=2) for side in (one.score < own, one.score >= own)]
    found: Array = np.concatenate(halves, axis=1) / np.maximum(days, 1) * enough
    return found


def lowest(one: Service) -> Array:
    """The weekday with the lowest mean."""
    return evenly(ends(*means(weekdays(one), one.score))[0])


def halves(one: Service, *, equal: bool) -> Array:
    """Half of the unit to the worst weekday, half to the best."""
    found = balanced(weekdays(one), one.score, LEAST) if equal else means(weekdays(one), one.score)
    return np.concatenate([evenly(side) for side in ends(*found)], axis=1) / 2


def pairs(one: Service) -> Array:
    """The pair of worst and best weekday, from equally many days of each."""
    low, high = ends(*balanced(weekdays(one), one.score, LEAST))
    return evenly((low[:, :, None] & high[:, None, :])[:, ~np.eye(WEEK, dtype=bool)])


def extreme(one: Service) -> Array:
    """The weekday that differs most from the person's own mean, as worse or better."""
    values, used = means(weekdays(one), one.score)
    own = (one.score * one.logged).sum(axis=1, keepdims=True) / one.logged.sum(axis=1, keepdims=True)
    away = np.concatenate([own - values, values - own], axis=1)
    return evenly(ends(away, np.concatenate([used, used], axis=1))[1])


def sign(one: Service, which: tuple[int, ...]) -> Array:
    """Some weekdays against as many other days: worse or better."""
    ours = one.logged & np.isin(one.weekday, which)
    two = np.stack([ours, one.logged & ~ours], axis=1)
    take = np.repeat(two.sum(axis=-1).min(axis=1, keepdims=True), 2, axis=1)
    sums = (spaced(two, take) * one.score[:, None]).sum(axis=-1)
    return np.stack([sums[:, 0] < sums[:, 1], sums[:, 0] > sums[:, 1]], axis=1).astype(float)


def differences(one: Service, *, equal: bool, least: int) -> tuple[Array, Array, Array]:
    """Return each factor's mean difference (days with it minus without), its days, and whether there are enough."""
    with_it, without = one.tags & one.logged[:, None], ~one.tags & one.logged[:, None]
    take = np.minimum(with_it.sum(axis=2), without.sum(axis=2))
    if equal:
        with_it, without = spaced(with_it, take), spaced(without, take)
    (a, used1), (b, used0) = means(with_it, one.score), means(without, one.score)
    return a - b, take, used1 & used0 & (take >= least)


def every_factor(one: Service) -> Array:
    """Every factor with 5 days on both sides: higher or lower by 5 points, or the same."""
    d, _, used = differences(one, equal=False, least=EDGE)
    cells = [used & (d >= EDGE), used & (abs(d) < EDGE), used & (d <= -EDGE)]
    found: Array = np.concatenate(cells, axis=1) / np.maximum(used.sum(axis=1, keepdims=True), 1)
    return found


def factor_halves(one: Service, *, equal: bool, least: int) -> Array:
    """Half to the factor that goes most with lower mood, half to the one with higher; without one, to none."""
    d, _, used = differences(one, equal=equal, least=least)
    low, high = (side & (d != 0) for side in (used & (d < 0), used & (d > 0)))
    down = low & (d == np.where(low, d, np.inf).min(axis=1, keepdims=True))
    up = high & (d == np.where(high, d, -np.inf).max(axis=1, keepdims=True))
    split = [evenly(side) / 2 for side in (up, down)]
    none = used.any(axis=1) - split[0].sum(axis=1) - split[1].sum(axis=1)
    return np.concatenate([*split, none[:, None]], axis=1)


def one_factor(one: Service, *, equal: bool, least: int, clearest: bool, edge: float = 0) -> Array:
    """The factor with which mood differs most, as higher or lower; under the edge none."""
    d, days, used = differences(one, equal=equal, least=least)
    size = np.where(used & (abs(d) >= edge) & (d != 0), abs(d) * (np.sqrt(days) if clearest else 1), -1.0)
    part = evenly((size > 0) & np.isclose(size, size.max(axis=1, keepdims=True)))
    none = used.any(axis=1) & ~part.any(axis=1)
    return np.concatenate([part * (d > 0), part * (d < 0), none[:, None]], axis=1)


def _signed(tests: int, rest: int = 0) -> Array:
    """Contrasts of categories: plus of each test, minus of each, and the rest."""
    return np.concatenate([np.eye(tests), -np.eye(tests), np.zeros((tests, rest))], axis=1)


def _of_pairs(kinds: int) -> Array:
    low, high = (part[~np.eye(kinds, dtype=bool)] for part in np.indices((kinds, kinds)))
    return np.array([(high == kind).astype(float) - (low == kind) for kind in range(kinds)])


_WEEK, _LINK = -_signed(WEEK), _signed(FACTORS, 1)
_EVERY = np.concatenate([np.eye(FACTORS), np.zeros((FACTORS, FACTORS)), -np.eye(FACTORS)], axis=1)

RHYTHMS = (
    Candidate("every day, below the own mean or not (before)", below, _WEEK, pooled=True),
    Candidate("the lowest weekday, against 1 in 7", lowest, _signed(WEEK)[:, :WEEK], chance=1 / 7),
    Candidate("the most different weekday, worse or better", extreme, _WEEK),
    Candidate("lowest and highest, half each", partial(halves, equal=False), _WEEK),
    Candidate("lowest and highest, half each, equally many days", partial(halves, equal=True), _WEEK),
    Candidate("lowest and highest, a pair, equally many days", pairs, _of_pairs(WEEK)),
    Candidate("the same halves over 12 weeks", partial(halves, equal=True), _WEEK, days=DAYS),
    Candidate("**the same pair over 12 weeks (shipped)**", pairs, _of_pairs(WEEK), days=DAYS),
    Candidate("Mondays against other days, nothing else", partial(sign, which=(0,)), -_signed(1)),
    Candidate("weekends against other days, nothing else", partial(sign, which=(5, 6)), -_signed(1)),
)

_CHOICES: dict[str, dict[str, Any]] = {
    "the most different factor": {"equal": False, "least": 5, "clearest": False},
    "the same, equally many days": {"equal": True, "least": 5, "clearest": False},
    "the clearest, equally many days": {"equal": True, "least": 5, "clearest": True},
    "the same from 3 days": {"equal": True, "least": 3, "clearest": True},
}
_LONG: dict[str, dict[str, Any]] = {
    "the most different over 12 weeks": {"equal": True, "least": 5, "clearest": False},
    "the clearest over 12 weeks": {"equal": True, "least": 5, "clearest": True},
    "the same from 3 days on": {"equal": True, "least": 3, "clearest": True},
    "**the same from 5 points (shipped)**": {"equal": True, "least": 3, "clearest": True, "edge": 5},
}

LINKS = (
    Candidate("every factor, 5 points or not (before)", every_factor, _EVERY),
    Candidate("highest and lowest, half each", partial(factor_halves, equal=False, least=5), _LINK),
    Candidate("the same, equally many days", partial(factor_halves, equal=True, least=5), _LINK),
    *(Candidate(name, partial(one_factor, **rest), _LINK) for name, rest in _CHOICES.items()),
    *(Candidate(name, partial(one_factor, **rest), _LINK, days=DAYS) for name, rest in _LONG.items()),
)
