"""Finds the rows that are certainly new, so that only the others are compared with the vault."""

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.vault.database import Vault

Integers = npt.NDArray[np.int64]

_LEAST, _MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
_KINDS = 4
_KEY = ["person_no", "key_kind", "key_value"]


class Spans:
    """How far the known keys of one source reach, per participant and kind of key.

    A log's keys are mostly times, and files mostly bring what is newer than all that is known of a person, or older
    than all: such rows are new, and the vault need not be read. Memory grows with people, not with entries.
    """

    def __init__(self, vault: Vault, source_no: int) -> None:
        """Begin with what is stored or deleted."""
        self._least = np.array([], dtype=np.int64)
        self._most = np.array([], dtype=np.int64)
        known = vault.frame("known_span", {"source_no": source_no})
        places = self._places(known)
        self._least[places] = known["least"].to_numpy()
        self._most[places] = known["most"].to_numpy()

    def split(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the rows with certainly new keys, and those with keys that may be known; all are known from now on."""
        places, values = self._places(rows), rows["key_value"].to_numpy()
        perhaps = (values >= self._least[places]) & (values <= self._most[places])
        np.minimum.at(self._least, places, values)
        np.maximum.at(self._most, places, values)
        if not perhaps.any():
            return rows, rows.clear()
        mask = pl.Series(perhaps)
        return rows.filter(~mask), rows.filter(mask)

    def _places(self, rows: pl.DataFrame) -> Integers:
        """Return the places of participant and kind, of which there are enough from now on."""
        places: Integers = rows["person_no"].to_numpy().astype(np.int64) * _KINDS + rows["key_kind"].to_numpy()
        short = int(places.max(initial=-1)) + 1 - len(self._least)
        if short > 0:
            self._least = np.concatenate([self._least, np.full(short, _MOST)])
            self._most = np.concatenate([self._most, np.full(short, _LEAST)])
        return places


def last_of_each_key(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the last line of each key."""
    mask = rows.select(_KEY).is_duplicated()
    if not mask.any():
        return rows
    last = rows.filter(mask).sort("line").unique(_KEY, keep="last", maintain_order=True)
    return pl.concat([rows.filter(~mask), last])
