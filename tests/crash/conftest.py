"""The homes that are interrupted, made once."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.scenes import Scene, scenes
from tests.crash.syscalls import can_watch


@pytest.fixture(scope="session")
def all_scenes() -> Iterator[dict[str, Scene]]:
    """Return a home for each command, in memory where that can be: no kill loses what a process has written."""
    if not can_watch():
        pytest.skip("only Linux on x86-64, from 5.5 on, lets a process be stopped before each of its writes")
    shared = Path("/dev/shm")  # noqa: S108 -- a private folder below it
    folder = Path(tempfile.mkdtemp(dir=shared if shared.is_dir() else None))
    yield scenes(folder)
    shutil.rmtree(folder)
