"""Declaring commands, and reading their arguments. `--home`, `--json` and `--debug` go before or after it."""

import re
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Never

from analytics.errors import MurmurationError, UsageError
from pipelines.settings import Settings


@dataclass
class Answer:
    """What a command found and did."""

    result: dict[str, Any] = field(default_factory=dict)
    """The object of `--json`; empty where the command has already written it."""
    errors: list[MurmurationError] = field(default_factory=list)
    source_lines: list[str] = field(default_factory=list)
    """Where the last error came from, for `--debug`."""


def _none(_parser: ArgumentParser) -> None:
    """Add no arguments."""


@dataclass(frozen=True)
class Command:
    """One command: everything that the command line knows of it. Each module lists its own in `COMMANDS`."""

    name: str
    help: str
    """One line, without a full stop."""
    example: str
    run: Callable[[Namespace, Settings], Answer]
    lines: Callable[[dict[str, Any]], Iterable[str]]
    """Writes the result for people."""
    arguments: Callable[[ArgumentParser], None] = _none
    """Adds its arguments to its parser."""


_WITH_VALUE = re.compile(
    r"(argument [^:]+: invalid [^:]+): .*?( \(choose from [^()]*\))?|(argument [^:]+: )ignored explicit argument .*",
    re.DOTALL,
)
"""What argparse says with a value in it, and the parts that are the program's own."""


def _without_values(message: str) -> str:
    """Return a complaint of argparse without the value that it quotes: an id in the wrong place must not be logged."""
    if message.startswith("unrecognized arguments: "):
        return "the command does not take all of these arguments"
    found = _WITH_VALUE.fullmatch(message)
    if found is None:
        return message
    return f"{found[3]}takes no value" if found[3] else f"{found[1]}{found[2] or ''}"


class _Parser(ArgumentParser):
    """A parser whose complaints are refusals like all others."""

    def error(self, message: str) -> Never:
        """Refuse the arguments."""
        message = _without_values(message)
        sentence = f"{message[:1].upper()}{message[1:]}."
        raise UsageError(sentence, f"Run `{self.prog} --help` to see an example.")


def parse(argv: list[str], commands: Iterable[Command]) -> Namespace:
    """Return the arguments; `command` of them is the declaration of the command, `run` the function that runs it.

    Raises:
        UsageError: if they make no sense.
    """
    anywhere, rest = _common().parse_known_args(argv)
    args = _parser(commands).parse_args(rest)
    args.home = anywhere.home
    return args


def _common() -> _Parser:
    common = _Parser(prog="murmuration", add_help=False, allow_abbrev=False)
    common.add_argument("--home", type=Path, metavar="DIR", help="the home (else MURMURATION_HOME, ./murmuration-home)")
    common.add_argument("--json", action="store_true", help="answer with one JSON object on stdout")
    common.add_argument("--debug", action="store_true", help="show where an error came from (never a value)")
    return common


def _parser(commands: Iterable[Command]) -> _Parser:
    parser = _Parser(
        prog="murmuration",
        description="Population mood trends from opt-in logs, under a privacy promise per person and year.",
        epilog="example: murmuration --home my-service demo",
        parents=[_common()],
        allow_abbrev=False,
    )
    parsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in commands:
        added = parsers.add_parser(
            command.name,
            help=command.help,
            description=f"{command.help[:1].upper()}{command.help[1:]}.",
            epilog=f"example: murmuration {command.example}",
            parents=[_common()],
            allow_abbrev=False,
            formatter_class=RawDescriptionHelpFormatter,
        )
        command.arguments(added)
        added.set_defaults(command=command, run=command.run)
    return parser


def day(text: str) -> date:
    """Read a date of the command line."""
    return date.fromisoformat(text)


day.__name__ = "date (YYYY-MM-DD)"  # what argparse calls it when refusing


def count(text: str) -> int:
    """Read a number of people."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


count.__name__ = "whole number above zero"


def add_out(parser: ArgumentParser, text: str | None = None) -> None:
    """Add `--out`, a folder for results."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=text)


def check_out(args: Namespace) -> None:
    """Make sure that results can go where `--out` says.

    Raises:
        UsageError: if it is a file.
    """
    if args.out.exists() and not args.out.is_dir():
        message = "--out is the name of a file."
        raise UsageError(message, "Name a folder; it is made if it does not exist.")


def add_port(parser: ArgumentParser) -> None:
    """Add `--port`."""
    parser.add_argument("--port", type=int, default=8501, metavar="P", help="default 8501")


def add_plan(parser: ArgumentParser) -> None:
    """Add `--plan`."""
    parser.add_argument("--plan", metavar="NAME", help="default: the home's plan, else standard")
