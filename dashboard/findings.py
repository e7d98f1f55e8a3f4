"""Published findings as frozen values: signals, limits, outlook, and two groups compared."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from analytics.trends.publication.published import Published
from dashboard.figures import Choice, PublishedInterval


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


@dataclass(frozen=True)
class PublishedOutlook:
    """The outlook for one period to come."""

    period: str
    first_day: date
    last_day: date
    value: float
    interval: PublishedInterval
    sentence: str
    """In words, for the furthest period."""


def signals(published: Published, choice: Choice) -> list[PublishedSignal]:
    """Return the signals of the chosen release, in the order of its rows."""
    found = published.signals(choice.release).filter(pl.col("state") == "signal").to_dicts()
    return [PublishedSignal((row["measure"], row["headline"]), row["sentence"]) for row in found]


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
    return {(row["cohort"], row["other"]): row["sentence"] for row in rows.to_dicts()}


def limits(published: Published, choice: Choice, table: str, cohort: str) -> PublishedLimits | None:
    """Return the limits of one series as of the chosen release, if it has any."""
    for row in _of_series(published.signals(choice.release), choice, table, cohort):
        if row["limits"] != "none":
            ends = (row["lower_limit"], row["centre"], row["upper_limit"])
            return PublishedLimits(row["limits"], *ends, row["limits_from"], row["limits_to"], row["rebased"])
    return None


def outlook(published: Published, choice: Choice, table: str, cohort: str) -> list[PublishedOutlook]:
    """Return the outlook of one series, if the chosen release is the newest."""
    if choice.release != published.latest(choice.product):
        return []
    return [
        PublishedOutlook(
            row["for_period"],
            row["for_first_day"],
            row["for_last_day"],
            row["value"],
            PublishedInterval(row["low"], row["high"]),
            row["sentence"],
        )
        for row in _of_series(published.outlook(choice.release), choice, table, cohort)
        if row["horizon"] > 0
    ]


def _of_series(frame: pl.DataFrame, choice: Choice, table: str, cohort: str) -> list[dict[str, Any]]:
    wanted = {"measure": choice.measure, "headline": choice.headline, "table": table, "cohort": cohort}
    return frame.filter(*(pl.col(name) == value for name, value in wanted.items())).to_dicts()
