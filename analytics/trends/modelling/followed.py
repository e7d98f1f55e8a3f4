"""One table of a measure as of one release: what was seen, what was predicted, and what is made of both."""

from dataclasses import dataclass

import numpy as np

from analytics.layout import Array, Dimensions, Layout
from analytics.trends.modelling.bank import Belief, Seen
from analytics.trends.modelling.coordinates import Coordinates
from analytics.trends.modelling.margins import Cells

SMALL = 1e-3
"""Persons: a forecast of no people is taken as this."""


@dataclass(frozen=True)
class Noisy:
    """The reconciled cells of one table."""

    cells: Array
    """Cells x categories, in persons and grid order."""
    variance: float
    """The covariance of each cell is this times the layout's spread."""


@dataclass(frozen=True)
class Forecast:
    """What the simpler tables, and the table's common movement, say of each cell."""

    people: Array
    people_uncertainty: Array
    """Relative variance."""
    profile: Array
    """Cells x categories."""
    profile_uncertainty: Array
    """Cells x coordinates."""


@dataclass(frozen=True)
class Followed:
    """One table as of one release."""

    forecast: Forecast
    people: Array
    people_variance: Array
    profile: Array
    profile_variance: Array
    """Cells x coordinates."""
    sizes: Seen
    profiles: Seen

    def cells(self, coordinates: Coordinates) -> Cells:
        """Return the cells in persons; the number and the profile of a cell are taken as independent."""
        return cells_of(coordinates, self.people, self.people_variance, self.profile, self.profile_variance)


@dataclass(frozen=True)
class Known:
    """What is carried from release to release."""

    sizes: Belief
    profiles: Belief
    common_people: float
    """The common forecast of a group of one dimension."""
    common_profile: Array
    everybody: float
    everybody_profile: Array


def cells_of(
    coordinates: Coordinates, people: Array, people_variance: Array, profile: Array, profile_variance: Array
) -> Cells:
    """Return cells x categories in persons, with each cell's covariance."""
    covariance = people_variance[:, None, None] * profile[:, :, None] * profile[:, None, :]
    of_profile = np.einsum("cj,nj,dj->ncd", coordinates.directions, profile_variance, coordinates.directions)
    return Cells(people[:, None] * profile, covariance + (people**2)[:, None, None] * of_profile)


@dataclass(frozen=True)
class Shape:
    """One table of one measure."""

    layout: Layout
    table: Dimensions
    coordinates: Coordinates
    reference: Array
    """The profile around which the coordinates lie."""
    elapsed: int = 1
    """Periods since the release before: levels move in every one of them, released or not."""

    @property
    def cells(self) -> int:
        """How many cells it has."""
        return self.layout.size(self.table)

    @property
    def noise_of_people(self) -> float:
        """The variance of a cell's number of people, per unit of the cell's own."""
        return float(self.layout.spread.sum())

    def spread_over(self, part: Dimensions, values: Array) -> Array:
        """Return what a simpler table has per cell (first axis) for every cell of this one."""
        keys = [self.layout.keys[name] for name in self.table]
        one = [self.layout.keys[name] if name in part else 1 for name in self.table]
        rest = values.shape[1:]
        return np.broadcast_to(values.reshape(*one, *rest), (*keys, *rest)).reshape(-1, *rest)


def begun(mean: Array, variance: Array, prior: Array) -> Belief:
    """Return a belief without evidence; the last axis of `mean` and `variance` may be one for all settings."""
    shape = (*np.broadcast_shapes(mean.shape, variance.shape)[:2], len(prior))
    return Belief(
        mean=np.broadcast_to(mean, shape).copy(),
        variance=np.broadcast_to(variance, shape).copy(),
        evidence=np.zeros(shape),
        weights=np.tile(prior, (shape[1], 1)),
    )
