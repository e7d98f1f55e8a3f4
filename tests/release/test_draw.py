"""One draw for ever: nothing is drawn twice, refused draws read nothing, and a kill loses nothing."""

import json
import multiprocessing
import os
import signal
import sqlite3
from datetime import UTC, datetime
from fractions import Fraction
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from analytics.cells import ExactCells, TableKey
from analytics.contracts import Plan
from analytics.errors import (
    BudgetRefusedError,
    ContractRefusedError,
    StoreDamagedError,
    StoreLockedError,
    UnforeseenError,
)
from analytics.periods import Period, week_ordinal
from analytics.release.draw import draw
from analytics.release.noise import loss_nano
from analytics.store.head import read_head
from analytics.store.ledger import Ledger
from tests.support.releases import GRID, NOW, PRODUCT, Home, draw_week, exact_cells, new_home, plan_of, unfrozen

WEEK = Period.parse("2024-W10")


def not_to_be_read(_: int) -> ExactCells:
    """Stand for a vault that may not be asked."""
    raise AssertionError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with an empty ledger."""
    return new_home(tmp_path / "home")


def test_asked_again_nothing_is_drawn(home: Home) -> None:
    """The second ask reads nothing, draws nothing, and the stored numbers stand, whatever the clock says."""
    plan = plan_of()
    with home.open() as ledger:
        assert draw_week(ledger, WEEK.name, plan)
        first = ledger.cells(ledger.entries()[0])
        before = home.ledger.read_bytes(), home.head.read_bytes()
        assert not draw(ledger, plan, GRID, PRODUCT, WEEK, not_to_be_read, datetime(2030, 1, 1, tzinfo=UTC))
        assert ledger.cells(ledger.entries()[0]) == first
    assert before == (home.ledger.read_bytes(), home.head.read_bytes())


def test_a_refused_draw_reads_nothing(home: Home) -> None:
    """A cap is held before the vault is asked for anything."""
    plan = plan_of()
    home.draw(WEEK.name, plan=plan)
    higher, lower = plan_of(cap=0.5), plan_of(cap=0.5, policy="2").model_copy(update={"cap_rho": plan.cap_rho / 100})
    with home.open() as ledger:
        for refused in (higher, lower):
            with pytest.raises(BudgetRefusedError):
                draw(ledger, refused, GRID, PRODUCT, WEEK.next, not_to_be_read, NOW)
        assert len(ledger.entries()) == 1


def test_a_plan_without_fitting_noise_reads_nothing(home: Home) -> None:
    """A plan that is not frozen, or whose noise costs more than its allowance, draws nothing."""
    dearer = plan_of().model_copy(update={"frozen": plan_of(cap=0.5).frozen})
    with home.open() as ledger:
        for plan in (unfrozen(), dearer):
            with pytest.raises(ContractRefusedError):
                draw(ledger, plan, GRID, PRODUCT, WEEK, not_to_be_read, NOW)
        assert ledger.entries() == []


def test_who_only_reads_the_ledger_stops_a_draw_before_any_row_is_read(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup or a shell that reads cannot let the noise be drawn and then hold up its commit."""
    monkeypatch.setattr("analytics.store.ledger._WAIT_SECONDS", 0.2)
    reader = sqlite3.connect(home.ledger, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM release_entry").fetchall()
    with home.open() as ledger:
        with pytest.raises(StoreLockedError):
            draw(ledger, plan_of(), GRID, PRODUCT, WEEK, not_to_be_read, NOW)
        reader.close()
        assert ledger.entries() == []
        assert draw_week(ledger, WEEK.name, plan_of())


def test_a_commit_that_fails_is_undone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a commit that failed nothing of the draw can be seen, by the same connection either."""
    run = Ledger._execute

    def fails(ledger: Ledger, sql: str) -> None:
        if sql == "COMMIT":
            message = "The disk is full."
            raise StoreDamagedError(message, "Make room.")
        run(ledger, sql)

    with home.open() as ledger:
        monkeypatch.setattr(Ledger, "_execute", fails)
        with pytest.raises(StoreDamagedError):
            draw_week(ledger, WEEK.name, plan_of())
        assert ledger.entries() == []
        monkeypatch.undo()
        assert draw_week(ledger, WEEK.name, plan_of())


def test_a_vault_that_fails_leaves_nothing(home: Home) -> None:
    """An error while counting leaves no entry, and the same period can be drawn later."""
    with home.open() as ledger:
        with pytest.raises(AssertionError):
            draw(ledger, plan_of(), GRID, PRODUCT, WEEK, not_to_be_read, NOW)
        assert ledger.entries() == []
        assert draw_week(ledger, WEEK.name, plan_of())


@pytest.mark.parametrize("size", [0, 1, 3, 17, 21])
def test_cells_of_another_size_are_refused(home: Home, size: int) -> None:
    """Cells that are not of the grid's size end the draw without a word about them."""
    plan = plan_of()
    wrong = {TableKey(measure, table): [987654321] * size for measure, table in plan.products[PRODUCT].measured()}
    if size == 3:
        wrong[TableKey("mood", ("region",))] = [987654321] * 6
    with home.open() as ledger:
        with pytest.raises(UnforeseenError) as caught:
            draw(ledger, plan, GRID, PRODUCT, WEEK, lambda _: ExactCells(wrong), NOW)
        assert "987654321" not in f"{caught.value}"
        assert ledger.entries() == []


def test_the_recorded_loss_is_the_engine_s(home: Home) -> None:
    """Each table's recorded loss is what OpenDP's map returns for it; the entry's is their sum."""
    home.draw(WEEK.name, WEEK.next.name)
    with home.open() as ledger:
        entries = ledger.entries()
    for number, entry in enumerate(entries, start=1):
        losses = [loss_nano(table.d_in or 0, table.sigma) for table in entry.body.tables]
        assert [table.loss_nano for table in entry.body.tables] == losses
        assert entry.loss_nano == sum(losses)
        assert entry.body.spent_nano == number * sum(losses)


def test_an_entry_can_be_accounted_for_by_itself(home: Home) -> None:
    """Unit, horizon, loss, noise, cells, plan and versions: an auditor needs the entry and nothing else."""
    home.draw(WEEK.name)
    with home.open() as ledger:
        entry = ledger.entries()[0]
        drawn = {key: len(values) for key, values in ledger.cells(entry).vectors.items()}
    body = json.loads(entry.text)
    basis = {one["name"]: one["basis"] for one in body["measures"]}
    spent = 0
    for key, table in zip(entry.tables, body["tables"], strict=True):
        longest = max(sum(row[column] ** 2 for row in basis[key.measure]) for column in range(3))
        assert (table["d_in"] - 1) ** 2 < 10**12 * longest <= table["d_in"] ** 2
        exact = Fraction(table["d_in"] ** 2 * 10**9, 2 * table["sigma"] ** 2)
        assert exact * (1 - Fraction(1, 10**12)) <= table["loss_nano"] <= exact + 1
        assert table["integers"] == drawn[key]
        spent += table["loss_nano"]
    assert spent == body["loss_nano"] == body["spent_nano"] <= body["cap_nano"]
    assert body["charge_year"] == WEEK.last_day.isocalendar().year == 2024
    assert body["last_week"] == week_ordinal(WEEK.last_day)
    assert body["plan_fingerprint"] == plan_of().fingerprint(GRID)
    assert set(body["versions"]) == {"murmuration", "python", "duckdb", "opendp"}
    assert body["kind"] == "release/3"
    assert "added or removed" in body["unit"]
    assert "one ISO year" in body["horizon"]
    assert "53 consecutive weeks" in body["horizon"]
    assert "zCDP" in body["accounting"]
    assert "discrete Gaussian" in body["mechanism"]


def killed_in(home: Home, owner: type, method: str, *, after: bool) -> None:
    """Draw in a process of its own that ends itself, by SIGKILL, before or after a method."""
    process = multiprocessing.get_context("fork").Process(target=_killed, args=(home, owner, method, after))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def _killed(home: Home, owner: type, method: str, after: bool) -> None:  # noqa: FBT001 -- arguments of a process
    whole = getattr(owner, method)

    def ends_here(*args: object, **kwargs: object) -> None:
        if after:
            whole(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    with home.open() as ledger:
        setattr(owner, method, ends_here)
        draw_week(ledger, WEEK.name, plan_of())


@pytest.mark.parametrize(("method", "after"), [("append", False), ("append", True)])
def test_killed_before_the_commit_nothing_was_drawn(home: Home, method: str, *, after: bool) -> None:
    """A kill before the commit leaves no entry, and the ledger opens and draws as before."""
    killed_in(home, Ledger, method, after=after)
    with home.open() as ledger:
        assert ledger.entries() == []
        assert draw_week(ledger, WEEK.name, plan_of())


@pytest.mark.parametrize("after", [False, True])
def test_killed_after_the_commit_the_numbers_stand(home: Home, *, after: bool) -> None:
    """A kill around the head's writing keeps the entry; the next opening advances the head, the numbers stay."""
    killed_in(home, Ledger, "advance_head", after=after)
    assert read_head(home.head).sequence == int(after)
    with home.open() as ledger:
        (entry,) = ledger.entries()
        first = ledger.cells(entry)
        assert read_head(home.head) == ledger.head()
        assert not draw(ledger, plan_of(), GRID, PRODUCT, WEEK, not_to_be_read, NOW)
    with home.open() as ledger:
        assert ledger.cells(ledger.entries()[0]) == first


def _asking(home: Home, plan: Plan, both: Barrier) -> None:
    with home.open() as ledger:
        both.wait(30)
        draw(ledger, plan, GRID, PRODUCT, WEEK, lambda _: exact_cells(plan), NOW)


def test_two_who_ask_at_once_get_one_draw(home: Home) -> None:
    """Two processes that ask for the same period at the same time leave exactly one entry."""
    context = multiprocessing.get_context("fork")
    both = context.Barrier(2)
    asking = [context.Process(target=_asking, args=(home, plan_of(), both)) for _ in range(2)]
    for process in asking:
        process.start()
    for process in asking:
        process.join(60)
    assert [process.exitcode for process in asking] == [0, 0]
    with home.open() as ledger:
        assert [entry.period for entry in ledger.entries()] == [WEEK.name]
