"""The rows of a large invented service, laid out once: keys, words, and columns made from whole arrays."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics import wording
from analytics.periods import Period
from tests.support.large_numbers import HEADLINES, LABELS, UNITS, Invented, Numbers

PRODUCT, MEASURE = "weekly_mood", "mood_bands"
WIDE_FROM = 10.0
AT_ONCE = 1.6
"""How much wider an interval is that holds for all groups of a table."""
NOT_WHY = "This does not show why."
_UNITS_SAID = (" people", "%", " out of 100")

Places = npt.NDArray[np.int64]
Column = Sequence[object] | Numbers | pl.Series


class LargeRows:
    """One row for each figure of each group, in the grid's order; week 0 of `numbers` begins on `first`."""

    def __init__(self, numbers: Invented, first: date) -> None:
        """Lay out the rows."""
        groups = numbers.groups
        self.numbers, self.first = numbers, first
        self.all = np.arange(len(groups) * len(HEADLINES))
        self.groups = self.all // len(HEADLINES)
        """The place of each row's group."""
        self.units = list(_UNITS_SAID) * len(groups)
        self.what = [
            name if one.table == "all" else f"{name} in {wording.group_name(one.label)}"
            for one in groups
            for name in LABELS
        ]
        ages = {one.cohort: place for place, one in enumerate(groups) if one.table == "age_band"}
        self.parents = np.array([ages.get(one.cohort.partition("/")[2], 0) for one in groups])
        """By group, the place of the group that is read instead: its age band, or all participants."""
        self._keys = pl.DataFrame(
            {
                "measure": [MEASURE] * len(self.all),
                "table": [one.table for one in groups for _ in HEADLINES],
                "cohort": [one.cohort for one in groups for _ in HEADLINES],
                "headline": list(HEADLINES) * len(groups),
                "unit": list(UNITS) * len(groups),
            }
        )

    def period(self, week: int) -> Period:
        """Return the ISO week."""
        return Period.containing(self.first + timedelta(weeks=week), "week")

    def rows(self, week: int, places: Places, **columns: Column) -> pl.DataFrame:
        """Return the keys of the rows at `places` with `columns`."""
        keys: pl.DataFrame = self._keys[places.tolist()]
        named = {name: pl.Series(name, values) for name, values in columns.items()}
        period = self.period(week)
        shared = {"product": pl.lit(PRODUCT), "period": pl.lit(period.name), "revision": pl.lit(0)}
        return keys.with_columns(**shared, **named)

    def people(self, week: int) -> Numbers:
        """Return the people of each row's group, not a number where it is withheld."""
        numbers = self.numbers
        shown = np.where(np.isnan(numbers.estimate[week, :, 0]), np.nan, numbers.people[week])
        return np.repeat(shown, len(HEADLINES))


def typed(frame: pl.DataFrame, schema: Mapping[str, object]) -> pl.DataFrame:
    """Return `frame` with exactly the columns of `schema`; what is not a number is null."""
    types = pl.DataFrame(schema=dict(schema)).schema  # type: ignore[arg-type]  # of many kinds of types
    missing = [pl.lit(None, types[name]).alias(name) for name in schema if name not in frame.columns]
    whole = frame.with_columns(missing).select(pl.col(name).cast(types[name]) for name in schema)
    return whole.with_columns(pl.selectors.float().fill_nan(None).round(4))


def around(name: str, value: Numbers, half: Numbers) -> dict[str, Column]:
    """Return the two columns of an interval."""
    return {f"{name}_low": (value - half).ravel(), f"{name}_high": (value + half).ravel()}


def difference(name: str, value: Numbers, noise: Numbers, shown: Numbers) -> dict[str, Column]:
    """Return the columns of a difference and its three intervals."""
    return {
        name: value.ravel(),
        **around(f"{name}_noise", value, noise),
        **around(f"{name}_shown", value, shown),
        **around(f"{name}_at_once", value, AT_ONCE * shown),
    }
