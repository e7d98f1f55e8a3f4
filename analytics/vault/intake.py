"""One file into the vault: read, checked and kept part by part, in one transaction."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from analytics.contracts import ConsentContracts, Source
from analytics.errors import FileRefusedError
from analytics.vault.checks.entries import check_entries
from analytics.vault.checks.faults import Checked
from analytics.vault.checks.others import check_associations, check_deletions, check_totals
from analytics.vault.checks.register import check_consents, check_participants
from analytics.vault.erasure import follow_list, settle_consent
from analytics.vault.factors import FactorBits
from analytics.vault.keeping.entries import EntryKeeper
from analytics.vault.keeping.file import Batch, File, FileReport, First
from analytics.vault.keeping.others import keep_associations, keep_deletions, keep_totals
from analytics.vault.keeping.register import keep_consents, keep_participants
from analytics.vault.pseudonym import Pseudonymiser, mark_of
from analytics.vault.readers import holds_several, reader_of
from analytics.vault.readers.shared.rows import Kind, RawRows
from analytics.vault.sealing import sealed
from analytics.vault.store import Vault

__all__ = ["PASSES", "Batch", "FileReport", "First", "Pass", "take_in"]

Item = TypeVar("Item")


@dataclass(frozen=True)
class Pass:
    """Kinds of rows that are taken in together."""

    name: str
    kinds: frozenset[Kind]


PASSES = (
    Pass("consents", frozenset({"consent"})),
    Pass("register", frozenset({"participant"})),
    Pass("entries", frozenset({"entry", "association", "deletion", "total"})),
)
"""The consents are kept before all that depends on them, then the register."""


# L9: what one participant's rows leave does not depend on another's (docs/privacy/proof.md)
@sealed
def take_in(
    vault: Vault, batch: Batch, source: Source, contracts: ConsentContracts, passes: tuple[Pass, ...] = PASSES
) -> FileReport:
    """Take in one file of a source, or what it has of the kinds of some passes, in one transaction.

    Raises:
        FileRefusedError: for its header, container or declaration; nothing of it is in the vault then.
    """
    check_owner(source, batch)
    reader = reader_of(source)
    follow_list(vault)  # an earlier file of this run may have failed after its withdrawals were on the list
    with vault.transaction():
        file = _opened(vault, batch, source, contracts)
        keeper = EntryKeeper(file)
        for one in passes if holds_several(source) else passes[:1]:
            parts = reader(batch.path, source)
            several = holds_several(source)
            _keep_all(file, keeper, (raw for raw in parts if raw.kind in one.kinds) if several else parts)
            if file.consents_changed:
                settle_consent(vault, batch.number, batch.now)
                file.forget_known()
                file.consents_changed = False
        if PASSES[-1] in passes:
            keeper.finish()
        _close(file)
        vault.forget("covered_person")
    vault.check_stands(batch.number)
    return file.report


def check_owner(source: Source, batch: Batch) -> None:
    """Make sure that it is known whose each row is, and in one way.

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


def _opened(vault: Vault, batch: Batch, source: Source, contracts: ConsentContracts) -> File:
    if batch.first is not None:
        vault.run("quarantine_remove", {"batch_no": batch.first.instead_of})
        vault.run("batch_person_remove", {"batch_no": batch.first.instead_of})
    return File(
        vault,
        batch,
        source,
        contracts,
        people=Pseudonymiser(batch.key),
        bits=FactorBits(dict(vault.rows("factor_bits"))),
        source_no=vault.source_no(source.name),
    )


def _close(file: File) -> None:
    vault, batch, source = file.vault, file.batch, file.source
    add_factors(file)
    if batch.whose is not None and file.report.quarantined:
        vault.run("batch_person_remove", {"batch_no": batch.number})  # an earlier pass may have said so
        mark = mark_of(batch.key, batch.whose)
        vault.run("batch_person_add", {"batch_no": batch.number, "pseudonym": batch.whose, "mark": mark})
    vault.run(
        "batch_add",
        {
            "batch_no": batch.number,
            "source": source.name,
            "scale": f"{source.scale.lo}..{source.scale.hi}, {source.scale.better} is better",
            "taken_in_at": batch.now.replace(tzinfo=None),
            "order_no": file.order_no,
            "first_at": file.first_at.replace(tzinfo=None),
        },
    )


def add_factors(file: File) -> None:
    """Keep the bits of factors that came with the file for the first time."""
    for bit, factor in file.bits.new():
        file.vault.run("factor_add", {"bit": bit, "factor": factor})


def _keep_all(file: File, keeper: EntryKeeper, parts: Iterator[RawRows]) -> None:
    with closing(_ahead(parts)) as read, closing(_ahead((raw, _checked(file, raw)) for raw in read)) as checked_parts:
        for raw, checked in checked_parts:
            report = file.report
            report.read += raw.bad.height + checked.bad.height + checked.good.height
            report.free_text_dropped += raw.free_text_fields
            report.passed_over += raw.passed_over
            report.factors_dropped += checked.factors_dropped
            file.refuse(pl.concat([raw.bad, checked.bad]))
            if checked.good.height:
                _keep(file, keeper, raw.kind, checked)


def _checked(file: File, raw: RawRows) -> Checked:
    if not raw.rows.height:
        return Checked(raw.rows, raw.bad.clear())
    rows, source, now = raw.rows, file.source, file.batch.now
    contract = file.contracts.consent_event
    if raw.kind == "consent":
        return check_consents(rows, contract, (now, file.first_at), source.id_domain)
    contracts = file.all_contracts
    checks: dict[Kind, Callable[[], Checked]] = {
        "entry": lambda: check_entries(rows, source, contracts.mood_entry, file.bits, now),
        "association": lambda: check_associations(rows, source, contracts.mood_entry, file.bits),
        "deletion": lambda: check_deletions(rows, contracts.mood_entry),
        "total": lambda: check_totals(rows, source, contracts.questionnaire_total, now),
        "participant": lambda: check_participants(rows, contracts.participant, contracts.grid, source.id_domain),
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
