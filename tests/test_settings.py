"""What the surroundings of a command may settle, and what they may not."""

import os
from pathlib import Path

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
