"""The edge of the vault: library errors quote the offending value, so they end here."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import duckdb
import polars as pl
import pyarrow as pa

from analytics.durable import is_unwritable
from analytics.error_guard import Translate
from analytics.errors import MurmurationError, StoreLockedError, StoreUnwritableError, UnforeseenError

_LIBRARY_ERRORS = (
    duckdb.Error,
    pa.ArrowException,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    UnicodeError,
    TypeError,  # Polars' own for a value that a column cannot hold: it quotes the value
    OverflowError,
)

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def sealed(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Replace errors of DuckDB, Polars and Arrow by ours, which quote no value (`analytics.error_guard`)."""

    @functools.wraps(function)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        with Translate(_LIBRARY_ERRORS, functools.partial(_ours, function.__name__)) as failed:
            return function(*args, **kwargs)
        raise failed.error

    return guarded


def _ours(step: str, error: BaseException) -> MurmurationError:
    if isinstance(error, duckdb.IOException) and "lock" in str(error):
        message = "The vault is open in another process."
        return StoreLockedError(message, "Wait until the other command has ended, then run this one again.")
    if is_unwritable(error):
        message = f"The vault cannot be written ({step}); nothing of this step was kept."
        return StoreUnwritableError(
            message, "Make room or correct the permissions of vault/, then run the command again."
        )
    message = f"A step inside the vault failed ({type(error).__name__} in {step}); nothing of it was kept."
    return UnforeseenError(message, "Check disk space and memory, then run the command again.")
