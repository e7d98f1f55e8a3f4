"""Random whole numbers that come out the same on any machine.

Chances are parts in a million and scores are thousandths of a point: only the generator's own floats are real
numbers, and they are rounded at once, so that no processor's last bit decides anything.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MILLION = 1_000_000


def stream(seed: int, number: int) -> np.random.Generator:
    """Return one of a seed's independent streams, so that one module's draws do not shift another's."""
    return np.random.Generator(np.random.PCG64([seed, number]))


def bell(rng: np.random.Generator, spread: int, size: int) -> Whole:
    """Return `size` whole numbers around 0 with standard deviation `spread`."""
    return np.rint(rng.standard_normal(size) * spread).astype(np.int64)


def happens(rng: np.random.Generator, per_million: Whole | int, size: int) -> Flags:
    """Return for each of `size` whether something of that chance happens."""
    return rng.integers(0, MILLION, size) < per_million


def picked(rng: np.random.Generator, weights: Sequence[int], size: int) -> Whole:
    """Return `size` positions in `weights`, each as often as its weight says."""
    bounds = np.cumsum(np.array(weights, dtype=np.int64))
    return np.searchsorted(bounds, rng.integers(0, int(bounds[-1]), size), side="right").astype(np.int64)
