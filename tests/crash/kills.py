"""Kills at writes: which ones, what they are called, and how many there were."""

import errno
import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tests.crash.scenes import Scene
from tests.crash.syscalls import CHANGING, MAKING, Write
from tests.crash.watching import KILL

_JOURNALS = {"ledger/releases.sqlite-journal": "SQLite's journal", "vault/vault.duckdb.wal": "DuckDB's log"}


@dataclass
class Tally:
    """What was done, for who reads the evidence."""

    kills: int = 0
    by_write: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Kills by command and kind of the write that did not happen."""
    journals: Counter[str] = field(default_factory=Counter)
    """Kills that left a journal for the next command to deal with."""


def kill_at(scene: Scene, numbers: list[int], tally: Tally) -> None:
    """End the command by SIGKILL just before its n-th write, the next one before its own, and so on; then let it end.

    All is checked after every kill, and once more at the end. A command that makes fewer writes than that has ended.
    """
    root = scene.copy("work")
    left = scene.before
    for number in numbers:
        ran = scene.watched(root, lambda count, _write, at=number: KILL if count == at else 0)  # type: ignore[misc]
        if not ran.killed:
            assert len(ran.writes) < number, "a command ends by itself only when it has made its writes"
            scene.check_mended(root, left, ran)
            continue
        tally.kills += 1
        tally.by_write[scene.name, ran.writes[-1].kind] += 1
        tally.journals.update(name for path, name in _JOURNALS.items() if (root / path).exists())
        left = scene.check_left(root, left)
    scene.check_mended(root, left, scene.to_its_end(root))


def every_write(scene: Scene) -> list[int]:
    """Return the numbers of all writes, and one beyond: the command has then ended."""
    return [number for number, write in enumerate(scene.writes, start=1) if write.changes] + [len(scene.writes) + 1]


def every_kind_of_pair(scene: Scene) -> list[int]:
    """Return the number of the first write of each kind after each other kind: a kill between every such two."""
    seen: set[tuple[str, str]] = set()
    chosen: list[int] = []
    changes = [(number, write) for number, write in enumerate(scene.writes, start=1) if write.changes]
    for (_, before), (number, write) in pairwise([(0, Write("", "")), *changes]):
        pair = (_called(before), _called(write))
        if pair not in seen:
            seen.add(pair)
            chosen.append(number)
    return chosen


def _called(write: Write) -> str:
    """Return what a write is, whichever release, batch or file of a release it is of."""
    path = Path(write.path)
    name = path.parent.name + "/*" if "releases" in path.parts or "contracts" in path.parts else path.name
    return f"{write.kind} " + "".join("#" if letter.isdigit() else letter for letter in name)


def spread(numbers: list[int], rows: int, length: int) -> list[list[int]]:
    """Return some of the numbers, evenly spread, in rows; a row falls, so that all of it is reached."""
    wanted = min(rows * length, len(numbers))
    chosen = [numbers[place * len(numbers) // wanted] for place in range(wanted)]
    return [chosen[row::rows][::-1] for row in range(rows)]


def fail_from(scene: Scene, number: int, error: int) -> None:
    """Let every write from the n-th on fail, run the command again where there is room, and check all."""
    root = scene.copy("work")
    kinds = MAKING if error == errno.ENOSPC else CHANGING
    ran = scene.watched(root, lambda count, write: error if count >= number and write.kind in kinds else 0)
    if ran.code != 0:  # where only the last tidying fails, the command has done its work
        result = json.loads(ran.out.splitlines()[-1])["error"]
        assert (ran.code, result["name"]) == (14, "store_unwritable"), ran.out
    left = scene.check_left(root, scene.before)
    scene.check_mended(root, left, scene.to_its_end(root))
