"""The dashboard's door: what is published opens as it was written, and nothing else does."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.canonical import canonical_json
from analytics.errors import StoreDamagedError
from analytics.trends.publication.modelled_columns import MODELLED_SCHEMA, PAST_SCHEMA
from analytics.trends.publication.published import Published, cohort_labels, stamp, table_label
from tests.support.folder_states import BEFORE, FIRST, NEWEST, PRODUCT, release_place, revise
from tests.support.published_fake import Service, publish_fake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return three published weeks."""
    return publish_fake(tmp_path / "published", Service(weeks=3))


def test_releases_come_in_period_order(folder: Path) -> None:
    """Releases come in period order whatever the order of the ledger, and the last is the latest."""
    path = folder / "current.json"
    current = json.loads(path.read_text("utf-8"))
    path.write_text(canonical_json(current | {"releases": current["releases"][::-1]}), "utf-8")
    published = Published.open(folder)
    assert [release.period for release in published.releases(PRODUCT)] == ["2026-W03", "2026-W04", "2026-W05"]
    assert published.latest(PRODUCT).name == "weekly_mood/2026-W05-r0"
    assert published.products == {PRODUCT: "Weekly mood"}
    assert published.head_sequence == 3


def test_measures_hold_every_period(folder: Path) -> None:
    """The measures of a product are the rows of all its periods, every public cohort in each."""
    frame = Published.open(folder).measures(PRODUCT)
    assert frame.height == 3 * 3 * (1 + 7 + 6 + 5 + 42)
    assert frame["period"].unique(maintain_order=True).to_list() == ["2026-W03", "2026-W04", "2026-W05"]


def test_measures_are_the_published_rows_in_their_order(tmp_path: Path) -> None:
    """The rows of all periods are those of the files one after the other, whatever they are kept by."""
    folder = publish_fake(tmp_path, Service(weeks=3, measures=("mood_bands", "mood_again")))
    files = [release_place(folder, period) / "measures.parquet" for period in (FIRST, BEFORE, NEWEST)]
    expected = pl.concat([pl.read_parquet(path) for path in files], how="diagonal_relaxed")
    assert_frame_equal(Published.open(folder).measures(PRODUCT), expected)


def test_a_release_of_an_earlier_program_has_no_modelled_figures(tmp_path: Path) -> None:
    """Tables that its program did not make are empty, with the columns of today."""
    published = Published.open(publish_fake(tmp_path, Service(weeks=1, is_modelled=False)))
    latest = published.latest(PRODUCT)
    assert published.modelled(latest).schema == pl.Schema(MODELLED_SCHEMA)
    assert published.past(latest).schema == pl.Schema(PAST_SCHEMA)
    assert published.modelled(latest).is_empty()


def test_a_figure_of_a_group_is_found_in_every_period(folder: Path) -> None:
    """A series is what `measures` has of one figure of one group, and cells are those of one table and period."""
    published = Published.open(folder)
    whole, release = published.measures(PRODUCT), published.releases(PRODUCT)[1]
    figure = (pl.col("measure") == "mood_bands") & (pl.col("headline") == "low_share")
    for table, cohort in (("all", "all"), ("region", "unknown"), ("region_by_age_band", "north/65+")):
        wanted = whole.filter(figure, pl.col("table") == table, pl.col("cohort") == cohort)
        assert wanted.height == 3
        assert_frame_equal(published.series(PRODUCT, "mood_bands", "low_share", table, cohort), wanted)
        cells = published.cells(release, "mood_bands", "low_share", table)
        assert_frame_equal(cells, whole.filter(figure, pl.col("table") == table, pl.col("period") == BEFORE))
    assert cells.height == 42


def test_a_figure_that_is_not_published_has_no_rows(folder: Path) -> None:
    """A figure, table or group that a reader typed into the address is not found, and that is no error."""
    published = Published.open(folder)
    release = published.latest(PRODUCT)
    columns = published.measures(PRODUCT).columns
    for rows in (
        published.series(PRODUCT, "mood_bands", "low_share", "region", "nowhere"),
        published.series(PRODUCT, "sleep", "low_share", "region", "north"),
        published.cells(release, "mood_bands", "high_share", "region"),
        published.cells(release, "mood_bands", "low_share", "postcode"),
    ):
        assert rows.columns == columns
        assert rows.is_empty()


def test_csv_is_given_as_it_was_published(folder: Path) -> None:
    """The download is the published file, byte for byte."""
    published = Published.open(folder)
    assert published.csv(published.latest(PRODUCT)) == (release_place(folder, NEWEST) / "measures.csv").read_bytes()


def test_only_the_latest_revision_is_seen(folder: Path) -> None:
    """Of a period that was revised, the latest revision counts and the first is not shown beside it."""
    revise(folder, BEFORE)
    revisions = [(release.period, release.revision) for release in Published.open(folder).releases(PRODUCT)]
    assert revisions == [(FIRST, 0), (BEFORE, 1), (NEWEST, 0)]


@pytest.mark.parametrize("state", ["no folder", "no current.json", "no releases"])
def test_nothing_published_is_not_an_error(tmp_path: Path, state: str) -> None:
    """Before the first release the door opens on nothing."""
    if state != "no folder":
        tmp_path = publish_fake(tmp_path / "published", Service(weeks=0))
    if state == "no current.json":
        (tmp_path / "current.json").unlink()
    published = Published.open(tmp_path if state != "no folder" else tmp_path / "absent")
    assert published.products == {}
    assert published.releases(PRODUCT) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"{",  # cut off
        b"[]",  # not an object
        b'{"format":2,"head":{"sequence":1,"hash":""},"releases":[]}',  # newer than this program
        b'{"format":1,"releases":[{"product":"weekly_mood"}]}',  # an entry without its place
        b'{"format":1,"releases":[{"product":"a","period":"b","revision":0,"folder":"../a","manifest_sha256":""}]}',
    ],
)
def test_an_unreadable_index_is_refused(folder: Path, content: bytes) -> None:
    """A current.json that is not in the expected form, or points outside, is refused."""
    (folder / "current.json").write_bytes(content)
    with pytest.raises(StoreDamagedError):
        Published.open(folder)


def test_the_stamp_follows_what_is_published(folder: Path, tmp_path: Path) -> None:
    """The stamp changes with current.json and is empty before there is one."""
    assert stamp(tmp_path / "absent") == ""
    assert stamp(folder) != stamp(publish_fake(tmp_path / "other", Service(weeks=2)))


def test_labels_follow_the_grid(folder: Path) -> None:
    """Tables and cohorts have words, and cohorts keep the grid's order with the last dimension varying fastest."""
    published = Published.open(folder)
    card = published.card(published.latest(PRODUCT))
    assert table_label(card, "mood_bands", "all") == "All participants"
    assert table_label(card, "mood_bands", "region_by_age_band") == "Region by age band"
    assert cohort_labels(card, "mood_bands", "all") == {"all": "All participants"}
    labels = list(cohort_labels(card, "mood_bands", "region_by_age_band").items())
    assert labels[:2] == [("north/16-24", "North, 16 to 24"), ("north/25-34", "North, 25 to 34")]
    assert labels[-1] == ("unknown/unknown", "Region not known, Age not known")


def test_the_door_loads_no_engine() -> None:
    """Opening what is published needs neither DuckDB nor OpenDP nor Prefect."""
    code = "import sys, analytics.trends.publication.published; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert not {"duckdb", "opendp", "prefect"}.intersection(loaded)
