"""SIGKILL, a full disk, a failing disk: between writes of every command, whoever makes them; then it runs again.

The kernel stops each write, of Python, SQLite and DuckDB alike, until it is judged (`syscalls`); so no list of places
is kept here that could grow old. Here a spread of them; `python -m benchmarks.kills` takes every single one.
"""

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from analytics.errors import StoreDamagedError
from tests.crash import jobs
from tests.crash.kills import Tally, every_kind_of_pair, fail_from, kill_at, spread
from tests.crash.scenes import Scene

pytestmark = pytest.mark.timeout(400)

KILLS = 3
"""Kills in a row: the second and third end the command that mends what the one before left."""


ROWS = {"init": 2, "ingest": 2, "retry": 1, "withdraw": 3, "release": 3, "publish": 1}
"""How many rows of kills each command gets."""


@pytest.mark.parametrize(("name", "rows"), ROWS.items(), ids=ROWS)
def test_killed_between_any_two_writes_nothing_is_lost_or_paid_twice(
    all_scenes: dict[str, Scene], name: str, rows: int
) -> None:
    """Spend never falls, no key is drawn twice, committed numbers stand, files are whole, who left is nowhere."""
    scene, tally = all_scenes[name], Tally()
    for numbers in spread(every_kind_of_pair(scene), rows, KILLS):
        kill_at(scene, numbers, tally)
    assert tally.kills > rows


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=["full", "read-only", "failing"])
@pytest.mark.parametrize("name", ["ingest", "withdraw", "release", "publish"])
def test_a_disk_that_cannot_be_written_is_refused_in_our_own_words(
    all_scenes: dict[str, Scene], name: str, error: int
) -> None:
    """Exit code 14 and a sentence, nothing half done; with room again the command does it all."""
    scene = all_scenes[name]
    numbers = every_kind_of_pair(scene)
    fail_from(scene, numbers[len(numbers) * (error % 7) // 7], error)


def test_the_release_is_killed_inside_both_commits(all_scenes: dict[str, Scene]) -> None:
    """SQLite's pages are written under a journal: a kill among them leaves it, and the next command rolls it back."""
    scene, tally = all_scenes["release"], Tally()
    pages = [
        number
        for number, write in enumerate(scene.writes, start=1)
        if write.kind in {"write", "unlink"} and Path(write.path).name.startswith("releases.sqlite")
    ]
    journal = [number for number in pages if scene.writes[number - 1].path.endswith("-journal")]
    middle = [number for number in pages if number not in journal]
    for number in (journal[0], journal[-1], middle[len(middle) // 2]):
        kill_at(scene, [number], tally)
    assert tally.journals["SQLite's journal"] == 3


def test_a_name_is_given_only_to_what_is_on_the_disk(all_scenes: dict[str, Scene]) -> None:
    """After a power cut a new name means the whole file: content is synced first; then the name, before its end.

    What waits in the inbox is removed only when every new name is on the disk, too.
    """
    for scene in all_scenes.values():
        unsynced: set[str] = set()
        unnamed: set[str] = set()
        for write in scene.writes:
            path = Path(write.path)
            if write.kind == "sync":
                unsynced.discard(write.path)
                unnamed.discard(write.path)
            elif write.kind in {"write", "truncate", "open"}:
                unsynced.add(write.path)
            elif write.kind == "rename":
                assert write.from_path not in unsynced, f"{scene.name}: {path.name} is renamed before it is synced"
                assert not any(Path(one).parent == Path(write.from_path) for one in unsynced)
                unnamed.add(str(path.parent))
            elif write.kind == "unlink" and "inbox" in path.parts:
                assert not unnamed, f"{scene.name}: {path.name} goes before the name of its copy is synced"
        assert not unnamed, f"{scene.name}: ends before a new name is synced"


def test_a_ledger_without_transactions_would_be_found(all_scenes: dict[str, Scene]) -> None:
    """The same kill finds an entry without all of its cells where each statement is kept by itself."""
    scene = replace(all_scenes["release"], begin=jobs.careless_command)
    with pytest.raises(StoreDamagedError, match="noisy cells"):
        kill_at(scene, [len(scene.writes) // 3], Tally())


def test_beneath_prefect_the_same_writes_are_killed(all_scenes: dict[str, Scene]) -> None:
    """The real command, in a task of the embedded engine, killed in the middle of its work."""
    scene, tally = all_scenes["release"], Tally()
    kill_at(replace(scene, begin=jobs.command_with_engine), [len(scene.writes) // 2], tally)
    assert tally.kills == 1
