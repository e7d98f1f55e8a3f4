"""The rows of `pairs`: every two groups of a table compared, so that no reader has to work it out.

Only tables of one dimension have them. A table of two has hundreds of pairs, too many for useful intervals.
"""

from collections.abc import Iterator

import polars as pl

from analytics.contracts import cohort_name, table_name
from analytics.store.body import ReleasedHeadline
from analytics.store.chain import Entry
from analytics.trends.estimation.comparisons import Compared, between_groups
from analytics.trends.estimation.figures import UNIT_SCALE, MeasureFigures, counted
from analytics.trends.publication import phrases
from analytics.trends.publication.figure_columns import Row, comparison, number, scaled
from analytics.trends.publication.labels import Card, cohort_labels
from analytics.wording import figure_name, group_name

PAIRS_SCHEMA = {
    **dict.fromkeys(("product", "period"), pl.String),
    "revision": pl.Int64,
    **dict.fromkeys(("measure", "table", "cohort", "other", "headline", "unit"), pl.String),
    **{
        f"difference{end}": pl.Float64
        for end in ("", "_noise_low", "_noise_high", "_shown_low", "_shown_high", "_at_once_low", "_at_once_high")
    },
    **dict.fromkeys(("people", "other_people"), pl.Float64),
    "sentence": pl.String,
}
"""One row per measure, table of one dimension, headline that is a ratio, and pair of displayable groups."""


def pairs(entry: Entry, card: Card, now: list[MeasureFigures]) -> pl.DataFrame:
    """Return the table of a release, in the plan's and grid's order: `cohort` less `other`, the earlier key first."""
    return pl.DataFrame(list(_rows(entry, card, now)), schema=PAIRS_SCHEMA)


def _rows(entry: Entry, card: Card, now: list[MeasureFigures]) -> Iterator[Row]:
    for figures in now:
        for table in figures.estimates.tables:
            if len(table) != 1:
                continue
            for headline in figures.measure.headlines:
                family = between_groups(figures, table, headline)
                shared: Row = {
                    "product": entry.product,
                    "period": entry.period,
                    "revision": entry.revision,
                    "measure": figures.measure.name,
                    "table": table_name(table),
                    "headline": headline.name,
                    "unit": headline.unit,
                }
                labels = cohort_labels(card, figures.measure.name, table_name(table))
                for (one, other), found in family.items():
                    people = [counted(figures.cells[table, it].categories, headline) for it in (one, other)]
                    yield {
                        **shared,
                        "cohort": cohort_name(one),
                        "other": cohort_name(other),
                        **comparison("difference", found, UNIT_SCALE[headline.kind]),
                        "people": number(people[0]),
                        "other_people": number(people[1]),
                        "sentence": _sentence(
                            entry, headline, (labels[cohort_name(one)], labels[cohort_name(other)]), found, people
                        ),
                    }


def _sentence(
    entry: Entry, headline: ReleasedHeadline, labels: tuple[str, str], found: Compared, people: list[float]
) -> str:
    scale = UNIT_SCALE[headline.kind]
    said = phrases.WordedDifference(
        group_name(labels[1]), found.figure.estimate * scale, scaled(found.simultaneous, scale), headline.unit
    )
    return phrases.two_groups(figure_name(headline.label, headline.unit, labels[0]), said, people, entry.period_.name)
