"""A deliberate fault: the audit must show that it would see a build with too little noise."""

from analytics.release.noise import noisy


def half_noise(exact: list[int], size: int, d_in: int, sigma: int) -> tuple[tuple[int, ...], int]:
    """Return `exact` with half the noise, and the loss that the whole noise would have had."""
    values, _ = noisy(exact, size, d_in, sigma // 2)
    return values, noisy([0], 1, d_in, sigma)[1]
