"""The large invented folder is like a real one: the same files, columns and states, and a page can be tried on it."""

import io
import json
from pathlib import Path

import polars as pl
import pytest

from analytics.trends.publication.published import Published
from tests.support.folder_states import PRODUCT
from tests.support.invented_releases import files_of, weeks
from tests.support.large_folder import publish_large
from tests.support.large_numbers import BASELINE, PLANTED_WEEKS

WEEKS, REGIONS = 24, 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return 24 weeks of five regions: enough history for limits before what is planted."""
    return publish_large(tmp_path_factory.mktemp("large"), WEEKS, REGIONS)


def test_it_has_the_files_and_columns_of_a_real_release(folder: Path) -> None:
    """A release has exactly the files of the renderer, and each table its columns, names and types."""
    ((_, files),) = files_of(weeks(14))
    place = folder / "releases" / PRODUCT / "2026-W47-r0"
    assert {path.name for path in place.iterdir()} == set(files)
    for name in files:
        if name.endswith(".parquet"):
            assert pl.read_parquet_schema(place / name) == pl.read_parquet_schema(io.BytesIO(files[name]))
    real, invented = json.loads(files["card.json"]), json.loads((place / "card.json").read_text("utf-8"))
    assert set(invented) - {"population"} <= set(real)


def test_every_table_has_rows_in_every_state(folder: Path) -> None:
    """All that a page can show is there: withheld, cautious and plain figures, each state, outlook and coverage."""
    published = Published.open(folder)
    assert published.damaged == ()
    latest = published.latest(PRODUCT)
    rows = published.measures(PRODUCT)
    assert rows["period"].n_unique() == WEEKS
    assert set(rows["reliability"]) == {"ok", "caution", "withheld"}
    assert set(rows["instead"]) == {"", "parent"}
    states = {*published.signals(latest)["state"], *published.signals(published.releases(PRODUCT)[0])["state"]}
    assert states == {"signal", "no_signal", "too_few_points", "withheld"}
    assert {"displayed", "withheld"} <= set(published.modelled(latest)["state"])
    assert set(published.representation(latest)["kind"]) == {"coverage", "weighted"}
    assert published.past(latest)["of_period"].n_unique() == WEEKS
    assert published.outlook(latest)["horizon"].n_unique() == 5
    regions = published.pairs(latest).filter(pl.col("table") == "region", pl.col("headline") == "low_share")
    assert regions.height == REGIONS * (REGIONS - 1) / 2


def test_its_planted_change_is_a_signal_since_the_week_in_which_it_began(folder: Path) -> None:
    """Low mood in the first region is higher in the last nine weeks, and its signal says since when."""
    published = Published.open(folder)
    row = published.signals(published.latest(PRODUCT)).row(
        by_predicate=(pl.col("cohort") == "area_001") & (pl.col("headline") == "low_share"), named=True
    )
    assert row["state"] == "signal"
    assert (
        f"has been higher since 21 September: outside its usual range in all {PLANTED_WEEKS} weeks" in row["sentence"]
    )
    series = published.series(PRODUCT, "mood_bands", "low_share", "region", "area_001")
    before, after = series["estimate"][:-PLANTED_WEEKS], series["estimate"][-PLANTED_WEEKS:]
    assert after.min() > before.max()  # type: ignore[operator]  # both are numbers
    assert row["limits_points"] == BASELINE


def test_its_numbers_are_plausible(folder: Path) -> None:
    """Intervals hold their figures, about 1,000 people log in each region, and each week has its own numbers."""
    rows = Published.open(folder).measures(PRODUCT).filter(pl.col("estimate").is_not_null())
    assert rows.filter(pl.col("shown_low") > pl.col("noise_low")).is_empty()
    assert rows.filter(~pl.col("estimate").is_between("noise_low", "noise_high")).is_empty()
    everybody = rows.filter(pl.col("cohort") == "all", pl.col("headline") == "people")["estimate"]
    assert everybody[0] == pytest.approx(REGIONS * 1000, rel=0.1)
    assert everybody.n_unique() == WEEKS
    shares = rows.filter(pl.col("headline") == "low_share", pl.col("table") == "region")["estimate"]
    assert shares.is_between(5, 60).all()
