"""One file of withdrawals, or standard input: completed, or tried without keeping anything.

Ids are read here and go no further: the result has counts, line numbers and rules.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics.contracts import ConsentContracts, most_erased_at_once
from analytics.errors import UsageError
from analytics.home import Home, read_config
from analytics.vault.database import Vault
from analytics.vault.erasure.completion import complete_erasures, existing_vault, old_held_files
from analytics.vault.erasure.decisions import waiting_deletions
from analytics.vault.erasure.rows import absent_hashes
from analytics.vault.erasure.suppression_list import Withdrawals, read_suppression_list
from analytics.vault.erasure.waiting import people_waiting
from analytics.vault.files.inbox import IncomingFile
from analytics.vault.files.ingest_file import FileIngest
from analytics.vault.ingest import Batch, FileReport, try_out
from analytics.vault.pseudonym import read_key

_SOURCE = "withdrawals"


@dataclass(frozen=True)
class WithdrawalFile:
    """A file of withdrawals, by its path, or by its bytes where it came on standard input."""

    path: Path | None
    content: bytes = b""

    def __repr__(self) -> str:
        """Hide path and bytes: both may name people."""
        return "WithdrawalFile(…)"

    @classmethod
    def from_stdin(cls) -> "WithdrawalFile":
        """Read standard input to its end."""
        return cls(None, sys.stdin.buffer.read())


def withdraw_people(
    home: Home, contracts: ConsentContracts, now: datetime, file: WithdrawalFile, warn: Callable[[str], None]
) -> dict[str, Any]:
    """Withdraw the people of a file, and erase them unless their deletion has to wait.

    Raises:
        FileRefusedError: if the file cannot be read as a list of withdrawals.
    """
    key = read_key(home.key)
    with existing_vault(home, contracts, now) as vault:
        number = vault.next_batch_no()
        before, people_before = vault.suppression_list.sequence, vault.rows("person_count")[0][0]
        with _incoming(home, number, file) as incoming:
            report = FileIngest(home, vault, contracts, key, now, warn).ingest(incoming)
        known = people_before - vault.rows("person_count")[0][0]
        not_read = [{"line": line, "rule": rule} for line, rule in vault.rows("refused_line", {"batch_no": number})]
        batches, old_files = vault.suppression_list.batches[before:], old_held_files(vault)
        hashes = _hashes(batches)
        consented_again = len(hashes - absent_hashes(vault))
    complete_erasures(home, contracts, now)
    return {
        "people": len(hashes),
        "known": known,
        "consented_again": consented_again,
        "already_withdrawn": report.duplicates,
        "suspended": report.suspended,
        "waiting": waiting_deletions(read_suppression_list(home.suppression_list)),
        "receipt": batches[-1].sequence if batches else None,
        "not_read": not_read,
        "broken_sources": contracts.unread_sources(),
        **old_files,
    }


def try_withdrawal(home: Home, contracts: ConsentContracts, now: datetime, file: WithdrawalFile) -> dict[str, Any]:
    """Return what a file of withdrawals would do; neither the vault nor the list keeps any of it.

    Raises:
        FileRefusedError: as `withdraw_people`.
    """
    key = read_key(home.key)
    most = most_erased_at_once(home.contracts, read_config(home).plan)
    with existing_vault(home, contracts, now) as vault:
        number = vault.next_batch_no()
        with _incoming(home, number, file) as incoming:
            batch = FileIngest(home, vault, contracts, key, now).ready(incoming).batch
            return dry_run(vault, contracts, batch, most)


def dry_run(vault: Vault, contracts: ConsentContracts, batch: Batch, most: int) -> dict[str, Any]:
    """Return what a batch of withdrawals would do. `most`: so many people are erased without a confirmation.

    Raises:
        UsageError: if the program lacks its own declaration of withdrawals.
    """
    before = vault.suppression_list.sequence

    def look(report: FileReport) -> dict[str, Any]:
        batches = vault.suppression_list.batches[before:]
        hashes = _hashes(batches)
        people = people_waiting(vault, [each.sequence for each in batches])
        return {
            "people": len(hashes),
            "would_be_erased": people,
            "consented_again": len(hashes - absent_hashes(vault)),
            "already_withdrawn": report.duplicates,
            "would_be_suspended": report.suspended,
            "would_be_refused": report.quarantined.total(),
            "most_erased_at_once": most,
            "would_wait": people > most,
        }

    source = contracts.source(_SOURCE)
    if source is None:
        message = "This program lacks its own declaration of withdrawals."
        raise UsageError(message, "Install Murmuration again.")
    return try_out(vault, batch, source, contracts, look)


@contextmanager
def _incoming(home: Home, number: int, file: WithdrawalFile) -> Iterator[IncomingFile]:
    """Yield the file to read; bytes of standard input are on the disk for as long as they are read."""
    if file.path is not None:
        yield IncomingFile(number, _SOURCE, file.path, shown=str(file.path))
        return
    path = home.vault.parent / "spill" / "withdrawals.csv"  # emptied whenever the vault is opened
    try:
        path.write_bytes(file.content)
        yield IncomingFile(number, _SOURCE, path, shown=path.name)
    finally:
        path.unlink(missing_ok=True)


def _hashes(batches: tuple[Withdrawals, ...]) -> set[bytes]:
    return {bytes.fromhex(digits) for batch in batches for digits, _ in batch.people}
