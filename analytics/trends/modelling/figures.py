"""The modelled figures of a release: headlines, changes, differences from everybody else, and whether to read them.

`low` and `high` are for the participants' own exact figure; `shown_low` and `shown_high` allow for who happens to log,
too, taking people as chosen one by one. Changes and differences allow for both. The state is a rule for readers, and
protects nobody: the noise does that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analytics.layout import Array, Dimensions, Layout
from analytics.periods import Period
from analytics.store.body import HeadlineKind, ReleasedHeadline, ReleasedMeasure
from analytics.trends.estimation.figures import UNIT_SCALE, weights_of
from analytics.trends.estimation.intervals import Figure, Z
from analytics.trends.estimation.simultaneous import independent
from analytics.trends.modelling.cell import ModelledCell
from analytics.trends.modelling.differences import Difference, Pair
from analytics.trends.modelling.line import Line
from analytics.trends.modelling.margins import Cells
from analytics.trends.modelling.past import Past, looked_back

LAGS = (4, 13)
"""Periods over which a change is given."""
LEAST_RELEASES = 3
"""Before a figure is displayed."""


class State(StrEnum):
    """How a modelled figure may be read."""

    DISPLAYED = "displayed"
    CAUTION = "caution"
    WITHHELD = "withheld"
    TOO_LITTLE_HISTORY = "too_little_history"


@dataclass(frozen=True)
class ModelledFigure:
    """One headline of one cohort: percent, points of 0-100, or persons. Numbers are None where it is withheld."""

    table: Dimensions
    cell: tuple[int, ...]
    headline: str
    state: State
    value: float | None = None
    low: float | None = None
    high: float | None = None
    shown_low: float | None = None
    shown_high: float | None = None
    people: float | None = None
    own_share: float | None = None
    """Between 0 and 1: how much of what is known of it comes from its own cell in its own period."""
    since_4: Difference | None = None
    since_13: Difference | None = None
    against_rest: Difference | None = None


@dataclass(frozen=True)
class PastFigure:
    """One headline of one cohort in an earlier period, as it is seen from the newest release."""

    period: Period
    table: Dimensions
    cell: tuple[int, ...]
    headline: str
    value: float
    low: float
    high: float


def modelled_figures(line: Line, measure: ReleasedMeasure, display: dict[str, str]) -> list[ModelledFigure]:
    """Return every headline of every cohort of the plan's tables in the newest release, in the rows' order."""
    layout = line.newest.layout
    ordered = [layout.ordered(table) for table in layout.sigma]
    places = {lag: place for lag in LAGS if (place := line.before(lag)) is not None}
    past = looked_back(line.releases, [(place, ordered) for place in places.values()])
    found = []
    for table, grid_order in zip(layout.sigma, ordered, strict=True):
        earlier = {lag: past[place][grid_order] for lag, place in places.items()}
        found.extend(_TableFigures(line, table, display, earlier).figures(measure))
    return found


def past_figures(line: Line, measure: ReleasedMeasure) -> list[PastFigure]:
    """Return the past as it is seen from the newest release, oldest first: tables of at most one dimension.

    Cohorts with few people, then or by noise alone, are not in it.
    """
    tables = [table for table in line.newest.layout.sigma if len(table) <= 1]
    past = looked_back(line.releases, [(place, tables) for place in range(len(line.releases))])
    return [
        PastFigure(line.periods[place], table, cell, headline.name, *ends)
        for place in sorted(past)
        for table in tables
        for cell, one in _cells(line.newest.layout, past[place][table].cells, table)
        for headline in measure.headlines
        if one.has_enough(headline) and (ends := _ends(one.figure(headline), headline))
    ]


def _ends(figure: Figure, headline: ReleasedHeadline) -> tuple[float, float, float] | None:
    scale = UNIT_SCALE[headline.kind]
    if figure.noise is None:
        return None
    return figure.estimate * scale, figure.noise.low * scale, figure.noise.high * scale


def _cells(layout: Layout, cells: Cells, table: Dimensions) -> Iterator[tuple[tuple[int, ...], ModelledCell]]:
    """Yield the cells of a table in its own order of dimensions."""
    for cell, place in _places(layout, table):
        yield cell, ModelledCell(cells.persons[place], cells.covariance[place])


def _places(layout: Layout, table: Dimensions) -> list[tuple[tuple[int, ...], int]]:
    """Return each cell of a table, in its own order of dimensions, with its place in grid order."""
    ordered = layout.ordered(table)
    places = np.arange(layout.size(table)).reshape([layout.keys[name] for name in ordered])
    own = places.transpose([ordered.index(name) for name in table])
    return [(cell, int(own[cell])) for cell in np.ndindex(*own.shape)]


@dataclass(frozen=True)
class _Readable:
    """A cell with its place in grid order."""

    place: int
    cell: ModelledCell
    state: State


@dataclass(frozen=True)
class _TableFigures:
    """One table of the newest release."""

    line: Line
    table: Dimensions
    display: dict[str, str]
    earlier: dict[int, Past]
    """The same table, by lag."""

    def figures(self, measure: ReleasedMeasure) -> list[ModelledFigure]:
        """Return its figures, cohort by cohort."""
        by_headline = [self._of(headline) for headline in measure.headlines]
        return [figure for of_cell in zip(*by_headline, strict=True) for figure in of_cell]

    @property
    def _ordered(self) -> Dimensions:
        return self.line.newest.layout.ordered(self.table)

    def _of(self, headline: ReleasedHeadline) -> list[ModelledFigure]:
        """Return one headline of every cohort."""
        layout, cells = self.line.newest.layout, self.line.newest.cells[self._ordered]
        places = _places(layout, self.table)
        all_of_them = [
            _Readable(place, cell, self._state(cell, place, headline))
            for (_, place), (_, cell) in zip(places, _cells(layout, cells, self.table), strict=True)
        ]
        readable = sum(one.state in {State.DISPLAYED, State.CAUTION} for one in all_of_them)
        z = independent(readable) if readable else Z
        return [
            self._figure(one, cell, headline, z)
            if one.state in {State.DISPLAYED, State.CAUTION}
            else ModelledFigure(self.table, cell, headline.name, one.state)
            for (cell, _), one in zip(places, all_of_them, strict=True)
        ]

    def _figure(self, one: _Readable, cell: tuple[int, ...], headline: ReleasedHeadline, z: float) -> ModelledFigure:
        figure, scale = one.cell.figure(headline), UNIT_SCALE[headline.kind]
        noise, shown = figure.noise, figure.shown
        return ModelledFigure(
            self.table,
            cell,
            headline.name,
            one.state,
            value=figure.estimate * scale,
            low=noise.low * scale if noise else None,
            high=noise.high * scale if noise else None,
            shown_low=shown.low * scale if shown else None,
            shown_high=shown.high * scale if shown else None,
            people=one.cell.people(headline),
            own_share=self._own_share(one, headline),
            since_4=self._since(one, 4, headline, z),
            since_13=self._since(one, 13, headline, z),
            against_rest=self._against_rest(one.cell, headline, z),
        )

    def _state(self, cell: ModelledCell, place: int, headline: ReleasedHeadline) -> State:
        _, whole = weights_of(headline)
        figure = cell.figure(headline)
        if not cell.has_enough(headline) or self._has_vanished(cell.people(headline), place, whole):
            return State.WITHHELD
        if figure.noise is None or figure.shown is None:
            return State.WITHHELD
        if len(self.line.periods) < LEAST_RELEASES:
            return State.TOO_LITTLE_HISTORY
        is_wide = figure.shown.half_width * UNIT_SCALE[headline.kind] > float(self.display["caution_half_width"])
        return State.CAUTION if is_wide and headline.kind is not HeadlineKind.PEOPLE else State.DISPLAYED

    def _has_vanished(self, people: float, place: int, whole: Array) -> bool:
        """Say whether the plain numbers of the last two releases lie nearer to nobody than to the modelled number."""
        plain = [float(whole @ release.plain[self._ordered].cells[place]) for release in self.line.releases[-2:]]
        return sum(plain) / len(plain) < people / 2

    def _own_share(self, one: _Readable, headline: ReleasedHeadline) -> float:
        release = self.line.newest
        noise = release.plain[self._ordered].variance * release.layout.spread
        gradient = one.cell.gradient(headline)
        return min(one.cell.noise(headline) / float(gradient @ noise @ gradient), 1.0)

    def _since(self, one: _Readable, lag: int, headline: ReleasedHeadline, z: float) -> Difference | None:
        if lag not in self.earlier:
            return None
        past, now = self.earlier[lag], one.cell
        then = ModelledCell(past.cells.persons[one.place], past.cells.covariance[one.place])
        if not then.has_enough(headline):
            return None
        shared = float(now.gradient(headline) @ past.shared[one.place] @ then.gradient(headline))
        return Pair(now, then, headline, shared).difference(z)

    def _against_rest(self, cell: ModelledCell, headline: ReleasedHeadline, z: float) -> Difference | None:
        """Compare with everybody else; a number of people is compared with nobody's."""
        if not self.table or headline.kind is HeadlineKind.PEOPLE:
            return None
        everybody = self.line.newest.cells[()]
        rest = ModelledCell(everybody.persons[0] - cell.persons, everybody.covariance[0] + cell.covariance)
        if not rest.has_enough(headline):
            return None
        # Whoever is counted too many in the group is counted too few in the rest: everybody's number is known better.
        shared = -float(cell.gradient(headline) @ cell.covariance @ rest.gradient(headline))
        return Pair(cell, rest, headline, shared).difference(z)
