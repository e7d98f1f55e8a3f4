"""`record`: the disclosure record of what runs here, from plan, contracts, ledger and versions; reads no data."""

from argparse import Namespace
from typing import TYPE_CHECKING

from analytics.contracts import Contracts, plan_file, read_contracts, shipped_contracts, table_name, unfilled
from analytics.disclosure.record import Running, TableNoise, record_of
from analytics.disclosure.registry import as_yaml
from analytics.home import Home, read_config
from pipelines.commands import Answer
from pipelines.orphans import exclusive_home
from pipelines.output import progress
from pipelines.settings import Settings

if TYPE_CHECKING:
    from analytics.store.chain import Entry


def record(args: Namespace, settings: Settings) -> Answer:
    """Print the disclosure record; without a home, of the shipped plan with nothing released."""
    home = Home(settings.home)
    made = record_of(running(home, args.plan, settings))
    missing = unfilled(_contracts(home, args.plan).service)
    if missing:
        progress(f"Still to be filled in, in contracts/service.yaml: {', '.join(missing)}.")
    return {"record": made.model_dump(mode="json"), "yaml": as_yaml(made), "unfilled": missing}, [], []


def running(home: Home, plan: str | None, settings: Settings) -> Running:
    """Return what runs in `home`, or would run under the shipped contracts where there is none."""
    from analytics.release.draw import DELTAS  # noqa: PLC0415 -- heavy
    from analytics.release.noise import epsilon, versions  # noqa: PLC0415 -- heavy
    from analytics.store.ledger import open_ledger  # noqa: PLC0415 -- heavy

    contracts = _contracts(home, plan)
    entries: tuple[Entry, ...] = ()
    head = ""
    if home.exists():
        with exclusive_home(home), open_ledger(home.ledger, home.head) as ledger:
            entries, head = tuple(ledger.entries()), ledger.head().hash
    return Running(
        contracts=contracts,
        noise=_noise(home, contracts),
        epsilon={delta: epsilon(contracts.plan.cap_nano, delta) for delta in DELTAS},
        versions=versions(),
        entries=entries,
        head=head,
        today=settings.now.date(),
    )


def _noise(home: Home, contracts: Contracts) -> tuple[TableNoise, ...]:
    from analytics.release import budget  # noqa: PLC0415 -- heavy

    plan = contracts.plan
    file = plan_file(home.contracts if home.exists() else shipped_contracts(), plan.name).name
    frozen = budget.solved(plan, contracts.grid) if plan.frozen is None else budget.frozen_noise(plan, file)
    return tuple(
        TableNoise(
            product=name,
            table=f"{measure} by {table_name(dimensions)}",
            integers=budget.cells_of(contracts.grid, dimensions, frozen[name][measure].basis),
            d_in=budget.sensitivity(frozen[name][measure].basis),
            sigma=frozen[name][measure].sigma[table_name(dimensions)],
            loss_nano=loss,
            touches=plan.touches(product, measure),
        )
        for name, product in plan.products.items()
        for (measure, dimensions), loss in budget.table_losses(product, frozen[name]).items()
    )


def _contracts(home: Home, plan: str | None) -> Contracts:
    if not home.exists():
        return read_contracts(shipped_contracts(), plan or "standard")
    return read_contracts(home.contracts, plan or read_config(home).plan)
