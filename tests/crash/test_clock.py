"""A clock that was set back: nothing is drawn twice or early, and whoever leaves has left."""

import json
from datetime import timedelta

import pytest

from analytics.home import Home
from analytics.vault.erasure.suppression_list import read_suppression_list
from tests.crash import jobs
from tests.crash.look import looked_at
from tests.crash.scenes import START, Scene
from tests.crash.watching import run
from tests.support.people import ANA, NOW

pytestmark = pytest.mark.timeout(300)

BEFORE_THE_FIRST_DRAW = START + timedelta(days=9)
"""W19 ended three days ago and is closed; it was drawn weeks later, by the clock of then."""

DAY_ONE = START + timedelta(hours=1)


def test_a_period_that_is_drawn_is_not_drawn_again_nor_one_that_is_not_over(all_scenes: dict[str, Scene]) -> None:
    """With a clock before the entries' own times the ledger stays as it is, and later periods are not due any more."""
    root = all_scenes["release"].copy("work")
    before = looked_at(root)
    for now in (BEFORE_THE_FIRST_DRAW, DAY_ONE):
        ended = run(jobs.command, root, now, "release")
        assert (ended.code, json.loads(ended.out)["released"]) == (0, [])
    refused = run(jobs.command, root, BEFORE_THE_FIRST_DRAW, "release", "--period", "2026-W20")
    assert (refused.code, json.loads(refused.out)["error"]["name"]) == (2, "period_not_closed")
    assert run(jobs.command, root, BEFORE_THE_FIRST_DRAW, "release", "--as-of", str(NOW.date())).code == 2
    assert looked_at(root) == before
    assert run(jobs.command, root, NOW, "release").code == 0
    assert looked_at(root).releases == [f"weekly_mood/2026-W{week}-r0" for week in (19, 20, 21)]


def test_a_draw_by_a_clock_set_back_comes_after_what_was_drawn(all_scenes: dict[str, Scene]) -> None:
    """The chain is in the order of the draws, whatever time each of them says."""
    root = all_scenes["release"].copy("work")
    assert run(jobs.command, root, NOW - timedelta(days=12), "release").code == 0  # W20 is closed, W21 is not
    entries = [entry for entry, _ in looked_at(root).entries]
    assert [entry.name for entry in entries] == ["weekly_mood/2026-W19-r0", "weekly_mood/2026-W20-r0"]
    assert (entries[1].body.drawn_at or "") < (entries[0].body.drawn_at or "")
    assert run(jobs.command, root, NOW, "verify").code == 0


def test_a_withdrawal_received_under_a_clock_set_back_closes_everything(all_scenes: dict[str, Scene]) -> None:
    """Even before the grant's own day: the person is gone, and the right clock does not bring them back."""
    scene = all_scenes["withdraw"]
    root = scene.copy("work")
    assert run(jobs.command, root, DAY_ONE, *scene.words).code == 0
    assert ANA not in str(looked_at(root))
    (batch,) = read_suppression_list(Home(root).suppression_list).batches
    assert batch.erased
    assert run(jobs.command, root, NOW, "ingest", "--inbox").code == 0
    assert ANA not in str(looked_at(root))
