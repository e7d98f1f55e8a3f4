"""Rules for all tests, and what many of them share."""

import os
import socket
import tempfile
from collections.abc import Generator, Iterator
from copy import deepcopy
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from analytics.contracts import Contracts, read_contracts, reading, shipped_contracts
from analytics.vault.database import Vault
from tests.support import leaks, people
from tests.support.browser import chromium_browser
from tests.support.processes import given_back

# `make test` says the same of the same code every time; `HYPOTHESIS_PROFILE=random make test` looks elsewhere.
settings.register_profile("same", derandomize=True)
settings.register_profile("random", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker for tests that put a person where none may be, to see it found."""
    config.addinivalue_line("markers", "plants(why): leaves an invented person where the leak watch looks")


LONGEST = (
    "audit/test_parts",
    "promise/test_sequences",
    "dashboard/test_roles",
    "crash/test_every_write",
    "pipelines/test_command_line",
    "audit/test_canaries",
    "promise/test_replay_control_flow",
    "dashboard/server/test_sign_in",
    "vault/test_brake",
    "pipelines/test_flows",
    "vault/test_inbox",
    "vault/test_withdrawal",
    "promise/test_replay_sensitivity",
    "vault/test_participation",
    "vault/test_erasure",
    "trends/estimation/test_fallback",
    "vault/test_exact_cells",
    "trends/estimation/test_simultaneous",
    "promise/test_replay_ingest",
    "trends/publication/test_renderer",
    "vault/test_patterns",
    "promise/test_stability_formats",
    "pipelines/test_privacy_commands",
    "vault/test_agreed_versions",
    "vault/test_old_homes",
    "vault/test_refused_records",
    "promise/test_stability_readers",
)
"""The files that take longest, the longest first: where they begin, no worker is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files begin; all others keep their order."""
    place = {Path(__file__).parent / f"{name}.py": number for number, name in enumerate(LONGEST)}
    if gone := [path.name for path in place if not path.is_file()]:
        message = f"LONGEST in tests/conftest.py names files that are not there: {', '.join(gone)}"
        raise pytest.UsageError(message)
    items.sort(key=lambda item: place.get(item.path, len(place)))


def tells_of_a_person(text: str) -> bool:
    """Say whether `text` holds anything of an invented participant, as it is or in base64."""
    return bool(text) and leaks.tells(text.encode("utf-8", "surrogatepass"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that printed or logged anything of an invented participant."""
    report = yield
    if call.when == "teardown" and report.passed:
        leaks = [name for name, text in report.sections if tells_of_a_person(text)]
        if leaks:
            report.outcome = "failed"
            report.longrepr = f"{item.name}: a value of an invented participant was found in: {', '.join(leaks)}"
    return report


@pytest.fixture(autouse=True)
def _a_command_s_process_is_given_back() -> Iterator[None]:
    """Let no test find what a command of another test settled for the process."""
    with given_back():
        yield


@pytest.fixture(autouse=True)
def _nothing_of_a_person_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Look at log records too, at every level."""
    with caplog.at_level(0):
        yield
    for when in ("setup", "call", "teardown"):
        records = caplog.get_records(when)
        leaking = {record.name for record in records if tells_of_a_person(f"{record.getMessage()} {record.args}")}
        assert not leaking, f"loggers that named an invented participant: {', '.join(sorted(leaking))}"


@pytest.fixture(autouse=True, scope="session")
def leak_watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[leaks.Watch]:
    """Give all tests, and what they start, a temporary folder of their own, and know which folders they are given."""
    temporary = tmp_path_factory.mktemp("left", numbered=False)
    watch = leaks.Watch(temporary, Path.cwd())
    make = tmp_path_factory.mktemp

    def known(basename: str, numbered: bool = True) -> Path:  # noqa: FBT001, FBT002 -- the parent's signature
        watch.made.append(make(basename, numbered))
        return watch.made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr(tempfile, "tempdir", None)  # read again
        patch.setattr(tmp_path_factory, "mktemp", known)
        yield watch


@pytest.fixture(autouse=True, scope="module")
def _modules_leave_nothing_of_a_person(leak_watch: leaks.Watch) -> Iterator[None]:
    """Look again, when a module has ended, at homes that its tests shared."""
    yield
    found = leak_watch.home_leaks(leak_watch.shared)
    leak_watch.shared.clear()
    assert not found, f"an invented participant was left in: {', '.join(sorted(set(found)))}"


@pytest.fixture(autouse=True)
def _nothing_of_a_person_is_left(request: pytest.FixtureRequest, leak_watch: leaks.Watch) -> Iterator[None]:
    """Find an invented participant in a home beyond its personal folders, or in a temporary file."""
    yield
    found = [*leak_watch.temporary_leaks(), *leak_watch.home_leaks(leak_watch.made)]
    leak_watch.shared += leak_watch.made
    leak_watch.made.clear()
    if request.node.get_closest_marker("plants") is None:
        assert not found, f"an invented participant was left in: {', '.join(sorted(set(found)))}"


def _check_loopback(family: int, address: Any) -> None:  # noqa: ANN401 -- an address is whatever its family says
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = address[0]
    if host != "localhost" and not ip_address(host.split("%")[0]).is_loopback:
        pytest.fail("a connection beyond this machine was asked for")


@pytest.fixture(autouse=True, scope="session")
def _no_network_beyond_loopback() -> Iterator[None]:
    """Let no test reach another machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:  # noqa: ANN401 -- the parent's signature
        _check_loopback(self.family, address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:  # noqa: ANN401 -- the parent's signature
        _check_loopback(self.family, address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        yield


@pytest.fixture(autouse=True, scope="session")
def _the_disk_is_not_waited_for() -> Iterator[None]:
    """Leave out our own syncs in this process: no test cuts its power, and a new home alone has sixty of them.

    The processes of `tests/crash` and every command in a process of its own sync as they do; each sync is looked at
    there.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _a_text_is_parsed_once() -> Iterator[None]:
    """Keep what a contract's text says, by the text: every new home has all contracts, and YAML is slow to parse."""
    parse = reading.read_yaml
    known: dict[bytes, Any] = {}

    def once(path: Path) -> Any:  # noqa: ANN401 -- the parent's signature
        text = path.read_bytes() if path.is_file() else None
        if text is None:
            return parse(path)
        if text not in known:
            known[text] = parse(path)
        return deepcopy(known[text])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read_yaml", once)
        yield


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give a module's tests a real browser; its profile is beside the watched folders, because it locks its files."""
    with chromium_browser(tmp_path_factory.getbasetemp() / "chromium") as browser:
        yield browser


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    """Return the contracts that the program brings, under the standard plan."""
    return read_contracts(shipped_contracts(), "standard")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """Return a new vault."""
    with people.vault_at(tmp_path / "vault.duckdb") as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    """Return the tests' clock."""
    return people.NOW


@pytest.fixture
def desk(vault: Vault, contracts: Contracts, tmp_path: Path) -> people.Desk:
    """Return a desk at a new vault."""
    return people.Desk(vault, contracts, tmp_path)
