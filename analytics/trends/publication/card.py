"""`card.json` and `README.md` of a release: the promise, the loss, the floors and the texts, from its entry alone."""

import functools
from dataclasses import asdict

from jinja2 import Template

from analytics.contracts import NANO, table_name
from analytics.odds import odds, promise_in_words
from analytics.store.body import ReleaseBody, ReleasedMeasure
from analytics.store.chain import Entry
from analytics.templating import environment
from analytics.trends.estimation.estimates import layout_of
from analytics.trends.estimation.figures import people_floor
from analytics.trends.publication.labels import (
    Card,
    DimensionCard,
    HeadlineCard,
    LossCard,
    MeasureCard,
    OddsCard,
    PlanCard,
    PopulationCard,
    ProductCard,
    PromiseCard,
    TableCard,
)
from analytics.trends.publication.manifest import json_bytes
from analytics.wording import ABOUT_A_GROUP, DO_NOT_ACT


def card_of(entry: Entry) -> Card:
    """Return the card of a release; "so far" is as of its own entry."""
    body = entry.body
    return Card(
        format=1,
        product=ProductCard(name=entry.product, label=body.product_label, cadence=body.cadence),
        period=entry.period,
        revision=entry.revision,
        first_day=body.first_day,
        last_day=body.last_day,
        plan=PlanCard(
            name=body.plan,
            policy_version=body.policy_version,
            fingerprint=body.plan_fingerprint,
            counted_versions=entry.counted_versions,
        ),
        promise=PromiseCard(
            words=promise_in_words(entry.cap_nano),
            unit=body.unit,
            horizon=f"everything released about ISO year {entry.charge_year}, all products together",
            rho_cap=entry.cap_nano / NANO,
            epsilon=body.epsilon_cap,
            odds=tuple(OddsCard(**asdict(each)) for each in odds(entry.cap_nano)),
        ),
        loss=LossCard(
            mechanism=body.mechanism,
            rho=entry.loss_nano / NANO,
            rho_so_far=body.spent_nano / NANO,
            epsilon_so_far=body.epsilon_spent,
            year=entry.charge_year,
        ),
        display={name: float(value) for name, value in body.display.items()},
        dimensions={one.name: DimensionCard(label=one.label, keys=dict(one.keys)) for one in body.dimensions},
        measures={one.name: _measure(entry, one) for one in body.measures},
        population=_population(body),
        versions=body.versions,
    )


def card_json(card: Card) -> bytes:
    """Return `card.json`; a fact that is None is not in it."""
    return json_bytes(card.model_dump(mode="json", exclude_none=True))


def _population(body: ReleaseBody) -> PopulationCard | None:
    """Return the public sizes if any were given at the draw."""
    given = body.population
    if given is None:
        return None
    return PopulationCard(
        dimensions=given.dimensions,
        source=given.source,
        as_of=given.as_of,
        people=dict(given.people),
        strata=body.strata or {},
    )


def _measure(entry: Entry, measure: ReleasedMeasure) -> MeasureCard:
    layout, body = layout_of(entry, measure.name), entry.body
    return MeasureCard(
        label=measure.label,
        definition=measure.definition,
        least_data=measure.least_data,
        looks_back_weeks=measure.looks_back_weeks,
        parameters=measure.parameters,
        basis=measure.basis,
        categories=dict(measure.categories),
        headlines={
            one.name: HeadlineCard(
                label=one.label,
                kind=one.kind.value,
                unit=one.unit,
                weights=one.weights,
                whole=one.whole,
                among=one.among,
            )
            for one in measure.headlines
        },
        tables={
            table_name(table.dimensions): TableCard(
                dimensions=table.dimensions,
                sigma_micro_persons=table.sigma,
                people_floor=round(people_floor(layout, table.dimensions, body.display), 1),
            )
            for table in body.tables
            if table.measure == measure.name
        },
    )


@functools.cache
def _page() -> Template:
    """Return the compiled template: compiling it takes longer than all figures of a small release."""
    return environment("analytics.trends.publication").get_template("README.md.j2")


def readme_of(entry: Entry, card: Card) -> str:
    """Return the release's own README: what it is, what protects people, what the columns are, what it cannot show."""
    return _page().render(
        card=card,
        counted_versions=entry.counted_versions,
        population=card.population,
        about_a_group=ABOUT_A_GROUP,
        do_not_act=DO_NOT_ACT,
        epsilons=lambda found: ", ".join(f"{value} at delta {delta}" for delta, value in found.items()),
    )
