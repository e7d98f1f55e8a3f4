"""Homes before a command, and what must hold of them after a kill and after the next command.

One home is made and copied for each kill. Ana is about to withdraw; she is in every place that can hold a person.
"""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from analytics.contracts import read_contracts
from analytics.home import Home
from analytics.trends.publication.verify import verify_home
from analytics.vault.erasure.suppression_list import read_suppression_list
from tests.crash import jobs
from tests.crash.look import Look, looked_at
from tests.crash.syscalls import Write
from tests.crash.watching import Job, Ran, Verdict, run, run_watched
from tests.support.office import Office
from tests.support.people import ANA, BEA, CAI, CONSENT_HEADER, ENTRY_HEADER, NOW, entry, granted, registered, write

START = datetime(2026, 5, 4, tzinfo=UTC)
"""The Monday of 2026-W19; W19, W20 and W21 are closed at `NOW`."""

COMMANDS: dict[str, tuple[str, ...]] = {
    "init": (),
    "ingest": ("ingest", "--inbox"),
    "retry": ("quarantine", "retry"),
    "withdraw": ("withdraw", "FILE"),
    "release": ("release",),
    "publish": ("publish",),
}


@dataclass(frozen=True)
class Scene:
    """A home before a command, and the command."""

    name: str
    folder: Path
    words: tuple[str, ...]
    """The command's words; empty where it is the making of the home."""
    begin: Job = jobs.command
    """How the command that is killed is started; the one after it is always the plain one."""

    @property
    def root(self) -> Path:
        """Where the untouched home lies."""
        return self.folder / "home"

    @cached_property
    def before(self) -> Look:
        """What the home holds before the command."""
        return looked_at(self.copy("before"))

    @cached_property
    def ended(self) -> Look:
        """What the home holds when nothing interrupts the command."""
        root = self.copy("ended")
        _succeed(self.to_its_end(root))
        return looked_at(root)

    @cached_property
    def writes(self) -> list[Write]:
        """What the command writes below the home when nothing interrupts it, in order."""
        ran = self.watched(self.copy("written"), lambda _number, _write: 0)
        _succeed(ran)
        return ran.writes

    def copy(self, name: str) -> Path:
        """Return a copy of the home to work on."""
        root = self.folder / name
        if root.exists():
            shutil.rmtree(root)
        if self.root.exists():
            shutil.copytree(self.root, root)
        return root

    def watched(self, root: Path, verdict: Verdict) -> Ran:
        """Run the command on a copy, each write judged."""
        return run_watched(root, verdict, *self._job(root, self.begin))

    def to_its_end(self, root: Path) -> Ran:
        """Run the command on a copy."""
        return run(*self._job(root, jobs.command))

    def _job(self, root: Path, begin: Job) -> tuple[Any, ...]:
        return (begin, root, NOW, *self.words) if self.words else (jobs.make_home, root, START)

    def check_left(self, root: Path, before: Look) -> Look:
        """Hold what an interrupted command left against what was there: nothing is half done, lost or paid twice."""
        look, ended = looked_at(root), self.ended
        assert look.entries[: len(before.entries)] == before.entries, "what was drawn was drawn"
        assert look.releases == ended.releases[: len(look.releases)], "nothing is drawn but what is due, in order"
        assert look.spent >= before.spent, "nothing is refunded"
        for rows in look.rows_by_batch.values():
            assert rows in [*before.rows_by_batch.values(), *ended.rows_by_batch.values()], (
                "a file is whole or not there"
            )
        assert before.published.items() <= look.published.items(), "what is published stays, byte for byte"
        return look

    def check_mended(self, root: Path, left: Look, again: Ran) -> None:
        """Hold the home after the next command against one whose command nothing interrupted."""
        _succeed(again)
        look, ended = looked_at(root), self.ended
        assert look.entries[: len(left.entries)] == left.entries, "the numbers that were committed stand"
        assert look.releases == ended.releases, "nothing is drawn twice, nothing is left out"
        assert look.spent == ended.spent
        assert look.spent <= min((entry.cap_nano for entry, _ in look.entries), default=0)
        assert left.published.items() <= look.published.items(), "what was published stays, byte for byte"
        assert look.meaning == ended.meaning
        home = Home(root)
        if self.words:
            assert [check.name for check in verify_home(home.ledger, home.head, home.published) if not check.ok] == []
        if self.words[:1] in {("ingest",), ("quarantine",)}:
            for file in json.loads(again.out)["files"]:
                counted = file["accepted"] + file["duplicates"] + file["without_consent"] + file["deleted_at_source"]
                assert file["read"] == counted + sum(file["quarantined"].values()), "every row is accounted for once"
        if self.words[:1] == ("withdraw",):
            office = Office(home, read_contracts(home.contracts, "standard"), self.folder)
            assert office.places_of(ANA) == [], "who left is nowhere"
            assert all(batch.erased for batch in read_suppression_list(home.suppression_list).batches)


def scenes(folder: Path) -> dict[str, "Scene"]:
    """Make a home for each command, in its state before it."""
    base = folder / "base"
    _succeed(run(jobs.make_home, base, START))
    office = Office(Home(base), read_contracts(Home(base).contracts, "standard"), folder)
    office.lines("consents", granted(ANA), granted(BEA))
    office.lines("participants", registered(ANA), registered(BEA, region="south"))
    office.lines("canonical", entry(ANA), entry(BEA), entry(BEA, "2026-05-05T09:00", "9"), entry(ANA, mood="9"))
    _command(base, "release", "--period", "2026-W19")
    made: dict[str, Scene] = {}
    for name, words in COMMANDS.items():
        scene = Scene(
            name, folder / name, tuple(str(folder / "leaving.csv") if word == "FILE" else word for word in words)
        )
        scene.folder.mkdir()
        if name != "init":
            shutil.copytree(base, scene.root)
        made[name] = scene
    _fill_inbox(made["ingest"].root)
    _fill_inbox(made["withdraw"].root)
    write(folder / "leaving.csv", "person_id", [ANA])
    unpublished = folder / "unpublished"
    shutil.copytree(made["publish"].root / "published", unpublished)
    _command(made["publish"].root, "release", "--period", "2026-W20")
    shutil.rmtree(made["publish"].root / "published")
    unpublished.rename(made["publish"].root / "published")
    return made


def _fill_inbox(root: Path) -> None:
    """Put files of three sources into the inbox: of several people, with a row to refuse, of one person."""
    mood = '{"data": {"stateOfMind": [{"id": "k", "start": "2026-05-06 21:00:00 +0200", "valence": 0.5}]}}'
    inbox = Home(root).inbox
    (inbox / "health_auto_export" / ANA).mkdir()
    waiting = [
        write(inbox / "consents" / "new.csv", CONSENT_HEADER, [granted(CAI), f"{CAI},granted,never,,,,"]),
        write(inbox / "canonical" / "new.csv", ENTRY_HEADER, [entry(CAI), entry(BEA, mood="2"), entry(CAI, mood="9")]),
        write(inbox / "health_auto_export" / ANA / "sync.json", mood, []),
    ]
    for path in waiting:
        os.utime(path, (NOW.timestamp() - 60,) * 2)


def _command(root: Path, *words: str) -> None:
    _succeed(run(jobs.command, root, NOW, *words))


def _succeed(ran: Ran) -> None:
    assert ran.code == 0, ran.out
