"""The smoothed past of every group of a table at once: what small charts beside one another are made of."""

import polars as pl

from analytics.trends.publication.published import Published
from dashboard.reading.figures import Choice
from dashboard.reading.modelled import PastFigure
from dashboard.reading.rows import PublishedRow, rows_in


def pasts(published: Published, choice: Choice, table: str) -> dict[str, list[PastFigure]]:
    """Return the smoothed past of every group of `table` that has one, as it is seen from the chosen release."""
    wanted = (pl.col("measure") == choice.measure) & (pl.col("headline") == choice.headline)
    rows = rows_in(published.past(choice.release).filter(wanted, pl.col("table") == table))
    found: dict[str, list[PastFigure]] = {}
    for row in rows:
        if (one := _past(row)) is not None:
            found.setdefault(row.text("cohort"), []).append(one)
    return found


def _past(row: PublishedRow) -> PastFigure | None:
    value, ends = row.number("value"), row.interval("")
    return None if value is None or ends is None else PastFigure(row.text("of_period"), value, ends)
