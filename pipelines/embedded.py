"""The embedded Prefect server: one per command, on loopback, ended with it, or by the next command.

A start takes 6.5 seconds (measured on two cores), the first one of a home 13, as it makes the database; before that the
import of Prefect takes 2 to 5. A flow run then takes about a second.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prefect.events.worker import EventsWorker
from prefect.server.api.server import SubprocessASGIServer

from analytics.errors import UnforeseenError
from analytics.home import Home
from pipelines.orphans import RECORD, end_orphan, record_server

_LOG = "server.log"


class _RecordedServer(SubprocessASGIServer):
    """Prefect's own embedded server, whose process is put on record for the next command."""

    folder: Path

    def _run_uvicorn_command(self) -> subprocess.Popen[Any]:
        with _output_to(self.folder / _LOG):
            process = super()._run_uvicorn_command()
        record_server(self.folder, process.pid)
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
