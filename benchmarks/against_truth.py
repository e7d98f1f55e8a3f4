"""How far published figures lie from a simulated truth, and how often their intervals hold it.

    .venv/bin/python benchmarks/against_truth.py PUBLISHED TRUTH.parquet PRODUCT

Reads a published folder and the `truth.parquet` of the population that it was made from. Prints, per table and
headline, the number of figures shown, the median and 95th percentile of the absolute error, and the coverage of the
`noise` and `shown` intervals; then, as a check on the display rule, how many shown cohorts truly have under 10 people.
Withheld figures are not in it.
"""

import sys
from pathlib import Path

import polars as pl

MICRO = 1_000_000
LOW_BANDS = (1, 2)
FEW = 10


def true_headlines(truth: pl.DataFrame) -> pl.DataFrame:
    """Return one row per period, table, cohort and headline with the exact figure."""
    level = (pl.col("band") - 1) * 25
    exact = truth.group_by("period", "table", "cohort").agg(
        people=pl.col("micro_persons").sum() / MICRO,
        low_share=100
        * pl.col("micro_persons").filter(pl.col("band").is_in(LOW_BANDS)).sum()
        / pl.col("micro_persons").sum(),
        mean_mood=(level * pl.col("micro_persons")).sum() / pl.col("micro_persons").sum(),
    )
    headlines = ["people", "low_share", "mean_mood"]
    return exact.with_columns(true_people="people").unpivot(
        on=headlines, index=["period", "table", "cohort", "true_people"], variable_name="headline", value_name="truth"
    )


def compared(published: Path, truth: Path, product: str) -> pl.DataFrame:
    """Return the shown figures of `product` beside the truth."""
    files = sorted((published / "releases" / product).glob("*/measures.parquet"))
    shown = pl.concat([pl.read_parquet(file) for file in files]).filter(pl.col("reliability") != "withheld")
    return shown.join(true_headlines(pl.read_parquet(truth)), on=["period", "table", "cohort", "headline"], how="inner")


def summary(figures: pl.DataFrame) -> pl.DataFrame:
    """Return errors and coverage per headline and table."""
    error = (pl.col("estimate") - pl.col("truth")).abs()
    return (
        figures.group_by("headline", "table")
        .agg(
            shown=pl.len(),
            median_error=error.median().round(2),
            p95_error=error.quantile(0.95).round(2),
            noise_coverage=pl.col("truth").is_between("noise_low", "noise_high").mean().round(4),
            shown_coverage=pl.col("truth").is_between("shown_low", "shown_high").mean().round(4),
        )
        .sort("headline", "table")
    )


def main() -> None:
    """Print the comparison."""
    published, truth, product = sys.argv[1:]
    figures = compared(Path(published), Path(truth), product)
    with pl.Config(tbl_rows=60, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(summary(figures))  # noqa: T201 -- what it is for
    few = figures.filter((pl.col("headline") == "people") & (pl.col("true_people") < FEW)).height
    overall = figures["truth"].is_between(figures["noise_low"], figures["noise_high"]).mean()
    print(f"{figures.height} figures shown; noise intervals hold the truth in {overall:.2%}")  # noqa: T201 -- as above
    print(f"{few} shown cohorts truly have fewer than {FEW} people")  # noqa: T201 -- as above


if __name__ == "__main__":
    main()
