"""Published rows as frozen figures."""

import itertools
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

import polars as pl

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Card, HeadlineCard, Published, Release, cohort_labels, table_label
from dashboard.reading.rows import PublishedRow, rows_in

EVERYONE = "all"
"""The public name of the table without dimensions, and of its one cohort."""

PEOPLE = "people"
"""The headline that every measure has: the noisy number of people."""

WITHHELD, CAUTION = "withheld", "caution"
"""The reliabilities that come with a reason."""

_DAYS = {"week": 7, "four_weeks": 28}


@dataclass(frozen=True)
class PublishedDifference:
    """A figure less another; `noise` is for these participants, `shown` adds sampling variation."""

    estimate: float
    noise: Interval
    shown: Interval
    simultaneous: Interval
    """As `shown`, for all groups of the table simultaneously: verdicts are read from it."""


@dataclass(frozen=True)
class PublishedFallback:
    """What can be read instead of a withheld figure: the same group over four weeks, or a larger group."""

    of: str
    """`four_weeks` or `parent`."""
    table: str
    cohort: str
    estimate: float
    shown: Interval

    @classmethod
    def from_row(cls, row: PublishedRow) -> Self | None:
        """Read what a published row offers, if it offers anything."""
        estimate, shown = row.number("instead_estimate"), row.interval("instead_shown")
        if not row.text("instead") or estimate is None or shown is None:
            return None
        return cls(row.text("instead"), row.text("instead_table"), row.text("instead_cohort"), estimate, shown)


@dataclass(frozen=True)
class PublishedFigure:
    """One headline of one cohort in one period; estimate and intervals are None together, where withheld."""

    period: str
    first_day: date
    last_day: date
    cohort: str
    label: str
    """The cohort in words."""
    unit: str
    estimate: float | None
    noise: Interval | None
    shown: Interval | None
    people: float | None
    reliability: str
    reason: str
    since_previous: PublishedDifference | None
    against_all: PublishedDifference | None
    instead: PublishedFallback | None
    """What can be read instead, if the figure is withheld."""

    @classmethod
    def from_row(cls, row: PublishedRow, label: str) -> Self:
        """Read one published row."""
        estimate, noise, shown = row.number("estimate"), row.interval("noise"), row.interval("shown")
        is_whole = estimate is not None and noise is not None and shown is not None
        return cls(
            period=row.text("period"),
            first_day=row.day("first_day"),
            last_day=row.day("last_day"),
            cohort=row.text("cohort"),
            label=label,
            unit=row.text("unit"),
            estimate=estimate if is_whole else None,
            noise=noise if is_whole else None,
            shown=shown if is_whole else None,
            people=row.number("people"),
            reliability=row.text("reliability") if is_whole else WITHHELD,
            reason=row.text("reason"),
            since_previous=difference_of(row, "since_previous"),
            against_all=difference_of(row, "against_all"),
            instead=PublishedFallback.from_row(row),
        )

    @property
    def is_withheld(self) -> bool:
        """Whether there is no figure to show."""
        return self.estimate is None


@dataclass(frozen=True)
class Choice:
    """What the reader looks at: a product, one release of it, one headline of one measure, and one group."""

    product: str
    release: Release
    card: Card
    measure: str
    headline: str
    table: str = EVERYONE
    cohort: str = EVERYONE

    def of(self, measure: str, headline: str, table: str = EVERYONE, cohort: str = EVERYONE) -> "Choice":
        """Return the same product and release with another figure and group."""
        return replace(self, measure=measure, headline=headline, table=table, cohort=cohort)

    @property
    def group_label(self) -> str:
        """The chosen group in words."""
        return cohort_labels(self.card, self.measure, self.table)[self.cohort]

    @property
    def _headline(self) -> HeadlineCard:
        return self.card.headline(self.measure, self.headline)

    @property
    def label(self) -> str:
        """The headline in words."""
        return self._headline.label

    @property
    def kind(self) -> str:
        """The headline's kind: people, share or mean."""
        return self._headline.kind

    @property
    def among(self) -> str:
        """What a share is a part of, in words."""
        return self._headline.among or ""

    @property
    def unit(self) -> str:
        """The headline's unit: persons, percent or 0-100."""
        return self._headline.unit

    @property
    def cadence(self) -> str:
        """How often the product is released."""
        return self.card.product.cadence

    @property
    def tables(self) -> dict[str, str]:
        """The measure's tables in words, by public name."""
        tables = self.card.measures[self.measure].tables
        return {table: table_label(self.card, self.measure, table) for table in tables}

    @property
    def groupings(self) -> dict[str, str]:
        """The tables that group people, in words, by public name."""
        tables = self.card.measures[self.measure].tables
        return {table: label for table, label in self.tables.items() if tables[table].dimensions}


def comparison(published: Published, choice: Choice, table: str, headline: str | None = None) -> list[PublishedFigure]:
    """Return the figures of every cohort of `table` in the chosen period, in grid order; none for a table it lacks."""
    if table not in choice.card.measures[choice.measure].tables:
        return []
    cells = published.cells(choice.release, choice.measure, headline or choice.headline, table)
    rows = {row.text("cohort"): row for row in rows_in(cells)}
    labels = cohort_labels(choice.card, choice.measure, table)
    return [PublishedFigure.from_row(rows[cohort], label) for cohort, label in labels.items() if cohort in rows]


def trend_rows(published: Published, choice: Choice, table: str, cohort: str) -> pl.DataFrame:
    """Return the published rows of one cohort over all periods, in period order."""
    return published.series(choice.product, choice.measure, choice.headline, table, cohort)


def trend(published: Published, choice: Choice, table: str, cohort: str) -> list[PublishedFigure]:
    """Return the figures of one cohort over all periods, in period order."""
    label = cohort_labels(choice.card, choice.measure, table)[cohort]
    return [PublishedFigure.from_row(row, label) for row in rows_in(trend_rows(published, choice, table, cohort))]


def overall(published: Published, choice: Choice, headline: str | None = None) -> PublishedFigure | None:
    """Return the figure of all participants in the chosen period, where the product has one."""
    return next(iter(comparison(published, choice, EVERYONE, headline)), None)


def not_released(figures: list[PublishedFigure], cadence: str) -> list[tuple[date, date]]:
    """Return the first and last day of each period that is missing between two figures."""
    length = timedelta(days=_DAYS[cadence])
    missing: list[tuple[date, date]] = []
    for before, after in itertools.pairwise(figures):
        first = before.last_day + timedelta(days=1)
        while after.first_day - first >= length:
            # A thirteenth four-week period takes a week 53 as well, so that the last one ends where the next begins.
            rest = after.first_day - first
            last = (first + length if rest >= 2 * length else after.first_day) - timedelta(days=1)
            missing.append((first, last))
            first = last + timedelta(days=1)
    return missing


def difference_of(row: PublishedRow, name: str) -> PublishedDifference | None:
    """Return a difference of a row, where all of its intervals are whole."""
    estimate = row.number(name)
    ends = [row.interval(f"{name}_{kind}") for kind in ("noise", "shown", "at_once")]
    found = [interval for interval in ends if interval is not None]
    return None if estimate is None or len(found) < len(ends) else PublishedDifference(estimate, *found)
