"""A test that runs a command in its own process leaves the next test nothing of it."""

import io
import logging
import os
from pathlib import Path

from pipelines.settings import set_prefect_environment
from tests.support.processes import given_back


def _settled() -> tuple[Path, dict[str, str], int, int, list[logging.Handler]]:
    """Return all that is to be given back."""
    mask = os.umask(0)
    os.umask(mask)
    root = logging.getLogger()
    return Path.cwd(), dict(os.environ), mask, root.level, [*root.handlers]


def test_what_a_command_settles_for_its_process_is_given_back(tmp_path: Path) -> None:
    """Folder and environment by the command's own function, the mask and the logging as it and Prefect do."""
    os.environ["PREFECT_HOME"] = "before"  # which the command replaces
    before = _settled()
    root = logging.getLogger()
    with given_back():
        set_prefect_environment(tmp_path / "prefect")
        os.umask(before[2] ^ 0o077)
        root.handlers[:] = [logging.StreamHandler(io.StringIO())]
        root.setLevel(logging.ERROR)
        assert not [one for one, other in zip(before, _settled(), strict=True) if one == other]
    assert _settled() == before
