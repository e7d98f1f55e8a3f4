"""Published rows as frozen figures: the one place that reads columns by name."""

import itertools
import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

import polars as pl

from analytics.trends.publication.published import Card, HeadlineCard, Published, Release, cohort_labels, table_label

EVERYONE = "all"
"""The public name of the table without dimensions, and of its one cohort."""

PEOPLE = "people"
"""The headline that every measure has: the noisy number of people."""

WITHHELD, CAUTION = "withheld", "caution"
"""The reliabilities that come with a reason."""

_DAYS = {"week": 7, "four_weeks": 28}


@dataclass(frozen=True)
class Interval:
    """Two ends of an interval, in the figure's unit."""

    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """A figure less another; `noise` is for the participants' own figures, `shown` adds sampling variation."""

    estimate: float
    noise: Interval
    shown: Interval
    at_once: Interval
    """As `shown`, for all groups of the table at once: verdicts are read from it."""


@dataclass(frozen=True)
class Figure:
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
    since_previous: Difference | None
    against_all: Difference | None
    instead: str
    """In words, what can be read where the figure is withheld; empty where nothing can."""

    @classmethod
    def from_row(cls, row: dict[str, Any], label: str) -> Self:
        """Read one published row."""
        noise, shown = interval_of(row, "noise"), interval_of(row, "shown")
        is_whole = _real(row["estimate"]) is not None and noise is not None and shown is not None
        return cls(
            period=row["period"],
            first_day=row["first_day"],
            last_day=row["last_day"],
            cohort=row["cohort"],
            label=label,
            unit=row["unit"],
            estimate=row["estimate"] if is_whole else None,
            noise=noise if is_whole else None,
            shown=shown if is_whole else None,
            people=_real(row["people"]),
            reliability=row["reliability"] if is_whole else WITHHELD,
            reason=row["reason"],
            since_previous=difference_of(row, "since_previous"),
            against_all=difference_of(row, "against_all"),
            instead=row["sentence"] if row["instead"] else "",
        )

    @property
    def is_withheld(self) -> bool:
        """Whether there is no figure to show."""
        return self.estimate is None


@dataclass(frozen=True)
class Choice:
    """What the reader looks at: a product, one release of it, and one headline of one measure."""

    product: str
    release: Release
    card: Card
    measure: str
    headline: str

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
    def people_label(self) -> str:
        """Who is counted by the measure."""
        return self.card.headline(self.measure, PEOPLE).label

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


def comparison(published: Published, choice: Choice, table: str, headline: str | None = None) -> list[Figure]:
    """Return the figures of every cohort of `table` in the chosen period, in grid order; none for a table it lacks."""
    if table not in choice.card.measures[choice.measure].tables:
        return []
    wanted = (pl.col("table") == table) & (pl.col("period") == choice.release.period)
    rows = {
        row["cohort"]: row for row in _rows(published, choice, headline or choice.headline).filter(wanted).to_dicts()
    }
    labels = cohort_labels(choice.card, choice.measure, table)
    return [Figure.from_row(rows[cohort], label) for cohort, label in labels.items() if cohort in rows]


def trend_rows(published: Published, choice: Choice, table: str, cohort: str) -> pl.DataFrame:
    """Return the published rows of one cohort over all periods, in period order."""
    return _rows(published, choice, choice.headline).filter((pl.col("table") == table) & (pl.col("cohort") == cohort))


def trend(published: Published, choice: Choice, table: str, cohort: str) -> list[Figure]:
    """Return the figures of one cohort over all periods, in period order."""
    label = cohort_labels(choice.card, choice.measure, table)[cohort]
    return [Figure.from_row(row, label) for row in trend_rows(published, choice, table, cohort).to_dicts()]


def overall(published: Published, choice: Choice, headline: str | None = None) -> Figure | None:
    """Return the figure of all participants in the chosen period, where the product has one."""
    return next(iter(comparison(published, choice, EVERYONE, headline)), None)


def by_reason(figures: list[Figure], reliability: str) -> dict[str, list[Figure]]:
    """Return the figures that are `withheld` or of `caution` under each reason, in their order."""
    reasons: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.reliability == reliability:
            reasons.setdefault(figure.reason, []).append(figure)
    return reasons


def not_released(figures: list[Figure], cadence: str) -> list[tuple[date, date]]:
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


def _rows(published: Published, choice: Choice, headline: str) -> pl.DataFrame:
    return published.measures(choice.product).filter(
        (pl.col("measure") == choice.measure) & (pl.col("headline") == headline)
    )


def _real(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def interval_of(row: dict[str, Any], name: str) -> Interval | None:
    """Return an interval of a row, where both of its ends are numbers."""
    low, high = _real(row[f"{name}_low"]), _real(row[f"{name}_high"])
    return None if low is None or high is None else Interval(low, high)


def difference_of(row: dict[str, Any], name: str) -> Difference | None:
    """Return a difference of a row, where all of its intervals are whole."""
    estimate = _real(row[name])
    ends = [interval_of(row, f"{name}_{kind}") for kind in ("noise", "shown", "at_once")]
    found = [interval for interval in ends if interval is not None]
    return None if estimate is None or len(found) < len(ends) else Difference(estimate, *found)
