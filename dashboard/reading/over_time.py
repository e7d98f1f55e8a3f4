"""One figure of every group of a table over all periods: what small charts beside one another are made of."""

import polars as pl

from analytics.trends.publication.published import Published, cohort_labels
from dashboard.reading.figures import Choice, PublishedFigure
from dashboard.reading.modelled import PastFigure
from dashboard.reading.rows import PublishedRow, rows_in


def trends(published: Published, choice: Choice, table: str) -> dict[str, list[PublishedFigure]]:
    """Return the figures of every group of `table` up to the chosen period, in grid order; each in period order."""
    wanted = (pl.col("table") == table) & (pl.col("period") <= choice.release.period)
    labels = cohort_labels(choice.card, choice.measure, table)
    found: dict[str, list[PublishedFigure]] = {cohort: [] for cohort in labels}
    for row in rows_in(published.measures(choice.product).filter(_of_figure(choice), wanted)):
        cohort = row.text("cohort")
        if cohort in found:
            found[cohort].append(PublishedFigure.from_row(row, labels[cohort]))
    return found


def pasts(published: Published, choice: Choice, table: str) -> dict[str, list[PastFigure]]:
    """Return the smoothed past of every group of `table` that has one, as it is seen from the chosen release."""
    rows = rows_in(published.past(choice.release).filter(_of_figure(choice), pl.col("table") == table))
    found: dict[str, list[PastFigure]] = {}
    for row in rows:
        if (one := _past(row)) is not None:
            found.setdefault(row.text("cohort"), []).append(one)
    return found


def _past(row: PublishedRow) -> PastFigure | None:
    value, ends = row.number("value"), row.interval("")
    return None if value is None or ends is None else PastFigure(row.text("of_period"), value, ends)


def _of_figure(choice: Choice) -> pl.Expr:
    return (pl.col("measure") == choice.measure) & (pl.col("headline") == choice.headline)
