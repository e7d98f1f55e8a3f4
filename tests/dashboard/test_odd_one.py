"""A group that looks lower only because another is far higher is not called lower in a title."""

import pytest

from analytics.trends.estimation.intervals import Interval
from dashboard.reading.modelled import ModelledDifference, ModelledFigure
from dashboard.views.compared import Group, mark_of
from dashboard.views.odd_one import only_by_the_odd_one

PEOPLE = 1000.0


def groups_of(values: dict[str, float], half_width: float) -> tuple[list[Group], dict[str, ModelledFigure]]:
    """Return groups of 1,000 people each, compared with everybody else by an interval of a half width."""
    groups: list[Group] = []
    model: dict[str, ModelledFigure] = {}
    for name, value in values.items():
        others = [other for key, other in values.items() if key != name]
        less = value - sum(others) / len(others)
        ends = Interval(less - half_width, less + half_width)
        groups.append(Group(name, name, "", less, ends, mark_of(ends), is_caution=False, figure=value))
        rest = ModelledDifference(less, ends)
        model[name] = ModelledFigure(
            name, name, "percent", "displayed", value, Interval(value - 1, value + 1), PEOPLE, 0.5, rest, {}, ""
        )
    return groups, model


@pytest.mark.parametrize(
    ("values", "odd", "only"),
    [
        # 34 raises the rest of each other group by 5: east, at 14, is 5 below its rest and at par with south and west
        ({"north": 34.0, "east": 14.0, "south": 15.0, "west": 15.0}, "north", ("east",)),
        # east is lower than south and west as well: that claim stays
        ({"north": 34.0, "east": 5.0, "south": 15.0, "west": 15.0}, "", ()),
        # the same upside down: the odd one is far lower
        ({"north": 2.0, "east": 22.0, "south": 21.0, "west": 21.0}, "north", ("east",)),
        # nothing is claimed in the other direction, so nothing is withdrawn
        ({"north": 34.0, "east": 20.0, "south": 20.0, "west": 20.0}, "", ()),
    ],
)
def test_a_claim_that_the_odd_one_makes_is_withdrawn(values: dict[str, float], odd: str, only: tuple[str, ...]) -> None:
    half_width = 6.9 if values["north"] != 2.0 else 6.6  # wide enough that of the others east alone is called different
    assert only_by_the_odd_one(*groups_of(values, half_width)) == (odd, only)


def test_without_numbers_of_people_every_claim_stays() -> None:
    """What cannot be tried is not withdrawn."""
    groups, model = groups_of({"north": 34.0, "east": 14.0, "south": 15.0, "west": 15.0}, 6.9)
    assert only_by_the_odd_one(groups, {"north": model["north"]}) == ("", ())
