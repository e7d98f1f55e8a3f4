"""What the surroundings of a command may settle, and what they may not."""

import os
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from pipelines.settings import set_prefect_environment

FOREIGN = {
    "PREFECT_API_URL": "http://203.0.113.1/api",
    "PREFECT_API_KEY": "somebody's",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:///elsewhere.db",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "true",
}


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return an environment that would send runs and database elsewhere; the folder is given back afterwards."""
    settled = dict(FOREIGN)
    monkeypatch.setattr(os, "environ", settled)
    monkeypatch.chdir(tmp_path)
    return settled


def test_an_embedded_engine_takes_nothing_of_prefect_from_its_surroundings(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    """No variable and no file of the working folder can send the runs away or keep them outside the home."""
    set_prefect_environment(tmp_path / "prefect")
    assert "PREFECT_API_URL" not in environment
    assert "PREFECT_API_KEY" not in environment
    assert str(tmp_path / "prefect") in environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    assert environment["PREFECT_RESULTS_PERSIST_BY_DEFAULT"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"
    assert Path.cwd() == tmp_path / "prefect"  # where no .env, prefect.toml or pyproject.toml lies


def test_an_own_server_keeps_its_address_and_key(tmp_path: Path, environment: dict[str, str]) -> None:
    """Who runs a Prefect server names it; nothing else is taken over."""
    set_prefect_environment(tmp_path / "prefect", own_server=True)
    assert environment["PREFECT_API_URL"] == FOREIGN["PREFECT_API_URL"]
    assert environment["PREFECT_API_KEY"] == FOREIGN["PREFECT_API_KEY"]
    assert environment["PREFECT_RESULTS_PERSIST_BY_DEFAULT"] == "false"


NETWORKS = {
    "a SOCKS proxy for all": {"ALL_PROXY": "socks5://127.0.0.1:1080"},
    "a SOCKS proxy in lower case": {"https_proxy": "socks5h://127.0.0.1:1080"},
    "a proxy": {"HTTP_PROXY": "http://127.0.0.1:3128"},
    "bare IPv6 exceptions": {"HTTP_PROXY": "http://127.0.0.1:3128", "NO_PROXY": "localhost,[::1],fd00::/8"},
    "exceptions in lower case": {"no_proxy": "[::1]"},
    "a certificate file that is not there": {"SSL_CERT_FILE": "/nowhere/ca.pem"},
    "a certificate folder that is not there": {"SSL_CERT_DIR": "/nowhere/ca"},
    "other libraries' certificates": {"REQUESTS_CA_BUNDLE": "/nowhere/ca.pem", "CURL_CA_BUNDLE": "/nowhere/ca.pem"},
    "a log of TLS keys": {"SSLKEYLOGFILE": "/nowhere/keys"},
    "a .netrc": {"NETRC": "/nowhere/netrc"},
    "a locale that is not there": {"LC_ALL": "xx_XX.ISO-8859-1", "LANG": "tr_TR"},
    "an encoding": {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    "warnings as errors": {"PYTHONWARNINGS": "error"},
    "workers of a web server": {"WEB_CONCURRENCY": "4", "UVICORN_PORT": "1"},
}
"""Environments of hospitals and campuses, each of which has ended programs on loopback."""


@pytest.mark.parametrize("network", NETWORKS)
def test_nothing_of_the_network_reaches_the_embedded_server_or_its_client(
    tmp_path: Path, environment: dict[str, str], network: str
) -> None:
    """Neither the client, which is made here, nor the server's process, which has this environment, sees any of it."""
    environment.update(NETWORKS[network])
    set_prefect_environment(tmp_path / "prefect")
    assert not {*NETWORKS[network].items()} & {*environment.items()}
    with httpx.Client() as client:
        through = client._transport_for_url(httpx.URL("http://127.0.0.1:4200/api"))
        assert through is client._transport  # the direct one
    child = "import locale, sys, warnings; print(locale.getpreferredencoding(), sys.flags.utf8_mode, sys.warnoptions)"
    said = subprocess.run([sys.executable, "-c", child], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["utf-8", "1", "[]"]
    assert ssl.create_default_context().keylog_filename is None


@pytest.mark.parametrize("network", NETWORKS)
def test_an_own_server_is_reached_as_the_environment_says(
    tmp_path: Path, environment: dict[str, str], network: str
) -> None:
    """It may lie beyond a proxy, and have a certificate of the house."""
    environment.update(NETWORKS[network])
    set_prefect_environment(tmp_path / "prefect", own_server=True)
    assert {*NETWORKS[network].items()} <= {*environment.items()}


def test_what_finds_python_s_modules_stays(tmp_path: Path, environment: dict[str, str]) -> None:
    """Else the server's process might not find Prefect."""
    environment["PYTHONPATH"] = "/opt/modules"
    set_prefect_environment(tmp_path / "prefect")
    assert environment["PYTHONPATH"] == "/opt/modules"
