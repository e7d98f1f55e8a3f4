"""Numbers of people of one table's cells: the ratio of each to its forecast is followed.

For one dimension the forecast is the table's common number, which moves as all groups do; for more it is the product
of a cell's parts in each dimension, so that a group that halves takes its ages along.
"""

from dataclasses import dataclass, replace

import numpy as np

from analytics.layout import Array, Dimensions
from analytics.trends.modelling import settings
from analytics.trends.modelling.bank import Belief, Seen, Sight, observe
from analytics.trends.modelling.common import Surprises, common_movement
from analytics.trends.modelling.followed import SMALL, Followed, Known, Noisy, Shape, begun

LEAST_MOVEMENT = 0.05
"""The common number never falls to less than this part of itself."""


@dataclass(frozen=True)
class Sizes:
    """Holds no state."""

    shape: Shape

    def beginning(self, noisy: Noisy, mean: float) -> Belief:
        """Return the belief before the first release: ratios of 1, or everybody's own number."""
        is_whole = not self.shape.table
        spread = settings.FIRST_SIZE_SPREAD[self._dimensions] * mean
        noise = noisy.variance * self.shape.noise_of_people if is_whole else 0.0
        ones = np.ones((self.shape.cells, 1, 1))
        return begun(ones * mean, ones * (spread**2 + noise), settings.SIZES.prior)

    def forecast(
        self, known: Known, noisy: Noisy, simpler: dict[Dimensions, Followed], *, is_first: bool
    ) -> tuple[Known, Array, Array]:
        """Return the forecast number of each cell and its relative variance, with what is known of common movement."""
        cells = self.shape.cells
        if not self.shape.table:
            return known, np.ones(1), np.zeros(1)
        if len(self.shape.table) > 1:
            return known, *self._product(simpler)
        uncertainty = 0.0
        if not is_first:
            movement, uncertainty = self._common(known, noisy, simpler[()])
            known = replace(known, common_people=known.common_people * max(1 + movement, LEAST_MOVEMENT))
        return known, np.full(cells, max(known.common_people, SMALL)), np.full(cells, min(uncertainty, 1.0))

    def step(
        self, belief: Belief, noisy: Noisy, forecast: tuple[Array, Array], *, is_first: bool
    ) -> tuple[Belief, Seen]:
        """Take in a release's numbers of people."""
        bank, people, uncertainty = settings.SIZES, forecast[0][:, None, None], forecast[1][:, None, None]
        size, value = self._size(belief.mean), noisy.cells.sum(axis=1)[:, None] / people[:, 0]
        jump = settings.SIZE_JUMP * (
            self._size(belief.mixed()[0]) + settings.ADDED_TO_JUMP
            if self.shape.table
            # A service may grow from a handful of people to hundreds: by no part of the handful.
            else np.maximum(self._size(belief.mixed()[0]), value)
        )
        is_surprise = is_first and len(self.shape.table) > 1
        moved = self.shape.elapsed * (bank.change * size) ** 2
        sight = Sight(
            value=value,
            noise=noisy.variance * self.shape.noise_of_people / people[:, 0] ** 2,
            step=np.zeros_like(moved) if is_first else moved,
            around=bank.variety * np.maximum(belief.mean * people, 1.0) / people**2 + uncertainty * belief.mean**2,
            jump=(jump * (settings.FIRST_JUMP if is_surprise else 1.0)) ** 2,
            odds=settings.FIRST_JUMP_ODDS if is_first else settings.JUMP_ODDS,
        )
        return observe(belief, sight, bank, learn=bool(self.shape.table) or not is_first)

    @property
    def _dimensions(self) -> int:
        return min(len(self.shape.table), 2)

    def _size(self, ratio: Array) -> Array:
        """Return what changes of numbers of people are a part of."""
        return np.maximum(ratio, settings.LEAST_SIZE[self._dimensions])

    def _product(self, simpler: dict[Dimensions, Followed]) -> tuple[Array, Array]:
        whole = max(float(simpler[()].people[0]), 1.0)
        people, uncertainty = np.full(self.shape.cells, whole), np.zeros(self.shape.cells)
        for name in self.shape.table:
            of_one = simpler[name,]
            relative = of_one.people_variance / np.maximum(of_one.people, 1.0) ** 2
            people = people * self.shape.spread_over((name,), np.maximum(of_one.people, 0.0) / whole)
            uncertainty = uncertainty + self.shape.spread_over((name,), relative)
        return np.maximum(people, SMALL), np.minimum(uncertainty, 1.0)

    def _common(self, known: Known, noisy: Noisy, everybody: Followed) -> tuple[float, float]:
        """Return the relative movement that all groups have in common, and its variance."""
        bank, counts, before = settings.SIZES, known.sizes.counts[:, 0], known.common_people
        ratio, variance = (values[:, 0] for values in known.sizes.mixed())
        size = self._size(ratio)
        moved = self.shape.elapsed * (counts * bank.change**2).sum(axis=1) * size**2
        around = (counts * bank.variety).sum(axis=1) * np.maximum(ratio * before, 1.0) / before**2
        at_least = np.maximum(ratio, SMALL)
        noise = noisy.variance * self.shape.noise_of_people / before**2
        whole = max(float(everybody.people[0]), 1.0)
        movement, unsure = common_movement(
            Surprises(
                value=((noisy.cells.sum(axis=1) / before - ratio) / at_least)[:, None],
                variance=((variance + moved + around + noise) / at_least**2)[:, None],
                jump=((settings.SIZE_JUMP * (size + settings.ADDED_TO_JUMP)) ** 2 / at_least**2)[:, None],
                odds=settings.JUMP_ODDS,
            ),
            np.array([whole / known.everybody - 1]),
            np.array([float(everybody.people_variance[0]) / whole**2 + settings.LEAST_UNCERTAINTY]),
            at_least / at_least.sum(),
        )
        return float(movement[0]), float(unsure[0])
