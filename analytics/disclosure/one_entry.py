"""What one logged entry of somebody who takes part can cost, by the releases that can read its day: from the plan.

One entry is added, removed, or changed without moving to another day; everything else stays, the person included. An
entry that moves to another day is one removed and one added. The proof: docs/privacy/proof.md, "One entry".
"""

import itertools

from analytics.contracts import MICRO, NANO, FrozenMeasure, Plan, Product
from analytics.periods import DAYS, Cadence

IntegerBasis = tuple[tuple[int, ...], ...]

_FARTHEST_OF_ANY = 4
"""In any basis two share vectors lie at most twice d_in apart, so a release costs at most four times its loss."""


def most_reading_a_day(cadence: Cadence, looks_back_weeks: int) -> int:
    """Return how many periods at most can read one day: those that hold it, or look back as far as it."""
    return 1 - (-looks_back_weeks // (DAYS[cadence] // 7))


def farthest(basis: IntegerBasis) -> int:
    """Return the exact square of the farthest that one entry moves a measured table, in whole units (not micro).

    Its person's shares go from one non-negative vector of sum at most 1 to another. The distance of their images is
    convex in both, so it is greatest between corners: a whole category and nothing, or two whole categories.
    """
    pairs = itertools.combinations(_columns(basis), 2)
    return max(
        [_longest(basis), *(sum((a - b) * (a - b) for a, b in zip(one, other, strict=True)) for one, other in pairs)]
    )


def entry_nano(plan: Plan) -> int:
    """Return the most that one entry can lose, in nano-rho, rounded up: in all that is ever published.

    Under an allowance per person (`most_releases_per_person`) in what is published about any 53 weeks: there, an entry
    can decide which later releases count the person at all.
    """
    products = [_product_nano(plan, name, product) for name, product in plan.products.items()]
    # The reserve's releases are drawn with a noise that no plan fixes yet.
    return sum(products) + _FARTHEST_OF_ANY * int(plan.revision_reserve.part_rho * NANO)


def _product_nano(plan: Plan, name: str, product: Product) -> int:
    touched = {one: most_reading_a_day(product.cadence, plan.measures[one].looks_back_weeks) for one in product.tables}
    frozen = (plan.frozen or {}).get(name, {})
    most = product.most_releases_per_person
    if frozen.keys() != product.tables.keys():
        return _FARTHEST_OF_ANY * product.part_nano  # what any 366 days cost, and so any day
    if most is None:
        return sum(touched[one] * _losses(measure, farthest(measure.basis)) for one, measure in frozen.items())
    with_or_without = sum(_losses(one, farthest(one.basis)) for one in frozen.values())
    counted_or_not = sum(_losses(one, _longest(one.basis)) for one in frozen.values())
    # At most `most` releases count the person with the entry, and as many without: the same ones, or others.
    return most * max(with_or_without, 2 * counted_or_not)


def _losses(measure: FrozenMeasure, square: int) -> int:
    """Return the loss of one release's tables of a measure, in nano-rho, for a movement of that square."""
    return sum(-(-square * MICRO**2 * NANO // (2 * sigma**2)) for sigma in measure.sigma.values())


def _longest(basis: IntegerBasis) -> int:
    return max(sum(number * number for number in column) for column in _columns(basis))


def _columns(basis: IntegerBasis) -> list[tuple[int, ...]]:
    return list(zip(*basis, strict=True))
