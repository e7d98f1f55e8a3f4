"""From a native mood value to the design's score, in exact arithmetic."""

import re
from decimal import Decimal
from fractions import Fraction

from analytics.contracts.source import Scale

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")

SCORE_PER_SCALE = 100_000
"""Thousandths of a point from the scale's worse to its better end."""


def as_number(text: str) -> Fraction | None:
    """Return the number that `text` writes, exactly, or None; never NaN or an infinity, digits 0-9 only."""
    return Fraction(Decimal(text)) if _NUMBER.fullmatch(text) else None


def on_scale(value: Fraction, scale: Scale) -> bool:
    """Say whether `value` lies on the declared scale, ends included."""
    return Fraction(scale.lo) <= value <= Fraction(scale.hi)


def score(value: Fraction, scale: Scale) -> int:
    """Return 100 (x - lo) / (hi - lo), reversed where declared, in thousandths of a point, rounded half up."""
    lo, hi = Fraction(scale.lo), Fraction(scale.hi)
    above = value - lo if scale.better == "higher" else hi - value
    return (2 * SCORE_PER_SCALE * above + (hi - lo)) // (2 * (hi - lo))


def thousandths(value: Fraction) -> int:
    """Return `value` in whole thousandths, rounded half up."""
    return (2000 * value + 1) // 2


def billionths(value: Fraction) -> int:
    """Return `value` in whole billionths, rounded half up: native values are stored like this."""
    return (2_000_000_000 * value + 1) // 2


def mean_of(values: list[Decimal]) -> Fraction:
    """Return the exact mean of values of words."""
    return sum((Fraction(value) for value in values), Fraction(0)) / len(values)
