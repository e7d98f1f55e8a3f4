"""Commands of the privacy room, run on a test's home with lines on standard input."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.settings import Settings
from tests.support.office import Office
from tests.support.people import NOW

Answer = tuple[int, dict[str, Any]]


Ask = Callable[..., Answer]


RunBytes = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands run on the tests' day: what is held would be too old on any other."""
    whole = Settings.read

    def read(**words: bool) -> Settings:
        return replace(whole(**words), now=NOW)

    monkeypatch.setattr(Settings, "read", read)


@pytest.fixture
def run_bytes(office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RunBytes:
    """Return what runs a command on the home, with bytes on standard input, and reads its one JSON object."""

    def result(said: bytes, *words: str) -> Answer:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(said), isatty=lambda: False))
        code = main(["--home", str(office.home.root), *words, "--json"])
        answer = json.loads(capsys.readouterr().out)
        assert (code == 0) == ("error" not in answer)
        return code, answer

    return result


@pytest.fixture
def ask(run_bytes: RunBytes) -> Ask:
    """Return what runs a command on the home, with lines on standard input."""

    def asked(*words: str, lines: tuple[str, ...] = ()) -> Answer:
        return run_bytes("".join(f"{line}\n" for line in lines).encode(), *words)

    return asked
