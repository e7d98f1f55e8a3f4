"""The contracts, read once into frozen values. `read_contracts` is the only way in.

* `mood_entry`, `participant`, `consent_event`, `questionnaire_total`: what may come in (Open Data Contract Standard)
* `published_measure`, `..._pair`, `..._signal`, `..._outlook`, `..._representation`: what may go out
* `grid`: the public cohorts, and how many people live in them where that is given
* `plan`: the privacy policy that governs
* `sources`: one declaration per source
* `service`: who runs this, in the operator's own words
"""

from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from pathlib import Path

from analytics.contracts.columns import Column, Contract, read_contract
from analytics.contracts.grid import UNKNOWN, Dimension, Grid, Population, cohort_name, table_name
from analytics.contracts.measure import Headline, Measure
from analytics.contracts.plan import MICRO, NANO, FrozenMeasure, Plan, Product, RevisionReserve
from analytics.contracts.reading import read_model
from analytics.contracts.service import Service, unfilled
from analytics.contracts.source import Clock, Cohort, Scale, Source
from analytics.errors import ContractRefusedError, UsageError

__all__ = [
    "MICRO",
    "MOST_FACTORS",
    "NANO",
    "REGISTER_SOURCES",
    "UNKNOWN",
    "Column",
    "Contract",
    "Contracts",
    "Dimension",
    "FrozenMeasure",
    "Grid",
    "Headline",
    "Measure",
    "Plan",
    "Population",
    "Product",
    "RevisionReserve",
    "Service",
    "Source",
    "cohort_name",
    "plan_file",
    "read_contracts",
    "read_plan",
    "shipped_contracts",
    "table_name",
    "unfilled",
]


REGISTER_SOURCES = ("consents", "withdrawals", "participants")
"""What comes in besides declared sources, in the order in which an inbox is read."""

MOST_FACTORS = 63
"""Words that an entry's factors can have in all: bits of a 64-bit integer that is never negative."""


@dataclass(frozen=True)
class Contracts:
    """Everything that governs a home."""

    mood_entry: Contract
    participant: Contract
    consent_event: Contract
    questionnaire_total: Contract
    published_measure: Contract
    published_pair: Contract
    published_signal: Contract
    published_outlook: Contract
    published_representation: Contract
    grid: Grid
    plan: Plan
    sources: dict[str, Source]
    service: Service

    @property
    def published(self) -> dict[str, Contract]:
        """What may go out, by the name of the published table."""
        return {
            "measures": self.published_measure,
            "pairs": self.published_pair,
            "signals": self.published_signal,
            "outlook": self.published_outlook,
            "representation": self.published_representation,
        }

    def source(self, name: str) -> Source | None:
        """Return the declaration of a source, or of the register's own files (`REGISTER_SOURCES`)."""
        if name in REGISTER_SOURCES:
            cohorts = {dimension: Cohort(field=dimension) for dimension in self.grid.dimensions}
            return Source(
                name=name,
                description="The register's own file.",
                format=name,
                kind="daily",
                id_domain="default",
                scale=Scale(lo=Decimal(0), hi=Decimal(1), better="higher"),
                clock=Clock(zone="Etc/UTC", written="wall"),
                cohorts=cohorts,
            )
        return self.sources.get(name)


def shipped_contracts() -> Path:
    """Return the folder of contracts that the program brings; `init` copies it into a home."""
    return Path(str(resources.files("data_contracts")))


def plan_file(folder: Path, name: str) -> Path:
    """Return the file of the plan `name`: `release_plan.yaml` is `standard`, others carry their name.

    Raises:
        UsageError: if there is no such plan.
    """
    path = folder / ("release_plan.yaml" if name == "standard" else f"release_plan.{name}.yaml")
    if not path.is_file():
        known = sorted(found.name.split(".")[1] for found in folder.glob("release_plan.*.yaml"))
        message = f"There is no release plan of the name given; there are: {', '.join(['standard', *known])}."
        raise UsageError(message, "Name one of these plans.")
    return path


def read_plan(folder: Path, name: str) -> tuple[Plan, Grid]:
    """Read one plan and the grid that it is over.

    Raises:
        ContractRefusedError: if either is not what it must be, or a table is over an undeclared dimension.
        UsageError: if there is no such plan.
    """
    path = plan_file(folder, name)
    grid = read_model(folder / "cohorts.yaml", Grid)
    plan = read_model(path, Plan)
    if plan.name != name:
        raise ContractRefusedError(path.name, "name", f"expected '{name}', as the file is called")
    wrong = plan.undeclared(grid)
    if wrong is not None:
        raise ContractRefusedError(path.name, *wrong)
    return plan, grid


def read_contracts(folder: Path, plan_name: str) -> Contracts:
    """Read all contracts of `folder`, governed by the plan `plan_name`.

    Raises:
        ContractRefusedError: at the first thing that is wrong, with file, path and reason.
    """
    plan, grid = read_plan(folder, plan_name)
    sources: dict[str, Source] = {}
    for path in sorted((folder / "sources").glob("*.yaml")):
        source = read_model(path, Source)
        if source.name != path.stem:
            file, reason = f"sources/{path.name}", f"expected '{path.stem}', as the file is called"
            raise ContractRefusedError(file, "name", reason)
        if source.name in REGISTER_SOURCES:
            file, reason = f"sources/{path.name}", "this is the name of the register's own files"
            raise ContractRefusedError(file, "name", reason)
        sources[source.name] = source
    contracts = Contracts(
        mood_entry=read_contract(folder / "mood_entry.odcs.yaml"),
        participant=read_contract(folder / "participant.odcs.yaml"),
        consent_event=read_contract(folder / "consent_event.odcs.yaml"),
        questionnaire_total=read_contract(folder / "questionnaire_total.odcs.yaml"),
        published_measure=read_contract(folder / "published_measure.odcs.yaml"),
        published_pair=read_contract(folder / "published_pair.odcs.yaml"),
        published_signal=read_contract(folder / "published_signal.odcs.yaml"),
        published_outlook=read_contract(folder / "published_outlook.odcs.yaml"),
        published_representation=read_contract(folder / "published_representation.odcs.yaml"),
        grid=grid,
        plan=plan,
        sources=sources,
        service=read_model(folder / "service.yaml", Service),
    )
    _check_columns(contracts)
    return contracts


def _check_columns(contracts: Contracts) -> None:
    """Hold the incoming contracts to the columns that the intake reads."""
    for contract, names in (
        (contracts.mood_entry, ("person_id", "logged_at", "mood_score", "factors", "sleep_hours")),
        (contracts.participant, ("person_id", "valid_from", "id_domain", *contracts.grid.dimensions)),
        (contracts.questionnaire_total, ("person_id", "logged_at", "instrument", "total")),
        (
            contracts.consent_event,
            ("person_id", "event", "recorded_at", "covers_from", "scope", "policy_version", "id_domain"),
        ),
    ):
        for name in names:
            contract[name]  # raises when the contract lacks the column
    words = len(contracts.mood_entry["factors"].listed)
    if words > MOST_FACTORS:
        reason = f"{words} words are listed; there is room for {MOST_FACTORS}"
        raise ContractRefusedError(contracts.mood_entry.file, "factors", reason)
