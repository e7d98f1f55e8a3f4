"""What the dashboard is served with, read once from the environment into a frozen value.

`murmuration dashboard` checks its options and sets these variables; whoever starts Streamlit by hand sets them.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from analytics.errors import UsageError
from dashboard.server.sign_in import SignIn, read_sign_in

PUBLISHED = "MURMURATION_PUBLISHED"
HELP_LINE = "MURMURATION_HELP_LINE"
LANGUAGE = "MURMURATION_LANGUAGE"
PUBLIC_URL = "MURMURATION_PUBLIC_URL"
ALLOWED_HOSTS = "MURMURATION_ALLOWED_HOSTS"
SIGN_IN = "MURMURATION_SIGN_IN"

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Names that only this machine and a proxy on it use."""


@dataclass(frozen=True)
class ServerSettings:
    """One dashboard's surroundings; it holds no secret."""

    published: Path
    help_line: str = ""
    """The service's own line; empty for the general one."""
    language: str = "en"
    public_url: str = "http://localhost:8501"
    """Where browsers find the page, with its path and without a slash at the end."""
    allowed_hosts: frozenset[str] = frozenset(LOOPBACK)
    """The names under which the page answers, in lower case and without a port."""
    sign_in: SignIn | None = None
    """Who may read which page; None where everybody reads everything."""
    sign_in_file: Path | None = None
    """Where the provider's secrets are; the page reads none."""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public address, as a browser sends them."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc.lower()}"

    @property
    def base_path(self) -> str:
        """The path under which everything is served: empty, or with a slash at its beginning alone."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether browsers reach the page by TLS alone."""
        return self.public_url.startswith("https://")


def current_settings() -> ServerSettings:
    """Return the settings of this process; a file that they name is read once, so a change needs a new start.

    Raises:
        UsageError: as `read_settings`.
    """
    return _read_once(tuple(sorted(pair for pair in os.environ.items() if pair[0].startswith("MURMURATION_"))))


@lru_cache(maxsize=1)
def _read_once(variables: tuple[tuple[str, str], ...]) -> ServerSettings:
    return read_settings(dict(variables))


def read_settings(environment: Mapping[str, str]) -> ServerSettings:
    """Return the settings that the environment names.

    Raises:
        UsageError: if the folder is not named, or a value makes no sense; it says which variable to set.
    """
    folder = environment.get(PUBLISHED)
    if not folder:
        message = f"There is no folder to read: {PUBLISHED} is not set."
        raise UsageError(message, f"Set {PUBLISHED} to the folder `published` of a home, or to a copy of it.")
    public_url = environment.get(PUBLIC_URL, "").rstrip("/") or ServerSettings.public_url
    if urlsplit(public_url).scheme not in {"http", "https"} or not urlsplit(public_url).hostname:
        message = f"{PUBLIC_URL} is not an address of a web page."
        raise UsageError(message, "Give it as https://moods.example.org or https://example.org/moods.")
    sign_in_file = Path(environment[SIGN_IN]) if environment.get(SIGN_IN) else None
    hosts = environment.get(ALLOWED_HOSTS, "").lower().split()
    return ServerSettings(
        published=Path(folder),
        help_line=environment.get(HELP_LINE, "").strip(),
        language=environment.get(LANGUAGE) or ServerSettings.language,
        public_url=public_url,
        allowed_hosts=frozenset({*LOOPBACK, *hosts, (urlsplit(public_url).hostname or "").lower()}),
        sign_in=read_sign_in(sign_in_file) if sign_in_file else None,
        sign_in_file=sign_in_file,
    )
