"""Completing erasures: the folders named after people, and the bytes that deleted rows leave in the vault's file.

Everything here can be done twice. If a command is killed in between, the next one that opens the vault does it again
before anything else: the suppression list shows which batches are unfinished, the vault whether a rebuild is due.
"""

import shutil
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import datetime

from analytics.contracts import Declarations, most_erased_at_once
from analytics.durable import remove_folder_durably
from analytics.errors import StoreDamagedError
from analytics.home import Home, read_config
from analytics.vault.database import Vault
from analytics.vault.erasure.rows import absent_hashes, rebuild
from analytics.vault.erasure.suppression_list import Erasure
from analytics.vault.erasure.waiting import delete_leavers, hold_back_large_deletions
from analytics.vault.loading.held_records import purge_refused
from analytics.vault.open_database import open_vault, settings_beside
from analytics.vault.pseudonym import Pseudonymiser, key_check, read_key, suppression_hash


@contextmanager
def existing_vault(home: Home, contracts: Declarations, now: datetime) -> Iterator[Vault]:
    """Open the home's vault, after completing the erasures that an earlier command left unfinished.

    Raises:
        StoreDamagedError: if it is missing: figures from an empty vault would look like a service without participants.
    """
    if not home.vault.is_file():
        message = "The vault is missing."
        raise StoreDamagedError(message, "Restore vault/vault.duckdb from your backup.")
    removed = complete_erasures(home, contracts, now)
    with open_vault(home.vault, home.suppression_list) as vault:
        vault.old_held_files = removed
        yield vault


def old_held_files(vault: Vault) -> dict[str, int]:
    """Return the part of a command's result on a held folder that it removed; nothing if there was none."""
    return {"old_held_files_deleted": vault.old_held_files} if vault.old_held_files else {}


def complete_erasures(home: Home, contracts: Declarations, now: datetime) -> int:
    """Complete every withdrawal to its last byte; nothing happens if all are complete. The vault must not be open.

    Return how many held files of a program before format 4 were in the home: they are removed. If more people would be
    erased at once than the plan allows, their deletion waits, and is not done here.

    Raises:
        StoreDamagedError: if the pseudonyms of the vault were made with another key.
    """
    key = read_key(home.key)
    with open_vault(home.vault, home.suppression_list) as vault:
        _check_key(vault, key)
        _remember_key(vault, key)
        removed = _remove_held_files(home)
        hold_back_large_deletions(vault, most_erased_at_once(home.contracts, read_config(home).plan), now)
        delete_leavers(vault)
        waiting = {batch.sequence for batch in vault.suppression_list.waiting()}
        # Also while the deletion waits: how many others left must not decide whether this person's files are read.
        inbox_files = _remove_folders(home, contracts, Pseudonymiser(key), absent_hashes(vault))
        again, unfinished = set(vault.erased_again) - waiting, vault.suppression_list.unfinished()
        purge_refused(vault, now)
        rebuild_due = vault.state().rebuild_due
    if rebuild_due:
        rebuild(home.vault, settings_beside(home.vault))
    if unfinished or again:
        at = now.isoformat(timespec="seconds")
        done = vault.suppression_list.with_erasure(unfinished, Erasure(at, "withdrawal", inbox_files))
        done.with_erasure(again - set(unfinished), Erasure(at, "older vault", inbox_files))
    return removed


def _check_key(vault: Vault, key: bytes) -> None:
    person, known = vault.rows("person_any"), vault.rows("home_key")
    if (person and suppression_hash(key, person[0][0]) != person[0][1]) or (known and known[0][0] != key_check(key)):
        message = "The pseudonym key is not this vault's: every person would seem new, and withdrawals would be lost."
        raise StoreDamagedError(message, "Restore secret/pseudonym.key from your backup; never make a new one.")


def _remember_key(vault: Vault, key: bytes) -> None:
    if not vault.rows("home_key"):
        vault.run("home_key_add", {"key_check": key_check(key)})


def _remove_held_files(home: Home) -> int:
    """Remove the held files of a program before vault format 4, or of a backup of its time; return how many.

    A vault of today's format needs none of them; after a kill in between, the next command removes the rest.
    """
    if not home.held.is_dir():
        return 0
    files = sum(path.is_file() for path in home.held.rglob("*"))
    remove_folder_durably(home.held)
    return files


def _remove_folders(home: Home, contracts: Declarations, people: Pseudonymiser, absent: AbstractSet[bytes]) -> int:
    """Remove the inbox folders of people who withdrew, and the waiting files in them; return how many files."""
    if not absent:
        return 0
    removed = 0
    for name, source in contracts.sources.items():
        folder = home.inbox / name
        # Links are not followed: their targets do not belong to the home.
        for path in sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []:
            if not path.is_dir() or people.suppression_hash(source.id_domain, path.name) not in absent:
                continue
            if path.is_symlink():
                path.unlink()  # the link only
                continue
            removed += sum(inner.is_file() and not inner.is_symlink() for inner in path.rglob("*"))
            shutil.rmtree(path)
    return removed
