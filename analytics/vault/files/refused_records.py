"""Refused records get another try under today's declaration: each by itself; nothing else is read or changed."""

import json
from collections.abc import Iterator
from datetime import UTC
from itertools import groupby
from typing import Any

import polars as pl

from analytics.contracts import Contracts, Source
from analytics.vault.database import Vault
from analytics.vault.erasure.rows import apply_suppression_list, settle_consent
from analytics.vault.error_boundary import sealed
from analytics.vault.ingest import PASSES, Batch, FileReport, load_all
from analytics.vault.loading.entries import EntryLoader
from analytics.vault.loading.factor_bits import settle_factors
from analytics.vault.loading.file import NUMBERED, FileLoad
from analytics.vault.pseudonym import Pseudonymiser
from analytics.vault.readers import reread
from analytics.vault.readers.shared.rows import Kind, RawRows, Row

CHUNK_RECORDS = 10_000

_START = {"after_person": -1, "before_place": 0}
"""Before every person: numbers of people and places count from 1."""

_JUDGED = {"person_no": pl.Int32, "place": pl.Int32, "rule": pl.String, "column_name": pl.String}

Record = tuple[int, int, str]
"""Person, place and texts."""


@sealed
def held_batches(vault: Vault) -> list[tuple[int, str]]:
    """Return the batches with held records and their sources, in the order in which they came."""
    return [(number, source) for number, source in vault.rows("refused/batches")]


# L9: each record is judged by itself, and changes rows of its own participant only (docs/privacy/proof.md)
@sealed
def retry(vault: Vault, batch: Batch, source: Source, contracts: Contracts) -> FileReport:
    """Judge the held records of one batch again; accepted records keep their file's place in the order.

    Stored rows of the same or a later file are not changed. Records that are refused again stay held, with today's rule
    and their first day. One transaction; doing it twice changes nothing. No file is read.

    Raises:
        FileRefusedError: if the declaration names an unknown format.
    """
    number = batch.number
    apply_suppression_list(vault)
    bits = settle_factors(vault, contracts.mood_entry)
    with vault.transaction():
        first_at = vault.rows("refused/first_at", {"batch_no": number})[0][0]
        if first_at is None:
            return FileReport()  # an earlier file of this command brought their withdrawals
        file = FileLoad(
            vault,
            batch,
            source.model_copy(
                update={"person": "row"}
            ),  # held records name their person by number, also those of a file with an owner
            contracts,
            people=Pseudonymiser(batch.key),
            bits=bits,
            source_no=vault.source_no(source.name),
            first_at=first_at.replace(tzinfo=UTC),
            again=True,
        )
        for one in PASSES:
            for kind in one.kinds:
                _retry_kind(file, kind)
            if file.consents_changed:
                settle_consent(vault, number, batch.now, file.repeated_withdrawals)
                file.forget_people()
                file.consents_changed = False
        file.report.held = vault.rows("refused/held_count", {"batch_no": number})[0][0]
        if file.report.quarantined.total() < file.report.read + file.report.passed_over:
            vault.run("erasure/due")  # the texts of accepted records are erased to their last byte, too
    return file.report


def _retry_kind(file: FileLoad, kind: Kind) -> None:
    named = {"batch_no": file.batch.number, "kind": kind, "most": CHUNK_RECORDS}
    after = _START
    while chunk := file.vault.rows("refused/chunk", {**named, **after}):
        last = chunk[-1]
        after = {"after_person": last[0], "before_place": last[1]}
        _retry_chunk(file, kind, sorted(chunk))


def _retry_chunk(file: FileLoad, kind: Kind, records: list[Record]) -> None:
    file.refused_again.clear()
    load_all(file, EntryLoader(file), _parts(kind, records, file.source))
    judged = [
        (person_no, place, *file.refused_again.get(line, (None, None)))
        for line, (person_no, place, _) in enumerate(records)
    ]
    with file.vault.seeing("judged", pl.DataFrame(judged, schema=_JUDGED, orient="row")):
        file.vault.run("refused/judged_remove", {"batch_no": file.batch.number})
        file.vault.run("refused/judged_set", {"batch_no": file.batch.number})


def _parts(kind: Kind, records: list[Record], source: Source) -> Iterator[RawRows]:
    """Yield records as rows, numbered by their place in `records`; those with other columns apart."""
    texts = [(line, _row(kind, person_no, text)) for line, (person_no, _, text) in enumerate(records)]
    for _, alike in groupby(sorted(texts, key=_columns), key=_columns):
        yield from reread(list(alike), source)


def _row(kind: Kind, person_no: int, texts: str) -> Row:
    held: dict[str, Any] = json.loads(texts)
    return Row(kind, {"person_id": f"{NUMBERED}{person_no}", **held})


def _columns(numbered: tuple[int, Row]) -> list[str]:
    return sorted(numbered[1].texts)
