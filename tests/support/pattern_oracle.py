"""The pattern measures in plain Python: slow, obvious, from the plan's words and without a line of the vault's SQL.

Each measure turns one person's entries into votes, one line of its definition after another; a person's unit is split
evenly over their votes, rounded down to whole micro-persons.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from tests.support.noted import Asked, Noted, by_day, mean, part_of, score_of

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PARTS = ("night", "morning", "afternoon", "evening")
"""They begin at 0, 6, 12 and 18 o'clock."""


Votes = Counter[str]


def shares(measure: str, asked: Asked) -> dict[str, int]:
    """Return one person's shares that are not zero: category to micro-persons."""
    votes = (MEASURES | EARLIER)[measure](asked)
    given = {category: 1_000_000 * count // votes.total() for category, count in votes.items()}
    return {category: micro_persons for category, micro_persons in given.items() if micro_persons}


def persistence(asked: Asked) -> Votes:
    """Low in at least 3 of their latest 4 logged weeks, among the period's weeks and the 8 before."""
    weeks: dict[date, list[int]] = defaultdict(list)
    for day, score in by_day(asked.within(asked.first - timedelta(weeks=8), asked.last)).items():
        weeks[day - timedelta(days=day.weekday())].append(score)
    if not asked.now or len(weeks) < asked.numbers["least_weeks"]:
        return Votes()
    latest = sorted(weeks)[-asked.numbers["latest_weeks"] :]
    low = [monday for monday in latest if mean(weeks[monday]) < asked.numbers["low_under"]]
    return Votes(["persistently_low" if len(low) >= asked.numbers["low_weeks"] else "not_persistently_low"])


def both_periods(asked: Asked) -> tuple[Fraction, Fraction] | None:
    """Return the means over the logged days of the period before and of this one, where each has enough days."""
    before, now = by_day(asked.before), by_day(asked.now)
    if min(len(before), len(now)) < asked.numbers["least_days"]:
        return None
    return mean(before.values()), mean(now.values())


def transitions(asked: Asked) -> Votes:
    """A person's period beside their own period before: low or not, then and now."""
    means = both_periods(asked)
    if means is None:
        return Votes()
    was_low, is_low = (one < asked.numbers["low_under"] for one in means)
    if is_low:
        return Votes(["staying_low" if was_low else "newly_low"])
    return Votes(["recovering" if was_low else "staying_well"])


def change(asked: Asked) -> Votes:
    """Better or worse by 5 points or more than one's own period before."""
    means = both_periods(asked)
    if means is None:
        return Votes()
    before, now = means
    if now - before >= asked.numbers["change_from"]:
        return Votes(["better"])
    return Votes(["worse" if before - now >= asked.numbers["change_from"] else "same"])


def steadiness(asked: Asked) -> Votes:
    """The root mean square of changes from a logged day to the next calendar day, both in the period."""
    days = by_day(asked.now)
    squares = [(days[day + timedelta(days=1)] - days[day]) ** 2 for day in days if day + timedelta(days=1) in days]
    if len(squares) < asked.numbers["least_pairs"]:
        return Votes()
    # A root is under a bound where its square is under the bound's square: no root is drawn.
    if mean(squares) < asked.numbers["steady_under"] ** 2:
        return Votes(["steady"])
    return Votes(["changeable" if mean(squares) >= asked.numbers["changeable_from"] ** 2 else "between"])


def below(value: int, own_mean: Fraction) -> str:
    """Return the end of a rhythm's category."""
    return "below" if value < own_mean else "not_below"


def weekday_rhythm(asked: Asked) -> Votes:
    """Each logged day: its weekday, and below or not below the person's own mean over the period."""
    days = by_day(asked.now)
    weekdays = {day.weekday() for day in days}
    if len(days) < asked.numbers["least_days"] or len(weekdays) < asked.numbers["least_weekdays"]:
        return Votes()
    own_mean = mean(days.values())
    return Votes(f"{WEEKDAYS[day.weekday()]}_{below(score, own_mean)}" for day, score in days.items())


def day_part_rhythm(asked: Asked) -> Votes:
    """Each part of a day with a momentary entry: below or not below the person's own mean over all such parts."""
    entries: dict[tuple[date, int], list[Noted]] = defaultdict(list)
    for one in asked.now:
        part = part_of(one)
        if part is not None:
            entries[one.day, part].append(one)
    scores = {key: score_of(listed) for key, listed in entries.items()}
    kinds = {part for _, part in scores}
    if len(scores) < asked.numbers["least_votes"] or len(kinds) < asked.numbers["least_parts"]:
        return Votes()
    own_mean = mean(scores.values())
    return Votes(f"{PARTS[part]}_{below(score, own_mean)}" for (_, part), score in scores.items())


def factors(asked: Asked) -> Votes:
    """For each factor of the list, a person's own days with it beside their own days without it."""
    result: dict[date, set[str]] = defaultdict(set)
    for one in asked.now:
        result[one.day] |= one.factors
    days = by_day(asked.now)
    votes = Votes()
    for factor in sorted({category.rsplit("_", 1)[0] for category in asked.categories}):
        with_it = [score for day, score in days.items() if factor in result[day]]
        without = [score for day, score in days.items() if factor not in result[day]]
        if min(len(with_it), len(without)) < asked.numbers["least_days"]:
            continue
        difference = mean(with_it) - mean(without)
        if abs(difference) < asked.numbers["difference_from"]:
            votes[f"{factor}_same"] += 1
        else:
            votes[f"{factor}_{'higher' if difference > 0 else 'lower'}"] += 1
    return votes


def spaced(days: list[int], take: int) -> list[int]:
    """Return `take` of the scores in order of days, spread evenly: of each part of the whole its middle."""
    halves = [Fraction(2 * part + 1, 2 * take) * len(days) for part in range(take)]
    return [days[ceil(half) - 1] for half in halves]


def equally_many(scores: Mapping[int, list[int]]) -> dict[int, list[int]]:
    """Return as many scores of each kind as make the most together, of two kinds at least; if equal, of more kinds."""
    numbers = [len(listed) for listed in scores.values()]
    kinds = {take: sum(number >= take for number in numbers) for take in numbers}
    takes = [take for take in kinds if kinds[take] >= 2]
    if not takes:
        return {}
    take = max(takes, key=lambda one: (one * kinds[one], kinds[one]))
    return {kind: spaced(listed, take) for kind, listed in scores.items() if len(listed) >= take}


def extremes(scores: Mapping[int, list[int]], names: tuple[str, ...], least: int) -> Votes:
    """Each pair of a kind with the lowest mean and another with the highest."""
    compared = equally_many(scores)
    if sum(map(len, compared.values())) < least or not compared:
        return Votes()
    means = {kind: mean(listed) for kind, listed in compared.items()}
    lowest = [kind for kind in means if means[kind] == min(means.values())]
    highest = [kind for kind in means if means[kind] == max(means.values())]
    return Votes(f"{names[low]}_worst_{names[high]}_best" for low in lowest for high in highest if low != high)


def twelve_weeks(asked: Asked) -> list[Noted]:
    """Return the entries of the period and of the 8 weeks before it."""
    return asked.within(asked.first - timedelta(weeks=8), asked.last)


def weekday_extremes(asked: Asked) -> Votes:
    """The weekdays with the lowest and the highest mean, from equally many days of each."""
    weekdays: dict[int, list[int]] = defaultdict(list)
    for day, score in by_day(twelve_weeks(asked)).items():
        weekdays[day.weekday()].append(score)
    return extremes(weekdays, WEEKDAYS, asked.numbers["least_days"]) if asked.now else Votes()


def day_part_extremes(asked: Asked) -> Votes:
    """The parts of the day with the lowest and the highest mean, from equally many of each."""
    entries: dict[tuple[date, int], list[Noted]] = defaultdict(list)
    for one in twelve_weeks(asked):
        part = part_of(one)
        if part is not None:
            entries[one.day, part].append(one)
    parts: dict[int, list[int]] = defaultdict(list)
    for (_, part), listed in sorted(entries.items()):
        parts[part].append(score_of(listed))
    here = any(day >= asked.first for day, _ in entries)
    return extremes(parts, PARTS, asked.numbers["least_votes"]) if here else Votes()


def clearest_factor(asked: Asked) -> Votes:
    """The factor whose days differ most from as many other days, in squares of sums by days compared."""
    result: dict[date, set[str]] = defaultdict(set)
    for one in twelve_weeks(asked):
        result[one.day] |= one.factors
    days = by_day(twelve_weeks(asked))
    least, apart = asked.numbers["least_days"], asked.numbers["difference_from"]
    found: dict[str, int] = {}
    for factor in {category.removesuffix("_lower") for category in asked.categories if category.endswith("_lower")}:
        with_it = [score for day, score in days.items() if factor in result[day]]
        without = [score for day, score in days.items() if factor not in result[day]]
        take = min(len(with_it), len(without))
        if take < least or not asked.now:
            continue
        difference = sum(spaced(with_it, take)) - sum(spaced(without, take))
        counts = difference != 0 and abs(difference) >= apart * take
        found[f"{factor}_{'lower' if difference < 0 else 'higher'}"] = difference**2 // take if counts else 0
    clearest = max(found.values(), default=0)
    if clearest == 0:
        return Votes(["none"] if found else [])
    return Votes(category for category, clear in found.items() if clear == clearest)


def short_sleep(asked: Asked) -> Votes:
    """Each logged day with sleep, by the longest sleep recorded that day."""
    longest: dict[date, int] = {}
    for one in asked.now:
        if one.sleep is not None:
            longest[one.day] = max(one.sleep, longest.get(one.day, 0))
    if len(longest) < asked.numbers["least_days"]:
        return Votes()
    short, long = asked.numbers["short_under"], asked.numbers["long_from"]
    return Votes("short" if slept < short else "long" if slept >= long else "usual" for slept in longest.values())


def attendance(asked: Asked) -> Votes:
    """Who logs now, and what they did in the period before and in the 16 weeks before."""
    if not asked.now:
        return Votes(["lapsed"] if asked.before else [])
    if asked.before:
        return Votes(["staying"])
    earlier = asked.within(asked.first - timedelta(weeks=16), asked.first - timedelta(days=1))
    return Votes(["returning" if earlier else "new"])


def days_logged(asked: Asked) -> Votes:
    """On how many days of the period a person logged."""
    days = len(by_day(asked.now))
    if not days:
        return Votes()
    begins = [("most", "most_from"), ("many", "many_from"), ("some", "some_from")]
    return Votes([next((category for category, number in begins if days >= asked.numbers[number]), "one")])


def source_mix(asked: Asked) -> Votes:
    """Each day and source with an entry; a source that is not named is `other`."""
    pairs = {(one.day, one.source) for one in asked.now}
    return Votes(source if source in asked.categories else "other" for _, source in pairs)


MEASURES: dict[str, Callable[[Asked], Votes]] = {
    measure.__name__: measure
    for measure in (
        persistence,
        transitions,
        change,
        steadiness,
        weekday_extremes,
        day_part_extremes,
        clearest_factor,
        short_sleep,
        attendance,
        days_logged,
        source_mix,
    )
}

EARLIER: dict[str, Callable[[Asked], Votes]] = {
    measure.__name__: measure for measure in (weekday_rhythm, day_part_rhythm, factors)
}
"""Measures of earlier plans, which homes that were made with them still draw."""
