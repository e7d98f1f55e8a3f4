"""The command line: words in, one answer out, an exit code for every refusal."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from analytics.errors import MurmurationError
from pipelines.arguments import read_words
from pipelines.guard import Guard, worst
from pipelines.settings import Settings
from pipelines.show import tell_error, tell_json, tell_plain

_INTERRUPTED = 130
"""What a shell expects after Ctrl-C: 128 + SIGINT."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.umask(0o077)  # whatever is written is its owner's
    words = list(sys.argv[1:] if argv is None else argv)
    as_json, debug = "--json" in words, "--debug" in words
    guard = Guard()
    answer: tuple[dict[str, Any], list[MurmurationError], list[str]] = {}, [], []
    command = ""
    try:
        with guard:
            read = read_words(words)
            command = read.command
            settings = Settings.read(read.home, as_json=as_json, debug=debug)
            answer = _function(command)(read, settings)
    except KeyboardInterrupt:
        sys.stderr.write("murmuration: interrupted; what was committed stands.\n")
        return _INTERRUPTED
    result, errors, source_lines = answer
    if guard.error is not None:
        errors, source_lines = [guard.error], guard.source_lines
    error = worst(errors)
    if as_json:
        if result or error is not None:
            tell_json(result, error)
    else:
        if result:
            tell_plain(command, result)
        if error is not None:
            tell_error(error)
    if debug:
        sys.stderr.write("".join(source_lines))
    return 0 if error is None else error.exit_code


def _function(command: str) -> Callable[..., tuple[dict[str, Any], list[MurmurationError], list[str]]]:
    from pipelines import commands, planning  # noqa: PLC0415 -- `--help` starts without them

    functions = {
        "init": commands.init,
        "simulate": commands.simulate,
        "ingest": commands.ingest,
        "plan": planning.plan,
        "release": commands.release,
        "publish": commands.publish,
        "ledger": commands.ledger,
        "verify": commands.verify,
        "dashboard": commands.dashboard,
        "demo": commands.demo,
    }
    return functions[command]


if __name__ == "__main__":
    sys.exit(main())
