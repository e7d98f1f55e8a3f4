"""`held/`: private copies of files with refused rows, for 14 days, without a line of anybody who withdrew."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analytics.contracts import Source
from analytics.durable import replace_durably
from analytics.vault.erasure import absent_marks
from analytics.vault.intake import First
from analytics.vault.naming import struck_copy
from analytics.vault.pseudonym import Pseudonymiser
from analytics.vault.store import Vault
from pipelines.arrivals import Arrival
from pipelines.home import Home

HELD_FOR = timedelta(days=14)

_ENDINGS = (".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl", ".parquet", ".daylio", ".zip")
"""The endings that a held copy keeps, since they tell the container; any other might name somebody."""


@dataclass(frozen=True)
class Holder:
    """Keeps copies of one command's files."""

    home: Home
    vault: Vault
    people: Pseudonymiser
    now: datetime

    def hold(self, arrival: Arrival, source: Source, whose: bytes | None) -> bool:
        """Keep a private copy, dated today (read again: dated as before), whole or not at all.

        Lines of people who withdrew are not in it; return False where nothing could be kept for that reason.
        """
        copy = held_copy(arrival, self.home)
        if copy.exists():
            return True
        draft = copy.with_name(f".{copy.name}.draft")
        since = self.now.timestamp() if arrival.first is None else arrival.path.stat().st_mtime
        marks = absent_marks(self.vault)
        if whose is not None and self.people.mark_of(whose) in marks:
            return False
        # Who left and came back with this command stays known; but a copy with a line of theirs would go after it.
        marks = frozenset() if whose is not None else marks | self.vault.heard_marks
        if not struck_copy(arrival.path, draft, source, self.people, marks):
            draft.unlink(missing_ok=True)
            return False
        draft.chmod(0o600)
        os.utime(draft, (since, since))
        replace_durably(draft, copy)  # the file itself may go afterwards
        return True


def held_copy(arrival: Arrival, home: Home) -> Path:
    """Return where the copy of a file is, or would be."""
    ending = arrival.path.suffix.lower()
    return home.held / f"batch-{arrival.number:06d}-{arrival.source}{ending if ending in _ENDINGS else '.csv'}"


def purge_held(home: Home, vault: Vault, now: datetime) -> None:
    """Remove held files when their 14 days are over, and what the vault remembers of files of then, held or not.

    So goes a file of which the vault has no refused row: it was removed already, and comes from a backup of `held/`.
    """
    before = now - HELD_FOR
    for path in home.held.iterdir():
        number = batch_of(path)
        known = bool(vault.rows("batch_first", {"batch_no": number}))
        needless = known and vault.rows("batch_refused", {"batch_no": number}) == [(0,)]
        if needless or path.stat().st_mtime < before.timestamp():
            remove_held(path, vault)
    for name in ("purge_batch_person_due", "purge_batch_person", "purge_quarantine"):
        vault.run(f"erasure/{name}", {"before": before.replace(tzinfo=None)})


def forget_unheld(home: Home, vault: Vault) -> None:
    """Forget refused rows whose file is not there: of a vault that was put back, which cannot know that it is gone."""
    held = {batch_of(path) for path in home.held.iterdir()}
    for number in {row[0] for row in vault.rows("quarantine_counts")} - held:
        vault.run("batch_person_remove", {"batch_no": number})
        vault.run("quarantine_remove", {"batch_no": number})


def remove_held(path: Path, vault: Vault) -> None:
    """Remove a held file, and what the vault remembers of its refused rows and of whose it is."""
    number = batch_of(path)
    if number is not None:
        vault.run("batch_person_remove", {"batch_no": number})
        vault.run("quarantine_remove", {"batch_no": number})
    path.unlink()


def unused_numbers(home: Home, vault: Vault) -> Callable[[], int]:
    """Return what gives batch numbers that stand for no held file, even if the vault is an older backup."""
    highest = max((batch_of(path) or 0 for path in home.held.iterdir()), default=0)

    def number() -> int:
        while (found := vault.next_batch_no()) <= highest:
            pass
        return found

    return number


def batch_of(path: Path) -> int | None:
    """Return the batch number of a held file, None for anything else."""
    parts = path.name.split("-")
    return int(parts[1]) if parts[0] == "batch" and len(parts) > 2 and parts[1].isdecimal() else None  # noqa: PLR2004 -- batch, number, source


def held_arrivals(home: Home, vault: Vault, numbers: Callable[[], int]) -> list[Arrival]:
    """Return the held files, to be read again under today's declarations; each gets a new batch number."""
    found: list[Arrival] = []
    for path in sorted(home.held.glob("batch-*")):
        old = batch_of(path)
        known = vault.rows("batch_first", {"batch_no": old})
        if old is None or not known:
            continue  # not this vault's (a restored backup has forgotten it): left alone until its 14 days are over
        if vault.rows("batch_refused", {"batch_no": old}) == [(0,)]:
            path.unlink()  # left by a command that was killed: another copy has taken its place
            continue
        source, order_no, first_at = known[0]
        first = First(old, order_no, first_at.replace(tzinfo=UTC))
        whose = vault.rows("batch_person_of", {"batch_no": old})
        number = numbers()
        pseudonym = whose[0][0] if whose else None
        found.append(Arrival(number, source, path, shown=str(number), first=first, whose=pseudonym))
    return found
