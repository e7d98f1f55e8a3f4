"""One table of a measure, from one release to the next: numbers of people, then profiles, from the simpler tables'.

A group's number of people is foretold as a part of everybody's: for one dimension its part of the table's common
number, for more the product of its parts in each. Its profile is foretold as the sum of what the simpler tables say
(region + age - everybody), so that groups with few people lean on them. What is followed is how far each group lies
from its forecast: the ratio of its people to the forecast, and its profile's difference in the coordinates.
"""

from dataclasses import dataclass, replace

import numpy as np

from analytics.layout import Array, Dimensions, Layout
from analytics.trends.modelling import settings
from analytics.trends.modelling.bank import Bank, Belief, Seen, Sight, observe
from analytics.trends.modelling.common import Surprises, common_movement
from analytics.trends.modelling.coordinates import Coordinates
from analytics.trends.modelling.margins import Cells

_SMALL = 1e-3
"""Persons: a forecast of nobody is taken as this."""


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
class TableFilter:
    """One table of one measure; holds no state."""

    layout: Layout
    table: Dimensions
    coordinates: Coordinates
    reference: Array
    """The profile around which the coordinates lie."""
    elapsed: int = 1
    """Periods since the release before: levels move in every one of them, released or not."""

    @property
    def _dimensions(self) -> int:
        return min(len(self.table), 2)

    def step(self, known: Known | None, noisy: Noisy, simpler: dict[Dimensions, Followed]) -> tuple[Known, Followed]:
        """Take in a release; `simpler` has every table of fewer of these dimensions."""
        is_first = known is None
        known = known or self._beginning(noisy, simpler)
        known, people, uncertainty = self._forecast_people(known, noisy, simpler, is_first=is_first)
        sizes, seen = self._sizes(known.sizes, noisy, people, uncertainty, is_first=is_first)
        number = seen.own[:, 0] * people
        number_variance = seen.own_variance[:, 0] * people**2
        counted = _Counted(noisy, number, number_variance)
        known, profile, unsure = self._forecast_profile(known, counted, simpler, is_first=is_first)
        profiles, differences = self._profiles(known.profiles, counted, profile, unsure, is_first=is_first)
        followed = Followed(
            forecast=Forecast(people, uncertainty, profile, unsure),
            people=number,
            people_variance=number_variance,
            profile=profile + differences.own @ self.coordinates.directions.T,
            profile_variance=differences.own_variance,
            sizes=seen,
            profiles=differences,
        )
        everybody = simpler[()] if self.table else followed
        return (
            replace(
                known,
                sizes=sizes,
                profiles=profiles,
                everybody=float(everybody.people[0]),
                everybody_profile=everybody.profile[0],
            ),
            followed,
        )

    def spread_over(self, part: Dimensions, values: Array) -> Array:
        """Return what a simpler table has per cell (first axis) for every cell of this one."""
        keys = [self.layout.keys[name] for name in self.table]
        one = [self.layout.keys[name] if name in part else 1 for name in self.table]
        rest = values.shape[1:]
        return np.broadcast_to(values.reshape(*one, *rest), (*keys, *rest)).reshape(-1, *rest)

    def _beginning(self, noisy: Noisy, simpler: dict[Dimensions, Followed]) -> Known:
        cells, ones = len(noisy.cells), np.ones((len(noisy.cells), 1, 1))
        size_bank, profile_bank = self._banks
        mean = 1.0 if self.table else max(float(noisy.cells.sum()), 1.0)
        spread = settings.FIRST_SIZE_SPREAD[self._dimensions] * mean
        noise = 0.0 if self.table else self._noise_of_people(noisy)
        everybody = simpler[()] if self.table else None
        per_coordinate = self.coordinates.spread[None, :, None]
        return Known(
            sizes=_belief(ones * mean, ones * (spread**2 + noise), size_bank),
            profiles=_belief(
                np.zeros((cells, per_coordinate.size, 1)), ones * profile_bank.spread**2 * per_coordinate, profile_bank
            ),
            common_people=float(everybody.people[0]) / cells if everybody else mean,
            common_profile=everybody.profile[0] if everybody else self.reference,
            everybody=float(everybody.people[0]) if everybody else mean,
            everybody_profile=everybody.profile[0] if everybody else self.reference,
        )

    @property
    def _banks(self) -> tuple[Bank, Bank]:
        return settings.SIZES, settings.PROFILES if self.table else settings.WHOLE_PROFILE

    def _noise_of_people(self, noisy: Noisy) -> float:
        return noisy.variance * float(self.layout.spread.sum())

    def _forecast_people(
        self, known: Known, noisy: Noisy, simpler: dict[Dimensions, Followed], *, is_first: bool
    ) -> tuple[Known, Array, Array]:
        """Return the forecast number of each cell and its relative variance."""
        cells = len(noisy.cells)
        if not self.table:
            return known, np.ones(1), np.zeros(1)
        if len(self.table) > 1:
            return known, *self._product(simpler)
        uncertainty = 0.0
        if not is_first:
            movement, uncertainty = self._common_people(known, noisy, simpler[()])
            known = replace(known, common_people=known.common_people * max(1 + movement, 0.05))
        people = np.full(cells, max(known.common_people, _SMALL))
        return known, people, np.full(cells, min(uncertainty, 1.0))

    def _product(self, simpler: dict[Dimensions, Followed]) -> tuple[Array, Array]:
        whole = max(float(simpler[()].people[0]), 1.0)
        people, uncertainty = np.full(self.layout.size(self.table), whole), np.zeros(self.layout.size(self.table))
        for name in self.table:
            of_one = simpler[(name,)]
            parts = np.maximum(of_one.people, 0.0) / whole
            relative = of_one.people_variance / np.maximum(of_one.people, 1.0) ** 2
            people = people * self.spread_over((name,), parts)
            uncertainty = uncertainty + self.spread_over((name,), relative)
        return np.maximum(people, _SMALL), np.minimum(uncertainty, 1.0)

    def _common_people(self, known: Known, noisy: Noisy, everybody: Followed) -> tuple[float, float]:
        """Return the relative movement that all groups have in common, and its variance."""
        bank, counts, before = settings.SIZES, known.sizes.counts[:, 0], known.common_people
        ratio, variance = (values[:, 0] for values in known.sizes.mixed())
        size = self._size(ratio)
        moved = self.elapsed * (counts * bank.change**2).sum(axis=1) * size**2
        around = (counts * bank.variety).sum(axis=1) * np.maximum(ratio * before, 1.0) / before**2
        at_least = np.maximum(ratio, _SMALL)
        noise = self._noise_of_people(noisy) / before**2
        seen = noisy.cells.sum(axis=1) / before
        movement, unsure = common_movement(
            Surprises(
                value=((seen - ratio) / at_least)[:, None],
                variance=((variance + moved + around + noise) / at_least**2)[:, None],
                jump=((settings.SIZE_JUMP * (size + settings.ADDED_TO_JUMP)) ** 2 / at_least**2)[:, None],
                odds=settings.JUMP_ODDS,
            ),
            np.array([float(everybody.people[0]) / known.everybody - 1]),
            np.array([float(everybody.people_variance[0]) / max(float(everybody.people[0]), 1.0) ** 2 + 1e-7]),
            at_least / at_least.sum(),
        )
        return float(movement[0]), float(unsure[0])

    def _size(self, ratio: Array) -> Array:
        """Return what changes of numbers of people are a part of."""
        least = settings.LEAST_SIZE[self._dimensions] if self.table else 1.0
        return np.maximum(ratio, least)

    def _sizes(
        self, belief: Belief, noisy: Noisy, people: Array, uncertainty: Array, *, is_first: bool
    ) -> tuple[Belief, Seen]:
        bank, forecast = settings.SIZES, people[:, None, None]
        size = self._size(belief.mean)
        around = bank.variety * np.maximum(belief.mean * forecast, 1.0) / forecast**2
        is_surprise = is_first and len(self.table) > 1
        ratio = belief.mixed()[0]
        jump = settings.SIZE_JUMP * (self._size(ratio) + (settings.ADDED_TO_JUMP if self.table else 0.0))
        sight = Sight(
            value=noisy.cells.sum(axis=1)[:, None] / people[:, None],
            noise=self._noise_of_people(noisy) / people[:, None] ** 2,
            step=np.zeros_like(size) if is_first else self.elapsed * (bank.change * size) ** 2,
            around=around + uncertainty[:, None, None] * belief.mean**2,
            jump=(jump * (settings.FIRST_JUMP if is_surprise else 1.0)) ** 2,
            odds=settings.FIRST_JUMP_ODDS if is_first else settings.JUMP_ODDS,
        )
        return observe(belief, sight, bank, learn=bool(self.table) or not is_first)

    def _forecast_profile(
        self, known: Known, counted: "_Counted", simpler: dict[Dimensions, Followed], *, is_first: bool
    ) -> tuple[Known, Array, Array]:
        """Return the forecast profile of each cell and its variance per coordinate."""
        shape = counted.noisy.cells.shape
        if not self.table:
            return known, self.reference[None], np.zeros((1, len(self.coordinates.spread)))
        if len(self.table) > 1:
            return known, *self._sum(simpler)
        unsure = simpler[()].profile_variance[0]
        if not is_first:
            movement, unsure = self._common_profile(known, counted, simpler[()])
            known = replace(known, common_profile=known.common_profile + self.coordinates.directions @ movement)
        return known, np.broadcast_to(known.common_profile, shape), np.broadcast_to(unsure, (shape[0], len(unsure)))

    def _sum(self, simpler: dict[Dimensions, Followed]) -> tuple[Array, Array]:
        """Add up the simpler tables' profiles by inclusion and exclusion: region + age - everybody."""
        profile: Array = np.zeros((1, 1))
        unsure: Array = np.zeros((1, 1))
        for part, followed in simpler.items():
            sign = (-1) ** (len(self.table) - len(part) - 1)
            profile = profile + sign * self.spread_over(part, followed.profile)
            unsure = unsure + self.spread_over(part, followed.profile_variance)
        return profile, unsure

    def _common_profile(self, known: Known, counted: "_Counted", everybody: Followed) -> tuple[Array, Array]:
        """Return the movement that all groups have in common, and its variance, per coordinate."""
        bank, counts, spread = settings.PROFILES, known.profiles.counts, self.coordinates.spread
        before = known.common_profile
        level, variance = known.profiles.mixed()
        value, noise = counted.differences(self, np.broadcast_to(before, counted.noisy.cells.shape))
        people = np.maximum(counted.people, 1.0)[:, None]
        moved = self.elapsed * (counts * bank.change**2).sum(axis=-1) * spread
        around = (counts * bank.variety).sum(axis=-1) * spread / people
        part = np.maximum(counted.people, 0.0)
        return common_movement(
            Surprises(
                value=value / people - level,
                variance=variance + moved + around + noise / people**2,
                jump=np.broadcast_to(settings.PROFILE_JUMP**2 * spread, value.shape),
                odds=settings.JUMP_ODDS,
            ),
            self.coordinates.of(everybody.profile[0] - known.everybody_profile),
            everybody.profile_variance[0] + 1e-9,
            part / max(float(part.sum()), 1.0),
        )

    def _profiles(
        self, belief: Belief, counted: "_Counted", forecast: Array, unsure: Array, *, is_first: bool
    ) -> tuple[Belief, Seen]:
        _, bank = self._banks
        spread = self.coordinates.spread[None, :, None]
        people = np.maximum(counted.people, 1.0)[:, None]
        value, noise = counted.differences(self, forecast)
        step = np.broadcast_to(self.elapsed * bank.change**2 * spread, belief.mean.shape)
        sight = Sight(
            value=value / people,
            noise=noise / people**2,
            step=np.zeros_like(step) if is_first else step,
            around=bank.variety * spread / people[:, :, None] + unsure[:, :, None],
            jump=np.broadcast_to(settings.PROFILE_JUMP**2 * spread[:, :, 0], value.shape),
            odds=settings.JUMP_ODDS,
        )
        return observe(belief, sight, bank, learn=bool(self.table) or not is_first)


@dataclass(frozen=True)
class _Counted:
    """Noisy cells whose number of people is followed already."""

    noisy: Noisy
    people: Array
    people_variance: Array

    def differences(self, table: TableFilter, profile: Array) -> tuple[Array, Array]:
        """Return how far each cell lies from its people in `profile`, per coordinate in persons, and the noise.

        The noise of a difference is correlated with that of the number of people, which is mostly known by now: that
        part is taken out.
        """
        functionals = table.coordinates.functionals
        own = functionals[None] - (profile @ functionals.T)[:, :, None]
        noise = own @ table.layout.spread
        of_people = float(table.layout.spread.sum())
        shared = noise.sum(axis=2) / of_people
        surplus = self.noisy.cells.sum(axis=1) - self.people
        value = np.einsum("njc,nc->nj", own, self.noisy.cells) - shared * surplus[:, None]
        variance = self.noisy.variance * ((noise * own).sum(axis=2) - shared**2 * of_people)
        return value, np.maximum(variance, 1e-9) + shared**2 * self.people_variance[:, None]


def _belief(mean: Array, variance: Array, bank: Bank) -> Belief:
    """Return a belief without evidence; the last axis of `mean` and `variance` may be one for all settings."""
    shape = (*np.broadcast_shapes(mean.shape, variance.shape)[:2], len(bank.prior))
    return Belief(
        mean=np.broadcast_to(mean, shape).copy(),
        variance=np.broadcast_to(variance, shape).copy(),
        evidence=np.zeros(shape),
        weights=np.tile(bank.prior, (shape[1], 1)),
    )
