"""What a machine's environment says to every program, and must not say to the engine that a command starts for itself.

The embedded server answers on loopback only. A proxy, a certificate store or a `.netrc` of the network can only break
the way to it, or carry its address and requests elsewhere.
"""

from collections.abc import MutableMapping

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


def forget_surroundings(environment: MutableMapping[str, str]) -> None:
    """Take out of `environment` what could reach a server on loopback, or its client, and set what both need."""
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
