"""Check that everything agrees: hashes, chain, cells, sums and figures, made again; damage never raises an error."""

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from analytics.canonical import canonical_json, sha256_hex
from analytics.cells import NoisyCells, TableKey
from analytics.errors import MurmurationError
from analytics.store.body import RENDERER
from analytics.store.chain import GENESIS, Entry, broken_link, cells_hash
from analytics.store.charges import spent
from analytics.store.head import read_head
from analytics.store.ledger import open_ledger
from analytics.trends.publication.agreement import DAMAGE, files_of, first_difference, renderer_of
from analytics.trends.publication.manifest import CURRENT, MANIFEST, Current, ListedRelease, Manifest
from analytics.trends.publication.publish import current_json, listed_release, release_folder
from analytics.trends.publication.release_calendar import missed, released
from analytics.trends.publication.rendering import rendered
from analytics.trends.publication.service_facts import SERVICE, is_of_facts, read_beside, read_facts

SERVICE_FACTS, FACTS_UP_TO_DATE = "service facts", "service facts are up to date"
"""The checks of what is published of the service; no figure depends on it."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


def verify_published(folder: Path, expect_head: str | None = None) -> list[Check]:
    """Check a published folder by itself, as anyone who was given it can.

    The noisy cells are hashed again and the chain of ledger entries walked from its beginning; then every figure,
    card and text is made again from the cells and compared.
    """
    try:
        current = Current.model_validate_json((folder / CURRENT).read_bytes())
        manifests = [(folder / one.folder / MANIFEST).read_bytes() for one in current.releases]
        entries = [_entry(manifest) for manifest in manifests]
        hashes = [Manifest.model_validate_json(manifest).files["cells.parquet"] for manifest in manifests]
        head = current.head.hash
        broken = broken_link(entries)
    except DAMAGE:
        return [
            Check("published files can be read", ok=False, detail="current.json or a manifest is damaged or missing")
        ]
    chain = f"{len(entries)} entries" if broken is None else f"entry {broken} is broken"
    checks = [
        Check("ledger chain", broken is None, chain),
        Check("head", head == (entries[-1].hash if entries else ""), "the last entry's hash"),
        *_expected(head or GENESIS, expect_head),
    ]
    if broken is not None:
        return checks
    checks.append(_sums(entries))
    try:
        cells = {entry.sequence: _cells(entry, folder, sha) for entry, sha in zip(entries, hashes, strict=True)}
        intact = sum(cells_hash(cells[entry.sequence]) == entry.accounting.cells_sha256 for entry in entries)
    except DAMAGE:
        return [*checks, Check("noisy cells", ok=False, detail="a cells.parquet is missing or damaged")]
    whole = intact == len(entries)
    checks.append(Check("noisy cells", whole, f"{intact} of {len(entries)} releases hold their entry's cells"))
    if whole:
        checks.append(_files_agree(folder, entries, cells))
    if (folder / SERVICE).exists():
        checks.append(_facts_read(folder, entries))
    return checks


def _facts_read(folder: Path, entries: list[Entry]) -> Check:
    """Read what the folder says of its service, with the files that it names; nothing else of it may lie there.

    What the entries say as well must be the same. Nothing in a copy vouches for the rest: contact, notes, notice.
    """
    try:
        facts = read_facts(folder)
        for named in facts.beside:
            read_beside(folder, named)
    except MurmurationError as error:
        return Check(SERVICE_FACTS, ok=False, detail=f"{error.message} Run `murmuration publish`.")
    known = {SERVICE, *(named.file for named in facts.beside)}
    if any(path.name not in known for path in folder.iterdir() if is_of_facts(path.name)):
        detail = f"there is a map or a notice that {SERVICE} does not name; run `murmuration publish`"
        return Check(SERVICE_FACTS, ok=False, detail=detail)
    if (facts.released, facts.missed) != (released(entries), missed(entries)):
        detail = f"{SERVICE} has other releases, days or missed periods than the entries; run `murmuration publish`"
        return Check(SERVICE_FACTS, ok=False, detail=detail)
    return Check(SERVICE_FACTS, ok=True, detail=f"{len(known)} files, whole")


def verify_home(ledger_path: Path, head_path: Path, published: Path, expect_head: str | None = None) -> list[Check]:
    """Check the ledger's file, its head and cells, and hold the published folder against them."""
    try:
        noted = read_head(head_path)
        with open_ledger(ledger_path, head_path) as ledger:
            entries, head = ledger.entries(), ledger.head()
    except MurmurationError as error:
        return [Check("ledger", ok=False, detail=error.message)]
    except OSError:
        return [Check("ledger", ok=False, detail="The ledger is missing.")]
    # A head that is behind is a kill between commit and head: the chain alone then vouches for the file.
    untouched = noted.sequence < head.sequence or head.file_sha256 == noted.file_sha256
    checks = [
        Check("ledger", ok=True, detail=f"{len(entries)} entries and their cells follow from one another"),
        Check("ledger file", untouched, "the bytes that the head vouches for"),
        *_expected(head.hash, expect_head),
    ]
    if not entries and not (published / CURRENT).exists():
        return checks
    found = verify_published(published)
    checks.extend(found)
    try:
        named = Current.model_validate_json((published / CURRENT).read_bytes()).head.hash
    except DAMAGE:
        named = None
    agrees = named == (head.hash if entries else "")
    checks.append(Check("published head is the ledger's", agrees, "if not, run `murmuration publish`"))
    return checks


def _expected(head: str, expect_head: str | None) -> list[Check]:
    if expect_head is None:
        return []
    return [Check("expected head", head == expect_head.strip().lower(), "the hash that you gave")]


def _entry(manifest: bytes) -> Entry:
    """Return the ledger's entry that a manifest holds, with the hashes that it claims."""
    ledger = json.loads(manifest)["ledger"]
    claimed = Entry.chained(ledger["sequence"], ledger["previous_hash"], canonical_json(ledger["body"]))
    return replace(claimed, hash=ledger["hash"])


def _sums(entries: list[Entry]) -> Check:
    """Each entry's "so far" is what its year's entries up to it can have cost one participant, within its cap."""
    so_far: dict[int, int] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            losses = [table.loss_nano for table in entry.body.tables]
            so_far[entry.charge_year] = spent(entries[:number], entry.charge_year)
            adds_up = (
                sum(losses) == entry.loss_nano and so_far[entry.charge_year] == entry.body.spent_nano <= entry.cap_nano
            )
        except DAMAGE:
            adds_up = False
        if not adds_up:
            return Check("sums of losses", ok=False, detail=f"entry {entry.sequence} does not add up")
    years = ", ".join(f"{year}: {nano} nano-rho" for year, nano in sorted(so_far.items()))
    return Check("sums of losses", ok=True, detail=years or "nothing is spent")


def _cells(entry: Entry, folder: Path, sha256: str) -> NoisyCells:
    """Return the cells of a file that is what its manifest says: damaged Parquet is not even parsed."""
    data = (folder / release_folder(entry) / "cells.parquet").read_bytes()
    if sha256_hex(data) != sha256:
        raise ValueError
    frame = pl.read_parquet(io.BytesIO(data))
    vectors: dict[TableKey, tuple[int, ...]] = {}
    start = 0
    sizes = {name: len(keys) for name, keys in entry.body.keys.items()}
    rows = {one.name: len(one.basis) for one in entry.body.measures}
    values = frame["value_micro_persons"].to_list()
    for key in entry.tables:
        size = rows[key.measure]
        for dimension in key.dimensions:
            size *= sizes[dimension]
        vectors[key] = tuple(values[start : start + size])
        start += size
    if start != len(values):
        raise ValueError
    return NoisyCells(vectors)


def _files_agree(folder: Path, entries: list[Entry], cells: dict[int, NoisyCells]) -> Check:
    """Make every file again and compare; nothing else may lie in the folder."""
    listed: list[ListedRelease] = []
    expected = {CURRENT}
    earlier = 0
    try:
        for entry, made in rendered(entries, lambda entry: cells[entry.sequence]):
            where = release_folder(entry)
            renderer = renderer_of({MANIFEST: (folder / where / MANIFEST).read_bytes()})
            names = files_of(made, renderer)
            expected |= {f"{where}/{name}" for name in names}
            found = {name: (folder / where / name).read_bytes() for name in names}
            differs = first_difference(entry, found, made)
            if differs is not None:
                return Check("published files", ok=False, detail=f"{where}/{differs} differs")
            listed.append(listed_release(entry, found))
            earlier += renderer < RENDERER
        same = (folder / CURRENT).read_bytes() == current_json(entries, listed)
    except DAMAGE:
        return Check("published files", ok=False, detail="a file is missing or damaged")
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    present = {name for name in present if not is_of_facts(name)}
    if not same or present != expected:
        return Check("published files", ok=False, detail="current.json differs, or there are more files than releases")
    worded = f"; {earlier} releases keep an earlier wording, whose texts are checked by hash" if earlier else ""
    return Check("published files", ok=True, detail=f"{len(expected)} files are what the noisy cells give{worded}")
