"""The dashboard's door: what is published opens as it was written, and nothing else does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.canonical import canonical_json, sha256_hex
from analytics.errors import StoreDamagedError
from analytics.trends.publication.published import Published, cohort_labels, stamp, table_label
from tests.support.published_fake import Service, publish_fake

PRODUCT = "weekly_mood"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return three published weeks."""
    return publish_fake(tmp_path / "published", Service(weeks=3))


def _release(folder: Path, period: str = "2026-W04") -> Path:
    return folder / "releases" / PRODUCT / f"{period}-r0"


def _rewrite(folder: Path, period: str, name: str, content: bytes) -> None:
    """Replace one file of a release and every hash above it."""
    place = _release(folder, period)
    (place / name).write_bytes(content)
    manifest = json.loads((place / "manifest.json").read_text("utf-8"))
    manifest["files"][name] = sha256_hex(content)
    (place / "manifest.json").write_text(canonical_json(manifest), "utf-8")
    current = json.loads((folder / "current.json").read_text("utf-8"))
    for entry in current["releases"]:
        if entry["period"] == period:
            entry["manifest_sha256"] = sha256_hex((place / "manifest.json").read_bytes())
    (folder / "current.json").write_text(canonical_json(current), "utf-8")


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


def test_csv_is_given_as_it_was_published(folder: Path) -> None:
    """The download is the published file, byte for byte."""
    published = Published.open(folder)
    assert published.csv(published.latest(PRODUCT)) == (_release(folder, "2026-W05") / "measures.csv").read_bytes()


def test_only_the_latest_revision_is_seen(folder: Path) -> None:
    """Of a period that was revised, the latest revision counts and the first is not shown beside it."""
    old, new = _release(folder), _release(folder).with_name("2026-W04-r1")
    old.rename(new)
    path = folder / "current.json"
    current = json.loads(path.read_text("utf-8"))
    first = next(entry for entry in current["releases"] if entry["period"] == "2026-W04")
    current["releases"].append(first | {"revision": 1, "folder": f"releases/{PRODUCT}/2026-W04-r1"})
    path.write_text(canonical_json(current), "utf-8")
    card = json.loads((new / "card.json").read_text("utf-8")) | {"revision": 1}
    (new / "card.json").write_text(json.dumps(card), "utf-8")
    manifest = json.loads((new / "manifest.json").read_text("utf-8"))
    manifest["files"]["card.json"] = sha256_hex((new / "card.json").read_bytes())
    (new / "manifest.json").write_text(canonical_json(manifest), "utf-8")
    current["releases"][-1]["manifest_sha256"] = sha256_hex((new / "manifest.json").read_bytes())
    path.write_text(canonical_json(current), "utf-8")
    revisions = [(release.period, release.revision) for release in Published.open(folder).releases(PRODUCT)]
    assert revisions == [("2026-W03", 0), ("2026-W04", 1), ("2026-W05", 0)]


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
    "name",
    [
        "measures.parquet",
        "pairs.parquet",
        "signals.parquet",
        "outlook.parquet",
        "representation.parquet",
        "measures.csv",
        "card.json",
        "cells.parquet",
        "README.md",
    ],
)
def test_an_altered_file_is_refused(folder: Path, name: str) -> None:
    """A file that is not the one its manifest names is refused, and the message quotes none of it."""
    path = _release(folder) / name
    path.write_bytes(path.read_bytes() + b" 31.4159")
    with pytest.raises(StoreDamagedError) as refusal:
        Published.open(folder)
    assert "31.4159" not in f"{refusal.value.message} {refusal.value.action}"


def test_an_altered_manifest_is_refused(folder: Path) -> None:
    """A manifest that is not the one current.json names is refused, even if it fits its files."""
    path = _release(folder) / "manifest.json"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(StoreDamagedError, match="manifest"):
        Published.open(folder)


@pytest.mark.parametrize("name", ["measures.parquet", "manifest.json"])
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    """A file that is named and absent is damage, not an empty release."""
    (_release(folder) / name).unlink()
    with pytest.raises(StoreDamagedError, match="missing"):
        Published.open(folder)


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


@pytest.mark.parametrize(("name", "content"), [("card.json", b'{"format":1}'), ("measures.parquet", b"not parquet")])
def test_a_file_that_is_not_in_the_expected_form_is_refused(folder: Path, name: str, content: bytes) -> None:
    """A file whose hashes all fit is refused as well, if it cannot be read."""
    _rewrite(folder, "2026-W04", name, content)
    with pytest.raises(StoreDamagedError, match="is not in the expected form"):
        Published.open(folder)


def test_the_card_of_another_release_is_refused(folder: Path) -> None:
    """A release whose card speaks of another period is refused."""
    _rewrite(folder, "2026-W04", "card.json", (_release(folder, "2026-W05") / "card.json").read_bytes())
    with pytest.raises(StoreDamagedError, match="another"):
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
