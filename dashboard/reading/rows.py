"""One row of a published table, read column by column as the type that the column has."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import polars as pl

from analytics.errors import StoreDamagedError
from analytics.trends.estimation.intervals import Interval

Value = TypeVar("Value", str, int, date)


@dataclass(frozen=True)
class PublishedRow:
    """A row by column. Each reader raises `StoreDamagedError` if the column is missing or of another type."""

    values: Mapping[str, object]

    def text(self, column: str) -> str:
        """Return a text."""
        return self._typed(column, str)

    def whole(self, column: str) -> int:
        """Return a whole number."""
        return self._typed(column, int)

    def day(self, column: str) -> date:
        """Return a day."""
        return self._typed(column, date)

    def number(self, column: str) -> float | None:
        """Return a number, or None where there is none or it is not finite."""
        value = self.values.get(column, "")
        if value is None:
            return None
        if not isinstance(value, int | float):
            raise _damaged(column)
        return float(value) if math.isfinite(value) else None

    def interval(self, name: str) -> Interval | None:
        """Return an interval, where both of its ends are numbers."""
        prefix = f"{name}_" if name else ""
        low, high = self.number(f"{prefix}low"), self.number(f"{prefix}high")
        return None if low is None or high is None else Interval(low, high)

    def _typed(self, column: str, kind: type[Value]) -> Value:
        value = self.values.get(column)
        if not isinstance(value, kind):
            raise _damaged(column)
        return value


def rows_in(frame: pl.DataFrame) -> list[PublishedRow]:
    """Return the rows of a table, in order."""
    return [PublishedRow(row) for row in frame.to_dicts()]


def _damaged(column: str) -> StoreDamagedError:
    message = f"A published table is not in the expected form (column '{column}')."
    return StoreDamagedError(message, "Write the published files again from the ledger: `murmuration publish`.")
