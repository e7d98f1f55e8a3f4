"""Everybody's profile may move where many leave or come: those who leave differ from those who stay."""

import numpy as np

from analytics.layout import Array, Layout
from analytics.periods import Period
from analytics.store.body import HeadlineKind, ReleasedHeadline, ReleasedMeasure
from analytics.trends.modelling.figures import State, modelled_figures
from analytics.trends.modelling.line import Line
from analytics.trends.modelling.model import MeasureModel

LAYOUT = Layout({}, {(): 20.0}, tuple(tuple(int(row == column) for column in range(3)) for row in range(3)))
"""Three categories, everybody together; the noise is the size of 20 people."""
PROFILE = np.array([0.2, 0.5, 0.3])
MEASURE = ReleasedMeasure(
    name="mood",
    label="Mood",
    basis=LAYOUT.basis,
    categories=(("low", "Low"), ("middling", "Middling"), ("good", "Good")),
    headlines=tuple(
        ReleasedHeadline(name=name, label=name, kind=kind, unit=unit, weights=weights, whole=(1, 1, 1))
        for name, kind, unit, weights in (
            ("people", HeadlineKind.PEOPLE, "persons", (1, 1, 1)),
            ("share", HeadlineKind.SHARE, "percent", (1, 0, 0)),
        )
    ),
)
DISPLAY = {"floor_people": "9", "floor_noise_sds": "3.72", "caution_half_width": "10"}


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


def test_a_ratio_is_withheld_where_most_have_left_and_its_own_numbers_say_little() -> None:
    """Of 400 people 160 stay, who may be unlike the others. Of 20,000 the own numbers say enough."""
    for many, state in ((400.0, State.WITHHELD), (20_000.0, State.DISPLAYED)):
        line, period = Line.begun(None), Period.parse("2026-W01")
        for people in (*[many] * 8, 0.4 * many):
            line, period = line.taken(period, LAYOUT, {(): people * PROFILE}), period.next
        found = {figure.headline: figure.state for figure in modelled_figures(line, MEASURE, DISPLAY)}
        assert found["share"] is state
        assert found["people"] is State.DISPLAYED
