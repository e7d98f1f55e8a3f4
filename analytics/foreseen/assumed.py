"""What a plan assumes of one measure: people in each cell, and how its headlines move."""

from dataclasses import dataclass

import numpy as np

from analytics.contracts import UNKNOWN, Grid, Headline, Measure
from analytics.contracts.assumptions import Assumptions, Movement
from analytics.foreseen.recursion import Moving, Sought
from analytics.layout import Array, Dimensions


@dataclass(frozen=True)
class Spread:
    """How people are spread over the grid: each dimension for itself."""

    parts: dict[str, Array]
    """Per dimension: the part of each group; one number where all groups are alike."""
    sizes: dict[str, int]
    """Per dimension: how many groups there are."""

    @classmethod
    def of(cls, grid: Grid, assumed: Assumptions) -> "Spread":
        """Return the spread over a grid's keys: evenly over the known ones where the plan says nothing."""
        parts, sizes = {}, {}
        for name in grid.dimensions:
            given = [part for part in assumed.parts.get(name, {}).values() if part]
            sizes[name] = len(given) or max(1, len([key for key in grid.keys(name) if key != UNKNOWN]))
            parts[name] = np.array(given, dtype=np.float64) / sum(given) if given else np.array([1 / sizes[name]])
        return cls(parts, sizes)

    def people(self, table: Dimensions, count: float) -> Array:
        """Return how many of `count` are in each cell: two axes of length 1, then one for each dimension."""
        found = np.full((1,) * (2 + len(self.parts)), count)
        for axis, (name, parts) in enumerate(self.parts.items()):
            if name in table:
                found = found * parts.reshape([-1 if place == axis else 1 for place in range(len(self.parts))])
        return found


def per_person(measure: Measure) -> Array:
    """Return how many of each category one person who logs is expected to be; without an assumption, evenly."""
    categories = len(measure.categories)
    if measure.typical is None:
        return np.full(categories, 1 / categories)
    spread = np.array(measure.typical.spread, dtype=np.float64)
    typical: Array = spread / spread.sum() * (measure.typical.counted / 100)
    return typical


def sought(measure: Measure, spread: Array, assumed: Assumptions, dimensions: int) -> Sought:
    """Return the measure's headlines on the second axis, in shares, parts of a scale, and parts of numbers of people.

    `spread` is the covariance of a cell's categories at a table variance of 1, `dimensions` how many the grid has.
    The noise of a share is that beyond the number of people, which the model follows by itself.
    """
    ones = np.ones(len(measure.categories))
    shape = (1, -1, *(1 for _ in range(dimensions)))
    one_person, noise = [], []
    for headline in measure.headlines.values():
        gradient = gradient_of(measure, headline)
        of_people = float(ones @ spread @ ones)
        shared = 0.0 if headline.kind == "people" else float(gradient @ spread @ ones) ** 2 / of_people
        one_person.append(variance_of_one(measure, headline))
        noise.append(float(gradient @ spread @ gradient) - shared / 2)
    is_people = [headline.kind == "people" for headline in measure.headlines.values()]

    def moving(shares: Movement) -> Moving:
        chosen = [assumed.numbers if people else shares for people in is_people]
        return Moving(
            *(
                np.array([float(getattr(one, field)) for one in chosen]).reshape(shape)
                for field in ("spread", "change", "variety")
            )
        )

    return Sought(
        np.array(one_person).reshape(shape),
        np.array(noise).reshape(shape),
        moving(assumed.everybody),
        moving(assumed.groups),
    )


def gradient_of(measure: Measure, headline: Headline) -> Array:
    """Return what one person more of each category changes, times the number of people: for people, 1."""
    whole = np.array(headline.whole, dtype=np.float64)
    if headline.kind == "people":
        return whole
    profile = _profile(measure)
    weights = np.array(headline.weights, dtype=np.float64) / (100 if headline.kind == "mean" else 1)
    part = float(whole @ profile)
    gradient: Array = (weights - float(weights @ profile) / part * whole) / part
    return gradient


def variance_of_one(measure: Measure, headline: Headline) -> float:
    """Return the variance of one person's value; of a number of people 1, so that all is a part of the number."""
    if headline.kind == "people":
        return 1.0
    gradient, profile = gradient_of(measure, headline), _profile(measure)
    return float((gradient**2) @ profile) - float(gradient @ profile) ** 2


def sampling_of_one(measure: Measure, headline: Headline) -> float:
    """Return the bound that intervals use for one person's variance: of a number in 0 to 1 with mean R, R (1 - R)."""
    if headline.kind == "people":
        return 1.0
    weights = np.array(headline.weights, dtype=np.float64) / (100 if headline.kind == "mean" else 1)
    part = float(np.array(headline.whole) @ _profile(measure))
    mean = float(weights @ _profile(measure)) / part
    return mean * (1 - mean) / part


def _profile(measure: Measure) -> Array:
    # An empty category would leave a headline without any spread.
    typical = np.maximum(per_person(measure), 1e-6)
    profile: Array = typical / typical.sum()
    return profile
