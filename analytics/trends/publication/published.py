"""The dashboard's only door: published files, read once, checked against their manifests, then frozen.

Published
  releases(product)   the latest revision of each period, in period order
  card(release)       what the release says about itself: promise, plan, labels, floors
  measures(product)   one row per period, measure, table, cohort and headline
  pairs(release)      one row per measure, table, headline and two of its groups: their difference
  signals(release)    one row per measure, table, cohort and headline: limits, state, a sentence if a signal
  outlook(release)    the same by period, from the newest on: level and figures to come
  representation(release)  the rows that have a public size beside them: coverage and weighted figures
  csv(release)        the bytes of `measures.csv`, for download
"""

import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, Self

import polars as pl

from analytics.canonical import sha256_hex
from analytics.errors import StoreDamagedError
from analytics.trends.publication.labels import Card, cohort_labels, table_label

__all__ = ["Card", "Published", "Release", "cohort_labels", "stamp", "table_label"]

FORMAT = 1
"""The format of `current.json`, `manifest.json` and `card.json` that this program reads."""

CURRENT = "current.json"
_TABLES = ("measures", "pairs", "signals", "outlook", "representation")
_NEEDED = {"card.json", "measures.csv", *(f"{name}.parquet" for name in _TABLES)}


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
class _Opened:
    """The checked content of one release."""

    card: Card
    measures: pl.DataFrame
    pairs: pl.DataFrame
    signals: pl.DataFrame
    outlook: pl.DataFrame
    representation: pl.DataFrame
    csv: bytes


@dataclass(frozen=True)
class Published:
    """Everything published, as of one `current.json`."""

    head_sequence: int = 0
    """The ledger's newest entry; 0 when nothing is released."""
    head_hash: str = ""
    _opened: Mapping[Release, _Opened] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read `folder`; without a `current.json`, or with no release in it, nothing is published.

        Raises:
            StoreDamagedError: if a file is missing, altered, or in a format that this program does not read.
        """
        path = folder / CURRENT
        if not path.is_file():
            return cls()
        current = _json(_bytes(path, CURRENT), CURRENT)
        try:
            latest: dict[tuple[str, str], dict[str, Any]] = {}
            for entry in current["releases"]:
                known = latest.get((entry["product"], entry["period"]))
                if known is None or known["revision"] < entry["revision"]:
                    latest[entry["product"], entry["period"]] = entry
            if not latest:
                return cls()
            opened = [_open_release(folder, entry) for entry in latest.values()]
            ordered = dict(sorted(opened, key=lambda pair: pair[0].first_day))
            sequence, head_hash = current["head"]["sequence"], current["head"]["hash"]
        except (KeyError, TypeError, ValueError, pl.exceptions.PolarsError):
            ordered = {}
        _check(holds=bool(ordered), otherwise="A published file does not say what it must.")
        return cls(sequence, head_hash, MappingProxyType(ordered))

    @property
    def products(self) -> dict[str, str]:
        """The label of each product with a release, as its newest release words it; weekly ones first, then by name."""
        cards = {name: self.card(self.latest(name)) for name in {release.product for release in self._opened}}
        ordered = sorted(cards.items(), key=lambda pair: (pair[1]["product"]["cadence"] != "week", pair[0]))
        return {name: card["product"]["label"] for name, card in ordered}

    def releases(self, product: str) -> tuple[Release, ...]:
        """Return the latest revision of each period of `product`, in period order."""
        return tuple(release for release in self._opened if release.product == product)

    def latest(self, product: str) -> Release:
        """Return the release of the newest period of `product`, which must be one of `products`."""
        return self.releases(product)[-1]

    def card(self, release: Release) -> Card:
        """Return what `release` says about itself."""
        return self._opened[release].card

    def measures(self, product: str) -> pl.DataFrame:
        """Return the rows of all periods of `product`, in period order."""
        return pl.concat([self._opened[release].measures for release in self.releases(product)], how="diagonal_relaxed")

    def pairs(self, release: Release) -> pl.DataFrame:
        """Return the differences between the groups of each table of one dimension (contract `published_pair`)."""
        return self._opened[release].pairs

    def signals(self, release: Release) -> pl.DataFrame:
        """Return limits and state of every series as of `release` (contract `published_signal`)."""
        return self._opened[release].signals

    def outlook(self, release: Release) -> pl.DataFrame:
        """Return level and outlook of every series that has them as of `release` (contract `published_outlook`)."""
        return self._opened[release].outlook

    def representation(self, release: Release) -> pl.DataFrame:
        """Return coverage and weighted figures of `release` (contract `published_representation`)."""
        return self._opened[release].representation

    def csv(self, release: Release) -> bytes:
        """Return `measures.csv` of `release` as it was published."""
        return self._opened[release].csv


def stamp(folder: Path) -> str:
    """Return a text that changes whenever something is published in `folder`: a key for caches."""
    path = folder / CURRENT
    return sha256_hex(_bytes(path, CURRENT)) if path.is_file() else ""


def _open_release(folder: Path, entry: dict[str, Any]) -> tuple[Release, _Opened]:
    """Read one release that `current.json` names, every file of its manifest checked."""
    inside = PurePosixPath(entry["folder"])
    _check(
        holds=not inside.is_absolute() and ".." not in inside.parts,
        otherwise=f"The published {CURRENT} names a folder outside the published files.",
    )
    called = f"{entry['product']} {entry['period']} revision {entry['revision']}"
    manifest = _bytes(folder / inside / "manifest.json", called)
    _check(
        holds=sha256_hex(manifest) == entry["manifest_sha256"],
        otherwise=f"The manifest of the published release {called} is not the one that {CURRENT} names.",
    )
    hashes: dict[str, str] = _json(manifest, called)["files"]
    files = {name: _bytes(folder / inside / PurePosixPath(name).name, called) for name in hashes}
    _check(
        holds=all(sha256_hex(content) == hashes[name] for name, content in files.items()),
        otherwise=f"A file of the published release {called} is not the one that its manifest names.",
    )
    _check(holds=files.keys() >= _NEEDED, otherwise=f"The manifest of the published release {called} lacks a file.")
    card: Card = _json(files["card.json"], called)  # type: ignore[assignment]  # our own file, by its SHA-256
    _check(
        holds=(card["product"]["name"], card["period"], card["revision"])
        == (entry["product"], entry["period"], entry["revision"]),
        otherwise=f"The card of the published release {called} is another's.",
    )
    release = Release(
        product=entry["product"],
        period=entry["period"],
        revision=entry["revision"],
        first_day=date.fromisoformat(card["first_day"]),
        last_day=date.fromisoformat(card["last_day"]),
        manifest_sha256=entry["manifest_sha256"],
    )
    frames = {name: pl.read_parquet(io.BytesIO(files[f"{name}.parquet"])) for name in _TABLES}
    return release, _Opened(card, **frames, csv=files["measures.csv"])


def _bytes(path: Path, called: str) -> bytes:
    content = None
    with contextlib.suppress(OSError):
        content = path.read_bytes()
    _check(holds=content is not None, otherwise=f"A published file is missing or cannot be read ({called}).")
    return content or b""


def _json(content: bytes, called: str) -> dict[str, Any]:
    """Return a JSON object in the format that this program reads."""
    value: Any = None
    with contextlib.suppress(ValueError):
        value = json.loads(content)
    _check(
        holds=isinstance(value, dict) and value.get("format") == FORMAT,
        otherwise=f"A published file is not JSON of format {FORMAT} ({called}).",
    )
    return dict(value)


def _check(*, holds: bool, otherwise: str) -> None:
    if not holds:
        raise StoreDamagedError(otherwise, "Write the published files again from the ledger: `murmuration publish`.")
