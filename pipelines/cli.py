"""The command line: words in, one answer out, an exit code for every refusal."""

import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from analytics.error_guard import Guard, worst
from analytics.errors import MurmurationError
from pipelines.arguments import read_args
from pipelines.output import tell
from pipelines.settings import Settings

_INTERRUPTED = 130
"""What a shell expects after Ctrl-C: 128 + SIGINT."""

_UNREAD = 141
"""What a shell expects when nobody reads the answer: 128 + SIGPIPE."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.umask(0o077)  # whatever is written is its owner's
    args = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot spell a name still gets the answer
    try:
        code = _run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        message = "Interrupted; what was committed stands."
        if "--json" in args:
            result = {
                "code": _INTERRUPTED,
                "name": "interrupted",
                "message": message,
                "action": "Run the command again.",
            }
            sys.stdout.write(json.dumps({"error": result}) + "\n")
        else:
            sys.stderr.write(f"murmuration: {message}\n")
        return _INTERRUPTED
    except BrokenPipeError:  # the reader, like `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNREAD
    return code


def _run(args: list[str]) -> int:
    settings = Settings.read(as_json="--json" in args, debug="--debug" in args)
    result: dict[str, Any] = {}
    errors: list[MurmurationError] = []
    source_lines: list[str] = []
    command = ""
    guard = Guard()
    with guard:
        read = read_args(args)
        command = read.command
        if read.home is not None:
            settings = settings.at(read.home)
        result, errors, source_lines = _function(command)(read, settings)
    if guard.error is not None:
        errors, source_lines = [guard.error], guard.source_lines
    error = worst(errors)
    if result or error is not None:
        tell(command, result, settings, error)
    if settings.debug:
        sys.stderr.write("".join(source_lines))
    return 0 if error is None else error.exit_code


def _function(command: str) -> Callable[..., tuple[dict[str, Any], list[MurmurationError], list[str]]]:
    from pipelines import commands, disclosure, plan_command, privacy_commands  # noqa: PLC0415 -- `--help` starts without them

    if command == "audit":
        from pipelines.audit_command import audit  # noqa: PLC0415 -- SciPy, and nothing else needs it

        return audit
    functions = {
        "init": commands.init,
        "simulate": commands.simulate,
        "ingest": commands.ingest,
        "quarantine": commands.quarantine,
        "withdraw": privacy_commands.withdraw,
        "receipts": privacy_commands.receipts,
        "erase": privacy_commands.erase,
        "notice": privacy_commands.notice,
        "record": disclosure.record,
        "plan": plan_command.plan,
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
