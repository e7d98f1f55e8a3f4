"""The commands that run a flow: files into the vault, periods out of it."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analytics.contracts import read_contracts, read_declarations
from analytics.errors import UsageError
from analytics.home import Home, read_config
from pipelines.command_line import Answer, Command, day
from pipelines.due_periods import ReleaseRequest
from pipelines.output import SUSPENDED, waiting_lines
from pipelines.prefect_server import exclusive_home, flow_engine
from pipelines.settings import Settings


def _ingest_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "named", nargs="*", metavar="SOURCE FILE", help="a source (or `participants`, `consents`), then its files"
    )
    parser.add_argument(
        "--inbox",
        action="store_true",
        help="instead: all files of HOME/inbox/SOURCE/ and HOME/inbox/SOURCE/PERSON/ unchanged for 10 seconds",
    )
    parser.add_argument(
        "--people", type=Path, metavar="MAP", help="who owns each named file: a CSV with the columns file, person_id"
    )


def ingest(args: Namespace, settings: Settings) -> Answer:
    """Ingest the named files, or those of the inbox."""
    source, *files = args.named or [None]
    if args.inbox and args.people is not None:
        message = "--people is for named files; in the inbox, the owner of a file is the folder that holds it."
        raise UsageError(message, "Put the files into inbox/SOURCE/PERSON/, or name them as arguments.")
    if args.inbox == bool(source) or (source and not files):
        message = "Name a source and at least one file, or --inbox alone."
        raise UsageError(message, "For example: murmuration ingest canonical mood_entries.csv")
    home = Home(settings.home)
    config = read_config(home)
    with exclusive_home(home):
        start = flow_engine(home, settings)
        from analytics.vault.files.ingest_job import inbox_files, named_files  # noqa: PLC0415 -- heavy
        from pipelines.steps import ingest_files  # noqa: PLC0415 -- Prefect reads its environment at import

        contracts = read_contracts(home.contracts, config.plan)
        if source:
            owners = None if args.people is None else settings.folder / args.people
            selection = named_files(source, files, settings.folder, owners, contracts)
        else:
            selection = inbox_files(home, contracts, settings.now)
        return ingest_files(home, config, contracts, settings, selection, start)


def ingest_lines(result: dict[str, Any]) -> Iterable[str]:
    """Yield what became of the files: counts, and rules of refusal."""
    if not result["files"]:
        yield "Nothing to ingest."
    if result["withdrawn"]:
        yield f"Withdrawals received: {result['withdrawn']} people (see `murmuration receipts`)"
    yield from waiting_lines(result["waiting"])
    yield from _agreed_lines(result["agreed"])
    purged = result["retention"]
    if purged["entries"] or purged["questionnaire_totals"]:
        counts = f"{purged['entries']} entries, {purged['questionnaire_totals']} questionnaire totals"
        yield f"Deleted because the retention time is over (dated before {purged['before']}): {counts}"
    for one in result["broken_sources"]:
        yield f"Source {one['source']} is not read until its declaration is corrected. {one['reason']}"
    if result["left_in_inbox"]:
        why = "changed in the last 10 seconds, or not in the folder of a source or person"
        yield f"Left in the inbox: {result['left_in_inbox']} ({why})"
    yield from _file_lines(result["files"])


def _agreed_lines(agreed: list[dict[str, Any]]) -> Iterable[str]:
    for one in agreed:
        if len(agreed) > 1 or one["labelled_otherwise"]:
            other = f" (the files of {one['labelled_otherwise']} of them name another version)"
            labels = other if one["labelled_otherwise"] else ""
            yield f"People who agreed to version {one['version']} of the promise: {one['people']}{labels}"


def _file_lines(files: list[dict[str, Any]]) -> Iterable[str]:
    for file in files:
        if "error" in file:
            yield f"{file['file']}: refused. {file['error']['message']} {file['error']['action']}"
            continue
        text = [
            f"read {file['read']}",
            f"accepted {file['accepted']}",
            f"duplicates {file['duplicates']}",
            f"quarantined {sum(file['quarantined'].values())}",
            f"without consent {file['without_consent']}",
            f"free text dropped {file['free_text_dropped']}",
        ]
        seldom = ("suspended", "deleted_at_source", "passed_over", "factors_dropped", "off_grid")
        text += [f"{name.replace('_', ' ')} {file[name]}" for name in seldom if file[name]]
        yield f"{file['file']}: {', '.join(text)}"
        yield from (f"  quarantined by {rule}: {count}" for rule, count in file["quarantined"].items())
        if file["suspended"]:
            yield f"  {SUSPENDED}"
        if file["held"] or file["not_held"]:
            yield f"  held for another try: {file['held']}; not held: {file['not_held']}"


def _quarantine_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "retry"))


def quarantine(args: Namespace, settings: Settings) -> Answer:
    """List what is refused, or judge the held records again under today's declarations."""
    home = Home(settings.home)
    config = read_config(home)
    with exclusive_home(home):
        if args.action == "list":
            from analytics.vault.files.ingest_job import quarantined  # noqa: PLC0415 -- heavy

            return Answer(quarantined(home, read_declarations(home.contracts), settings.now))
        start = flow_engine(home, settings)
        from analytics.vault.files.ingest_job import held_records  # noqa: PLC0415 -- heavy
        from pipelines.steps import ingest_files  # noqa: PLC0415 -- Prefect reads its environment at import

        contracts = read_contracts(home.contracts, config.plan)
        return ingest_files(home, config, contracts, settings, held_records(contracts), start)


def _quarantine_lines(result: dict[str, Any]) -> Iterable[str]:
    if "files" in result:
        yield from ingest_lines(result)
        return
    if not result["quarantine"]:
        yield "Nothing is in quarantine."
        return
    yield f"{'batch':>6}  {'source':<20} {'rule':<16} {'column':<14} {'rows':>7} {'held':>7}"
    for row in result["quarantine"]:
        what = f"{row['source']:<20} {row['rule']:<16} {row['column']:<14}"
        yield f"{row['batch']:>6}  {what} {row['rows']:>7} {row['held']:>7}"


def _release_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("product", nargs="?", metavar="PRODUCT", help="default: all products of the plan")
    parser.add_argument("--period", metavar="PERIOD", help="one period, like 2026-W14 or 2026-P04")
    parser.add_argument(
        "--as-of", type=day, metavar="DATE", help="draw only periods that are due on this date; today (UTC) or earlier"
    )


def release(args: Namespace, settings: Settings) -> Answer:
    """Draw and publish."""
    home = Home(settings.home)
    config = read_config(home)
    with exclusive_home(home):
        start = flow_engine(home, settings)
        from pipelines.steps import release_periods  # noqa: PLC0415 -- Prefect reads its environment at import

        request = ReleaseRequest(args.product, args.period, args.as_of)
        return release_periods(home, config, settings, request, start)


def _release_lines(result: dict[str, Any]) -> Iterable[str]:
    yield from (f"Released {one['product']} {one['period']}" for one in result["released"])
    if result["already_released"]:
        yield f"Already released: {len(result['already_released'])}"
    yield from (f"Held back {one['product']} {one['period']}: {one['reason']}" for one in result["held_back"])
    yield from (f"Refused {one['product']} {one['period']}: {one['reason']}" for one in result["refused"])
    if not (result["released"] or result["refused"] or result["held_back"]):
        yield "Nothing is due."


INGESTING = (
    Command("ingest", "ingest files", "ingest canonical mood_entries.csv", ingest, ingest_lines, _ingest_arguments),
    Command(
        "quarantine",
        "list refused rows, or check the held records again",
        "quarantine list",
        quarantine,
        _quarantine_lines,
        _quarantine_arguments,
    ),
)

RELEASING = (
    Command(
        "release",
        "draw every period that is due, then publish",
        "release weekly_mood --period 2026-W14",
        release,
        _release_lines,
        _release_arguments,
    ),
)
