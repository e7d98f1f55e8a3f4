"""`card.json` and `README.md` of a release: the promise, the loss, the floors and the words, from its entry alone."""

from dataclasses import asdict

from analytics.contracts import NANO, table_name
from analytics.odds import odds, promise_in_words
from analytics.store.body import ReleaseBody, ReleasedMeasure
from analytics.store.chain import Entry
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


def _versions(versions: tuple[str, ...]) -> str:
    if not versions:
        return "no version of the promise, so nobody"
    return f"version{'s' * (len(versions) > 1)} {', '.join(versions)} of the promise"


def readme_of(entry: Entry, card: Card) -> str:
    """Return the release's own README: its protection, its files and columns, and its limits."""
    promise, loss = card.promise, card.loss
    year = loss.year
    epsilons = ", ".join(f"{value} at delta {delta}" for delta, value in promise.epsilon.items())
    alone = [each.recognised_in_100_by_zcdp_alone for each in promise.odds]
    sizes = "It is empty: no public sizes were given."
    if card.population:
        sizes = f"The public sizes: {card.population.source}, as of {card.population.as_of}."
    agreed = ""
    if entry.counted_versions is not None:
        agreed = f"\n- Counts only people who agreed to a cap of at least this: {_versions(entry.counted_versions)}."
    so_far = ", ".join(f"{value} at delta {delta}" for delta, value in loss.epsilon_so_far.items())
    return f"""# {card.product.label}, {entry.period}, revision {entry.revision}

From {card.first_day} to {card.last_day}. Made from the mood logs of people who chose to log and to share them.
They are not a sample of any population.

## What protects people

{promise.words}

- Unit: {promise.unit}. Horizon: {promise.horizon}.
- The most that may be lost about {year}: rho {promise.rho_cap} (epsilon {epsilons}).{agreed}
- The odds above use that the noise is Gaussian. From the bound on rho alone, whatever the noise, they would be
  {alone[0]}, {alone[1]} and {alone[2]} in 100.
- This release cost rho {loss.rho:.9f}; about {year} so far rho {loss.rho_so_far:.9f} (epsilon {so_far}).
- Mechanism: {loss.mechanism}. This release was drawn once and is never drawn again.

## Files

- `measures.parquet`, `measures.csv`: one row per measure, table, cohort and headline.
  - `noise_low` to `noise_high` is a 95 % interval for the figure among the participants. `shown_low` to `shown_high`
    adds sampling variation. No figure and no interval is cut at 0 or 100.
  - `since_previous` and `against_all` are differences with their own intervals. `..._at_once_low` to
    `..._at_once_high` are simultaneous intervals, with sampling variation: all published cohorts of a table lie in
    theirs in 95 of 100 releases. Use these to compare cohorts.
  - A withheld figure is empty and `reason` says why. `instead` then names a fallback: the mean of the `four_weeks` up
    to this one, or a `parent`, which is a larger cohort (`instead_cohort` of `instead_table`). Plan, ledger and noise
    choose the nearest one. It is not the withheld figure.
  - `people` is how many people the figure is about. A share of people who were low before counts only those.
  - `sentence` says the comparisons, or the fallback, in words.
  - Two kinds of figures are marked with caution and compared with no other period, and signals and outlook leave them
    out. The first are figures of a measure that looks back to weeks before the product's first release: it finds less
    than it will later. The second are figures of a thirteenth four-week period with a week 53, which has 35 days.
  - A group just above its floor is on average smaller than it looks, because the noise carried its number up. Of such
    rows fewer than 95 in 100 intervals hold.
- `pairs.parquet`, `pairs.csv`: one row per measure, table of one dimension, share or mean, and two of its published
  groups. `difference` is `cohort` less `other`, with the same three intervals; `at_once` holds for all pairs of the
  table.
- `signals.parquet`, `signals.csv`: one row per measure, table, cohort and headline.
  - `centre`, `lower_limit` and `upper_limit` are XmR limits (mean +/- 2.66 mean moving ranges) of the first 12
    figures; they are on trial from 7 figures on. No figure is part of the limits that judge it. Moving ranges are never
    taken across a gap. A period that is drawn after a later one is not part of the limits of others.
  - There are four rules: `outside` the limits, a `run` of seven on one side, a `trend` of seven, and two of three
    `near` a limit. `p_...` is how often a series that does not change breaks the rule at least as strongly.
  - `false_share` is the least of these after all series and rules of this release are taken together
    (Benjamini-Yekutieli), and none is below the p-value of its change alone. Up to 0.05 it is a signal, with a
    `sentence` and an interval that excludes 0.
  - On average up to 1 in 20 signals are false if periods vary independently. False signals are more common when one
    period resembles the next: how long deviations last is estimated over all series from few periods.
- `outlook.parquet`, `outlook.csv`: for a series of at least 8 figures, its smoothed `level` now (horizon 0) and, for
  the next four weeks, a 95 % interval for the `published figure` to come, noise included.
- `representation.parquet`, `representation.csv`: an addition to the figures, not a replacement. {sizes}
  - `coverage`: participants per 1,000 of the people who live in a group by public sizes. For everyone, people whose
    area or group is unknown are left out.
  - `weighted`: the figure with each stratum counting by its public size (post-stratification), its difference from the
    `plain` figure, and from everyone's weighted one, each with its intervals. The plan fixes the strata. Strata in
    which few people live are joined with neighbours, by the public sizes alone. If a stratum has too few participants,
    the figure is withheld.
  - People whose group is unknown in a dimension of the strata are in no public size, so they have no weight:
    `unplaced` is how many they are. `design_effect` (Kish) is the cost of uneven weights; `effective_people` is how
    many evenly weighted people count as much.
  - Weighting evens out the sizes of the strata only. Within each of them people chose to log.
- `cells.parquet`: all noisy cells, unbiased, in micro-persons, with their sigma and basis. Single cells of small groups
  are mostly noise; that protects people.
- `card.json`: the promise, the loss, the cohorts, the measures and the floors.
- `manifest.json`: the hash of each file, the renderer (the version of the words and columns of these files), and the
  ledger's entry. Later versions of the program may word new releases differently; these files stay as they are.

## What it cannot tell

Nothing about any one person; no cause; no diagnosis; nothing about people who did not log. A difference between figures
is not explained by them. Do not act on these figures alone.
"""
