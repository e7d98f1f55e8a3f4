"""What led to the findings of one release: the figures of many series, read together. One by one costs seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from analytics.trends.publication.published import Published, Release

Series = tuple[str, str, str, str]
"""Measure, headline, table and cohort."""

_NUMBERS = ("estimate", "noise_low", "noise_high", "shown_low", "shown_high")
"""A figure without one of them is withheld, as in `PublishedFigure`."""


@dataclass(frozen=True)
class Point:
    """A figure of a series in one period; None where it is withheld."""

    period: str
    first_day: date
    last_day: date
    estimate: float | None


def histories(published: Published, release: Release, wanted: pl.DataFrame) -> Mapping[Series, Sequence[Point]]:
    """Return the points of the series that the rows of `wanted` name, up to the period of `release`, in order."""
    found: dict[Series, list[Point]] = {}
    is_whole = pl.all_horizontal(pl.col(name).is_finite().fill_null(value=False) for name in _NUMBERS)
    estimate = pl.when(is_whole).then(pl.col("estimate"))
    for (measure, headline), rows in wanted.partition_by("measure", "headline", as_dict=True).items():
        points = (
            published.figure(release.product, str(measure), str(headline))
            .filter(pl.col("period") <= release.period)
            .join(rows.select("table", "cohort").unique(), on=["table", "cohort"], how="semi", maintain_order="left")
            .select("table", "cohort", "period", "first_day", "last_day", estimate)
        )
        for table, cohort, *point in points.iter_rows():
            found.setdefault((str(measure), str(headline), table, cohort), []).append(Point(*point))
    return found
