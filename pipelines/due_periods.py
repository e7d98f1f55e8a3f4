"""Which periods are due, and which entries they still need: decided by plan, ledger and clock, never by data."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics.contracts import Plan
from analytics.errors import EntriesPurgedError, PeriodNotClosedError, UsageError
from analytics.periods import Period, periods_between

if TYPE_CHECKING:
    from analytics.store.ledger import Ledger


@dataclass(frozen=True)
class Due:
    """One period of one product; `name` is public and names it in tasks."""

    product: str
    period: Period

    @property
    def name(self) -> str:
        """Like `weekly_mood/2026-W14`."""
        return f"{self.product}/{self.period.name}"

    def as_json(self) -> dict[str, object]:
        """Return what a command's result says of it."""
        return {"product": self.product, "period": self.period.name, "revision": 0}


@dataclass(frozen=True)
class ReleaseRequest:
    """What a `release` command asks for; None: everything."""

    product: str | None
    period: str | None
    as_of: date | None


# L10: what is drawn is decided without data (docs/privacy/proof.md)
def closed_periods(request: ReleaseRequest, plan: Plan, start: date, today: date) -> list[Due]:
    """Return the closed periods of a request, released or not, by last day.

    Raises:
        UsageError: if a product or period is none of the plan's.
        PeriodNotClosedError: if the requested period is not closed, or `as_of` is later than today.
    """
    if request.product is not None and request.product not in plan.products:
        message = f"The plan '{plan.name}' has no product with this name. It has: {', '.join(plan.products)}."
        raise UsageError(message, "Name one of these, or leave it out for all.")
    if request.as_of is not None and request.as_of > today:
        message = f"--as-of is in the future: today is {today} (UTC)."
        raise PeriodNotClosedError(message, "Name today or an earlier date.")
    as_of = request.as_of or today
    names = [request.product] if request.product else list(plan.products)
    if request.period is None:
        found = [
            Due(name, period)
            for name in names
            for period in periods_between(
                max(start, plan.products[name].from_), as_of, plan.products[name].cadence, plan.grace_days
            )
        ]
    else:
        found = _one(request.period, names, plan, start, as_of)
    return sorted(found, key=lambda due: (due.period.last_day, names.index(due.product)))


def _one(text: str, names: list[str], plan: Plan, start: date, as_of: date) -> list[Due]:
    try:
        period = Period.parse(text)
    except ValueError as error:
        message = f"Not a period: {error}."
        raise UsageError(message, "Write it like 2026-W14 or 2026-P04.") from None
    fitting = [name for name in names if plan.products[name].cadence == period.cadence]
    if not fitting:
        message = f"{period.name} is not a period of {', '.join(names)}."
        raise UsageError(message, "Weeks are written like 2026-W14, four-week periods like 2026-P04.")
    first = {name: max(start, plan.products[name].from_) for name in fitting}
    found = [Due(name, period) for name in fitting if period.first_day >= first[name]]
    if not found:
        message = f"{period.name} begins before the first public day, {min(first.values())}."
        raise UsageError(message, "Name a later period.")
    closed_from = period.closed_from(plan.grace_days)
    if closed_from > as_of:
        message = f"{period.name} is not closed on {as_of}. It closes on {closed_from}."
        raise PeriodNotClosedError(message, f"Run the command again on {closed_from} or later.")
    return found


def split_released(periods: list[Due], ledger: "Ledger") -> tuple[list[Due], list[Due]]:
    """Return (to draw, already released)."""
    released = [due for due in periods if ledger.find(due.product, due.period.name, 0) is not None]
    return [due for due in periods if due not in released], released


def first_day_needed(plan: Plan, ledger: "Ledger", start: date, today: date) -> date:
    """Return the first local date whose entries must stay.

    That is `retention_days` ago, or earlier where a period that is closed by then is not yet drawn: its release would
    count nobody.
    """
    days = [today - timedelta(days=plan.retention_days)]
    released = {(entry.product, entry.period) for entry in ledger.entries()}
    for name, product in plan.products.items():
        period = Period.beginning(max(start, product.from_), product.cadence)
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
        message = (
            f"{period.name} needs entries from {first} on; entries older than {purged_before} are already deleted."
        )
        raise EntriesPurgedError(message, "Let the product begin later: change `from` in the release plan.")


def latest_start(weeks: int, today: date, grace_days: int = 3) -> date:
    """Return the Monday from which `weeks` weeks end with the latest closed one."""
    latest = today - timedelta(days=grace_days)
    last_sunday = latest - timedelta(days=latest.isoweekday() % 7)
    return last_sunday - timedelta(days=7 * weeks - 1)
