"""The four rules of NHS England's Making Data Count, on one series or on a hundred thousand simulated ones.

outside  the newest point lies outside the limits
run      the last seven lie on one side of the mean
trend    the last seven rise, or fall, each beyond the one before
near     of the last three, all on one side, two lie in the outer third or beyond

Points must follow one another, and lie after those that the limits are made of: a gap ends a run. Each rule has an
effect, how much has changed, so that of two series that break it the one that breaks it by more counts for more.
"""

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from analytics.layout import Array

Rule = Literal["outside", "run", "trend", "near"]
RULES: tuple[Rule, ...] = get_args(Rule)
LONGEST = 7
NEEDED: dict[Rule, int] = {"outside": 1, "run": LONGEST, "trend": LONGEST, "near": 3}
"""How many points that follow one another a rule looks at."""
_OUTER_THIRD = 2 / 3
_OF_THREE = 2


def rises(rule: Rule, window: Array, mean: Array, half_width: Array) -> npt.NDArray[np.bool_]:
    """Say for each series whether its newest points break `rule` upwards.

    `window` is series x points, newest last, at least as many as the rule needs; `mean` and `half_width` are one per
    series.
    """
    above = window[:, -NEEDED[rule] :] - mean[:, None]
    if rule == "outside":
        return np.asarray(above[:, -1] > half_width)
    if rule == "trend":
        return np.asarray((np.diff(above, axis=1) > 0).all(axis=1))
    on_one_side = (above > 0).all(axis=1)
    if rule == "run":
        return np.asarray(on_one_side)
    return np.asarray(on_one_side & ((above > _OUTER_THIRD * half_width[:, None]).sum(axis=1) >= _OF_THREE))


def effect_weights(rule: Rule, baseline: int, stretch: int) -> Array:
    """Return one weight per point, `baseline` ones and then `stretch`, so that weights·values is the rule's effect.

    A trend's effect is its last point less its first; the others' is the mean of the rule's points less the baseline's.
    """
    weights = np.zeros(baseline + stretch)
    needed = NEEDED[rule]
    if rule == "trend":
        weights[-1], weights[-needed] = 1.0, -1.0
        return weights
    weights[-needed:] = 1 / needed
    weights[:baseline] = -1 / baseline
    return weights
