"""One draw for ever: caps, exact cells, noise, ledger entry and noisy cells in ONE transaction; then the head."""

from collections.abc import Callable
from datetime import datetime

from analytics.cells import ExactCells, NoisyCells, TableKey
from analytics.contracts import FrozenMeasure, Grid, Measure, Plan, table_name
from analytics.contracts.promise import counted
from analytics.errors import UnforeseenError
from analytics.periods import Period, week_ordinal
from analytics.release.budget import cells_of, frozen_noise, sensitivity, table_losses
from analytics.release.caps import governing_cap
from analytics.release.noise import MECHANISM, Noise, epsilon, noisy, versions
from analytics.release.promised import check_promised
from analytics.store.body import (
    RENDERER,
    HeadlineKind,
    NoisyTable,
    ReleaseBody,
    ReleasedDimension,
    ReleasedHeadline,
    ReleasedMeasure,
    ReleasedPopulation,
)
from analytics.store.chain import KIND
from analytics.store.charges import Charge, charge_of, lost
from analytics.store.ledger import Ledger
from analytics.store.traces import Trace

DELTAS = (1e-6, 1e-9)
REVISION = 0
"""The first and only draw of a period; the reserve for revisions is a part of the plan."""

UNIT = "one participant and their whole record, added or removed"

HORIZON = (
    "everything released about one ISO year, all products together, about any 53 consecutive weeks, "
    "and everything at all about a participant who logs within 366 consecutive days only"
)

ACCOUNTING = "zCDP; whole nano-rho; each table's loss rounded up; losses of tables, releases and years add"


def draw(  # noqa: PLR0913, PLR0917 -- the five facts of a draw, the vault behind `count`, and the clock
    ledger: Ledger,
    plan: Plan,
    grid: Grid,
    product: str,
    period: Period,
    count: Callable[[int], ExactCells],
    now: datetime,
    *,
    noise: Noise = noisy,
) -> bool:
    """Draw one release unless it was ever drawn; return whether it was drawn now.

    `count` reads the vault. It gets the cap of the draw and counts only people who agreed to at least that cap; it is
    called after the caps have been checked. Nothing looks at a noisy value before it is committed, so no check can
    cause a second draw; a crash before the commit leaves and reveals nothing. `noise` is for the audit's harness alone,
    which must refute a build with too little of it: no command passes it.

    Raises:
        BudgetRefusedError: if a cap would be passed, or people who agreed to less would count; nothing was read.
        ContractRefusedError: if the plan is not frozen, or its noise does not fit its allowance.
        UnforeseenError: if a person's number of releases is bounded, and the count does not remember people.
    """
    frozen = frozen_noise(plan, f"the release plan '{plan.name}'")[product]
    losses = table_losses(plan.products[product], frozen)
    loss = sum(losses.values())
    year, last_week = period.last_day.isocalendar().year, week_ordinal(period.last_day)
    with ledger.transaction():
        entries = ledger.entries()
        # L10: one draw per key, for ever (docs/privacy/proof.md)
        if ledger.find(product, period.name, REVISION) is not None:
            return False
        most = plan.products[product].most_releases_per_person
        cap = governing_cap(
            entries,
            trace=Trace.of(Charge(product, loss, most), last_week, _reaches(plan, period, losses)),
            year=year,
            plan_cap_nano=plan.cap_nano,
            policy_version=plan.policy_version,
        )
        check_promised(entries, plan, cap)
        exact = count(cap)
        if most is not None and exact.count_id is None:
            message = "The plan says in how many releases a person counts, and the count remembers nobody."
            raise UnforeseenError(message, "Report this: nothing was drawn.")
        cells, drawn_loss = _noisy_cells(exact, frozen, grid, list(losses), noise)
        about = [charge_of(entry) for entry in entries if entry.charge_year == year]
        so_far = lost([*about, Charge(product, drawn_loss, most)])
        body = described(plan, grid, product, period).model_copy(
            update={
                "loss_nano": drawn_loss,
                "most_releases_per_person": most,
                "count_id": None if most is None else exact.count_id,
                "cap_nano": cap,
                "counted_versions": tuple(one.version for one in counted(plan, cap)),
                "spent_nano": so_far,
                "epsilon_cap": _epsilons(cap),
                "epsilon_spent": _epsilons(so_far),
                "drawn_at": now.date().isoformat(),  # a time of day would reveal how long the ingest before it took
            }
        )
        ledger.append(body, cells)
    ledger.advance_head()
    return True


def _reaches(plan: Plan, period: Period, losses: dict[tuple[str, tuple[str, ...]], int]) -> list[tuple[int, int]]:
    return [(week_ordinal(plan.reads_from(measure, period)), loss) for (measure, _), loss in losses.items()]


def _noisy_cells(
    exact: ExactCells,
    frozen: dict[str, FrozenMeasure],
    grid: Grid,
    tables: list[tuple[str, tuple[str, ...]]],
    noise: Noise,
) -> tuple[NoisyCells, int]:
    """Return the release's noisy coordinates and the loss that the engine certifies, in nano-rho."""
    vectors: dict[TableKey, tuple[int, ...]] = {}
    loss = 0
    for measure, dimensions in tables:
        key = TableKey(measure, dimensions)
        basis = frozen[measure].basis
        vectors[key], cost = noise(
            measured(exact.reveal(key), basis),
            cells_of(grid, dimensions, basis),
            sensitivity(basis),
            frozen[measure].sigma[table_name(dimensions)],
        )
        loss += cost  # L6: losses of tables add (docs/privacy/proof.md)
    return NoisyCells(vectors), loss


def measured(vector: list[int], basis: tuple[tuple[int, ...], ...]) -> list[int]:
    """Return B·x for every cell of a table, in whole micro-persons.

    Raises:
        UnforeseenError: if the vector is not of whole cells; the message holds no number of it.
    """
    categories = len(basis[0])
    if len(vector) % categories:
        message = "A vector did not have its public size; nothing was drawn."
        raise UnforeseenError(message, "Report this: the vault's cells and the grid disagree.")
    return [
        sum(weight * value for weight, value in zip(row, vector[start : start + categories], strict=True))
        for start in range(0, len(vector), categories)
        for row in basis
    ]


def _epsilons(rho_nano: int) -> dict[str, float]:
    return {f"{delta:.0e}": epsilon(rho_nano, delta) for delta in DELTAS}


def described(plan: Plan, grid: Grid, product: str, period: Period) -> ReleaseBody:
    """Return the body of an entry before its draw: everything public, no number of the data, and no loss yet."""
    one = plan.products[product]
    frozen = (plan.frozen or {})[product]
    losses = table_losses(one, frozen)
    return ReleaseBody(
        kind=KIND,
        unit=UNIT,
        horizon=HORIZON,
        accounting=ACCOUNTING,
        mechanism=MECHANISM,
        product=product,
        product_label=one.label,
        cadence=one.cadence,
        period=period.name,
        revision=REVISION,
        first_day=period.first_day,
        last_day=period.last_day,
        charge_year=period.last_day.isocalendar().year,
        last_week=week_ordinal(period.last_day),
        loss_nano=0,
        cap_nano=0,
        plan_cap_nano=plan.cap_nano,
        spent_nano=0,
        epsilon_cap={},
        epsilon_spent={},
        plan=plan.name,
        policy_version=plan.policy_version,
        plan_fingerprint=plan.fingerprint(grid),
        rebase=tuple((rebase.from_, rebase.reason) for rebase in plan.rebase.get(product, ())),
        display={name: str(value) for name, value in plan.display.model_dump().items()},
        dimensions=tuple(
            ReleasedDimension(name=name, label=dimension.label, keys=tuple(dimension.keys.items()))
            for name, dimension in grid.dimensions.items()
        ),
        population=_population(grid),
        strata=None if grid.population is None else dict(one.strata),
        measures=tuple(_measure(name, plan.measures[name], frozen[name]) for name in one.tables),
        tables=tuple(
            NoisyTable(
                measure=measure,
                dimensions=dimensions,
                integers=cells_of(grid, dimensions, frozen[measure].basis),
                d_in=sensitivity(frozen[measure].basis),
                sigma=frozen[measure].sigma[table_name(dimensions)],
                loss_nano=loss,
                reads_from=plan.reads_from(measure, period),
            )
            for (measure, dimensions), loss in losses.items()
        ),
        versions=versions(),
        renderer=RENDERER,
    )


def _measure(name: str, measure: Measure, frozen: FrozenMeasure) -> ReleasedMeasure:
    return ReleasedMeasure(
        name=name,
        label=measure.label,
        definition=measure.definition,
        least_data=measure.least_data,
        looks_back_weeks=measure.looks_back_weeks,
        parameters=measure.parameters,
        basis=frozen.basis,
        categories=tuple(measure.categories.items()),
        headlines=tuple(
            ReleasedHeadline(
                name=headline,
                label=one.label,
                kind=HeadlineKind(one.kind),
                unit=one.unit,
                weights=one.weights,
                whole=one.whole,
                among=one.among,
            )
            for headline, one in measure.headlines.items()
        ),
    )


def _population(grid: Grid) -> ReleasedPopulation | None:
    """Return the public sizes; an entry has none, and no strata, where none are given."""
    given = grid.population
    if given is None:
        return None
    return ReleasedPopulation(
        dimensions=given.dimensions,
        source=given.source,
        as_of=given.as_of,
        people=tuple(sorted(given.people.items())),
    )
