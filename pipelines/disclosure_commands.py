"""Texts for people: the participants' notice and the disclosure record, which read no data, and briefings."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.contracts import Contracts, plan_file, read_contracts, shipped_contracts, table_name, unfilled
from analytics.errors import UsageError
from analytics.home import Home, read_config
from pipelines.command_line import Answer, Command, add_plan
from pipelines.output import progress
from pipelines.prefect_server import exclusive_home
from pipelines.settings import Settings

if TYPE_CHECKING:
    from analytics.disclosure.record import Running, TableNoise
    from analytics.store.chain import Entry


def _notice_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "markdown", "html"), default="text")
    add_plan(parser)


def notice(args: Namespace, settings: Settings) -> Answer:
    """Print what a participant should read before saying yes."""
    from analytics.disclosure.forms import as_html, as_markdown, as_text  # noqa: PLC0415 -- only here
    from analytics.disclosure.notice import notice_of  # noqa: PLC0415 -- as above

    contracts = _contracts(Home(settings.home), args.plan)
    forms = {"text": as_text, "markdown": as_markdown, "html": as_html}
    missing = _unfilled(contracts)
    return Answer({"format": args.format, "unfilled": missing, "notice": forms[args.format](notice_of(contracts))})


def _notice_lines(result: dict[str, Any]) -> Iterable[str]:
    yield result["notice"].rstrip("\n")


def record(args: Namespace, settings: Settings) -> Answer:
    """Print the disclosure record; without a home, of the shipped plan with nothing released."""
    from analytics.disclosure.record import record_of  # noqa: PLC0415 -- only here
    from analytics.disclosure.registry import as_yaml  # noqa: PLC0415 -- only here

    home = Home(settings.home)
    made = record_of(running(home, args.plan, settings))
    missing = _unfilled(_contracts(home, args.plan))
    return Answer({"record": made.model_dump(mode="json"), "yaml": as_yaml(made), "unfilled": missing})


def _record_lines(result: dict[str, Any]) -> Iterable[str]:
    yield result["yaml"].rstrip("\n")


def _briefing_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FILE", required=True, help="where to write it")
    parser.add_argument("--format", choices=("pdf", "html"), default="pdf")
    parser.add_argument("--group", metavar="TABLE=COHORT", default="", help="a group, as region=north (else everyone)")
    parser.add_argument(
        "--figure", metavar="MEASURE.FIGURE", default="", help="as mood_bands.low_share (else the first)"
    )
    parser.add_argument("--product", metavar="NAME", default="", help="a product of the plan (else the most frequent)")
    parser.add_argument("--period", metavar="PERIOD", default="", help="as 2026-W14 (else the newest)")
    parser.add_argument("--language", choices=("en", "de"), default="en")


def briefing(args: Namespace, settings: Settings) -> Answer:
    """Write the briefing of one release."""
    from dashboard.briefing import Asked, briefing_file  # noqa: PLC0415 -- heavy

    asked = Asked(args.product, args.period, args.figure, args.group.replace("=", ".", 1), args.language, args.format)
    release, content = briefing_file(Home(settings.home).published, asked)
    _write(args.out, content)
    return Answer({"file": str(args.out), "release": release, "format": args.format})


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError:
        written = False
    else:
        written = True
    if not written:
        message = "The briefing cannot be written to the file of --out."
        raise UsageError(message, "Name a file in a folder that exists and that you may write to.")


def _briefing_lines(result: dict[str, Any]) -> Iterable[str]:
    yield f"Briefing of {result['release']}: {result['file']}"


def _unfilled(contracts: Contracts) -> list[str]:
    """Return what the service has not filled in yet, and say so on stderr."""
    missing = unfilled(contracts.service)
    if missing:
        progress(f"Please fill in, in contracts/service.yaml: {', '.join(missing)}.")
    return missing


def running(home: Home, plan: str | None, settings: Settings) -> "Running":
    """Return what runs in `home`; if there is no home, what would run under the shipped contracts."""
    from analytics.disclosure.record import Running  # noqa: PLC0415 -- only here
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


def _noise(home: Home, contracts: Contracts) -> "tuple[TableNoise, ...]":
    from analytics.disclosure.record import TableNoise  # noqa: PLC0415 -- only here
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


COMMANDS = (
    Command(
        "notice",
        "print what a participant should read before saying yes",
        "notice --format html",
        notice,
        _notice_lines,
        _notice_arguments,
    ),
    Command(
        "record",
        "print this service's disclosure record (OpenDP deployments registry)",
        "record",
        record,
        _record_lines,
        add_plan,
    ),
    Command(
        "briefing",
        "write two pages for a meeting, from the published figures",
        "briefing --group region=north --out north.pdf",
        briefing,
        _briefing_lines,
        _briefing_arguments,
    ),
)
