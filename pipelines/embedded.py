"""The embedded Prefect server: one per command, on loopback, ended with it, or by the next command.

A start was measured at START_SECONDS; a flow run on it then takes about a second.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prefect.events.worker import EventsWorker
from prefect.server.api.server import SubprocessASGIServer

from analytics.errors import UnforeseenError
from pipelines.home import Home, replace_file

RECORD = "server.json"
_LOG = "server.log"
_MARK = b"prefect.server"
_TERM_SECONDS = 5.0


class _RecordedServer(SubprocessASGIServer):
    """Prefect's own embedded server, whose process is put on record for the next command."""

    folder: Path

    def _run_uvicorn_command(self) -> subprocess.Popen[Any]:
        with _output_to(self.folder / _LOG):
            process = super()._run_uvicorn_command()
        record = {"pid": process.pid, "started": _started(process.pid)}
        replace_file(self.folder / RECORD, json.dumps(record).encode())
        return process


@contextlib.contextmanager
def embedded_server(home: Home) -> Iterator[None]:
    """Run the server for the length of a `with` block; every Prefect client of this process then uses it.

    Raises:
        UnforeseenError: if it does not start.
    """
    end_orphan(home)
    server = _RecordedServer()  # before any client: Prefect keeps one instance per port, and asks for that of no port
    server.folder = home.prefect
    failed = False
    try:
        server.start()
    except RuntimeError:
        failed = True
    try:
        if failed:
            message = "The embedded Prefect server did not start."
            raise UnforeseenError(message, "Look into prefect/server.log in the home, then run the command again.")
        yield
    finally:
        EventsWorker.drain_all(timeout=5)
        server.stop()
        (home.prefect / RECORD).unlink(missing_ok=True)


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


@contextlib.contextmanager
def _output_to(path: Path) -> Iterator[None]:
    """Let a child that is started inside write to `path`: stdout belongs to the command's own answer."""
    kept = [os.dup(1), os.dup(2)]
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.dup2(log, 1)
        os.dup2(log, 2)
        yield
    finally:
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        for descriptor in (*kept, log):
            os.close(descriptor)
