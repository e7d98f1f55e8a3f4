"""The columns of `modelled` and `past`, and how close two machines' numbers in them must be."""

import polars as pl

DIFFERENCES = ("since_4", "since_13", "against_rest")
"""From 4 and 13 periods before, and from everybody else."""

_KEYS = {
    **dict.fromkeys(("product", "period"), pl.String),
    "revision": pl.Int64,
}
_COHORT = dict.fromkeys(("measure", "table", "cohort", "headline", "unit"), pl.String)

MODELLED_SCHEMA = {
    **_KEYS,
    **_COHORT,
    **dict.fromkeys(("value", "low", "high", "shown_low", "shown_high", "people", "own_share"), pl.Float64),
    "state": pl.String,
    **{
        f"{name}{end}": pl.Float64
        for name in DIFFERENCES
        for end in ("", "_low", "_high", "_simultaneous_low", "_simultaneous_high")
    },
    "sentence": pl.String,
}
"""One row per measure, table, cohort and headline."""

PAST_SCHEMA = {
    **_KEYS,
    "of_period": pl.String,
    **_COHORT,
    **dict.fromkeys(("value", "low", "high"), pl.Float64),
}
"""One row per measure, table of at most one dimension, cohort, headline and period up to the release's."""

DECIMALS = 4
TOLERANCE = 0.001
"""Of a published number: the last bits of long sums differ from machine to machine, and so may a rounding."""


def rounded(value: float | None) -> float | None:
    """Round as modelled numbers are published; no minus zero."""
    return None if value is None else round(float(value), DECIMALS) + 0.0
