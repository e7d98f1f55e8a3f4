"""Published files: derived from the ledger's store alone, so that publishing again gives the same bytes."""

import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from analytics.canonical import sha256_hex
from analytics.cells import NoisyCells, TableKey
from analytics.contracts import Contract, cohort_name, table_name
from analytics.durable import make_folder_durably, replace_durably, write_durably
from analytics.errors import ContractRefusedError
from analytics.periods import Period
from analytics.store.chain import Entry
from analytics.trends.estimation.fallback import WEEKS
from analytics.trends.estimation.figures import MeasureFigures, figures_of
from analytics.trends.monitoring.series import History
from analytics.trends.publication.card import card_of, readme_of
from analytics.trends.publication.findings import findings
from analytics.trends.publication.pairs import pairs
from analytics.trends.publication.representation import representation
from analytics.trends.publication.rows import rows_of

if TYPE_CHECKING:
    from analytics.store.ledger import Ledger
    from analytics.trends.publication.labels import Card

CellsOf = Callable[[Entry], NoisyCells]

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


def release_folder(entry: Entry) -> str:
    """Return a release's folder below `published/`."""
    return f"releases/{entry.product}/{entry.period}-r{entry.revision}"


# L8: files are a function of entries and noisy cells (docs/privacy/proof.md)
def rendered(entries: list[Entry], cells: CellsOf) -> Iterator[tuple[Entry, dict[str, bytes]]]:
    """Yield each release's files by name, in the ledger's order; each needs only itself and what came before it."""
    known: dict[tuple[str, Period], list[MeasureFigures]] = {}
    history, first = History(), dict[str, Period]()
    for entry in entries:
        period = Period.parse(entry.period)
        first[entry.product] = min(first.get(entry.product, period), period)
        figures = figures_of(entry, cells(entry), first[entry.product])
        history.add(entry, figures)
        files = _files(entry, cells(entry), figures, _earlier(known, entry), history)
        known[entry.product, period] = figures
        yield entry, files


def _earlier(known: dict[tuple[str, Period], list[MeasureFigures]], entry: Entry) -> list[list[MeasureFigures]]:
    """Return the periods before, newest first, as far as they are released without a gap and as rows look back."""
    found: list[list[MeasureFigures]] = []
    period = Period.parse(entry.period).previous
    while len(found) < WEEKS - 1 and (entry.product, period) in known:
        found.append(known[entry.product, period])
        period = period.previous
    return found


def publish_ledger(ledger: "Ledger", folder: Path, allowed: Mapping[str, Contract]) -> list[str]:
    """Make `folder` say what the ledger holds; return the files' relative paths. Raises as `publish`."""
    return publish(ledger.entries(), ledger.cells, folder, allowed)


def publish(entries: list[Entry], cells: CellsOf, folder: Path, allowed: Mapping[str, Contract]) -> list[str]:
    """Write every release below `folder`, then point `current.json` at them; return all relative paths, sorted.

    `allowed` has the contract of each table that is published (`Contracts.published`).

    Raises:
        ContractRefusedError: if a column or value is not one that its contract allows.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    listed: list[dict[str, Any]] = []
    paths = ["current.json"]
    for entry, files in rendered(entries, cells):
        for name, contract in allowed.items():
            _check_allowed(files[f"{name}.parquet"], contract)
        where = release_folder(entry)
        _place(folder / where, files)
        listed.append(listed_release(entry, files))
        paths.extend(f"{where}/{name}" for name in files)
    _remove_others(folder, {one["folder"] for one in listed})
    write_durably(folder / "current.json", current_json(entries, listed))
    return sorted(paths)


def current_json(entries: list[Entry], listed: list[dict[str, Any]]) -> bytes:
    """Return the pointer to all releases with the ledger's head."""
    head = {"sequence": len(entries), "hash": entries[-1].hash if entries else ""}
    return _json({"format": 1, "head": head, "releases": listed})


def listed_release(entry: Entry, files: dict[str, bytes]) -> dict[str, Any]:
    """Return what `current.json` says of a release."""
    return {
        "product": entry.product,
        "period": entry.period,
        "revision": entry.revision,
        "folder": release_folder(entry),
        "manifest_sha256": sha256_hex(files["manifest.json"]),
    }


def _files(
    entry: Entry,
    cells: NoisyCells,
    figures: list[MeasureFigures],
    earlier: list[list[MeasureFigures]],
    history: History,
) -> dict[str, bytes]:
    card = card_of(entry)
    typed = cast("Card", card)
    measures = pl.DataFrame(
        list(rows_of(entry, typed, figures, earlier)),
        schema={name: pl.String if kind == pl.Date else kind for name, kind in MEASURES_SCHEMA.items()},
    ).with_columns(pl.col("first_day", "last_day").str.to_date("%Y-%m-%d"))
    tables = {
        "measures": measures,
        "pairs": pairs(entry, typed, figures),
        **findings(entry, typed, history),
        "representation": representation(entry, typed, figures),
    }
    files = {
        **{f"{name}.parquet": _parquet(table) for name, table in tables.items()},
        **{f"{name}.csv": table.write_csv().encode() for name, table in tables.items()},
        "cells.parquet": _parquet(cells_frame(entry, cells)),
        "card.json": _json(card),
        "README.md": readme_of(entry, card).encode(),
    }
    files["manifest.json"] = manifest_json(entry, {name: sha256_hex(data) for name, data in files.items()})
    return files


def manifest_json(entry: Entry, hashes: dict[str, str]) -> bytes:
    """Return the manifest: each file's hash, and the ledger's entry with the head as of it."""
    ledger = {
        "sequence": entry.sequence,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
        "body": entry.body,
    }
    return _json({"format": 1, "files": hashes, "ledger": ledger})


def cells_frame(entry: Entry, cells: NoisyCells) -> pl.DataFrame:
    """Return the noisy coordinates: one row per measure, table, cohort and coordinate, in micro-persons."""
    keys = {one["name"]: [key for key, _ in one["keys"]] for one in entry.body["dimensions"]}
    basis = {one["name"]: one["basis"] for one in entry.body["measures"]}
    rows: list[tuple[Any, ...]] = []
    for table in entry.body["tables"]:
        key = TableKey(table["measure"], tuple(table["dimensions"]))
        names: list[tuple[str, ...]] = [()]
        for dimension in key.dimensions:
            names = [(*name, one) for name in names for one in keys[dimension]]
        values = iter(cells.vectors[key])
        rows.extend(
            (key.measure, table_name(key.dimensions), cohort_name(name), number, next(values), table["sigma"], row)
            for name in names
            for number, row in enumerate(basis[key.measure])
        )
    return pl.DataFrame(rows, schema=CELLS_SCHEMA, orient="row")


def _check_allowed(parquet: bytes, contract: Contract) -> None:
    frame = pl.read_parquet(io.BytesIO(parquet))
    for name in frame.columns:
        column = contract[name]
        if column.allowed is not None and not set(frame[name].unique()) <= column.allowed:
            raise ContractRefusedError(contract.file, name, "a release holds a value that may not be published")
        if column.required and frame[name].null_count():
            raise ContractRefusedError(contract.file, name, "a release lacks a value that must be published")


def _place(target: Path, files: dict[str, bytes]) -> None:
    """Put a release in place whole; one that is already there byte for byte is left alone."""
    if target.is_dir() and {path.name: _bytes(path) for path in target.iterdir()} == files:
        return
    beside = target.with_name(f".{target.name}.new")
    _remove(beside)
    make_folder_durably(beside)
    for name, data in files.items():
        write_durably(beside / name, data)
    _remove(target)
    replace_durably(beside, target)


def _remove_others(folder: Path, wanted: set[str]) -> None:
    """Remove what an interrupted or older publish left: only what the ledger holds is published."""
    for path in (folder / "releases").glob("*/*"):
        if path.relative_to(folder).as_posix() not in wanted:
            _remove(path)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=True, allow_nan=False) + "\n").encode()
