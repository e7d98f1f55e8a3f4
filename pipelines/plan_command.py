"""`plan`: what a plan costs and what it will show, from the plan alone."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import asdict
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.contracts import NANO, Grid, Plan, plan_file, read_plan, shipped_contracts, table_name
from analytics.home import Home, lock, read_config
from analytics.odds import odds
from pipelines.command_line import Answer, Command, add_plan, count
from pipelines.settings import Settings

if TYPE_CHECKING:
    from analytics.release.comparison import ErrorRow
    from analytics.trends.estimation.expected import HalfWidthRow

COHORT_SIZES = (30, 100, 300, 1000, 3000, 10_000)
"""People in a cohort for which the expected intervals are listed; `--people` lists them for a service's size."""


def _arguments(parser: ArgumentParser) -> None:
    add_plan(parser)
    parser.add_argument("--people", type=count, metavar="N", help="how many people log in the service")
    parser.add_argument("--freeze", action="store_true", help="compute the noise again and write it into the plan")


def plan(args: Namespace, settings: Settings) -> Answer:
    """Return cost and expected intervals; with `--freeze`, write the noise into the plan first."""
    from analytics.disclosure.others import others  # noqa: PLC0415 -- `--help` starts without it
    from analytics.release import budget  # noqa: PLC0415 -- as above
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
    return Answer(result)


def _rounded(row: "ErrorRow") -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()}


def _freeze(folder: Path, name: str) -> None:
    from analytics.release.budget import solved  # noqa: PLC0415 -- as above
    from analytics.release.plan_file import frozen_text  # noqa: PLC0415 -- as above

    read, grid = read_plan(folder, name)
    path = plan_file(folder, name)
    text = frozen_text(path.read_text("utf-8"), solved(read, grid), path.name)
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
    """Return the measures that would have no readable share or mean in any cohort."""
    named = dict.fromkeys(row["measure"] for row in expected)
    read = {row["measure"] for row in expected if row["readable"] and row["headline"] != "people"}
    return [measure for measure in named if measure not in read]


def _half_widths(plan_: Plan, grid: Grid, frozen: Any, people: int | None) -> "list[HalfWidthRow]":  # noqa: ANN401 -- passed through
    """Return expected half widths by people in the cohort; for a service's size, its people are split evenly."""
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


def _lines(result: dict[str, Any]) -> Iterable[str]:
    yield (
        f"Plan {result['plan']}: at most rho {result['rho_year']:g} about one person and year, "
        f"epsilon {result['epsilon_year']:.2f} at delta 1e-6 ({result['epsilon_year_1e-9']:.2f} at 1e-9)"
    )
    yield from _odds_lines(result["odds"])
    yield "The same for households and for one entry, from all that a year publishes (Gaussian noise; by zCDP alone):"
    for one in result["others"]:
        numbers = f"{one['recognised_in_100']:>4} {one['recognised_in_100_by_zcdp_alone']:>4}"
        yield f"  {one['whom']:<38} {numbers}  rho {one['rho']:.9f}"
    for product in result["products"]:
        yield from _product_lines(product)
    yield "Noise of each figure (standard deviation, people; of a mean: halves of its scale), and the alternatives"
    yield f"{'measure':<16} {'table':<20} {'figure':<18} {'plan':>8} {'equal split':>12} {'no basis':>9} {'optimum':>8}"
    for row in result["noise"]:
        text = f"{row['plan']:>8.2f} {row['equal_split']:>12.2f} {row['identity']:>9.2f} {row['optimum']:>8.2f}"
        yield f"{row['measure']:<16} {row['table']:<20} {row['headline']:<18} {text}"
    yield "What to expect if so many people log and so many of them have enough data (`typical` in the plan)"
    yield "Modelled figures after 1, 4 and 13 periods, in services like the one that the plan assumes (`assumes`)"
    after = " ".join(f"{f'after {periods}':>9}" for periods in (1, 4, 13))
    yield f"{'measure':<16} {'table':<20} {'people':>7} {'counted':>7}  {'figure':<18} {'+/-':>8} {after}"
    for row in result["half_width"]:
        text = f"{row['shown']:.1f}" if row["readable"] else "withheld"
        numbers = f"{row['people']:>7} {row['counted']:>7}"
        modelled = " ".join(_modelled(one) for one in row["modelled"])
        yield f"{row['measure']:<16} {row['table']:<20} {numbers}  {row['headline']:<18} {text:>8} {modelled}"
    if result["unread_measures"]:
        unread = ", ".join(result["unread_measures"])
        yield f"No plain figure would be readable of: {unread}. A plan without them has less noise for the others."


def _modelled(one: dict[str, Any]) -> str:
    """Return an expected half-width for a column."""
    text = f"{one['shown']:.1f}" if one["readable"] else "withheld"
    return f"{text:>9}"


def _product_lines(product: dict[str, Any]) -> Iterable[str]:
    most, touched = product["releases_per_year"], product["touched_in_366_days"]
    yield f"{product['name']}: rho {product['rho_per_release']:.9f} a release, at most {most} in 53 weeks"
    yield (
        f"  366 days of logging: at most rho {product['rho_in_366_days']:.9f} of a part of "
        f"{product['rho_part']:g}, in {_range(touched)} releases"
    )
    for table in product["tables"]:
        times = f"x {touched[table['measure']]}"
        yield f"  {table['measure']:<16} {table['name']:<20} rho {table['rho']:.9f} {times:>5}"


def _range(touched: dict[str, int]) -> str:
    least, most = min(touched.values()), max(touched.values())
    return str(most) if least == most else f"{least} to {most}"


def _odds_lines(odds_: list[dict[str, int]]) -> Iterable[str]:
    wrong = odds_[0]["guessing"]
    yield f"Recognised at most, of 100 members, by someone wrong about {wrong} in 100 others (guessing: {wrong}):"
    for label, name in (
        ("years", "years"),
        ("Gaussian noise", "recognised_in_100"),
        ("by zCDP alone", "recognised_in_100_by_zcdp_alone"),
    ):
        yield f"  {label:<22} {' '.join(format(each[name], '>4') for each in odds_)}"


COMMANDS = (
    Command(
        "plan",
        "show what a plan costs and what it will show, from the plan alone",
        "plan --plan small --people 800",
        plan,
        _lines,
        _arguments,
    ),
)
