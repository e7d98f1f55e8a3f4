"""What all groups do together is found, and one group's own jump does not move the others."""

import numpy as np
import pytest

from analytics.layout import Array
from analytics.trends.modelling.common import Surprises, common_movement

PART = np.array([0.4, 0.3, 0.2, 0.1])


def surprises(values: list[float], *, odds: float = 0.005, variance: float = 0.04) -> Surprises:
    """Return four groups' surprises in one coordinate; a jump adds a variance of 100."""
    column = np.array(values)[:, None]
    return Surprises(column, np.full_like(column, variance), np.full_like(column, 100.0), odds)


def movement(groups: Surprises, everybody: float, variance: float = 0.0001) -> tuple[Array, Array]:
    return common_movement(groups, np.array([everybody]), np.array([variance]), PART)


def test_what_all_do_is_the_common_movement() -> None:
    """All fall by 3, and everybody with them."""
    found, variance = movement(surprises([-3.1, -2.9, -3.0, -3.0]), -3.0)
    assert found[0] == pytest.approx(-3.0, abs=0.02)
    assert variance[0] < 0.005


@pytest.mark.parametrize("place", range(4))
def test_a_jump_of_one_group_is_not_everybody_s(place: int) -> None:
    """The group that jumps by 15 moves everybody by its part of 15, and the common movement by next to nothing."""
    values = [0.1, -0.1, 0.05, -0.05]
    values[place] += 15.0
    found, variance = movement(surprises(values), 15.0 * PART[place])
    assert abs(found[0]) < 0.15
    assert variance[0] > 0.01  # as of three groups: everybody's movement says little of the others now


def test_without_jumps_it_is_the_weighted_mean() -> None:
    """Of the groups and of everybody, by precision: as least squares gives it."""
    values, everybody, variance = [1.0, 2.0, 4.0, 8.0], 3.0, 0.5
    found, error = movement(surprises(values, odds=1e-12, variance=100.0), everybody, variance)
    rows = np.array([[0.1]] * 4 + [[variance**-0.5]])
    seen = np.array([*(0.1 * value for value in values), everybody * variance**-0.5])
    assert found[0] == pytest.approx(np.linalg.lstsq(rows, seen)[0][0], abs=1e-6)
    assert error[0] == pytest.approx(1 / float((rows.T @ rows)[0, 0]), rel=1e-6)
