"""Which grants a draw may count: those of days on which a version of the promise with at least its cap was in force."""

from datetime import date
from typing import NamedTuple

from analytics.contracts.plan import Plan


class Agreed(NamedTuple):
    """The days (UTC) on which a yes was to one version of the promise."""

    version: str
    cap_nano: int
    since: date | None
    """None: from the beginning of time, as the first version."""
    until: date | None
    """The first day that is another version's. None: the version is in force."""


def agreed(plan: Plan) -> tuple[Agreed, ...]:
    """Return every version of the plan's promise with its days, in order; together they hold each day once."""
    listed = plan.promise_versions
    if not listed:
        return (Agreed(plan.policy_version, plan.cap_nano, None, None),)
    begins = [None, *(one.from_ for one in listed[1:])]
    ends = [*begins[1:], None]
    return tuple(
        Agreed(one.version, one.cap_nano, since, until) for one, since, until in zip(listed, begins, ends, strict=True)
    )


def counted(plan: Plan, cap_nano: int) -> tuple[Agreed, ...]:
    """Return the versions whose people a draw under `cap_nano` may count: they promised at least that cap."""
    return tuple(one for one in agreed(plan) if one.cap_nano >= cap_nano)
