"""Ledgers that are cut off, of another version, old, or of another home; and plans that change within a year."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from analytics.contracts import read_contracts, shipped_contracts
from analytics.errors import (
    BudgetRefusedError,
    MurmurationError,
    StoreBehindError,
    StoreDamagedError,
    StoreTooNewError,
)
from analytics.store.ledger import create_ledger
from analytics.trends.publication.publish import publish
from analytics.trends.publication.verify import verify_home
from tests.support.releases import Home, after, loss_of, new_home, plan_of

PAGE = 4096


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with two releases."""
    made = new_home(tmp_path / "home")
    made.draw("2024-W10", "2024-W11")
    return made


def refused(home: Home, kind: type[MurmurationError] = StoreDamagedError) -> None:
    """Open the ledger, which must be refused, by default as damaged, and be left as it is."""
    before = home.ledger.read_bytes(), home.head.read_bytes()
    with pytest.raises(kind), home.open():
        pass
    assert (home.ledger.read_bytes(), home.head.read_bytes()) == before


def test_a_ledger_cut_off_anywhere_is_refused(home: Home) -> None:
    """At every page's end and at a hundred other lengths."""
    whole = home.ledger.read_bytes()
    chosen = random.Random(5).sample(range(len(whole)), 100)
    for length in [*range(0, len(whole), PAGE), *chosen]:
        home.ledger.write_bytes(whole[:length])
        refused(home)
    home.ledger.write_bytes(whole)
    with home.open() as ledger:
        assert len(ledger.entries()) == 2


@pytest.mark.parametrize("version", [0, 2, 99, -1])
def test_a_ledger_of_another_version_is_refused(home: Home, version: int) -> None:
    """An older format, or one that this program does not know yet, is not touched."""
    with closing(sqlite3.connect(home.ledger)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    refused(home, StoreTooNewError if version > 1 else StoreDamagedError)


def test_a_head_of_another_time_or_home_is_refused(home: Home, tmp_path: Path) -> None:
    """A newer head than the ledger, a newer ledger under no head, and another home's head are refused."""
    other = new_home(tmp_path / "other")
    other.draw("2024-W10", "2024-W11")
    own = home.head.read_bytes()
    home.head.write_bytes(other.head.read_bytes())
    refused(home)
    home.head.write_bytes(own)
    old = home.ledger.read_bytes()
    home.draw("2024-W12")
    home.ledger.write_bytes(old)
    refused(home, StoreBehindError)
    home.head.unlink()
    with pytest.raises(StoreDamagedError, match="head is missing"):
        create_ledger(home.ledger, home.head)


def test_an_old_head_alone_is_brought_up_again(home: Home) -> None:
    """A head that is behind is what a kill leaves: the ledger holds its entry, so nothing was forgotten."""
    old = home.head.read_bytes()
    home.draw("2024-W12")
    new = home.head.read_bytes()
    home.head.write_bytes(old)
    with home.open() as ledger:
        assert len(ledger.entries()) == 3
    assert home.head.read_bytes() == new


def test_ledger_and_head_restored_together_are_found_by_the_hash_that_somebody_kept(home: Home) -> None:
    """The home itself cannot know; `verify --expect-head` says it."""
    published = read_contracts(shipped_contracts(), "standard").published
    old = home.ledger.read_bytes(), home.head.read_bytes()
    home.draw("2024-W12")
    with home.open() as ledger:
        newest = ledger.head().hash
    home.ledger.write_bytes(old[0])
    home.head.write_bytes(old[1])
    with home.open() as ledger:
        publish(ledger.entries(), ledger.cells, home.published, published)
    assert all(check.ok for check in verify_home(home.ledger, home.head, home.published))
    found = verify_home(home.ledger, home.head, home.published, expect_head=newest)
    assert [check.name for check in found if not check.ok] == ["expected head"]


def test_a_plan_changed_within_a_year_stays_under_the_cap_that_the_year_began_with(home: Home) -> None:
    """A new policy that costs twice as much gets the same year no more; its own cap holds from the next year on."""
    plan, dearer = plan_of(), after(plan_of(cap=0.5, policy="2"), v1=0.25)
    room = (plan.cap_nano - 2 * loss_of(plan)) // loss_of(dearer)
    home.draw(*(f"2024-W{week}" for week in range(12, 12 + room)), plan=dearer)
    with pytest.raises(BudgetRefusedError, match="About 2024"):
        home.draw("2024-W52", plan=dearer)
    with home.open() as ledger:
        entries = ledger.entries()
    assert {entry.cap_nano for entry in entries} == {plan.cap_nano}
    home.draw("2026-W10", plan=dearer)
    with home.open() as ledger:
        assert ledger.entries()[-1].cap_nano == dearer.cap_nano
    with pytest.raises(BudgetRefusedError, match="this policy version promised"):
        home.draw("2026-W11", plan=plan_of(cap=0.5))


def test_entries_of_an_older_plan_publish_to_the_same_bytes(home: Home, tmp_path: Path) -> None:
    """Files come from the ledger alone: other sigmas, another policy, new releases change nothing in old ones."""
    contract = read_contracts(shipped_contracts(), "standard").published

    def files() -> dict[str, bytes]:
        folder = tmp_path / "published"
        if folder.exists():
            shutil.rmtree(folder)
        with home.open() as ledger:
            publish(ledger.entries(), ledger.cells, folder, contract)
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    before = files()
    home.draw("2024-W12", plan=plan_of(cap=0.5, policy="2"))
    home.draw("2025-W10", plan=plan_of(cap=0.1, policy="3"))
    after = files()
    del before["current.json"]
    assert before.items() <= after.items()
    assert files() == after
