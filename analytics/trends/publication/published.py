"""The dashboard's only door: published files, read once, checked against their manifests, then frozen.

Published
  releases(product)   the latest revision of each period, in period order
  card(release)       the release's card: promise, plan, labels, floors
  measures(product)   one row per period, measure, table, cohort and headline
  pairs(release)      one row per measure, table, headline and two of its groups: their difference
  signals(release)    one row per measure, table, cohort and headline: limits, state, a sentence if a signal
  outlook(release)    the same by period, from the newest on: level and figures to come
  representation(release)  the rows of cohorts with a public size: coverage and weighted figures
  modelled(release)   one row per measure, table, cohort and headline: figures that use earlier periods, too
  past(release)       the smoothed past of tables of at most one dimension, as of the release
  csv(release)        the bytes of `measures.csv`, for download
"""

import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Self

import polars as pl

from analytics.canonical import sha256_hex
from analytics.errors import StoreDamagedError
from analytics.stored_json import AnyStored, read_stored
from analytics.trends.publication.labels import Card, HeadlineCard, cohort_labels, table_label
from analytics.trends.publication.manifest import CURRENT, MANIFEST, Current, ListedRelease, Manifest
from analytics.trends.publication.modelled_columns import MODELLED_SCHEMA, PAST_SCHEMA

__all__ = ["Card", "HeadlineCard", "Published", "Release", "cohort_labels", "stamp", "table_label"]

_AGAIN = "Write the published files again from the ledger: `murmuration publish`."
_TABLES = ("measures", "pairs", "signals", "outlook", "representation")
_NEEDED = {"card.json", "measures.csv", *(f"{name}.parquet" for name in _TABLES)}
_ADDED_TABLES = {"modelled": MODELLED_SCHEMA, "past": PAST_SCHEMA}
"""Releases that an earlier program published do not have them."""


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
    modelled: pl.DataFrame
    past: pl.DataFrame
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
        current = _read(Current, _bytes(path, CURRENT), CURRENT)
        latest: dict[tuple[str, str], ListedRelease] = {}
        for listed in current.releases:
            known = latest.get((listed.product, listed.period))
            if known is None or known.revision < listed.revision:
                latest[listed.product, listed.period] = listed
        if not latest:
            return cls()
        try:
            opened = [_open_release(folder, listed) for listed in latest.values()]
        except (KeyError, TypeError, ValueError, pl.exceptions.PolarsError):
            opened = []
        _check(holds=bool(opened), otherwise="A published file is not in the expected form.")
        ordered = dict(sorted(opened, key=lambda pair: pair[0].first_day))
        return cls(current.head.sequence, current.head.hash, MappingProxyType(ordered))

    @property
    def products(self) -> dict[str, str]:
        """The label of each product with a release, as its newest release words it; weekly ones first, then by name."""
        cards = {name: self.card(self.latest(name)) for name in {release.product for release in self._opened}}
        ordered = sorted(cards.items(), key=lambda pair: (pair[1].product.cadence != "week", pair[0]))
        return {name: card.product.label for name, card in ordered}

    def releases(self, product: str) -> tuple[Release, ...]:
        """Return the latest revision of each period of `product`, in period order."""
        return tuple(release for release in self._opened if release.product == product)

    def latest(self, product: str) -> Release:
        """Return the release of the newest period of `product`, which must be one of `products`."""
        return self.releases(product)[-1]

    def card(self, release: Release) -> Card:
        """Return the card of `release`."""
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

    def modelled(self, release: Release) -> pl.DataFrame:
        """Return the modelled figures of `release` (contract `published_modelled`); empty if it has none."""
        return self._opened[release].modelled

    def past(self, release: Release) -> pl.DataFrame:
        """Return the smoothed past as of `release` (contract `published_past`); empty if it has none."""
        return self._opened[release].past

    def csv(self, release: Release) -> bytes:
        """Return `measures.csv` of `release` as it was published."""
        return self._opened[release].csv


def stamp(folder: Path) -> str:
    """Return a text that changes whenever something is published in `folder`: a key for caches."""
    path = folder / CURRENT
    return sha256_hex(_bytes(path, CURRENT)) if path.is_file() else ""


def _open_release(folder: Path, listed: ListedRelease) -> tuple[Release, _Opened]:
    """Read one release that `current.json` names, every file of its manifest checked."""
    inside = PurePosixPath(listed.folder)
    _check(
        holds=not inside.is_absolute() and ".." not in inside.parts,
        otherwise=f"The published {CURRENT} names a folder outside the published files.",
    )
    called = f"{listed.product} {listed.period} revision {listed.revision}"
    manifest = _bytes(folder / inside / MANIFEST, called)
    _check(
        holds=sha256_hex(manifest) == listed.manifest_sha256,
        otherwise=f"The manifest of the published release {called} is not the one that {CURRENT} names.",
    )
    hashes = _read(Manifest, manifest, called).files
    files = {name: _bytes(folder / inside / PurePosixPath(name).name, called) for name in hashes}
    _check(
        holds=all(sha256_hex(content) == hashes[name] for name, content in files.items()),
        otherwise=f"A file of the published release {called} is not the one that its manifest names.",
    )
    _check(holds=files.keys() >= _NEEDED, otherwise=f"The manifest of the published release {called} lacks a file.")
    card = Card.model_validate_json(files["card.json"])
    _check(
        holds=(card.product.name, card.period, card.revision) == (listed.product, listed.period, listed.revision),
        otherwise=f"The card of the published release {called} is another's.",
    )
    release = Release(
        product=listed.product,
        period=listed.period,
        revision=listed.revision,
        first_day=card.first_day,
        last_day=card.last_day,
        manifest_sha256=listed.manifest_sha256,
    )
    frames = {name: pl.read_parquet(io.BytesIO(files[f"{name}.parquet"])) for name in _TABLES}
    for name, schema in _ADDED_TABLES.items():
        data = files.get(f"{name}.parquet")
        frames[name] = pl.DataFrame(schema=schema) if data is None else pl.read_parquet(io.BytesIO(data))
    return release, _Opened(card, **frames, csv=files["measures.csv"])


def _bytes(path: Path, called: str) -> bytes:
    content = None
    with contextlib.suppress(OSError):
        content = path.read_bytes()
    _check(holds=content is not None, otherwise=f"A published file is missing or cannot be read ({called}).")
    return content or b""


def _read(model: type[AnyStored], content: bytes, called: str) -> AnyStored:
    return read_stored(model, content, f"A published file ({called})", _AGAIN)


def _check(*, holds: bool, otherwise: str) -> None:
    if not holds:
        raise StoreDamagedError(otherwise, _AGAIN)
