"""The odds of others than one person in a year: households, and one entry of somebody who takes part; from the plan."""

from typing import NamedTuple

from analytics.contracts import Plan
from analytics.disclosure.one_entry import entry_nano
from analytics.odds import HOUSEHOLDS, Odds, group_nano, odds


class Other(NamedTuple):
    """Somebody's odds: who it is, the loss, and the odds that it allows."""

    whom: str
    rho_nano: int
    odds: Odds


def others(plan: Plan) -> list[Other]:
    """Return one person, then households, then one entry; each for what is released about one year."""
    result = [("one person, in a year", plan.cap_nano)]
    result += [(f"a household of {many}, in a year", group_nano(plan.cap_nano, many)) for many in HOUSEHOLDS]
    result.append(("one entry of somebody who takes part", entry_nano(plan)))
    return [Other(whom, nano, odds(nano)[0]) for whom, nano in result]
