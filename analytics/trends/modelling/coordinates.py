"""The directions in which a profile can move, with independent noise: fixed when a measure is first followed.

A cell x (persons by category) with s persons and a profile p predicted for it lies r = x - s p away from its forecast;
r sums to zero. In these coordinates the noise of r is independent and of unit variance (per unit of a cell's own), and
the first is the direction in which a shift of mood moves the bands, where the measure has a mean. The others are the
generalised eigenvectors of diag(p) - p pᵀ, the spread of a category drawn from p, against the noise.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from analytics.layout import Array

LEAST_PROFILE = 0.02
"""Of the mean category: what a category is taken to have at least, so that every direction has a spread."""


RAMP = 0.001
"""How much more of the last category than of the first is assumed where directions are chosen, as a part."""


@dataclass(frozen=True)
class Coordinates:
    """J = categories - 1 directions."""

    functionals: Array
    """J x C: from what sums to zero to its coordinates."""
    directions: Array
    """C x J: back; each column sums to zero."""
    spread: Array
    """J: the variance of one person's category in each coordinate, in units of the noise."""

    @classmethod
    def around(cls, profile: Array, noise: Array, mean: Array | None) -> Self:
        """Return the coordinates around `profile`, for a noise covariance (C x C) and a mean's weights, if any."""
        categories = len(profile)
        profile = np.maximum(profile, LEAST_PROFILE / categories)
        profile = profile / profile.sum()
        sums_to_zero: Array = np.linalg.svd(np.ones((1, categories)))[2][1:].T
        centred = np.eye(categories) - np.outer(profile, np.ones(categories))
        one_person = np.diag(profile) - np.outer(profile, profile)
        values, vectors = np.linalg.eigh(sums_to_zero.T @ centred @ noise @ centred.T @ sums_to_zero)
        whiten = (vectors / np.sqrt(values)) @ vectors.T
        colour = (vectors * np.sqrt(values)) @ vectors.T
        spread = whiten @ sums_to_zero.T @ one_person @ sums_to_zero @ whiten
        # No two categories quite alike: of directions of the same spread, each machine would choose its own.
        unlike = profile * (1 + RAMP * np.arange(categories) / categories)
        apart = whiten @ sums_to_zero.T @ (np.diag(unlike) - np.outer(unlike, unlike)) @ sums_to_zero @ whiten
        axes = _axes(apart, None if mean is None else whiten @ sums_to_zero.T @ one_person @ mean)
        return cls(
            functionals=axes.T @ whiten @ sums_to_zero.T,
            directions=sums_to_zero @ colour @ axes,
            spread=np.diag(axes.T @ spread @ axes).copy(),
        )

    def of(self, vectors: Array) -> Array:
        """Return the coordinates of vectors (... x C) that sum to zero."""
        found: Array = vectors @ self.functionals.T
        return found


def _axes(spread: Array, first: Array | None) -> Array:
    """Return orthonormal axes as columns: `first` if there is one, then those of most spread; signs are fixed."""
    if first is None or not float(first @ first) > 0:
        return _signed(np.linalg.eigh(spread)[1][:, ::-1])
    along = first / np.sqrt(float(first @ first))
    others: Array = np.linalg.svd(along[None])[2][1:].T
    return np.column_stack([along, _signed(others @ np.linalg.eigh(others.T @ spread @ others)[1][:, ::-1])])


def _signed(axes: Array) -> Array:
    """Return the axes so that the greatest number of each is positive: another library may give the opposite."""
    if not axes.size:
        return axes
    greatest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    found: Array = axes * np.where(greatest < 0, -1.0, 1.0)
    return found
