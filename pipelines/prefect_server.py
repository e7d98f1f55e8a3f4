"""The flow engine of one command: an embedded Prefect server, or the operator's own.

The embedded one runs on loopback and ends with its command; if the command was killed, the next one ends it. A start
takes 4 seconds (measured on two cores), the first one of a home 8, as it makes the database; before that the import of
Prefect takes 1.5. A flow run then takes about a second.
"""

import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

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
_ADDRESS = "PREFECT_API_URL"
_LOOPBACK = "127.0.0.1"
_PORTS = range(8000, 9000)
"""Those of Prefect's own embedded server."""

_EMBEDDED = {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
"""What Prefect says to a server that it embeds."""

_START_SECONDS = 120.0
"""A first start makes the database: 18 s were measured, and a slow disk takes longer."""

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
    port = 0 if settings.own_server else _free_port()
    if port:
        os.environ[_ADDRESS] = f"http://{_LOOPBACK}:{port}/api"

    @contextmanager
    def start() -> Iterator[None]:
        if not port:
            yield
            return
        progress("Starting the flow engine (about 5 seconds; the first start of a home takes longer) ...")
        with _embedded_server(home, port):
            progress("Working ...")
            yield

    return start


def _free_port() -> int:
    """Return a port that nobody listens at, of those that systems give to no client: the server takes it seconds later.

    Raises:
        UnforeseenError: if all are taken.
    """
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind((_LOOPBACK, port))
            return port
    message = "No port is free for the embedded Prefect server."
    raise UnforeseenError(message, f"Free one from {_PORTS[0]} to {_PORTS[-1]}, then run the command again.")


@contextmanager
def _embedded_server(home: Home, port: int) -> Iterator[None]:
    """Run the server for the length of a `with` block; every Prefect client of this process uses it, by its address.

    Prefect would start one by itself, but for that it loads the whole server into this process too: 2.5 seconds.

    Raises:
        UnforeseenError: if it does not start.
    """
    from prefect.events.worker import EventsWorker  # noqa: PLC0415 -- Prefect reads its environment now

    end_orphan(home)
    process = _server_process(home, port)
    try:
        record_server(home.prefect, process.pid)
        if not _answers(process, port):
            message = "The embedded Prefect server did not start."
            raise UnforeseenError(message, "Look into prefect/server.log in the home, then run the command again.")
        yield
    finally:
        EventsWorker.drain_all(timeout=5)
        _end(process)
        (home.prefect / RECORD).unlink(missing_ok=True)


def _server_process(home: Home, port: int) -> psutil.Popen:
    """Start the server as Prefect starts an embedded one; its output goes to its log: stdout is the command's own."""
    app = ["--factory", f"{_MODULE}.api.server:create_app", "--lifespan", "on", "--log-level", "error"]
    words = [sys.executable, "-m", "uvicorn", *app, "--host", _LOOPBACK, "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if name != _ADDRESS}
    with open(home.prefect / _LOG, "wb", opener=partial(os.open, mode=0o600)) as log:
        return psutil.Popen(
            words, env=environment | _EMBEDDED, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )


def _answers(process: psutil.Popen, port: int) -> bool:
    """Wait until the server says that it is well; return whether it did."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection(_LOOPBACK, port, timeout=_START_SECONDS)  # through no proxy, whatever is set
        with contextlib.suppress(OSError, HTTPException), contextlib.closing(connection):
            connection.request("GET", "/api/health")
            if connection.getresponse().status == HTTPStatus.OK:
                return True
        time.sleep(0.1)
    return False


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
            process.wait(_TERM_SECONDS)
