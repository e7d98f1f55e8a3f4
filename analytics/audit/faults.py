"""A fault put in on purpose: whoever audits shows first that the audit would have seen it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from analytics.release import draw
from analytics.release.noise import noisy

Noise = Callable[[list[int], int, int, int], tuple[tuple[int, ...], int]]


def halved(exact: list[int], size: int, d_in: int, sigma: int) -> tuple[tuple[int, ...], int]:
    """Return `exact` with half the noise, and the loss that the whole noise would have had."""
    values, _ = noisy(exact, size, d_in, sigma // 2)
    return values, noisy([0], 1, d_in, sigma)[1]


@contextmanager
def half_noise() -> Iterator[None]:
    """Let every draw of a `with` block have half the noise that it claims; ledger and card notice nothing."""
    with patch.object(draw, "noisy", halved):
        yield
