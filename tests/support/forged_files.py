"""Published files that are altered as a careful forger does: with every hash made to match."""

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from analytics.canonical import sha256_hex
from analytics.contracts import Contracts
from analytics.trends.publication.manifest import Manifest
from analytics.trends.publication.publish import publish
from analytics.trends.publication.verify import verify_home, verify_published
from tests.support.releases import PRODUCT, Home


def published(home: Home, contracts: Contracts) -> None:
    """Publish what the ledger holds."""
    with home.open() as ledger:
        publish(ledger.entries(), ledger.cells, home.published, contracts.published)


def folder(home: Home, week: str = "2024-W11") -> Path:
    """Return where a release lies."""
    return home.published / "releases" / PRODUCT / f"{week}-r0"


def files(home: Home) -> dict[str, bytes]:
    """Return the files of all releases."""
    where = home.published / "releases"
    return {path.relative_to(where).as_posix(): path.read_bytes() for path in where.rglob("*") if path.is_file()}


def verified(home: Home) -> list[str]:
    """Return what does not agree: nothing, where all does."""
    alone = [check.name for check in verify_published(home.published) if not check.ok]
    return alone + [check.name for check in verify_home(home.ledger, home.head, home.published) if not check.ok]


def renderer_of(home: Home, week: str) -> int:
    """Return the renderer that a release's manifest names."""
    return Manifest.model_validate_json((folder(home, week) / "manifest.json").read_bytes()).renderer


def rehash(home: Home, week: str = "2024-W11", said: Mapping[str, object] | None = None) -> None:
    """Make manifest and pointer agree with a release's files, as a careful forger does.

    `said` is what the manifest says of itself beside its format; None leaves that as it is.
    """
    where = folder(home, week)
    manifest = json.loads((where / "manifest.json").read_text())
    if said is not None:
        manifest = {"format": 1, **said, "files": manifest["files"], "ledger": manifest["ledger"]}
    manifest["files"] = {name: sha256_hex((where / name).read_bytes()) for name in manifest["files"]}
    (where / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    current = json.loads((home.published / "current.json").read_text())
    for one in current["releases"]:
        if one["period"] == week:
            one["manifest_sha256"] = sha256_hex((where / "manifest.json").read_bytes())
    (home.published / "current.json").write_text(json.dumps(current, indent=1) + "\n")


def changed(path: Path, column: str, change: Callable[[pl.Expr], pl.Expr]) -> None:
    """Change the last cell of a column that is not empty, in a table and in its CSV."""
    frame = pl.read_parquet(io.BytesIO(path.read_bytes()))
    place = frame[column].is_not_null().arg_true()[-1]
    at = pl.int_range(pl.len()) == place
    frame = frame.with_columns(pl.when(at).then(change(pl.col(column))).otherwise(pl.col(column)).alias(column))
    write(path, frame)


def write(path: Path, frame: pl.DataFrame) -> None:
    """Write a table and its CSV."""
    frame.write_parquet(path, compression="zstd", statistics=False)
    if path.stem != "cells":
        path.with_suffix(".csv").write_bytes(frame.write_csv().encode())
