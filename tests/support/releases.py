"""A small plan and grid, and ledgers with draws from invented exact cells."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from analytics.cells import ExactCells, TableKey
from analytics.contracts import MICRO, NANO, Grid, Plan
from analytics.contracts.plan import PromiseVersion
from analytics.periods import Period
from analytics.release.budget import solved, table_losses
from analytics.release.draw import draw
from analytics.store.ledger import Ledger, create_ledger, open_ledger

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
PRODUCT = "weekly"

GRID = Grid.model_validate(
    {
        "dimensions": {
            "region": {"label": "Region", "keys": {"north": "North", "south": "South", "unknown": "Not known"}},
            "age": {"label": "Age", "keys": {"young": "Young", "unknown": "Not known"}},
        }
    }
)

HEADLINES = {
    "people": {"label": "People", "kind": "people", "weights": [1, 1, 1], "unit": "persons", "importance": 1},
    "low_share": {"label": "Low", "kind": "share", "weights": [1, 0, 0], "unit": "percent", "importance": 1},
    "mean_mood": {"label": "Mean", "kind": "mean", "weights": [0, 50, 100], "unit": "0-100", "importance": 1},
}

PEOPLE = {("north", "young"): 3000, ("south", "young"): 900, ("unknown", "unknown"): 2}
"""Two cohorts to show, one to withhold; every other cell is empty."""


def unfrozen(*, policy: str = "1", cap: float = 0.25, cadence: str = "week") -> Plan:
    """Return a plan of one product, three categories and three tables, not frozen yet."""
    return Plan.model_validate(
        {
            "name": "tiny",
            "description": "Invented",
            "policy_version": policy,
            "unit": "participant",
            "cap_rho": cap,
            "grace_days": 3,
            "retention_days": 400,
            "display": {"floor_people": 9, "floor_noise_sds": "3.72", "caution_half_width": 10},
            "measures": {
                "mood": {
                    "label": "Mood",
                    "definition": "Invented.",
                    "least_data": "One entry.",
                    "categories": {"a": "A", "b": "B", "c": "C"},
                    "headlines": HEADLINES,
                    "category_importance": "0.1",
                }
            },
            "products": {
                PRODUCT: {
                    "label": "Weekly",
                    "cadence": cadence,
                    "from": "2000-01-03",
                    "part_rho": cap,
                    "tables": {"mood": [[], ["region"], ["region", "age"]]},
                }
            },
            "revision_reserve": {"part_rho": 0, "most_in_53_weeks": 0},
        }
    )


def after(plan: Plan, **earlier: float) -> Plan:
    """Return the plan as one that says since when it promises its cap, and what versions before it promised."""
    listed = [
        {"version": name.removeprefix("v"), "cap_rho": cap, "from": date(2020, 1, 1 + number)}
        for number, (name, cap) in enumerate(earlier.items())
    ]
    listed.append({"version": plan.policy_version, "cap_rho": plan.cap_rho, "from": NOW.date() + timedelta(days=1)})
    return plan.model_copy(update={"promise_versions": tuple(map(PromiseVersion.model_validate, listed))})


@functools.cache
def plan_of(*, policy: str = "1", cap: float = 0.25, cadence: str = "week") -> Plan:
    """Return the plan with its noise."""
    plan = unfrozen(policy=policy, cap=cap, cadence=cadence)
    return plan.model_copy(update={"frozen": solved(plan, GRID)})


def loss_of(plan: Plan) -> int:
    """Return what one release under the plan costs, in nano-rho."""
    return sum(table_losses(plan.products[PRODUCT], (plan.frozen or {})[PRODUCT]).values())


def holding(plan: Plan, releases: int) -> Plan:
    """Return the plan with a cap that holds that many releases and half of one."""
    cap = type(plan.cap_rho)(loss_of(plan) * (2 * releases + 1) // 2) / NANO
    return plan.model_copy(update={"cap_rho": cap})


def exact_cells(plan: Plan) -> ExactCells:
    """Return the invented cohorts as exact cells: half of each in the first category, the rest in the others."""
    vectors: dict[TableKey, list[int]] = {}
    for measure, dimensions in plan.products[PRODUCT].measured():
        vector: list[int] = []
        for cohort in GRID.cohorts(dimensions):
            wanted = dict(zip(dimensions, cohort, strict=True))
            people = sum(
                number
                for (region, age), number in PEOPLE.items()
                if wanted.get("region", region) == region and wanted.get("age", age) == age
            )
            vector += [people * MICRO // 2, people * MICRO // 4, people * MICRO // 4]
        vectors[TableKey(measure, dimensions)] = vector
    return ExactCells(vectors)


@dataclass(frozen=True)
class Home:
    """Where a ledger, its head and the published files lie."""

    folder: Path

    @property
    def ledger(self) -> Path:
        """The SQLite file."""
        return self.folder / "releases.sqlite"

    @property
    def head(self) -> Path:
        """The head."""
        return self.folder / "ledger_head.json"

    @property
    def published(self) -> Path:
        """The published folder."""
        return self.folder / "published"

    @contextmanager
    def open(self) -> Iterator[Ledger]:
        """Open the ledger."""
        with open_ledger(self.ledger, self.head) as ledger:
            yield ledger

    def draw(self, *weeks: str, plan: Plan | None = None) -> None:
        """Draw periods from the invented cells."""
        used = plan or plan_of()
        with self.open() as ledger:
            for week in weeks:
                draw_week(ledger, week, used)


def new_home(folder: Path) -> Home:
    """Return a home with an empty ledger."""
    folder.mkdir(exist_ok=True)
    home = Home(folder)
    create_ledger(home.ledger, home.head)
    return home


def draw_week(ledger: Ledger, week: str, plan: Plan) -> bool:
    """Draw one period from the invented cells."""
    return draw(ledger, plan, GRID, PRODUCT, Period.parse(week), lambda _: exact_cells(plan), NOW)
