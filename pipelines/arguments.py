"""The words of the command line, read into a namespace. `--home`, `--json` and `--debug` may stand anywhere."""

from argparse import SUPPRESS, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from datetime import date
from pathlib import Path
from typing import Never

from analytics.errors import UsageError


class _Parser(ArgumentParser):
    """A parser whose complaints are refusals like all others."""

    def error(self, message: str) -> Never:
        """Refuse the words."""
        sentence = f"{message[:1].upper()}{message[1:]}."
        raise UsageError(sentence, f"Run `{self.prog} --help` to see an example.")


def read_args(argv: list[str]) -> Namespace:
    """Return the command and its words.

    Raises:
        UsageError: if they make no sense.
    """
    anywhere, rest = _common().parse_known_args(argv)
    args = _parser().parse_args(rest)
    args.home = anywhere.home
    return args


def _common() -> _Parser:
    common = _Parser(prog="murmuration", add_help=False, allow_abbrev=False)
    common.add_argument("--home", type=Path, metavar="DIR", help="the home (else MURMURATION_HOME, ./murmuration-home)")
    common.add_argument("--json", action="store_true", help="answer with one JSON object on stdout")
    common.add_argument("--debug", action="store_true", help="show where an error came from (never a value)")
    return common


def _day(text: str) -> date:
    return date.fromisoformat(text)


_day.__name__ = "date (YYYY-MM-DD)"  # what argparse calls it when refusing


def _add_withdraw(withdraw: ArgumentParser) -> None:
    withdraw.add_argument(
        "file", nargs="?", metavar="FILE", help="CSV with a column person_id; default, or `-`: standard input"
    )
    instead = withdraw.add_mutually_exclusive_group()
    instead.add_argument("--dry-run", action="store_true", help="say what the file would do, and change nothing")
    instead.add_argument(
        "--confirm", type=int, metavar="BATCH", help="delete what waits: BATCH is the receipt's number (`receipts`)"
    )
    instead.add_argument("--cancel", type=int, metavar="BATCH", help="undo a withdrawal whose deletion waits")


def _parser() -> _Parser:
    parser = _Parser(
        prog="murmuration",
        description="Population mood trends from opt-in logs, under a privacy promise per person and year.",
        epilog="example: murmuration --home my-service demo",
        parents=[_common()],
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, args: str, example: str) -> ArgumentParser:
        return commands.add_parser(
            name,
            help=args,
            description=args[:1].upper() + args[1:] + ".",
            epilog=f"example: murmuration {example}",
            parents=[_common()],
            allow_abbrev=False,
            formatter_class=RawDescriptionHelpFormatter,
        )

    init = command("init", "make a home", "init --plan small --start 2020-03-02")
    init.add_argument("--plan", default="standard", metavar="NAME", help="standard (weekly) or small (four weeks)")
    init.add_argument("--start", type=_day, metavar="DATE", help="the public first day; default 1 January of this year")

    simulate = command(
        "simulate", "invent a population and its truth", "simulate --people 2000 --weeks 8 --seed 1 --out x"
    )
    simulate.add_argument("--people", type=int, required=True, metavar="N")
    simulate.add_argument("--weeks", type=int, required=True, metavar="W")
    simulate.add_argument("--seed", type=int, required=True, metavar="S")
    simulate.add_argument(
        "--start", type=_day, metavar="MONDAY", help="default: W weeks end with the latest closed week"
    )
    simulate.add_argument("--out", type=Path, required=True, metavar="DIR")

    ingest = command("ingest", "take files into the vault", "ingest canonical mood_entries.csv")
    ingest.add_argument(
        "args", nargs="*", metavar="SOURCE FILE", help="participants, consents or a declared source; files"
    )
    ingest.add_argument(
        "--inbox",
        action="store_true",
        help="take all quiet files of HOME/inbox/SOURCE/ and HOME/inbox/SOURCE/PERSON/ instead",
    )

    ingest.add_argument(
        "--people", type=Path, metavar="MAP", help="whose the named files are: a CSV with the columns file, person_id"
    )

    quarantine = command("quarantine", "list what is refused, or judge the held records again", "quarantine list")
    quarantine.add_argument("action", choices=("list", "retry"))

    withdraw = command(
        "withdraw", "withdraw consent: the people of a file or of standard input are erased", "withdraw < people.csv"
    )
    _add_withdraw(withdraw)

    command("receipts", "show when which withdrawals were heard and carried out", "receipts --json")

    erase = command(
        "erase", "carry out what is left of erasures; --prove searches for texts", "erase --prove < ids.txt"
    )
    erase.add_argument(
        "--prove", action="store_true", help="search every byte of the home for the ids and texts on standard input"
    )
    erase.add_argument("person", nargs="*", help=SUPPRESS)  # so that it can be refused without being repeated
    erase.add_argument("--domain", action="append", default=[], metavar="NAME", help="an id domain beside the declared")

    notice = command("notice", "print what a participant should read before saying yes", "notice --format html")
    notice.add_argument("--format", choices=("text", "markdown", "html"), default="text")
    notice.add_argument("--plan", metavar="NAME", help="default: the home's plan, else standard")

    record = command("record", "print the disclosure record (OpenDP deployments registry) of what runs here", "record")
    record.add_argument("--plan", metavar="NAME", help="default: the home's plan, else standard")

    plan = command("plan", "show what a plan costs and shows, from the plan alone", "plan --plan small --people 800")
    plan.add_argument("--plan", metavar="NAME", help="default: the home's plan, else standard")
    plan.add_argument("--people", type=_count, metavar="N", help="the size of the service")
    plan.add_argument("--freeze", action="store_true", help="solve the noise and write it into the plan")

    release = command("release", "draw all that is due, then publish", "release weekly_mood --period 2026-W14")
    release.add_argument("product", nargs="?", metavar="PRODUCT", help="default: all of the plan's")
    release.add_argument("--period", metavar="PERIOD", help="one period, like 2026-W14 or 2026-P04")
    release.add_argument(
        "--as-of", type=_day, metavar="DATE", help="what is due on that date; not ahead of today (UTC)"
    )

    command("publish", "rebuild the published files from the store", "publish")
    command("ledger", "show what is spent, left and released", "ledger --json")

    verify = command("verify", "recompute hashes, chain and sums", "verify --expect-head HASH")
    verify.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="a published folder; default: the home")
    verify.add_argument("--expect-head", metavar="HASH", help="the head that must be there")

    audit = command("audit", "try the promise by experiment, and write the evidence", "audit --out evidence")
    audit.add_argument("--out", type=Path, required=True, metavar="DIR", help="where evidence.json and .md are written")
    audit.add_argument("--short", action="store_true", help="about a minute, with less power, instead of half an hour")

    for name, args in (
        ("dashboard", "serve the published figures on this machine"),
        ("demo", "show the whole way on invented people"),
    ):
        serving = command(name, args, f"{name} --port 8600")
        serving.add_argument("--port", type=int, default=8501, metavar="P", help="default 8501")
        if name == "demo":
            serving.add_argument("--no-dashboard", action="store_true", help="do not serve the page afterwards")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


_count.__name__ = "whole number above zero"
