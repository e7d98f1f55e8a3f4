"""Plain and modelled figures of a service from the same noise, with the truth: a row per release, cell and headline."""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from analytics.contracts import table_name
from analytics.layout import Array, Dimensions
from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.trends.estimation.figures import UNIT_SCALE, people_floor, weights_of
from analytics.trends.estimation.intervals import Z
from analytics.trends.modelling.headline_cells import HeadlineCells
from analytics.trends.modelling.model import MeasureModel, ModelledRelease
from benchmarks.modelled.services import Service, display, measure

NOBODY = 1e-9
"""Persons: a sum of fewer has no share."""


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
    """Return the rows of one drawing of noise.

    `release` is from 0 and `since` counts releases since a sudden change. `people` and `truth` are exact; `low` and
    `high` are for the participants' own figure, `shown_low` and `shown_high` for the underlying one. Shares are in
    percent and means from 0 to 100.
    """
    return pl.concat(
        _of_table(service, number, release, table, headline)
        for number, release in enumerate(followed(service, seed))
        if number >= from_release
        for table in service.truth
        for headline in measure().headlines
    )


def _of_table(
    service: Service, number: int, release: ModelledRelease, table: Dimensions, headline: ReleasedHeadline
) -> pl.DataFrame:
    exact, plain, cells = service.truth[table][number], release.plain[table].cells, release.cells[table]
    modelled, scale = HeadlineCells(cells.persons, cells.covariance, headline), UNIT_SCALE[headline.kind]
    own, shown = modelled.own(Z), modelled.shown(Z)
    return pl.DataFrame(
        {
            "release": np.full(len(exact), number),
            "table": [table_name(table)] * len(exact),
            "cell": np.arange(len(exact)),
            "known": service.known[table],
            "since": service.since[table][number],
            "headline": [headline.name] * len(exact),
            "people": exact.sum(axis=1),
            "truth": exactly(exact, headline),
            "plain": exactly(plain, headline),
            "shown_today": plain.sum(axis=1) >= people_floor(service.layout, table, display()),
            "modelled": _possible(modelled.estimate * scale, headline),
            "low": own.low * scale,
            "high": own.high * scale,
            "shown_low": shown.low * scale,
            "shown_high": shown.high * scale,
        }
    ).with_columns(pl.selectors.float().fill_nan(None))


def exactly(cells: Array, headline: ReleasedHeadline) -> Array:
    """Return a headline of cells of known or noisy persons; not a number where nobody is."""
    weights, whole = weights_of(headline)
    people = cells @ whole
    if headline.kind is HeadlineKind.PEOPLE:
        return people
    is_somebody = np.abs(people) > NOBODY
    ratio = np.divide(cells @ weights, people, out=np.full_like(people, np.nan), where=is_somebody)
    return _possible(ratio * UNIT_SCALE[headline.kind], headline)


def _possible(figures: Array, headline: ReleasedHeadline) -> Array:
    """Return the figures, and for what no data could give the nearest that they could."""
    return figures if headline.kind is HeadlineKind.PEOPLE else np.clip(figures, 0.0, 100.0)


def with_underlying(frame: pl.DataFrame, others: Sequence[Service]) -> pl.DataFrame:
    """Return the rows with the column `underlying`: the figure of all services of other people, chosen alike."""
    found = [
        pl.DataFrame(
            {
                "release": np.full(cells.shape[1], number),
                "table": [table_name(table)] * cells.shape[1],
                "cell": np.arange(cells.shape[1]),
                "headline": [headline.name] * cells.shape[1],
                "underlying": exactly(cells[number], headline),
            }
        )
        for table in others[0].truth
        for cells in [np.mean([other.truth[table] for other in others], axis=0)]
        for number in range(len(cells))
        for headline in measure().headlines
    ]
    underlying = pl.concat(found).with_columns(pl.selectors.float().fill_nan(None))
    return frame.join(underlying, on=["release", "table", "cell", "headline"], how="left", maintain_order="left")
