"""A release's card as frozen values, and its labels for tables and cohorts."""

import itertools
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

from analytics.contracts.grid import cohort_name
from analytics.periods import Cadence
from analytics.stored_json import Stored
from analytics.trends.publication.kept import Kept

ALL_LABEL = "All participants"


class ProductCard(Stored):
    """A series of releases, and how often there is one."""

    name: str
    label: str
    cadence: Cadence


class PlanCard(Stored):
    """The privacy policy in force at the release."""

    name: str
    policy_version: str
    fingerprint: str
    counted_versions: tuple[str, ...] | None = None
    """The versions of the promise whose people were counted."""


class OddsCard(Stored):
    """How many members of 100 an attacker could recognise after some years."""

    years: int
    recognised_in_100: int
    recognised_in_100_by_zcdp_alone: int | None = None
    """Older programs did not publish it."""
    guessing: int


class PromiseCard(Stored):
    """Our promise to each participant about one year; `epsilon` by delta."""

    words: str
    unit: str
    horizon: str
    rho_cap: float
    epsilon: dict[str, float]
    odds: tuple[OddsCard, ...]


class LossCard(Stored):
    """The loss of this release, and the loss about its year so far."""

    mechanism: str
    rho: float
    rho_so_far: float
    epsilon_so_far: dict[str, float]
    year: int


class DimensionCard(Stored):
    """One way of grouping people: its label, and the labels of its keys in display order."""

    label: str
    keys: dict[str, str]


class HeadlineCard(Stored):
    """One figure of a measure; `kind` is people, share or mean."""

    label: str
    kind: Literal["people", "share", "mean"]
    unit: str
    weights: tuple[int, ...]
    whole: tuple[int, ...] | None = None
    among: str | None = None


class TableCard(Stored):
    """One table of a measure; cohorts are published from `people_floor` noisy people on; sigma is each coordinate's."""

    dimensions: tuple[str, ...]
    sigma_micro_persons: int
    people_floor: float


class MeasureCard(Stored):
    """A measure with its public categories, headlines and tables."""

    label: str
    definition: str | None = None
    least_data: str | None = None
    looks_back_weeks: int | None = None
    parameters: dict[str, int] | None = None
    basis: tuple[tuple[int, ...], ...] | None = None
    categories: dict[str, str]
    headlines: dict[str, HeadlineCard]
    tables: dict[str, TableCard]


class PopulationCard(Stored):
    """The public sizes of the release, and the strata that are weighted to them, by measure."""

    as_of: str
    dimensions: tuple[str, ...]
    people: dict[str, int]
    source: str
    strata: dict[str, tuple[str, ...]]


class Card(Stored):
    """`card.json`: the description that a release brings with it. A fact that older programs left out is None."""

    format: Literal[1]
    product: ProductCard
    period: str
    revision: int
    first_day: date
    last_day: date
    plan: PlanCard
    promise: PromiseCard
    loss: LossCard
    display: dict[str, float]
    dimensions: dict[str, DimensionCard]
    measures: dict[str, MeasureCard]
    population: PopulationCard | None = None
    versions: dict[str, str] | None = None

    def headline(self, measure: str, name: str) -> HeadlineCard:
        """Return one figure of a measure, which must be one of the release."""
        return self.measures[measure].headlines[name]


def table_label(card: Card, measure: str, table: str) -> str:
    """Return the words for a table: `All participants`, `Region`, `Region by age band`."""
    first, *others = [card.dimensions[name].label for name in _dimensions(card, measure, table)] or [ALL_LABEL]
    return " by ".join([first, *(label.lower() for label in others)])


def cohort_labels(card: Card, measure: str, table: str) -> Mapping[str, str]:
    """Return the words for every cohort of a table, by public name, in grid order."""
    # A page asks for them by the hundred. The card is kept with them: else another could get its number in memory.
    _, found = _LABELS.get((id(card), measure, table), lambda: (card, MappingProxyType(_labels(card, measure, table))))
    return found


_LABELS: Kept[tuple[int, str, str], tuple[Card, Mapping[str, str]]] = Kept(256)


def _labels(card: Card, measure: str, table: str) -> dict[str, str]:
    keys = [card.dimensions[name].keys.items() for name in _dimensions(card, measure, table)]
    if not keys:
        return {cohort_name(()): ALL_LABEL}
    return {
        cohort_name(tuple(key for key, _ in cell)): ", ".join(label for _, label in cell)
        for cell in itertools.product(*keys)
    }


def _dimensions(card: Card, measure: str, table: str) -> tuple[str, ...]:
    return card.measures[measure].tables[table].dimensions
