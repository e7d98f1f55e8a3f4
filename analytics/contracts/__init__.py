"""The contracts, read once into frozen values; each command reads only the ones that it needs.

* `mood_entry`, `participant`, `consent_event`, `questionnaire_total`: what may come in (Open Data Contract Standard)
* `published_measure`, `..._pair`, `..._signal`, `..._outlook`, `..._representation`, `..._modelled`, `..._past`: what
  may go out
* `grid`: the public cohorts, and how many people live in them where that is given
* `plan`: the privacy policy that governs
* `sources`: one declaration per source
* `service`: who runs this, in the operator's own words
"""

from contextlib import suppress
from importlib import resources
from pathlib import Path

from analytics.contracts.columns import Column, Contract, read_contract
from analytics.contracts.governing import (
    ADDED_PUBLISHED,
    MOST_FACTORS,
    PUBLISHED,
    REGISTER_SOURCES,
    ConsentContracts,
    Contracts,
    Declarations,
    PublishedContracts,
    ReleaseContracts,
)
from analytics.contracts.grid import UNKNOWN, Dimension, Grid, Population, cohort_name, table_name
from analytics.contracts.measure import Headline, Measure
from analytics.contracts.plan import MICRO, MOST_ERASED_AT_ONCE, NANO, FrozenMeasure, Plan, Product, RevisionReserve
from analytics.contracts.reading import read_model
from analytics.contracts.service import Service, unfilled
from analytics.contracts.source import Source
from analytics.errors import ContractRefusedError, UsageError

__all__ = [
    "MICRO",
    "MOST_FACTORS",
    "NANO",
    "REGISTER_SOURCES",
    "UNKNOWN",
    "Column",
    "ConsentContracts",
    "Contract",
    "Contracts",
    "Declarations",
    "Dimension",
    "FrozenMeasure",
    "Grid",
    "Headline",
    "Measure",
    "Plan",
    "Population",
    "Product",
    "PublishedContracts",
    "ReleaseContracts",
    "RevisionReserve",
    "Service",
    "Source",
    "cohort_name",
    "most_erased_at_once",
    "plan_file",
    "read_consent_contracts",
    "read_contracts",
    "read_declarations",
    "read_plan",
    "read_published",
    "read_release_contracts",
    "shipped_contracts",
    "table_name",
    "unfilled",
]


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
        message = f"There is no release plan of that name. There are: {', '.join(['standard', *known])}."
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


def most_erased_at_once(folder: Path, plan_name: str) -> int:
    """Return how many people a command may erase without a confirmation.

    If the plan cannot be read, this is the default: nobody's withdrawal waits until a plan is corrected.
    """
    with suppress(ContractRefusedError, UsageError):
        return read_plan(folder, plan_name)[0].most_erased_at_once
    return MOST_ERASED_AT_ONCE


def read_contracts(folder: Path, plan_name: str) -> Contracts:
    """Read all contracts of `folder`, governed by the plan `plan_name`; a declaration that cannot be read is `broken`.

    Raises:
        ContractRefusedError: at the first thing that is wrong in another file, with file, path and reason.
    """
    plan, grid = read_plan(folder, plan_name)
    declared = read_declarations(folder)
    contracts = Contracts(
        mood_entry=read_contract(folder / "mood_entry.odcs.yaml"),
        participant=read_contract(folder / "participant.odcs.yaml"),
        consent_event=read_contract(folder / "consent_event.odcs.yaml"),
        questionnaire_total=read_contract(folder / "questionnaire_total.odcs.yaml"),
        **{f"published_{name}": _read_published(folder, name) for name in PUBLISHED},
        grid=grid,
        plan=plan,
        sources=declared.sources,
        service=read_model(folder / "service.yaml", Service),
        broken=declared.broken,
    )
    _check_columns(contracts)
    return contracts


def read_release_contracts(folder: Path, plan_name: str) -> ReleaseContracts:
    """Read plan, grid and what may go out. Raises as `read_contracts`."""
    plan, grid = read_plan(folder, plan_name)
    return ReleaseContracts(grid, plan, read_published(folder))


def read_published(folder: Path) -> dict[str, Contract]:
    """Read what may go out, by the name of the published table. Raises as `read_contracts`."""
    return PublishedContracts(**{f"published_{name}": _read_published(folder, name) for name in PUBLISHED}).published


def _read_published(folder: Path, name: str) -> Contract:
    path = folder / f"published_{name}.odcs.yaml"
    if name in ADDED_PUBLISHED and not path.exists():
        path = shipped_contracts() / path.name
    return read_contract(path)


def read_consent_contracts(folder: Path) -> ConsentContracts:
    """Read what a withdrawal needs. Raises as `read_contracts`."""
    declared = read_declarations(folder)
    consents = read_contract(folder / "consent_event.odcs.yaml")
    _check_consents(consents)
    return ConsentContracts(declared.sources, broken=declared.broken, consent_event=consents)


def read_declarations(folder: Path) -> Declarations:
    """Read the declaration of each source by itself: an error in one does not affect the others."""
    sources: dict[str, Source] = {}
    broken: dict[str, ContractRefusedError] = {}
    for path in sorted((folder / "sources").glob("*.yaml")):
        try:
            sources[path.stem] = _read_source(path)
        except ContractRefusedError as refused:
            broken[path.stem] = refused.with_traceback(None)
    return Declarations(sources, broken=broken)


def _read_source(path: Path) -> Source:
    file = f"sources/{path.name}"
    if path.stem in REGISTER_SOURCES:
        raise ContractRefusedError(file, "name", "this is the name of the register's own files")
    source = read_model(path, Source)
    if source.name != path.stem:
        reason = f"expected '{path.stem}', as the file is called"
        raise ContractRefusedError(file, "name", reason)
    return source


def _check_columns(contracts: Contracts) -> None:
    """Make sure that the incoming contracts have the columns that an ingest reads.

    Raises:
        ContractRefusedError: if one is missing, or the factors are too many.
    """
    for contract, names in (
        (contracts.mood_entry, ("person_id", "logged_at", "mood_score", "factors", "sleep_hours")),
        (contracts.participant, ("person_id", "valid_from", "id_domain", *contracts.grid.dimensions)),
        (contracts.questionnaire_total, ("person_id", "logged_at", "instrument", "total")),
    ):
        _check_has(contract, names)
    _check_consents(contracts.consent_event)
    words = len(contracts.mood_entry["factors"].listed)
    if words > MOST_FACTORS:
        reason = f"{words} words are listed; at most {MOST_FACTORS} are allowed"
        raise ContractRefusedError(contracts.mood_entry.file, "factors", reason)


def _check_consents(contract: Contract) -> None:
    _check_has(contract, ("person_id", "event", "recorded_at", "covers_from", "scope", "policy_version", "id_domain"))


def _check_has(contract: Contract, names: tuple[str, ...]) -> None:
    for name in names:
        contract[name]  # raises when the contract lacks the column
