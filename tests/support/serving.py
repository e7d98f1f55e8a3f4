"""Servers of the dashboard in processes of their own, and plain requests to them."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines import dashboard_server
from pipelines.dashboard_server import Serving
from pipelines.settings import page_environment

COMMAND = (sys.executable, "-m", "pipelines.cli")
_SECONDS = 60


def free_port() -> int:
    """Return a port that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Served:
    """A dashboard that runs."""

    url: str
    """As it was announced."""
    port: int
    log: Path
    """What its processes wrote to stderr."""
    process: int


@contextmanager
def dashboard(folder: Path, *words: str, environment: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Run `murmuration dashboard` with `words` and end it; its log is in `folder`."""
    port, log = free_port(), folder / "dashboard.log"
    argv = [*COMMAND, "dashboard", "--port", str(port), "--json", *words]
    with (
        log.open("wb") as errors,
        subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=errors, env=environment) as process,
    ):
        assert process.stdout is not None
        try:
            url = json.loads(process.stdout.readline())["url"]
            yield Served(url, port, log, process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


@contextmanager
def streamlit(folder: Path, script: Path, serving: Serving) -> Iterator[Served]:
    """Run a script in the dashboard's place, with the same options and variables, and end it."""
    log = folder / "streamlit.log"
    argv = [str(script) if word.endswith("asgi.py") else word for word in dashboard_server._command(serving)]
    assert str(script) in argv
    environment = page_environment(os.environ, sign_in=True) | dashboard_server._own(serving, str(folder))
    with (
        log.open("wb") as output,
        subprocess.Popen(argv, stdout=output, stderr=output, cwd=folder, env=environment) as process,
    ):
        try:
            _wait(serving.port, process)
            yield Served(serving.public_url, serving.port, log, process.pid)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()


@contextmanager
def provider(folder: Path, users: Mapping[str, Mapping[str, object]]) -> Iterator[int]:
    """Run a provider of OpenID Connect that knows `users` by their claims; yield its port. Its log is in `folder`."""
    port = free_port()
    known = [word for name, claims in users.items() for word in ("--user-claims", json.dumps({"sub": name, **claims}))]
    argv = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *known]
    with (
        (folder / "provider.log").open("wb") as output,
        subprocess.Popen(argv, stdout=output, stderr=output) as process,
    ):
        try:
            _wait(port, process)
            yield port
        finally:
            process.kill()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    message = "the server did not start: its log says why"
    raise AssertionError(message)


@dataclass(frozen=True)
class Answered:
    """An answer to a plain request."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    text: str


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answered:
    """Ask the server on this machine; `Host` is the loopback address unless it is given."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        return Answered(response.status, {name.lower(): value for name, value in response.getheaders()}, text)
    finally:
        connection.close()


def handshake(port: int, path: str, **headers: str) -> int:
    """Ask for a websocket, and return the status: 101 where it opens."""
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
    asked |= {"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={n.replace("_", "-"): v for n, v in {**asked, **headers}.items()})
        return connection.getresponse().status
    finally:
        connection.close()
