"""Which periods are due: decided by plan, ledger and clock alone, never by data."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from analytics.contracts import Plan
from analytics.errors import PeriodNotClosedError, UsageError
from analytics.periods import Period, periods_between

if TYPE_CHECKING:
    from analytics.store.ledger import Ledger


@dataclass(frozen=True)
class Due:
    """One period of one product; `name` is public and stands for it in tasks."""

    product: str
    period: Period

    @property
    def name(self) -> str:
        """Like `weekly_mood/2026-W14`."""
        return f"{self.product}/{self.period.name}"

    def shown(self) -> dict[str, object]:
        """Return what the command line tells of it."""
        return {"product": self.product, "period": self.period.name, "revision": 0}


@dataclass(frozen=True)
class Asked:
    """What a `release` command asked for."""

    product: str | None
    period: str | None
    as_of: date | None


# L10: what is drawn is decided without data (docs/privacy/proof.md)
def closed_periods(asked: Asked, plan: Plan, start: date, today: date) -> list[Due]:
    """Return the closed periods asked for, released or not, by last day.

    Raises:
        UsageError: if a product or period is none of the plan's.
        PeriodNotClosedError: if the period asked for is not closed, or `as_of` lies ahead of the clock.
    """
    if asked.product is not None and asked.product not in plan.products:
        message = f"The plan '{plan.name}' has no product of that name; there are: {', '.join(plan.products)}."
        raise UsageError(message, "Name one of these, or none for all.")
    if asked.as_of is not None and asked.as_of > today:
        message = f"--as-of lies ahead of the clock: today is {today} (UTC)."
        raise PeriodNotClosedError(message, "Name today or an earlier date.")
    as_of = asked.as_of or today
    names = [asked.product] if asked.product else list(plan.products)
    if asked.period is None:
        found = [
            Due(name, period)
            for name in names
            for period in periods_between(
                max(start, plan.products[name].from_), as_of, plan.products[name].cadence, plan.grace_days
            )
        ]
    else:
        found = _one(asked.period, names, plan, start, as_of)
    return sorted(found, key=lambda due: (due.period.last_day, names.index(due.product)))


def _one(text: str, names: list[str], plan: Plan, start: date, as_of: date) -> list[Due]:
    try:
        period = Period.parse(text)
    except ValueError as error:
        message = f"Not a period: {error}."
        raise UsageError(message, "Write it like 2026-W14 or 2026-P04.") from None
    fitting = [name for name in names if plan.products[name].cadence == period.cadence]
    if not fitting:
        message = f"{period.name} is no period of {', '.join(names)}."
        raise UsageError(message, "Weeks are written like 2026-W14, four-week periods like 2026-P04.")
    first = {name: max(start, plan.products[name].from_) for name in fitting}
    found = [Due(name, period) for name in fitting if period.first_day >= first[name]]
    if not found:
        message = f"{period.name} begins before the first public day, {min(first.values())}."
        raise UsageError(message, "Name a later period.")
    closed_from = period.closed_from(plan.grace_days)
    if closed_from > as_of:
        message = f"{period.name} is not closed on {as_of}; it will be from {closed_from} on."
        raise PeriodNotClosedError(message, f"Run the command again from {closed_from} on.")
    return found


def split_released(asked: list[Due], ledger: "Ledger") -> tuple[list[Due], list[Due]]:
    """Return (to draw, already released)."""
    released = [due for due in asked if ledger.find(due.product, due.period.name, 0) is not None]
    return [due for due in asked if due not in released], released
