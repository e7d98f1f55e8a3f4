"""Sums over the rows: how far off, how often intervals hold, what is displayed. Each answer is a frame of its own."""

import polars as pl

from benchmarks.modelled.readings import DIFFERENCES, READABLE
from benchmarks.modelled.services import LONG_AGO

NEAR = 2
"""Releases from a sudden change on that are counted apart."""
FEW = 10
"""People. Cells of fewer are in no count of intervals: they are not to be displayed."""

SIZES = {"10 to 50": (10, 50), "50 to 200": (50, 200), "200 to 1,000": (200, 1_000), "1,000 and more": (1_000, None)}

_RATIO = (
    ((pl.col("modelled") - pl.col("truth")) ** 2).mean() / ((pl.col("plain") - pl.col("truth")) ** 2).mean()
).sqrt()
"""RMSE of modelled figures as a part of that of plain ones."""

HELD = pl.col("truth").is_between("low", "high")
SHOWN_HELD = pl.col("underlying").is_between("shown_low", "shown_high")
IS_READABLE = pl.col("state").is_in(READABLE)


def sized() -> pl.Expr:
    """Return the size class of a cell by its true number of people; none for fewer than ten."""
    people, found = pl.col("people"), pl.lit(None, dtype=pl.String)
    for name, (low, high) in SIZES.items():
        inside = people >= low if high is None else (people >= low) & (people < high)
        found = pl.when(inside).then(pl.lit(name)).otherwise(found)
    return found


def never_worse(frame: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return RMSE as a part of the plain figures', over cells shown today, away from sudden changes."""
    return frame.filter("shown_today", pl.col("since") >= NEAR).group_by(*by, "headline").agg(ratio=_RATIO).sort(by)


def after_steps(frame: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return the same for cells hit by a sudden change, by releases since then; 0 is the first."""
    near = frame.filter("shown_today", pl.col("since") <= NEAR)
    return near.group_by(*by, "headline", "since").agg(ratio=_RATIO).sort(*by, "since")


def coverage(frame: pl.DataFrame, *by: str, held: pl.Expr = HELD) -> pl.DataFrame:
    """Return in how many of 100 the interval holds, over cells of at least ten people."""
    enough = frame.filter(pl.col("people") >= FEW)
    return enough.group_by(*by).agg(held=100 * held.mean(), number=held.count()).sort(by)


def differences(frame: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return the same for changes and differences, each alone and all of a table and release together."""
    found = []
    for one in DIFFERENCES:
        underlying = pl.col(f"{one}_underlying")
        alone, together = (
            underlying.is_between(f"{one}_{kind}low", f"{one}_{kind}high") for kind in ("", "simultaneous_")
        )
        there = frame.filter(pl.col(f"{one}_low").is_not_null(), underlying.is_not_null())
        families = there.group_by(sorted({*by, "regime", "others", "release", "table", "headline"}))
        whole = families.agg(together=together.all()).group_by(by).agg(together=100 * pl.col("together").mean())
        single = there.group_by(by).agg(alone=100 * alone.mean(), number=pl.len())
        found.append(single.join(whole, on=by).with_columns(difference=pl.lit(one)))
    return pl.concat(found).sort("difference", *by)


def few_displayed(frame: pl.DataFrame) -> tuple[int, int, int]:
    """Return of how many cell-releases with fewer than ten people how many display a figure, today and modelled."""
    few = frame.filter(pl.col("people") < FEW, pl.col("headline") == "people")
    return few.height, int(few["shown_today"].sum()), int(few.select(IS_READABLE.sum()).item())


def stays(frame: pl.DataFrame) -> int:
    """Return for how many releases at most a cell that everybody left goes on to be displayed."""
    gone = frame.filter(pl.col("people") == 0, pl.col("since") < LONG_AGO, IS_READABLE)
    return max(gone["since"].to_list(), default=-1) + 1


def displayed(frame: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return of 100 figures of known keys and at least ten people how many are displayed, today and modelled."""
    enough = frame.filter("known", pl.col("people") >= FEW)
    return (
        enough.group_by(by)
        .agg(
            today=100 * pl.col("shown_today").mean(),
            modelled=100 * IS_READABLE.mean(),
            without_caution=100 * (pl.col("state") == READABLE[0]).mean(),
        )
        .sort(by)
    )
