"""What a plan says that it will show: by the plan's public assumption of how many count and how they are spread."""

import math

import numpy as np
import pytest

from analytics.contracts.measure import Typical
from analytics.trends.estimation.expected import HalfWidthRow, half_widths, plan_layout
from analytics.trends.estimation.figures import people_floor
from tests.support.releases import GRID, PRODUCT, plan_of

PEOPLE = 4000


def expected(typical: Typical | None) -> dict[str, HalfWidthRow]:
    """Return what is expected of everyone, by headline: 4,000 people who log."""
    plan = plan_of()
    measure = plan.measures["mood"].model_copy(update={"typical": typical})
    plan = plan.model_copy(update={"measures": {"mood": measure}})
    rows = half_widths(plan, GRID, plan.frozen or {}, [PEOPLE])
    return {row["headline"]: row for row in rows if row["table"] == "all"}


def test_without_an_assumption_all_count_and_evenly() -> None:
    """A measure that says nothing of what is typical counts everyone who logs, a third in each of three categories."""
    result = expected(None)
    assert result["low_share"]["counted"] == PEOPLE
    assert result == expected(Typical(counted=100, spread=(1, 1, 1)))


def test_fewer_people_and_a_smaller_share_are_allowed_for() -> None:
    """A share's half-width is that of the people who count and of the share that is typical, by the delta method."""
    result = expected(Typical(counted=25, spread=(1, 4, 5)))["low_share"]
    assert result["counted"] == 1000
    plan = plan_of()
    layout = plan_layout(GRID, ((), ("region",), ("region", "age")), (plan.frozen or {})[PRODUCT]["mood"])
    gradient = (np.array([1.0, 0, 0]) - 0.1) / 1000
    noise = layout.variance(()) * float(gradient @ layout.spread @ gradient)
    by_hand = 100 * 1.96 * math.sqrt(noise + 0.1 * 0.9 / 1000)
    assert result["shown"] == pytest.approx(by_hand, rel=0.03)  # Fieller is a little wider


def test_too_few_who_count_are_expected_to_be_withheld() -> None:
    """Where fewer count than the floor asks for, nothing is promised, however many log."""
    plan = plan_of()
    layout = plan_layout(GRID, ((), ("region",), ("region", "age")), (plan.frozen or {})[PRODUCT]["mood"])
    floor = people_floor(layout, (), {name: str(value) for name, value in plan.display.model_dump().items()})
    short = Typical(counted=math.floor(100 * floor / PEOPLE), spread=(1, 1, 1))
    enough = Typical(counted=math.ceil(100 * floor / PEOPLE) + 1, spread=(1, 1, 1))
    assert not expected(short)["people"]["readable"]
    assert expected(enough)["people"]["readable"]
