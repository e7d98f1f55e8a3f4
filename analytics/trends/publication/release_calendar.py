"""When releases were drawn, are to be expected, and were missed: from plan and ledger; no clock, no row."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from analytics.contracts import Plan, Product
from analytics.periods import Period
from analytics.store.chain import Entry
from analytics.trends.publication.service_facts import (
    ComingPeriod,
    MissedPeriod,
    Noted,
    ProductCalendar,
    ReleasedOn,
)

_COMING = 3
"""Periods that are announced."""


def released(entries: Iterable[Entry]) -> tuple[ReleasedOn, ...]:
    """Return each release with the day of its draw, in the ledger's order."""
    return tuple(
        ReleasedOn(
            product=entry.product,
            period=entry.period,
            revision=entry.revision,
            drawn_on=entry.accounting.drawn_on,
        )
        for entry in entries
    )


def calendar(plan: Plan, start: date, entries: Sequence[Entry]) -> tuple[ProductCalendar, ...]:
    """Return the next periods of every product of the plan; `start` is the service's first public day."""
    return tuple(
        ProductCalendar(
            product=name,
            label=product.label,
            cadence=product.cadence,
            next=tuple(_coming(one, plan) for one in _next(product, start, _periods(entries, name))),
        )
        for name, product in plan.products.items()
    )


def missed(entries: Sequence[Entry]) -> tuple[MissedPeriod, ...]:
    """Return the periods that were passed over, by product and in order."""
    found = []
    for product, cadence in dict.fromkeys((entry.product, entry.period_.cadence) for entry in entries):
        there = {period for period in _periods(entries, product) if period.cadence == cadence}
        newest = max(there)
        for period in min(there).onwards():
            if period == newest:
                break
            if period not in there:
                days = {"first_day": period.first_day, "last_day": period.last_day}
                found.append(MissedPeriod(product=product, period=period.name, **days))
    return tuple(found)


def rebased(entries: Sequence[Entry]) -> list[Noted]:
    """Return from when figures are judged by new limits, and why, as each product's latest draw has it."""
    newest = {entry.product: entry for entry in entries}
    return [
        Noted(on=Period.parse(from_).first_day, text=reason, product=name)
        for name, entry in newest.items()
        for from_, reason in entry.body.rebase or ()
    ]


def _periods(entries: Iterable[Entry], product: str) -> set[Period]:
    return {entry.period_ for entry in entries if entry.product == product}


def _next(product: Product, start: date, there: set[Period]) -> Iterable[Period]:
    """Return the periods after the newest release, none that begins before the product does."""
    first = Period.beginning(max(start, product.from_), product.cadence)
    of_cadence = [period for period in there if period.cadence == product.cadence]
    period = max(first, max(of_cadence).next) if of_cadence else first
    return islice(period.onwards(), _COMING)


def _coming(period: Period, plan: Plan) -> ComingPeriod:
    return ComingPeriod(
        period=period.name,
        first_day=period.first_day,
        last_day=period.last_day,
        expected_on=period.closed_from(plan.grace_days),
    )
