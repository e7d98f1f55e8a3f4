"""Numbers, intervals and differences in words: rounded for display, never "-0", never a verdict without an interval."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from analytics.trends.estimation.intervals import Interval
from dashboard.figures import DisplayedDifference, DisplayedFigure
from dashboard.findings import DisplayedLimits

Verdict = Literal["higher", "lower", "no clear difference", "not known"]

HELP_LINE = (
    "If you or someone you know needs help now, call your local emergency number or a crisis line. "
    "You do not have to wait."
)
NOT_ABOUT_YOU = "Not about any one person. Not for diagnosis. A person reads this before anyone acts."

_DIGITS = {"persons": 0}
UNITS = {"percent": " %", "persons": " people", "0-100": " of 100", "per_1000": " per 1,000"}
_STEPS = {"percent": " percentage points", "persons": " people", "0-100": " points", "per_1000": " per 1,000"}
_CADENCES = {"week": ("week", "weeks"), "four_weeks": ("four-week period", "four-week periods")}


def number(value: float, unit: str, *, sign: bool = False) -> str:
    """Return `value` as displayed: whole people, otherwise one decimal; with a plus sign if asked."""
    digits = _DIGITS.get(unit, 1)
    return f"{value:+z,.{digits}f}" if sign else f"{value:z,.{digits}f}"


def amount(value: float, unit: str) -> str:
    """Return a figure with its unit: `23.1 %`, `4,812 people`, `61.3 of 100`."""
    return f"{number(value, unit)}{UNITS.get(unit, '')}"


def between(interval: Interval, unit: str) -> str:
    """Return `between 21.0 and 25.2`."""
    return f"between {number(interval.low, unit)} and {number(interval.high, unit)}"


def verdict(found: DisplayedDifference | None) -> Verdict:
    """Say whether the interval that holds for all groups at once excludes 0; one that touches 0 does not."""
    if found is None:
        return "not known"
    if found.at_once.low > 0:
        return "higher"
    return "lower" if found.at_once.high < 0 else "no clear difference"


def difference(found: DisplayedDifference, unit: str) -> str:
    """Return a verdict with its numbers: `higher, +2.1 percentage points (between 0.4 and 3.8)`."""
    return (
        f"{verdict(found)}, {number(found.estimate, unit, sign=True)}{_STEPS.get(unit, '')} "
        f"({between(found.at_once, unit)}{_hair(found, unit)})"
    )


def difference_cell(found: DisplayedDifference | None, unit: str) -> str:
    """Return the same for a table's cell: `higher: +2.1 (0.4 to 3.8)`."""
    if found is None:
        return "not known: one of the two is withheld, not released, or compared with no other"
    return (
        f"{verdict(found)}: {number(found.estimate, unit, sign=True)} ({span(found.at_once, unit)}{_hair(found, unit)})"
    )


def span(interval: Interval, unit: str) -> str:
    """Return `21.0 to 25.2`."""
    return f"{number(interval.low, unit)} to {number(interval.high, unit)}"


def _hair(found: DisplayedDifference, unit: str) -> str:
    """Say on which side of 0 an end lies where rounding hides it."""
    hides = any(
        end and float(number(end, unit).replace(",", "")) == 0 for end in (found.at_once.low, found.at_once.high)
    )
    return (", just off 0" if verdict(found) in {"higher", "lower"} else ", 0 just inside") if hides else ""


def limits(found: DisplayedLimits, unit: str) -> str:
    """Return `the limits from 2026-W10 to 2026-W21, 21.0 to 27.4 (on trial)`."""
    ends = span(Interval(found.low, found.high), unit)
    return f"the limits from {found.first} to {found.last}, {ends}" + (" (on trial)" if found.kind == "trial" else "")


def withheld(figure: DisplayedFigure) -> str:
    """Return `withheld: <reason>`."""
    return plain_withheld(figure.reason)


def plain_withheld(reason: str) -> str:
    """Return the same for a published reason."""
    return f"withheld: {plain_reason(reason)}"


def plain_reason(reason: str) -> str:
    """Return a published reason without the word `withheld` that the page says itself."""
    return reason.removeprefix("withheld").lstrip(": ").rstrip(".") or "no reason is given"


def figure_cell(figure: DisplayedFigure) -> str:
    """Return a figure for a table's cell: `23.1 % (21.0 to 25.2)`, or why it is withheld."""
    if figure.estimate is None or figure.shown is None:
        return withheld(figure)
    return f"{amount(figure.estimate, figure.unit)} ({span(figure.shown, figure.unit)})"


def headline(label: str, kind: str, figure: DisplayedFigure, among: str = "") -> str:
    """Return the headline sentence for a figure; `among` is what a share is a part of."""
    if figure.estimate is None or figure.shown is None:
        return f"{label}: {withheld(figure)}."
    about = {
        "share": f" {among}" if among else "",
        "mean": ", each person counting once",
        "people": ", each counted once",
    }.get(kind, "")
    nearly = "about " if kind == "people" else ""
    value = f"{nearly}{amount(figure.estimate, figure.unit)}"
    return f"{label}: {value}{about} ({between(figure.shown, figure.unit)})."


def since_previous(figure: DisplayedFigure, cadence: str, *, is_first: bool) -> str:
    """Return the change since the period before as a sentence."""
    before = f"the {period_noun(cadence)} before"
    if figure.since_previous is not None:
        found = difference(figure.since_previous, figure.unit)
        return f"Against {before}: {found}."
    if is_first:
        return f"No comparison with {before}: this is the first period released."
    return f"No comparison with {before}: one of the two is withheld, not released, or compared with no other."


def period_noun(cadence: str, count: int = 1) -> str:
    """Return `week`, `weeks`, `four-week period` or `four-week periods`."""
    one, many = _CADENCES.get(cadence, ("period", "periods"))
    return one if count == 1 else many


def days(first: date, last: date) -> str:
    """Return `30 March to 5 April 2026`."""
    if (first.year, first.month) == (last.year, last.month):
        start = str(first.day)
    else:
        start = f"{first.day} {first:%B}" + (f" {first.year}" if first.year != last.year else "")
    return f"{start} to {last.day} {last:%B} {last.year}"


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


def epsilons(by_delta: dict[str, float]) -> str:
    """Return `3.55 at delta 1 in a million, 4.44 at delta 1 in a billion`."""
    names = {1e-6: "1 in a million", 1e-9: "1 in a billion"}
    return ", ".join(
        f"{rounded_up(epsilon)} at delta {names.get(float(delta), delta)}" for delta, epsilon in by_delta.items()
    )
