"""One headline of many modelled cells at once: figures with their intervals, and the variances of figures.

The intervals are those of `estimation.intervals`, for arrays: a test holds both to each other.
"""

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.layout import Array
from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.trends.estimation.figures import weights_of

FEW = 10
"""People: a figure of fewer is not displayed."""
SURE = 3.09
"""Standard deviations by which a modelled number of people must lie above `FEW`: 1 in 1,000."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ends:
    """Both ends of an interval for each cell; not a number where noise alone could explain any value."""

    low: Array
    high: Array


@dataclass(frozen=True)
class HeadlineCells:
    """Persons by category (cells x categories) with each cell's covariance, and the headline that is made of them."""

    persons: Array
    covariance: Array
    headline: ReleasedHeadline

    @property
    def is_count(self) -> bool:
        """Whether the headline is a number of people."""
        return self.headline.kind is HeadlineKind.PEOPLE

    @functools.cached_property
    def people(self) -> Array:
        """How many people the headline is of: those of its whole."""
        found: Array = self.persons @ self._whole
        return found

    @functools.cached_property
    def people_variance(self) -> Array:
        """Of `people`."""
        return self._moment(self._whole, self._whole)

    @property
    def has_enough(self) -> Flags:
        """Whether more than a few people are surely in the headline's whole."""
        found: Flags = self.people - SURE * np.sqrt(self.people_variance) >= FEW
        return found

    @functools.cached_property
    def estimate(self) -> Array:
        """Persons, or a ratio between 0 and 1."""
        if self.is_count:
            return self.people
        return np.divide(self._top, self.people, out=np.full_like(self._top, np.nan), where=self.people != 0)

    @functools.cached_property
    def gradient(self) -> Array:
        """How persons of each category move the figure: cells x categories."""
        if self.is_count:
            return np.broadcast_to(self._whole, self.persons.shape)
        bottom = np.where(self.people != 0, self.people, np.nan)
        found: Array = (self._weights - self.estimate[:, None] * self._whole) / bottom[:, None]
        return found

    @functools.cached_property
    def noise(self) -> Array:
        """The variance of the figure as an estimate of the participants' own."""
        found: Array = np.einsum("nc,ncd,nd->n", self.gradient, self.covariance, self.gradient)
        return found

    @functools.cached_property
    def sampling(self) -> Array:
        """The bound of the variance by who happens to log: p (1 - p) / n, or n for a number of people."""
        people = np.maximum(self.people, 1.0)
        if self.is_count:
            return people
        ratio = np.clip(self.estimate, 0.0, 1.0)
        found: Array = ratio * (1 - ratio) / people
        return found

    def own(self, z: float) -> Ends:
        """Return the interval of the participants' own figure."""
        if z not in self._own:
            self._own[z] = self._count(0.0, z) if self.is_count else self._fieller(np.zeros_like(self.people), z)
        return self._own[z]

    def shown(self, z: float) -> Ends:
        """Return the interval that allows for who happens to log, too; never narrower than `own`."""
        if z not in self._shown:
            self._shown[z] = self._sampled(z)
        return self._shown[z]

    def _sampled(self, z: float) -> Ends:
        if self.is_count:
            return self._count(1.0, z)
        own, wider = self.own(z), self._fieller(np.maximum(self.people, 0.0), z)
        # Beyond 0 and 1 the sampling bound is negative, and must not take from the noise.
        return Ends(np.fmin(own.low, wider.low), np.fmax(own.high, wider.high))

    def _count(self, sampling: float, z: float) -> Ends:
        reach = z * np.sqrt(self.people_variance + sampling * np.maximum(self.people, 0.0))
        return Ends(self.people - reach, self.people + reach)

    def _fieller(self, people: Array, z: float) -> Ends:
        """Return the R with (top - R bottom)² <= z² (Var(top - R bottom) + people R (1 - R)), if an interval."""
        z2, bottom = z * z, self.people
        a = bottom**2 - z2 * self.people_variance + z2 * people
        b = -2 * self._top * bottom + 2 * z2 * self._moment(self._weights, self._whole) - z2 * people
        c = self._top**2 - z2 * self._moment(self._weights, self._weights)
        inside = b * b - 4 * a * c
        is_interval = (bottom**2 > z2 * self.people_variance) & (inside >= 0)
        root, double = np.sqrt(np.where(is_interval, inside, np.nan)), 2 * np.where(is_interval, a, np.nan)
        return Ends((-b - root) / double, (-b + root) / double)

    def _moment(self, one: Array, other: Array) -> Array:
        found: Array = np.einsum("c,ncd,d->n", one, self.covariance, other)
        return found

    @functools.cached_property
    def _own(self) -> dict[float, Ends]:
        """By critical value."""
        return {}

    @functools.cached_property
    def _shown(self) -> dict[float, Ends]:
        """By critical value."""
        return {}

    @property
    def _weights(self) -> Array:
        return weights_of(self.headline)[0]

    @property
    def _whole(self) -> Array:
        return weights_of(self.headline)[1]

    @functools.cached_property
    def _top(self) -> Array:
        found: Array = self.persons @ self._weights
        return found
