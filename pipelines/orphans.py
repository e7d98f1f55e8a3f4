"""The embedded server's record: how the next command finds what a killed one left running."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from analytics.durable import write_durably
from analytics.home import Home, lock

RECORD = "server.json"
_MARK = b"prefect.server"
_TERM_SECONDS = 5.0


@contextlib.contextmanager
def exclusive_home(home: Home) -> Iterator[None]:
    """Hold the home's lock; whatever server is recorded then belongs to a killed command, and is ended.

    Raises:
        StoreLockedError: if another command holds it for longer than a minute.
    """
    with lock(home):
        end_orphan(home)
        yield


def record_server(folder: Path, pid: int) -> None:
    """Write down which process the server is."""
    record = {"pid": pid, "started": _started(pid)}
    write_durably(folder / RECORD, json.dumps(record).encode())


def end_orphan(home: Home) -> None:
    """End the server that a killed command left behind, if the recorded process is still that server."""
    path = home.prefect / RECORD
    if not path.is_file():
        return
    try:
        record = json.loads(path.read_bytes())
        pid, started = int(record["pid"]), record["started"]
    except (ValueError, KeyError, TypeError):
        pid, started = 0, None
    if pid > 1 and started is not None and _is_server(pid, started):
        _end(pid, started)
    path.unlink(missing_ok=True)


def _end(pid: int, started: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + _TERM_SECONDS
        while time.monotonic() < until:
            if not _is_server(pid, started):
                return
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)


def _is_server(pid: int, started: int) -> bool:
    """Return whether `pid` is the recorded process: the system gives numbers again, start times tell them apart."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return _MARK in words and _started(pid) == started


def _started(pid: int) -> int | None:
    """Return the process' start in clock ticks since boot; None where the system has no /proc, or no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    except OSError:
        return None
    return int(text.rpartition(")")[2].split()[19])  # the 22nd field; the 2nd, a name in brackets, may hold blanks
