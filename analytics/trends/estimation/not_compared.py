"""Figures that are compared with no other period: the calendar and the ledger's order decide, never a figure.

Two things make a figure jump though nobody has changed: a look-back that reaches before the service's first release,
where it finds less than it will later; and a period of another length, in which more days can be counted.
"""

from datetime import timedelta

from analytics.periods import DAYS, Period

STARTING = "this measure looks back to weeks before the first release, so it cannot be compared yet"
LONGER = "this period has a fifth week, so it is compared with no other"


def not_compared(looks_back_weeks: int, period: Period, first: Period) -> tuple[str, ...]:
    """Return why a measure's figures of `period` are compared with no other, in words; nothing where they are.

    `first` is the product's first period, of those that the ledger held at the release.
    """
    # A look-back of five weeks is one of a whole period: it only allows for a fifth week.
    seen = timedelta(days=looks_back_weeks * 7 // DAYS[period.cadence] * DAYS[period.cadence])
    return (
        *([STARTING] if period.first_day - first.first_day < seen else []),
        *([] if period.is_usual else [LONGER]),
    )
