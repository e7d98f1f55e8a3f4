"""What a withdrawal still leaves after its rows are gone: folders named after people, bytes in the file.

Everything here can be done twice. Killed in between, the next command that opens the vault does it again, before
anything else: the list says which batches are not carried out, the vault whether it must be written anew.
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
from analytics.vault.erasure.rows import TABLES_OF_PEOPLE, absent_hashes, rebuild
from analytics.vault.erasure.suppression_list import Erasure
from analytics.vault.erasure.waiting import decide
from analytics.vault.files.held import purge_refused
from analytics.vault.open_database import open_vault, settings_beside
from analytics.vault.pseudonym import Pseudonymiser, check_of, read_key, suppression_hash


@contextmanager
def existing_vault(home: Home, contracts: Declarations, now: datetime) -> Iterator[Vault]:
    """Open the home's vault, after what an earlier command left undone of an erasure.

    Raises:
        StoreDamagedError: if it is missing: an empty one would release figures about nobody.
    """
    if not home.vault.is_file():
        message = "The vault is missing."
        raise StoreDamagedError(message, "Restore vault/vault.duckdb from your backup.")
    removed = complete_erasures(home, contracts, now)
    with open_vault(home.vault, home.withdrawn) as vault:
        vault.old_held_files = removed
        yield vault


def old_held_files(vault: Vault) -> dict[str, int]:
    """Return what a command's answer says of a held folder that it removed: nothing where there was none."""
    return {"old_held_files_deleted": vault.old_held_files} if vault.old_held_files else {}


def complete_erasures(home: Home, contracts: Declarations, now: datetime) -> int:
    """Carry out every withdrawal to its last byte; nothing happens where all is done. The vault must not be open.

    Return how many files a program of before format 4 had held in the home: they are removed. Where more people would
    be erased at once than the plan says, their deletion waits, and nothing of it happens here.

    Raises:
        StoreDamagedError: if the key is not the one that the vault's people have their pseudonyms from.
    """
    key = read_key(home.key)
    with open_vault(home.vault, home.withdrawn) as vault:
        _check_key(vault, key)
        removed = _remove_held_files(home)
        decide(vault, TABLES_OF_PEOPLE, most_erased_at_once(home.contracts, read_config(home).plan), now)
        waiting = {batch.sequence for batch in vault.withdrawn.waiting()}
        # Braked or not: whether a file of theirs is read later must not hang on how many others left with them.
        inbox_files = _remove_folders(home, contracts, Pseudonymiser(key), absent_hashes(vault))
        again, unfinished = set(vault.erased_again) - waiting, vault.withdrawn.unfinished()
        purge_refused(vault, now)
        rebuild_due = vault.state().rebuild_due
    if rebuild_due:
        rebuild(home.vault, settings_beside(home.vault))
    if unfinished or again:
        at = now.isoformat(timespec="seconds")
        done = vault.withdrawn.with_erasure(unfinished, Erasure(at, "withdrawal", inbox_files))
        done.with_erasure(again - set(unfinished), Erasure(at, "older vault", inbox_files))
    return removed


def _check_key(vault: Vault, key: bytes) -> None:
    somebody, known, check = vault.rows("person_any"), vault.rows("home_key"), check_of(key)
    if (somebody and suppression_hash(key, somebody[0][0]) != somebody[0][1]) or (known and known[0][0] != check):
        message = "The pseudonym key is not this vault's: everybody would be new, and whoever left would come back."
        raise StoreDamagedError(message, "Restore secret/pseudonym.key from your backup; never make a new one.")
    if not known:
        vault.run("home_key_add", {"key_check": check})


def _remove_held_files(home: Home) -> int:
    """Remove what a program of before vault format 4 held, or a backup of then brought back; return how many files.

    The vault is of today's format by now and needs none of them; killed in between, the next command removes the rest.
    """
    if not home.held.is_dir():
        return 0
    files = sum(path.is_file() for path in home.held.rglob("*"))
    remove_folder_durably(home.held)
    return files


def _remove_folders(home: Home, contracts: Declarations, people: Pseudonymiser, marks: AbstractSet[bytes]) -> int:
    """Remove the inbox folders of people who withdrew, and the waiting files in them; return how many files."""
    if not marks:
        return 0
    removed = 0
    for name, source in contracts.sources.items():
        folder = home.inbox / name
        # A link is not followed: what it leads to is not the home's.
        for path in sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []:
            if not path.is_dir() or people.mark(source.id_domain, path.name) not in marks:
                continue
            if path.is_symlink():
                path.unlink()  # what it leads to is not the home's
                continue
            removed += sum(inner.is_file() and not inner.is_symlink() for inner in path.rglob("*"))
            shutil.rmtree(path)
    return removed
