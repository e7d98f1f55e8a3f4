"""The dashboard's only door: published files, checked against their manifests, then frozen.

Published
  damaged             the periods that cannot be shown, with the reason
  releases(product)   the latest revision of each period, in period order
  card(release)       the release's card: promise, plan, labels, floors
  series(...)         one figure of one group: its rows of all periods
  cells(...)          one figure of all groups of a table in one period
  measures(product)   one row per period, measure, table, cohort and headline
  pairs(release)      one row per measure, table, headline and two of its groups: their difference
  signals(release)    one row per measure, table, cohort and headline: limits, state, a sentence if a signal
  outlook(release)    the same by period, from the newest on: level and figures to come
  representation(release)  the rows of cohorts with a public size: coverage and weighted figures
  modelled(release)   one row per measure, table, cohort and headline: figures that use earlier periods, too
  past(release)       the smoothed past of tables of at most one dimension, as of the release
  csv(release)        the bytes of `measures.csv`, for download
  figure(...)         one figure of all groups in all periods
  once(...)           what a reader makes of a whole release, made once as long as nothing on disk changes

Opening costs milliseconds where nothing has changed, so a page may do it at every run. What is read of the releases is
kept until then: of each product the rows of all periods, once, and the tables of the periods last looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

import polars as pl

from analytics.trends.publication.labels import Card, HeadlineCard, cohort_labels, table_label
from analytics.trends.publication.opening import OpenedFolder, Parts, open_folder, stamp_of
from analytics.trends.publication.release_files import DamagedRelease, Release

__all__ = ["Card", "DamagedRelease", "HeadlineCard", "Published", "Release", "cohort_labels", "stamp", "table_label"]

Value = TypeVar("Value")

_PLACE = "place in measures"
"""A column that the parts of `measures` have for themselves: the row's number in the whole."""


@dataclass(frozen=True)
class Published:
    """Everything published, as of one `current.json`."""

    _opened: OpenedFolder = field(default_factory=OpenedFolder, repr=False)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read `folder`; with neither a `current.json` nor a release in it, nothing is published.

        A release with a missing or altered file is in `damaged`, and nothing of it is anywhere else.

        Raises:
            StoreDamagedError: if `current.json` is missing beside releases, is not in a form that this program reads
                or is not that of the releases, or if no release is intact.
        """
        return cls(open_folder(folder))

    @property
    def head_sequence(self) -> int:
        """The number of the ledger's newest entry; 0 when nothing is released."""
        return self._opened.head.sequence

    @property
    def head_hash(self) -> str:
        """The hash of the ledger's newest entry."""
        return self._opened.head.hash

    @property
    def damaged(self) -> tuple[DamagedRelease, ...]:
        """The periods that cannot be shown, in period order. An earlier revision never takes their place."""
        return self._opened.damaged

    @property
    def products(self) -> dict[str, str]:
        """The label of each product with a release, as its newest release words it; weekly ones first, then by name."""
        cards = {release.product: self.card(release) for release in self._opened.releases}
        ordered = sorted(cards.items(), key=lambda pair: (pair[1].product.cadence != "week", pair[0]))
        return {name: card.product.label for name, card in ordered}

    def releases(self, product: str) -> tuple[Release, ...]:
        """Return the latest revision of each intact period of `product`, in period order."""
        return tuple(release for release in self._opened.releases if release.product == product)

    def latest(self, product: str) -> Release:
        """Return the release of the newest intact period of `product`, which must be one of `products`."""
        return self.releases(product)[-1]

    def card(self, release: Release) -> Card:
        """Return the card of `release`."""
        return self._opened.releases[release].card

    def series(self, product: str, measure: str, headline: str, table: str, cohort: str) -> pl.DataFrame:
        """Return the rows of one figure of one group in all periods, in period order; none if it has none.

        Raises `StoreDamagedError` as `csv`.
        """
        wanted = (pl.col("table") == table) & (pl.col("cohort") == cohort)
        return self._part(product, measure, headline).filter(wanted).drop(_PLACE)

    def figure(self, product: str, measure: str, headline: str) -> pl.DataFrame:
        """Return the rows of one figure of all groups in all periods, in period order; none if there are none.

        Raises `StoreDamagedError` as `csv`.
        """
        return self._part(product, measure, headline).drop(_PLACE)

    def once(self, name: str, release: Release, kind: type[Value], make: Callable[[], Value]) -> Value:
        """Return what `make` makes of `release`, which must be of `kind` and is shared: nobody changes it.

        It is made once by `name` and kept until something on disk changes, at most `MOST_DERIVED` values at a time.
        """
        found = self._opened.derived.get((name, release), make)
        if not isinstance(found, kind):
            message = f"two values are kept under the name {name}"
            raise TypeError(message)
        return found

    def cells(self, release: Release, measure: str, headline: str, table: str) -> pl.DataFrame:
        """Return the rows of one figure of all groups of a table in `release`, as published; none if it has none.

        Raises `StoreDamagedError` as `csv`.
        """
        wanted = (pl.col("table") == table) & (pl.col("period") == release.period)
        return self._part(release.product, measure, headline).filter(wanted).drop(_PLACE)

    def measures(self, product: str) -> pl.DataFrame:
        """Return the rows of all periods of `product`, in period order: a copy; `series` and `cells` are faster.

        Raises `StoreDamagedError` as `csv`.
        """
        return pl.concat(self._parts(product).values()).sort(_PLACE).drop(_PLACE)

    def pairs(self, release: Release) -> pl.DataFrame:
        """Return the differences between the groups of each table of one dimension (contract `published_pair`)."""
        return self._table(release, "pairs")

    def signals(self, release: Release) -> pl.DataFrame:
        """Return limits and state of every series as of `release` (contract `published_signal`)."""
        return self._table(release, "signals")

    def outlook(self, release: Release) -> pl.DataFrame:
        """Return level and outlook of every series that has them as of `release` (contract `published_outlook`)."""
        return self._table(release, "outlook")

    def representation(self, release: Release) -> pl.DataFrame:
        """Return coverage and weighted figures of `release` (contract `published_representation`)."""
        return self._table(release, "representation")

    def modelled(self, release: Release) -> pl.DataFrame:
        """Return the modelled figures of `release` (contract `published_modelled`); empty if it has none."""
        return self._table(release, "modelled")

    def past(self, release: Release) -> pl.DataFrame:
        """Return the smoothed past as of `release` (contract `published_past`); empty if it has none."""
        return self._table(release, "past")

    def csv(self, release: Release) -> bytes:
        """Return `measures.csv` of `release` as it was published.

        Raises:
            StoreDamagedError: if the file was altered or removed after the folder was opened.
        """
        return self._opened.releases[release].content("measures.csv")

    def _table(self, release: Release, name: str) -> pl.DataFrame:
        checked = self._opened.releases[release]
        return self._opened.tables.get((release, name), lambda: checked.table(name))

    def _parts(self, product: str) -> Parts:
        return self._opened.parts.get(product, lambda: self._read_parts(product))

    def _part(self, product: str, measure: str, headline: str) -> pl.DataFrame:
        parts = self._parts(product)
        return parts.get((measure, headline), next(iter(parts.values())).clear())

    def _read_parts(self, product: str) -> Parts:
        """Read `measures` of every period once. The whole is given up: the parts hold the same rows."""
        frames = [self._opened.releases[release].table("measures") for release in self.releases(product)]
        whole = pl.concat(frames, how="diagonal_relaxed").with_row_index(_PLACE)
        parts = whole.partition_by("measure", "headline", as_dict=True, maintain_order=True)
        return {(str(measure), str(headline)): part for (measure, headline), part in parts.items()}


def stamp(folder: Path) -> str:
    """Return a text that changes whenever a published file in `folder` does: a key for caches."""
    return stamp_of(folder)
