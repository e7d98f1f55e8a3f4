"""Compare modelled numbers of two machines: keys and states exactly, numbers within a tolerance, words with numbers.

A modelled number comes from many sums in a row, and the last bits of a sum differ between processors. So a number may
differ by `TOLERANCE`. A sentence must be that of its own row's numbers. Numbers are there in the same places.
"""

import json
import math

import polars as pl

from analytics.store.chain import Entry
from analytics.trends.publication.card import card_of
from analytics.trends.publication.manifest import json_bytes
from analytics.trends.publication.modelled_columns import TOLERANCE
from analytics.trends.publication.modelled_sentences import Worded

SENTENCE = "sentence"


def is_close_table(own: pl.DataFrame, now: pl.DataFrame) -> bool:
    """Say whether a table has the keys, states and numbers of the one made now; its sentences are left out."""
    if own.schema != now.schema or own.height != now.height:
        return False
    numbers = [name for name, kind in now.schema.items() if kind == pl.Float64]
    others = [name for name in now.columns if name not in {*numbers, SENTENCE}]
    return own.select(others).equals(now.select(others)) and all(_is_close(own[name], now[name]) for name in numbers)


def is_worded(entry: Entry, own: pl.DataFrame, now: pl.DataFrame) -> bool:
    """Say whether each sentence of a table is that of its row's numbers; one without a number is as made now."""
    if SENTENCE not in now.columns or own[SENTENCE].equals(now[SENTENCE]):
        return True
    worded = Worded(entry, card_of(entry))
    return all(
        row[SENTENCE] == (made if row["value"] is None else worded.sentence(row))
        for row, made in zip(own.iter_rows(named=True), now[SENTENCE], strict=True)
    )


def is_close_json(own: bytes, now: bytes) -> bool:
    """Say whether JSON in its one spelling has the numbers of the JSON made now, and else the same."""
    found = json.loads(own)
    return json_bytes(found) == own and _is_close_value(found, json.loads(now))


def _is_close(own: pl.Series, now: pl.Series) -> bool:
    """Say whether two columns of numbers are alike; not a number is like none."""
    if not own.is_null().equals(now.is_null()):
        return False
    return bool(((own - now).abs().drop_nulls() <= TOLERANCE).all())


def _is_close_value(own: object, now: object) -> bool:
    if isinstance(own, dict) and isinstance(now, dict):
        return list(own) == list(now) and all(_is_close_value(own[name], now[name]) for name in now)
    if isinstance(own, list) and isinstance(now, list):
        return len(own) == len(now) and all(map(_is_close_value, own, now))
    if isinstance(own, float) and isinstance(now, float):
        return math.isclose(own, now, rel_tol=0.0, abs_tol=TOLERANCE)
    return type(own) is type(now) and own == now
