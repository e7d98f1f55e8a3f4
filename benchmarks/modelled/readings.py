"""What a reader gets of modelled figures, beside the truth: states, intervals, changes and differences.

`shown` ends, changes and differences allow for who happens to log. They are judged against the underlying figures:
those of all other services whose people were chosen in the same way. One row per release, cell and headline.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from analytics.contracts import table_name
from analytics.layout import Array, Dimensions
from analytics.periods import Period
from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.trends.estimation.figures import people_floor
from analytics.trends.modelling.figures import Difference, ModelledFigure, State, modelled_figures
from analytics.trends.modelling.line import Line
from benchmarks.modelled.rows import exactly, mean_weights
from benchmarks.modelled.services import Service, display, measure

FIRST = Period("week", 2024, 1)
DIFFERENCES = ("since_4", "since_13", "against_rest")
LAGS = {"since_4": 4, "since_13": 13}

SCHEMA: dict[str, pl.DataType] = {
    "release": pl.Int64(),
    "table": pl.String(),
    "cell": pl.Int64(),
    "known": pl.Boolean(),
    "since": pl.Int64(),
    "headline": pl.String(),
    "people": pl.Float64(),
    "shown_today": pl.Boolean(),
    "state": pl.String(),
    "truth": pl.Float64(),
    "plain": pl.Float64(),
    "modelled": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "underlying": pl.Float64(),
    "shown_low": pl.Float64(),
    "shown_high": pl.Float64(),
    **{
        f"{one}_{part}": pl.Float64()
        for one in DIFFERENCES
        for part in ("underlying", "low", "high", "simultaneous_low", "simultaneous_high")
    },
}
"""`people` and `truth` are exact and of this service."""

READABLE = (State.DISPLAYED.value, State.CAUTION.value)


def readings(service: Service, others: Sequence[Service], seed: Sequence[int]) -> pl.DataFrame:
    """Return the rows of one drawing of noise."""
    underlying = {
        table: np.mean([other.truth[table] for other in others], axis=0) if others else service.truth[table]
        for table in service.truth
    }
    line, period, found = Line.begun(mean_weights()), FIRST, list[tuple[object, ...]]()
    for number, noisy in enumerate(service.noisy(seed)):
        line, period = line.taken(period, service.layout, noisy), period.next
        figures = modelled_figures(line, measure(), display())
        found.extend(_row(service, underlying, number, line, figure) for figure in figures)
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def _row(
    service: Service, underlying: dict[Dimensions, Array], number: int, line: Line, figure: ModelledFigure
) -> tuple[object, ...]:
    table, layout = figure.table, service.layout
    shape = tuple(layout.keys[name] for name in table)
    place = int(np.ravel_multi_index(figure.cell, shape)) if shape else 0
    headline = measure().headline(figure.headline)
    exact = service.truth[table][number, place]
    plain = line.newest.plain[table].cells[place]
    return (
        *(number, table_name(table), place, bool(service.known[table][place])),
        *(int(service.since[table][number, place]), figure.headline, float(exact.sum())),
        bool(plain.sum() >= people_floor(layout, table, display())),
        *(figure.state.value, _one(exact, headline), _one(plain, headline), figure.value, figure.low, figure.high),
        *(_one(underlying[table][number, place], headline), figure.shown_low, figure.shown_high),
        *_differences(figure, underlying, number, place, headline),
    )


def _differences(
    figure: ModelledFigure, underlying: dict[Dimensions, Array], number: int, place: int, headline: ReleasedHeadline
) -> Iterator[float | None]:
    cells = underlying[figure.table]
    now = _one(cells[number, place], headline)
    for one in DIFFERENCES:
        difference: Difference | None = getattr(figure, one)
        then: float | None = None
        if one in LAGS and number >= LAGS[one]:
            then = _one(cells[number - LAGS[one], place], headline)
        elif one not in LAGS and headline.kind is not HeadlineKind.PEOPLE:
            then = _one(underlying[()][number, 0] - cells[number, place], headline)
        yield None if now is None or then is None else now - then
        if difference is None:
            yield from (None, None, None, None)
        else:
            yield from (difference.low, difference.high, difference.simultaneous_low, difference.simultaneous_high)


def _one(cell: Array, headline: ReleasedHeadline) -> float | None:
    """Return an exact headline of one cell."""
    found = float(exactly(cell[None], headline)[0])
    return found if math.isfinite(found) else None
