"""Compare the files of a release with those made from its entry and noisy cells, for `publish` and for `verify`.

Files of the current renderer must equal the files made now. Released files keep their bytes, so the words of an earlier
renderer may differ, and nothing else: the keys, states and numbers of every table are compared with those made now, a
CSV with its own table, and the card with the card made now, apart from their texts. The texts of an earlier renderer
are checked by the manifest's hash only. A forger cannot claim an early renderer for a recent release: since renderer 2
the ledger's entry, which is chained, holds the renderer of the draw, and no file of the release is older.
"""

import io
import json
from collections.abc import Mapping

import polars as pl

from analytics.canonical import sha256_hex
from analytics.errors import MurmurationError
from analytics.store.body import RENDERER
from analytics.store.chain import Entry
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

CARD_WORDING = ("words", "horizon")
"""The parts of the card's promise that are the program's own sentences."""


def first_difference(entry: Entry, found: Mapping[str, bytes], made: Mapping[str, bytes]) -> str | None:
    """Return the name of the first file that does not agree, or None; `made` are the files as made now.

    Anything in `DAMAGE` may be raised: then a file cannot be read.
    """
    odd = sorted(found.keys() ^ made.keys())
    if odd:
        return odd[0]
    renderer = Manifest.model_validate_json(found[MANIFEST]).renderer
    hashes = {name: sha256_hex(found[name]) for name in made if name != MANIFEST}
    earliest = entry.body.renderer or FIRST_RENDERER
    # The manifest is compared first: a Parquet file that differs from its hash is not parsed.
    if not earliest <= renderer <= RENDERER or found[MANIFEST] != manifest_json(entry, hashes, renderer):
        return MANIFEST
    same = _same if renderer == RENDERER else _same_but_wording
    return next((name for name in sorted(hashes) if not same(name, renderer, found, made)), None)


def _same(name: str, _: int, found: Mapping[str, bytes], made: Mapping[str, bytes]) -> bool:
    """Compare a file of the current renderer: another version of the library may spell a table in other bytes."""
    if name.endswith(".parquet"):
        return _table(found[name]).equals(_table(made[name]))
    return found[name] == made[name]


def _same_but_wording(name: str, renderer: int, found: Mapping[str, bytes], made: Mapping[str, bytes]) -> bool:
    """Compare a file of an earlier renderer."""
    stem, _, kind = name.rpartition(".")
    if kind == "parquet":
        own, now = _table(found[name]), _table(made[name])
        columns = [one for one in now.columns if ADDED_COLUMNS.get((stem, one), FIRST_RENDERER) <= renderer]
        compared = [one for one in columns if one not in WORDING]
        return own.schema == now.select(columns).schema and own.select(compared).equals(now.select(compared))
    if kind == "csv":
        return found[name] == _table(found[f"{stem}.parquet"]).write_csv().encode()
    if kind == "json":
        return _without_wording(found[name]) == _without_wording(made[name])
    return True  # a text: its hash is in the manifest


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
