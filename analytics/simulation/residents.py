"""How many people live in the invented place, whether they log or not: what a public source would say."""

import itertools

from analytics.contracts import UNKNOWN, Grid, Population, cohort_name
from analytics.simulation.people import sizes

SOURCE = "invented for this demo, as its participants are"

_DIMENSIONS = ("region", "age_band")
_LIVING, _MORE_BY_AGE, _MORE_BY_REGION = 15, 12, 3
"""So many live there for each participant of the first keys, and so many more with each further key: logging is less
common among older people and in smaller regions."""


def residents(grid: Grid, people: int, as_of: str) -> Population:
    """Return public sizes of a place where `people` participants were invented; `grid` has regions and age bands."""
    keys = [[key for key in grid.keys(name) if key != UNKNOWN] for name in _DIMENSIONS]
    parts = [sizes(name, len(known)) for name, known in zip(_DIMENSIONS, keys, strict=True)]
    whole = sum(parts[0]) * sum(parts[1])
    ranks = itertools.product(range(len(keys[0])), range(len(keys[1])))
    return Population(
        dimensions=_DIMENSIONS,
        source=SOURCE,
        as_of=as_of,
        people={
            cohort_name((keys[0][region], keys[1][age])): people
            * parts[0][region]
            * parts[1][age]
            * (_LIVING + _MORE_BY_REGION * region + _MORE_BY_AGE * age)
            // whole
            + 1
            for region, age in ranks
        },
    )
