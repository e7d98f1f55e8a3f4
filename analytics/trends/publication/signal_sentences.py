"""Sentences about a signal, always built alike: direction, size, interval, number of people, what it cannot say.

No word blames, explains or diagnoses; the figures are of people who logged, never of a population.
"""

from analytics.periods import Period
from analytics.trends.monitoring.detection import SIGNS, Break, Detection, Direction
from analytics.trends.monitoring.limits import Limits
from analytics.trends.monitoring.outlook import Ahead
from analytics.trends.monitoring.series import Points
from analytics.wording import (
    ABOUT_A_GROUP,
    DO_NOT_ACT,
    STEPS,
    amount,
    between,
    day,
    days,
    difference_between,
    end,
    is_plural,
    people,
    period_noun,
    the_days_of,
)

CANNOT_SAY = (
    "This does not show why. What people log may have changed, or who logs: when a group starts or stops logging, the "
    f"figure of everyone moves too. {ABOUT_A_GROUP} On average up to 1 in 20 signals are false, and more when one week "
    f"resembles the next. {DO_NOT_ACT}"
)
CANNOT_FORESEE = "An outlook assumes that things go on as before. It cannot foresee events, or a change in who logs."

DIRECTIONS: dict[Direction, str] = {"higher": "more", "lower": "fewer"}
"""Of so many people."""
BOTH = 2
_NEAR = 2
"""Of the three points of the rule `near`, at least so many lie close to an edge of the usual range."""


def signal_sentence(what: str, detection: Detection, found: Break, unit: str) -> str:
    """Return the words for a signal; `what` names figure and cohort, as `Low mood in North`."""
    limits = detection.limits
    if limits is None:  # a break has limits: for the type checker
        return ""
    newest = detection.points[-1][0]
    lasting = lasting_points(detection.points, limits, found)
    trial = ""
    if limits.kind == "trial":
        count = len(limits.baseline)
        trial = f" The usual range is provisional: it rests on {count} {period_noun(newest.cadence, count)} so far."
    return (
        f"{what} {_seen(found, lasting, have='have' if is_plural(what) else 'has')}. "
        f"{_compared(found, limits, unit, subject='They' if is_plural(what) else 'It')}. "
        f"About {people(detection.newest.people)} were counted in {the_days_of(newest)}.{trial}"
    )


def lasting_points(points: Points, limits: Limits, found: Break) -> Points:
    """Return the newest points that lie beyond the limits, or the mean, as the rule says: as far back as they follow.

    Nothing is read across a gap, nor into the points that the limits are made of. Of a trend, its own points.
    """
    if found.rule == "trend":
        return found.points
    sign = SIGNS[found.direction]
    edge = limits.half_width if found.rule == "outside" else 0.0
    lasting = points[-1:]
    for pair in points[-2::-1]:
        if pair[0].next != lasting[0][0] or pair[0] <= limits.baseline[-1][0]:
            break
        if sign * (pair[1].value - limits.mean) <= edge:
            break
        lasting = [pair, *lasting]
    return lasting


def _seen(found: Break, lasting: Points, have: str) -> str:
    """Return what was seen: `has been higher since 21 September: above its usual range in all 9 weeks`."""
    newest = lasting[-1][0]
    side, moved = ("above", "risen") if found.direction == "higher" else ("below", "fallen")
    its = "its" if have == "has" else "their"
    since = f"since {day(lasting[0][0].first_day, newest.last_day)}"
    count = len(lasting)
    nouns = period_noun(newest.cadence, count)
    spell = f"both {nouns}" if count == BOTH else f"all {count} {nouns}"
    if found.rule == "trend":
        return f"{have} {moved} every {period_noun(newest.cadence)} {since} ({count} {nouns})"
    if count == 1:
        when = f"in {the_days_of(newest)}"
        return f"{'was' if have == 'has' else 'were'} {found.direction} than usual {when}: {side} {its} usual range"
    if found.rule == "outside":
        return f"{have} been {found.direction} {since}: {side} {its} usual range in {spell}"
    near = ""
    if found.rule == "near":
        near = f", and close to the edge of {its} usual range, or outside it, in at least {_NEAR} of the last 3"
    return f"{have} been {found.direction} {since}: {side} {its} earlier average in {spell}{near}"


def _compared(found: Break, limits: Limits, unit: str, subject: str) -> str:
    """Return the change with its two ends and its interval."""
    begin, last = found.points[0], found.points[-1]
    sign = SIGNS[found.direction]
    low, high = sorted((sign * found.low, sign * found.high))
    direction = DIRECTIONS[found.direction] if unit == "persons" else found.direction
    size = f"{end(sign * found.change, unit)}{STEPS[unit]} {direction} ({difference_between(low, high, unit)})"
    if found.rule == "trend":
        return (
            f"{subject} went from {amount(begin[1].value, unit)} in {the_days_of(begin[0])} to "
            f"{amount(last[1].value, unit)} in {the_days_of(last[0])}: {size}"
        )
    first, until = limits.baseline[0][0], limits.baseline[-1][0]
    against = f"against {amount(limits.mean, unit)} from {days(first.first_day, until.last_day)}"
    count = len(found.points)
    over = "" if count == 1 else f" on average over the last {count} {period_noun(last[0].cadence, count)}"
    were = "was" if subject == "It" else "were"
    return f"{subject} {were} {amount(found.change + limits.mean, unit)}{over}, {against}: {size}"


def outlook_sentence(what: str, first: str, ahead: Ahead, unit: str) -> str:
    """Return the words for an outlook made of a series that begins in the period `first`."""
    return (
        f"{what}: we expect the figure for {the_days_of(ahead.period)} to be {between(ahead.low, ahead.high, unit)}, "
        f"if it goes on moving as it has since {day(Period.parse(first).first_day)}. Of 100 such intervals, 95 hold."
    )
