"""The only importer of OpenDP: the noise, the loss that its own maps report, and their conversion to ε.

Discrete Gaussian noise on vectors of 64-bit integers under zCDP (Canonne, Kamath, Steinke 2020, arXiv 2004.00010).
"""

import functools
import math
import platform
from collections.abc import Callable
from contextlib import suppress
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from importlib import metadata

import opendp.prelude as dp

from analytics.contracts import NANO
from analytics.errors import UnforeseenError

dp.enable_features("contrib", "honest-but-curious")

MECHANISM = "discrete Gaussian (OpenDP make_gaussian on i64 vectors, L2 sensitivity, zCDP)"


def versions() -> dict[str, str]:
    """Return the versions of what counts and draws: this program, Python, DuckDB, OpenDP."""
    packages = {name: metadata.version(name) for name in ("murmuration", "duckdb", "opendp")}
    return {"python": platform.python_version()} | packages


def _measurement(size: int, sigma: int) -> dp.Measurement:
    if size < 1 or sigma < 1:
        message = "Noise was asked for with no cells or no scale."
        raise UnforeseenError(message, "Correct the plan: every table has cells and a sigma above 0.")
    space = dp.vector_domain(dp.atom_domain(T="i64"), size=size), dp.l2_distance(T=float)
    return dp.m.make_gaussian(*space, scale=float(sigma))


# L5: d_in^2 / 2 sigma^2, as OpenDP's map certifies it (docs/privacy/proof.md)
@functools.cache
def loss_nano(d_in: int, sigma: int) -> int:
    """Return the loss of one vector with L2 sensitivity `d_in` at `sigma` (micro-persons), in nano-rho, rounded up.

    The number is what OpenDP's map certifies; it does not depend on how many cells there are.
    """
    return _certified_nano(_measurement(1, sigma).map, d_in)


def _certified_nano(certify: Callable[[float], float], d_in: int) -> int:
    return math.ceil(Fraction(certify(float(d_in))) * NANO)


def noisy(exact: list[int], size: int, d_in: int, sigma: int) -> tuple[tuple[int, ...], int]:
    """Return `exact` with independent noise on each of its `size` coordinates, and the loss in nano-rho.

    Raises:
        UnforeseenError: if the vector is not of its public size, or the engine fails; its own text may quote data.
    """
    if len(exact) != size:
        message = "A vector did not have its public size; nothing was drawn."
        raise UnforeseenError(message, "Report this: the vault's cells and the grid disagree.")
    measurement = _measurement(size, sigma)
    loss = _certified_nano(measurement.map, d_in)
    with suppress(dp.OpenDPException, TypeError, ValueError, OverflowError):
        return tuple(measurement(exact)), loss
    message = "The noise engine failed; nothing was drawn."
    raise UnforeseenError(message, "Run the command again; if it fails again, check the installed opendp.")


@functools.cache
def epsilon(rho_nano: int, delta: float) -> float:
    """Return ε at `delta` for a total zCDP loss of `rho_nano`, by OpenDP's conversion, rounded up to 2 digits."""
    if rho_nano == 0:
        return 0.0
    rho = rho_nano / NANO
    spent = dp.m.make_user_measurement(
        dp.atom_domain(T="i64"),
        dp.absolute_distance(T="i64"),
        dp.zero_concentrated_divergence(),
        lambda _: 0,
        lambda _: rho,
        TO="i64",
    )
    convert: Callable[[int], tuple[float, float]] = dp.c.make_fix_delta(dp.c.make_zCDP_to_approxDP(spent), delta).map
    exact = convert(1)[0]
    return float(Decimal(exact).quantize(Decimal("0.01"), rounding=ROUND_CEILING))
