"""The caps: one per ISO year and one over every 53 consecutive weeks; checked before any row is read."""

from analytics.contracts import NANO
from analytics.errors import BudgetRefusedError
from analytics.store.chain import Entry
from analytics.store.charges import Charge, charge_of, lost, spent

WEEKS = 53


def year_cap(entries: list[Entry], year: int, plan_cap_nano: int) -> int:
    """Return the cap of `year`: the plan's, or the least that an entry of that year was drawn under."""
    return min([plan_cap_nano, *(entry.cap_nano for entry in entries if entry.charge_year == year)])


# L7: no ISO year and no 53 weeks lose more than their cap (docs/privacy/proof.md)
def check_caps(  # noqa: PLR0913 -- keywords only; each is one fact of the draw
    entries: list[Entry], *, charge: Charge, year: int, last_week: int, plan_cap_nano: int, policy_version: str
) -> int:
    """Return the cap that a draw stands under.

    Raises:
        BudgetRefusedError: if the draw would pass the year's cap, or any 53 weeks' that contain its last week, or if
            the plan's cap was raised without a new policy version.
    """
    same_policy = [entry.plan_cap_nano for entry in entries if entry.body["policy_version"] == policy_version]
    if same_policy and plan_cap_nano > min(same_policy):
        message = f"The plan's cap is above the {min(same_policy) / NANO} that this policy version promised."
        raise BudgetRefusedError(message, "A higher cap needs a new policy_version, and holds from a later year on.")
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
        run_cap = max([cap, *(entry.cap_nano for entry in within)])
        charges = [charge_of(entry) for entry in within]
        if lost([charge, *charges]) > run_cap:
            message = (
                f"Within 53 weeks that contain this period, {lost(charges) / NANO} of rho {run_cap / NANO} is spent; "
                f"this draw would cost {charge.loss_nano / NANO}."
            )
            raise BudgetRefusedError(
                message,
                "Nothing was drawn or read. The promise holds for any year, not only for calendar years.",
            )
    return cap
