"""The contracts that govern a home, as frozen values: each command gets only the value that it needs."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from analytics.contracts.columns import Contract
from analytics.contracts.grid import Grid
from analytics.contracts.plan import Plan
from analytics.contracts.service import Service
from analytics.contracts.source import Clock, Cohort, Scale, Source
from analytics.errors import ContractRefusedError

REGISTER_SOURCES = ("consents", "withdrawals", "participants")
"""What comes in besides declared sources, in the order in which an inbox is read."""

MOST_FACTORS = 63
"""Words that an entry's factors can have in all: bits of a 64-bit integer that is never negative."""


PUBLISHED = ("measure", "pair", "signal", "outlook", "representation", "modelled", "past")
"""The tables that may go out; their contracts are files of `published_<name>.odcs.yaml`."""

ADDED_PUBLISHED = ("modelled", "past")
"""Those that came later: homes made before have no contract of their own for them, so the shipped one governs."""


@dataclass(frozen=True)
class PublishedContracts:
    """What may go out."""

    published_measure: Contract
    published_pair: Contract
    published_signal: Contract
    published_outlook: Contract
    published_representation: Contract
    published_modelled: Contract
    published_past: Contract

    @property
    def published(self) -> dict[str, Contract]:
        """What may go out, by the name of the published table."""
        return {
            "measures": self.published_measure,
            "pairs": self.published_pair,
            "signals": self.published_signal,
            "outlook": self.published_outlook,
            "representation": self.published_representation,
            "modelled": self.published_modelled,
            "past": self.published_past,
        }


@dataclass(frozen=True)
class ReleaseContracts:
    """What a release needs, and none of what may come in."""

    grid: Grid
    plan: Plan
    published: dict[str, Contract]


@dataclass(frozen=True)
class Declarations:
    """Where files may come from: the sources whose declarations can be read, and what is wrong with the others."""

    sources: dict[str, Source]
    broken: dict[str, ContractRefusedError] = field(default_factory=dict, kw_only=True)
    """By the name of the source; its files are refused until the declaration is corrected."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return the dimensions that a row of the register may have; none where the grid was not read."""
        return ()

    def check_readable(self, name: str) -> None:
        """Make sure that the declaration of a source can be read, if there is one.

        Raises:
            ContractRefusedError: with its error, if it cannot.
        """
        if name in self.broken:
            raise self.broken[name]

    def source(self, name: str) -> Source | None:
        """Return the declaration of a source, or of the register's own files (`REGISTER_SOURCES`)."""
        return _register_source(name, self.dimensions) if name in REGISTER_SOURCES else self.sources.get(name)

    def unread_sources(self) -> list[dict[str, str]]:
        """Return the sources whose declarations cannot be read, and why, as a command's result says it."""
        return [{"source": name, "reason": error.message} for name, error in self.broken.items()]


@dataclass(frozen=True)
class ConsentContracts(Declarations):
    """What is needed to read a withdrawal and to erase."""

    consent_event: Contract


@dataclass(frozen=True)
class Contracts(PublishedContracts, ConsentContracts):
    """Everything that governs a home."""

    mood_entry: Contract
    participant: Contract
    questionnaire_total: Contract
    grid: Grid
    plan: Plan
    service: Service

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return the dimensions that a row of the register may have."""
        return tuple(self.grid.dimensions)


@cache
def _register_source(name: str, dimensions: tuple[str, ...]) -> Source:
    return Source(
        name=name,
        description="The register's own file.",
        format=name,
        kind="daily",
        id_domain="default",
        scale=Scale(lo=Decimal(0), hi=Decimal(1), better="higher"),
        clock=Clock(zone="Etc/UTC", written="wall"),
        cohorts={dimension: Cohort(field=dimension) for dimension in dimensions},
    )
