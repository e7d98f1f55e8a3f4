"""Homes to copy: one in which some have consented and sent something, and one more for each Ada who has consented.

They lie in memory where the system has such a folder: a sequence costs most where it waits for a disk.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import yaml

from analytics.contracts import Plan
from analytics.home import Home
from analytics.make_home import init_home
from tests.sequences.driving import VAULTS
from tests.sequences.homes import Neighbour
from tests.sequences.records import File, Row
from tests.sequences.rows import ANYBODY
from tests.sequences.world import ADAS, CONSENTED, PLAN, START, Person, declarations, write_yaml
from tests.support.people import KEY

IN_MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of this name is made in it


class Templates:
    """Homes to copy: made once for each Ada."""

    def __init__(self) -> None:
        """Begin with none."""
        place = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
        self.root = Path(tempfile.mkdtemp(prefix="sequences-", dir=place))
        self._made: dict[Person | None, Path] = {}
        self._number = 0

    def close(self) -> None:
        """Remove everything."""
        VAULTS.let_go(self.root)
        shutil.rmtree(self.root, ignore_errors=True)

    @contextlib.contextmanager
    def pair(self, ada: Person, *, consented: bool) -> Iterator[tuple[Neighbour, Neighbour]]:
        """Yield a home with Ada and one without her."""
        self._number += 1
        folder = self.root / str(self._number)
        pair = []
        try:
            for with_ada in (True, False):
                target = folder / ("with" if with_ada else "without")
                shutil.copytree(self._template(ada if with_ada and consented else None), target, symlinks=True)
                pair.append(Neighbour(Home(target / "home"), target, ada, with_ada))
            yield pair[0], pair[1]
        finally:
            VAULTS.let_go(folder)
            shutil.rmtree(folder, ignore_errors=True)

    def _template(self, ada: Person | None) -> Path:
        """Return the home to copy: Ada's, who has consented in it, or the one that it was made from."""
        if ada not in self._made:
            folder = self.root / f"of-{'nobody' if ada is None else ADAS.index(ada)}"
            if ada is None:
                folder.mkdir()
                _fill(Neighbour(Home(folder / "home"), folder, ADAS[0], with_ada=False))
            else:
                shutil.copytree(self._template(None), folder)
                _take(Neighbour(Home(folder / "home"), folder, ada, with_ada=True), File("consents", (Row(_GRANT),)))
            VAULTS.let_go(folder)
            self._made[ada] = folder
        return self._made[ada]


_GRANT = ANYBODY["consents"][0]

RETENTION_DAYS = 150
"""The least that the plan may say: a period of 35 days, three days of grace and 16 weeks before."""


def _fill(one: Neighbour) -> None:
    """Make a home in which some have consented and sent something."""
    with patch("analytics.make_home.new_key", lambda: KEY):
        init_home(one.home.root, PLAN, START)
    for path in (one.home.contracts / "sources").glob("*.yaml"):
        path.unlink()
    for name, content in declarations().items():
        write_yaml(one.home.contracts / "sources" / f"{name}.yaml", content)
        (one.home.inbox / name).mkdir(exist_ok=True)
    _settle_plan(one.home.contracts / f"release_plan.{PLAN}.yaml")
    cohort, entries = ANYBODY["participants"][0], ANYBODY["canonical"]
    _take(one, File("consents", tuple(Row(_GRANT, person) for person in CONSENTED)))
    _take(one, File("participants", tuple(Row(cohort, person) for person in CONSENTED[:2])))
    _take(one, File("canonical", tuple(Row(entries[place], CONSENTED[place]) for place in range(3))))


def _take(one: Neighbour, file: File) -> None:
    result = one.run(["ingest", file.source, one.put(file, 0) or ""])
    if result.code:
        message = f"no home could be made: {[error.message for error in result.errors]}"
        raise AssertionError(message)


def _settle_plan(path: Path) -> None:
    """Let one product count a person in two releases of a year at most, and a deletion of several people wait.

    Entries are kept for as long as a release may look back, and no longer, so that some are too old within a sequence.
    """
    plan = yaml.safe_load(path.read_text())
    plan["retention_days"] = RETENTION_DAYS
    plan["products"]["monthly_mood"]["most_releases_per_person"] = 2
    if "most_erased_at_once" in Plan.model_fields:
        plan["most_erased_at_once"] = 2
    write_yaml(path, plan)
