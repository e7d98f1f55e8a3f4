"""The edge of the vault: library errors quote the offending value, so they end here."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import duckdb
import polars as pl
import pyarrow as pa

from analytics.durable import is_unwritable
from analytics.errors import StoreLockedError, StoreUnwritableError, UnforeseenError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def sealed(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Replace errors of DuckDB, Polars and Arrow by our own text, raised outside the `except` block.

    Outside it, so that no `__context__` carries the library's text into a log, a traceback or a pickle.
    """

    @functools.wraps(function)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except (
            duckdb.Error,
            pa.ArrowException,
            pl.exceptions.PolarsError,
            pl.exceptions.PanicException,
            UnicodeError,
        ) as error:
            kind = type(error).__name__
            locked = isinstance(error, duckdb.IOException) and "lock" in str(error)
            unwritable = is_unwritable(error)
        if locked:
            message = "The vault is open in another process."
            raise StoreLockedError(message, "Wait until the other command has ended, then run this one again.")
        if unwritable:
            message = f"The vault cannot be written ({function.__name__}); nothing of this step was kept."
            raise StoreUnwritableError(
                message, "Make room, or correct the rights of vault/; then run the command again."
            )
        message = f"A step inside the vault failed ({kind} in {function.__name__}); nothing of it was kept."
        raise UnforeseenError(message, "Check disk space and memory, then run the command again.")

    return guarded
