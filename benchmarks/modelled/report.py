"""What was measured as lines of Markdown, with the figures that were aimed at."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl

from analytics.contracts import table_name
from benchmarks.modelled import judged
from benchmarks.modelled.readings import DIFFERENCES
from benchmarks.modelled.real import Read
from benchmarks.modelled.regimes import TABLES
from benchmarks.modelled.shapes import LOW, MEAN, PEER_POINTS, PEOPLE, quantiles

NAMES = tuple(table_name(table) for table in TABLES)
HEADLINES = (LOW, MEAN, PEOPLE)

DEMO_AIMED_AT = {
    (LOW, "all"): "0.15 / 0.45",
    (LOW, "region"): "0.8 / 3.3",
    (LOW, "age_band"): "0.55 / 1.5",
    (LOW, "service"): "0.4 / 1.25",
    (LOW, "region_by_age_band"): "1.3 / 6.2",
    (PEOPLE, "all"): "25 / 80",
    (PEOPLE, "region_by_age_band"): "9 / 27",
}
PEERS_AIMED_AT = {PEOPLE: "11 / 33", MEAN: "0.022 / 0.09", LOW: "0.8 / 3"}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a Markdown table, an empty line before and after."""
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"
    yield ""


def of_demo(runs: Sequence[pl.DataFrame]) -> Iterator[str]:
    """Yield the demo's errors: medians over runs of the median and the 95th percentile."""
    yield f"The demo, weeks 7 to 26, cells shown today, {len(runs)} runs; median / 95th percentile of the error:\n"
    rows = []
    for (headline, name), aim in DEMO_AIMED_AT.items():
        ways = [np.median([quantiles(run, headline, name, way) for run in runs], axis=0) for way in WAYS]
        rows.append([headline, name, *(f"{low:.3g} / {high:.3g}" for low, high in ways), aim])
    yield from table(["headline", "table", *WAYS, "aimed at"], rows)


WAYS = ("plain", "modelled")


def of_peers(regions: pl.DataFrame) -> Iterator[str]:
    """Yield the errors of the latest of twelve weeks in the peers' regions."""
    yield "The peers' shape, regions, the latest of 12 weeks; median / 95th percentile of the error:\n"
    rows = []
    for headline, aim in PEERS_AIMED_AT.items():
        unit = PEER_POINTS if headline == MEAN else 1.0
        ways = [quantiles(regions, headline, "region", way) for way in WAYS]
        rows.append([headline, *(f"{low / unit:.3g} / {high / unit:.3g}" for low, high in ways), aim])
    yield from table(["headline", *WAYS, "aimed at"], rows)


def of_errors(frame: pl.DataFrame) -> Iterator[str]:
    """Yield RMSE beside the plain figures', and coverage of the participants' own figures."""
    yield "RMSE of modelled figures as a part of the plain ones', cells shown today (low / mean / people):\n"
    yield from _by_regime(judged.never_worse(frame, "regime", "table"), "ratio", ".2f", "table", NAMES)
    yield "Cells hit by a sudden change, the same, in its first, second and third release:\n"
    after = judged.after_steps(frame, "regime", "table")
    rows = [
        [regime, name, *(_three(after, "ratio", ".2f", regime=regime, table=name, since=since) for since in range(3))]
        for regime in after["regime"].unique(maintain_order=True)
        for name in NAMES
    ]
    yield from table(["regime", "table", "first", "second", "third"], rows)
    yield "Of 100 intervals `low` to `high`, how many hold the exact figure; cells of ten people or more:\n"
    yield from _by_regime(judged.coverage(frame, "regime", "table", "headline"), "held", ".1f", "table", NAMES)
    sized = frame.with_columns(size=judged.sized()).drop_nulls("size")
    yield "The same by size of the cell:\n"
    held = judged.coverage(sized, "regime", "size", "headline")
    yield from _by_regime(held, "held", ".1f", "size", tuple(judged.SIZES))
    (whole,) = judged.coverage(frame.with_columns(all_of_them=pl.lit("all")), "all_of_them")["held"]
    yield f"All cells of ten people or more in all regimes: {whole:.1f} of 100.\n"


def of_chosen(frame: pl.DataFrame) -> Iterator[str]:
    """Yield how often the wider intervals hold the figure that other people, chosen in the same way, have."""
    yield "Of 100 intervals `shown_low` to `shown_high`, how many hold the underlying figure; ten people or more:\n"
    held = judged.coverage(frame, "regime", "table", "headline", held=judged.SHOWN_HELD)
    yield from _by_regime(held, "held", ".1f", "table", NAMES)


def of_readings(frame: pl.DataFrame) -> Iterator[str]:
    """Yield what is displayed, and how often it holds."""
    few, today, modelled = judged.few_displayed(frame)
    yield f"Cell-releases with fewer than ten people: {few:,}; displayed today {today}, modelled {modelled}.\n"
    yield f"A cell that everybody left stays displayed for at most {judged.stays(frame)} releases.\n"
    yield "Of 100 figures of ten people or more, how many are displayed:\n"
    shown = judged.displayed(frame.filter(pl.col("headline") == LOW), "table")
    rows = [
        [one["table"], *(f"{one[way]:.0f}" for way in ("today", "modelled", "without_caution"))]
        for name in NAMES
        for one in shown.filter(pl.col("table") == name).to_dicts()
    ]
    yield from table(["table", "plain", "modelled", "of these without caution"], rows)
    readable = frame.filter(judged.IS_READABLE)
    yield "Of 100 changes and differences, how many hold (low / mean / people): each alone, then a table's together:\n"
    held = judged.differences(readable, "regime", "headline")
    for column in ("alone", "together"):
        yield f"{column}:\n"
        yield from _by_regime(held, column, ".1f", "difference", DIFFERENCES)


def of_variants(frames: Iterable[pl.DataFrame]) -> Iterator[str]:
    """Yield RMSE of low mood and coverage for each variant."""
    rows = []
    for frame in frames:
        low = frame.filter(pl.col("headline") == LOW, pl.col("people") >= judged.FEW)
        off = ((pl.col("modelled") - pl.col("truth")) ** 2).mean().sqrt()
        of_table = dict(low.group_by("table").agg(off=off).iter_rows())
        people = frame.filter(pl.col("headline") == PEOPLE, pl.col("table") == "region", pl.col("since") <= 1)
        rows.append(
            [
                str(frame["variant"][0]),
                *(f"{of_table[name]:.2f}" for name in NAMES),
                f"{people.select(off).item():.0f}",
                f"{low.select(100 * judged.HELD.mean()).item():.1f}",
            ]
        )
    yield "RMSE of low mood (points) over all regimes, and how many of 100 intervals hold:\n"
    yield from table(["variant", *NAMES, "people of regions, after a change", "held"], rows)


def of_real(periods: Iterable[Read]) -> Iterator[str]:
    """Yield what can be read of the real loggers."""
    yield "999 real loggers, low mood of everybody (percent; errors in points):\n"
    head = [
        "period",
        "people",
        "exact",
        "plain shown in",
        "off by",
        "modelled displayed in",
        "off by",
        "half-width",
        "held",
    ]
    rows = [
        [
            one.period,
            *(f"{one.people:.0f}", f"{one.truth:.1f}", f"{one.shown_today:.0f} of 100", f"{one.plain:.1f}"),
            f"{one.displayed:.0f} of 100",
            *("" if number is None else f"{number:.1f}" for number in (one.modelled, one.width, one.held)),
        ]
        for one in periods
    ]
    yield from table(head, rows)


def _by_regime(frame: pl.DataFrame, column: str, form: str, across: str, names: Sequence[str]) -> Iterator[str]:
    regimes = frame["regime"].unique(maintain_order=True)
    rows = [
        [regime, *(_three(frame, column, form, regime=regime, **{across: name}) for name in names)]
        for regime in regimes
    ]
    return table(["regime", *names], rows)


def _three(frame: pl.DataFrame, column: str, form: str, **at: object) -> str:
    """Return the figures of the three headlines."""
    for name, value in at.items():
        frame = frame.filter(pl.col(name) == value)
    of = dict(frame.select("headline", column).iter_rows())
    return " / ".join(format(of[one], form) if of.get(one) is not None else "-" for one in HEADLINES)
