"""Two and eight processes at once: one draw for each key, never above a cap, one command after the other."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import Plan
from analytics.errors import BudgetRefusedError
from analytics.home import Home as RealHome
from analytics.periods import Period
from analytics.trends.publication.published import Published
from analytics.trends.publication.verify import verify_home
from tests.crash import jobs
from tests.crash.look import looked_at
from tests.crash.scenes import Scene
from tests.crash.watching import run
from tests.support.people import ANA, NOW
from tests.support.releases import Home, draw_week, holding, new_home, plan_of

pytestmark = pytest.mark.timeout(300)

_context = multiprocessing.get_context("fork")


def _draw(home: Home, plan: Plan, week: str, start: Barrier, refused: Any) -> None:  # noqa: ANN401 -- a shared number
    start.wait(30)
    try:
        with home.open() as ledger:
            draw_week(ledger, week, plan)
    except BudgetRefusedError:
        with refused.get_lock():
            refused.value += 1


def at_once(home: Home, plan: Plan, weeks: list[str]) -> int:
    """Draw each week in a process of its own, all at the same time; return how many were refused for a cap."""
    start, refused = _context.Barrier(len(weeks)), _context.Value("i", 0)
    drawing = [_context.Process(target=_draw, args=(home, plan, week, start, refused)) for week in weeks]
    for process in drawing:
        process.start()
    for process in drawing:
        process.join(120)
    assert [process.exitcode for process in drawing] == [0] * len(weeks)
    return int(refused.value)


@pytest.mark.parametrize("number", [2, 8])
def test_one_period_that_many_ask_for_is_drawn_once(tmp_path: Path, number: int) -> None:
    """Exactly one entry, and everybody sees its numbers."""
    home = new_home(tmp_path / "home")
    assert at_once(home, plan_of(), ["2024-W10"] * number) == 0
    with home.open() as ledger:
        (entry,) = ledger.entries()
        assert entry.name == "weekly/2024-W10-r0"


@pytest.mark.parametrize("number", [2, 8])
def test_many_periods_at_once_stay_below_the_cap(tmp_path: Path, number: int) -> None:
    """Where the cap holds half of what is asked for, exactly half is drawn, whoever comes first."""
    home, plan = new_home(tmp_path / "home"), holding(plan_of(), number // 2)
    weeks = [f"2024-W{week:02}" for week in range(10, 10 + number)]
    assert at_once(home, plan, weeks) == number // 2
    with home.open() as ledger:
        entries = ledger.entries()
    assert len(entries) == number // 2
    assert sum(entry.loss_nano for entry in entries) <= min(entry.cap_nano for entry in entries)
    assert {Period.parse(entry.period).name for entry in entries} <= set(weeks)


def test_all_commands_at_once_are_served_one_after_the_other(all_scenes: dict[str, Scene]) -> None:
    """Eight commands on one home: each ends well, and the home is as if they had come one by one."""
    scene = all_scenes["withdraw"]
    root = scene.copy("work")
    words: list[tuple[str, ...]] = [
        ("ingest", "--inbox"),
        ("release",),
        scene.words,
        ("publish",),
        ("verify",),
        ("release",),
        ("publish",),
    ]
    words.append(("quarantine", "retry"))
    with ThreadPoolExecutor(len(words)) as at_once:
        ended = list(at_once.map(lambda each: run(jobs.command, root, NOW, *each).code, words))
    assert ended == [0] * len(words)
    look = looked_at(root)
    assert look.releases == [f"weekly_mood/2026-W{week}-r0" for week in (19, 20, 21)]
    home = RealHome(root)
    assert all(check.ok for check in verify_home(home.ledger, home.head, home.published))
    assert ANA not in str(look)


def test_who_reads_what_is_published_meanwhile_sees_whole_releases(all_scenes: dict[str, Scene]) -> None:
    """While releases are published, at every write a reader of the folder finds all or nothing of each."""
    scene = all_scenes["publish"]
    root = scene.copy("work")
    seen: set[int] = set()

    def looks(_number: int, _write: object) -> int:
        published = Published.open(root / "published")
        assert published.damaged == ()
        seen.add(len(published.releases("weekly_mood")))
        return 0

    assert scene.watched(root, looks).code == 0
    assert seen == {1, 2}


def test_who_waits_for_too_long_is_refused(all_scenes: dict[str, Scene]) -> None:
    """While another command holds the home, a command that may wait no longer ends with 10 and changes nothing."""
    scene = all_scenes["publish"]
    root = scene.copy("work")
    answers: list[int | None] = []

    def asks(number: int, _write: object) -> int:
        if number == len(scene.writes) // 2:
            answers.append(run(jobs.impatient_command, root, NOW, "release").code)
        return 0

    assert scene.watched(root, asks).code == 0
    assert answers == [10]
    scene.check_mended(root, scene.before, scene.to_its_end(root))
