"""Entries of people for replay, in every shape and at every edge of time."""

import random
from collections.abc import Callable
from datetime import date, time, timedelta
from itertools import permutations

from tests.support.neighbour_targets import (
    DAY,
    FACTORS,
    FARTHEST,
    LOOK_BACK,
    SOURCES,
    Effect,
    Row,
    Target,
    days_between,
)

_LAST_INSTANT = time(23, 59, 59, 999_999)
_BEFORE_SIX = time(5, 59, 59, 999_999)
_TIMES = (None, time(0), _BEFORE_SIX, time(6), time(9, 30), time(12), time(17, 59), time(18), _LAST_INSTANT)
"""No clock time, and times at the edges of the parts of a day."""

Pattern = Callable[[random.Random, Target], list[Row]]
"""Makes the entries of a person who is aimed at a target."""


def _entry(rng: random.Random, day: date, **given: object) -> Row:
    """Return one entry with every column varied."""
    at = given.get("local_time", rng.choice(_TIMES))
    row: Row = {
        "source_no": rng.randrange(SOURCES),
        "key_kind": rng.randrange(4),
        "key_value": rng.getrandbits(62),
        "local_date": day,
        "local_time": at,
        "utc_offset_min": rng.choice([None, 0, 120, -720, 840]),
        "day_part": rng.choice([None, 0, 1, 2, 3]) if at is None else None,
        "daily": rng.random() < 0.5,
        "mood_native": rng.randrange(10**9),
        "mood_score": rng.choice([0, 12_499, 12_500, 37_499, 37_500, 62_500, 87_500, 100_000, rng.randrange(100_001)]),
        "factors": rng.choice([0, 1 << rng.randrange(FACTORS), rng.getrandbits(FACTORS), (1 << FACTORS) - 1]),
        "sleep_thousandths": rng.choice([None, 0, 24_000, rng.randrange(24_001)]),
        "sleep_quality": rng.choice([None, 0, 100_000, rng.randrange(100_001)]),
        "batch_no": rng.randrange(1, 9),
    }
    return row | given


def _alike(rng: random.Random) -> Row:
    """Return columns that every day of a person shares, so that all of the person falls into one category."""
    level = rng.randrange(5)
    return {
        "mood_score": (0, 25_000, 50_000, 75_000, 100_000)[level],
        "source_no": rng.randrange(SOURCES),
        "factors": rng.choice([0, 1 << rng.randrange(FACTORS)]),
        "sleep_thousandths": rng.randrange(0, 24_001, 1000),
        "sleep_quality": rng.randrange(0, 100_001, 12_500),
        "local_time": None,
        "day_part": rng.randrange(4),
        "daily": rng.random() < 0.5,
    }


def _every_day(rng: random.Random, target: Target) -> list[Row]:
    alike = _alike(rng)
    return [_entry(rng, day, **alike) for day in days_between(target.first - LOOK_BACK, target.last)]


def _then_another(rng: random.Random, target: Target) -> list[Row]:
    """Return days of one kind, then of another, from the first day of the shortest or of the longest period on."""
    before, after = _alike(rng), _alike(rng)
    turn = rng.choice([target.shortest.first_day, target.first])
    days = days_between(target.first - LOOK_BACK, target.last)
    return [_entry(rng, day, **(before if day < turn else after)) for day in days]


def _by_chance(rng: random.Random, target: Target) -> list[Row]:
    """Return most days, each with entries of any kind, at several times."""
    days = days_between(target.first - LOOK_BACK, target.last)
    return [_entry(rng, day) for day in days for _ in range(rng.choice([0, 1, 1, 2]))]


def _up_and_down(rng: random.Random, target: Target) -> list[Row]:
    """Return days on which the score rises and falls by turns, by as much as parts the bands of steadiness, or less."""
    step = rng.choice([0, 9_999, 10_000, 15_000, 19_999, 20_000, 100_000])
    days = days_between(target.first - LOOK_BACK, target.last)
    return [_entry(rng, day, mood_score=step * (day.toordinal() % 2)) for day in days]


def _two_periods(rng: random.Random, target: Target) -> list[Row]:
    """Return just so many days, or one fewer, as a comparison of two four-week periods asks for on each side."""
    rows = []
    for first, last in ((target.first - 28 * DAY, target.first - DAY), (target.first, target.last)):
        level = rng.choice([20_000, 24_999, 25_000, 37_499, 37_500, 42_500])
        days = rng.sample(days_between(first, last), rng.choice([4, 5, 7, 8]))
        rows += [_entry(rng, day, mood_score=level) for day in days]
    return rows


def _back_again(rng: random.Random, target: Target) -> list[Row]:
    """Return one day of the shortest period, after nothing for as long as a measure looks back, or a little less."""
    before = target.first - rng.choice([FARTHEST + DAY, FARTHEST, timedelta(weeks=6)])
    return [*_one(rng, target), _entry(rng, before)]


def _away_since(rng: random.Random, target: Target) -> list[Row]:
    """Return every day up to the first of any of the periods."""
    alike = _alike(rng)
    return [_entry(rng, day, **alike) for day in days_between(target.first - LOOK_BACK, target.first - DAY)]


def _one_weekday(rng: random.Random, target: Target) -> list[Row]:
    """Return all dates of one weekday in the longest period, and one of three others each: lower, equal or higher."""
    weekday, *others = rng.sample(range(7), 4)
    score, other = rng.choice([(20_000, 60_000), (60_000, 60_000), (60_000, 20_000)])
    days = [day for day in days_between(target.first, target.last) if day.weekday() == weekday]
    apart = [target.first + number * DAY for number in others]
    return [_entry(rng, day, mood_score=score if day in days else other) for day in (*days, *apart)]


def _two_weekdays(worst: int, best: int) -> Pattern:
    """Return two weekdays of the shortest period's week and of the week before, one of them lower."""

    def rows(rng: random.Random, target: Target) -> list[Row]:
        weeks = (target.shortest.first_day, target.shortest.first_day - 7 * DAY)
        return [
            _entry(rng, monday + weekday * DAY, mood_score=score)
            for monday in weeks
            for weekday, score in ((worst, 20_000), (best, 60_000))
        ]

    return rows


def _one_part(rng: random.Random, target: Target) -> list[Row]:
    """Return one part of every day of the longest period, and one other part once: lower, equal or higher."""
    part, another = rng.sample(range(4), 2)
    score, other = rng.choice([(20_000, 60_000), (60_000, 60_000), (60_000, 20_000)])
    momentary = {"daily": False, "local_time": None}
    days = days_between(target.first, target.last)
    rows = [_entry(rng, day, **momentary, day_part=part, mood_score=score) for day in days]
    return [*rows, _entry(rng, rng.choice(days), **momentary, day_part=another, mood_score=other)]


def _beside(bit: int, *differences: int) -> Pattern:
    """Return days with one factor and days without, by turns, whose scores differ by so much."""

    def rows(rng: random.Random, target: Target) -> list[Row]:
        scores = (50_000, 50_000 + rng.choice(differences))
        sides = [(day, day.toordinal() % 2) for day in days_between(target.first, target.last)]
        return [_entry(rng, day, mood_score=scores[side], factors=side << bit) for day, side in sides]

    return rows


def _any_days(rng: random.Random, target: Target) -> list[Row]:
    days = days_between(target.first - LOOK_BACK, target.last + timedelta(days=20))
    return [_entry(rng, day) for day in rng.sample(days, rng.randrange(2, 60))]


def _crowded(number: int) -> Pattern:
    def rows(rng: random.Random, target: Target) -> list[Row]:
        days = days_between(target.shortest.first_day, target.shortest.last_day)
        days = days[:1] if rng.random() < 0.5 else days
        return [_entry(rng, rng.choice(days)) for _ in range(number)]

    return rows


def _one(rng: random.Random, target: Target) -> list[Row]:
    return [_entry(rng, rng.choice(days_between(target.shortest.first_day, target.shortest.last_day)))]


def _uneven(rng: random.Random, target: Target) -> list[Row]:
    days = days_between(target.shortest.first_day, target.shortest.last_day)
    return [_entry(rng, day) for day in rng.sample(days, rng.choice([3, 6, 7]))]


def _twice(rng: random.Random, target: Target) -> list[Row]:
    return _uneven(rng, target) * rng.choice([2, 3])


def _nulls(rng: random.Random, target: Target) -> list[Row]:
    nothing = dict.fromkeys(["local_time", "utc_offset_min", "day_part", "sleep_thousandths", "sleep_quality"])
    return [row | nothing for row in _uneven(rng, target)]


def _edge(day: Callable[[Target], date], at: time | None, offset: int | None) -> Pattern:
    def rows(rng: random.Random, target: Target) -> list[Row]:
        full = {"sleep_thousandths": 7000, "sleep_quality": 50_000, "factors": 3, "day_part": None}
        return [_entry(rng, day(target), **{"local_time": at, "utc_offset_min": offset} | full)]

    return rows


FEW: dict[str, tuple[int, Effect, Pattern]] = {
    "a thousand rows": (3, "something", _crowded(1_000)),
    "ten thousand rows": (1, "something", _crowded(10_000)),
    **{
        f"factor {bit} {side}": (2, "something", _beside(bit, *differences))
        for bit in range(FACTORS)
        for side, differences in {"higher": (5_000, 30_000), "same": (4_999, -4_999), "lower": (-5_000,)}.items()
    },
    **{
        f"weekday {worst} below weekday {best}": (2, "something", _two_weekdays(worst, best))
        for worst, best in permutations(range(7), 2)
    },
}
"""So few people of each kind that each of them consents."""

PATTERNS: dict[str, tuple[int, Effect, Pattern]] = {
    "one row": (60, "any", _one),
    # East of Greenwich the first instant is the day before in UTC, west of it the last is the day after.
    "first instant": (30, "something", _edge(lambda target: target.shortest.first_day, time(0), 840)),
    "last instant": (30, "something", _edge(lambda target: target.shortest.last_day, _LAST_INSTANT, -720)),
    "first instant of the longest": (20, "any", _edge(lambda target: target.first, time(0), 840)),
    "last instant of the longest": (20, "any", _edge(lambda target: target.last, _LAST_INSTANT, -720)),
    "the day before": (20, "any", _edge(lambda target: target.shortest.first_day - DAY, _LAST_INSTANT, -720)),
    "before all": (20, "looking back", _edge(lambda target: target.first - DAY, _LAST_INSTANT, -720)),
    "before anything looks": (20, "nothing", _edge(lambda target: target.first - FARTHEST - DAY, _LAST_INSTANT, -720)),
    "the day after": (30, "nothing", _edge(lambda target: target.last + DAY, time(0), 840)),
    "every day alike": (120, "something", _every_day),
    "alike, then another": (120, "something", _then_another),
    "most days by chance": (60, "any", _by_chance),
    "up and down": (60, "something", _up_and_down),
    "days of two periods": (60, "any", _two_periods),
    "back again": (40, "something", _back_again),
    "away since": (30, "looking back", _away_since),
    "mostly one weekday": (80, "something", _one_weekday),
    "mostly one part of the day": (80, "something", _one_part),
    "any days": (80, "any", _any_days),
    "days of several kinds": (80, "any", _uneven),
    "rows twice": (60, "any", _twice),
    "nothing but the mood": (60, "any", _nulls),
    "a hundred rows": (20, "any", _crowded(100)),
    **FEW,
}
"""How many people have such entries, and what a consenting one of them must do to the target's figures."""
