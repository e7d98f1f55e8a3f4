"""One home, driven as the command line drives it, but for the flow engine: its tasks run in a loop, in their order.

Noise is taken away, so that exact cells can be compared; nothing else of the program is replaced. Homes are copies of
one that is made once for each Ada, in memory where the system has such a folder.
"""

import contextlib
import io
import os
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import yaml

from analytics import contracts
from analytics.contracts import Plan, columns, shipped_contracts
from analytics.errors import MurmurationError
from analytics.release import draw
from analytics.release.noise import loss_nano
from analytics.vault import opening
from analytics.vault.pseudonym import keyed_hash, normalised
from analytics.vault.store import Vault
from pipelines import cli, erasing, steps
from pipelines import commands as called
from pipelines.arguments import read_words
from pipelines.guard import Guard, worst
from pipelines.home import Home, init_home
from pipelines.settings import Settings
from pipelines.steps import Run
from tests.people import KEY
from tests.sequences.comparing import WAITING
from tests.sequences.records import ANYBODY, File, Row
from tests.sequences.world import (
    ADAS,
    CONSENTED,
    NOW,
    PLAN,
    START,
    Declaration,
    Person,
    declarations,
    write_yaml,
)

IN_MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of this name is made in it


@dataclass
class Told:
    """How a command ended at one home."""

    code: int
    result: dict[str, Any] = field(default_factory=dict)
    errors: list[MurmurationError] = field(default_factory=list)
    source_lines: list[str] = field(default_factory=list)
    """Where an unforeseen error came from: text of the program, no value."""


@dataclass
class Neighbour:
    """One of the two homes, with what lies around it."""

    home: Home
    folder: Path
    """Where the files lie that commands name."""
    ada: Person
    with_ada: bool
    days: int = 0

    @property
    def settings(self) -> Settings:
        """The surroundings of the next command."""
        return Settings(self.home.root, NOW + timedelta(days=self.days), self.folder)

    def put(self, file: File, number: int) -> str | None:
        """Write a file to be named; return its name, or None where this home does not get it."""
        if not file.is_in(self.ada, with_ada=self.with_ada):
            return None
        name = f"{file.source}-{number}{file.ending}"
        (self.folder / name).write_bytes(file.content(self.ada, with_ada=self.with_ada))
        return name

    def map(self, names: list[tuple[str, File]]) -> str:
        """Write a map of files to people; return its name."""
        lines = [f"{name},{(file.owner or self.ada).id}" for name, file in names]
        (self.folder / "map.csv").write_text("\n".join(["file,person_id", *lines]) + "\n")
        return "map.csv"

    def drop(self, file: File, name: str, seconds: int) -> None:
        """Put a file that changed so long ago into the inbox."""
        if not file.is_in(self.ada, with_ada=self.with_ada):
            return
        folder = self.home.inbox / file.source
        if file.of_one_person:
            folder /= (file.owner or self.ada).id
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(file.content(self.ada, with_ada=self.with_ada))
        changed = self.settings.now.timestamp() - seconds
        os.utime(path, (changed, changed))

    def link(self, to: Person) -> None:
        """Make Ada's folder of the inbox a link to somebody's."""
        path = self.home.inbox / "diary" / self.ada.id
        if self.with_ada and self.ada.domain == "default" and not path.exists() and not path.is_symlink():
            (self.home.inbox / "diary" / to.id).mkdir(exist_ok=True)
            path.symlink_to(self.home.inbox / "diary" / to.id, target_is_directory=True)

    def declare(self, source: str, change: Declaration | None) -> None:
        """Change a source's declaration; None breaks it."""
        path = self.home.contracts / "sources" / f"{source}.yaml"
        if change is None:
            path.write_text("name: [")
        else:
            write_yaml(path, {**declarations()[source], **change})

    def list_factors(self, words: list[str]) -> None:
        """Let the contract of entries list these factors, or as at first where there are none."""
        path = self.home.contracts / "mood_entry.odcs.yaml"
        contract = yaml.safe_load(_shipped_entry_contract())
        factors = next(each for each in contract["schema"][0]["properties"] if each["name"] == "factors")
        factors["items"]["enum"] = [{"value": word} for word in words] or factors["items"]["enum"]
        write_yaml(path, contract)

    def wait(self, days: int) -> None:
        """Let the clock go on."""
        self.days += days

    def newest_waiting(self) -> int | None:
        """Return the newest withdrawals whose deletion waits, of others."""
        found = self.people_waiting()
        return max(found.values(), default=None)

    def people_waiting(self) -> dict[bytes, int]:
        """Return of whom but Ada rows wait for deletion, each with the number of their withdrawal."""
        with duckdb.connect(str(self.home.vault), read_only=True) as connection:
            tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            if (WAITING,) not in tables:
                return {}
            rows = connection.execute(f"SELECT pseudonym, list_no FROM {WAITING} ORDER BY list_no").fetchall()  # noqa: S608 -- our name
        return {pseudonym: number for pseudonym, number in rows if pseudonym != self.pseudonym}

    @property
    def pseudonym(self) -> bytes:
        """Ada's."""
        return keyed_hash(KEY, self.ada.domain, normalised(self.ada.id))[:16]

    def run(self, argv: list[str]) -> Told:
        """Run a command as the command line does."""
        told = Told(0)
        guard = Guard()
        with guard:
            words = _words(tuple(argv))
            told.result, told.errors, told.source_lines = cli._function(argv[0])(words, self.settings)
        if guard.error is not None:
            told.errors, told.source_lines = [guard.error], guard.source_lines
        error = worst(told.errors)
        told.code = 0 if error is None else error.exit_code
        return told

    def waiting(self) -> list[str]:
        """Return which files lie in the inbox and are not Ada's own."""
        own = self.home.inbox / "diary" / self.ada.id
        files = (path for path in self.home.inbox.rglob("*") if path.is_file() and own not in path.parents)
        return sorted(str(path.relative_to(self.home.inbox)) for path in files)


@cache
def _words(argv: tuple[str, ...]) -> Namespace:
    return read_words(list(argv))


@cache
def _shipped_entry_contract() -> str:
    return (shipped_contracts() / "mood_entry.odcs.yaml").read_text()


def _loop(run: Run, steps_: Iterable[str]) -> None:
    """Run a flow's tasks as the engine does: one that fails does not stop the others, and has left its error."""
    for each in steps_:
        with contextlib.suppress(Exception):
            run.do(each)
    run.forget()


def _run_ingest(run: Run, parts: Iterable[Any]) -> None:
    _loop(run, (str(getattr(part, "name", part)) for part in parts))


def _run_release(run: Run, periods: list[str], _today: str) -> None:
    _loop(run, [*periods, "publish"])


_SETTINGS = opening.settings_beside


def _settings_beside(path: Path) -> opening.DuckSettings:
    """Return the vault's settings for few rows: threads cost more than they spare."""
    return {**_SETTINGS(path), "threads": 1}


_RUN = Vault.run


def _run_unless_made(vault: Vault, name: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Run a statement; not those that make tables in a vault that has them: all homes are of one version here."""
    if not name.startswith("schema/") or not vault.rows("format_read"):
        _RUN(vault, name, parameters)


def _exact(exact: list[int], _size: int, d_in: int, sigma: int) -> tuple[tuple[int, ...], int]:
    """Return the cells as they are, at the loss that they would have cost with noise."""
    return tuple(exact), loss_nano(d_in, sigma)


@contextlib.contextmanager
def without_engine_and_noise() -> Iterator[None]:
    """Let commands run here: tasks in a loop, draws without noise, contracts parsed once a text."""
    parse: Callable[..., Any] = contracts.read_model
    known: dict[tuple[str, bytes, type], Any] = {}

    def once(path: Path, model: type) -> Any:  # noqa: ANN401 -- as the function that it stands for
        key = (path.name, path.read_bytes() if path.is_file() else b"", model)
        if key not in known:
            known[key] = parse(path, model)
        return known[key]

    with contextlib.ExitStack() as stack:
        # Where the engine is started and run. Adapt here if the commands get another way to run a flow.
        stack.enter_context(patch.object(called, "_engine", lambda *_: contextlib.nullcontext))
        stack.enter_context(patch.object(steps, "run_ingest", _run_ingest))
        stack.enter_context(patch.object(steps, "run_release", _run_release))
        stack.enter_context(patch.object(steps, "rebuild", lambda *_: None))
        stack.enter_context(patch.object(draw, "noisy", _exact))
        stack.enter_context(patch.object(Vault, "run", _run_unless_made))
        for module in (opening, erasing):
            stack.enter_context(patch.object(module, "settings_beside", _settings_beside))
        stack.enter_context(patch.object(contracts, "read_model", once))
        stack.enter_context(patch.object(columns, "read_model", once))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        yield


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
            self._made[ada] = folder
        return self._made[ada]


_GRANT = ANYBODY["consents"][0]


def _fill(one: Neighbour) -> None:
    """Make a home in which some have consented and sent something."""
    with patch("pipelines.home.new_key", lambda: KEY):
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
    told = one.run(["ingest", file.source, one.put(file, 0) or ""])
    if told.code:
        message = f"no home could be made: {[error.message for error in told.errors]}"
        raise AssertionError(message)


def _settle_plan(path: Path) -> None:
    """Let one product count a person in two releases of a year at most, and a deletion of several people wait."""
    plan = yaml.safe_load(path.read_text())
    plan["products"]["monthly_mood"]["most_releases_per_person"] = 2
    if "most_erased_at_once" in Plan.model_fields:
        plan["most_erased_at_once"] = 2
    write_yaml(path, plan)
