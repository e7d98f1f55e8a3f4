"""What the service says of itself, for the pages: all public, and nothing of it about a person.

Everything may be missing: an earlier program did not publish it, and a service may leave it out.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

from analytics.trends.publication.service_facts import (
    ComingPeriod,
    Fault,
    MissedPeriod,
    ProductCalendar,
    ReleasedOn,
    ServiceFacts,
)

__all__ = ["NOTHING_KNOWN", "ComingPeriod", "Facts", "Fault", "MissedPeriod", "ProductCalendar", "ReleasedOn"]


@dataclass(frozen=True)
class Facts:
    """What is known of the service; None and empty where it says nothing."""

    publisher: str | None = None
    contact: str | None = None
    withdrawal_days: int | None = None
    released: tuple[ReleasedOn, ...] = ()
    """In the ledger's order, with all revisions; empty if the service has published no such facts."""
    calendar: tuple[ProductCalendar, ...] = ()
    missed: tuple[MissedPeriod, ...] = ()
    faults: tuple[Fault, ...] = ()
    notice: bytes | None = None
    """The participant's notice as HTML."""

    @classmethod
    def of(cls, said: ServiceFacts, notice: bytes | None) -> Self:
        """Return what `service.json` says, with the content of the notice that it names."""
        return cls(
            publisher=said.publisher,
            contact=said.contact,
            withdrawal_days=said.withdrawal_days,
            released=said.released,
            calendar=said.calendar,
            missed=said.missed,
            faults=said.faults,
            notice=notice,
        )

    @property
    def is_known(self) -> bool:
        """Whether an empty list of faults or of missed periods says that there are none."""
        return bool(self.released)

    def drawn_on(self, product: str, period: str, revision: int) -> date | None:
        """Return the day on which a release was drawn, if it is known."""
        wanted = (product, period, revision)
        return next((it.drawn_on for it in self.released if (it.product, it.period, it.revision) == wanted), None)


NOTHING_KNOWN = Facts()
