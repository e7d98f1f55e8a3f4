"""A published folder of a large service: complete files, two years of weeks, as many regions as wanted.

`publish_large(folder)` takes less than 20 seconds. The numbers are invented and the same each time.
"""

import io
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from analytics.canonical import sha256_hex
from analytics.periods import Period
from analytics.trends.publication.findings import OUTLOOK_SCHEMA, SIGNALS_SCHEMA
from analytics.trends.publication.manifest import FORMAT, MANIFEST, json_bytes
from analytics.trends.publication.modelled_columns import MODELLED_SCHEMA, PAST_SCHEMA
from analytics.trends.publication.pairs import PAIRS_SCHEMA
from analytics.trends.publication.rendering import CELLS_SCHEMA, MEASURES_SCHEMA
from analytics.trends.publication.representation import REPRESENTATION_SCHEMA
from tests.support import published_fake
from tests.support.large_findings import modelled, outlook, past, signals
from tests.support.large_numbers import Invented, invented, region_keys
from tests.support.large_plain import cells, measures, pairs, representation
from tests.support.large_rows import MEASURE, PRODUCT, LargeRows, typed

LAST = Period.parse("2026-W47")
"""The newest week."""

_TWO_CORES = 2

_TABLES: dict[str, tuple[Callable[[LargeRows, int], pl.DataFrame], Mapping[str, object]]] = {
    "measures": (measures, MEASURES_SCHEMA),
    "pairs": (pairs, PAIRS_SCHEMA),
    "signals": (signals, SIGNALS_SCHEMA),
    "outlook": (outlook, OUTLOOK_SCHEMA),
    "representation": (representation, REPRESENTATION_SCHEMA),
    "modelled": (modelled, MODELLED_SCHEMA),
    "past": (past, PAST_SCHEMA),
    "cells": (cells, CELLS_SCHEMA),
}


def publish_large(folder: Path, weeks: int = 104, regions: int = 40) -> Path:
    """Write `weeks` releases of a service with `regions` known regions, and return `folder`."""
    numbers = invented(weeks, regions)
    rows = LargeRows(numbers, LAST.first_day - timedelta(weeks=weeks - 1))
    with ThreadPoolExecutor(_TWO_CORES) as pool:
        listed = list(pool.map(partial(_publish, folder, rows, _population(numbers)), range(weeks)))
    head = {"sequence": weeks, "hash": sha256_hex(f"head {weeks}")}
    (folder / "current.json").write_bytes(json_bytes({"format": FORMAT, "head": head, "releases": listed}))
    return folder


def _publish(folder: Path, rows: LargeRows, population: dict[str, Any], week: int) -> dict[str, Any]:
    """Write one release and return its line of `current.json`."""
    period = rows.period(week)
    inside = f"releases/{PRODUCT}/{period.name}-r0"
    place = folder / inside
    place.mkdir(parents=True)
    made = {name: typed(make(rows, week), schema) for name, (make, schema) in _TABLES.items()}
    files = {f"{name}.parquet": _parquet(frame) for name, frame in made.items()}
    files |= {f"{name}.csv": frame.write_csv().encode() for name, frame in made.items() if name != "cells"}
    files |= {
        "model.json": json_bytes({"format": FORMAT}),
        "card.json": json_bytes(_card(rows.numbers, period, week + 1) | {"population": population}),
        "README.md": f"# {period.name}\n".encode(),
    }
    hashes = {name: sha256_hex(data) for name, data in files.items()}
    files[MANIFEST] = json_bytes({"format": FORMAT, "renderer": 3, "files": hashes, "ledger": {"sequence": week + 1}})
    for name, data in files.items():
        (place / name).write_bytes(data)
    return {
        "product": PRODUCT,
        "period": period.name,
        "revision": 0,
        "folder": inside,
        "manifest_sha256": sha256_hex(files[MANIFEST]),
    }


def _card(numbers: Invented, period: Period, sequence: int) -> dict[str, Any]:
    """Return the card of the ordinary invented service with these regions."""
    service = published_fake.Service(product=PRODUCT)
    card: dict[str, Any] = json.loads(
        json.dumps(published_fake._card(service, period.name, period.first_day, sequence))
    )
    known = sum(one.table == "region" and one.is_known for one in numbers.groups)
    card["dimensions"]["region"]["keys"] = region_keys(known)
    return card


def _population(numbers: Invented) -> dict[str, Any]:
    people = {one.cohort: one.public_size for one in numbers.groups if "/" in one.cohort and one.is_known}
    return {
        "as_of": "2024-01-01",
        "dimensions": ["region", "age_band"],
        "people": people,
        "source": "invented, as the participants are",
        "strata": {MEASURE: ["region", "age_band"]},
    }


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()
