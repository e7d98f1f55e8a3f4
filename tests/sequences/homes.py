"""One home, driven as the command line drives it: the same words and functions, an exit code for every refusal."""

import os
from argparse import Namespace
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from analytics.contracts import shipped_contracts
from analytics.error_guard import Guard, worst
from analytics.errors import MurmurationError
from analytics.home import Home
from analytics.vault.pseudonym import keyed_hash, normalised
from pipelines.cli import COMMANDS
from pipelines.command_line import parse
from pipelines.settings import Settings
from tests.sequences.comparing import WAITING
from tests.sequences.records import File
from tests.sequences.world import NOW, PLAN, Declaration, Person, declarations, domain_of, versions_since, write_yaml
from tests.support.people import KEY

_PROMISES = "\npromise_versions: "


@dataclass
class Ended:
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
    minutes: int = 0

    @property
    def settings(self) -> Settings:
        """The surroundings of the next command."""
        return Settings(self.home.root, NOW + timedelta(days=self.days, minutes=self.minutes), self.folder)

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
            if folder.is_symlink():
                return  # the link is hers; through it the file would become another's
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(file.content(self.ada, with_ada=self.with_ada))
        changed = self.settings.now.timestamp() - seconds
        os.utime(path, (changed, changed))

    def is_linked(self) -> bool:
        """Say whether Ada's folder of the inbox is a link."""
        return (self.home.inbox / "diary" / self.ada.id).is_symlink()

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

    def promise(self, since: date | None) -> None:
        """Let the plan say that a smaller promise was in force before a day; None: that there was only this one."""
        path = self.home.contracts / f"release_plan.{PLAN}.yaml"
        text = path.read_text().split(_PROMISES)[0]
        listed = "" if since is None else _PROMISES + versions_since(since)
        path.write_text(text + listed)

    def wait(self, days: int) -> None:
        """Let the clock go on."""
        self.days += days

    def traces(self) -> list[object]:
        """Return what a command changes beside the vault: the list of who left, what waits, contracts, the clock."""
        folders = (self.home.inbox, self.home.contracts)
        files = [(path, path.lstat().st_mtime_ns) for folder in folders for path in sorted(folder.rglob("*"))]
        return [self.days, self.home.suppression_list.read_bytes(), files]

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

    def run(self, argv: list[str]) -> Ended:
        """Run a command as the command line does."""
        result = Ended(0)
        guard = Guard()
        with guard:
            args = _args(tuple(argv))
            answer = args.run(args, self.settings)
            result.result, result.errors, result.source_lines = answer.result, answer.errors, answer.source_lines
        if guard.error is not None:
            result.errors, result.source_lines = [guard.error], guard.source_lines
        error = worst(result.errors)
        result.code = 0 if error is None else error.exit_code
        return result

    def waiting(self, gone: AbstractSet[bytes]) -> set[str]:
        """Return which files of others lie in the inbox, without those of `gone` people, whose deletion waits."""
        return {
            str(path.relative_to(self.home.inbox))
            for path in self.home.inbox.rglob("*")
            if path.is_file() and self._pseudonym_of(path) not in {self.pseudonym, *gone}
        }

    def empty_waiting(self) -> set[str]:
        """Return which files without a byte lie in the inbox."""
        files = (path for path in self.home.inbox.rglob("*") if path.is_file() and not path.stat().st_size)
        return {str(path.relative_to(self.home.inbox)) for path in files}

    def hers_waiting(self) -> int:
        """Return how many files of Ada's own lie in the inbox, a link of her name among them."""
        own = self.home.inbox / "diary" / self.ada.id
        return 1 if own.is_symlink() else len(list(own.iterdir())) if own.is_dir() else 0

    def _pseudonym_of(self, path: Path) -> bytes | None:
        source, *folders, _ = path.relative_to(self.home.inbox).parts
        return keyed_hash(KEY, domain_of(source) or "default", normalised(folders[0]))[:16] if folders else None


@cache
def _args(argv: tuple[str, ...]) -> Namespace:
    return parse(list(argv), COMMANDS)


@cache
def _shipped_entry_contract() -> str:
    return (shipped_contracts() / "mood_entry.odcs.yaml").read_text()
