"""The settings of the banks, and how often and how far things jump: fixed for all services, measures and releases.

Chosen on invented services in which something happens (`benchmarks/modelled`), for error and coverage in all of them;
each service's own evidence then says which settings count. The unit of a profile's settings is the spread of one
person's category: for low mood at 20 %, a change of 0.015 is 0.6 points a period.
"""

import itertools

import numpy as np

from analytics.trends.modelling.bank import Bank


def _bank(changes: dict[float, float], varieties: tuple[float, ...], spreads: tuple[float, ...]) -> Bank:
    """Return every combination; the values of `changes` are how often each is thought to be right, up to a factor."""
    rows = list(itertools.product(changes, varieties, spreads))
    change, variety, spread = (np.array(column) for column in zip(*rows, strict=True))
    prior = np.array([changes[row[0]] for row in rows])
    return Bank(change, variety, spread, prior / prior.sum())


def _alike(*changes: float) -> dict[float, float]:
    return dict.fromkeys(changes, 1.0)


SIZES = _bank(_alike(0.002, 0.006, 0.02, 0.06), (0.03, 0.2, 1.0, 5.0), (1.0,))
"""Of numbers of people: changes are parts of the number itself."""

PROFILES = _bank(_alike(0.001, 0.005, 0.015, 0.045), (0.03, 0.25, 1.0), (0.02, 0.08))
"""Of the profiles of groups of one dimension, as they differ from their common one."""

CROSSED_PROFILES = _bank(_alike(0.001, 0.005, 0.015, 0.045), (0.03, 0.25), (0.02, 0.08))
"""Of more dimensions, as they differ from what the simpler tables predict: what varies is mostly theirs."""

WHOLE_PROFILE = _bank({0.001: 0.05, 0.005: 0.3, 0.015: 1.0, 0.045: 1.0, 0.12: 0.5}, (0.03, 0.25, 1.0), (0.3,))
"""Of everybody's profile: one cell has no others to learn from, and its noise is small, so quick changes come first."""

PROFILE_BANKS = (WHOLE_PROFILE, PROFILES, CROSSED_PROFILES)
"""By number of dimensions, the last for two and more."""

JUMP_ODDS = 0.005
"""Per cell and period."""
PROFILE_JUMP_ODDS = {0: 0.005, 1: 0.002, 2: 0.0005}
"""Of profiles, by number of dimensions (2: two or more): what looks like a jump of few people is mostly noise."""
FIRST_JUMP_ODDS = 0.05
"""That a group's number of people is nothing like its forecast when it is first seen."""
PROFILE_JUMP = 0.3
"""A part of the spread of one person's category: about 13 points of low mood."""
SIZE_JUMP = 0.5
"""A part of the group's own number, and of what is added for groups that hardly exist."""
ADDED_TO_JUMP = 0.3
FIRST_JUMP = 5.0
"""How many times further a group may lie from its forecast when it is first seen."""

LEAST_SIZE = {0: 1.0, 1: 0.02, 2: 0.2}
"""By number of dimensions (2: two or more): the least number of people that changes are a part of, by the forecast."""

FIRST_SIZE_SPREAD = {0: 0.1, 1: 2.0, 2: 0.7}
"""By number of dimensions: how far numbers of people lie from their first forecast, as a part of it."""

LEAST_UNCERTAINTY = 1e-7
"""Relative variance of everybody's number of people, at least."""
LEAST_NOISE = 1e-9
"""Variance of a profile's noise, at least: where all of it is known from the number of people."""

FIRST_DOUBT = 2.0
"""Standard deviations of its noise that are added to each category of everybody's first profile: where a service begins
with a handful of people, coordinates around their noise would stay for good."""

TURNOVER = 0.5
"""How far everybody's profile may move, in the spread of one person's category, if all of them are others."""
USUAL_TURNOVER = 0.05
"""A part of everybody's number: less, and what a standard deviation of noise explains, is no turnover."""
