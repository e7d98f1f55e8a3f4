"""Profiles of one table's cells: how far each lies from its forecast is followed, in the coordinates.

For one dimension the forecast is the table's common profile, which moves as all groups do; for more it is what the
simpler tables say by inclusion and exclusion (region + age - everybody), so that groups with few people lean on them.
"""

from dataclasses import dataclass, replace

import numpy as np

from analytics.layout import Array, Dimensions
from analytics.trends.modelling import settings
from analytics.trends.modelling.bank import Bank, Belief, Seen, Sight, observe
from analytics.trends.modelling.common import Surprises, common_movement
from analytics.trends.modelling.followed import Followed, Known, Noisy, Shape, begun


@dataclass(frozen=True)
class Counted:
    """Noisy cells whose number of people is followed already."""

    noisy: Noisy
    people: Array
    people_variance: Array

    def differences(self, shape: Shape, profile: Array) -> tuple[Array, Array]:
        """Return how far each cell lies from its people in `profile`, per coordinate in persons, and the noise.

        The noise of a difference is correlated with that of the number of people, which is mostly known by now: that
        part is taken out.
        """
        functionals = shape.coordinates.functionals
        own = functionals[None] - (profile @ functionals.T)[:, :, None]
        noise = own @ shape.layout.spread
        shared = noise.sum(axis=2) / shape.noise_of_people
        surplus = self.noisy.cells.sum(axis=1) - self.people
        value = np.einsum("njc,nc->nj", own, self.noisy.cells) - shared * surplus[:, None]
        variance = self.noisy.variance * ((noise * own).sum(axis=2) - shared**2 * shape.noise_of_people)
        return value, np.maximum(variance, settings.LEAST_NOISE) + shared**2 * self.people_variance[:, None]


@dataclass(frozen=True)
class Profiles:
    """Holds no state."""

    shape: Shape

    def beginning(self) -> Belief:
        """Return the belief before the first release: no differences."""
        spread = self.shape.coordinates.spread
        nothing = np.zeros((self.shape.cells, len(spread), 1))
        return begun(nothing, nothing + self._bank.spread**2 * spread[:, None], self._bank.prior)

    def forecast(
        self, known: Known, counted: Counted, simpler: dict[Dimensions, Followed], *, is_first: bool
    ) -> tuple[Known, Array, Array]:
        """Return the forecast profile of each cell and its variance per coordinate, with the common movement."""
        cells = self.shape.cells
        if not self.shape.table:
            return known, self.shape.reference[None], np.zeros((1, len(self.shape.coordinates.spread)))
        if len(self.shape.table) > 1:
            return known, *self._sum(simpler)
        unsure = simpler[()].profile_variance[0]
        if not is_first:
            movement, unsure = self._common(known, counted, simpler[()])
            moved = known.common_profile + self.shape.coordinates.directions @ movement
            known = replace(known, common_profile=moved)
        return known, np.tile(known.common_profile, (cells, 1)), np.tile(unsure, (cells, 1))

    def step(
        self, known: Known, counted: Counted, forecast: tuple[Array, Array], *, is_first: bool
    ) -> tuple[Belief, Seen]:
        """Take in a release's profiles."""
        belief, bank, spread = known.profiles, self._bank, self.shape.coordinates.spread[None, :, None]
        profile, unsure = forecast
        people = np.maximum(counted.people, 1.0)[:, None]
        value, noise = counted.differences(self.shape, profile)
        change = self.shape.elapsed * bank.change**2 + self._turnover(known, counted) ** 2
        moved = np.broadcast_to(change * spread, belief.mean.shape)
        sight = Sight(
            value=value / people,
            noise=noise / people**2,
            step=np.zeros_like(moved) if is_first else moved,
            around=bank.variety * spread / people[:, :, None] + unsure[:, :, None],
            jump=np.broadcast_to(settings.PROFILE_JUMP**2 * spread[:, :, 0], value.shape),
            odds=settings.PROFILE_JUMP_ODDS[self._dimensions],
        )
        return observe(belief, sight, bank, learn=bool(self.shape.table) or not is_first)

    def _turnover(self, known: Known, counted: Counted) -> float:
        """Return how far everybody's profile may move if many leave or come: they differ from those who stay."""
        if self.shape.table:
            return 0.0
        change = abs(float(counted.people[0]) - known.everybody)
        usual = settings.USUAL_TURNOVER * known.everybody + float(np.sqrt(counted.people_variance[0]))
        return settings.TURNOVER * min(max(change - usual, 0.0) / known.everybody, 1.0)

    @property
    def _bank(self) -> Bank:
        return settings.PROFILE_BANKS[self._dimensions]

    @property
    def _dimensions(self) -> int:
        return min(len(self.shape.table), 2)

    def _sum(self, simpler: dict[Dimensions, Followed]) -> tuple[Array, Array]:
        profile: Array = np.zeros((1, 1))
        unsure: Array = np.zeros((1, 1))
        for part, followed in simpler.items():
            sign = (-1) ** (len(self.shape.table) - len(part) - 1)
            profile = profile + sign * self.shape.spread_over(part, followed.profile)
            unsure = unsure + self.shape.spread_over(part, followed.profile_variance)
        return profile, unsure

    def _common(self, known: Known, counted: Counted, everybody: Followed) -> tuple[Array, Array]:
        """Return the movement that all groups have in common, and its variance, per coordinate."""
        bank, counts, spread = self._bank, known.profiles.counts, self.shape.coordinates.spread
        level, variance = known.profiles.mixed()
        value, noise = counted.differences(self.shape, np.tile(known.common_profile, (self.shape.cells, 1)))
        people = np.maximum(counted.people, 1.0)[:, None]
        moved = self.shape.elapsed * (counts * bank.change**2).sum(axis=-1) * spread
        around = (counts * bank.variety).sum(axis=-1) * spread / people
        part = np.maximum(counted.people, 0.0)
        return common_movement(
            Surprises(
                value=value / people - level,
                variance=variance + moved + around + noise / people**2,
                jump=np.broadcast_to(settings.PROFILE_JUMP**2 * spread, value.shape),
                odds=settings.JUMP_ODDS,
            ),
            self.shape.coordinates.of(everybody.profile[0] - known.everybody_profile),
            everybody.profile_variance[0] + settings.LEAST_NOISE,
            part / max(float(part.sum()), 1.0),
        )
