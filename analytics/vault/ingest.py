"""One file into the vault: read, checked and kept part by part, in one transaction."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from analytics.contracts import REGISTER_SOURCES, ConsentContracts, Contracts, Source
from analytics.errors import FileRefusedError
from analytics.vault.database import Vault
from analytics.vault.erasure.rows import apply_suppression_list, settle_consent
from analytics.vault.error_boundary import sealed
from analytics.vault.loading.entries import EntryKeeper
from analytics.vault.loading.factor_bits import FactorBits, settle_factors
from analytics.vault.loading.file import Batch, File, FileReport
from analytics.vault.loading.held_records import hold
from analytics.vault.loading.others import keep_associations, keep_deletions, keep_totals
from analytics.vault.loading.register import keep_consents, keep_participants
from analytics.vault.pseudonym import Pseudonymiser
from analytics.vault.readers import holds_several, reader_of
from analytics.vault.readers.shared.rows import Kind, RawRows
from analytics.vault.validation.entries import check_entries
from analytics.vault.validation.faults import JUDGED_SCHEMA, Checked
from analytics.vault.validation.others import check_associations, check_deletions, check_totals
from analytics.vault.validation.register import check_consents, check_participants

__all__ = ["PASSES", "Batch", "FileReport", "Pass", "check_owner", "ingest_batch", "keep_all", "try_out"]

Item = TypeVar("Item")


@dataclass(frozen=True)
class Pass:
    """Kinds of rows that are taken in together."""

    name: str
    kinds: tuple[Kind, ...]


PASSES = (
    Pass("consents", ("consent",)),
    Pass("register", ("participant",)),
    Pass("entries", ("entry", "association", "deletion", "total")),
)
"""The consents are kept before all that depends on them, then the register."""


# L9: what one participant's rows leave does not depend on another's (docs/privacy/proof.md)
@sealed
def ingest_batch(
    vault: Vault, batch: Batch, source: Source, contracts: ConsentContracts, passes: tuple[Pass, ...] = PASSES
) -> FileReport:
    """Take in one file of a source, or what it has of the kinds of some passes, in one transaction.

    Raises:
        FileRefusedError: for its header, container or declaration; nothing of it is in the vault then.
    """
    check_owner(source, batch)
    apply_suppression_list(vault)  # an earlier file of this run may have failed after its withdrawals were on the list
    bits = _bits_for(vault, source, contracts)
    with vault.transaction():
        report = _taken_in(vault, batch, source, contracts, bits, passes)
    vault.check_kept(batch.number)
    return report


def _bits_for(vault: Vault, source: Source, contracts: ConsentContracts) -> FactorBits:
    """Return the bits of factors; the register's own files have none: a withdrawal must not fail for their contract."""
    if source.name in REGISTER_SOURCES or not isinstance(contracts, Contracts):
        return FactorBits({})
    return settle_factors(vault, contracts.mood_entry)


@sealed
def try_out(
    vault: Vault, batch: Batch, source: Source, contracts: ConsentContracts, look: Callable[[FileReport], Item]
) -> Item:
    """Do what `ingest_batch` does, return what `look` finds then, and undo it: neither vault nor list keep any of it.

    Raises:
        FileRefusedError: as `ingest_batch`.
    """
    listed = vault.suppression_list
    found: list[Item] = []
    vault.suppression_list = listed.on_trial()
    try:
        with vault.transaction():
            found.append(look(_taken_in(vault, batch, source, contracts, FactorBits({}), PASSES)))
            raise _TrialEnded  # noqa: TRY301 -- what undoes a transaction
    except _TrialEnded:
        pass
    finally:
        vault.suppression_list = listed
    return found[0]


class _TrialEnded(Exception):  # noqa: N818 -- no error
    """Undoes a trial's transaction."""


def _taken_in(  # noqa: PLR0913, PLR0917 -- all of them are the file's surroundings
    vault: Vault,
    batch: Batch,
    source: Source,
    contracts: ConsentContracts,
    bits: FactorBits,
    passes: tuple[Pass, ...],
) -> FileReport:
    reader = reader_of(source)
    several = holds_several(source)
    file = _opened(vault, batch, source, contracts, bits)
    keeper = EntryKeeper(file)
    for one in passes if several else passes[:1]:
        parts = reader(batch.path, source)
        keep_all(file, keeper, _of_kinds(parts, one) if several else parts)
        if file.consents_changed:
            settle_consent(vault, batch.number, batch.now, file.said_again)
            file.forget_known()
            file.consents_changed = False
    _close(file)
    vault.forget("covered_person")
    return file.report


def _of_kinds(parts: Iterator[RawRows], one: Pass) -> Iterator[RawRows]:
    return (raw for raw in parts if raw.kind in one.kinds)


def check_owner(source: Source, batch: Batch) -> None:
    """Make sure that it is known which person each row belongs to, and in one way.

    Raises:
        FileRefusedError: if not.
    """
    if source.person == "file" and batch.whose is None:
        message = f"Files of {source.name} are one person's each, and nothing says whose this one is."
        action = f"Put it into inbox/{source.name}/PERSON/, or name a map of files to people with --people."
        raise FileRefusedError(message, action)
    if source.person == "row" and batch.whose is not None:
        message = f"Rows of {source.name} say themselves whose they are, and this file is said to be one person's."
        raise FileRefusedError(message, f"Put it into inbox/{source.name}/, without --people.")


def _opened(vault: Vault, batch: Batch, source: Source, contracts: ConsentContracts, bits: FactorBits) -> File:
    return File(
        vault,
        batch,
        source,
        contracts,
        people=Pseudonymiser(batch.key),
        bits=bits,
        source_no=vault.source_no(source.name),
        first_at=batch.now,
    )


def _close(file: File) -> None:
    vault, batch, source = file.vault, file.batch, file.source
    hold(file)
    vault.run(
        "batch_add",
        {
            "batch_no": batch.number,
            "source": source.name,
            "scale": f"{source.scale.lo}..{source.scale.hi}, {source.scale.better} is better",
            "taken_in_at": batch.now.replace(tzinfo=None),
        },
    )


def keep_all(file: File, keeper: EntryKeeper, parts: Iterator[RawRows]) -> None:
    """Judge and keep parts of one file."""
    with closing(_ahead(parts)) as read, closing(_ahead((raw, _checked(file, raw)) for raw in read)) as checked_parts:
        for raw, checked in checked_parts:
            report = file.report
            report.read += raw.bad.height + checked.bad.height + checked.good.height
            report.free_text_dropped += raw.free_text_fields
            report.passed_over += raw.passed_over
            report.factors_dropped += checked.factors_dropped
            file.part = raw
            file.refuse_part(checked.bad)
            if checked.good.height:
                _keep(file, keeper, raw.kind, checked)


def _checked(file: File, raw: RawRows) -> Checked:
    if not raw.rows.height:
        return Checked(raw.rows, pl.DataFrame(schema=JUDGED_SCHEMA))
    rows, source, now = raw.rows, file.source, file.batch.now
    if raw.kind == "consent":
        consents = file.asked(file.contracts.consent_event)
        return check_consents(rows, consents, (now, file.first_at), source.id_domain)
    contracts = file.all_contracts
    entries, totals = file.asked(contracts.mood_entry), file.asked(contracts.questionnaire_total)
    register = file.asked(contracts.participant)
    checks: dict[Kind, Callable[[], Checked]] = {
        "entry": lambda: check_entries(rows, source, entries, file.bits, now),
        "association": lambda: check_associations(rows, source, entries, file.bits),
        "deletion": lambda: check_deletions(rows, entries),
        "total": lambda: check_totals(rows, source, totals, now),
        "participant": lambda: check_participants(rows, register, contracts.grid, source.id_domain),
    }
    return checks[raw.kind]()


def _keep(file: File, keeper: EntryKeeper, kind: Kind, checked: Checked) -> None:
    keepers: dict[Kind, Callable[[File, Checked], None]] = {
        "association": keep_associations,
        "deletion": keep_deletions,
        "total": keep_totals,
        "participant": keep_participants,
        "consent": keep_consents,
    }
    if kind == "entry":
        keeper.keep(checked)
    else:
        keepers[kind](file, checked)
        keeper.look_anew()  # what is deleted is known, too


def _ahead(items: Iterator[Item]) -> Generator[Item, None, None]:
    """Yield `items`, of which the next is made in another thread while the last is worked on."""

    def following() -> Item | None:
        return next(items, None)

    with ThreadPoolExecutor(max_workers=1) as worker:
        upcoming = worker.submit(following)
        while (item := upcoming.result()) is not None:
            upcoming = worker.submit(following)
            yield item
