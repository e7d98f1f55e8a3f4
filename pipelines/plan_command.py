"""`plan`: what a plan costs and what it will show, from the plan alone."""

from argparse import Namespace
from contextlib import nullcontext
from dataclasses import asdict
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.contracts import NANO, Grid, Plan, plan_file, read_plan, shipped_contracts, table_name
from analytics.disclosure.others import others
from analytics.errors import MurmurationError
from analytics.home import Home, lock, read_config
from analytics.odds import odds
from pipelines.settings import Settings

if TYPE_CHECKING:
    from analytics.release.comparison import ErrorRow
    from analytics.trends.estimation.expected import HalfWidthRow

COHORT_SIZES = (30, 100, 300, 1000, 3000, 10_000)
"""People in a cohort for which intervals are told unless `--people` names the service's size."""


def plan(args: Namespace, settings: Settings) -> tuple[dict[str, Any], list[MurmurationError], list[str]]:
    """Tell cost and expected intervals; with `--freeze`, write the noise into the plan first."""
    from analytics.release import budget  # noqa: PLC0415 -- `--help` starts without it
    from analytics.release.comparison import errors  # noqa: PLC0415 -- as above

    home = Home(settings.home)
    folder = home.contracts if home.exists() else shipped_contracts()
    name = args.plan or (read_config(home).plan if home.exists() else "standard")
    if args.freeze:
        with lock(home) if home.exists() else nullcontext():
            _freeze(folder, name)
    read, grid = read_plan(folder, name)
    file = plan_file(folder, name)
    frozen = budget.solved(read, grid) if read.frozen is None else budget.frozen_noise(read, file.name)
    result = {
        "plan": name,
        "is_frozen": read.frozen is not None,
        **_cap(read),
        "odds": [asdict(each) for each in odds(read.cap_nano)],
        "others": [
            {"whom": each.whom, "rho": each.rho_nano / NANO, **asdict(each.odds)}
            for each in others(read.model_copy(update={"frozen": frozen}))
        ],
        "products": budget.cost(read, frozen),
        "noise": [_rounded(row) for row in errors(read, grid, frozen)],
        "half_width": (expected := _half_widths(read, grid, frozen, args.people)),
        "unread_measures": _unread(expected),
    }
    return result, [], []


def _rounded(row: "ErrorRow") -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()}


def _freeze(folder: Path, name: str) -> None:
    from analytics.release import budget  # noqa: PLC0415 -- as above

    read, grid = read_plan(folder, name)
    path = plan_file(folder, name)
    text = budget.frozen_text(path.read_text("utf-8"), budget.solved(read, grid))
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def _cap(plan_: Plan) -> dict[str, Any]:
    from analytics.release.noise import epsilon  # noqa: PLC0415 -- as above

    return {
        "rho_year": plan_.cap_nano / NANO,
        "epsilon_year": epsilon(plan_.cap_nano, 1e-6),
        "delta": 1e-6,
        "epsilon_year_1e-9": epsilon(plan_.cap_nano, 1e-9),
    }


def _unread(expected: "list[HalfWidthRow]") -> list[str]:
    """Return the measures of which no share or mean would be shown anywhere."""
    named = dict.fromkeys(row["measure"] for row in expected)
    read = {row["measure"] for row in expected if row["readable"] and row["headline"] != "people"}
    return [measure for measure in named if measure not in read]


def _half_widths(plan_: Plan, grid: Grid, frozen: Any, people: int | None) -> "list[HalfWidthRow]":  # noqa: ANN401 -- passed through
    """Return expected half widths by people in the cohort; of a service's size, for even splits over each table."""
    from analytics.trends.estimation.expected import half_widths  # noqa: PLC0415 -- as above

    if people is None:
        return half_widths(plan_, grid, frozen, list(COHORT_SIZES))
    share = {
        table_name(dimensions): max(1, people // prod(len(grid.keys(one)) - 1 for one in dimensions))
        for product in plan_.products.values()
        for _, dimensions in product.measured()
    }  # without the key `unknown`
    rows = half_widths(plan_, grid, frozen, sorted(set(share.values())))
    return [row for row in rows if row["people"] == share[row["table"]]]
