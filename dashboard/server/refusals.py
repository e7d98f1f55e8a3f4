"""Which requests are refused, and with what sentence: foreign hosts, foreign pages, what the page does not use."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from dashboard.server.settings import ServerSettings

OPEN_CORE = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
"""What the page itself asks Streamlit for. Everything else below `/_stcore` is closed: metrics, agents, uploads."""

SIGN_IN_PATHS = ("/auth/login", "/auth/logout", "/oauth2callback")


@dataclass(frozen=True)
class Asked:
    """The parts of a request that decide."""

    path: str
    hosts: tuple[str, ...]
    """Each `Host` header: there must be one."""
    origin: str | None = None
    """The page that the request comes from, where a browser says so."""
    method: str = "GET"
    websocket: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered. The sentence repeats nothing of the request."""

    status: int
    sentence: str


_HOST = Refusal(
    421,
    "This dashboard does not answer under this name. Use the address that the service gives. "
    "Operators: name that address with --public-url, and let the proxy pass on Host.",
)
_ORIGIN = Refusal(403, "Another page asked for this. Open the dashboard itself.")
_METHOD = Refusal(405, "This dashboard can only be read.")
_CLOSED = Refusal(404, "There is nothing here.")


def refusal(asked: Asked, settings: ServerSettings) -> Refusal | None:
    """Return why a request is refused; None where it is answered."""
    if len(asked.hosts) != 1 or _name(asked.hosts[0]) not in settings.allowed_hosts:
        return _HOST
    if asked.websocket and not _is_own(asked, settings):
        return _ORIGIN
    if not asked.websocket and asked.method not in {"GET", "HEAD"}:
        return _METHOD
    path = inner_path(asked.path, settings)
    if path.startswith("/_stcore") and path not in OPEN_CORE and not path.startswith("/_stcore/bidi-components/"):
        return _CLOSED
    if settings.sign_in is None and path in SIGN_IN_PATHS:
        return _CLOSED
    return None


def inner_path(path: str, settings: ServerSettings) -> str:
    """Return a path without the one under which everything is served, and without repeated or last slashes."""
    parts = [part for part in path.split("/") if part]
    base = [part for part in settings.base_path.split("/") if part]
    return "/" + "/".join(parts[len(base) :] if parts[: len(base)] == base else parts)


def _is_own(asked: Asked, settings: ServerSettings) -> bool:
    """Say whether a websocket comes from our own page; whoever sends no origin is no browser, and has no cookie."""
    if asked.origin is None or asked.origin == settings.origin:
        return True
    try:
        origin = urlsplit(asked.origin)
    except ValueError:
        return False
    if origin.hostname == urlsplit(settings.public_url).hostname and settings.secure and origin.scheme != "https":
        return False  # whoever is between can write a page under our name without TLS
    return origin.netloc.lower() == asked.hosts[0].lower()


def _name(host: str) -> str:
    """Return the name in a `Host` header, without its port; empty where it makes no sense."""
    try:
        parts = urlsplit(f"//{host}")
        plain = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return ""
    return (parts.hostname or "").rstrip(".") if plain else ""
