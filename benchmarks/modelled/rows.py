"""Plain and modelled figures of a service from the same noise beside the truth: one row per release, cell and headline."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from analytics.contracts import table_name
from analytics.layout import Array
from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.trends.estimation.figures import UNIT_SCALE, people_floor, weights_of
from analytics.trends.modelling.cell import ModelledCell
from analytics.trends.modelling.model import MeasureModel, ModelledRelease
from benchmarks.modelled.services import LONG_AGO, Service, display, measure

SCHEMA = {
    "release": pl.Int64,
    "table": pl.String,
    "cell": pl.Int64,
    "known": pl.Boolean,
    "since": pl.Int64,
    "headline": pl.String,
    "people": pl.Float64,
    "truth": pl.Float64,
    "plain": pl.Float64,
    "shown_today": pl.Boolean,
    "modelled": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "shown_low": pl.Float64,
    "shown_high": pl.Float64,
}
"""`people` and `truth` are exact; `since` is releases since a sudden change. Shares in percent, means from 0 to 100."""


def followed(service: Service, seed: Sequence[int]) -> Iterator[ModelledRelease]:
    """Yield the modelled releases of one drawing of noise."""
    model = MeasureModel(mean=mean_weights())
    for noisy in service.noisy(seed):
        model, release = model.step(service.layout, noisy)
        yield release


def mean_weights() -> Array:
    """Return what the measure's mean weighs its categories with."""
    return next(weights_of(one)[0] for one in measure().headlines if one.kind is HeadlineKind.MEAN)


def rows(service: Service, seed: Sequence[int], *, from_release: int = 0) -> pl.DataFrame:
    """Return the rows of one drawing of noise."""
    found = [
        row
        for number, release in enumerate(followed(service, seed))
        if number >= from_release
        for row in _of_release(service, number, release)
    ]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def _of_release(service: Service, number: int, release: ModelledRelease) -> Iterator[tuple[object, ...]]:
    headlines = [(one, weights_of(one)) for one in measure().headlines]
    for table, truth in service.truth.items():
        name, floor = table_name(table), people_floor(service.layout, table, display())
        plain, cells = release.plain[table].cells, release.cells[table]
        for place, exact in enumerate(truth[number]):
            people, shown_today = float(exact.sum()), bool(plain[place].sum() >= floor)
            since = int(service.since[table][number, place])
            modelled = ModelledCell(cells.persons[place], cells.covariance[place])
            for headline, _ in headlines:
                yield (
                    *(number, name, place, bool(service.known[table][place]), since, headline.name, people),
                    exactly(exact, headline),
                    exactly(plain[place], headline),
                    shown_today,
                    *_ends(modelled, headline),
                )


def exactly(cell: Array, headline: ReleasedHeadline) -> float | None:
    """Return a headline of a cell as it stands, where somebody is in it; what no data could give is cut off."""
    weights, whole = weights_of(headline)
    people = float(whole @ cell)
    if headline.kind is HeadlineKind.PEOPLE:
        return people
    return min(max(100 * float(weights @ cell) / people, 0.0), 100.0) if abs(people) > 1e-9 else None  # noqa: PLR2004 -- nobody


def _ends(cell: ModelledCell, headline: ReleasedHeadline) -> tuple[float | None, ...]:
    figure, scale = cell.figure(headline), UNIT_SCALE[headline.kind]
    ends = [end for one in (figure.noise, figure.shown) for end in ((one.low, one.high) if one else (None, None))]
    value = figure.estimate * scale
    if headline.kind is not HeadlineKind.PEOPLE:
        value = min(max(value, 0.0), 100.0)
    return (value if math.isfinite(value) else None, *(None if end is None else end * scale for end in ends))
