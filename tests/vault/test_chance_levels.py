"""What is there by chance: over all orders of a person's scores a weekday is as often the worst as the best, exactly.

Each order of the same scores is a person of its own, and nothing is drawn: where days have no rhythm, every order is as
likely as any other, so the sums over all of them are what chance gives.
"""

from collections import Counter
from itertools import permutations

import pytest

from analytics.contracts import Contracts
from analytics.vault.database import Vault
from tests.support.diaries import drawn, keep
from tests.support.pattern_days import SPRING, On

UNEVEN = {
    "each weekday once": (0, 1, 2, 3, 4, 5),
    "Mondays three times, Thursdays once": (0, 7, 14, 1, 8, 3),
    "Mondays four times, Saturdays twice": (0, 7, 14, 21, 5, 12),
    "over twelve weeks, Sundays seldom": (-56, -49, -28, 1, 8, 6),
}
SKEWED = ((75, 75, 75, 75, 0, 0), (75, 75, 75, 75, 75, 0), (100, 75, 50, 50, 25, 0), (50, 50, 50, 50, 50, 100))


def orders(scores: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return every order of the scores once; each is as likely as any other."""
    return sorted(set(permutations(scores)))


def summed(vault: Vault, contracts: Contracts, measure: str, people: list[list[On]]) -> Counter[str]:
    """Return the sum of all people's shares by category, from the shipped SQL and plan."""
    keep(vault, {number: [one.noted(SPRING) for one in person] for number, person in enumerate(people, 1)})
    total: Counter[str] = Counter()
    for given in drawn(vault, measure, contracts.plan.measures[measure], SPRING).values():
        total.update(given)
    return total


@pytest.mark.parametrize("scores", SKEWED, ids=["two bad days", "one bad day", "even", "one good day"])
@pytest.mark.parametrize("days", UNEVEN.values(), ids=list(UNEVEN))
def test_by_chance_a_weekday_is_as_often_the_worst_as_the_best(
    vault: Vault, contracts: Contracts, days: tuple[int, ...], scores: tuple[int, ...]
) -> None:
    """However unevenly people log and however skewed their mood is; and the weekdays compared share alike."""
    people = [[On(day, score) for day, score in zip(days, order, strict=True)] for order in orders(scores)]
    total = summed(vault, contracts, "weekday_extremes", people)
    worst, best = Counter[str](), Counter[str]()
    for category, micro_persons in total.items():
        low, high = category.removesuffix("_best").split("_worst_")
        worst[low] += micro_persons
        best[high] += micro_persons
    assert total
    assert worst == best
    assert len(set(worst.values())) == 1


@pytest.mark.parametrize("scores", SKEWED, ids=["two bad days", "one bad day", "even", "one good day"])
def test_by_chance_a_part_of_the_day_is_as_often_the_worst_as_the_best(
    vault: Vault, contracts: Contracts, scores: tuple[int, ...]
) -> None:
    """Three evenings, two mornings and one afternoon."""
    clocks = ((0, "20:00"), (1, "21:00"), (2, "22:00"), (0, "08:00"), (5, "09:00"), (3, "13:00"))
    people = [[On(day, score, at) for (day, at), score in zip(clocks, order, strict=True)] for order in orders(scores)]
    total = summed(vault, contracts, "day_part_extremes", people)
    for part in ("morning", "evening"):
        worst = sum(value for category, value in total.items() if category.startswith(f"{part}_worst"))
        assert worst == sum(value for category, value in total.items() if category.endswith(f"{part}_best")) > 0


@pytest.mark.parametrize("scores", [(*one, *one[:3]) for one in SKEWED[:3]], ids=["bad days", "fewer", "even"])
def test_by_chance_a_factor_goes_as_often_with_lower_mood_as_with_higher(
    vault: Vault, contracts: Contracts, scores: tuple[int, ...]
) -> None:
    """Three days of nine: as many others are compared, so the rarer side is not the more extreme one."""
    found = orders(scores)
    people = [
        [On(day, score, factors="work" if day in {1, 2, 6} else "") for day, score in enumerate(order)]
        for order in found
    ]
    total = summed(vault, contracts, "clearest_factor", people)
    assert total["work_lower"] == total["work_higher"] > 0
