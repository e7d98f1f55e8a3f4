"""The words for numbers, dates and groups, and the reminders for every reader: one place for files and page.

Shares and means lie between 0 and 100, and nobody counts fewer than 0 people. Noise can carry a figure past such an
end. The files hold it as it is; in a sentence it is cut there, with an arrow (`↓0%`, `↑100%`).
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from analytics.periods import Cadence, Period

UNITS = {"percent": "%", "persons": " people", "0-100": " out of 100", "per_1000": " per 1,000"}
"""After a figure."""
STEPS = {"percent": " percentage points", "persons": " people", "0-100": " points", "per_1000": " per 1,000"}
"""After a difference of two figures."""
LEAST = 0.0
MOST = {"percent": 100.0, "0-100": 100.0, "per_1000": 1000.0}
"""What no true figure can exceed; a number of people has no such end."""
MOST_DECIMALS = 3
NOUNS: dict[str, tuple[str, str]] = {
    "week": ("week", "weeks"),
    "four_weeks": ("four-week period", "four-week periods"),
}

DO_NOT_ACT = "Do not act on these figures alone."
ABOUT_A_GROUP = "This is about the group of people who logged. It says nothing about any one person."
NOT_WHY = "This does not show why."
HELP_LINE = (
    "If you or someone you know needs help now, call your local emergency number or a crisis line. "
    "You do not have to wait."
)
"""Where the service has not named its own line (`help_line` in service.yaml)."""


def number(value: float, unit: str, *, sign: bool = False) -> str:
    """Return whole people, else one decimal; never minus zero; with a plus sign if asked."""
    return f"{value:{'+' if sign else ''}z,.{_decimals(unit)}f}"


def end(value: float, unit: str) -> str:
    """Return an end of an interval, or how large a change is, so that rounding never says 0 of what is not 0.

    It has as many more decimals as that needs, up to three; what three do not show is 0.001, on its own side.
    """
    decimals = _decimals(unit)
    while value and decimals < MOST_DECIMALS and not round(value, decimals):
        decimals += 1
    least = 10.0**-MOST_DECIMALS
    shown = math.copysign(least, value) if value and not round(value, decimals) else value
    return f"{shown:z,.{decimals}f}"


def cut(value: float, unit: str) -> float:
    """Return a figure, or the end of its interval, cut where its scale ends."""
    return min(max(value, LEAST), MOST.get(unit, math.inf))


def is_beyond(value: float, unit: str) -> bool:
    """Say whether noise has carried a figure past an end of its scale."""
    return cut(value, unit) != value


def amount(value: float, unit: str) -> str:
    """Return a figure with its unit: `23.1%`, `4,812 people`; beyond its scale `below 0 (noise)`."""
    if is_beyond(value, unit):
        return "below 0 (noise)" if value < LEAST else f"above {MOST[unit]:,.0f} (noise)"
    return f"{number(value, unit)}{UNITS.get(unit, '')}"


def ends(low: float, high: float, unit: str) -> tuple[str, str]:
    """Return both ends of a figure's interval without unit, cut with an arrow where they are beyond its scale."""
    return _end(low, unit), _end(high, unit)


def between(low: float, high: float, unit: str) -> str:
    """Return a figure's interval: `between 16.0% and 19.0%`, `between 9 and 74 people`."""
    (one, other), after = ends(low, high, unit), UNITS.get(unit, "")
    return f"between {one}{after if after == '%' else ''} and {other}{after}"


def span(low: float, high: float, unit: str) -> str:
    """Return the same for a table's cell: `16.0% to 19.0%`, `9 to 74`."""
    (one, other), after = ends(low, high, unit), UNITS["percent"] if unit == "percent" else ""
    return f"{one}{after} to {other}{after}"


def difference_between(low: float, high: float, unit: str) -> str:
    """Return the interval of a difference: `between 1.2 and 7.0 percentage points`."""
    return f"between {end(low, unit)} and {end(high, unit)}{STEPS[unit]}"


def people(count: float) -> str:
    """Return a noisy number of people, none below 0: `1,240 people`."""
    return f"{number(max(count, 0.0), 'persons')} people"


def period_noun(cadence: str, count: int = 1) -> str:
    """Return `week`, `weeks`, `four-week period` or `four-week periods`."""
    one, many = NOUNS.get(cadence, ("period", "periods"))
    return one if count == 1 else many


def day(when: date, newest: date | None = None) -> str:
    """Return `21 September 2025`, without its year where `newest`, the reader's now, is of the same one."""
    return f"{when.day} {when:%B}" + ("" if newest and newest.year == when.year else f" {when.year}")


def days(first: date, last: date) -> str:
    """Return `30 March to 5 April 2026`."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{day(first, last)} to {day(last)}"


def the_days_of(period: Period) -> str:
    """Return `the week of 30 March to 5 April 2026`, or `the four weeks of …`, `the five weeks of …`."""
    weeks = (period.last_day - period.first_day + timedelta(days=1)).days // 7
    noun = {1: "week", 4: "four weeks", 5: "five weeks"}[weeks]
    return f"the {noun} of {days(period.first_day, period.last_day)}"


def this_period(cadence: Cadence) -> str:
    """Return `this week`."""
    return f"this {NOUNS[cadence][0]}"


def group_name(label: str) -> str:
    """Return `North`; where the label is not a plain name, `the group 16 to 24`."""
    is_name = label.replace(" ", "").isalpha() and not label.lower().endswith("not known")
    return label if is_name else f"the group {label}"


def figure_name(label: str, unit: str, group: str | None) -> str:
    """Return which figure of whom, as a sentence begins: `Low mood in North`, of all where there is no group.

    `The number of people who logged in North`: of a number, so that higher and lower can be said of it.
    """
    said = f"“{label}”" if ":" in label else label
    if unit == "persons":
        said = f"The number of {label[:1].lower()}{label[1:]}"
    return f"{said} {f'in {group_name(group)}' if group else 'among all participants'}"


def is_plural(name: str) -> bool:
    """Say whether a figure's name takes `have` and `they`: `Mondays worse than …`."""
    first = name.split(" ", maxsplit=1)[0]
    return first == "People" or (first.endswith("s") and not first.endswith(("ss", "is", "us")))


def listed(items: Sequence[str]) -> str:
    """Return `North, East and South`, names with commas set apart by semicolons, or `none`."""
    if not items:
        return "none"
    if any("," in item for item in items):
        return "; ".join(items)
    *others, last = items
    return f"{', '.join(others)} and {last}" if others else last


def rounded_up(value: float, digits: int = 2) -> str:
    """Return a loss rounded up in decimals: a promise is never stated smaller than it is."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_CEILING)
    return f"{rounded.normalize():f}"


def _end(value: float, unit: str) -> str:
    if is_beyond(value, unit):
        return "↓0" if value < LEAST else f"↑{MOST[unit]:,.0f}"
    return end(value, unit)


def _decimals(unit: str) -> int:
    return 0 if unit == "persons" else 1
