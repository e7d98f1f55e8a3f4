"""One draw for ever: caps, exact cells, noise, ledger entry and noisy cells in ONE transaction; then the head."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from analytics.cells import ExactCells, NoisyCells, TableKey
from analytics.contracts import FrozenMeasure, Grid, Plan, Product, table_name
from analytics.contracts.promise import counted
from analytics.errors import UnforeseenError
from analytics.periods import Period, week_ordinal
from analytics.release.budget import cells_of, frozen_noise, sensitivity, table_losses
from analytics.release.caps import governing_cap
from analytics.release.noise import MECHANISM, epsilon, noisy, versions
from analytics.release.promised import check_promised
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
) -> bool:
    """Draw one release unless it was ever drawn; say whether it was drawn now.

    `count` reads the vault, is given the cap that the draw stands under, and is called after the caps have been
    checked: it counts only people who agreed to at least that cap. Nothing looks at a noisy value before it
    is committed, so no check can cause a second draw; a crash before the commit leaves and reveals nothing.

    Raises:
        BudgetRefusedError: if a cap would be passed, or people who agreed to less would count; nothing was read.
        ContractRefusedError: if the plan is not frozen, or its noise does not fit its allowance.
        UnforeseenError: if a person's number of releases is bounded, and the count does not remember whom it counted.
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
        cells, drawn_loss = _noisy_cells(exact, frozen, grid, list(losses))
        about = [charge_of(entry) for entry in entries if entry.charge_year == year]
        so_far = lost([*about, Charge(product, drawn_loss, most)])
        accounting = {
            "charge_year": year,
            "last_week": last_week,
            "loss_nano": drawn_loss,
            **({} if most is None else {"most_releases_per_person": most, "count_id": exact.count_id}),
            "cap_nano": cap,
            "plan_cap_nano": plan.cap_nano,
            "counted_versions": [one.version for one in counted(plan, cap)],
            "spent_nano": so_far,
            "epsilon_cap": _epsilons(cap),
            "epsilon_spent": _epsilons(so_far),
            "drawn_at": now.date().isoformat(),  # a time of day would tell how long the ingest before it took
        }
        ledger.append({**_described(plan, grid, product, period), **accounting}, cells)
    ledger.advance_head()
    return True


def _reaches(plan: Plan, period: Period, losses: dict[tuple[str, tuple[str, ...]], int]) -> list[tuple[int, int]]:
    return [(week_ordinal(plan.reads_from(measure, period)), loss) for (measure, _), loss in losses.items()]


def _noisy_cells(
    exact: ExactCells, frozen: dict[str, FrozenMeasure], grid: Grid, tables: list[tuple[str, tuple[str, ...]]]
) -> tuple[NoisyCells, int]:
    """Return the release's noisy coordinates and the loss that the engine certifies, in nano-rho."""
    vectors: dict[TableKey, tuple[int, ...]] = {}
    loss = 0
    for measure, dimensions in tables:
        key = TableKey(measure, dimensions)
        basis = frozen[measure].basis
        vectors[key], cost = noisy(
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
        UnforeseenError: if the vector is not of whole cells; nothing of it is told.
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


def _described(plan: Plan, grid: Grid, product: str, period: Period) -> dict[str, Any]:
    """Return everything public about a release that accounting and publishing need; no number of the data."""
    one = plan.products[product]
    frozen = (plan.frozen or {})[product]
    losses = table_losses(one, frozen)
    return {
        "kind": KIND,
        "unit": UNIT,
        "horizon": HORIZON,
        "accounting": ACCOUNTING,
        "mechanism": MECHANISM,
        "product": product,
        "product_label": one.label,
        "cadence": one.cadence,
        "period": period.name,
        "revision": REVISION,
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
        "plan": plan.name,
        "policy_version": plan.policy_version,
        "plan_fingerprint": plan.fingerprint(grid),
        "rebase": [[rebase.from_, rebase.reason] for rebase in plan.rebase.get(product, ())],
        "display": {name: str(value) for name, value in plan.display.model_dump().items()},
        "dimensions": [
            {"name": name, "label": dimension.label, "keys": [list(pair) for pair in dimension.keys.items()]}
            for name, dimension in grid.dimensions.items()
        ],
        **_represented(one, grid),
        "measures": [
            {
                "name": name,
                "label": plan.measures[name].label,
                "definition": plan.measures[name].definition,
                "least_data": plan.measures[name].least_data,
                "looks_back_weeks": plan.measures[name].looks_back_weeks,
                "parameters": plan.measures[name].parameters,
                "basis": [list(row) for row in frozen[name].basis],
                "categories": [list(pair) for pair in plan.measures[name].categories.items()],
                "headlines": [
                    {
                        "name": headline,
                        "label": result.label,
                        "kind": result.kind,
                        "unit": result.unit,
                        "weights": list(result.weights),
                        "whole": list(result.whole),
                        "among": result.among,
                    }
                    for headline, result in plan.measures[name].headlines.items()
                ],
            }
            for name in one.tables
        ],
        "tables": [
            {
                "measure": measure,
                "dimensions": list(dimensions),
                "integers": cells_of(grid, dimensions, frozen[measure].basis),
                "d_in": sensitivity(frozen[measure].basis),
                "sigma": frozen[measure].sigma[table_name(dimensions)],
                "loss_nano": loss,
                "reads_from": plan.reads_from(measure, period).isoformat(),
            }
            for (measure, dimensions), loss in losses.items()
        ],
        "versions": versions(),
    }


def _represented(product: Product, grid: Grid) -> dict[str, Any]:
    """Return public sizes and the strata weighted to them; where none are given nothing, so that entries stay as is."""
    if grid.population is None:
        return {}
    result = grid.population
    return {
        "population": {
            "dimensions": list(result.dimensions),
            "source": result.source,
            "as_of": result.as_of,
            "people": [list(pair) for pair in sorted(result.people.items())],
        },
        "strata": {measure: list(dimensions) for measure, dimensions in product.strata.items()},
    }
