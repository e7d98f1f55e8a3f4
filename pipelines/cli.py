"""The command line: arguments in, one result out, an exit code for every refusal."""

import io
import json
import os
import sys
from collections.abc import Sequence

from analytics.error_guard import Guard, worst
from pipelines import commands, demo, disclosure_commands, flow_commands, plan_command, privacy_commands
from pipelines.command_line import Answer, Command, parse
from pipelines.output import write_result
from pipelines.settings import Settings

COMMANDS: tuple[Command, ...] = (
    *commands.MAKING,
    *flow_commands.INGESTING,
    *privacy_commands.COMMANDS,
    *disclosure_commands.COMMANDS,
    *plan_command.COMMANDS,
    *flow_commands.RELEASING,
    *commands.READING,
    *demo.COMMANDS,
)
"""In the order of `--help`. The modules that list them import nothing heavy until a command runs."""

_INTERRUPTED = 130
"""What a shell expects after Ctrl-C: 128 + SIGINT."""

_BROKEN_PIPE = 141
"""What a shell expects when nobody reads the result: 128 + SIGPIPE."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.umask(0o077)  # whatever is written is its owner's
    args = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot spell a name still gets the result
    try:
        code = _run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _interrupted(as_json="--json" in args)
    except BrokenPipeError:  # the reader, like `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    return code


def _run(argv: list[str]) -> int:
    settings = Settings.read(as_json="--json" in argv, debug="--debug" in argv)
    answer = Answer()
    command: Command | None = None
    guard = Guard()
    with guard:
        args = parse(argv, COMMANDS)
        command = args.command
        if args.home is not None:
            settings = settings.at(args.home)
        answer = args.run(args, settings)
    if guard.error is not None:
        answer = Answer(answer.result, [guard.error], guard.source_lines)
    error = worst(answer.errors)
    if answer.result or error is not None:
        write_result(command, answer.result, settings, error)
    if settings.debug:
        sys.stderr.write("".join(answer.source_lines))
    return 0 if error is None else error.exit_code


def _interrupted(*, as_json: bool) -> int:
    message = "Interrupted; everything that was committed is kept."
    if as_json:
        error = {"code": _INTERRUPTED, "name": "interrupted", "message": message, "action": "Run the command again."}
        sys.stdout.write(json.dumps({"error": error}) + "\n")
    else:
        sys.stderr.write(f"murmuration: {message}\n")
    return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
