"""The settings from environment and command line, read once at the edge into a frozen value."""

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

HOME_VARIABLE = "MURMURATION_HOME"
DEFAULT_HOME = "murmuration-home"

OWN_SERVER = ("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_API_AUTH_STRING")
"""What an operator who runs a Prefect server may set."""


_PROXIES = ("all_proxy", "http_proxy", "https_proxy", "ftp_proxy", "ws_proxy", "wss_proxy", "socks_proxy")
_CERTIFICATES = (
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE"),
    *("OPENSSL_CONF", "OPENSSL_MODULES", "NETRC"),
)
_SERVER = ("WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS")
"""What uvicorn reads."""
_FAMILIES = ("OTEL_", "UVICORN_", "WEBSOCKETS_", "LC_")
_LOCALE = ("LANG", "LANGUAGE")
_FINDS_MODULES = frozenset(
    {
        *("PYTHONPATH", "PYTHONHOME", "PYTHONPLATLIBDIR", "PYTHONNOUSERSITE", "PYTHONUSERBASE", "PYTHONSAFEPATH"),
        *("PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"),
    }
)
"""Of Python's variables, those without which the server's process might not find its own modules."""

_OWN = {
    "LC_ALL": "C.UTF-8",
    "PYTHONUTF8": "1",
    # Set, so that the operating system's proxy settings (macOS, Windows) are not asked for either.
    "NO_PROXY": "*",
    "no_proxy": "*",
}

_PAGE_KEEPS = _FINDS_MODULES | {
    *("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "TZ"),
    *("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MALLOC_ARENA_MAX"),
}
"""What the page's process is given of the environment: what finds programs and modules, the clock, how much to use."""

_PAGE_REACHES_PROVIDER = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""What it needs besides, with the proxies, to reach the provider of a sign-in."""


@dataclass(frozen=True)
class Settings:
    """One command's surroundings."""

    home: Path
    now: datetime
    """The clock, read once, in UTC."""
    folder: Path
    """The working folder, to which the command line's file names are relative."""
    as_json: bool = False
    debug: bool = False
    own_server: bool = False
    """Whether the operator runs a Prefect server (`PREFECT_API_URL`); else one is embedded."""

    @classmethod
    def read(cls, *, as_json: bool = False, debug: bool = False) -> Self:
        """Read environment and clock."""
        return cls(
            home=Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME).expanduser().absolute(),
            now=datetime.now(UTC),
            folder=Path.cwd(),
            as_json=as_json,
            debug=debug,
            own_server=bool(os.environ.get("PREFECT_API_URL")),
        )

    def at(self, home: Path) -> "Settings":
        """Return the same with the home that the command line names."""
        return replace(self, home=home.expanduser().absolute())


def set_prefect_environment(prefect_home: Path, *, own_server: bool = False) -> None:
    """Settle Prefect's settings; must run before its first import, which reads them.

    Everything that it writes is in the home, nothing is sent anywhere, and stdout stays clean. Whatever else of
    Prefect the environment, an `.env` or a `prefect.toml` of the working folder settle is left out, but for an own
    server's address and key. Proxies, certificates and locale of the environment hold on the way to an own server; to
    the embedded one they do not matter, and are left out.
    """
    kept = OWN_SERVER if own_server else ()
    for name in [name for name in os.environ if name.startswith("PREFECT_") and name not in kept]:
        del os.environ[name]
    prefect_home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(prefect_home)  # Prefect reads .env, prefect.toml and pyproject.toml of the folder it is started in
    os.environ.update(
        {
            "PREFECT_HOME": str(prefect_home),
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_UI_ENABLED": "false",
            # the embedded server is started by us (prefect_server.py), and never a second one by Prefect itself
            "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
            "PREFECT_LOGGING_TO_API_ENABLED": "false",
            # we report failed tasks ourselves; Prefect would add a traceback
            "PREFECT_LOGGING_LEVEL": "CRITICAL",
            "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{prefect_home / 'prefect.db'}",
        }
    )
    if not own_server:
        _forget_surroundings(os.environ)


def _forget_surroundings(environment: MutableMapping[str, str]) -> None:
    """Take out of `environment` what could reach a server on loopback, or its client, and set what both need.

    A proxy, a certificate store or a `.netrc` of the network can only break the way to the embedded server, or carry
    its address and requests elsewhere.
    """
    for name in [name for name in environment if _is_foreign(name)]:
        del environment[name]
    environment.update(_OWN)


def _is_foreign(name: str) -> bool:
    return (
        name.lower() in {*_PROXIES, "no_proxy"}
        or name in {*_CERTIFICATES, *_SERVER, *_LOCALE}
        or name.startswith(_FAMILIES)
        or (name.startswith("PYTHON") and name not in _FINDS_MODULES)
    )


def page_environment(environment: Mapping[str, str], *, sign_in: bool) -> dict[str, str]:
    """Return what the page's process is given of `environment`: a list of names, and nothing that is not on it.

    Strangers talk to that process. A password, key or token in the operator's shell, the place of the home, or a
    setting of Streamlit (`STREAMLIT_SERVER_ENABLE_CORS`) must not come into it by being there. With `sign_in`, it
    also gets the proxies and certificates with which it reaches the provider.
    """
    proxies = {*_PROXIES, "no_proxy"} if sign_in else set()
    kept = _PAGE_KEEPS | set(_PAGE_REACHES_PROVIDER if sign_in else ())
    result = {name: value for name, value in environment.items() if name in kept or name.lower() in proxies}
    return {**result, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "DO_NOT_TRACK": "1"}
