"""Write a result as one JSON object or as lines, and an error as one sentence with what to do about it."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from analytics.errors import MurmurationError
from pipelines.command_line import Command
from pipelines.settings import Settings

SUSPENDED = (
    "suspended: their consent record says neither yes nor no. Nothing is erased. They are in no release, and we keep "
    "nothing new about them until a clear grant or withdrawal comes"
)


def write_result(
    command: Command | None, result: dict[str, Any], settings: Settings, error: MurmurationError | None = None
) -> None:
    """Write a command's result and its error; `command` is None if there was no such command."""
    if settings.as_json:
        answer = result if error is None else {**result, "error": error.as_json()}
        sys.stdout.write(json.dumps(answer) + "\n")
        return
    if result and command is not None:
        for line in command.lines(result):
            sys.stdout.write(f"{line}\n")
        if files := result.get("old_held_files_deleted"):
            sys.stdout.write(f"Deleted the folder held/ of an older version: {files} files with refused rows\n")
    if error is not None:
        sys.stderr.write(f"murmuration: {error.message}\n{error.action}\n")


def progress(sentence: str) -> None:
    """Write to stderr what takes more than a second."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def waiting_lines(waiting: list[dict[str, Any]]) -> Iterable[str]:
    """Yield what waits for a confirmation, and what to type."""
    for each in waiting:
        yield f"The deletion of {each['people']} people has been waiting since {each['since']}; their consent has ended"
        yield f"  to delete them: {each['confirm']}"
        yield f"  to undo their withdrawal: {each['cancel']}"


def check_lines(checks: list[dict[str, Any]]) -> Iterable[str]:
    """Yield one line a check."""
    for check in checks:
        detail = check.get("detail") or (f"{check['result']} (bound: {check['bound']})" if "bound" in check else "")
        yield f"{'ok ' if check['ok'] else 'NOT'} {check['name']}{': ' if detail else ''}{detail}"
