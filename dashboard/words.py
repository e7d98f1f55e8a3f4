"""The page's words for figures and differences: never a verdict without an interval, never an impossible number."""

from datetime import date
from typing import Literal

from analytics.periods import Period
from analytics.trends.estimation.intervals import Interval
from analytics.wording import (
    STEPS,
    amount,
    between,
    day,
    days,
    difference_between,
    end,
    number,
    period_noun,
    rounded_up,
    span,
)
from dashboard.figures import PublishedDifference, PublishedFigure
from dashboard.findings import PublishedLimits

Verdict = Literal["higher", "lower", "no clear difference", "not known"]

OF_THE_DAYS = ("of the days they logged", "of logged days, each person counting once")
"""What a share of days is a part of, as plans say it now and as earlier ones did."""
NOT_COMPARED = "one of the two is withheld, not released, or not comparable"


def interval(found: Interval, unit: str) -> str:
    """Return `between 21.0% and 25.2%`."""
    return between(found.low, found.high, unit)


def verdict(found: PublishedDifference | None) -> Verdict:
    """Say whether the simultaneous interval excludes 0; one that touches 0 does not."""
    if found is None:
        return "not known"
    if found.simultaneous.low > 0:
        return "higher"
    return "lower" if found.simultaneous.high < 0 else "no clear difference"


def difference(found: PublishedDifference, unit: str) -> str:
    """Return a verdict with its numbers: `higher, by 2.1 percentage points (between 0.4 and 3.8 percentage points)`."""
    direction = verdict(found)
    if direction not in {"higher", "lower"}:
        return f"{direction} ({difference_between(found.simultaneous.low, found.simultaneous.high, unit)})"
    sign = 1 if direction == "higher" else -1
    low, high = sorted((sign * found.simultaneous.low, sign * found.simultaneous.high))
    return f"{direction}, by {end(sign * found.estimate, unit)}{STEPS[unit]} ({difference_between(low, high, unit)})"


def difference_cell(found: PublishedDifference | None, unit: str) -> str:
    """Return the same for a table's cell: `higher: +2.1 (0.4 to 3.8)`; an end that is not 0 is not rounded to 0."""
    if found is None:
        return f"not known: {NOT_COMPARED}"
    ends = f"{end(found.simultaneous.low, unit)} to {end(found.simultaneous.high, unit)}"
    return f"{verdict(found)}: {number(found.estimate, unit, sign=True)} ({ends})"


def limits(found: PublishedLimits, unit: str) -> str:
    """Return `the usual range, between 21.0% and 27.4%, from figures of 5 January to 29 March 2026`."""
    spell = days(Period.parse(found.first).first_day, Period.parse(found.last).last_day)
    trial = " (provisional: few figures so far)" if found.kind == "trial" else ""
    return f"the usual range, {between(found.low, found.high, unit)}, from figures of {spell}{trial}"


def withheld(figure: PublishedFigure) -> str:
    """Return `withheld: <reason>`."""
    return plain_withheld(figure.reason)


def plain_withheld(reason: str) -> str:
    """Return the same for a published reason."""
    return f"withheld: {plain_reason(reason)}"


def plain_reason(reason: str) -> str:
    """Return a published reason without the word `withheld` that the page says itself."""
    return reason.removeprefix("withheld").lstrip(": ").rstrip(".") or "no reason is given"


def figure_cell(figure: PublishedFigure) -> str:
    """Return a figure for a table's cell: `23.1% (21.0% to 25.2%)`, or why it is withheld."""
    if figure.estimate is None or figure.shown is None:
        return withheld(figure)
    return f"{amount(figure.estimate, figure.unit)} ({span(figure.shown.low, figure.shown.high, figure.unit)})"


def headline(label: str, kind: str, figure: PublishedFigure, among: str = "") -> str:
    """Return the headline sentence for a figure; `among` is what a share is a part of."""
    if figure.estimate is None or figure.shown is None:
        return f"{label}: {withheld(figure)}."
    ends = interval(figure.shown, figure.unit)
    if kind == "share" and among in OF_THE_DAYS:
        on = amount(figure.estimate, figure.unit)
        return f"On average, people logged {label.lower()} on {on} of the days they logged ({ends})."
    about = {
        "share": f" {among}" if among else "",
        "mean": ", each person counting once",
        "people": ", each counted once",
    }.get(kind, "")
    nearly = "about " if kind == "people" else ""
    value = f"{nearly}{amount(figure.estimate, figure.unit)}"
    return f"{label}: {value}{about} ({ends})."


def since_previous(figure: PublishedFigure, cadence: str, *, is_first: bool) -> str:
    """Return the change since the period before as a sentence."""
    before = f"the {period_noun(cadence)} before"
    if figure.since_previous is not None:
        return f"Compared with {before}: {difference(figure.since_previous, figure.unit)}."
    if is_first:
        return f"No comparison with {before}: this is the first period released."
    return f"No comparison with {before}: {NOT_COMPARED}."


def since(first_days: list[date]) -> str:
    """Return the first days of some periods: `5 January, 12 January and 2 February 2026`, or `none`."""
    if not first_days:
        return "none"
    last = max(first_days)
    *others, final = [day(one, last) for one in sorted(first_days)]
    return (f"{', '.join(others)} and {final}" if others else final) + f" {last.year}"


def epsilons(by_delta: dict[str, float]) -> str:
    """Return `3.55 at delta 1 in a million, 4.44 at delta 1 in a billion`."""
    names = {1e-6: "1 in a million", 1e-9: "1 in a billion"}
    return ", ".join(
        f"{rounded_up(epsilon)} at delta {names.get(float(delta), delta)}" for delta, epsilon in by_delta.items()
    )
