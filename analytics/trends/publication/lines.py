"""Which earlier releases a modelled figure rests on: each measure of a product as a line of releases.

A release is modelled from those that were drawn before it, in the order of their periods. A period that is drawn after
a later one, and a revision, rest on the releases before their own period. A revision takes its period's place for later
releases if it is drawn before them; a period that is drawn late is looked at by no other (as in `monitoring.series`).
A line begins again where the measure's definition changes, and where the plan declares a break. Other noise, or another
basis, goes on in the same line. Periods that are compared with no other are in none.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from analytics.canonical import canonical_json
from analytics.cells import NoisyCells
from analytics.layout import Array
from analytics.periods import Period
from analytics.store.body import HeadlineKind, ReleasedMeasure
from analytics.store.chain import Entry
from analytics.trends.estimation.estimates import layout_of, noisy_of
from analytics.trends.estimation.figures import MeasureFigures, weights_of
from analytics.trends.modelling.line import Line

CellsOf = Callable[[Entry], NoisyCells]


@dataclass(frozen=True)
class MeasureLine:
    """One measure of one release, with the line up to it."""

    figures: MeasureFigures
    line: Line
    """With the release as its newest, if it is followed; else the releases before it."""

    @property
    def is_followed(self) -> bool:
        """Whether the release is in the line."""
        return not self.figures.not_compared


@dataclass(frozen=True)
class _Taken:
    """One release of a measure, as later ones may rest on it."""

    entry: Entry
    definition: str


_Recipe = tuple[int, ...]
"""The ledger's numbers of the releases in a line."""


@dataclass
class Lines:
    """The lines of every measure, as the ledger's releases are added one by one."""

    cells: CellsOf
    _last: dict[str, Period] = field(default_factory=dict)
    """By product, the latest period so far."""
    _in_order: dict[tuple[str, str], dict[Period, _Taken]] = field(default_factory=dict)
    """By product and measure, the releases that later ones rest on."""
    _known: dict[tuple[str, str], dict[_Recipe, Line]] = field(default_factory=dict)
    """By product and measure, the newest line and the one before it: a release next in order is one step."""

    def add(self, entry: Entry, figures: list[MeasureFigures]) -> list[MeasureLine]:
        """Take in a release; return the line of each of its measures."""
        period = entry.period_
        is_late = period < self._last.get(entry.product, period)
        if not is_late:
            self._last[entry.product] = period
        return [self._added(entry, one, is_late=is_late) for one in figures]

    def _added(self, entry: Entry, figures: MeasureFigures, *, is_late: bool) -> MeasureLine:
        key = entry.product, figures.measure.name
        taken = _Taken(entry, definition_of(entry, figures.measure))
        in_order = self._in_order.setdefault(key, {})
        resting = _resting_on(in_order, taken)
        recipe = tuple(one.entry.sequence for one in resting)
        known = self._known.get(key, {})
        before = known[recipe] if recipe and recipe in known else self._made(figures.measure, resting)
        if figures.not_compared:
            return MeasureLine(figures, before)
        line = self._extended(before, entry, figures.measure.name)
        if not is_late:
            in_order[entry.period_] = taken
            self._known[key] = {recipe: before, (*recipe, entry.sequence): line}
        return MeasureLine(figures, line)

    def _made(self, measure: ReleasedMeasure, releases: list[_Taken]) -> Line:
        line = Line.begun(_mean(measure))
        for one in releases:
            line = self._extended(line, one.entry, measure.name)
        return line

    def _extended(self, line: Line, entry: Entry, measure: str) -> Line:
        return line.taken(entry.period_, layout_of(entry, measure), noisy_of(entry, self.cells(entry), measure))


def rebased(entry: Entry) -> tuple[Period, str] | None:
    """Return the newest break up to a release that its plan declares, with the reason."""
    declared = [(Period.parse(name), reason) for name, reason in entry.body.rebase or ()]
    return max((one for one in declared if one[0] <= entry.period_), default=None)


def definition_of(entry: Entry, measure: ReleasedMeasure) -> str:
    """Return all that makes figures of two releases those of one measure, in one spelling; no noise, no text."""
    # The model follows every table of the plan and the simpler ones that they imply.
    tables = list(layout_of(entry, measure.name).component_variance)
    return canonical_json(
        [
            entry.body.cadence,
            [name for name, _ in measure.categories],
            [[one.name, one.kind, one.unit, one.weights, one.whole] for one in measure.headlines],
            measure.parameters,
            measure.looks_back_weeks,
            [[name, keys] for name, keys in entry.body.keys.items() if (name,) in tables],
            tables,
        ]
    )


def _resting_on(in_order: dict[Period, _Taken], taken: _Taken) -> list[_Taken]:
    """Return the releases that one rests on, in period order: of its definition, and since the declared break."""
    own, start = taken.entry.period_, rebased(taken.entry)
    before = sorted((period for period in in_order if period < own), reverse=True)
    newest_first = itertools.takewhile(
        lambda period: in_order[period].definition == taken.definition and (start is None or period >= start[0]), before
    )
    return [in_order[period] for period in newest_first][::-1]


def _mean(measure: ReleasedMeasure) -> Array | None:
    """Return the weights of the measure's mean, if it has one."""
    return next((weights_of(one)[0] for one in measure.headlines if one.kind is HeadlineKind.MEAN), None)
