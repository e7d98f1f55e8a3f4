"""Two groups of a table compared, as frozen values."""

from dataclasses import dataclass

import polars as pl

from analytics.trends.publication.published import Published
from dashboard.reading.figures import Choice, PublishedDifference, difference_of
from dashboard.reading.rows import rows_in


@dataclass(frozen=True)
class PublishedPair:
    """How much more the first group's figure is than the other's; judged together with all pairs of the table."""

    cohort: str
    other: str
    unit: str
    difference: PublishedDifference
    people: float
    other_people: float


def pairs(published: Published, choice: Choice, table: str) -> dict[tuple[str, str], PublishedPair]:
    """Return every two groups of `table` that the chosen release compares, by their public names."""
    wanted = (pl.col("measure") == choice.measure) & (pl.col("headline") == choice.headline)
    found: dict[tuple[str, str], PublishedPair] = {}
    for row in rows_in(published.pairs(choice.release).filter(wanted, pl.col("table") == table)):
        difference = difference_of(row, "difference")
        if difference is None:
            continue
        one, other = row.text("cohort"), row.text("other")
        people, others = row.number("people"), row.number("other_people")
        found[one, other] = PublishedPair(one, other, row.text("unit"), difference, people or 0.0, others or 0.0)
    return found
