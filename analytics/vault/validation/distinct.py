"""A column by its distinct texts: each is judged once, however many rows hold it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import polars as pl
import pyarrow.compute as pc


@dataclass(frozen=True)
class Distinct:
    """A column's distinct texts without outer white space, and which of them each row holds."""

    codes: pl.Series
    """Per row: the place of its text in `texts`. An implementation may name one text at two places."""
    texts: pl.Series

    @classmethod
    def of(cls, column: pl.Series) -> Self:
        """Take a column of text apart."""
        encoded = pc.dictionary_encode(column.to_arrow())
        texts = pl.Series(pl.from_arrow(encoded.dictionary), dtype=pl.String)
        codes = pl.Series(pl.from_arrow(encoded.indices), dtype=pl.UInt32)
        return cls(codes, texts.str.strip_chars())

    def spread(self, values: pl.Series) -> pl.Series:
        """Return, per row, the value that belongs to its text."""
        return values.gather(self.codes)

    def each(self, rule: Callable[[str], Any], dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
        """Return one value per distinct text."""
        return pl.Series([rule(text) for text in self.texts], dtype=dtype)
