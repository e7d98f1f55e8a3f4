"""Compare the files of a release with those made from its entry and noisy cells, for `publish` and for `verify`.

Files of the current renderer must equal the files made now; modelled numbers must be as close as another machine's sums
are (`closeness`). Released files keep their bytes, so the words of an earlier renderer may differ, and nothing else:
the keys, states and numbers of every table are compared with those made now, a CSV with its own table, and the card
with the card made now, apart from their texts. The texts of an earlier renderer are checked by the manifest's hash
only. A release has exactly the files that its renderer makes. A forger cannot claim an early renderer for a recent
release: since renderer 2 the ledger's entry, which is chained, holds the renderer of the draw, and no file of the
release is older.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analytics.canonical import sha256_hex
from analytics.errors import MurmurationError
from analytics.store.body import RENDERER
from analytics.store.chain import Entry
from analytics.trends.publication.closeness import is_close_json, is_close_table, is_worded
from analytics.trends.publication.manifest import FIRST_RENDERER, MANIFEST, Manifest, json_bytes
from analytics.trends.publication.rendering import manifest_json

DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    ArithmeticError,
    RecursionError,
    StopIteration,
    MurmurationError,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
)
"""How reading a damaged or forged file may end."""

WORDING = frozenset({"sentence", "reason", "cannot_say", "rebased"})
"""The columns that hold the program's own sentences; every other column is a key, a state or a number."""

ADDED_COLUMNS: Mapping[tuple[str, str], int] = {}
"""By table and column, the renderer that added it; a column that is not here was there from the first renderer on."""

ADDED_FILES: Mapping[str, int] = dict.fromkeys(
    ("modelled.parquet", "modelled.csv", "past.parquet", "past.csv", "model.json"), 3
)
"""By file, the renderer that added it; a file that is not here was there from the first renderer on."""

MODELLED = frozenset(name.partition(".")[0] for name in ADDED_FILES)
"""What has modelled numbers, without the ending of its files."""

CARD_WORDING = ("words", "horizon")
"""The parts of the card's promise that are the program's own sentences."""


def files_of(made: Mapping[str, bytes], renderer: int) -> set[str]:
    """Return which of the files made now a renderer made."""
    return {name for name in made if ADDED_FILES.get(name, FIRST_RENDERER) <= renderer}


def renderer_of(found: Mapping[str, bytes]) -> int:
    """Return the renderer that a release's manifest names. Anything in `DAMAGE` may be raised."""
    return Manifest.model_validate_json(found[MANIFEST]).renderer


def first_difference(entry: Entry, found: Mapping[str, bytes], made: Mapping[str, bytes]) -> str | None:
    """Return the name of the first file that does not agree, or None; `made` are the files as made now.

    Anything in `DAMAGE` may be raised: then a file cannot be read.
    """
    if MANIFEST not in found:
        return MANIFEST
    renderer = renderer_of(found)
    names = files_of(made, renderer)
    odd = sorted(found.keys() ^ names)
    if odd:
        return odd[0]
    hashes = {name: sha256_hex(found[name]) for name in made if name in names and name != MANIFEST}
    earliest = entry.body.renderer or FIRST_RENDERER
    # The manifest is compared first: a Parquet file that differs from its hash is not parsed.
    if not earliest <= renderer <= RENDERER or found[MANIFEST] != manifest_json(entry, hashes, renderer):
        return MANIFEST
    release = _Release(entry, renderer, found, made)
    return next((name for name in sorted(hashes) if not release.agrees(name)), None)


@dataclass(frozen=True)
class _Release:
    """The files of one release, found and made now."""

    entry: Entry
    renderer: int
    found: Mapping[str, bytes]
    made: Mapping[str, bytes]

    def agrees(self, name: str) -> bool:
        """Compare one file."""
        if self.found[name] == self.made[name]:
            return True
        if name.partition(".")[0] in MODELLED:
            return self._is_close(name)
        return self._same(name) if self.renderer == RENDERER else self._same_but_wording(name)

    def _same(self, name: str) -> bool:
        """Compare a file of the current renderer: another version of the library may spell a table in other bytes."""
        return name.endswith(".parquet") and _table(self.found[name]).equals(_table(self.made[name]))

    def _same_but_wording(self, name: str) -> bool:
        """Compare a file of an earlier renderer."""
        _, _, kind = name.rpartition(".")
        if kind == "parquet":
            own, now = _table(self.found[name]), self._as_of_its_time(name)
            compared = [one for one in now.columns if one not in WORDING]
            return own.schema == now.schema and own.select(compared).equals(now.select(compared))
        if kind == "csv":
            return self._is_of_its_table(name)
        if kind == "json":
            return _without_wording(self.found[name]) == _without_wording(self.made[name])
        return True  # a text: its hash is in the manifest

    def _is_close(self, name: str) -> bool:
        """Compare a file with modelled numbers."""
        _, _, kind = name.rpartition(".")
        if kind == "csv":
            return self._is_of_its_table(name)
        if kind == "json":
            return is_close_json(self.found[name], self.made[name])
        own, now = _table(self.found[name]), self._as_of_its_time(name)
        is_worded_now = self.renderer == RENDERER
        return is_close_table(own, now) and (not is_worded_now or is_worded(self.entry, own, now))

    def _as_of_its_time(self, name: str) -> pl.DataFrame:
        """Return a table made now with the columns that its renderer made."""
        stem, now = name.rpartition(".")[0], _table(self.made[name])
        return now.select(one for one in now.columns if ADDED_COLUMNS.get((stem, one), FIRST_RENDERER) <= self.renderer)

    def _is_of_its_table(self, name: str) -> bool:
        """Say whether a CSV has what its own table has."""
        return self.found[name] == _table(self.found[f"{name.rpartition('.')[0]}.parquet"]).write_csv().encode()


def _table(data: bytes) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(data))


def _without_wording(data: bytes) -> bytes:
    """Return a card without its sentences, in the one spelling of published JSON.

    A name that is given twice, or `true` for 1, reads as the right number here and as another one elsewhere.
    """
    card = json.loads(data)
    if json_bytes(card) != data or not all(isinstance(card["promise"].pop(name), str) for name in CARD_WORDING):
        raise ValueError
    return json_bytes(card)
