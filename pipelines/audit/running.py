"""All parts of the audit, one after the other or two at a time; then the table."""

import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from analytics.errors import MurmurationError, NotVerifiedError, UsageError
from analytics.notice.dossier import Evidence
from pipelines.audit import attacks, blackbox, canaries, coverage, evidence, noise
from pipelines.audit.effort import FULL, SHORT, Effort
from pipelines.settings import Settings
from pipelines.show import progress

Part = Callable[[Path, Effort], list[Evidence]]

PARTS: tuple[Part, ...] = (
    noise.checks,
    blackbox.build_check,
    blackbox.half_noise_check,
    canaries.checks,
    coverage.checks,
    attacks.checks,
)
"""In the order of the table."""

_LONGEST_FIRST = (1, 2, 4, 5, 0, 3)
"""The order in which two processes take the parts."""


def checked(effort: Effort, processes: int) -> list[Evidence]:
    """Return every check, in the table's order, made by as many `processes`."""
    with _folders(len(PARTS)) as folders:
        if processes == 1:
            return [check for part, folder in zip(PARTS, folders, strict=True) for check in part(folder, effort)]
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            running = {number: pool.submit(_part, number, folders[number], effort) for number in _LONGEST_FIRST}
            return [check for number in range(len(PARTS)) for check in running[number].result()]


def _part(number: int, folder: Path, effort: Effort) -> list[Evidence]:
    """Make one part; named here, so that a process has loaded all parts before it begins the first."""
    return PARTS[number](folder, effort)


@contextmanager
def _folders(number: int) -> Iterator[list[Path]]:
    with tempfile.TemporaryDirectory(prefix="murmuration-audit-") as name:
        folders = [Path(name) / str(each) for each in range(number)]
        for folder in folders:
            folder.mkdir()
        yield folders


def audit(words: Namespace, _settings: Settings) -> tuple[dict[str, Any], list[MurmurationError], list[str]]:
    """Try the promise by experiment, and write the evidence; whatever home there is, is left alone."""
    if words.out.exists() and not words.out.is_dir():
        message = "--out names a file."
        raise UsageError(message, "Name a folder; it is made if it is not there.")
    effort, mode, processes = (SHORT, "short", 1) if words.short else (FULL, "full", 2)
    progress(f"Auditing ({mode}); this takes {'about a minute' if words.short else 'about half an hour'} ...")
    found = checked(effort, processes)
    files = evidence.write(words.out, found, effort, mode)
    failed = [check.name for check in found if not check.passed]
    errors: list[MurmurationError] = []
    if failed:
        message = f"{len(failed)} of {len(found)} checks failed: {', '.join(failed)}."
        errors.append(NotVerifiedError(message, "Release nothing with this build until it is known why."))
    told = {
        "ok": not failed,
        "mode": mode,
        "files": [str(words.out / name) for name in files],
        "versions": evidence.versions(),
        "checks": [
            {"name": check.name, "ok": check.passed, "result": check.result, "bound": check.bound} for check in found
        ],
    }
    return told, errors, []
