"""The public grid: every cohort key that may ever be published, known before any row is read."""

import itertools
import math
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from analytics.contracts.reading import Frozen

UNKNOWN = "unknown"
"""The key of everyone whose place in a dimension is not known; every dimension has it."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_+-]*$", max_length=40)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\n\r]*$")]


class MapFile(Frozen):
    """Where a dimension's map is."""

    file: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*\.geojson$", max_length=80)]
    """A GeoJSON file beside `cohorts.yaml`."""
    key: Annotated[str, StringConstraints(min_length=1, max_length=60)] = "cohort"
    """The property of each feature that holds a key of the dimension."""


def _file_alone(value: object) -> object:
    """Let `map: regions.geojson` be short for `map: {file: regions.geojson}`."""
    return {"file": value} if isinstance(value, str) else value


class Dimension(Frozen):
    """One public way of grouping people, with its keys in display order."""

    label: Label
    keys: dict[Key, Label]
    map_: Annotated[MapFile | None, BeforeValidator(_file_alone)] = Field(default=None, alias="map", exclude=True)
    """Where its keys lie. It changes no figure and no draw, so it is not in the plan's fingerprint."""

    @field_validator("keys")
    @classmethod
    def _has_unknown(cls, keys: dict[str, str]) -> dict[str, str]:
        if UNKNOWN not in keys:
            msg = f"the key '{UNKNOWN}' is missing: a person off the grid needs a place"
            raise ValueError(msg)
        return keys


def _day_as_text(value: object) -> object:
    """Let YAML's own dates be text like any other."""
    return value.isoformat() if isinstance(value, date) else value


class Population(Frozen):
    """How many people live in each public group, whether they log or not: from a public source, never from a log."""

    dimensions: tuple[Name, ...] = Field(min_length=1)
    source: Label
    """Where the sizes come from, in words; published beside every figure that uses them."""
    as_of: Annotated[Label, BeforeValidator(_day_as_text)]
    """The day or year that they are of."""
    people: dict[str, Annotated[int, Field(ge=1, strict=True)]]
    """By cohort over `dimensions`, like `north/25-34`; one for every combination of known keys."""


class Grid(Frozen):
    """`cohorts.yaml`: the dimensions in order, and how many people there are in public where that is known."""

    dimensions: dict[Name, Dimension] = Field(min_length=1)
    population: Population | None = Field(default=None, exclude_if=lambda value: value is None)
    """Left out of the grid's spelling where it is not given."""

    @field_validator("population")
    @classmethod
    def _covers_the_known_keys(cls, population: Population | None, info: ValidationInfo) -> Population | None:
        declared: dict[str, Dimension] = info.data.get("dimensions", {})
        if population is None or not declared:
            return population
        over = population.dimensions
        for name in over:
            if name not in declared:
                msg = f"the dimension '{name}' is not declared"
                raise ValueError(msg)
            if over.count(name) > 1:
                msg = f"the dimension '{name}' is named twice"
                raise ValueError(msg)
        known = [[key for key in declared[name].keys if key != UNKNOWN] for name in over]
        wanted = {cohort_name(keys) for keys in itertools.product(*known)}
        for name in (*sorted(wanted), *population.people):
            if name not in population.people:
                msg = f"the size of '{name}' is missing: every combination of known keys has one"
                raise ValueError(msg)
            if name not in wanted:
                msg = f"'{name}' is no combination of known keys of {', '.join(over)}"
                raise ValueError(msg)
        return population

    def keys(self, dimension: str) -> tuple[str, ...]:
        """Return the dimension's keys in order."""
        return tuple(self.dimensions[dimension].keys)

    def cohorts(self, dimensions: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return every cell of a table over `dimensions`, the last dimension varying fastest; `[()]` for none."""
        return list(itertools.product(*(self.keys(dimension) for dimension in dimensions)))

    def shape(self, dimensions: tuple[str, ...]) -> tuple[int, ...]:
        """Return how many keys each dimension has."""
        return tuple(len(self.keys(dimension)) for dimension in dimensions)

    def size(self, dimensions: tuple[str, ...]) -> int:
        """Return how many cells a table over `dimensions` has."""
        return math.prod(self.shape(dimensions))


def table_name(dimensions: tuple[str, ...]) -> str:
    """Return a table's public name: `all`, `region`, `region_by_age_band`."""
    return "_by_".join(dimensions) or "all"


def cohort_name(keys: tuple[str, ...]) -> str:
    """Return a cohort's public name: `all`, `north`, `north/25-34` (no key holds a slash)."""
    return "/".join(keys) or "all"
