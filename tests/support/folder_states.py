"""Published folders in the states in which a page may find them; each builder returns the folder that it wrote.

Ordinary and small ones are those of `published_fake` (`publish_fake`); the large one is `large_folder.publish_large`.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from analytics.canonical import canonical_json, sha256_hex
from tests.support.large_folder import publish_large
from tests.support.published_fake import Service, publish_fake

PRODUCT = "weekly_mood"
NEWEST, BEFORE, FIRST = "2026-W05", "2026-W04", "2026-W03"
"""The periods of a folder of three weeks."""


def half_copied(folder: Path) -> Path:
    """Write three weeks, as if a copy had stopped: the newest is absent, the one before has half of its files."""
    publish_fake(folder, Service(weeks=3))
    shutil.rmtree(release_place(folder, NEWEST))
    files = sorted(release_place(folder, BEFORE).iterdir())
    for path in files[len(files) // 2 :]:
        path.unlink()
    return folder


def one_byte_changed(folder: Path, period: str = NEWEST, name: str = "measures.parquet") -> Path:
    """Write three weeks and change one byte in the middle of a file."""
    publish_fake(folder, Service(weeks=3))
    change_one_byte(release_place(folder, period) / name)
    return folder


def pointer_missing(folder: Path) -> Path:
    """Write three weeks without `current.json`."""
    publish_fake(folder, Service(weeks=3))
    (folder / "current.json").unlink()
    return folder


def three_years(folder: Path) -> Path:
    """Write 156 weeks of a service with six regions."""
    return publish_large(folder, weeks=156, regions=6)


def two_hundred_regions(folder: Path) -> Path:
    """Write 14 weeks of a service with 200 regions: enough history for signals."""
    return publish_large(folder, weeks=14, regions=200)


def release_place(folder: Path, period: str, revision: int = 0) -> Path:
    """Return the folder of a release."""
    return folder / "releases" / PRODUCT / f"{period}-r{revision}"


def change_one_byte(path: Path) -> None:
    """Turn over one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def rewrite(folder: Path, period: str, name: str, content: bytes, revision: int = 0) -> None:
    """Replace one file of a release and every hash above it, as a wrong program might."""
    place = release_place(folder, period, revision)
    (place / name).write_bytes(content)
    manifest = _read(place / "manifest.json")
    manifest["files"][name] = sha256_hex(content)
    (place / "manifest.json").write_text(canonical_json(manifest), "utf-8")
    current = _read(folder / "current.json")
    for entry in current["releases"]:
        if (entry["period"], entry["revision"]) == (period, revision):
            entry["manifest_sha256"] = sha256_hex((place / "manifest.json").read_bytes())
    (folder / "current.json").write_text(canonical_json(current), "utf-8")


def revise(folder: Path, period: str) -> None:
    """Add revision 1 of a period beside the first."""
    place = release_place(folder, period, 1)
    shutil.copytree(release_place(folder, period), place)
    current = _read(folder / "current.json")
    first = next(entry for entry in current["releases"] if entry["period"] == period)
    revised = first | {"revision": 1, "folder": place.relative_to(folder).as_posix()}
    (folder / "current.json").write_text(
        canonical_json(current | {"releases": [*current["releases"], revised]}), "utf-8"
    )
    card = canonical_json(_read(place / "card.json") | {"revision": 1})
    rewrite(folder, period, "card.json", card.encode(), revision=1)


def _read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return value
