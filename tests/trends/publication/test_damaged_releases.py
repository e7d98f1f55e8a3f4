"""A damaged release hides its own period and nothing else; where the pointer is in doubt, nothing is shown."""

import json
import shutil
from pathlib import Path

import pytest

from analytics.canonical import canonical_json
from analytics.errors import StoreDamagedError
from analytics.trends.publication.published import Published, stamp
from analytics.trends.publication.release_files import DamagedRelease
from tests.support import folder_states
from tests.support.folder_states import BEFORE, FIRST, NEWEST, PRODUCT, release_place, revise, rewrite
from tests.support.published_fake import Service, publish_fake

FILES = [
    "measures.parquet",
    "pairs.parquet",
    "signals.parquet",
    "outlook.parquet",
    "representation.parquet",
    "modelled.parquet",
    "measures.csv",
    "card.json",
    "cells.parquet",
    "README.md",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return three published weeks."""
    return publish_fake(tmp_path / "published", Service(weeks=3))


def _only_damaged(published: Published, period: str = BEFORE) -> DamagedRelease:
    """Return the one damaged release, which must be of `period`, while both other weeks are readable."""
    (damaged,) = published.damaged
    assert (damaged.product, damaged.period, damaged.revision) == (PRODUCT, period, 0)
    others = [one for one in (FIRST, BEFORE, NEWEST) if one != period]
    assert [release.period for release in published.releases(PRODUCT)] == others
    assert published.measures(PRODUCT)["period"].unique(maintain_order=True).to_list() == others
    return damaged


@pytest.mark.parametrize("name", FILES)
def test_an_altered_file_hides_its_release_alone(folder: Path, name: str) -> None:
    """Of a release with an altered file nothing is shown, the others are, and the message quotes none of it."""
    path = release_place(folder, BEFORE) / name
    path.write_bytes(path.read_bytes() + b" 31.4159")
    damaged = _only_damaged(Published.open(folder))
    assert "a file is not the one that its manifest names" in damaged.message
    assert "31.4159" not in damaged.message


def test_one_changed_byte_leaves_the_last_good_release_readable(tmp_path: Path) -> None:
    """If the newest release is damaged, the one before is the latest, and the page can say which days are missing."""
    published = Published.open(folder_states.one_byte_changed(tmp_path))
    damaged = _only_damaged(published, NEWEST)
    assert published.latest(PRODUCT).period == BEFORE
    assert published.products == {PRODUCT: "Weekly mood"}
    assert (damaged.first_day.isoformat(), damaged.last_day.isoformat()) == ("2026-01-26", "2026-02-01")


def test_a_half_copied_folder_shows_what_is_whole(tmp_path: Path) -> None:
    """A release without its folder, and one without half of its files, are named; the whole one is readable."""
    published = Published.open(folder_states.half_copied(tmp_path))
    assert [release.period for release in published.releases(PRODUCT)] == [FIRST]
    assert [damaged.period for damaged in published.damaged] == [BEFORE, NEWEST]
    assert all("missing" in damaged.message for damaged in published.damaged)
    assert published.head_sequence == 3


@pytest.mark.parametrize("name", ["measures.parquet", "manifest.json", "README.md"])
def test_a_missing_file_hides_its_release_alone(folder: Path, name: str) -> None:
    """A file that is named and absent is damage, not an empty release."""
    (release_place(folder, BEFORE) / name).unlink()
    assert "missing" in _only_damaged(Published.open(folder)).message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("card.json", b'{"format":1}'),  # no card
        ("measures.parquet", b"not parquet"),  # no table
        ("pairs.parquet", b"not parquet"),
    ],
)
def test_a_file_that_is_not_in_the_expected_form_hides_its_release(folder: Path, name: str, content: bytes) -> None:
    """A file whose hashes all fit is refused as well, if it cannot be read."""
    rewrite(folder, BEFORE, name, content)
    assert "is not in the expected form" in _only_damaged(Published.open(folder)).message


def test_measures_without_a_key_hide_their_release(folder: Path) -> None:
    """Rows that cannot be found by measure and figure are not the table that they claim to be."""
    rewrite(folder, BEFORE, "measures.parquet", (release_place(folder, BEFORE) / "cells.parquet").read_bytes())
    assert "is not in the expected form" in _only_damaged(Published.open(folder)).message


def test_the_card_of_another_release_hides_its_release(folder: Path) -> None:
    """A release whose card speaks of another period is refused."""
    rewrite(folder, BEFORE, "card.json", (release_place(folder, NEWEST) / "card.json").read_bytes())
    assert "another" in _only_damaged(Published.open(folder)).message


def test_a_manifest_that_lacks_a_file_hides_its_release(folder: Path) -> None:
    """A manifest that names too few files does not make a release whole, even if `current.json` names it."""
    path = release_place(folder, BEFORE) / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["files"]["pairs.parquet"]
    path.write_text(canonical_json(manifest), "utf-8")
    rewrite(folder, BEFORE, "README.md", b"# again\n")  # makes `current.json` name this manifest
    assert "its manifest lacks a file" in _only_damaged(Published.open(folder)).message


def test_an_earlier_revision_never_takes_the_place_of_a_damaged_one(folder: Path) -> None:
    """The numbers of a revised period are known to be superseded: the period is damaged, though revision 0 is whole."""
    revise(folder, BEFORE)
    folder_states.change_one_byte(release_place(folder, BEFORE, revision=1) / "measures.parquet")
    published = Published.open(folder)
    assert [(one.period, one.revision) for one in published.damaged] == [(BEFORE, 1)]
    assert [(one.period, one.revision) for one in published.releases(PRODUCT)] == [(FIRST, 0), (NEWEST, 0)]


def test_a_damaged_earlier_revision_hides_nothing(folder: Path) -> None:
    """What a revision has superseded is not read."""
    revise(folder, BEFORE)
    folder_states.change_one_byte(release_place(folder, BEFORE) / "measures.parquet")
    published = Published.open(folder)
    assert published.damaged == ()
    assert published.releases(PRODUCT)[1].revision == 1


def test_a_manifest_that_its_files_contradict_hides_its_release_alone(folder: Path) -> None:
    """A manifest with a changed byte in a hash fits neither `current.json` nor its files: it is the damaged one."""
    path = release_place(folder, BEFORE) / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["files"]["README.md"] = manifest["files"]["README.md"][::-1]
    path.write_text(canonical_json(manifest), "utf-8")
    assert "manifest" in _only_damaged(Published.open(folder)).message


def test_a_name_that_no_file_can_have_hides_its_release_alone(folder: Path) -> None:
    """The system refuses a NUL in a name with another error than a missing file's."""
    path = release_place(folder, BEFORE) / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["files"]["README\0.md"] = manifest["files"].pop("README.md")
    path.write_text(canonical_json(manifest), "utf-8")
    assert "manifest" in _only_damaged(Published.open(folder)).message


def test_a_folder_that_no_system_can_have_hides_its_release_alone(folder: Path) -> None:
    path = folder / "current.json"
    named = f"releases/{PRODUCT}/{BEFORE}-r0"
    path.write_text(path.read_text("utf-8").replace(named, f"{named}\\u0000"), "utf-8")
    assert "missing" in _only_damaged(Published.open(folder)).message


def test_a_whole_release_under_another_manifest_is_refused(folder: Path) -> None:
    """If a manifest fits its files but not `current.json`, the pointer itself is in doubt: nothing is shown."""
    path = release_place(folder, BEFORE) / "manifest.json"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(StoreDamagedError, match="manifest"):
        Published.open(folder)


def test_no_intact_release_is_an_error(tmp_path: Path) -> None:
    """If every release is damaged there is nothing to show, and the message says what to do."""
    publish_fake(tmp_path, Service(weeks=2))
    for path in (tmp_path / "releases" / PRODUCT).iterdir():
        folder_states.change_one_byte(path / "card.json")
    with pytest.raises(StoreDamagedError, match="No published release is intact") as refusal:
        Published.open(tmp_path)
    assert "murmuration publish" in refusal.value.action


def test_a_missing_pointer_beside_releases_is_an_error(tmp_path: Path) -> None:
    """Releases without `current.json` are damage, not an empty service, and the message says what to do."""
    folder_states.pointer_missing(tmp_path)
    with pytest.raises(StoreDamagedError, match=r"current\.json.* is missing") as refusal:
        Published.open(tmp_path)
    assert "murmuration publish" in refusal.value.action
    assert stamp(tmp_path) != ""


def test_a_first_release_that_is_being_written_is_nothing_published(tmp_path: Path) -> None:
    """A folder that begins with a dot is not yet a release."""
    folder_states.pointer_missing(tmp_path)
    place = release_place(tmp_path, FIRST)
    place.rename(place.with_name(f".{place.name}.new"))
    for period in (BEFORE, NEWEST):
        shutil.rmtree(release_place(tmp_path, period))
    assert Published.open(tmp_path).products == {}
    assert stamp(tmp_path) == ""


def test_a_pointer_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """What is there and unreadable is not what is absent."""
    (tmp_path / "current.json").mkdir()
    with pytest.raises(StoreDamagedError, match="cannot be read"):
        Published.open(tmp_path)


@pytest.mark.parametrize("is_absolute", [True, False])
def test_a_release_outside_the_folder_is_refused(folder: Path, *, is_absolute: bool) -> None:
    """A `current.json` that points outside is damaged itself, even if a whole release lies there."""
    outside = folder.parent / "outside"
    release_place(folder, BEFORE).rename(outside)
    path = folder / "current.json"
    named = outside.as_posix() if is_absolute else "../outside"
    path.write_text(path.read_text("utf-8").replace(f"releases/{PRODUCT}/{BEFORE}-r0", named), "utf-8")
    with pytest.raises(StoreDamagedError, match="outside the published files"):
        Published.open(folder)


def test_a_period_that_the_calendar_does_not_have_is_refused(folder: Path) -> None:
    """A `current.json` that names no period is damaged itself."""
    path = folder / "current.json"
    path.write_text(path.read_text("utf-8").replace('"2026-W04"', '"2026-W54"'), "utf-8")
    with pytest.raises(StoreDamagedError):
        Published.open(folder)
