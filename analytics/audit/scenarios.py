"""The public shapes that experiments are made in: plans that spend a whole year's loss in one release, and neighbours.

A worst-case neighbour is a person with all of their mass in one cell of every table, in the category that the basis
stretches most: nobody can move a release further.
"""

from dataclasses import replace
from decimal import Decimal

from analytics.audit.harness import AuditPerson
from analytics.contracts import NANO, UNKNOWN, Contracts, Grid, Plan, read_contracts, shipped_contracts
from analytics.periods import Period, most_touched
from analytics.release.budget import solved

PRODUCT = "audit"
MEASURE = "mood_bands"
AGE = "25-34"

LOSS_NANO = 250_000_000
"""What one release of an audit plan may cost: a whole year's loss of the plans that ship."""

STRIDE = 54
"""Weeks from one release to the next that is drawn: no 53 weeks hold two of them."""

PERIODS = 24
"""Releases that one ledger can hold at that stride within the harness's dates."""

Tables = tuple[tuple[str, ...], ...]


def audit_contracts(regions: int, tables: Tables) -> Contracts:
    """Return the contracts that ship, but for a small grid and a plan of `LOSS_NANO` for each release.

    The plan's cap is that of all such releases that 366 days of logging touch, since the plan language has no product
    that is released once a year; the experiments draw one in 54 weeks, and what they claim is one release's loss, read
    from what it publishes.
    """
    contracts = read_contracts(shipped_contracts(), "standard")
    used = {name for table in tables for name in table}
    keys = {"region": {f"r{number}": f"Region {number}" for number in range(regions)}, "age_band": {AGE: "Middle"}}
    grid = Grid.model_validate(
        {
            "dimensions": {
                name: {"label": name, "keys": {**keys[name], UNKNOWN: "Not known"}} for name in keys if name in used
            }
        }
    )
    part = str(Decimal(LOSS_NANO) * most_touched("week") / NANO)
    product = {"label": "Audit", "cadence": "week", "from": "2000-01-03", "part_rho": part, "tables": {MEASURE: tables}}
    result = contracts.plan.model_dump(mode="json", by_alias=True)
    plan = Plan.model_validate(
        result
        | {"name": "audit", "cap_rho": part, "products": {PRODUCT: product}, "frozen": None}
        | {"revision_reserve": {"part_rho": 0, "most_in_53_weeks": 0}}
    )
    return replace(contracts, grid=grid, plan=plan.model_copy(update={"frozen": solved(plan, grid)}))


def narrowed(plan: Plan, product: str, measure: str) -> Plan:
    """Return `plan` with nothing but one product's measure, and its noise as it is frozen."""
    one = plan.products[product]
    return plan.model_copy(
        update={
            "products": {product: one.model_copy(update={"tables": {measure: one.tables[measure]}})},
            "measures": {measure: plan.measures[measure]},
            "frozen": {product: {measure: (plan.frozen or {})[product][measure]}},
        }
    )


def periods(number: int) -> list[Period]:
    """Return `number` weeks, each `STRIDE` after the one before."""
    found = [Period.parse("2001-W01")]
    while len(found) < number:
        later = found[-1]
        for _ in range(STRIDE):
            later = later.next
        found.append(later)
    return found


def worst_category(plan: Plan) -> int:
    """Return the category of the plan's one product in which a person moves the release furthest."""
    (frozen,) = (plan.frozen or {}).values()
    basis = frozen[MEASURE].basis
    return max(range(len(basis[0])), key=lambda column: sum(row[column] ** 2 for row in basis))


def member(number: int, plan: Plan, weeks: list[Period], *, other: int = 0) -> AuditPerson:
    """Return a worst-case member of the region `number`; `other` tells apart people of one region."""
    mood = worst_category(plan) + 1  # the bands of the moods 1 to 5 are 1 to 5
    return AuditPerson(f"member-{number}-{other}", f"r{number}", mood, tuple(weeks), AGE)


def cohorts_of(number: int) -> frozenset[str]:
    """Return the public names of the cohorts that such a member is in, in whatever table."""
    return frozenset({"all", f"r{number}", f"r{number}/{AGE}"})
