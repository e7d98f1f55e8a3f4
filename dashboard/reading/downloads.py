"""Published tables as files: the rows as they were published, withheld ones without a number."""

import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

import polars as pl

from analytics.trends.publication.published import Published, Release
from dashboard.reading.figures import Choice, trend_rows

Form = Literal["csv", "parquet"]
FORMS: tuple[Form, ...] = ("csv", "parquet")


def _measures(published: Published, release: Release) -> pl.DataFrame:
    return published.measures(release.product).filter(pl.col("period") == release.period)


_READ: Mapping[str, Callable[[Published, Release], pl.DataFrame]] = MappingProxyType(
    {
        "measures": _measures,
        "modelled": Published.modelled,
        "past": Published.past,
        "signals": Published.signals,
        "pairs": Published.pairs,
        "outlook": Published.outlook,
        "representation": Published.representation,
    }
)
TABLES = tuple(_READ)
"""The tables of a release, the most asked for first."""


def release_file(published: Published, release: Release, table: str, form: Form) -> bytes:
    """Return one table of a release, all groups and figures; one that its program did not make yet has no rows.

    `measures` as CSV has the published bytes. The others have the published rows, written again, so their hashes are
    not those of the manifest.
    """
    if (table, form) == ("measures", "csv"):
        return published.csv(release)
    return _written(_READ[table](published, release), form)


def trend_file(published: Published, choice: Choice) -> bytes:
    """Return the rows of the chosen figure and group in all periods as CSV."""
    return _written(trend_rows(published, choice, choice.table, choice.cohort), "csv")


def periods_shown(published: Published, product: str) -> set[str]:
    """Return the periods of a series in which at least one figure is displayed."""
    figures = published.measures(product).select("period", "estimate")
    return set(figures.filter(pl.col("estimate").is_finite())["period"].unique())


def _written(frame: pl.DataFrame, form: Form) -> bytes:
    file = io.BytesIO()
    if form == "csv":
        frame.write_csv(file)
    else:
        frame.write_parquet(file)
    return file.getvalue()
