"""Windows of 366 days, and the releases of a plan over thirty years."""

from collections.abc import Iterator
from datetime import date, timedelta

from analytics.contracts import Plan
from analytics.periods import Cadence, Period
from analytics.release.budget import solved, table_losses
from tests.support.releases import GRID, PRODUCT, unfrozen

PLANS = ("standard", "small")


BEGIN, END = date(2010, 1, 1), date(2040, 1, 1)
"""Thirty years, with a week 53 in 2015, 2020, 2026, 2032 and 2037."""


def every_period(cadence: Cadence, begin: date = BEGIN, end: date = END) -> list[Period]:
    """Return the periods from well before `begin` to well after `end`."""
    period, found = Period.containing(begin - timedelta(days=800), cadence), []
    while period.first_day < end + timedelta(days=1600):
        found.append(period)
        period = period.next
    return found


def every_window(begin: date = BEGIN, end: date = END) -> Iterator[tuple[date, date]]:
    """Return each 366 consecutive days that begin from `begin` to `end`."""
    for number in range((end - begin).days):
        yield begin + timedelta(days=number), begin + timedelta(days=number + 365)


def released(plan: Plan) -> Iterator[tuple[str, Period, list[tuple[str, int]]]]:
    """Yield every release of thirty years with (measure, loss) of its tables."""
    for name, product in plan.products.items():
        losses = table_losses(product, (plan.frozen or {})[name])
        result = [(measure, loss) for (measure, _), loss in losses.items()]
        for period in every_period(product.cadence):
            yield name, period, result


def plan_with(back: dict[str, int], *, cadence: Cadence = "week", cap: float = 0.25, most: int | None = None) -> Plan:
    """Return a frozen plan of one product with measures that look back so many weeks."""
    plan = unfrozen(cap=cap, cadence=cadence)
    mood = plan.measures["mood"]
    measures = {name: mood.model_copy(update={"looks_back_weeks": weeks}) for name, weeks in back.items()}
    product = plan.products[PRODUCT].model_copy(
        update={"tables": dict.fromkeys(back, ((), ("region",))), "most_releases_per_person": most}
    )
    plan = plan.model_copy(update={"measures": measures, "products": {PRODUCT: product}})
    return plan.model_copy(update={"frozen": solved(plan, GRID)})
