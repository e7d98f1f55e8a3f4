"""Everybody's profile may move where many leave or come: those who leave differ from those who stay."""

import numpy as np

from analytics.layout import Array, Layout
from analytics.trends.modelling.model import MeasureModel

LAYOUT = Layout({}, {(): 20.0}, tuple(tuple(int(row == column) for column in range(3)) for row in range(3)))
"""Three categories, everybody together; the noise is the size of 20 people."""
PROFILE = np.array([0.2, 0.5, 0.3])


def uncertainty(numbers: list[float]) -> Array:
    """Return how little is known of everybody's profile after releases of so many people, without any noise."""
    model, seen = MeasureModel(), np.zeros(0)
    for people in numbers:
        model, release = model.step(LAYOUT, {(): people * PROFILE})
        seen = release.followed[()].profile_variance[0]
    return seen


def test_an_interval_widens_where_half_of_all_people_leave() -> None:
    """Of 600 people 300 stay: as if 300 had logged all along, and more, for they may be unlike the others."""
    steady, halved = uncertainty([300.0] * 12), uncertainty([600.0] * 11 + [300.0])
    assert (halved > 1.3 * steady).all()


def test_a_usual_coming_and_going_does_not_widen_it() -> None:
    """4 % from one release to the next are as good as none."""
    steady, changing = uncertainty([600.0] * 12), uncertainty([600.0, 624.0] * 6)
    assert np.allclose(steady, changing, rtol=0.1)
