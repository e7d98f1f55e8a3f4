"""One release folder: every file checked once against its manifest, and each table read when it is asked for.

A file is checked again when it is read, so nothing that changed after the first check is shown.
"""

import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

import polars as pl

from analytics.canonical import sha256_hex
from analytics.errors import StoreDamagedError
from analytics.periods import Period
from analytics.trends.publication.labels import Card
from analytics.trends.publication.manifest import CURRENT, MANIFEST, ListedRelease, Manifest
from analytics.trends.publication.modelled_columns import MODELLED_SCHEMA, PAST_SCHEMA

AGAIN = "Write the published files again from the ledger: `murmuration publish`."

KEYS = ("product", "period", "revision", "measure", "table", "cohort", "headline")
"""The columns by which rows of `measures` are found."""

_TABLES = ("measures", "pairs", "signals", "outlook", "representation")
_NEEDED = {"card.json", "measures.csv", *(f"{name}.parquet" for name in _TABLES)}
_ADDED_TABLES = {"modelled": MODELLED_SCHEMA, "past": PAST_SCHEMA}
"""Releases that an earlier program published do not have them."""

_UNREADABLE = (KeyError, TypeError, ValueError, pl.exceptions.PolarsError)


@dataclass(frozen=True)
class Release:
    """One published period of one product, at its latest revision."""

    product: str
    period: str
    revision: int
    first_day: date
    last_day: date
    manifest_sha256: str

    @property
    def name(self) -> str:
        """The public id, `weekly_mood/2026-W14-r0`."""
        return f"{self.product}/{self.period}-r{self.revision}"


@dataclass(frozen=True)
class DamagedRelease:
    """A period that cannot be shown, because a file of its latest revision is missing or altered."""

    product: str
    period: str
    revision: int
    message: str
    """What is wrong, as a sentence that quotes nothing of the files."""

    @property
    def first_day(self) -> date:
        """The day on which the period begins."""
        return Period.parse(self.period).first_day

    @property
    def last_day(self) -> date:
        """The day on which the period ends."""
        return Period.parse(self.period).last_day


@dataclass(frozen=True)
class CheckedRelease:
    """A release: its files were all those of its manifest, and its manifest was the one that `current.json` names."""

    release: Release
    card: Card = field(repr=False)
    place: Path
    hashes: Mapping[str, str] = field(repr=False)
    """SHA-256 by file name."""

    def content(self, name: str) -> bytes:
        """Return the bytes of a file of the release.

        Raises:
            StoreDamagedError: if the file was altered or removed after the release was checked.
        """
        data = bytes_of(self.place / name)
        if data is None or sha256_hex(data) != self.hashes[name]:
            message = f"A file of the published release {self.release.name} was altered while it was in use."
            raise StoreDamagedError(message, AGAIN)
        return data

    def table(self, name: str) -> pl.DataFrame:
        """Return a table of the release; empty if its program did not make it yet.

        Raises:
            StoreDamagedError: if its file was altered after the check, or is no table.
        """
        if f"{name}.parquet" not in self.hashes:
            return pl.DataFrame(schema=_ADDED_TABLES[name])
        data = self.content(f"{name}.parquet")
        with contextlib.suppress(*_UNREADABLE):
            return pl.read_parquet(io.BytesIO(data))
        message = f"The table {name} of the published release {self.release.name} is not in the expected form."
        raise StoreDamagedError(message, AGAIN)


def examine(folder: Path, listed: ListedRelease) -> CheckedRelease | DamagedRelease:
    """Check every file of a release that `current.json` names.

    Raises:
        StoreDamagedError: if `current.json` itself is in doubt: it names a folder outside, no period, or another
            manifest than that of the whole release which lies there.
    """
    place = place_of(folder, listed)
    manifest = bytes_of(place / MANIFEST)
    if manifest is None:
        return _damaged(listed, "it or its manifest is missing or cannot be read")
    if sha256_hex(manifest) != listed.manifest_sha256:
        # Which of the two is wrong? Only a manifest that its own files contradict is surely the damaged one.
        if isinstance(_examine_files(place, listed, manifest), CheckedRelease):
            called = f"{listed.product} {listed.period} revision {listed.revision}"
            message = f"The manifest of the published release {called} is not the one that {CURRENT} names."
            raise StoreDamagedError(message, AGAIN)
        return _damaged(listed, f"its manifest is not the one that {CURRENT} names")
    return _examine_files(place, listed, manifest)


def place_of(folder: Path, listed: ListedRelease) -> Path:
    """Return the release's folder. Raises `StoreDamagedError` if it lies outside, or the period is none."""
    inside, is_period = PurePosixPath(listed.folder), False
    with contextlib.suppress(ValueError):
        is_period = bool(Period.parse(listed.period))
    if inside.is_absolute() or ".." in inside.parts or not is_period:
        message = f"The published {CURRENT} names a folder outside the published files, or what is no period."
        raise StoreDamagedError(message, AGAIN)
    return folder / inside


def bytes_of(path: Path) -> bytes | None:
    """Return the content of a file; None if it is missing, cannot be read, or has a name that no file can have."""
    with contextlib.suppress(OSError, ValueError):
        return path.read_bytes()
    return None


def _examine_files(place: Path, listed: ListedRelease, manifest: bytes) -> CheckedRelease | DamagedRelease:
    hashes: dict[str, str] = {}
    with contextlib.suppress(ValueError):
        hashes = Manifest.model_validate_json(manifest).files
    files, wrong = _checked_files(place, hashes)
    card = None if wrong else _readable(files)
    if card is None:
        return _damaged(listed, wrong or "a file is not in the expected form")
    if (card.product.name, card.period, card.revision) != (listed.product, listed.period, listed.revision):
        return _damaged(listed, "its card is that of another release")
    release = Release(
        product=listed.product,
        period=listed.period,
        revision=listed.revision,
        first_day=card.first_day,
        last_day=card.last_day,
        manifest_sha256=listed.manifest_sha256,
    )
    return CheckedRelease(release, card, place, hashes)


def _checked_files(place: Path, hashes: Mapping[str, str]) -> tuple[dict[str, bytes], str]:
    """Return the card and the tables, or in words what is wrong with a file."""
    if not hashes.keys() >= _NEEDED:
        return {}, "its manifest lacks a file or is not in the expected form"
    files: dict[str, bytes] = {}
    for name, sha256 in hashes.items():
        data = bytes_of(place / PurePosixPath(name).name)
        if data is None:
            return {}, "a file is missing or cannot be read"
        if sha256_hex(data) != sha256:
            return {}, "a file is not the one that its manifest names"
        if name == "card.json" or name.endswith(".parquet"):
            files[name] = data
    return files, ""


def _readable(files: Mapping[str, bytes]) -> Card | None:
    """Return the card, if it and the heads of all tables can be read."""
    with contextlib.suppress(*_UNREADABLE):
        schemas = {
            name: pl.read_parquet_schema(io.BytesIO(files[f"{name}.parquet"]))
            for name in (*_TABLES, *_ADDED_TABLES)
            if f"{name}.parquet" in files
        }
        if schemas["measures"].keys() >= set(KEYS):
            return Card.model_validate_json(files["card.json"])
    return None


def _damaged(listed: ListedRelease, what: str) -> DamagedRelease:
    called = f"{listed.product} {listed.period} revision {listed.revision}"
    message = f"The published release {called} cannot be shown: {what}."
    return DamagedRelease(listed.product, listed.period, listed.revision, message)
