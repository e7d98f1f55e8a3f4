"""Published rows of `representation` as frozen figures: coverage, and figures weighted to public sizes."""

from dataclasses import dataclass
from typing import Self

import polars as pl

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published, cohort_labels
from dashboard.reading.figures import Choice, PublishedDifference, difference_of
from dashboard.reading.rows import PublishedRow, rows_in


@dataclass(frozen=True)
class PublishedNumber:
    """A figure with its interval."""

    estimate: float
    interval: Interval
    unit: str


@dataclass(frozen=True)
class PublishedWeights:
    """What the weights of a figure do."""

    design_effect: PublishedNumber
    effective_people: PublishedNumber
    unplaced: PublishedNumber
    """People whose area is unknown, who have none."""
    strata: int
    joined: int


@dataclass(frozen=True)
class Represented:
    """One cohort with its public size; the figure is None where it is withheld."""

    cohort: str
    label: str
    size: int
    figure: PublishedNumber | None
    reliability: str
    reason: str
    plain: PublishedNumber | None
    less_plain: PublishedDifference | None
    against_all: PublishedDifference | None
    weights: PublishedWeights | None
    sentence: str
    cannot_say: str

    @classmethod
    def from_row(cls, row: PublishedRow, label: str) -> Self:
        """Read one published row."""
        unit = row.text("unit")
        effect, effective = (_number(row, name, "noise", "") for name in ("design_effect", "effective_people"))
        unplaced = _number(row, "unplaced", "shown", "persons")
        return cls(
            cohort=row.text("cohort"),
            label=label,
            size=row.whole("public_size"),
            figure=_number(row, "", "shown", unit),
            reliability=row.text("reliability"),
            reason=row.text("reason"),
            plain=_number(row, "plain", "shown", unit),
            less_plain=difference_of(row, "less_plain"),
            against_all=difference_of(row, "against_all"),
            weights=PublishedWeights(effect, effective, unplaced, row.whole("strata"), row.whole("strata_joined"))
            if effect and effective and unplaced
            else None,
            sentence=row.text("sentence"),
            cannot_say=row.text("cannot_say"),
        )


def coverage(published: Published, choice: Choice) -> dict[str, list[Represented]]:
    """Return how many of the people who live in each group the chosen measure counts, table by table."""
    return _tables(published, choice, (pl.col("kind") == "coverage"))


def weighted(published: Published, choice: Choice) -> dict[str, list[Represented]]:
    """Return the chosen figure weighted to public sizes, by table; nothing where the plan has no strata for it."""
    return _tables(published, choice, (pl.col("kind") == "weighted") & (pl.col("headline") == choice.headline))


def _tables(published: Published, choice: Choice, wanted: pl.Expr) -> dict[str, list[Represented]]:
    rows = rows_in(published.representation(choice.release).filter(wanted, pl.col("measure") == choice.measure))
    found: dict[str, list[Represented]] = {}
    labels = {table: cohort_labels(choice.card, choice.measure, table) for table in {row.text("table") for row in rows}}
    for row in rows:
        label = labels[row.text("table")][row.text("cohort")]
        found.setdefault(row.text("table"), []).append(Represented.from_row(row, label))
    return found


def _number(row: PublishedRow, name: str, kind: str, unit: str) -> PublishedNumber | None:
    prefix = f"{name}_" if name else ""
    estimate, interval = row.number(name or "estimate"), row.interval(f"{prefix}{kind}")
    return None if estimate is None or interval is None else PublishedNumber(estimate, interval, unit)
