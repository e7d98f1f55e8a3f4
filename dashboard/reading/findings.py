"""Published findings as frozen values: signals, limits and outlook."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from analytics.trends.estimation.intervals import Interval
from analytics.trends.monitoring.rules import NEEDED
from analytics.trends.publication.published import Published
from dashboard.reading.figures import Choice
from dashboard.reading.histories import Point, Series, histories
from dashboard.reading.rows import PublishedRow, rows_in

Direction = Literal["higher", "lower"]
State = Literal["higher", "lower", "no_change", "too_little_history", "withheld"]
"""What looking for changes found of one series."""


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
    """A change of one series, as of one release."""

    measure: str
    headline: str
    table: str
    cohort: str
    unit: str
    rule: str
    """`outside`, `run`, `trend` or `near` (Making Data Count)."""
    direction: Direction
    change: float
    interval: Interval
    """Of the change; it holds for all series together."""
    since: date
    """The first day of the first period of the change."""
    periods: int
    """How many periods the change has lasted."""
    sentence: str

    @property
    def strength(self) -> float:
        """How many times the half width of its interval the change is large."""
        half_width = (self.interval.high - self.interval.low) / 2
        return abs(self.change) / half_width if half_width else math.inf


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
    """Return every change of the chosen release, in the order of its rows."""
    return list(published.once("signals", choice.release, tuple, lambda: _signals(published, choice)))


def _signals(published: Published, choice: Choice) -> tuple[PublishedSignal, ...]:
    frame = published.signals(choice.release).filter(pl.col("state") == "signal")
    before = histories(published, choice.release, frame)
    found = (_signal(row, before.get(_series(row), ()), choice.release.first_day) for row in rows_in(frame))
    return tuple(signal for signal in found if signal is not None)


def signal_one(published: Published, choice: Choice) -> PublishedSignal | None:
    """Return the change of the chosen figure of the chosen group in the chosen release, if it has one."""
    wanted = (choice.measure, choice.headline, choice.table, choice.cohort)
    found = ((one, (one.measure, one.headline, one.table, one.cohort)) for one in signals(published, choice))
    return next((one for one, series in found if series == wanted), None)


def _signal(row: PublishedRow, points: Sequence[Point], newest: date) -> PublishedSignal | None:
    change, interval = row.number("change"), row.interval("change")
    if change is None or interval is None:
        return None
    lasting = _lasting(row, points)
    return PublishedSignal(
        measure=row.text("measure"),
        headline=row.text("headline"),
        table=row.text("table"),
        cohort=row.text("cohort"),
        unit=row.text("unit"),
        rule=row.text("rule"),
        direction="higher" if row.text("direction") == "higher" else "lower",
        change=change,
        interval=interval,
        since=lasting[0].first_day if lasting else newest,
        periods=max(len(lasting), 1),
        sentence=row.text("sentence"),
    )


def _lasting(row: PublishedRow, points: Sequence[Point]) -> Sequence[Point]:
    """Return the newest figures on the side of the change, as far back as they follow one another.

    Outside the limits for the rule `outside`, else beyond the centre; never into the periods that the limits are of.
    """
    upward = row.text("direction") == "higher"
    edge = row.number(("upper_limit" if upward else "lower_limit") if row.text("rule") == "outside" else "centre")
    if row.text("rule") == "trend":
        return points[-NEEDED["trend"] :]
    lasting: list[Point] = []
    for point in reversed(points):
        follows = not lasting or point.last_day + timedelta(days=1) == lasting[0].first_day
        if not follows or point.estimate is None or edge is None or point.period <= row.text("limits_to"):
            break
        if not (point.estimate > edge if upward else point.estimate < edge):
            break
        lasting.insert(0, point)
    return lasting


def states(published: Published, choice: Choice) -> dict[Series, State]:
    """Return what looking for changes found of every series, by measure, headline, table and cohort."""
    rows = published.signals(choice.release)
    return dict(
        published.once("states", choice.release, dict, lambda: {_series(it): _state(it) for it in rows_in(rows)})
    )


def _series(row: PublishedRow) -> Series:
    return row.text("measure"), row.text("headline"), row.text("table"), row.text("cohort")


def _state(row: PublishedRow) -> State:
    if row.text("state") == "signal":
        return "higher" if row.text("direction") == "higher" else "lower"
    named: dict[str, State] = {"no_signal": "no_change", "withheld": "withheld"}
    return named.get(row.text("state"), "too_little_history")


def is_tested(published: Published, choice: Choice) -> bool:
    """Say whether any series of the chosen figure had enough history for a test in the chosen release."""
    wanted = (pl.col("measure") == choice.measure) & (pl.col("headline") == choice.headline)
    states = published.signals(choice.release).filter(wanted)["state"]
    return bool(states.is_in(["signal", "no_signal"]).any())


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
