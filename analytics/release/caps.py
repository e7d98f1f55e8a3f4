"""The caps: per ISO year, over every 53 weeks and over any 366 days of logging; checked before any row is read."""

from collections.abc import Iterable

from analytics.contracts import NANO
from analytics.errors import BudgetRefusedError
from analytics.periods import MOST_DAYS, MOST_LOOK_BACK_WEEKS, MOST_WEEKS_OF_LOGGING
from analytics.store.chain import Entry
from analytics.store.charges import charge_of, lost, spent
from analytics.store.traces import Trace, lost_within, trace_of

WEEKS = 53

LOGGING_WEEKS = (MOST_WEEKS_OF_LOGGING - 1, MOST_WEEKS_OF_LOGGING)
"""The weeks in which 366 days lie: 54 where they begin on a Sunday, 53 where they begin on another day."""

_LONGEST = MOST_DAYS["four_weeks"] // 7
"""The weeks of the longest period."""


def year_cap(entries: list[Entry], year: int, plan_cap_nano: int) -> int:
    """Return the cap of `year`: the plan's, or the least that an entry of that year or of a later one was drawn under.

    A higher cap holds from the year after the newest entry's on: a year before that, of which nothing is drawn, has the
    least cap of the year before it of which something is.
    """
    years = {entry.charge_year for entry in entries}
    if year > max(years, default=year - 1):
        return plan_cap_nano
    since = max((one for one in years if one <= year), default=year)
    return min([plan_cap_nano, *(entry.cap_nano for entry in entries if entry.charge_year >= since)])


# L7: no ISO year, no 53 weeks and no 366 days of logging lose more than their cap (docs/privacy/proof.md)
def governing_cap(entries: list[Entry], *, trace: Trace, year: int, plan_cap_nano: int, policy_version: str) -> int:
    """Return the cap that governs a draw.

    Raises:
        BudgetRefusedError: if the draw would pass the year's cap, any 53 weeks' that contain its last week or any 366
            days' of logging that it reads a day of, or if the plan's cap was raised without a new policy version.
    """
    same_policy = [entry.plan_cap_nano for entry in entries if entry.accounting.policy_version == policy_version]
    if same_policy and plan_cap_nano > min(same_policy):
        message = f"The plan's cap is above the {min(same_policy) / NANO} that this policy version promised."
        raise BudgetRefusedError(message, "A higher cap needs a new policy_version, and holds from a later year on.")
    charge, last_week = trace.charge, trace.last_week
    cap = year_cap(entries, year, plan_cap_nano)
    before = spent(entries, year)
    if lost([charge, *(charge_of(entry) for entry in entries if entry.charge_year == year)]) > cap:
        cost = charge.loss_nano / NANO
        message = f"About {year}, {before / NANO} of rho {cap / NANO} is spent; this draw would cost {cost}."
        raise BudgetRefusedError(
            message,
            "Nothing was drawn or read. What is published stays; wait for the next year.",
        )
    for first in range(last_week - WEEKS + 1, last_week + 1):
        within = [entry for entry in entries if first <= entry.last_week < first + WEEKS]
        for promised in _promised(cap, within):
            charges = [charge_of(entry) for entry in within if entry.cap_nano <= promised]
            if lost([charge, *charges]) > promised:
                message = (
                    f"Within 53 weeks that contain this period, {lost(charges) / NANO} of rho {promised / NANO} is "
                    f"spent; this draw would cost {charge.loss_nano / NANO}."
                )
                raise BudgetRefusedError(
                    message,
                    "Nothing was drawn or read. The promise holds for any year, not only for calendar years.",
                )
    _check_logging(entries, trace, cap)
    return cap


# L7: every window of logging that reads a day of the new release is looked at, look-back included
def _check_logging(entries: Iterable[Entry], trace: Trace, cap: int) -> None:
    """Make sure that no 366 days of logging would cost a person more than the cap that they agreed to.

    Periods begin on Mondays and end on Sundays, so which releases read a day of 366 days depends on their weeks alone.
    """
    earliest, latest = trace.first_week - MOST_WEEKS_OF_LOGGING + 1, trace.last_week + MOST_WEEKS_OF_LOGGING - 1
    ended = [entry for entry in entries if earliest <= entry.last_week <= latest + MOST_LOOK_BACK_WEEKS + _LONGEST]
    traces = {entry.hash: trace_of(entry) for entry in ended}
    near = [entry for entry in ended if traces[entry.hash].reads(earliest, latest)]
    for weeks in LOGGING_WEEKS:
        for first in range(trace.first_week - weeks + 1, trace.last_week + 1):
            last = first + weeks - 1
            within = [entry for entry in near if traces[entry.hash].reads(first, last)]
            for promised in _promised(cap, within):
                before = [traces[entry.hash] for entry in within if entry.cap_nano <= promised]
                if lost_within([trace, *before], first, last) > promised:
                    message = (
                        f"About some 366 days of logging that this release reads, "
                        f"{lost_within(before, first, last) / NANO} of rho {promised / NANO} is spent; "
                        f"this draw would cost {trace.loss_within(first, last) / NANO}."
                    )
                    action = (
                        "Nothing was drawn or read. To go without this period, let the product begin after it (`from`)."
                    )
                    raise BudgetRefusedError(message, action)


# L7: who agreed to a cap counts in releases of at most that cap alone (docs/privacy/proof.md)
def _promised(cap: int, entries: Iterable[Entry]) -> list[int]:
    """Return the caps of people who count in a draw under `cap`: what counts them costs each at most their own."""
    return sorted({cap, *(entry.cap_nano for entry in entries if entry.cap_nano > cap)})
