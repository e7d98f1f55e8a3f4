"""The public grid: every cohort key that may ever be published, known before any row is read."""

import itertools
import math
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from analytics.contracts.reading import Frozen

UNKNOWN = "unknown"
"""The key of everyone whose place in a dimension is not known; every dimension has it."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_+-]*$", max_length=40)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\n\r]*$")]


class Dimension(Frozen):
    """One public way of grouping people, with its keys in display order."""

    label: Label
    keys: dict[Key, Label]

    @field_validator("keys")
    @classmethod
    def _has_unknown(cls, keys: dict[str, str]) -> dict[str, str]:
        if UNKNOWN not in keys:
            msg = f"the key '{UNKNOWN}' is missing: a person off the grid needs a place"
            raise ValueError(msg)
        return keys


class Grid(Frozen):
    """`cohorts.yaml`: the dimensions in order."""

    dimensions: dict[Name, Dimension] = Field(min_length=1)

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
