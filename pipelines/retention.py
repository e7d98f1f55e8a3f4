"""Which entries are past retention: older than the plan's days, and needed by no release that is still to come."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics.contracts import Plan
from analytics.errors import EntriesPurgedError
from analytics.periods import Period

if TYPE_CHECKING:
    from analytics.store.ledger import Ledger


def first_day_needed(plan: Plan, ledger: "Ledger", start: date, today: date) -> date:
    """Return the first local date whose entries must stay.

    That is `retention_days` ago, or earlier where a period that is closed by then is not yet drawn: its release would
    be of nobody.
    """
    days = [today - timedelta(days=plan.retention_days)]
    released = {(entry.product, entry.period) for entry in ledger.entries()}
    for name, product in plan.products.items():
        period = Period.containing(max(start, product.from_), product.cadence)
        if period.first_day < max(start, product.from_):
            period = period.next
        while (name, period.name) in released:
            period = period.next
        days.append(plan.first_day_read(name, period))
    return min(days)


def check_not_purged(purged_before: date | None, plan: Plan, product: str, period: Period) -> None:
    """Make sure that no entry that a release reads was deleted for its age: a product may be newer than the deletion.

    Raises:
        EntriesPurgedError: if some of them were.
    """
    first = plan.first_day_read(product, period)
    if purged_before is not None and first < purged_before:
        message = f"Entries before {purged_before} were deleted for their age, and {period.name} reads from {first} on."
        raise EntriesPurgedError(message, "Let the product begin later: `from` in the release plan.")
