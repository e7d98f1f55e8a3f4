"""Many like quantities, each followed through noise of known variance by a bank of filters.

A quantity has a level that moves from period to period (a random walk), and each period's own value lies around its
level. How fast levels move and how far values lie from them is not known, so every setting of the bank is tried on all
quantities. A setting counts by how well it predicted what was seen (its evidence, which fades), and by how often it is
right among all quantities (their mixing weights, by maximum likelihood with a prior). So a quantity with few people
borrows from the others, and one that behaves differently goes its own way. There is no search, and nothing is chosen:
every step is one pass of arithmetic, the same on every machine.

In every period a level may jump, with small odds: both cases are followed and merged, weighted by their likelihood
(the Gaussian-sum filter of order one: Alspach and Sorenson 1972). The coordinates of one cell jump together.

Arrays are cells x coordinates x settings.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from analytics.layout import Array

FADING = 0.95
"""What evidence keeps from period to period: 52 releases on, 7 % of it is left."""
ROUNDS = 5
"""Of expectation and maximisation for the mixing weights, at each release."""
PRIOR_STRENGTH = 50.0
"""How much the prior counts among the mixing weights, divided by the number of cells."""


@dataclass(frozen=True)
class Bank:
    """The settings, one place each."""

    change: Array
    """How far a level moves in a period: its standard deviation, as a part of a scale that the caller gives."""
    variety: Array
    """How far a period's own value lies from the level: a part of the variance of as many independent people."""
    spread: Array
    """How far levels lie apart at the beginning: a part of the caller's scale."""
    prior: Array
    """How often each is thought to be right; sums to 1."""


@dataclass(frozen=True)
class Belief:
    """All that is known of the levels under each setting."""

    mean: Array
    variance: Array
    evidence: Array
    weights: Array
    """How often each setting is right: coordinates x settings."""

    @property
    def counts(self) -> Array:
        """How much each setting counts for each quantity; sums to 1."""
        return _normalised(self.evidence + np.log(self.weights))

    def mixed(self) -> tuple[Array, Array]:
        """Return mean and variance of the levels over all settings."""
        return mixed(self.mean, self.variance, self.counts)


@dataclass(frozen=True)
class Seen:
    """One period's values; and all that `past` needs to look back at them. Cells x coordinates, over all settings."""

    own: Array
    own_variance: Array
    level: Array
    level_variance: Array
    link: Array
    """Covariance of the own value and the level."""
    moved: Array
    """Variance of the level's step into this period."""


@dataclass(frozen=True)
class Sight:
    """What a period shows of the quantities."""

    value: Array
    """Cells x coordinates."""
    noise: Array
    """Its variance, known."""
    step: Array
    """Cells x coordinates x settings: the variance of a level's step without a jump."""
    around: Array
    """The same shape: the variance of own values around their level."""
    jump: Array
    """Cells x coordinates: the variance that a jump adds."""
    odds: float
    """Of a jump, per cell and period."""


@dataclass(frozen=True)
class _Case:
    """With a jump or without."""

    level: Array
    level_variance: Array
    own: Array
    own_variance: Array
    link: Array
    likelihood: Array
    """Its logarithm."""


def mixed(mean: Array, variance: Array, counts: Array) -> tuple[Array, Array]:
    """Return mean and variance of a mixture over the last axis."""
    whole = (mean * counts).sum(axis=-1)
    return whole, ((variance + (mean - whole[..., None]) ** 2) * counts).sum(axis=-1)


def observe(belief: Belief, sight: Sight, bank: Bank, *, learn: bool = True) -> tuple[Belief, Seen]:
    """Return the belief after a period, and the period's values; `learn` is whether it counts as evidence."""
    calm, jumped = (_case(belief, sight, extra) for extra in (0.0, sight.jump[:, :, None]))
    counts = belief.counts
    before, after = (_together(case.likelihood, counts) for case in (calm, jumped))
    chance = _chance(before, after, sight.odds)[:, None, None]
    level, level_variance = _merged(calm.level, jumped.level, calm.level_variance, jumped.level_variance, chance)
    own, own_variance = _merged(calm.own, jumped.own, calm.own_variance, jumped.own_variance, chance)
    apart = (jumped.own - calm.own) * (jumped.level - calm.level)
    link = calm.link * (1 - chance) + jumped.link * chance + chance * (1 - chance) * apart
    evidence = belief.evidence
    if learn:
        evidence = FADING * evidence + np.logaddexp(
            np.log1p(-chance) + calm.likelihood, np.log(chance) + jumped.likelihood
        )
    known = replace(belief, mean=level, variance=level_variance, evidence=evidence)
    known = replace(known, weights=_weights(known, bank))
    counts = known.counts
    of_level, of_own = mixed(level, level_variance, counts), mixed(own, own_variance, counts)
    between = (level - of_level[0][..., None]) * (own - of_own[0][..., None])
    return known, Seen(
        own=of_own[0],
        own_variance=of_own[1],
        level=of_level[0],
        level_variance=of_level[1],
        link=((link + between) * counts).sum(axis=-1),
        moved=(sight.step * counts).sum(axis=-1) + chance[:, :, 0] * sight.jump,
    )


def _case(belief: Belief, sight: Sight, extra: Array | float) -> _Case:
    predicted = belief.variance + sight.step + extra
    noise = sight.noise[:, :, None]
    of_own = predicted + sight.around
    total = of_own + noise
    surprise = sight.value[:, :, None] - belief.mean
    return _Case(
        level=belief.mean + predicted / total * surprise,
        level_variance=predicted * (1 - predicted / total),
        own=belief.mean + of_own / total * surprise,
        own_variance=of_own * noise / total,
        link=predicted * noise / total,
        likelihood=-0.5 * (np.log(total) + surprise * surprise / total),
    )


def _together(likelihood: Array, counts: Array) -> Array:
    """Return the logarithm of a cell's likelihood: over settings by their counts, over coordinates together."""
    top = likelihood.max(axis=-1, keepdims=True)
    found: Array = (np.log((counts * np.exp(likelihood - top)).sum(axis=-1)) + top[..., 0]).sum(axis=-1)
    return found


def _chance(calm: Array, jumped: Array, odds: float) -> Array:
    """Return the chance of a jump given what was seen, never quite 0 or 1."""
    against = calm - jumped + math.log1p(-odds) - math.log(odds)
    found: Array = 1 / (1 + np.exp(np.clip(against, -30.0, 300.0)))
    return found


def _merged(
    calm: Array, jumped: Array, calm_variance: Array, jumped_variance: Array, chance: Array
) -> tuple[Array, Array]:
    apart = jumped - calm
    variance = calm_variance * (1 - chance) + jumped_variance * chance + chance * (1 - chance) * apart * apart
    return calm + chance * apart, variance


def _weights(belief: Belief, bank: Bank) -> Array:
    """Return how often each setting is right among the cells; the bank's prior where there is one cell only."""
    cells = len(belief.evidence)
    if cells == 1:
        return belief.weights
    prior = PRIOR_STRENGTH / cells * bank.prior
    weights: Array = belief.weights
    for _ in range(ROUNDS):
        weights = _parts(_normalised(belief.evidence + np.log(weights)).sum(axis=0) + prior)
    return weights


def _normalised(logarithms: Array) -> Array:
    return _parts(np.exp(logarithms - logarithms.max(axis=-1, keepdims=True)))


def _parts(amounts: Array) -> Array:
    """Return them so that they sum to 1 along the last axis."""
    found: Array = amounts / amounts.sum(axis=-1, keepdims=True)
    return found
