"""The promise to people, compared with the ledger: no version that a draw counts may have promised less before."""

from analytics.contracts import NANO, Plan
from analytics.contracts.promise import agreed
from analytics.errors import BudgetRefusedError
from analytics.store.chain import Entry

_ACTION = (
    "Nothing was drawn or read. List every version of the promise under `promise_versions` in the plan, each with the "
    "cap that it promised and the first day on which people agreed to it."
)


# L7: people who count under a cap have agreed to it, as far as plan and ledger know (docs/privacy/proof.md)
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
        name = entry.accounting.policy_version
        listed = versions.get(name)
        counts = listed is None or listed.cap_nano >= cap_nano
        if counts and entry.plan_cap_nano < cap_nano:
            message = (
                f"Version {name} of the promise had a cap of {entry.plan_cap_nano / NANO}, and this draw has one of "
                f"{cap_nano / NANO}. The plan does not say who agreed to which."
            )
            raise BudgetRefusedError(message, _ACTION)
        drawn_on = entry.accounting.drawn_on
        if listed is not None and listed.until is not None and drawn_on is not None and drawn_on >= listed.until:
            message = (
                f"The plan says that version {name} of the promise ended before {listed.until}, and a release was "
                f"drawn under it on {drawn_on}."
            )
            raise BudgetRefusedError(message, "Nothing was drawn or read. Give the next version a later first day.")
