"""What the service says of itself, for the pages: all public, and nothing of it about a person.

Everything may be missing: an earlier program did not publish it, and a service may leave it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from analytics.trends.publication.service_facts import (
    ComingPeriod,
    Fault,
    MissedPeriod,
    Noted,
    ProductCalendar,
    ReleasedOn,
    ServiceFacts,
)
from dashboard.reading.shapes import Shapes

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
    notes: tuple[Noted, ...] = ()
    """What readers of a chart should know of a day."""
    is_damaged: bool = False
    """Whether the file is there and cannot be trusted, so that nothing of it is known."""
    help_line: str | None = None
    is_demo: bool = False
    notice: bytes | None = None
    """The participant's notice as HTML."""
    maps: Mapping[str, Shapes] = field(default_factory=dict)
    """The areas of groups, by dimension."""

    @classmethod
    def of(cls, said: ServiceFacts, notice: bytes | None, maps: Mapping[str, Shapes] | None = None) -> Self:
        """Return what `service.json` says, with the content of the notice and of the maps that it names."""
        return cls(
            notes=said.notes,
            help_line=said.help_line,
            is_demo=said.demo,
            maps=maps or {},
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

    def notes_for(self, product: str) -> list[tuple[date, str]]:
        """Return the notes about a series, and about all, by day."""
        return [(it.on, it.text) for it in self.notes if it.product in {None, product}]

    def next_on(self, product: str) -> date | None:
        """Return the earliest day of the next release of a series, if it is known."""
        return next((it.next[0].expected_on for it in self.calendar if it.product == product and it.next), None)

    def drawn_on(self, product: str, period: str, revision: int) -> date | None:
        """Return the day on which a release was drawn, if it is known."""
        wanted = (product, period, revision)
        return next((it.drawn_on for it in self.released if (it.product, it.period, it.revision) == wanted), None)


NOTHING_KNOWN = Facts()
