"""What a release's card says, as types, and its names for tables and cohorts."""

import itertools
from typing import NotRequired, TypedDict

from analytics.contracts.grid import cohort_name

ALL_LABEL = "All participants"


class ProductCard(TypedDict):
    """What is released, and how often."""

    name: str
    label: str
    cadence: str


class PlanCard(TypedDict):
    """The privacy policy in force at the release."""

    name: str
    policy_version: str
    fingerprint: str
    counted_versions: NotRequired[list[str]]
    """The versions of the promise whose people were counted."""


class Promise(TypedDict):
    """What each participant is promised about one year; `epsilon` by delta."""

    words: str
    unit: str
    horizon: str
    rho_cap: float
    epsilon: dict[str, float]
    odds: list[dict[str, int]]


class Loss(TypedDict):
    """What this release cost, and what was spent about its year up to it."""

    mechanism: str
    rho: float
    rho_so_far: float
    epsilon_so_far: dict[str, float]
    year: int


class DimensionCard(TypedDict):
    """One way of grouping people: its label, and the labels of its keys in display order."""

    label: str
    keys: dict[str, str]


class HeadlineCard(TypedDict):
    """One figure of a measure; `kind` is people, share or mean."""

    label: str
    kind: str
    unit: str
    weights: list[int]
    whole: list[int]
    among: str


class TableCard(TypedDict):
    """One table of a measure; a cohort is shown from `people_floor` noisy people on; sigma is each coordinate's."""

    dimensions: list[str]
    sigma_micro_persons: int
    people_floor: float


class MeasureCard(TypedDict):
    """A measure with its public categories, headlines and tables."""

    label: str
    definition: str
    least_data: str
    categories: dict[str, str]
    headlines: dict[str, HeadlineCard]
    tables: dict[str, TableCard]


class PopulationCard(TypedDict):
    """The public sizes of the release, and the strata that are weighted to them, by measure."""

    dimensions: list[str]
    source: str
    as_of: str
    people: dict[str, int]
    strata: dict[str, list[str]]


class Card(TypedDict):
    """`card.json`: what a release says about itself."""

    format: int
    product: ProductCard
    period: str
    revision: int
    first_day: str
    last_day: str
    plan: PlanCard
    promise: Promise
    loss: Loss
    display: dict[str, float]
    dimensions: dict[str, DimensionCard]
    measures: dict[str, MeasureCard]
    population: NotRequired[PopulationCard]
    versions: dict[str, str]


def table_label(card: Card, measure: str, table: str) -> str:
    """Return the words for a table: `All participants`, `Region`, `Region by age band`."""
    first, *others = [card["dimensions"][name]["label"] for name in _dimensions(card, measure, table)] or [ALL_LABEL]
    return " by ".join([first, *(label.lower() for label in others)])


def cohort_labels(card: Card, measure: str, table: str) -> dict[str, str]:
    """Return the words for every cohort of a table, by public name, in grid order."""
    keys = [card["dimensions"][name]["keys"].items() for name in _dimensions(card, measure, table)]
    if not keys:
        return {cohort_name(()): ALL_LABEL}
    return {
        cohort_name(tuple(key for key, _ in cell)): ", ".join(label for _, label in cell)
        for cell in itertools.product(*keys)
    }


def _dimensions(card: Card, measure: str, table: str) -> list[str]:
    return card["measures"][measure]["tables"][table]["dimensions"]
