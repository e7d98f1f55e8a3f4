"""Published files: derived from the ledger's store alone. A release that is published whole keeps its bytes."""

import contextlib
import io
import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from analytics.canonical import sha256_hex
from analytics.contracts import Contract
from analytics.durable import make_folder_durably, replace_durably, write_durably
from analytics.errors import ContractRefusedError
from analytics.store.chain import Entry
from analytics.store.ledger import Ledger
from analytics.trends.publication.agreement import DAMAGE, first_difference
from analytics.trends.publication.lines import CellsOf
from analytics.trends.publication.manifest import CURRENT, FORMAT, MANIFEST, ListedRelease, json_bytes
from analytics.trends.publication.rendering import rendered


def release_folder(entry: Entry) -> str:
    """Return a release's folder below `published/`."""
    return f"releases/{entry.product}/{entry.period}-r{entry.revision}"


def publish_ledger(ledger: Ledger, folder: Path, allowed: Mapping[str, Contract]) -> list[str]:
    """Publish all that the ledger holds in `folder`; return the files' relative paths. Raises as `publish`."""
    return publish(ledger.entries(), ledger.cells, folder, allowed)


def publish(entries: list[Entry], cells: CellsOf, folder: Path, allowed: Mapping[str, Contract]) -> list[str]:
    """Write every release below `folder`, then point `current.json` at them; return all relative paths, sorted.

    A release that is already there, whole and with the right numbers, is left as it is, even if an earlier renderer
    worded it. A release with a missing, damaged or altered file is made again by the current renderer.
    `allowed` has the contract of each table that is published (`Contracts.published`).

    Raises:
        ContractRefusedError: if a column or value is not one that its contract allows.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    listed: list[ListedRelease] = []
    paths = [CURRENT]
    for entry, made in rendered(entries, cells):
        where = release_folder(entry)
        found = _found(folder / where)
        is_whole = _is_whole(entry, found, made)
        files = found if is_whole else made
        for name, contract in allowed.items():
            if f"{name}.parquet" in files:  # an earlier renderer made fewer tables
                _check_allowed(files[f"{name}.parquet"], contract)
        if not is_whole:
            _place(folder / where, made)
        listed.append(listed_release(entry, files))
        paths.extend(f"{where}/{name}" for name in files)
    _remove_others(folder, {one.folder for one in listed})
    write_durably(folder / CURRENT, current_json(entries, listed))
    return sorted(paths)


def current_json(entries: list[Entry], listed: list[ListedRelease]) -> bytes:
    """Return the pointer to all releases with the ledger's head."""
    head = {"sequence": len(entries), "hash": entries[-1].hash if entries else ""}
    return json_bytes({"format": FORMAT, "head": head, "releases": [one.model_dump() for one in listed]})


def listed_release(entry: Entry, files: Mapping[str, bytes]) -> ListedRelease:
    """Return the release as `current.json` lists it."""
    return ListedRelease(
        product=entry.product,
        period=entry.period,
        revision=entry.revision,
        folder=release_folder(entry),
        manifest_sha256=sha256_hex(files[MANIFEST]),
    )


def _check_allowed(parquet: bytes, contract: Contract) -> None:
    frame = pl.read_parquet(io.BytesIO(parquet))
    for name in frame.columns:
        column = contract[name]
        if column.allowed is not None and not set(frame[name].unique()) <= column.allowed:
            raise ContractRefusedError(contract.file, name, "a release holds a value that may not be published")
        if column.required and frame[name].null_count():
            raise ContractRefusedError(contract.file, name, "a release lacks a value that must be published")


def _found(target: Path) -> dict[str, bytes]:
    """Return the files of a release that are there; none if its folder holds anything but files."""
    if not target.is_dir() or not all(path.is_file() for path in target.iterdir()):
        return {}
    return {path.name: path.read_bytes() for path in sorted(target.iterdir())}


def _is_whole(entry: Entry, found: dict[str, bytes], made: dict[str, bytes]) -> bool:
    """Return whether the files that are there may stay."""
    if found == made:
        return True
    with contextlib.suppress(*DAMAGE):
        return bool(found) and first_difference(entry, found, made) is None
    return False


def _place(target: Path, files: dict[str, bytes]) -> None:
    """Put a release in place whole."""
    beside = target.with_name(f".{target.name}.new")
    _remove(beside)
    make_folder_durably(beside)
    for name, data in files.items():
        write_durably(beside / name, data)
    _remove(target)
    replace_durably(beside, target)


def _remove_others(folder: Path, wanted: set[str]) -> None:
    """Remove the leftovers of an interrupted or older publish: only releases of the ledger are published."""
    for path in (folder / "releases").glob("*/*"):
        if path.relative_to(folder).as_posix() not in wanted:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
