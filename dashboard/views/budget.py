"""How much of each year's limit is used, from the cards. Rho is rounded so that no promise is stated stronger."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from analytics.trends.publication.published import Published
from analytics.wording import rounded_up

DIGITS = 4
"""Decimals of a displayed rho."""


@dataclass(frozen=True)
class YearBudget:
    """One ISO year: the loss of all releases about it, and the most that it may be (rho)."""

    year: int
    spent: float
    cap: float

    @property
    def used(self) -> float:
        """The part of the limit that is used, 0 to 1; all of it where there is no limit to compare with."""
        return min(max(self.spent / self.cap, 0.0), 1.0) if self.cap > 0 else 1.0

    @property
    def left(self) -> float:
        """What may still be spent, rounded down: the limit less what is displayed as spent."""
        cap = Decimal(repr(self.cap)).quantize(Decimal(1).scaleb(-DIGITS), ROUND_FLOOR)
        return float(max(cap - Decimal(rounded_up(self.spent, DIGITS)), Decimal(0)))


def budgets(published: Published) -> list[YearBudget]:
    """Return the years that releases are about, newest first.

    Each card has the loss so far as of its own draw, so the largest of a year is the newest.
    """
    found: dict[int, YearBudget] = {}
    for product in published.products:
        for release in published.releases(product):
            card = published.card(release)
            year, spent = card.loss.year, card.loss.rho_so_far
            if year not in found or spent > found[year].spent:
                found[year] = YearBudget(year, spent, card.promise.rho_cap)
    return [found[year] for year in sorted(found, reverse=True)]


def budget_of(published: Published, year: int) -> YearBudget:
    """Return the budget of a year that some release is about."""
    return next(one for one in budgets(published) if one.year == year)
