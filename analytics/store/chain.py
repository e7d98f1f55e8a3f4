"""The ledger's entries as frozen values, chained by hash over bodies and noisy cells."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from analytics.canonical import canonical_json, sha256_hex
from analytics.cells import NoisyCells, TableKey
from analytics.periods import Period
from analytics.store.body import RESTORE, EntryAccounting, ReleaseBody
from analytics.stored_json import AnyStored, Stored, read_stored

GENESIS = sha256_hex("murmuration ledger, format 1")
"""The hash before the first entry."""

KIND = "release/3"
"""An entry of this kind never changes its meaning; a new meaning gets a new kind. Its text holds all that accounting
needs; `release/1` does not hold horizon, accounting, Python's version and the number of integers drawn, and `release/2`
does not hold the first day that each table reads."""

KINDS = frozenset({"release/1", "release/2", KIND})
"""The kinds that this program can account for."""


@dataclass(frozen=True)
class Entry:
    """One release in the ledger."""

    sequence: int
    product: str
    period: str
    revision: int
    text: str
    """Everything that accounting and publishing need, as canonical JSON: what is stored and hashed."""
    previous_hash: str
    hash: str

    @classmethod
    def chained(cls, sequence: int, previous_hash: str, text: str) -> Self:
        """Return the entry that follows `previous_hash`.

        Raises:
            StoreDamagedError: if the text does not name a release.
        """
        named = read_stored(_Named, text, f"Entry {sequence} of the ledger", RESTORE)
        digest = entry_hash(sequence, previous_hash, text)
        return cls(sequence, named.product, named.period, named.revision, text, previous_hash, digest)

    def _read(self, model: type[AnyStored]) -> AnyStored:
        return read_stored(model, self.text, f"Entry {self.sequence} of the ledger", RESTORE)

    @cached_property
    def body(self) -> ReleaseBody:
        """All that the entry holds.

        Raises:
            StoreDamagedError: if something is missing that entries of every kind hold.
        """
        return self._read(ReleaseBody)

    @cached_property
    def accounting(self) -> EntryAccounting:
        """The facts that the caps need. Raises as `body`, but needs less."""
        return self._read(EntryAccounting)

    @cached_property
    def kind(self) -> str | None:
        """The kind of the entry; this program may not know it."""
        return self._read(_Named).kind

    @cached_property
    def period_(self) -> Period:
        """The period as a value."""
        return Period.parse(self.period)

    @property
    def loss_nano(self) -> int:
        """The loss of the release, in nano-rho."""
        return self.accounting.loss_nano

    @property
    def cap_nano(self) -> int:
        """The yearly cap that governed the draw, in nano-rho."""
        return self.accounting.cap_nano

    @property
    def plan_cap_nano(self) -> int:
        """The yearly cap that the plan itself promised, in nano-rho; a year that began under a lower one keeps that.

        The first entries do not hold it: they are held to the cap that governed them, which is never above it.
        """
        plan_cap_nano = self.accounting.plan_cap_nano
        return self.cap_nano if plan_cap_nano is None else plan_cap_nano

    @property
    def most_per_person(self) -> int | None:
        """In how many of the product's releases of any 53 weeks a participant can be; None: in all."""
        return self.accounting.most_releases_per_person

    @property
    def count_id(self) -> str | None:
        """The number of the count that was drawn, where a person's releases are bounded; the first do not hold it."""
        return self.accounting.count_id

    @property
    def counted_versions(self) -> tuple[str, ...] | None:
        """The versions of the promise whose people were counted; older entries do not hold it, and counted all."""
        return self.accounting.counted_versions

    @property
    def charge_year(self) -> int:
        """The ISO year of the period's last day."""
        return self.accounting.charge_year

    @property
    def last_week(self) -> int:
        """The ordinal of the week in which the period ends."""
        return self.accounting.last_week

    @property
    def name(self) -> str:
        """The release's public name."""
        return f"{self.product}/{self.period}-r{self.revision}"

    @cached_property
    def tables(self) -> list[TableKey]:
        """The tables that were drawn, in the plan's order."""
        return [TableKey(table.measure, table.dimensions) for table in self.accounting.tables]


class _Named(Stored):
    """Which release an entry is of."""

    product: str
    period: str
    revision: int
    kind: str | None = None


def entry_hash(sequence: int, previous_hash: str, text: str) -> str:
    """Return the hash of an entry: its place, the hash before it and its whole text."""
    body = json.loads(text)
    return sha256_hex(canonical_json({"sequence": sequence, "previous_hash": previous_hash, "body": body}))


def cells_hash(cells: NoisyCells) -> str:
    """Return the hash of a release's noisy cells, which its entry's body holds."""
    tables = [
        {"measure": key.measure, "dimensions": list(key.dimensions), "values": list(values)}
        for key, values in sorted(cells.vectors.items())
    ]
    return sha256_hex(canonical_json(tables))


def broken_link(entries: list[Entry]) -> int | None:
    """Return the sequence of the first entry that does not follow from the one before, or None."""
    before = GENESIS
    for position, entry in enumerate(entries, start=1):
        named = json.loads(entry.text)
        if (
            entry.sequence != position
            or entry.previous_hash != before
            or entry.hash != entry_hash(position, before, entry.text)
            or (named.get("product"), named.get("period"), named.get("revision"))
            != (entry.product, entry.period, entry.revision)
        ):
            return position
        before = entry.hash
    return None
