"""Published rows of `modelled` and `past` as frozen figures: groups read with earlier periods and similar groups."""

from dataclasses import dataclass
from typing import Literal, Self

import polars as pl

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published, cohort_labels
from dashboard.reading.figures import Choice
from dashboard.reading.rows import PublishedRow, rows_in

SHOWN = ("displayed", "caution")
"""The states that come with numbers."""
SINCE = {"since_13": 13, "since_4": 4}
"""Changes with the periods that they are over, the longest first."""

Verdict = Literal["higher", "lower", "no_clear_difference"]


@dataclass(frozen=True)
class ModelledDifference:
    """A modelled figure less another; the interval holds for all groups of the table together."""

    value: float
    interval: Interval

    @classmethod
    def from_row(cls, row: PublishedRow, name: str) -> Self | None:
        """Read one difference of a published row, where it has one."""
        value, interval = row.number(name), row.interval(f"{name}_simultaneous")
        return None if value is None or interval is None else cls(value, interval)

    @property
    def verdict(self) -> Verdict:
        """Whether the interval excludes 0; one that touches 0 does not."""
        if self.interval.low > 0:
            return "higher"
        return "lower" if self.interval.high < 0 else "no_clear_difference"


@dataclass(frozen=True)
class ModelledFigure:
    """One modelled figure of one cohort; value and interval are None together, where it has no number."""

    cohort: str
    label: str
    """The cohort in words."""
    unit: str
    state: str
    """`displayed`, `caution`, `withheld` or `too_little_history`."""
    value: float | None
    shown: Interval | None
    people: float | None
    own_share: float | None
    """Which part of it comes from the period's own numbers, 0 to 1."""
    against_rest: ModelledDifference | None
    since: dict[str, ModelledDifference | None]
    sentence: str

    @classmethod
    def from_row(cls, row: PublishedRow, label: str) -> Self:
        """Read one published row."""
        value, shown = row.number("value"), row.interval("shown")
        is_whole = row.text("state") in SHOWN and value is not None and shown is not None
        return cls(
            cohort=row.text("cohort"),
            label=label,
            unit=row.text("unit"),
            state=row.text("state") if is_whole or row.text("state") not in SHOWN else "withheld",
            value=value if is_whole else None,
            shown=shown if is_whole else None,
            people=row.number("people") if is_whole else None,
            own_share=row.number("own_share") if is_whole else None,
            against_rest=ModelledDifference.from_row(row, "against_rest") if is_whole else None,
            since={name: ModelledDifference.from_row(row, name) if is_whole else None for name in SINCE},
            sentence=row.text("sentence"),
        )

    @property
    def longest(self) -> tuple[int, ModelledDifference] | None:
        """The change over the most periods that there is, with their number."""
        found = ((SINCE[name], change) for name, change in self.since.items() if change is not None)
        return next(found, None)


@dataclass(frozen=True)
class PastFigure:
    """The modelled figure of an earlier period, as it is seen from the chosen release."""

    period: str
    value: float
    interval: Interval


def modelled(published: Published, choice: Choice, table: str) -> list[ModelledFigure]:
    """Return the chosen figure of every cohort of `table`, in grid order; none in a release of an older program."""
    labels = cohort_labels(choice.card, choice.measure, table)
    rows = rows_in(published.modelled(choice.release).filter(_wanted(choice), pl.col("table") == table))
    return [ModelledFigure.from_row(row, labels[row.text("cohort")]) for row in rows]


def modelled_one(published: Published, choice: Choice) -> ModelledFigure | None:
    """Return the chosen figure of the chosen group, if the release has it."""
    found = modelled(published, choice, choice.table)
    return next((one for one in found if one.cohort == choice.cohort), None)


def modelled_of_group(published: Published, choice: Choice) -> dict[tuple[str, str], ModelledFigure]:
    """Return every figure of the chosen group by measure and headline; none in a release of an older program."""
    of_group = (pl.col("table") == choice.table) & (pl.col("cohort") == choice.cohort)
    rows = rows_in(published.modelled(choice.release).filter(of_group))
    label = choice.group_label
    return {(row.text("measure"), row.text("headline")): ModelledFigure.from_row(row, label) for row in rows}


def past(published: Published, choice: Choice) -> list[PastFigure]:
    """Return the smoothed past of the chosen figure and group, in period order; none for tables that have none."""
    of_group = (pl.col("table") == choice.table) & (pl.col("cohort") == choice.cohort)
    rows = rows_in(published.past(choice.release).filter(_wanted(choice), of_group))
    found = [(row.text("of_period"), row.number("value"), row.interval("")) for row in rows]
    return [PastFigure(period, value, ends) for period, value, ends in found if value is not None and ends is not None]


def _wanted(choice: Choice) -> pl.Expr:
    return (pl.col("measure") == choice.measure) & (pl.col("headline") == choice.headline)
