"""The suppression list, outside the vault's file: an old copy of the vault brings no person back.

It holds no id and no pseudonym. A suppression hash is a keyed hash made for this list alone: it shows only to the
holder of the key and of an id that this id withdrew, and when. Batches are chained by hash and only ever added; each
records when it was completed.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from analytics.canonical import canonical_json, sha256_hex
from analytics.durable import write_durably
from analytics.errors import StoreDamagedError, StoreTooNewError

FORMAT = 1

_OPTIONAL = ("waits_since", "confirmed_at", "cancels", "again")
"""Keys that a batch has only if they apply; older lists have none of them."""

_RECEIVED_AT = "heard_at"
"""The key in the file, which stays until the next format of the list."""

Cause = Literal["withdrawal", "older vault"]
"""Why rows were erased: people withdrew, or a vault was put back that still had them."""


@dataclass(frozen=True)
class Erasure:
    """One time that a batch was completed: rows, files and bytes."""

    at: str
    """UTC, ISO 8601."""
    cause: Cause
    inbox_files: int
    """Waiting files in folders named after a person who withdrew, deleted with the folder."""


@dataclass(frozen=True)
class Withdrawals:
    """People whose withdrawals were received together."""

    sequence: int
    """From 1, without a gap."""
    received_at: str
    """UTC, ISO 8601."""
    people: tuple[tuple[str, int], ...] = field(repr=False)
    """Suppression hash in hexadecimal, and when the person withdrew (UTC microseconds); ordered by hash, so that the
    order reveals nothing."""
    hash: str
    """SHA-256 over the batch and the hash of the one before it."""
    erased: tuple[Erasure, ...] = ()
    waits_since: str | None = None
    """Since when the deletion waits for a confirmation, UTC, ISO 8601; the consent has ended already."""
    confirmed_at: str | None = None
    """When the operator confirmed it."""
    cancels: int | None = None
    """The batch that this one cancels, by an operator's choice; it has no people of its own."""
    again: bool | None = None
    """True: it repeats withdrawals whose deletion waits for an earlier batch, with the times of that batch."""


@dataclass(frozen=True)
class SuppressionList:
    """The whole list, as its file has it."""

    path: Path | None
    """None: a trial that writes nothing."""
    batches: tuple[Withdrawals, ...]

    @property
    def sequence(self) -> int:
        """The last batch's number; 0 if there is none."""
        return len(self.batches)

    @property
    def hash(self) -> str:
        """The last batch's hash; empty if there is none."""
        return self.hash_of(self.sequence)

    def hash_of(self, sequence: int) -> str:
        """Return the hash of a batch of the list, empty for batch 0."""
        return self.batches[sequence - 1].hash if sequence else ""

    def people(self, after: int = 0) -> list[tuple[bytes, int]]:
        """Return each suppression hash of the batches after number `after`, with its latest withdrawal (UTC, in µs).

        Cancelled batches do not count.
        """
        latest: dict[str, int] = {}
        for batch in self._effective():
            if batch.sequence <= after:
                continue
            for digits, at in batch.people:
                latest[digits] = max(at, latest.get(digits, at))
        return [(bytes.fromhex(digits), at) for digits, at in latest.items()]

    def last_received(self) -> list[tuple[bytes, int]]:
        """Return each suppression hash with its last batch: the order of receipt, whatever time a withdrawal claims.

        A batch that repeats an earlier one does not count: whether it exists depends on how many others left.
        """
        last: dict[str, int] = {}
        for batch in self._effective():
            for digits, _ in batch.people:
                last[digits] = last.get(digits, batch.sequence) if batch.again else batch.sequence
        return [(bytes.fromhex(digits), sequence) for digits, sequence in last.items()]

    def named_in(self, sequences: Iterable[int]) -> list[tuple[bytes, int]]:
        """Return each suppression hash with each of these batches that has it; cancelled batches do not count."""
        wanted = set(sequences)
        return [
            (bytes.fromhex(digits), batch.sequence)
            for batch in self._effective()
            if batch.sequence in wanted
            for digits, _ in batch.people
        ]

    def cancelled(self) -> dict[int, str]:
        """Return the cancelled batches, and when they were cancelled."""
        return {batch.cancels: batch.received_at for batch in self.batches if batch.cancels is not None}

    def cancelled_hashes(self, after: int) -> list[bytes]:
        """Return the suppression hashes of the batches that a batch after number `after` cancels."""
        undone = {batch.cancels for batch in self.batches[after:]}
        return [
            bytes.fromhex(digits) for batch in self.batches if batch.sequence in undone for digits, _ in batch.people
        ]

    def waiting(self) -> list[Withdrawals]:
        """Return the batches whose deletion waits for a confirmation."""
        return [
            batch for batch in self._effective() if batch.waits_since and not batch.confirmed_at and not batch.erased
        ]

    def undecided(self) -> list[int]:
        """Return the batches without a decision yet on whether their deletion waits."""
        return [batch.sequence for batch in self._effective() if not batch.erased and not batch.waits_since]

    def unfinished(self) -> list[int]:
        """Return the batches whose erasure is due and not complete."""
        waiting = {batch.sequence for batch in self.waiting()}
        return [batch.sequence for batch in self._effective() if not batch.erased and batch.sequence not in waiting]

    def _effective(self) -> list[Withdrawals]:
        """Return the batches that withdraw people: neither cancelled, nor a cancellation."""
        cancelled = self.cancelled()
        return [batch for batch in self.batches if batch.cancels is None and batch.sequence not in cancelled]

    def with_people(
        self, people: Iterable[tuple[bytes, int]], now: datetime, *, again: bool | None = None
    ) -> "SuppressionList":
        """Add a batch, and see it onto the disk."""
        listed = tuple(sorted((suppression_hash.hex(), at) for suppression_hash, at in people))
        sequence, received_at = self.sequence + 1, _iso(now)
        hash_ = _hash(self.hash, sequence, received_at, listed)
        batch = Withdrawals(sequence, received_at, listed, hash_, again=again)
        return self._written((*self.batches, batch))

    def with_cancellation(self, cancels: int, now: datetime) -> "SuppressionList":
        """Add a batch that cancels another one, and see it onto the disk; the other one stays as it is."""
        sequence, received_at = self.sequence + 1, _iso(now)
        hash_ = _hash(self.hash, sequence, received_at, (), cancels)
        return self._written((*self.batches, Withdrawals(sequence, received_at, (), hash_, cancels=cancels)))

    def with_waiting(self, sequences: Iterable[int], now: datetime) -> "SuppressionList":
        """Record that the deletion of batches waits, and see it onto the disk."""
        return self._changed(sequences, lambda batch: replace(batch, waits_since=_iso(now)))

    def with_confirmation(self, sequence: int, now: datetime) -> "SuppressionList":
        """Record that a deletion is confirmed, and see it onto the disk."""
        return self._changed([sequence], lambda batch: replace(batch, confirmed_at=_iso(now)))

    def on_trial(self) -> "SuppressionList":
        """Return the same list for a trial: nothing is written."""
        return replace(self, path=None)

    def with_erasure(self, sequences: Iterable[int], erasure: Erasure) -> "SuppressionList":
        """Record that erasures are complete, and see it onto the disk."""
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
    """Make an empty list; an existing one is left alone."""
    if not path.exists():
        write_durably(path, _text(SuppressionList(path, ())).encode())
    return read_suppression_list(path)


def read_suppression_list(path: Path) -> SuppressionList:
    """Return the list.

    Raises:
        StoreDamagedError: if it is absent or altered: without it no withdrawal is certain.
        StoreTooNewError: if a newer program wrote it.
    """
    found: SuppressionList | None = None
    newer = False
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        content = json.loads(path.read_text("ascii"))
        newer = content["format"] > FORMAT
        found = _read(path, content)
    if newer:
        message = "A newer version of this program wrote the suppression list (secret/withdrawn.json)."
        raise StoreTooNewError(message, "Install that version.")
    if found is None:
        message = "The suppression list (secret/withdrawn.json) is missing or altered."
        raise StoreDamagedError(message, "Restore its newest copy. The vault may be older than the list, never newer.")
    return found


def _read(path: Path, content: dict[str, Any]) -> SuppressionList | None:
    batches: list[Withdrawals] = []
    before = ""
    for number, each in enumerate(content["batches"], start=1):
        people = tuple((str(digits), int(at)) for digits, at in each["people"])
        more = {name: each.get(name) for name in _OPTIONAL}
        if each["sequence"] != number or each["hash"] != _hash(
            before, number, each[_RECEIVED_AT], people, more["cancels"]
        ):
            return None
        erased = tuple(Erasure(one["at"], one["cause"], one["inbox_files"]) for one in each["erased"])
        batches.append(Withdrawals(number, each[_RECEIVED_AT], people, each["hash"], erased, **more))
        before = each["hash"]
    return SuppressionList(path, tuple(batches)) if content["format"] == FORMAT else None


def _text(listed: SuppressionList) -> str:
    batches = [
        {
            "sequence": batch.sequence,
            _RECEIVED_AT: batch.received_at,
            "people": batch.people,
            "hash": batch.hash,
            "erased": [vars(each) for each in batch.erased],
            **{name: getattr(batch, name) for name in _OPTIONAL if getattr(batch, name) is not None},
        }
        for batch in listed.batches
    ]
    return canonical_json({"format": FORMAT, "batches": batches}) + "\n"


def _hash(
    before: str, sequence: int, received_at: str, people: tuple[tuple[str, int], ...], cancels: int | None = None
) -> str:
    content: list[Any] = [before, sequence, received_at, people]
    return sha256_hex(canonical_json(content if cancels is None else [*content, cancels]))


def _iso(now: datetime) -> str:
    return now.isoformat(timespec="seconds")
