"""The files of every release, made from the ledger's entries and noisy cells alone."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from analytics.canonical import sha256_hex
from analytics.cells import NoisyCells
from analytics.contracts import cohort_name, table_name
from analytics.periods import Period
from analytics.store.body import RENDERER
from analytics.store.chain import Entry
from analytics.trends.estimation.fallback import WEEKS
from analytics.trends.estimation.figures import MeasureFigures, figures_of
from analytics.trends.monitoring.series import History
from analytics.trends.publication.card import card_json, card_of, readme_of
from analytics.trends.publication.findings import findings
from analytics.trends.publication.lines import CellsOf, Lines, MeasureLine
from analytics.trends.publication.manifest import FIRST_RENDERER, FORMAT, MANIFEST, json_bytes
from analytics.trends.publication.modelled import modelled, past
from analytics.trends.publication.pairs import pairs
from analytics.trends.publication.parameters import model_json
from analytics.trends.publication.representation import representation
from analytics.trends.publication.rows import rows_of

MEASURES_SCHEMA = {
    **dict.fromkeys(("product", "period"), pl.String),
    "revision": pl.Int64,
    **dict.fromkeys(("first_day", "last_day"), pl.Date),
    **dict.fromkeys(("measure", "table", "cohort", "headline", "unit"), pl.String),
    **dict.fromkeys(("estimate", "noise_low", "noise_high", "shown_low", "shown_high", "people"), pl.Float64),
    **dict.fromkeys(("reliability", "reason"), pl.String),
    **{
        f"{comparison}{end}": pl.Float64
        for comparison in ("since_previous", "against_all")
        for end in ("", "_noise_low", "_noise_high", "_shown_low", "_shown_high", "_at_once_low", "_at_once_high")
    },
    **dict.fromkeys(("instead", "instead_table", "instead_cohort"), pl.String),
    **{
        f"instead_{name}": pl.Float64
        for name in ("estimate", "noise_low", "noise_high", "shown_low", "shown_high", "people")
    },
    "sentence": pl.String,
}

CELLS_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("measure", "table", "cohort"), pl.String),
    **dict.fromkeys(("coordinate", "value_micro_persons", "sigma_micro_persons"), pl.Int64),
    "basis_row": pl.List(pl.Int64),
}


# L8: files are a function of entries and noisy cells (docs/privacy/proof.md)
def rendered(entries: list[Entry], cells: CellsOf) -> Iterator[tuple[Entry, dict[str, bytes]]]:
    """Yield each release's files by name, in the ledger's order; each depends on itself and the releases before it."""
    known: dict[tuple[str, Period], list[MeasureFigures]] = {}
    history, lines, first = History(), Lines(cells), dict[str, Period]()
    for entry in entries:
        period = entry.period_
        first[entry.product] = min(first.get(entry.product, period), period)
        figures = figures_of(entry, cells(entry), first[entry.product])
        history.add(entry, figures)
        files = _files(
            entry, cells(entry), _Looked(figures, _earlier(known, entry), history, lines.add(entry, figures))
        )
        known[entry.product, period] = figures
        yield entry, files


def _earlier(known: dict[tuple[str, Period], list[MeasureFigures]], entry: Entry) -> list[list[MeasureFigures]]:
    """Return the periods before, newest first, as far as they are released without a gap and as rows look back."""
    found: list[list[MeasureFigures]] = []
    period = entry.period_.previous
    while len(found) < WEEKS - 1 and (entry.product, period) in known:
        found.append(known[entry.product, period])
        period = period.previous
    return found


@dataclass(frozen=True)
class _Looked:
    """A release's figures, with those of earlier releases that its files look at."""

    figures: list[MeasureFigures]
    earlier: list[list[MeasureFigures]]
    history: History
    lines: list[MeasureLine]


def _files(entry: Entry, cells: NoisyCells, seen: _Looked) -> dict[str, bytes]:
    card = card_of(entry)
    tables = {
        "measures": pl.DataFrame(list(rows_of(entry, card, seen.figures, seen.earlier)), schema=MEASURES_SCHEMA),
        "pairs": pairs(entry, card, seen.figures),
        **findings(entry, card, seen.history),
        "representation": representation(entry, card, seen.figures),
        "modelled": modelled(entry, card, seen.lines),
        "past": past(entry, seen.lines),
    }
    files = {
        **{f"{name}.parquet": _parquet(table) for name, table in tables.items()},
        **{f"{name}.csv": table.write_csv().encode() for name, table in tables.items()},
        "cells.parquet": _parquet(cells_frame(entry, cells)),
        "model.json": model_json(seen.lines),
        "card.json": card_json(card),
        "README.md": readme_of(entry, card).encode(),
    }
    files[MANIFEST] = manifest_json(entry, {name: sha256_hex(data) for name, data in files.items()}, RENDERER)
    return files


def manifest_json(entry: Entry, hashes: dict[str, str], renderer: int) -> bytes:
    """Return the manifest: each file's hash, the renderer (the first one named none), and the ledger's entry."""
    ledger = {
        "sequence": entry.sequence,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
        "body": json.loads(entry.text),
    }
    named = {} if renderer == FIRST_RENDERER else {"renderer": renderer}
    return json_bytes({"format": FORMAT, **named, "files": hashes, "ledger": ledger})


def cells_frame(entry: Entry, cells: NoisyCells) -> pl.DataFrame:
    """Return the noisy coordinates: one row per measure, table, cohort and coordinate, in micro-persons."""
    keys, basis = entry.body.keys, {one.name: one.basis for one in entry.body.measures}
    rows: list[tuple[str | int, ...]] = []
    drawn: list[tuple[int, ...]] = []
    """Every measure's basis rows; a coordinate names its own by place, as building a list for each takes longest."""
    for table, key in zip(entry.body.tables, entry.tables, strict=True):
        names: list[tuple[str, ...]] = [()]
        for dimension in key.dimensions:
            names = [(*name, one) for name in names for one in keys[dimension]]
        values = iter(cells.vectors[key])
        first = len(drawn)
        drawn.extend(basis[key.measure])
        rows.extend(
            (key.measure, table_name(key.dimensions), cohort_name(name), number, next(values), table.sigma, place)
            for name in names
            for number, place in enumerate(range(first, len(drawn)))
        )
    known = pl.Series("basis_row", drawn, CELLS_SCHEMA["basis_row"])
    frame = pl.DataFrame(rows, schema=CELLS_SCHEMA | {"basis_row": pl.Int64}, orient="row")
    return frame.with_columns(known.gather(frame["basis_row"]))


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()
