"""The disclosure record of a service, made from its plan, contracts, ledger and versions; no data is read.

What it says of a choice is what the program does; what the program cannot know, it says is not known to it.
"""

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analytics.contracts import NANO, Contracts
from analytics.contracts.reading import read_yaml
from analytics.disclosure.parts import days, listed
from analytics.disclosure.registry import (
    Accounting,
    DataProduct,
    Deployment,
    Flavor,
    Implementation,
    Model,
    Parameters,
    PrivacyLoss,
    Record,
    Resources,
)
from analytics.odds import odds, promise_in_words
from analytics.store.chain import Entry
from analytics.store.charges import spent

WORDS = Path(__file__).with_name("record_words.yaml")


@functools.cache
def standing_words() -> dict[str, str | list[str]]:
    """Return what the record says whatever runs."""
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


def record_of(running: Running) -> Record:
    """Return the disclosure record."""
    plan = running.contracts.plan
    return Record(
        url_slug=_slug(f"mood trends {running.contracts.service.name} {_published(running).year}"),
        status="Draft",
        tier=3,
        deployment=Deployment(
            product=_product(running),
            dp_flavor=_flavor(running),
            privacy_loss=_privacy_loss(running),
            model=_model(running),
            accounting=Accounting(
                post_processing=_said(
                    "post_processing", floor=plan.display.floor_people, sds=plan.display.floor_noise_sds
                ),
                composition=_said(
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
                pre_processing_eda_hyperparameter_tuning=_said("tuning"),
                mechanisms=_said(
                    "mechanisms",
                    tables=_lines(_noise(each) for each in running.noise),
                    **running.versions,
                ),
                justification=_said("justification"),
            ),
            resources=Resources(
                sources=_said("sources"),
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
        intended_use=_said("intended_use"),
        data_product_type="Summary statistics",
        data_product_region=_said("region", service=contracts.service.name),
        description=_said("description", headlines=listed(tuple(dict.fromkeys(headlines))), cohorts="; ".join(cohorts)),
        publication_date=_published(running).isoformat(),
        data_product_sector="Healthcare",
    )


def _flavor(running: Running) -> Flavor:
    return Flavor(
        name="Zero-concentrated DP",
        input_metric=_said("input_metric"),
        bound_on_input_distance=_said("input_bound"),
        output_measure=_said("output_measure"),
        bound_on_output_distance=_said("output_bound", cap=rho(running.contracts.plan.cap_nano)),
        data_domain=_said("data_domain"),
        unprotected_quantities=_said("unprotected"),
    )


def _privacy_loss(running: Running) -> PrivacyLoss:
    cap = running.contracts.plan.cap_nano
    delta = max(running.epsilon)
    return PrivacyLoss(
        privacy_unit="Participant (their whole record), everything released about one year",
        privacy_unit_description=_said("unit"),
        privacy_parameters=Parameters(epsilon=running.epsilon[delta], delta=delta, rho=cap / NANO),
        privacy_parameters_description=_said(
            "parameters",
            cap=rho(cap),
            epsilons=listed(tuple(f"{value} at delta {delta:g}" for delta, value in running.epsilon.items())),
            promise=promise_in_words(cap),
            alone=listed(tuple(str(each.recognised_in_100_by_zcdp_alone) for each in odds(cap))),
        ),
    )


def _model(running: Running) -> Model:
    plan, service = running.contracts.plan, running.contracts.service
    cadences = {"week": "every ISO week", "four_weeks": "every four weeks of the ISO year"}
    return Model(
        model_name="Central",
        model_name_description=_said("central"),
        actors=_said(
            "actors",
            service=service.name,
            withdrawal=days(service.withdrawal_days),
            backup=days(service.backup_days),
        ),
        release_type="Many releases",
        release_type_description=_said(
            "releases",
            cadences=_lines(f"{one.label}: {cadences[one.cadence]}." for one in plan.products.values()),
            cap=rho(plan.cap_nano),
            grace=days(plan.grace_days),
        ),
        data_source_type="Dynamic",
        data_source_type_description=_said("dynamic", retention=days(plan.retention_days)),
        access_type="Non-interactive",
        access_type_description=_said("non_interactive"),
    )


def _releases(running: Running) -> str:
    lines = []
    for product, one in running.contracts.plan.products.items():
        noise = [each for each in running.noise if each.product == product]
        loss = sum(each.loss_nano for each in noise)
        year = sum(each.touches * each.loss_nano for each in noise)
        lines.append(
            f"{product}: rho {rho(loss)} a release; for 366 days of logging at most rho {rho(year)}, "
            f"of a part of {rho(one.part_nano)}."
        )
    return _lines(lines)


def _noise(each: TableNoise) -> str:
    return (
        f"{each.product}, {each.table}: {each.integers} integers, L2 sensitivity {each.d_in}, sigma {each.sigma} "
        f"({each.sigma / each.d_in:.2f} times the sensitivity), rho {rho(each.loss_nano)}."
    )


def _notes(running: Running) -> str:
    plan, grid = running.contracts.plan, running.contracts.grid
    lines = [f"Plan {plan.name}, policy version {plan.policy_version}, fingerprint {plan.fingerprint(grid)}."]
    for year in sorted({entry.charge_year for entry in running.entries}):
        about = [entry for entry in running.entries if entry.charge_year == year]
        lost, cap = spent(about, year), min(entry.cap_nano for entry in about)
        epsilons = listed(tuple(f"{value} at delta {delta}" for delta, value in about[-1].body.epsilon_spent.items()))
        lines.append(
            f"Released about {year}: {len(about)} releases, rho {rho(lost)} of {rho(cap)} (epsilon {epsilons})."
        )
    if running.entries:
        lines.append(f"Ledger head: entry {len(running.entries)}, {running.head}.")
    else:
        lines.append("Nothing is released yet; the publication date is the day on which this record was made.")
    lines.append(_said("form"))
    return _lines(lines)


def _published(running: Running) -> date:
    drawn = [day for entry in running.entries if (day := entry.accounting.drawn_on)]
    return min(drawn, default=running.today)


def _said(name: str, **config: object) -> str:
    """Return standing words with `facts` filled in; a list of words becomes bullets."""
    words = standing_words()[name]
    if isinstance(words, str):
        return words.format(**config)
    bullets = [words_.format(**config) for words_ in words]
    return "\n".join(each if each.startswith("- ") else f"- {each}" for each in bullets)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def rho(nano: int) -> str:
    """Return a loss in rho, exactly, without closing zeros."""
    return f"{nano / NANO:.9f}".rstrip("0").rstrip(".")


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))
