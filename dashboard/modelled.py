"""The part of the page with modelled figures: groups as earlier periods and similar groups let them be read."""

from dataclasses import dataclass
from typing import Self

import polars as pl
import streamlit as st

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published, cohort_labels
from analytics.wording import amount, end, listed, number, period_noun, span
from dashboard import notes
from dashboard.figures import EVERYONE, PEOPLE, Choice
from dashboard.rows import PublishedRow, rows_in

SHOWN = ("displayed", "caution")
"""The states that come with numbers."""
SINCE = {"since_13": 13, "since_4": 4}
"""Changes with the periods they are over; the longest that there is gets shown."""


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

    def cell(self, unit: str) -> str:
        """Return it for a table's cell: `higher: +2.1 (0.4 to 3.8)`."""
        low, high = self.interval.low, self.interval.high
        verdict = "higher" if low > 0 else "lower" if high < 0 else "no clear difference"
        return f"{verdict}: {number(self.value, unit, sign=True)} ({end(low, unit)} to {end(high, unit)})"


@dataclass(frozen=True)
class Modelled:
    """One modelled figure of one cohort; value and interval are None together, where it has no number."""

    label: str
    """The cohort in words."""
    unit: str
    state: str
    value: float | None
    shown: Interval | None
    people: float | None
    against_rest: ModelledDifference | None
    since: dict[str, ModelledDifference | None]
    sentence: str

    @classmethod
    def from_row(cls, row: PublishedRow, label: str) -> Self:
        """Read one published row."""
        return cls(
            label=label,
            unit=row.text("unit"),
            state=row.text("state"),
            value=row.number("value"),
            shown=row.interval("shown"),
            people=row.number("people"),
            against_rest=ModelledDifference.from_row(row, "against_rest"),
            since={name: ModelledDifference.from_row(row, name) for name in SINCE},
            sentence=row.text("sentence"),
        )

    def cell(self) -> str:
        """Return the figure for a table's cell: `23.1% (21.0% to 25.2%)`."""
        if self.value is None or self.shown is None:  # a row that lacks what its state promises
            return "withheld"
        marked = " (caution)" if self.state == "caution" else ""
        return f"{amount(self.value, self.unit)} ({span(self.shown.low, self.shown.high, self.unit)}){marked}"


def modelled(published: Published, choice: Choice, table: str) -> list[Modelled]:
    """Return the chosen figure of every cohort of `table`, in grid order; none in a release of an older program."""
    wanted = (
        (pl.col("measure") == choice.measure) & (pl.col("headline") == choice.headline) & (pl.col("table") == table)
    )
    labels = cohort_labels(choice.card, choice.measure, table)
    rows = rows_in(published.modelled(choice.release).filter(wanted))
    return [Modelled.from_row(row, labels[row.text("cohort")]) for row in rows]


def modelled_panel(published: Published, choice: Choice, table: str) -> None:
    """Show the groups of a table, and all participants, with earlier periods and similar groups."""
    figures = modelled(published, choice, table)
    if not figures:
        return
    has_everyone = EVERYONE in choice.card.measures[choice.measure].tables
    rows = [*(modelled(published, choice, EVERYONE) if has_everyone else []), *figures]
    shown = [one for one in rows if one.state in SHOWN]
    readable = sum(one.state in SHOWN for one in figures)
    periods = period_noun(choice.cadence, 2)
    st.subheader(
        f"With earlier {periods} and similar groups: {readable} of {len(figures)} groups can be read", anchor=False
    )
    st.markdown(notes.MODELLED.format(periods=periods))
    if shown:
        st.table([_row(choice, one) for one in shown], hide_index=True)
    for state, why in notes.NOT_MODELLED.items():
        if held := [one.label for one in figures if one.state == state]:
            st.markdown(f"**{why} ({len(held)} of {len(figures)}):** {listed(held)}.")


def _row(choice: Choice, one: Modelled) -> dict[str, str]:
    lag, change = next(
        ((SINCE[name], found) for name, found in one.since.items() if found is not None), (SINCE["since_13"], None)
    )
    before = f"{lag} {period_noun(choice.cadence, lag)} before: " if change else ""
    row = {
        "Group": one.label,
        f"{choice.label}, modelled": one.cell(),
        "Compared with": before + (change.cell(one.unit) if change else "not known"),
    }
    if choice.headline == PEOPLE:
        return row
    rest = one.against_rest.cell(one.unit) if one.against_rest else ""
    people = "" if one.people is None else number(max(one.people, 0.0), "persons")
    return row | {"Compared with everybody else": rest, "People, about": people}
