"""The ledger's entries as frozen values, chained by hash over bodies and noisy cells."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from analytics.canonical import canonical_json, sha256_hex
from analytics.cells import NoisyCells, TableKey

GENESIS = sha256_hex("murmuration ledger, format 1")
"""The hash before the first entry."""

KIND = "release/3"
"""What an entry of this kind means never changes; a new meaning gets a new kind. Its body holds all that accounting
needs; `release/1` left horizon, accounting, Python's version and the number of integers drawn unsaid, and `release/2`
from which day on each table reads."""

KINDS = frozenset({"release/1", "release/2", KIND})
"""What this program can account for."""


@dataclass(frozen=True)
class Entry:
    """One release in the ledger."""

    sequence: int
    product: str
    period: str
    revision: int
    body: dict[str, Any]
    """All that accounting and publishing need; integers for losses (nano-rho) and scales (micro-persons)."""
    previous_hash: str
    hash: str

    @classmethod
    def chained(cls, sequence: int, previous_hash: str, body: dict[str, Any]) -> Self:
        """Return the entry that follows `previous_hash`."""
        digest = entry_hash(sequence, previous_hash, body)
        return cls(sequence, body["product"], body["period"], body["revision"], body, previous_hash, digest)

    @property
    def loss_nano(self) -> int:
        """What the release costs, in nano-rho."""
        return int(self.body["loss_nano"])

    @property
    def cap_nano(self) -> int:
        """The yearly cap that governed the draw, in nano-rho."""
        return int(self.body["cap_nano"])

    @property
    def plan_cap_nano(self) -> int:
        """The yearly cap that the plan itself promised, in nano-rho; a year that began under a lower one keeps that.

        The first entries did not say it: they are held to the cap that governed them, which is never above it.
        """
        return int(self.body.get("plan_cap_nano", self.cap_nano))

    @property
    def most_per_person(self) -> int | None:
        """In how many of the product's releases of any 53 weeks a participant can be; None: in all."""
        most = self.body.get("most_releases_per_person")
        return None if most is None else int(most)

    @property
    def count_id(self) -> str | None:
        """The number of the count that was drawn, where a person's releases are bounded; the first did not say it."""
        count_id = self.body.get("count_id")
        return None if count_id is None else str(count_id)

    @property
    def counted_versions(self) -> tuple[str, ...] | None:
        """The versions of the promise whose people were counted; older entries did not say it, and counted all."""
        versions = self.body.get("counted_versions")
        return None if versions is None else tuple(map(str, versions))

    @property
    def charge_year(self) -> int:
        """The ISO year of the period's last day."""
        return int(self.body["charge_year"])

    @property
    def last_week(self) -> int:
        """The ordinal of the week in which the period ends."""
        return int(self.body["last_week"])

    @property
    def name(self) -> str:
        """The release's public name."""
        return f"{self.product}/{self.period}-r{self.revision}"

    @cached_property
    def tables(self) -> list[TableKey]:
        """The tables that were drawn, in the plan's order."""
        return [TableKey(table["measure"], tuple(table["dimensions"])) for table in self.body["tables"]]


def entry_hash(sequence: int, previous_hash: str, body: dict[str, Any]) -> str:
    """Return the hash of an entry: its place, what came before and its whole body."""
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
        named = (entry.body.get("product"), entry.body.get("period"), entry.body.get("revision"))
        if (
            entry.sequence != position
            or entry.previous_hash != before
            or entry.hash != entry_hash(position, before, entry.body)
            or named != (entry.product, entry.period, entry.revision)
        ):
            return position
        before = entry.hash
    return None
