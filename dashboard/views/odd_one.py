"""Whether a group differs from everybody else only because the odd one is among everybody else.

With one group far above all others, everybody else's figure is raised for each of the others, and they look lower. So
each claim in the other direction is tried once more without the odd one. That only ever withdraws a claim: nothing is
called different because of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analytics.trends.estimation.intervals import Interval
from dashboard.reading.modelled import ModelledFigure
from dashboard.views.compared import Compared, Group, mark_of


def judged(found: Compared) -> Compared:
    """Return the groups with those marked that differ only because of the odd one."""
    _, only = only_by_the_odd_one(found.groups, found.model)
    return replace(
        found, groups=tuple(replace(one, mark="odd_one") if one.cohort in only else one for one in found.groups)
    )


def only_by_the_odd_one(groups: Sequence[Group], model: Mapping[str, ModelledFigure]) -> tuple[str, tuple[str, ...]]:
    """Return the odd group, and the groups that differ the other way only because of it; empty where there is none.

    Without the odd one, everybody else's figure is the mean of the rest by their people. The interval keeps its width.
    """
    marked = [one for one in groups if one.mark in {"higher", "lower"} and one.cohort in model]
    if len({one.mark for one in marked}) < 2:  # noqa: PLR2004 -- higher and lower
        return "", ()
    odd = max(marked, key=_strength)
    against = [one for one in marked if one.mark != odd.mark]
    fell = [one.cohort for one in against if _without(one, odd.cohort, model) == "no_clear_difference"]
    return (odd.cohort, tuple(fell)) if fell else ("", ())


def _strength(one: Group) -> float:
    width = one.ends.high - one.ends.low
    return abs(one.value) / width if width else 0.0


def _without(one: Group, odd: str, model: Mapping[str, ModelledFigure]) -> str:
    """Return the verdict on a group against everybody else but the odd one; as it is where no people are known."""
    others = [(it.value, it.people) for name, it in model.items() if name not in {one.cohort, odd}]
    known = [(value, people) for value, people in others if value is not None and people]
    total = sum(people for _, people in known)
    if not total:
        return one.mark
    moved = one.figure - sum(value * people for value, people in known) / total - one.value
    return mark_of(Interval(one.ends.low + moved, one.ends.high + moved))
