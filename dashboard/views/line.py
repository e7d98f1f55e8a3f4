"""One group's figure over the periods, as it is drawn: points, line, usual range, and where a change begins.

The line ends at the chosen period. Numbers are cut at the ends of their scale, and a place without a figure says why it
has none: a chart, its table and its text are all made of this.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from analytics.periods import Period
from analytics.trends.estimation.intervals import Interval
from analytics.trends.estimation.not_compared import not_compared
from analytics.trends.publication.published import Published
from analytics.wording import cut
from dashboard.reading.figures import CAUTION, Choice, PublishedFigure, not_released, trend
from dashboard.reading.findings import PublishedSignal, limits, signal_one
from dashboard.reading.modelled import PastFigure, past
from dashboard.views.usual_range import UsualRange, usual_range

State = Literal["shown", "caution", "withheld", "not_released", "too_early", "longer"]
STATES: tuple[State, ...] = ("shown", "caution", "too_early", "longer", "withheld", "not_released")
JOINED: tuple[State, ...] = ("shown", "caution")
"""The states whose points a line may join."""


@dataclass(frozen=True)
class Place:
    """One period on the time axis; value and ends are of the period's own numbers, None where it shows none."""

    period: str
    first_day: date
    last_day: date
    state: State
    run: int
    """Numbers the stretches without a gap."""
    value: float | None = None
    ends: Interval | None = None
    figure: PublishedFigure | None = None


@dataclass(frozen=True)
class LinePoint:
    """One period of the modelled line with its band."""

    period: str
    first_day: date
    value: float
    ends: Interval
    run: int


@dataclass(frozen=True)
class Line:
    """What a trend chart shows."""

    unit: str
    places: tuple[Place, ...]
    modelled: tuple[LinePoint, ...]
    """Empty where the release has no modelled past of the group."""
    range_: UsualRange | None
    baseline: tuple[date, date] | None
    """The first and last day of the figures that the usual range is made of."""
    is_provisional: bool
    change: PublishedSignal | None

    @property
    def shown(self) -> tuple[Place, ...]:
        """The places with a figure."""
        return tuple(place for place in self.places if place.value is not None)

    def of(self, *states: State) -> tuple[Place, ...]:
        """The places in one of these states."""
        return tuple(place for place in self.places if place.state in states)


def line_of(published: Published, choice: Choice) -> Line:
    """Return the chosen figure of the chosen group, up to the chosen period."""
    figures = [it for it in trend(published, choice, choice.table, choice.cohort) if it.period <= choice.release.period]
    first = Period.parse(published.releases(choice.product)[0].period)
    places = _places(figures, choice, first)
    joined = [place.figure for place in places if place.state in JOINED and place.figure is not None]
    known = limits(published, choice, choice.table, choice.cohort)
    return Line(
        unit=choice.unit,
        places=places,
        modelled=line_points(past(published, choice), choice.unit),
        range_=usual_range(known, joined) if known else None,
        baseline=(Period.parse(known.first).first_day, Period.parse(known.last).last_day) if known else None,
        is_provisional=known is not None and known.kind == "trial",
        change=signal_one(published, choice),
    )


def line_points(figures: Sequence[PastFigure], unit: str) -> tuple[LinePoint, ...]:
    """Return the points of a modelled line, numbered by the stretches in which one period follows the other.

    None of a single point, which is no line.
    """
    points: list[LinePoint] = []
    run, due = 0, ""
    for one in figures:
        first_day, following = _begins(one.period)
        run += bool(points) and one.period != due
        ends = Interval(cut(one.interval.low, unit), cut(one.interval.high, unit))
        points.append(LinePoint(one.period, first_day, cut(one.value, unit), ends, run))
        due = following
    return tuple(points) if len(points) > 1 else ()


@lru_cache(maxsize=4096)
def _begins(period: str) -> tuple[date, str]:
    """Return a period's first day, and the period after it."""
    found = Period.parse(period)
    return found.first_day, found.next.name


def state_of(figure: PublishedFigure, looks_back_weeks: int, first: Period) -> State:
    """Return how a figure is drawn; `first` is the product's first period.

    A measure that looks back further than the service's first release finds less than it will later: an artefact, which
    no line joins. `analytics` decides which periods these are, for signals and model as for this.
    """
    if figure.estimate is None:
        return "withheld"
    period = Period.parse(figure.period)
    if not_compared(looks_back_weeks, period, first):
        return "too_early" if period.is_usual else "longer"
    return "caution" if figure.reliability == CAUTION else "shown"


def _places(figures: Sequence[PublishedFigure], choice: Choice, first: Period) -> tuple[Place, ...]:
    looks_back = choice.card.measures[choice.measure].looks_back_weeks or 0
    places = [_place(figure, state_of(figure, looks_back, first)) for figure in figures]
    places += [Place("", begin, end, "not_released", 0) for begin, end in not_released(list(figures), choice.cadence)]
    places.sort(key=lambda place: place.first_day)
    breaks = itertools.accumulate(int(place.state not in JOINED) for place in places)
    return tuple(replace(place, run=run) for place, run in zip(places, breaks, strict=True))


def _place(figure: PublishedFigure, state: State) -> Place:
    place = Place(figure.period, figure.first_day, figure.last_day, state, 0, figure=figure)
    if figure.estimate is None or figure.shown is None:
        return place
    low, high = cut(figure.shown.low, figure.unit), cut(figure.shown.high, figure.unit)
    return replace(place, value=cut(figure.estimate, figure.unit), ends=Interval(low, high))
