"""The dashboard's process: Streamlit over published files only; no vault, ledger, secret of the home or lock."""

import contextlib
import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from types import FrameType
from urllib.parse import SplitResult, urlsplit

from analytics.contracts import Service, unfilled
from analytics.contracts.reading import read_model
from analytics.errors import ContractRefusedError, MurmurationError, UnforeseenError, UsageError
from analytics.home import Home
from pipelines.command_line import add_port
from pipelines.settings import Settings, page_environment

ADDRESS = "127.0.0.1"
LANGUAGES = ("en", "de")
_TERM_SECONDS = 2.0
_START_SECONDS = 60.0
"""A first start on a slow disk compiles all libraries."""

_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_PUBLIC_URL = "Give it as browsers show it, such as https://moods.example.org or https://example.org/moods."


@dataclass(frozen=True)
class Serving:
    """What is served, where it listens, and where browsers find it."""

    published: Path
    port: int
    public_url: str
    """With the path under which everything is served, without a slash at the end."""
    address: str = ADDRESS
    """The address of this machine at which the server listens."""
    help_line: str = ""
    language: str = "en"
    sign_in: Path | None = None
    """The file with the provider of the sign-in and its roles; None where everybody reads everything."""

    @property
    def public(self) -> SplitResult:
        """The parts of the public address."""
        return urlsplit(self.public_url)


def add_serving(parser: ArgumentParser) -> None:
    """Add the options of the `dashboard` command."""
    add_port(parser)
    parser.add_argument(
        "--published", type=Path, metavar="DIR", help="serve a copy of a published folder; no home is read"
    )
    parser.add_argument("--address", default=ADDRESS, metavar="IP", help=f"where it listens; default {ADDRESS}")
    parser.add_argument("--public-url", metavar="URL", help="where browsers find it, such as https://example.org/moods")
    parser.add_argument("--base-path", metavar="PATH", help="serve everything under a path, such as /moods")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the page; default en")
    parser.add_argument("--sign-in", type=Path, metavar="FILE", help="ask for a sign-in; the provider and roles (TOML)")


def serving(args: Namespace, settings: Settings) -> Serving:
    """Return what the arguments of `dashboard` ask for.

    Raises:
        UsageError: if they make no sense together.
    """
    home = Home(settings.home)
    published = home.published if args.published is None else settings.folder / args.published
    if args.published is not None and not published.is_dir():
        message = "--published is not a folder that this user can read."
        raise UsageError(message, "Name the folder `published` of a home, or a copy of it.")
    line = "" if args.published is not None else help_line(home)
    sign_in = None if args.sign_in is None else settings.folder / args.sign_in
    _check_sign_in(sign_in)
    return Serving(
        published=published,
        port=args.port,
        public_url=_public_url(args),
        address=args.address,
        help_line=line or os.environ.get("MURMURATION_HELP_LINE", ""),
        language=args.language,
        sign_in=sign_in,
    )


def local_serving(home: Home, port: int) -> Serving:
    """Return a home's page for this machine alone."""
    return Serving(home.published, port, f"http://{ADDRESS}:{port}", help_line=help_line(home))


def serve(serving: Serving, announce: Callable[[str], None]) -> None:
    """Serve the page until Ctrl-C; `announce` is given its public address once it answers.

    Raises:
        UsageError: if the port is taken, or the file of the sign-in has a mistake in it.
        UnforeseenError: if the page's process ends by itself.
    """
    check_free(serving.port, serving.address)
    # Its folder and home are empty: no module, configuration or secret that lies about there can come into the page.
    with tempfile.TemporaryDirectory(prefix="murmuration-page-") as folder:
        environment = page_environment(os.environ, sign_in=serving.sign_in is not None) | _own(serving, folder)
        words = _command(serving)
        code = 0
        with subprocess.Popen(words, env=environment, cwd=folder, stdout=sys.stderr) as process:  # noqa: S603 -- our own arguments
            signal.signal(signal.SIGTERM, _interrupt)
            try:
                if _answers(serving, process):
                    announce(serving.public_url)
                    sys.stdout.flush()
                while process.poll() is None:  # not `wait`: a signal did not end it in trials
                    time.sleep(0.2)
                code = process.returncode
            except KeyboardInterrupt:
                _end(process)
    if code == ContractRefusedError.exit_code:
        message = "The dashboard refused its settings."
        raise UsageError(message, "Read the lines above, correct what they name, and run the command again.")
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


def check_free(port: int, address: str = ADDRESS) -> None:
    """Make sure that the page can be served at `address` on `port`.

    Raises:
        UsageError: if the port is taken, no such port exists, or the address is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free = True
        try:
            probe.bind((address, port))
        except (OSError, OverflowError):
            free = False
    if not free:
        message = f"The port {port} cannot be used at the address {address}."
        raise UsageError(message, "Name another port with --port, or another address of this machine with --address.")


def _public_url(args: Namespace) -> str:
    address = _address(args.address)
    path = _path(args.base_path or "", "--base-path")
    if args.public_url is None:
        if address.is_unspecified:
            message = f"--address {args.address} listens everywhere, so the page cannot know its own address."
            raise UsageError(message, f"Name it with --public-url. {_PUBLIC_URL}")
        name = f"[{args.address}]" if address.version == 6 else args.address  # noqa: PLR2004 -- IPv6
        return f"http://{name}:{args.port}{path}"
    parts = urlsplit("")
    with contextlib.suppress(ValueError):
        if urlsplit(args.public_url).port != 0:  # raises where it is no number
            parts = urlsplit(args.public_url)
    if not re.fullmatch(r"https?://[^/@?#\s]+(/[^?#\s]*)?", args.public_url) or not parts.hostname:
        message = "--public-url is not the address of a web page."
        raise UsageError(message, _PUBLIC_URL)
    public_path = _path(parts.path, "--public-url")
    if args.base_path is not None and public_path != path:
        message = "--public-url and --base-path name different paths."
        raise UsageError(message, "Leave out --base-path: the path of --public-url is enough.")
    return f"{parts.scheme}://{parts.netloc.lower()}{public_path}"


def _path(text: str, option: str) -> str:
    """Return a path with a slash at its beginning and none at its end; empty for the root."""
    path = f"/{text.strip('/')}".rstrip("/")
    if not _PATH.fullmatch(path) or any(part in {".", ".."} for part in path.split("/")):
        message = f"{option} has a path with other characters than letters, digits, '.', '_', '~' and '-'."
        raise UsageError(message, "Give it as /moods or /public/moods.")
    return path


def _address(text: str) -> IPv4Address | IPv6Address:
    result: IPv4Address | IPv6Address | None = None
    with contextlib.suppress(ValueError):
        result = ip_address(text)
    if result is None:
        message = "--address is not an IP address."
        raise UsageError(message, "Give it as 127.0.0.1, 192.168.1.5 or ::1, or as 0.0.0.0 for everywhere.")
    return result


def _check_sign_in(file: Path | None) -> None:
    if file is None:
        return
    if importlib.util.find_spec("authlib") is None:
        message = "Sign-in needs a library that is not installed."
        raise UsageError(message, 'Install it with: pip install "murmuration[auth]"')
    if not os.access(file, os.R_OK) or not file.is_file():
        message = "--sign-in is not a file that this user can read."
        raise UsageError(message, "docs/operators.md says what is in it.")


def _hosts(serving: Serving) -> tuple[str, ...]:
    """Return the names under which the page answers, besides those of loopback."""
    listens = () if ip_address(serving.address).is_unspecified else (serving.address,)
    return (serving.public.hostname or "", *listens)


def _own(serving: Serving, folder: str) -> dict[str, str]:
    """Return the variables that the page reads."""
    own = {
        "HOME": folder,
        "MURMURATION_PUBLISHED": str(serving.published),
        "MURMURATION_HELP_LINE": serving.help_line,
        "MURMURATION_LANGUAGE": serving.language,
        "MURMURATION_PUBLIC_URL": serving.public_url,
        "MURMURATION_ALLOWED_HOSTS": " ".join(_hosts(serving)),
    }
    return own if serving.sign_in is None else {**own, "MURMURATION_SIGN_IN": str(serving.sign_in)}


def _command(serving: Serving) -> list[str]:
    """Return the command of the page's process. It holds no secret: anyone on the machine can read it."""
    dashboard = importlib.util.find_spec("dashboard")
    if dashboard is None or dashboard.origin is None:
        message = "The dashboard is not installed."
        raise UnforeseenError(message, "Install Murmuration again.")
    public = serving.public
    options = {
        "server.address": serving.address,
        "server.port": str(serving.port),
        "server.baseUrlPath": public.path,
        # Streamlit compares a page's address with these before it asks the internet what address this machine has.
        "browser.serverAddress": public.hostname or "",
        "browser.serverPort": str(public.port or (443 if public.scheme == "https" else 80)),
        "server.corsAllowedOrigins": f"{public.scheme}://{public.netloc}",
        "server.enableCORS": "true",
        "server.enableXsrfProtection": "true",
        "server.enableAgentApi": "false",
        "server.enableStaticServing": "false",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
        "runner.magicEnabled": "false",  # it shows the docstrings of app.py on the page
        "logger.hideWelcomeMessage": "true",
        "logger.enableRich": "false",  # it prints errors past the log, with their text
    }
    entry = Path(dashboard.origin).parent / "server" / "asgi.py"
    pairs = [
        *options.items(),
        *(("server.allowedHosts", host) for host in ("localhost", ADDRESS, "::1", *_hosts(serving))),
    ]
    result = [argument for name, value in pairs for argument in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(entry), *result]


def _answers(serving: Serving, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False where its process has ended."""
    everywhere = {"0.0.0.0": ADDRESS, "::": "::1"}  # noqa: S104 -- as an operator may have asked
    until = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        name = everywhere.get(serving.address, serving.address)
        asked = HTTPConnection(name, serving.port, timeout=2)
        with contextlib.suppress(OSError, HTTPException), contextlib.closing(asked):
            asked.request("GET", "/healthz")
            asked.getresponse()
            return True
        time.sleep(0.1)
    return process.poll() is None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the page's process; it writes nothing, and may wait long for an open browser."""
    process.terminate()
    try:
        process.wait(_TERM_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
