"""The dashboard's process: Streamlit on loopback, over published files only; no vault, ledger, secret or lock."""

import contextlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from analytics.contracts import Service, unfilled
from analytics.contracts.reading import read_model
from analytics.errors import MurmurationError, UnforeseenError, UsageError
from analytics.home import Home

ADDRESS = "127.0.0.1"
_TERM_SECONDS = 2.0


def serve(published: Path, port: int, announce: Callable[[str], None]) -> None:
    """Serve the page until Ctrl-C; `announce` is given its address first.

    Raises:
        UsageError: if the port is taken.
        UnforeseenError: if the page's process ends by itself.
    """
    check_free(port)
    announce(f"http://{ADDRESS}:{port}")
    sys.stdout.flush()
    environment = {
        **os.environ,
        "MURMURATION_PUBLISHED": str(published),
        "MURMURATION_HELP_LINE": help_line(Home(published.parent)),
        "DO_NOT_TRACK": "1",
    }
    code = 0
    with subprocess.Popen(_command(port), env=environment, stdout=sys.stderr) as process:  # noqa: S603 -- our own arguments
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            while process.poll() is None:  # not `wait`: a signal did not end it in trials
                time.sleep(0.2)
            code = process.returncode
        except KeyboardInterrupt:
            _end(process)
    if code not in {0, -signal.SIGINT, -signal.SIGTERM}:
        message = "The dashboard's process ended by itself."
        raise UnforeseenError(message, "Read what it wrote above, then run the command again.")


def help_line(home: Home) -> str:
    """Return where a person finds help at once, as service.yaml says; empty where it says nothing readable.

    The page needs no contract: one that cannot be read costs it the service's own line, not the general one.
    """
    with contextlib.suppress(MurmurationError):
        service = read_model(home.contracts / "service.yaml", Service)
        return "" if "help_line" in unfilled(service) else service.help_line
    return ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the page's process; it writes nothing, and may wait long for an open browser."""
    process.terminate()
    try:
        process.wait(_TERM_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()


def _command(port: int) -> list[str]:
    dashboard = importlib.util.find_spec("dashboard")
    if dashboard is None or dashboard.origin is None:
        message = "The dashboard is not installed."
        raise UnforeseenError(message, "Install Murmuration again.")
    options = {
        "server.address": ADDRESS,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.enableXsrfProtection": "true",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
    }
    app = Path(dashboard.origin).with_name("app.py")
    result = [argument for name, value in options.items() for argument in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(app), *result]


def check_free(port: int) -> None:
    """Make sure that the page can be served on `port`.

    Raises:
        UsageError: if the port is taken, or no such port exists.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free = True
        try:
            probe.bind((ADDRESS, port))
        except (OSError, OverflowError):
            free = False
    if not free:
        message = f"The port {port} cannot be used."
        raise UsageError(message, "Name another with --port.")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
