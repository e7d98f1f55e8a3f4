"""What a withdrawal still leaves after its rows are gone: held files, folders named after people, bytes in the file.

Everything here can be done twice. Killed in between, the next command that opens the vault does it again, before
anything else: the list says which batches are not carried out, the vault whether it must be written anew.
"""

import shutil
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from analytics.contracts import Declarations
from analytics.errors import StoreDamagedError
from analytics.vault.erasure import absent_marks, rebuild
from analytics.vault.naming import named_in
from analytics.vault.opening import open_vault, settings_beside
from analytics.vault.proof import Needles, names
from analytics.vault.pseudonym import Pseudonymiser, check_of, mark_of, read_key
from analytics.vault.store import Vault
from analytics.vault.withdrawn import Erasure
from pipelines.holding import batch_of, forget_unheld, purge_held, remove_held
from pipelines.home import Home


@contextmanager
def existing_vault(home: Home, contracts: Declarations, now: datetime) -> Iterator[Vault]:
    """Open the home's vault, after what an earlier command left undone of an erasure.

    Raises:
        StoreDamagedError: if it is missing: an empty one would release figures about nobody.
    """
    if not home.vault.is_file():
        message = "The vault is missing."
        raise StoreDamagedError(message, "Restore vault/vault.duckdb from your backup.")
    carry_out(home, contracts, now)
    with open_vault(home.vault, home.withdrawn) as vault:
        yield vault


def carry_out(home: Home, contracts: Declarations, now: datetime, heard: AbstractSet[str] | None = None) -> None:
    """Carry out every withdrawal to its last byte; nothing happens where all is done. The vault must not be open.

    `heard`: the ids, as written, of those whose withdrawal this command heard, by which held files are searched. Where
    they are not known any more, because a command was killed, a held file with lines that cannot be read goes too.

    Raises:
        StoreDamagedError: if the key is not the one that the vault's people have their pseudonyms from.
    """
    key = read_key(home.key)
    people = Pseudonymiser(key)
    for half in home.held.glob(".*"):
        half.unlink()  # of a killed command: nobody knows yet whom it names
    held_files = 0
    with open_vault(home.vault, home.withdrawn) as vault:
        _check_key(vault, key)
        inbox_files = _remove_folders(home, contracts, people, absent_marks(vault))
        again, unfinished = vault.erased_again, vault.withdrawn.unfinished()
        if again or unfinished:
            held_files = _remove_held_files(home, vault, contracts, people, heard)
        if again:
            forget_unheld(home, vault)
        purge_held(home, vault, now)
        rebuild_due = vault.state().rebuild_due
    if rebuild_due:
        rebuild(home.vault, settings_beside(home.vault))
    if unfinished or again:
        at = now.isoformat(timespec="seconds")
        done = vault.withdrawn.with_erasure(unfinished, Erasure(at, "withdrawal", held_files, inbox_files))
        done.with_erasure(set(again) - set(unfinished), Erasure(at, "older vault", held_files, inbox_files))


def _check_key(vault: Vault, key: bytes) -> None:
    somebody, known, check = vault.rows("person_any"), vault.rows("home_key"), check_of(key)
    if (somebody and mark_of(key, somebody[0][0]) != somebody[0][1]) or (known and known[0][0] != check):
        message = "The pseudonym key is not this vault's: everybody would be new, and whoever left would come back."
        raise StoreDamagedError(message, "Restore secret/pseudonym.key from your backup; never make a new one.")
    if not known:
        vault.run("home_key_add", {"key_check": check})


def _remove_held_files(
    home: Home, vault: Vault, contracts: Declarations, people: Pseudonymiser, heard: AbstractSet[str] | None
) -> int:
    marks = absent_marks(vault)
    needles = Needles.of(heard) if heard else None
    removed = 0
    for path in sorted(home.held.iterdir()):
        if _may_be_theirs(path, vault, contracts, people, marks, unreadable=heard is None) or (
            needles is not None and names(path, needles)
        ):
            remove_held(path, vault)
            removed += 1
    return removed


def _may_be_theirs(  # noqa: PLR0913 -- all of them are the file's surroundings
    path: Path,
    vault: Vault,
    contracts: Declarations,
    people: Pseudonymiser,
    marks: AbstractSet[bytes],
    *,
    unreadable: bool,
) -> bool:
    """Say whether a held file is one of `marks`'s, names one, or, where lines that cannot be read count, may do so."""
    number = batch_of(path)
    known = vault.rows("batch_first", {"batch_no": number})
    source = contracts.source(known[0][0]) if known else None
    if source is None:
        return True  # nobody can say what it is
    if source.person == "file":
        whose = vault.rows("batch_person_of", {"batch_no": number})
        return not whose or people.mark_of(whose[0][0]) in marks
    named = named_in(path, source, people, marks)
    return bool(named.lines) or (unreadable and named.unreadable)


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
