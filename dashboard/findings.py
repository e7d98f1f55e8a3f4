"""Published findings as frozen values: signals, limits, outlook, and two groups compared."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published
from dashboard.figures import Choice
from dashboard.rows import PublishedRow, rows_in


@dataclass(frozen=True)
class PublishedLimits:
    """Where a series lay before, as of one release."""

    kind: str
    """`trial` or `locked`."""
    low: float
    centre: float
    high: float
    first: str
    last: str
    """The periods that they are made of."""
    rebased: str


@dataclass(frozen=True)
class PublishedSignal:
    """A signal of one release, in words."""

    headline: tuple[str, str]
    """Measure and headline."""
    sentence: str

    @property
    def claim(self) -> str:
        """What the sentence begins with: `Low mood in North has been higher since 21 September`; empty if not so."""
        claim = self.sentence.partition(":")[0]
        return claim if any(f" {verb} been " in claim for verb in ("has", "have")) else ""


@dataclass(frozen=True)
class PublishedOutlook:
    """The outlook for one period to come."""

    period: str
    first_day: date
    last_day: date
    value: float
    interval: Interval
    sentence: str
    """In words, for the furthest period."""


def signals(published: Published, choice: Choice) -> list[PublishedSignal]:
    """Return the signals of the chosen release, in the order of its rows."""
    found = rows_in(published.signals(choice.release).filter(pl.col("state") == "signal"))
    return [PublishedSignal((row.text("measure"), row.text("headline")), row.text("sentence")) for row in found]


def is_tested(published: Published, choice: Choice) -> bool:
    """Say whether any series of the chosen figure had enough history for a test in the chosen release."""
    wanted = (pl.col("measure") == choice.measure) & (pl.col("headline") == choice.headline)
    states = published.signals(choice.release).filter(wanted)["state"]
    return bool(states.is_in(["signal", "no_signal"]).any())


def pair_sentences(published: Published, choice: Choice, table: str) -> dict[tuple[str, str], str]:
    """Return in words how every two groups of `table` compare in the chosen release, by their public names."""
    rows = published.pairs(choice.release).filter(
        (pl.col("measure") == choice.measure) & (pl.col("headline") == choice.headline) & (pl.col("table") == table)
    )
    return {(row.text("cohort"), row.text("other")): row.text("sentence") for row in rows_in(rows)}


def limits(published: Published, choice: Choice, table: str, cohort: str) -> PublishedLimits | None:
    """Return the limits of one series as of the chosen release, if it has any."""
    for row in _of_series(published.signals(choice.release), choice, table, cohort):
        ends, centre = (row.number("lower_limit"), row.number("upper_limit")), row.number("centre")
        if row.text("limits") != "none" and ends[0] is not None and ends[1] is not None and centre is not None:
            return PublishedLimits(
                kind=row.text("limits"),
                low=ends[0],
                centre=centre,
                high=ends[1],
                first=row.text("limits_from"),
                last=row.text("limits_to"),
                rebased=row.text("rebased"),
            )
    return None


def outlook(published: Published, choice: Choice, table: str, cohort: str) -> list[PublishedOutlook]:
    """Return the outlook of one series, if the chosen release is the newest."""
    if choice.release != published.latest(choice.product):
        return []
    rows = _of_series(published.outlook(choice.release), choice, table, cohort)
    return [_outlook(row) for row in rows if row.whole("horizon") > 0]


def _outlook(row: PublishedRow) -> PublishedOutlook:
    value, low, high = (row.number(name) or 0.0 for name in ("value", "low", "high"))
    return PublishedOutlook(
        period=row.text("for_period"),
        first_day=row.day("for_first_day"),
        last_day=row.day("for_last_day"),
        value=value,
        interval=Interval(low, high),
        sentence=row.text("sentence"),
    )


def _of_series(frame: pl.DataFrame, choice: Choice, table: str, cohort: str) -> list[PublishedRow]:
    wanted = {"measure": choice.measure, "headline": choice.headline, "table": table, "cohort": cohort}
    return rows_in(frame.filter(*(pl.col(name) == value for name, value in wanted.items())))
