"""All parts of the audit, one after the other or two at a time; then the table."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from analytics.audit import attacks, blackbox, canaries, coverage, invented, noise, weighted
from analytics.audit.effort import Effort
from analytics.evidence import Evidence

AuditCheck = Callable[[Path, Effort], list[Evidence]]


@dataclass(frozen=True)
class AuditPart:
    """What one process does without a stop."""

    name: str
    check: AuditCheck
    seconds: int
    """About how long a full audit takes for it, on a core of its own: the longest is begun first."""


_PLACES = 3
"""Parts into which the scales of the noise are cut."""

_COVERAGE = {"mood_bands": 600, "transitions": 230}
"""Seconds; the standard plan has by far the most rows."""

_WEIGHTED = {"mood_bands": 300, "persistence": 190}


def parts() -> list[AuditPart]:
    """Return all parts in the order of the table."""
    plain = [(scenario.plan.name, next(iter(scenario.plan.measures)), scenario) for scenario in invented.scenarios()]
    sized = [
        (scenario.plan.name, next(iter(scenario.plan.measures)), scenario, strata)
        for scenario, strata in weighted.scenarios()
    ]
    return [
        *(
            AuditPart(
                f"noise, {place + 1} of {_PLACES}", partial(noise.scales_checks, place=place, places=_PLACES), 180
            )
            for place in range(_PLACES)
        ),
        AuditPart("noise of whole releases", noise.releases_checks, 60),
        AuditPart("black box: the build", blackbox.build_check, 450),
        AuditPart("black box: half the noise", blackbox.half_noise_check, 450),
        AuditPart("canaries", canaries.checks, 40),
        *(
            AuditPart(
                f"coverage, {plan} {measure}",
                partial(coverage.scenario_checks, scenario=scenario),
                _COVERAGE[measure] if plan == "standard" else 90,
            )
            for plan, measure, scenario in plain
        ),
        *(
            AuditPart(
                f"weighted coverage, {plan} {measure}",
                partial(weighted.scenario_checks, scenario=scenario, strata=strata),
                _WEIGHTED.get(measure, 30) if plan == "standard" else 30,
            )
            for plan, measure, scenario, strata in sized
        ),
        AuditPart("attacks: weeks", attacks.weeks_checks, 310),
        AuditPart("attacks: a withdrawal", attacks.withdrawal_checks, 60),
        AuditPart("attacks: a whole year", attacks.year_checks, 290),
    ]


def checked(effort: Effort, processes: int, say: Callable[[str], None]) -> list[Evidence]:
    """Return every check, in the table's order, made by as many `processes`; `say` what each part took."""
    every = parts()
    with _folders(len(every)) as folders:
        if processes == 1:
            done = [_timed(part, folder, effort) for part, folder in zip(every, folders, strict=True)]
            return [check for found, _ in done for check in found]
        begun = time.monotonic()
        longest_first = sorted(range(len(every)), key=lambda number: -every[number].seconds)
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            running = {pool.submit(_part, number, folders[number], effort): number for number in longest_first}
            found: dict[int, list[Evidence]] = {}
            for future in as_completed(running):
                number = running[future]
                found[number], seconds = future.result()
                so_far = f"{len(found)} of {len(every)} parts, {(time.monotonic() - begun) / 60:.1f} minutes"
                say(f"{every[number].name}: {_verdict(found[number])}, {seconds:.0f} s ({so_far})")
            return [check for number in range(len(every)) for check in found[number]]


def _part(number: int, folder: Path, effort: Effort) -> tuple[list[Evidence], float]:
    """Make one part; named here, so that a process has loaded all parts before it begins the first."""
    return _timed(parts()[number], folder, effort)


def _timed(part: AuditPart, folder: Path, effort: Effort) -> tuple[list[Evidence], float]:
    begun = time.monotonic()
    found = part.check(folder, effort)
    return found, time.monotonic() - begun


def _verdict(found: list[Evidence]) -> str:
    failed = sum(not check.passed for check in found)
    return f"{failed} of {len(found)} checks failed" if failed else f"{len(found)} checks passed"


_MEMORY, _ENOUGH = "/dev/shm", 2**30  # noqa: S108 -- a folder of a name that nobody else has is made in it


@contextmanager
def _folders(number: int) -> Iterator[list[Path]]:
    # Every write is forced to the disk. In memory that takes no time, and nothing here must outlast the audit.
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH else None
    with tempfile.TemporaryDirectory(prefix="murmuration-audit-", dir=memory) as name:
        folders = [Path(name) / str(each) for each in range(number)]
        for folder in folders:
            folder.mkdir()
        yield folders
