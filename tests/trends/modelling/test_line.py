"""How many periods lie between two releases: what a level may have moved in."""

import pytest

from analytics.periods import Period
from analytics.trends.modelling.line import steps_between


@pytest.mark.parametrize(
    ("earlier", "later", "steps"),
    [
        ("2026-W14", "2026-W15", 1),
        ("2026-W53", "2027-W01", 1),  # 2026 has 53 weeks
        ("2025-W52", "2026-W01", 1),
        ("2020-W01", "2026-W01", 313),  # 2020 has 53 weeks, too
        ("2026-P13", "2027-P01", 1),  # the thirteenth takes a week 53
        ("2025-P01", "2027-P02", 27),
        ("2026-W14", "2026-W14", 0),
    ],
)
def test_periods_are_counted_over_years_of_53_weeks(earlier: str, later: str, steps: int) -> None:
    """As many as one steps through, one by one."""
    period, walked = Period.parse(later), 0
    while period > Period.parse(earlier):
        period, walked = period.previous, walked + 1
    assert steps_between(Period.parse(earlier), Period.parse(later)) == walked == steps
