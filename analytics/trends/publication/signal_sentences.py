"""A finding in words, the same every time: direction, size, interval, how many people, and what it cannot say.

No word blames, explains or diagnoses; the figures are of people who logged, never of a population.
"""

import math

from analytics.periods import Cadence
from analytics.trends.monitoring.detection import Break, Detection
from analytics.trends.monitoring.outlook import Ahead

CANNOT_SAY = (
    "A signal does not say why, nor whether what people log has changed or who logs: a group that comes or goes moves "
    "everyone's figure. It says nothing about one person or about people who did not log. On average up to 1 in 20 are "
    "false where periods vary independently, and more where they hang together. A person reads it before anyone acts."
)
CANNOT_FORESEE = "An outlook goes on as before: it foresees no event, and no change in who logs."

UNITS = {"percent": " %", "persons": " people", "0-100": " of 100", "per_1000": " per 1,000"}
STEPS = {"percent": " percentage points", "persons": " people", "0-100": " points", "per_1000": " per 1,000"}
DIRECTIONS = {"persons": {"higher": "more", "lower": "fewer"}}
"""In words, where `higher` and `lower` are none."""
MOST_DECIMALS = 3
NOUNS: dict[Cadence, tuple[str, str]] = {"week": ("week", "weeks"), "four_weeks": ("period", "periods")}


def signal_sentence(what: str, detection: Detection, found: Break, unit: str) -> str:
    """Return the words for a signal; `what` names the figure and the cohort, as `Low mood, North`."""
    limits = detection.limits
    if limits is None:  # a break has limits: for the type checker
        return ""
    period = detection.points[-1][0]
    noun, nouns = NOUNS[period.cadence]
    first, last = limits.baseline[0][0].name, limits.baseline[-1][0].name
    begin, end = found.points[0], found.points[-1]
    side, limit, moved = ("above", "upper", "risen") if found.direction == "higher" else ("below", "lower", "fallen")
    span = f"{begin[0].name} to {end[0].name}"
    seen = {
        "outside": f"it lies outside its limits in {end[0].name}",
        "run": f"it lies {side} its earlier level in each {noun} from {span}",
        "trend": f"it has {moved} every {noun} from {span}",
        "near": f"from {span} it lies {side} its earlier level, near the {limit} limit or beyond it",
    }[found.rule]
    earlier = f"{_amount(limits.mean, unit)} in {first} to {last}"
    reached = found.change + limits.mean
    compared = {
        "outside": f"{_amount(reached, unit)}, against {earlier}",
        "run": f"{_amount(reached, unit)} on average, against {earlier}",
        "trend": f"from {_amount(begin[1].value, unit)} to {_amount(end[1].value, unit)}",
        "near": f"{_amount(reached, unit)} on average, against {earlier}",
    }[found.rule]
    trial = ""
    if limits.kind == "trial":
        trial = f" The limits are on trial: so far they are made of {len(limits.baseline)} {nouns}."
    return (
        f"{what}: {seen}. That is {compared}: {_change(found, unit)}. "
        f"About {number(detection.newest.people, 'persons')} people are counted in {period.name}.{trial}"
    )


def outlook_sentence(what: str, first: str, ahead: Ahead, unit: str) -> str:
    """Return the words for an outlook made of a series that begins in the period `first`."""
    low, high = end(ahead.low, unit), end(ahead.high, unit)
    return (
        f"{what}: the figure published for {ahead.period.name} will lie between {low} and {high}{UNITS[unit]} in 95 "
        f"of 100 such outlooks, if it goes on moving as it has since {first}."
    )


def _change(found: Break, unit: str) -> str:
    sign = 1 if found.direction == "higher" else -1
    low, high = sorted((sign * found.low, sign * found.high))
    direction = DIRECTIONS.get(unit, {}).get(found.direction, found.direction)
    return f"{end(sign * found.change, unit)}{STEPS[unit]} {direction} (between {end(low, unit)} and {end(high, unit)})"


def _amount(value: float, unit: str) -> str:
    return f"{number(value, unit)}{UNITS[unit]}"


def number(value: float, unit: str) -> str:
    """Return whole people, else one decimal; never minus zero."""
    return f"{value:z,.{_decimals(unit)}f}"


def end(value: float, unit: str) -> str:
    """Return an end of an interval, or how large a change is, so that rounding never says 0 of what is not 0.

    It has as many more decimals as that needs, up to three; what three do not show is told as 0.001, on its own side.
    """
    decimals = _decimals(unit)
    while value and decimals < MOST_DECIMALS and not round(value, decimals):
        decimals += 1
    least = 10.0**-MOST_DECIMALS
    shown = math.copysign(least, value) if value and not round(value, decimals) else value
    return f"{shown:z,.{decimals}f}"


def _decimals(unit: str) -> int:
    return 0 if unit == "persons" else 1
