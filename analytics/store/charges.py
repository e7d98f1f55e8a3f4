"""What releases cost one participant: losses of all that can have counted them, added up."""

from collections import defaultdict
from typing import NamedTuple

from analytics.store.chain import Entry


class Charge(NamedTuple):
    """What one release costs a participant in it."""

    product: str
    loss_nano: int
    most_per_person: int | None = None
    """In how many of the product's releases of any 53 weeks a participant can be; none: in all."""


# L7: an allowance leaves out what cannot have counted one participant, too (docs/privacy/proof.md)
def lost(charges: list[Charge]) -> int:
    """Return the most that the releases of `charges` can have cost one participant, in nano-rho.

    All of them, or of a product that counts a person in at most so many of any 53 weeks' releases the dearest so many.
    """
    groups: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for charge in charges:
        groups[charge.product, charge.most_per_person].append(charge.loss_nano)
    return sum(sum(sorted(losses, reverse=True)[:most]) for (_, most), losses in groups.items())


def charge_of(entry: Entry) -> Charge:
    """Return what an entry costs."""
    return Charge(entry.product, entry.loss_nano, entry.most_per_person)


def spent(entries: list[Entry], year: int) -> int:
    """Return the most that was lost about one participant and `year`, in nano-rho."""
    return lost([charge_of(entry) for entry in entries if entry.charge_year == year])
