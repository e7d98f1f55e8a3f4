"""What people were promised, held against the ledger: no version that a draw counts may have promised less before."""

from analytics.contracts import NANO, Plan
from analytics.contracts.promise import agreed
from analytics.errors import BudgetRefusedError
from analytics.release.caps import WEEKS
from analytics.store.chain import Entry
from analytics.store.charges import Charge, charge_of, lost

_ACTION = (
    "Nothing was drawn or read. List every version of the promise under `promise_versions` in the plan, each with the "
    "cap that it promised and the first day on which people agreed to it."
)


# L7: who counts under a cap has agreed to it, as far as plan and ledger know (docs/privacy/proof.md)
def check_promised(entries: list[Entry], plan: Plan, cap_nano: int) -> None:
    """Refuse a list of versions that the ledger contradicts; `cap_nano` is the cap of the draw.

    A plan that lists no versions has one, which covers all grants. That is right unless an earlier version, which
    the ledger knows, promised less than the draw's cap.

    Raises:
        BudgetRefusedError: if people who agreed to a lower cap would count, or a version is listed from a day on
            which its predecessor still governed a draw.
    """
    versions = {one.version: one for one in agreed(plan)}
    for entry in entries:
        name = str(entry.body["policy_version"])
        listed = versions.get(name)
        counts = listed is None or listed.cap_nano >= cap_nano
        if counts and entry.plan_cap_nano < cap_nano:
            message = (
                f"Version {name} of the promise had a cap of {entry.plan_cap_nano / NANO}, and this draw has one of "
                f"{cap_nano / NANO}. The plan does not say who agreed to which."
            )
            raise BudgetRefusedError(message, _ACTION)
        drawn_on = str(entry.body.get("drawn_at", ""))[:10]
        if listed is not None and listed.until is not None and drawn_on >= listed.until.isoformat():
            message = (
                f"The plan says that version {name} of the promise ended before {listed.until}, and a release was "
                f"drawn under it on {drawn_on}."
            )
            raise BudgetRefusedError(message, "Nothing was drawn or read. Give the next version a later first day.")


# L7: nobody loses more in 53 weeks than they agreed to, also where caps rose and fell (docs/privacy/proof.md)
def check_everyone_s_weeks(entries: list[Entry], *, charge: Charge, last_week: int, cap_nano: int) -> None:
    """Refuse a draw that would cost somebody more than they agreed to in 53 weeks that hold its last week.

    Who agreed to a cap counts only in releases of at most that cap. So of every run of 53 weeks, the releases of at
    most any one cap cost together at most that cap.

    Raises:
        BudgetRefusedError: if they would not.
    """
    for first in range(last_week - WEEKS + 1, last_week + 1):
        within = [entry for entry in entries if first <= entry.last_week < first + WEEKS]
        for promised in sorted({cap_nano, *(entry.cap_nano for entry in within if entry.cap_nano > cap_nano)}):
            charges = [charge_of(entry) for entry in within if entry.cap_nano <= promised]
            if lost([charge, *charges]) > promised:
                message = (
                    f"Within 53 weeks that contain this period, {lost(charges) / NANO} of rho {promised / NANO} is "
                    f"spent about people who agreed to that; this draw would cost {charge.loss_nano / NANO}."
                )
                raise BudgetRefusedError(message, "Nothing was drawn or read. Wait until 53 weeks hold less.")
