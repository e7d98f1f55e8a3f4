"""The disclosure record of a service, made from its plan, contracts, ledger and versions; no data is read.

What it says of a choice is what the program does; what the program cannot know, it says is not known to it.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analytics.contracts import NANO, Contracts
from analytics.contracts.reading import read_yaml
from analytics.disclosure.parts import PACKAGE, days, listed
from analytics.disclosure.registry import (
    Accounting,
    DataProduct,
    Deployment,
    DisclosureRecord,
    Flavor,
    Implementation,
    PrivacyLoss,
    PrivacyParameters,
    Resources,
    TrustModel,
)
from analytics.odds import odds, promise_in_words
from analytics.store.chain import Entry
from analytics.store.charges import spent
from analytics.templating import environment

WORDS = Path(__file__).with_name("record_words.yaml")


@functools.cache
def record_words() -> dict[str, str | list[str]]:
    """Return the record's words, each a template."""
    words: dict[str, str | list[str]] = read_yaml(WORDS)
    return words


@dataclass(frozen=True)
class TableNoise:
    """What one table of one release gets."""

    product: str
    table: str
    """Measure and table."""
    integers: int
    d_in: int
    """L2 sensitivity in the basis' units."""
    sigma: int
    loss_nano: int
    touches: int
    """In how many releases any 366 days of logging can count for it, at most."""


@dataclass(frozen=True)
class Running:
    """What runs: everything that the record is made from."""

    contracts: Contracts
    noise: tuple[TableNoise, ...]
    epsilon: Mapping[float, float]
    """Of the yearly cap, by delta."""
    versions: Mapping[str, str]
    entries: tuple[Entry, ...]
    head: str
    """The ledger's; empty without a home."""
    today: date


def record_of(running: Running) -> DisclosureRecord:
    """Return the disclosure record."""
    plan = running.contracts.plan
    return DisclosureRecord(
        url_slug=_slug(f"mood trends {running.contracts.service.name} {_published(running).year}"),
        status="Draft",
        tier=3,
        deployment=Deployment(
            product=_product(running),
            dp_flavor=_flavor(running),
            privacy_loss=_privacy_loss(running),
            model=_model(running),
            accounting=Accounting(
                post_processing=_filled(
                    "post_processing", floor=plan.display.floor_people, sds=plan.display.floor_noise_sds
                ),
                composition=_filled(
                    "composition",
                    cap=rho(plan.cap_nano),
                    parts=listed(
                        (
                            *(f"{name} {one.part_rho}" for name, one in plan.products.items()),
                            f"revisions {plan.revision_reserve.part_rho}",
                        )
                    ),
                    releases=_releases(running),
                ),
            ),
            implementation=Implementation(
                pre_processing_eda_hyperparameter_tuning=_filled("tuning"),
                mechanisms=_filled(
                    "mechanisms",
                    tables=running.noise,
                    **running.versions,
                ),
                justification=_filled("justification"),
            ),
            resources=Resources(
                sources=_filled("sources"),
                notes=_notes(running),
                registry_authors=(f"murmuration {running.versions['murmuration']}, from the running system",),
            ),
        ),
    )


def _product(running: Running) -> DataProduct:
    contracts = running.contracts
    dimensions = contracts.grid.dimensions
    cohorts = tuple(f"{one.label} ({', '.join(one.keys.values())})" for one in dimensions.values())
    headlines = [result.label for one in contracts.plan.measures.values() for result in one.headlines.values()]
    return DataProduct(
        name=listed(tuple(one.label for one in contracts.plan.products.values())),
        data_curators=(contracts.service.name,),
        intended_use=_filled("intended_use"),
        data_product_type="Summary statistics",
        data_product_region=_filled("region", service=contracts.service.name),
        description=_filled(
            "description", headlines=listed(tuple(dict.fromkeys(headlines))), cohorts="; ".join(cohorts)
        ),
        publication_date=_published(running).isoformat(),
        data_product_sector="Healthcare",
    )


def _flavor(running: Running) -> Flavor:
    return Flavor(
        name="Zero-concentrated DP",
        input_metric=_filled("input_metric"),
        bound_on_input_distance=_filled("input_bound"),
        output_measure=_filled("output_measure"),
        bound_on_output_distance=_filled("output_bound", cap=rho(running.contracts.plan.cap_nano)),
        data_domain=_filled("data_domain"),
        unprotected_quantities=_filled("unprotected"),
    )


def _privacy_loss(running: Running) -> PrivacyLoss:
    cap = running.contracts.plan.cap_nano
    delta = max(running.epsilon)
    return PrivacyLoss(
        privacy_unit=_filled("privacy_unit"),
        privacy_unit_description=_filled("unit"),
        privacy_parameters=PrivacyParameters(epsilon=running.epsilon[delta], delta=delta, rho=cap / NANO),
        privacy_parameters_description=_filled(
            "parameters",
            cap=rho(cap),
            epsilons=listed(tuple(f"{value} at delta {delta:g}" for delta, value in running.epsilon.items())),
            promise=promise_in_words(cap),
            alone=listed(tuple(str(each.recognised_in_100_by_zcdp_alone) for each in odds(cap))),
        ),
    )


def _model(running: Running) -> TrustModel:
    plan, service = running.contracts.plan, running.contracts.service
    return TrustModel(
        model_name="Central",
        model_name_description=_filled("central"),
        actors=_filled(
            "actors",
            service=service.name,
            withdrawal=days(service.withdrawal_days),
            backup=days(service.backup_days),
        ),
        release_type="Many releases",
        release_type_description=_filled(
            "releases",
            products=plan.products.values(),
            cap=rho(plan.cap_nano),
            grace=days(plan.grace_days),
        ),
        data_source_type="Dynamic",
        data_source_type_description=_filled("dynamic", retention=days(plan.retention_days)),
        access_type="Non-interactive",
        access_type_description=_filled("non_interactive"),
    )


def _releases(running: Running) -> list[dict[str, object]]:
    """Return what a release of each product loses, and what 366 days of logging can lose by it."""
    found: list[dict[str, object]] = []
    for product, one in running.contracts.plan.products.items():
        noise = [each for each in running.noise if each.product == product]
        found.append(
            {
                "product": product,
                "nano": sum(each.loss_nano for each in noise),
                "year_nano": sum(each.touches * each.loss_nano for each in noise),
                "part_nano": one.part_nano,
            }
        )
    return found


def _notes(running: Running) -> str:
    plan = running.contracts.plan
    return _filled(
        "notes",
        plan=plan,
        fingerprint=plan.fingerprint(running.contracts.grid),
        years=[_year(running, year) for year in sorted({entry.charge_year for entry in running.entries})],
        entries=len(running.entries),
        head=running.head,
    )


def _year(running: Running, year: int) -> dict[str, object]:
    """Return what was released about a year so far."""
    about = [entry for entry in running.entries if entry.charge_year == year]
    epsilons = about[-1].body.epsilon_spent
    return {
        "year": year,
        "releases": len(about),
        "spent_nano": spent(about, year),
        "cap_nano": min(entry.cap_nano for entry in about),
        "epsilons": listed(tuple(f"{value} at delta {delta}" for delta, value in epsilons.items())),
    }


def _published(running: Running) -> date:
    drawn = [day for entry in running.entries if (day := entry.accounting.drawn_on)]
    return min(drawn, default=running.today)


def _filled(name: str, **facts: object) -> str:
    """Return the record's words with `facts` filled in; a list of words becomes bullets."""
    words, templates = record_words()[name], environment(PACKAGE, rho=rho)
    if isinstance(words, str):
        return templates.from_string(words).render(facts)
    bullets = [templates.from_string(each).render(facts).strip() for each in words]
    return "\n".join(each if each.startswith("- ") else f"- {each}" for each in bullets if each)


def rho(nano: int) -> str:
    """Return a loss in rho, exactly, without closing zeros."""
    return f"{nano / NANO:.9f}".rstrip("0").rstrip(".")


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))
