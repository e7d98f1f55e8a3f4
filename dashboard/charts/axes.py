"""Axes that stay inside a figure's scale and whose labels never merge."""

from collections.abc import Iterable, Sequence
from datetime import date
from json import dumps
from math import ceil, floor, inf, log10

import altair as alt

from analytics.wording import MOST
from dashboard.charts.ink import LABEL_PIXELS
from dashboard.texts.words import Words

_MOST_TICKS = 5
"""Labels of days that fit beside one another on a phone."""
_ROOM = 0.03
"""How far an axis goes on beyond what is drawn, as a part of it; then to a round number."""
_STEPS = 8
_NEAR_ZERO = 0.4
"""An axis that would begin below this part of its end begins at 0."""
_LETTER_PIXELS = 0.54 * LABEL_PIXELS
"""About how wide a letter is."""


def domain_of(values: Iterable[float], unit: str) -> tuple[float, float]:
    """Return where a figure's axis begins and ends: round the values, never below 0 or past the end of the scale."""
    seen = list(values) or [0.0, 1.0]
    low, high = min(seen), max(seen)
    room = (high - low or max(abs(high), 1.0)) * _ROOM
    begin = 0.0 if low - room < _NEAR_ZERO * high else low - room
    step = _step((high + room - begin) / _STEPS)
    return floor(begin / step) * step, min(ceil((high + room) / step) * step, MOST.get(unit, inf))


def _step(size: float) -> float:
    """Return a step of 1, 2 or 5 of some power of ten, at least so large."""
    power = 10.0 ** floor(log10(size))
    return next(times * power for times in (1.0, 2.0, 5.0, 10.0) if times * power >= size * 0.999)


def value_axis(words: Words, unit: str) -> alt.Axis:
    """Return the axis of a figure: `20%`, `10,000`, as the language spells it."""
    return alt.Axis(title=None, labelExpr=spelled(words, unit), tickCount=5)


def spelled(words: Words, unit: str) -> str:
    """Return the expression of an axis' label."""
    english = "format(datum.value, ',.0f')" if unit == "persons" else "format(datum.value, ',~r')"
    number = (
        f"replace(replace(replace({english}, /,/g, ' '), '.', ','), / /g, '.')" if words.language == "de" else english
    )
    after = words("unit.percent.amount", number="") if unit == "percent" else ""
    return f"{number} + {dumps(after)}" if after else number


def edge(words: Words, value: float, unit: str) -> str:
    """Return a round end of an axis in words: `40%`, `8,000`."""
    number = words.whole(round(value))
    return words(f"unit.{unit}.amount", number=number) if unit == "percent" else number


def day_encoding(words: Words, days: Sequence[date], cadence: str) -> alt.X:
    """Return the time axis: days as numbers, with labels that the language spells, at most five of them.

    Numbers, because a browser's time zone would move dates.
    """
    first, last = min(days), max(days)
    rest = (last - first).days
    every = max(1, -(-len(days) // _MOST_TICKS))
    # From the newest backwards: the chosen period has its label.
    ticks = sorted(sorted(days, reverse=True)[::every])
    years = first.year != last.year
    labels = {place(day, first): _label(words, day, years=years) for day in ticks}
    room = max(rest * 0.02, 3.5)
    return alt.X(
        "day:Q",
        scale=alt.Scale(domain=[-room, rest + room], nice=False, zero=False),
        axis=alt.Axis(
            values=list(labels),
            labelExpr=f"{dumps({str(key): value for key, value in labels.items()}, ensure_ascii=False)}[datum.value]",
            labelOverlap="greedy",
            labelSeparation=6,
            title=words(f"trends.axis.{cadence}"),
            grid=False,
        ),
    )


def place(day: date, first: date) -> int:
    """Return where a day lies on the time axis."""
    return (day - first).days


def _label(words: Words, day: date, *, years: bool) -> str | list[str]:
    return [words.short_day(day), str(day.year)] if years else words.short_day(day)


def beside(field: str, text: str) -> alt.XValue:
    """Return the place of a text over its mark: centred on it, but never past the edges of the chart.

    `field` has the mark's value, `text` the words.
    """
    half = f"(length(datum.{text}) * {_LETTER_PIXELS / 2:.2f} + 4)"
    expression = f"max({half}, min(scale('x', datum.{field}), width - {half}))"
    return alt.XValue(alt.expr(expression))  # type: ignore[no-untyped-call]  # Altair has no types there
