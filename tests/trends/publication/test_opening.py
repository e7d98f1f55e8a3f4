"""The folder is read once: what did not change on disk is not read again by anyone, and what did change is."""

import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from analytics.errors import StoreDamagedError
from analytics.trends.publication import opening, release_files
from analytics.trends.publication.kept import Kept
from analytics.trends.publication.manifest import ListedRelease
from analytics.trends.publication.published import Published, Release, stamp
from analytics.trends.publication.release_files import CheckedRelease, DamagedRelease
from tests.support import folder_states
from tests.support.folder_states import BEFORE, FIRST, NEWEST, PRODUCT, release_place
from tests.support.published_fake import Service, publish_fake

READERS = 8


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return three published weeks."""
    return publish_fake(tmp_path / "published", Service(weeks=3))


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the periods whose files were examined, in order, as they are."""
    found: list[str] = []
    real = release_files.examine

    def counted(folder: Path, listed: ListedRelease) -> CheckedRelease | DamagedRelease:
        found.append(listed.period)
        return real(folder, listed)

    monkeypatch.setattr(opening, "examine", counted)
    return found


@pytest.fixture
def tables_read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often each table was read."""
    found: Counter[str] = Counter()
    real = CheckedRelease.table

    def counted(checked: CheckedRelease, name: str) -> pl.DataFrame:
        found[name] += 1
        return real(checked, name)

    monkeypatch.setattr(CheckedRelease, "table", counted)
    return found


def test_an_unchanged_folder_is_examined_once(folder: Path, examined: list[str], tables_read: Counter[str]) -> None:
    """Opening again reads no release again, and what was read of them is shared."""
    first = Published.open(folder)
    again = Published.open(folder)
    assert sorted(examined) == [FIRST, BEFORE, NEWEST]
    latest = first.latest(PRODUCT)
    assert first.signals(latest) is again.signals(latest)
    assert first.measures(PRODUCT).equals(again.measures(PRODUCT))
    assert tables_read == {"signals": 1, "measures": 3}


def test_tables_are_read_when_they_are_asked_for(folder: Path, tables_read: Counter[str]) -> None:
    """Opening hashes files and reads no table."""
    published = Published.open(folder)
    assert not tables_read
    published.modelled(published.latest(PRODUCT))
    assert tables_read == {"modelled": 1}


def test_a_new_publication_examines_the_new_release_alone(folder: Path, tmp_path: Path, examined: list[str]) -> None:
    """Of a fourth week only the fourth is read, and it is seen."""
    Published.open(folder)
    examined.clear()
    publish_fake(tmp_path / "next", Service(weeks=4))
    shutil.copytree(release_place(tmp_path / "next", "2026-W06"), release_place(folder, "2026-W06"))
    shutil.copy(tmp_path / "next" / "current.json", folder / "current.json")
    published = Published.open(folder)
    assert examined == ["2026-W06"]
    assert [release.period for release in published.releases(PRODUCT)] == [FIRST, BEFORE, NEWEST, "2026-W06"]
    assert published.series(PRODUCT, "mood_bands", "people", "all", "all").height == 4


def test_damage_and_repair_are_seen_without_a_restart(folder: Path, tmp_path: Path, examined: list[str]) -> None:
    """A release that is damaged and repaired is examined each time, though `current.json` stays the same."""
    path = release_place(folder, BEFORE) / "outlook.parquet"
    shutil.copy2(path, tmp_path / "kept")
    before = stamp(folder)
    assert Published.open(folder).damaged == ()
    path.write_bytes(path.read_bytes()[:-1])
    assert stamp(folder) != before
    assert [one.period for one in Published.open(folder).damaged] == [BEFORE]
    shutil.copy2(tmp_path / "kept", path)
    assert stamp(folder) == before
    assert Published.open(folder).damaged == ()
    assert examined[3:] == [BEFORE, BEFORE]


def test_a_file_altered_after_the_check_is_not_shown(folder: Path) -> None:
    """A table or download is checked again when it is read; what was read before is as it was published."""
    published = Published.open(folder)
    first, _, latest = published.releases(PRODUCT)
    shown = published.signals(latest)
    for name in ("signals.parquet", "pairs.parquet", "measures.csv", "measures.parquet"):
        folder_states.change_one_byte(release_place(folder, NEWEST) / name)
    reading = list[Callable[[Release], object]](
        (
            published.pairs,
            published.csv,
            lambda release: published.measures(release.product),
            lambda release: published.cells(release, "mood_bands", "people", "all"),
        )
    )
    for read in reading:
        with pytest.raises(StoreDamagedError, match="altered while it was in use"):
            read(latest)
    assert published.signals(latest) is shown
    assert published.pairs(first).height > 0


def test_a_table_with_a_spoilt_body_is_refused(folder: Path) -> None:
    """A table with a whole head and a spoilt body has fitting hashes, so it is found when it is read."""
    path = release_place(folder, NEWEST) / "modelled.parquet"
    data = path.read_bytes()
    folder_states.rewrite(folder, NEWEST, path.name, b"PAR1" + bytes(2000) + data[2004:])
    published = Published.open(folder)
    assert published.damaged == ()
    with pytest.raises(StoreDamagedError, match=r"table modelled .* is not in the expected form"):
        published.modelled(published.latest(PRODUCT))


def test_readers_at_once_share_one_reading(folder: Path, examined: list[str], tables_read: Counter[str]) -> None:
    """Eight readers who come at the same time cost what one does, and all see the same."""

    def read(_: int) -> tuple[int, int]:
        published = Published.open(folder)
        rows = published.series(PRODUCT, "mood_bands", "low_share", "region", "north").height
        return rows, published.pairs(published.latest(PRODUCT)).height

    with ThreadPoolExecutor(READERS) as pool:
        answers = set(pool.map(read, range(READERS)))
    assert len(answers) == 1
    assert sorted(examined) == [FIRST, BEFORE, NEWEST]
    assert tables_read == {"measures": 3, "pairs": 1}


def test_few_tables_of_single_releases_are_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tables_read: Counter[str]
) -> None:
    """Reading period after period does not fill the memory: what was used longest ago is read again."""
    monkeypatch.setattr(opening, "MOST_TABLES", 2)
    published = Published.open(folder)
    for release in published.releases(PRODUCT):
        published.signals(release)
    published.signals(published.releases(PRODUCT)[2])
    assert tables_read["signals"] == 3
    published.signals(published.releases(PRODUCT)[0])
    assert tables_read["signals"] == 4


def test_few_folders_are_kept(tmp_path: Path, examined: list[str]) -> None:
    """A process that opens many folders does not keep them all."""
    folders = [publish_fake(tmp_path / str(one), Service(weeks=1)) for one in range(opening.MOST_FOLDERS + 1)]
    for one in folders:
        Published.open(one)
    Published.open(folders[-1])
    assert len(examined) == len(folders)
    Published.open(folders[0])
    assert len(examined) == len(folders) + 1


def test_what_was_used_last_is_kept() -> None:
    """Of values that do not all find room, the one that nobody asked for longest goes first."""
    kept, made = Kept[str, None](most=2), list[str]()
    for key in "abacab":
        kept.get(key, partial(made.append, key))
    assert made == list("abcb")


def test_what_could_not_be_made_is_not_kept() -> None:
    """A value that could not be made is asked for again the next time."""
    kept, calls = Kept[str, int](most=2), list[int]()

    def make() -> int:
        calls.append(1)
        if len(calls) == 1:
            message = "It was damaged once."
            raise StoreDamagedError(message, "Try again.")
        return 7

    with pytest.raises(StoreDamagedError):
        kept.get("a", make)
    assert kept.get("a", make) == 7
    assert kept.get("a", make) == 7
    assert len(calls) == 2
