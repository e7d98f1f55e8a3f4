"""What to read if a cohort's figure is withheld: the nearest readable one, chosen by plan, ledger and noise law.

First the same cohort over four weeks, then the cohorts that hold it: those of more dimensions before those of fewer,
those of less noise before others, everyone last. The first that reaches its floor is offered. For a number of people
only four weeks are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.layout import Dimensions, Layout
from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.trends.estimation.comparisons import same_definition
from analytics.trends.estimation.figures import CellFigures, MeasureFigures, counted, readable
from analytics.trends.estimation.intervals import Figure

WEEKS = 4
"""In the longer figure: the newest and those before it."""


@dataclass(frozen=True)
class Fallback:
    """What is offered."""

    of: Literal["four_weeks", "parent"]
    table: Dimensions
    cohort: tuple[str, ...]
    figure: Figure
    people: float
    """Noisy number of people that the figure is of; over four weeks the mean of a week."""


def fallback_of(
    figures: MeasureFigures, earlier: Sequence[MeasureFigures], cell: CellFigures, headline: ReleasedHeadline
) -> Fallback | None:
    """Return what is displayable instead of a headline that is withheld, if anything is.

    `earlier` are the three weeks before; fewer where one is not released, or where periods are not weeks.
    """
    offered = four_weeks(figures, earlier, cell, headline)
    # How many people a larger group has says nothing of how many this one has.
    if offered is not None or headline.kind is HeadlineKind.PEOPLE:
        return offered
    for parent in _parents(figures, cell):
        figure = figures.result(parent, headline)
        if figure is not None:
            return Fallback("parent", parent.table, parent.cohort, figure, counted(parent.categories, headline))
    return None


def four_weeks(
    figures: MeasureFigures, earlier: Sequence[MeasureFigures], cell: CellFigures, headline: ReleasedHeadline
) -> Fallback | None:
    """Return the figure of the mean of four weekly cells, where it is displayable.

    The draws are independent, so that the noise variance is a quarter. The people are not: the four weeks may be of
    the same people, who may not have changed. Their sampling variation is bounded by that of the mean week's number.
    """
    if len(earlier) != WEEKS - 1 or not all(same_definition(figures, week, headline) for week in earlier):
        return None
    weeks = [figures, *earlier]
    cells = [found for week in weeks if (found := week.cells.get((cell.table, cell.cohort)))]
    if len(cells) != WEEKS:
        return None
    categories = np.mean([one.categories for one in cells], axis=0)
    covariance = np.mean([week.covariance(cell.table) for week in weeks], axis=0) / WEEKS
    figure = readable(categories, covariance, headline, figures.display)
    if figure is None:
        return None
    return Fallback("four_weeks", cell.table, cell.cohort, figure, counted(categories, headline))


def parents(layout: Layout, table: Dimensions) -> list[Dimensions]:
    """Return the tables whose cohorts hold those of `table`, nearest first; ties in the plan's order."""
    found = [other for other in layout.sigma if set(other) < set(table)]
    return sorted(found, key=lambda other: (-len(other), layout.variance(other)))


def _parents(figures: MeasureFigures, cell: CellFigures) -> Iterator[CellFigures]:
    keys = dict(zip(cell.table, cell.cohort, strict=True))
    for table in parents(figures.layout, cell.table):
        yield figures.cells[table, tuple(keys[name] for name in table)]
