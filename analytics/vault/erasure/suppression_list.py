"""The list of withdrawn people, outside the vault's file: an old copy of the vault brings nobody back.

It holds no id and no pseudonym: a mark is a keyed hash made for this list alone, and tells only whoever has the key
and an id that this id withdrew, and when. Batches are chained by hash and only ever added, and each says when it was
carried out.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from analytics.canonical import canonical_json, sha256_hex
from analytics.durable import write_durably
from analytics.errors import StoreDamagedError, StoreTooNewError

FORMAT = 1

_OPTIONAL = ("waits_since", "confirmed_at", "cancels", "again")
"""What a batch has only where it is so; older lists have none of it."""

Cause = Literal["withdrawal", "older vault"]
"""Why something was erased: people withdrew; or a vault was put back that still had them."""


@dataclass(frozen=True)
class Erasure:
    """One time that a batch was carried out to the end: rows, files and bytes."""

    at: str
    """UTC, ISO 8601."""
    cause: Cause
    inbox_files: int
    """Waiting files in folders named after somebody withdrawn, deleted with the folder."""


@dataclass(frozen=True)
class Withdrawals:
    """People whose withdrawals were heard together."""

    sequence: int
    """From 1, without a gap."""
    heard_at: str
    """UTC, ISO 8601."""
    people: tuple[tuple[str, int], ...] = field(repr=False)
    """Mark in hexadecimal, and when the person withdrew (UTC microseconds); ordered by mark, which tells nothing."""
    hash: str
    """SHA-256 over the batch and the hash of the one before it."""
    erased: tuple[Erasure, ...] = ()
    waits_since: str | None = None
    """Since when the deletion waits for a confirmation, UTC, ISO 8601; the consent has ended all the same."""
    confirmed_at: str | None = None
    """When the operator confirmed it."""
    cancels: int | None = None
    """The batch that this one undoes, by an operator's choice; it names nobody itself."""
    again: bool | None = None
    """True: it repeats withdrawals whose deletion waits for an earlier batch, with the times that they have there."""


@dataclass(frozen=True)
class SuppressionList:
    """The whole list, as it stands in its file."""

    path: Path | None
    """None: a trial, of which nothing is written."""
    batches: tuple[Withdrawals, ...]

    @property
    def sequence(self) -> int:
        """The last batch's number; 0 if nobody ever withdrew."""
        return len(self.batches)

    @property
    def hash(self) -> str:
        """The last batch's hash; empty if nobody ever withdrew."""
        return self.hash_of(self.sequence)

    def hash_of(self, sequence: int) -> str:
        """Return the hash of a batch of the list, empty for batch 0."""
        return self.batches[sequence - 1].hash if sequence else ""

    def people(self, after: int = 0) -> list[tuple[bytes, int]]:
        """Return each mark of the batches after number `after` with its latest withdrawal (UTC microseconds).

        Those that were cancelled do not count.
        """
        latest: dict[str, int] = {}
        for batch in self._counting():
            if batch.sequence <= after:
                continue
            for mark, at in batch.people:
                latest[mark] = max(at, latest.get(mark, at))
        return [(bytes.fromhex(mark), at) for mark, at in latest.items()]

    def last_heard(self) -> list[tuple[bytes, int]]:
        """Return each mark with the number of the last batch that names it: whatever time it claims, heard then.

        One that only repeats an earlier one is not heard anew: whether there is one depends on how many others left.
        """
        last: dict[str, int] = {}
        for batch in self._counting():
            for mark, _ in batch.people:
                last[mark] = last.get(mark, batch.sequence) if batch.again else batch.sequence
        return [(bytes.fromhex(mark), sequence) for mark, sequence in last.items()]

    def named_in(self, sequences: Iterable[int]) -> list[tuple[bytes, int]]:
        """Return each mark with each of these batches that names it; those that were cancelled name nobody."""
        wanted = set(sequences)
        return [
            (bytes.fromhex(mark), batch.sequence)
            for batch in self._counting()
            if batch.sequence in wanted
            for mark, _ in batch.people
        ]

    def cancelled(self) -> dict[int, str]:
        """Return the batches that a later one undoes, and when that was."""
        return {batch.cancels: batch.heard_at for batch in self.batches if batch.cancels is not None}

    def cancelled_hashes(self, after: int) -> list[bytes]:
        """Return the marks of the batches that batches after a number undo."""
        undone = {batch.cancels for batch in self.batches[after:]}
        return [bytes.fromhex(mark) for batch in self.batches if batch.sequence in undone for mark, _ in batch.people]

    def waiting(self) -> list[Withdrawals]:
        """Return the batches whose deletion waits for a confirmation."""
        return [
            batch for batch in self._counting() if batch.waits_since and not batch.confirmed_at and not batch.erased
        ]

    def undecided(self) -> list[int]:
        """Return the batches of which nobody has said yet whether their deletion waits."""
        return [batch.sequence for batch in self._counting() if not batch.erased and not batch.waits_since]

    def unfinished(self) -> list[int]:
        """Return the batches that are to be carried out, and are not to the end."""
        waiting = {batch.sequence for batch in self.waiting()}
        return [batch.sequence for batch in self._counting() if not batch.erased and batch.sequence not in waiting]

    def _counting(self) -> list[Withdrawals]:
        """Return the batches that withdraw somebody: neither cancelled, nor a cancellation."""
        cancelled = self.cancelled()
        return [batch for batch in self.batches if batch.cancels is None and batch.sequence not in cancelled]

    def with_people(
        self, people: Iterable[tuple[bytes, int]], now: datetime, *, again: bool | None = None
    ) -> "SuppressionList":
        """Add a batch, and see it onto the disk."""
        listed = tuple(sorted((mark.hex(), at) for mark, at in people))
        sequence, heard_at = self.sequence + 1, _iso(now)
        hash_ = _hash(self.hash, sequence, heard_at, listed)
        batch = Withdrawals(sequence, heard_at, listed, hash_, again=again)
        return self._written((*self.batches, batch))

    def with_cancellation(self, cancels: int, now: datetime) -> "SuppressionList":
        """Add a batch that undoes another one, and see it onto the disk; the other one stays as it is."""
        sequence, heard_at = self.sequence + 1, _iso(now)
        hash_ = _hash(self.hash, sequence, heard_at, (), cancels)
        return self._written((*self.batches, Withdrawals(sequence, heard_at, (), hash_, cancels=cancels)))

    def with_waiting(self, sequences: Iterable[int], now: datetime) -> "SuppressionList":
        """Say that the deletion of batches waits, and see it onto the disk."""
        return self._changed(sequences, lambda batch: replace(batch, waits_since=_iso(now)))

    def with_confirmation(self, sequence: int, now: datetime) -> "SuppressionList":
        """Say that a deletion is confirmed, and see it onto the disk."""
        return self._changed([sequence], lambda batch: replace(batch, confirmed_at=_iso(now)))

    def on_trial(self) -> "SuppressionList":
        """Return the same list, of which nothing is written."""
        return replace(self, path=None)

    def with_erasure(self, sequences: Iterable[int], erasure: Erasure) -> "SuppressionList":
        """Say that batches were carried out, and see it onto the disk."""
        return self._changed(sequences, lambda batch: replace(batch, erased=(*batch.erased, erasure)))

    def _changed(self, sequences: Iterable[int], change: Callable[[Withdrawals], Withdrawals]) -> "SuppressionList":
        wanted = set(sequences)
        return self._written(tuple(change(each) if each.sequence in wanted else each for each in self.batches))

    def _written(self, batches: tuple[Withdrawals, ...]) -> "SuppressionList":
        changed = replace(self, batches=batches)
        if self.path is not None:
            write_durably(self.path, _text(changed).encode())
        return changed


def create_list(path: Path) -> SuppressionList:
    """Make an empty list; where there is one nothing changes."""
    if not path.exists():
        write_durably(path, _text(SuppressionList(path, ())).encode())
    return read_suppression_list(path)


def read_suppression_list(path: Path) -> SuppressionList:
    """Return the list.

    Raises:
        StoreDamagedError: if it is absent or altered: without it nobody's withdrawal is sure.
        StoreTooNewError: if a newer program wrote it.
    """
    found: SuppressionList | None = None
    newer = False
    try:
        content = json.loads(path.read_text("ascii"))
        newer = content["format"] > FORMAT
        found = _read(path, content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        found = None
    if newer:
        message = "A newer version of this program wrote the list of withdrawn people (secret/withdrawn.json)."
        raise StoreTooNewError(message, "Install that version.")
    if found is None:
        message = "The list of withdrawn people (secret/withdrawn.json) is missing or altered."
        raise StoreDamagedError(message, "Restore the newest copy of it; the vault may be older, the list may not.")
    return found


def _read(path: Path, content: dict[str, Any]) -> SuppressionList | None:
    batches: list[Withdrawals] = []
    before = ""
    for number, each in enumerate(content["batches"], start=1):
        people = tuple((str(mark), int(at)) for mark, at in each["people"])
        more = {name: each.get(name) for name in _OPTIONAL}
        if each["sequence"] != number or each["hash"] != _hash(
            before, number, each["heard_at"], people, more["cancels"]
        ):
            return None
        erased = tuple(Erasure(one["at"], one["cause"], one["inbox_files"]) for one in each["erased"])
        batches.append(Withdrawals(number, each["heard_at"], people, each["hash"], erased, **more))
        before = each["hash"]
    return SuppressionList(path, tuple(batches)) if content["format"] == FORMAT else None


def _text(listed: SuppressionList) -> str:
    batches = [
        {
            "sequence": batch.sequence,
            "heard_at": batch.heard_at,
            "people": batch.people,
            "hash": batch.hash,
            "erased": [vars(each) for each in batch.erased],
            **{name: getattr(batch, name) for name in _OPTIONAL if getattr(batch, name) is not None},
        }
        for batch in listed.batches
    ]
    return canonical_json({"format": FORMAT, "batches": batches}) + "\n"


def _hash(
    before: str, sequence: int, heard_at: str, people: tuple[tuple[str, int], ...], cancels: int | None = None
) -> str:
    said: list[Any] = [before, sequence, heard_at, people]
    return sha256_hex(canonical_json(said if cancels is None else [*said, cancels]))


def _iso(now: datetime) -> str:
    return now.isoformat(timespec="seconds")
