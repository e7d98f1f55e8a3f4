"""What the service says of itself, as frozen values: all public, and nothing of it about a person.

Everything may be missing: an earlier program did not publish it, and a service may leave it out.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ReleasedOn:
    """One release, and the day (UTC) on which it was drawn."""

    product: str
    period: str
    revision: int
    drawn_on: date | None = None


@dataclass(frozen=True)
class ComingPeriod:
    """A period that is not released yet, and the earliest day on which it may be."""

    period: str
    first_day: date
    last_day: date
    expected_on: date


@dataclass(frozen=True)
class ProductCalendar:
    """The next periods of one series, counted from its newest release."""

    product: str
    label: str
    cadence: str
    next: tuple[ComingPeriod, ...]


@dataclass(frozen=True)
class MissedPeriod:
    """A period between the first and the newest release of a series that was never released."""

    product: str
    period: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Fault:
    """Something that was found wrong with published figures, and the day on which it was found."""

    on: date
    text: str


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

    @property
    def is_known(self) -> bool:
        """Whether an empty list of faults or of missed periods says that there are none."""
        return bool(self.released)

    def drawn_on(self, product: str, period: str, revision: int) -> date | None:
        """Return the day on which a release was drawn, if it is known."""
        wanted = (product, period, revision)
        return next((it.drawn_on for it in self.released if (it.product, it.period, it.revision) == wanted), None)


NOTHING_KNOWN = Facts()
