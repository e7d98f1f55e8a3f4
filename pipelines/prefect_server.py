"""The flow engine of one command: an embedded Prefect server, or the operator's own.

The embedded one runs on loopback and ends with its command; if the command was killed, the next one ends it. A start
takes 6.5 seconds (measured on two cores), the first one of a home 13, as it makes the database; before that the import
of Prefect takes 2 to 5. A flow run then takes about a second.
"""

import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psutil

from analytics.durable import write_durably
from analytics.errors import UnforeseenError
from analytics.home import Home, lock
from pipelines.output import progress
from pipelines.settings import Settings, set_prefect_environment

RECORD = "server.json"
"""In the home's folder for Prefect: which process the running server is."""

_LOG = "server.log"
_MODULE = "prefect.server"
"""What the arguments of a server's process name."""
_TERM_SECONDS = 5.0
_CLOCK_SECONDS = 2.0
"""A process's start is reckoned from the boot time, which moves by a second when the clock is corrected."""


@contextmanager
def exclusive_home(home: Home) -> Iterator[None]:
    """Hold the home's lock; a server that is still recorded then belongs to a killed command, and is ended.

    Raises:
        StoreLockedError: if another command holds it for longer than a minute.
    """
    with lock(home):
        end_orphan(home)
        yield


def flow_engine(home: Home, settings: Settings) -> Callable[[], AbstractContextManager[None]]:
    """Settle Prefect's environment and return what starts this command's engine.

    Called before anything imports Prefect.
    """
    set_prefect_environment(home.prefect, own_server=settings.own_server)

    @contextmanager
    def start() -> Iterator[None]:
        if settings.own_server:
            yield
            return
        progress("Starting the flow engine (about 8 seconds; the first start of a home takes longer) ...")
        with _embedded_server(home):
            progress("Working ...")
            yield

    return start


@contextmanager
def _embedded_server(home: Home) -> Iterator[None]:
    """Run the server for the length of a `with` block; every Prefect client of this process then uses it.

    Raises:
        UnforeseenError: if it does not start.
    """
    from prefect.events.worker import EventsWorker  # noqa: PLC0415 -- Prefect reads its environment now
    from prefect.server.api.server import SubprocessASGIServer  # noqa: PLC0415 -- as above

    class RecordedServer(SubprocessASGIServer):
        """Prefect's own embedded server, whose process is put on record for the next command."""

        def _run_uvicorn_command(self) -> subprocess.Popen[Any]:
            with _output_to(home.prefect / _LOG):
                process = super()._run_uvicorn_command()
            record_server(home.prefect, process.pid)
            return process

    end_orphan(home)
    server = RecordedServer()  # before any client: Prefect keeps one instance per port, and asks for that of no port
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


@contextmanager
def _output_to(path: Path) -> Iterator[None]:
    """Let a child that is started inside write to `path`: stdout belongs to the command's own result."""
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


def record_server(folder: Path, pid: int) -> None:
    """Write down which process the server is."""
    with contextlib.suppress(psutil.NoSuchProcess):  # one that has already ended needs no record
        record = {"pid": pid, "created": psutil.Process(pid).create_time()}
        write_durably(folder / RECORD, json.dumps(record).encode())


def end_orphan(home: Home) -> None:
    """End the server that a killed command left behind, if the recorded process is still that server."""
    path = home.prefect / RECORD
    if not path.is_file():
        return
    try:
        record = json.loads(path.read_bytes())
        pid, created = int(record["pid"]), float(record["created"])
    except (ValueError, KeyError, TypeError):
        pid, created = 0, 0.0
    process = recorded_process(pid, created) if pid > 1 else None
    if process is not None:
        _end(process)
    path.unlink(missing_ok=True)


def recorded_process(pid: int, created: float) -> psutil.Process | None:
    """Return the recorded server's process, if it runs: the system gives numbers again, start times tell them apart."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        is_server = any(_MODULE in argument for argument in process.cmdline())
        if is_server and abs(process.create_time() - created) <= _CLOCK_SECONDS:
            return process
    return None


def _end(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        process.terminate()
        try:
            process.wait(_TERM_SECONDS)
        except psutil.TimeoutExpired:
            process.kill()
