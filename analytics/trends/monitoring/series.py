"""Published figures as series over periods: what signals and outlook look at, and nothing else.

A point is a figure that was published; a period that is withheld, not drawn, or not compared has none, and nothing
is put in its place. A series is one headline of one cohort for as long as its definition stays the same.
"""

from dataclasses import dataclass, field

from analytics.canonical import canonical_json
from analytics.contracts import cohort_name, table_name
from analytics.periods import Period
from analytics.store.body import HeadlineKind
from analytics.store.chain import Entry
from analytics.trends.estimation.figures import MeasureFigures, counted, headline_results


@dataclass(frozen=True)
class Series:
    """Which figure, of whom."""

    measure: str
    table: str
    cohort: str
    headline: str
    kind: HeadlineKind
    definition: str
    """Kind, unit, weights and categories in one spelling: another definition is another series."""

    @property
    def is_count(self) -> bool:
        """Whether it is a number of people."""
        return self.kind is HeadlineKind.PEOPLE


@dataclass(frozen=True)
class Point:
    """One published figure; variances are in its unit, squared."""

    value: float
    noise_variance: float
    sampling_variance: float
    people: float
    """Noisy number of people that the figure is of."""
    is_compared: bool = True
    """Whether it is a point of its series; a published figure that is not compared (`not_compared.py`) is none."""

    @property
    def variance(self) -> float:
        """How far it may lie from a truth that does not move: noise, and sampling at its bound."""
        return self.noise_variance + self.sampling_variance


Points = list[tuple[Period, Point]]
"""One series in period order; periods without a figure are absent."""

Released = dict[Series, Point | None]
"""All series of one release in the order of its rows; None where it is withheld."""


@dataclass
class History:
    """What every release that the ledger held so far published; a revision replaces its period.

    A period that is drawn after a later one is looked at by no other: what limits are made of stays what it was.
    """

    newest: dict[tuple[str, Period], Released] = field(default_factory=dict)
    """What each release itself published."""
    in_order: dict[tuple[str, Period], Released] = field(default_factory=dict)
    """What other releases look at: those that were drawn before any later period of their product."""

    def add(self, entry: Entry, figures: list[MeasureFigures]) -> None:
        """Take in a release."""
        key = entry.product, entry.period_
        is_late = any(product == key[0] and period > key[1] for product, period in self.newest)
        self.newest[key] = released_of(figures)
        if not is_late:
            self.in_order[key] = self.newest[key]

    def result(self, entry: Entry) -> Released:
        """Return what a release that was added published."""
        return self.newest[entry.product, entry.period_]

    def up_to(self, entry: Entry) -> dict[Series, Points]:
        """Return every series of a release that was added, up to the release's own period; some are empty."""
        last = entry.period_
        before = sorted(period for product, period in self.in_order if product == entry.product and period < last)
        result = [*((period, self.in_order[entry.product, period]) for period in before), (last, self.result(entry))]
        found: dict[Series, Points] = {series: [] for series in self.result(entry)}
        for period, released in result:
            for series, points in found.items():
                point = released.get(series)
                if point is not None and point.is_compared:
                    points.append((period, point))
        return found


def released_of(figures: list[MeasureFigures]) -> Released:
    """Return the series of one release."""
    released: Released = {}
    for measured in figures:
        categories = [name for name, _ in measured.measure.categories]
        definitions = {
            headline.name: canonical_json([headline.kind, headline.unit, headline.weights, categories])
            for headline in measured.measure.headlines
        }
        for cell, headline, result in headline_results(measured):
            series = Series(
                measured.measure.name,
                table_name(cell.table),
                cohort_name(cell.cohort),
                headline.name,
                headline.kind,
                definitions[headline.name],
            )
            released[series] = (
                None
                if result is None
                else Point(
                    result.value,
                    result.noise_variance,
                    result.sampling_variance,
                    max(counted(cell.categories, headline), 0.0),
                    is_compared=not measured.not_compared,
                )
            )
    return released
