"""The figures of one measure against the level that they have by chance, in words."""

import re
from dataclasses import dataclass

from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.chance import Against, AgainstChance, judged, level_of, widened
from dashboard.views.shown import OfGroup

_SCALE = re.compile(r" \([^()]*\)$")
"""The end of a label that explains its scale: `Mondays (chance 50, best 100)`."""
_TENTH = 0.05
"""From here on one decimal does not round to 0."""
_WEEKDAYS, _FACTORS = "weekday_extremes", "clearest_factor"


@dataclass(frozen=True)
class ProfilePoint:
    """One figure of a profile, with its words."""

    found: AgainstChance
    label: str
    word: str
    """`below chance`, `above chance` or `not clear`."""
    text: str
    """The figure with the interval that is judged."""


@dataclass(frozen=True)
class Profile:
    """The figures of a measure that has a level of chance, for a chart."""

    title: str
    about: str
    """What and whom they are about."""
    points: tuple[ProfilePoint, ...]


def profile(words: Words, group: OfGroup, measure: str) -> tuple[ProfilePoint, ...]:
    """Return the figures of a measure against chance, in the order of the plan; none where it has no such level."""
    level = level_of(group.choice, measure)
    if level is None:
        return ()
    names = judged(group.choice, measure)
    points: list[ProfilePoint] = []
    for name in names:
        figure = group.shown(measure, name)
        if figure.value is None or figure.interval is None:
            continue
        found = AgainstChance(name, figure.value, widened(figure.value, figure.interval, len(names)), level)
        span = words.span(found.interval.low, found.interval.high, figure.unit)
        points.append(
            ProfilePoint(
                found=found,
                label=short_label(words, group.choice, measure, name),
                word=words(f"patterns.chance.word.{found.verdict}"),
                text=words("patterns.cell", amount=words.amount(found.value, figure.unit), span=span),
            )
        )
    return tuple(points)


def short_label(words: Words, choice: Choice, measure: str, headline: str) -> str:
    """Return a figure's name; of those with a level of chance without the explanation of their scale."""
    label = words.label(choice.card.measures[measure].headlines[headline].label)
    return label if level_of(choice, measure) is None else _SCALE.sub("", label)


def family(measure: str) -> str:
    """Return by which words a measure's figures are explained: those of extremes, or those of factors."""
    return "factor" if measure == _FACTORS else "extreme"


def conclusions(words: Words, measure: str, points: tuple[ProfilePoint, ...]) -> list[str]:
    """Return which figures differ from chance, or that none clearly does."""
    lines: list[str] = []
    sides: tuple[Against, ...] = ("below", "above")
    for side in sides:
        named = [_inside(words, measure, one.label) for one in points if one.found.verdict == side]
        if named:
            lines.append(words(f"patterns.chance.{family(measure)}.{side}", figures=words.listed(named)))
    return lines or [words("patterns.chance.none")]


def frequencies(words: Words, measure: str, points: tuple[ProfilePoint, ...]) -> list[str]:
    """Return how many more in 100 people each clear figure is, on its side of chance."""
    lines: list[str] = []
    for one in points:
        if one.found.verdict == "unclear":
            continue
        more, low, high = one.found.in_hundred
        lines.append(
            words(
                f"patterns.chance.{family(measure)}.more_{one.found.verdict}",
                figure=one.label,
                count=in_hundred(words, more),
                low=in_hundred(words, low),
                high=in_hundred(words, high),
            )
        )
    return lines


def in_hundred(words: Words, value: float) -> str:
    """Return a number of people in 100, never below 0 or above 100: whole, but below 1 as much as there is."""
    if 0 < value < 1:
        return words.decimal(value, 1 if value >= _TENTH else 2)
    return words.whole(round(min(max(value, 0.0), 100.0)))


def _inside(words: Words, measure: str, label: str) -> str:
    """Return a label as it is written inside an English sentence; names of days keep their capital."""
    return label[:1].lower() + label[1:] if words.language == "en" and measure != _WEEKDAYS else label
