"""The modelled figures of a release: headlines, changes, differences from everybody else, and whether to read them.

`low` and `high` are for the participants' own exact figure; `shown_low` and `shown_high` allow for who happens to log,
too, taking people as chosen one by one. Changes and differences allow for both. The state is a rule for readers, and
protects nobody: the noise does that.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.layout import Array, Dimensions, Layout
from analytics.periods import Period
from analytics.store.body import ReleasedHeadline, ReleasedMeasure
from analytics.trends.estimation.figures import UNIT_SCALE, weights_of
from analytics.trends.estimation.intervals import Z
from analytics.trends.estimation.simultaneous import independent
from analytics.trends.modelling.differences import Differences, differences
from analytics.trends.modelling.headline_cells import Flags, HeadlineCells
from analytics.trends.modelling.line import Line
from analytics.trends.modelling.past import Past, looked_back

LAGS = (4, 13)
"""Periods over which a change is given."""
LEAST_RELEASES = 3
"""Before a figure is displayed."""
STAYED, LEFT_WITHIN, OWN = 0.6, 4, 0.5
"""Where fewer than this part of the people of any of the last releases are left, a figure must be of its own period."""


class State(StrEnum):
    """How a modelled figure may be read."""

    DISPLAYED = "displayed"
    CAUTION = "caution"
    WITHHELD = "withheld"
    TOO_LITTLE_HISTORY = "too_little_history"


@dataclass(frozen=True)
class Difference:
    """A change or a difference, in the unit of its figure, with its own interval and that of all in its table."""

    value: float
    low: float
    high: float
    simultaneous_low: float
    simultaneous_high: float


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

    Cohorts with few people then, and figures that noise alone could explain, are not in it; nothing is before a figure
    could be displayed at all.
    """
    layout = line.newest.layout
    if len(line.periods) < LEAST_RELEASES:
        return []
    tables = [table for table in layout.sigma if len(table) <= 1]
    past = looked_back(line.releases, [(place, tables) for place in range(len(line.releases))])
    found: list[PastFigure] = []
    for place in sorted(past):
        for table in tables:
            cells = past[place][table].cells
            by_headline = [HeadlineCells(cells.persons, cells.covariance, one) for one in measure.headlines]
            readable = [one.has_enough & np.isfinite(one.own(Z).low) for one in by_headline]
            figures = [_scaled(one, one.estimate, one.own(Z).low, one.own(Z).high) for one in by_headline]
            found.extend(
                PastFigure(line.periods[place], table, cell, headline.name, *(float(part[number]) for part in parts))
                for number, cell in enumerate(np.ndindex(*(layout.keys[name] for name in table)))
                for headline, parts, is_readable in zip(measure.headlines, figures, readable, strict=True)
                if is_readable[number]
            )
    return found


def _scaled(cells: HeadlineCells, *parts: Array) -> list[Array]:
    """Return them on the published scale."""
    return [part * UNIT_SCALE[cells.headline.kind] for part in parts]


def _places(layout: Layout, table: Dimensions) -> npt.NDArray[np.intp]:
    """Return each cell's place in grid order, in the table's own order of dimensions."""
    ordered = layout.ordered(table)
    places = np.arange(layout.size(table)).reshape([layout.keys[name] for name in ordered])
    return places.transpose([ordered.index(name) for name in table])


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
        cells = self.line.newest.cells[self._ordered]
        now = HeadlineCells(cells.persons, cells.covariance, headline)
        own, shown, is_readable = now.own(Z), now.shown(Z), self._readable(now)
        z = independent(int(is_readable.sum())) if is_readable.any() else Z
        ends = _scaled(now, now.estimate, own.low, own.high, shown.low, shown.high)
        values = dict(zip(("value", "low", "high", "shown_low", "shown_high"), ends, strict=True))
        values |= {"people": now.people, "own_share": self._own_share(now)}
        compared = {**{f"since_{lag}": self._since(now, lag, z) for lag in LAGS}, "against_rest": self._rest(now, z)}
        places, found = _places(self.line.newest.layout, self.table), []
        for cell in np.ndindex(*places.shape):
            place = int(places[cell])
            state = self._state(now, is_readable[place], float(shown.high[place] - shown.low[place]) / 2)
            if state not in {State.DISPLAYED, State.CAUTION}:
                found.append(ModelledFigure(self.table, cell, headline.name, state))
                continue
            numbers: dict[str, Any] = {name: float(part[place]) for name, part in values.items()}
            numbers |= {name: _difference(now, every, place) for name, every in compared.items()}
            found.append(ModelledFigure(self.table, cell, headline.name, state, **numbers))
        return found

    def _readable(self, now: HeadlineCells) -> Flags:
        """Say which figures are of enough people that have not vanished, and have both intervals."""
        whole = weights_of(now.headline)[1]
        plain = [release.plain[self._ordered].cells @ whole for release in self.line.releases[-2:]]
        # Nearer to nobody than to the modelled number, over two releases: the group has gone.
        is_there = sum(plain) / len(plain) >= now.people / 2
        return now.has_enough & is_there & self._knows_who_stayed(now) & np.isfinite(now.own(Z).low + now.shown(Z).low)

    def _knows_who_stayed(self, now: HeadlineCells) -> Flags:
        """Say where most people of the last releases are still there, or a ratio is mostly of the period's own numbers.

        Those who stay may be unlike those who left, and the model goes on expecting the others.
        """
        numbers = np.stack([one.followed[self._ordered].people for one in self.line.releases[-1 - LEFT_WITHIN :]])
        found: Flags = (numbers[-1] >= STAYED * numbers.max(axis=0)) | (self._own_share(now) >= OWN)
        return found | np.bool_(now.is_count)

    def _state(self, now: HeadlineCells, is_readable: np.bool_, half_width: float) -> State:
        if not is_readable:
            return State.WITHHELD
        if len(self.line.periods) < LEAST_RELEASES:
            return State.TOO_LITTLE_HISTORY
        is_wide = half_width * UNIT_SCALE[now.headline.kind] > float(self.display["caution_half_width"])
        return State.CAUTION if is_wide and not now.is_count else State.DISPLAYED

    def _own_share(self, now: HeadlineCells) -> Array:
        release = self.line.newest
        noise = release.plain[self._ordered].variance * release.layout.spread
        plain = np.einsum("nc,cd,nd->n", now.gradient, noise, now.gradient)
        found: Array = np.minimum(np.divide(now.noise, plain, out=np.ones_like(plain), where=plain > 0), 1.0)
        return found

    def _since(self, now: HeadlineCells, lag: int, z: float) -> Differences | None:
        """Return the changes over so many periods; none where few people were there then."""
        if lag not in self.earlier:
            return None
        past = self.earlier[lag]
        then = HeadlineCells(past.cells.persons, past.cells.covariance, now.headline)
        shared = np.einsum("nc,ncd,nd->n", now.gradient, past.shared, then.gradient)
        return differences(now, then, np.where(then.has_enough, shared, np.nan), z)

    def _rest(self, now: HeadlineCells, z: float) -> Differences | None:
        """Compare with everybody else; a number of people has no such difference."""
        if not self.table or now.is_count:
            return None
        everybody = self.line.newest.cells[()]
        rest = HeadlineCells(everybody.persons - now.persons, everybody.covariance + now.covariance, now.headline)
        # Whoever is counted too many in the group is counted too few in the rest: everybody's number is known better.
        shared = -np.einsum("nc,ncd,nd->n", now.gradient, now.covariance, rest.gradient)
        return differences(now, rest, np.where(rest.has_enough, shared, np.nan), z)


def _difference(now: HeadlineCells, every: Differences | None, place: int) -> Difference | None:
    if every is None:
        return None
    ends = (every.alone.low, every.alone.high, every.together.low, every.together.high)
    parts = [float(part[place]) for part in _scaled(now, every.value, *ends)]
    return Difference(*parts) if np.isfinite(parts).all() else None
