"""One modelled cell: its figures, and the variances of its figures."""

import functools
import math
from dataclasses import dataclass

from analytics.layout import Array
from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.trends.estimation.figures import figure_of, weights_of
from analytics.trends.estimation.intervals import Figure, Z, linear_weights

FEW = 10
"""People: a figure of fewer is not displayed."""
SURE = 3.09
"""Standard deviations by which a modelled number of people must lie above `FEW`: 1 in 1,000."""


@dataclass(frozen=True)
class ModelledCell:
    """Persons by category, with their covariance."""

    persons: Array
    covariance: Array

    def people(self, headline: ReleasedHeadline) -> float:
        """Return how many people a headline is of: those of its whole."""
        return float(weights_of(headline)[1] @ self.persons)

    def has_enough(self, headline: ReleasedHeadline) -> bool:
        """Say whether more than a few people are surely in a headline's whole."""
        _, whole = weights_of(headline)
        return self.people(headline) - SURE * math.sqrt(float(whole @ self.covariance @ whole)) >= FEW

    def figure(self, headline: ReleasedHeadline, z: float = Z) -> Figure:
        """Return a headline: persons, or a ratio between 0 and 1."""
        key = headline.name, z
        if key not in self._known:
            self._known[key] = figure_of(self.persons, self.covariance, headline, z)
        return self._known[key]

    @functools.cached_property
    def _known(self) -> dict[tuple[str, float], Figure]:
        return {}

    def gradient(self, headline: ReleasedHeadline) -> Array:
        """Return how persons of each category move the figure."""
        weights, whole = weights_of(headline)
        return whole if headline.kind is HeadlineKind.PEOPLE else linear_weights(self.persons, weights, whole)

    def noise(self, headline: ReleasedHeadline) -> float:
        """Return the variance of the figure as an estimate of the participants' own."""
        gradient = self.gradient(headline)
        return float(gradient @ self.covariance @ gradient)

    def sampling(self, headline: ReleasedHeadline) -> float:
        """Return the bound of the variance by who happens to log."""
        people = max(self.people(headline), 1.0)
        if headline.kind is HeadlineKind.PEOPLE:
            return people
        ratio = min(max(self.figure(headline).estimate, 0.0), 1.0)
        return ratio * (1 - ratio) / people
