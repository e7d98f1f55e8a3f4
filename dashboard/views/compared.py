"""A table's groups as they are compared: with everybody else where the release has modelled figures, else with all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published
from analytics.wording import cut
from dashboard.reading.figures import CAUTION, PEOPLE, Choice, PublishedFigure, comparison
from dashboard.reading.modelled import ModelledFigure, Verdict, modelled
from dashboard.texts.words import Words
from dashboard.views import naming

Against = Literal["rest", "all", "nothing"]
Mark = Verdict | Literal["not_known", "odd_one"]
"""`odd_one`: clearly different from everybody else, but only because of the group that is furthest off."""


@dataclass(frozen=True)
class Group:
    """One group that is shown."""

    cohort: str
    label: str
    amount: str
    """Its own figure in words."""
    value: float
    """What the chart draws: the difference, or the figure itself where it is compared with nothing."""
    ends: Interval
    """Of the same: the interval that the verdict is read from."""
    mark: Mark
    is_caution: bool
    figure: float
    """Its own figure, for sorting."""


@dataclass(frozen=True)
class Compared:
    """The groups of one table in one release, in the plan's order."""

    table: str
    against: Against
    labels: Mapping[str, str]
    """Every group in words, by its public name."""
    plain: Mapping[str, PublishedFigure]
    model: Mapping[str, ModelledFigure]
    groups: tuple[Group, ...]
    """Those that are shown."""

    @property
    def held(self) -> tuple[str, ...]:
        """The public names of the groups that are not shown."""
        shown = {one.cohort for one in self.groups}
        return tuple(name for name in self.labels if name not in shown)

    @property
    def is_modelled(self) -> bool:
        """Whether the release models any group of the table."""
        return any(one.value is not None for one in self.model.values())


def compared(words: Words, published: Published, choice: Choice, table: str) -> Compared:
    """Return the groups of `table` in the chosen release."""
    plain = {one.cohort: one for one in comparison(published, choice, table)}
    model = {one.cohort: one for one in modelled(published, choice, table)}
    labels = {name: naming.cohort_label(words, choice, table, name) for name in [*plain, *model]}
    empty = Compared(table, _against(choice, plain, model), labels, plain, model, ())
    found = (_group(words, empty, name) for name in labels)
    return Compared(table, empty.against, labels, plain, model, tuple(one for one in found if one is not None))


def mark_of(ends: Interval) -> Verdict:
    """Say whether an interval excludes 0; one that touches 0 does not."""
    if ends.low > 0:
        return "higher"
    return "lower" if ends.high < 0 else "no_clear_difference"


def _against(choice: Choice, plain: Mapping[str, PublishedFigure], model: Mapping[str, ModelledFigure]) -> Against:
    if choice.headline == PEOPLE:
        return "nothing"
    if any(one.against_rest is not None for one in model.values()):
        return "rest"
    if any(one.value is not None for one in model.values()):
        return "nothing"  # a modelled figure is not compared with one that is not
    return "all" if any(one.against_all is not None for one in plain.values()) else "nothing"


def _group(words: Words, of: Compared, name: str) -> Group | None:
    """Return a group as it is drawn: modelled, or as published where the release models no group of the table."""
    own = of.model.get(name) if of.is_modelled else of.plain.get(name)
    if own is None or own.shown is None:
        return None
    if isinstance(own, ModelledFigure):
        value, is_caution, rest = own.value, own.state == CAUTION, own.against_rest
        less = None if rest is None else (rest.value, rest.interval)
    else:
        value, is_caution, every = own.estimate, own.reliability == CAUTION, own.against_all
        less = None if every is None else (every.estimate, every.simultaneous)
    if value is None:
        return None
    amount = words.amount(max(value, 0.0) if own.unit == "persons" else value, own.unit)
    if of.against == "nothing":
        ends = Interval(cut(own.shown.low, own.unit), cut(own.shown.high, own.unit))
        return Group(name, of.labels[name], amount, cut(value, own.unit), ends, "not_known", is_caution, value)
    if less is None:
        return None
    return Group(name, of.labels[name], amount, *less, mark_of(less[1]), is_caution, value)
