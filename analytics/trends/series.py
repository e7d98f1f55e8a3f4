"""Published figures as series over periods: what signals and outlook look at, and nothing else.

A point is a figure that was published; a withheld or undrawn period has none, and nothing is put in its place. A
series is one headline of one cohort for as long as its definition stays the same.
"""

from dataclasses import dataclass, field

from analytics.canonical import canonical_json
from analytics.contracts import cohort_name, table_name
from analytics.periods import Period
from analytics.store.chain import Entry
from analytics.trends.figures import ReleaseFigures, told_of


@dataclass(frozen=True)
class Series:
    """Which figure, of whom."""

    measure: str
    table: str
    cohort: str
    headline: str
    definition: str
    """Categories, weights and unit in one spelling: another definition is another series."""


@dataclass(frozen=True)
class Point:
    """One published figure; variances are in its unit, squared."""

    value: float
    noise_variance: float
    sampling_variance: float
    people: float

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
    """What every release that the ledger held so far told; a revision replaces its period."""

    releases: dict[tuple[str, Period], Released] = field(default_factory=dict)

    def add(self, entry: Entry, figures: list[ReleaseFigures]) -> None:
        """Take in a release."""
        self.releases[entry.product, Period.parse(entry.period)] = released_of(figures)

    def up_to(self, entry: Entry) -> dict[Series, Points]:
        """Return every series of a release that was added, up to the release's own period; some are empty."""
        last = Period.parse(entry.period)
        periods = sorted(period for product, period in self.releases if product == entry.product and period <= last)
        found: dict[Series, Points] = {series: [] for series in self.releases[entry.product, last]}
        for period in periods:
            released = self.releases[entry.product, period]
            for series, points in found.items():
                point = released.get(series)
                if point is not None:
                    points.append((period, point))
        return found


def released_of(figures: list[ReleaseFigures]) -> Released:
    """Return the series of one release."""
    released: Released = {}
    for measured in figures:
        categories = [name for name, _ in measured.measure["categories"]]
        definitions = {
            headline["name"]: canonical_json([headline["kind"], headline["unit"], headline["weights"], categories])
            for headline in measured.measure["headlines"]
        }
        for cell, headline, told in told_of(measured):
            name = headline["name"]
            series = Series(
                measured.measure["name"], table_name(cell.table), cohort_name(cell.cohort), name, definitions[name]
            )
            released[series] = (
                None
                if told is None
                else Point(told.value, told.noise_variance, told.sampling_variance, max(cell.people.estimate, 0.0))
            )
    return released
