"""The ledger under any order of draws, kills, restored files and changed plans, beside a model in plain Python."""

import contextlib
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from analytics.cells import ExactCells
from analytics.contracts import Plan, read_contracts, shipped_contracts
from analytics.errors import BudgetRefusedError, StoreBehindError
from analytics.periods import Period, week_ordinal
from analytics.release.budget import solved
from analytics.release.draw import draw
from analytics.store.head import read_head
from analytics.store.ledger import Ledger
from analytics.trends.publication.publish import publish
from tests.support.releases import GRID, NOW, PRODUCT, after, draw_week, holding, loss_of, new_home, plan_of

CONTRACT = read_contracts(shipped_contracts(), "standard").published

WEEKS = [f"{year}-W{week:02}" for year in (2023, 2024, 2025) for week in (1, 2, 20, 50, 51, 52)]
"""Weeks on both sides of two New Years, so that 53 weeks in a row reach across each."""


def plan_with(releases: int, *, policy: str, cap: float = 0.25, back: int = 0) -> Plan:
    """Return a plan whose cap holds that many releases; its measure looks back `back` weeks."""
    plan = plan_of(policy=policy, cap=cap)
    mood = plan.measures["mood"].model_copy(update={"looks_back_weeks": back})
    plan = plan.model_copy(update={"measures": {"mood": mood}})
    return holding(plan.model_copy(update={"frozen": solved(plan, GRID)}), releases)


PLANS = {
    "first": plan_with(3, policy="1"),
    "lowered": plan_with(2, policy="1"),
    "raised without a word": plan_with(5, policy="1"),
    "raised under a new policy": plan_with(5, policy="2"),
    "raised, and saying what was promised before": after(
        plan_with(5, policy="2"), v1=float(plan_with(2, policy="1").cap_rho)
    ),
    "less noise": plan_with(3, policy="3", cap=0.5),
    "looking back": plan_with(3, policy="1", back=8),
}


@dataclass(frozen=True)
class Drawn:
    """What the model knows of a release."""

    week: str
    year: int
    ordinal: int
    first_read: date
    last_read: date
    loss: int
    cap: int
    plan_cap: int
    policy: str


class Killed(Exception):  # noqa: N818 -- it is no error
    """A kill, as an exception."""


class Machine(RuleBasedStateMachine):
    """Anything that can happen to a ledger."""

    backups = Bundle("backups")

    def __init__(self) -> None:
        """Begin with an empty home."""
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home = new_home(self.folder / "home")
        self.drawn: list[Drawn] = []
        self.kept: list[tuple[str, object]] = []
        """Hash and noisy cells of every entry, as they were when it was drawn."""
        self.files: dict[str, bytes] = {}
        self.copies = 0

    def teardown(self) -> None:
        """Remove the home."""
        shutil.rmtree(self.folder)

    def allowed(self, week: str, plan: Plan) -> Drawn | None:
        """Say whether the promise lets a week be drawn; slow and obvious."""
        period, loss = Period.parse(week), loss_of(plan)
        year, ordinal = period.last_day.isocalendar().year, week_ordinal(period.last_day)
        if any(one.policy == plan.policy_version and one.plan_cap < plan.cap_nano for one in self.drawn):
            return None
        read = period.first_day - timedelta(weeks=plan.measures["mood"].looks_back_weeks), period.last_day
        new = Drawn(week, year, ordinal, *read, loss, self.cap_of(year, plan), plan.cap_nano, plan.policy_version)
        cap = new.cap
        # who agreed to less would count: their version is not listed, or not as the lower one that it was
        counted = {one.version for one in plan.promise_versions if one.cap_nano >= cap}
        listed = {one.version for one in plan.promise_versions}
        if any(one.plan_cap < cap and (one.policy in counted or one.policy not in listed) for one in self.drawn):
            return None
        after = [*self.drawn, new]
        if sum(one.loss for one in after if one.year == year) > cap:
            return None
        for first in range(ordinal - 52, ordinal + 1):
            run = [one for one in after if first <= one.ordinal <= first + 52]
            # of those who agreed to any one cap, too, who count in no release of a higher one
            if any(sum(one.loss for one in run if one.cap <= cap) > cap for cap in {one.cap for one in run}):
                return None
        if any(spent > most for spent, most in years_of_logging(after)):
            return None
        return new

    def cap_of(self, year: int, plan: Plan) -> int:
        """Return the cap of a year: no higher than its own entries' or later ones', nor, if some are, than earlier."""
        if not any(one.year >= year for one in self.drawn):
            return plan.cap_nano
        earlier = [one.year for one in self.drawn if one.year <= year]
        return min(plan.cap_nano, *(one.cap for one in self.drawn if one.year >= max(earlier, default=year)))

    def ask(self, week: str, plan: Plan) -> None:
        """Draw a week as the command does, and compare with the model."""
        known = any(one.week == week for one in self.drawn)
        new = None if known else self.allowed(week, plan)
        with self.home.open() as ledger:
            if known:
                assert not draw_week(ledger, week, plan)
            elif new is None:
                with pytest.raises(BudgetRefusedError):
                    draw_week(ledger, week, plan)
            else:
                assert draw_week(ledger, week, plan)
        if new is not None:
            self.remember(new)

    def remember(self, new: Drawn) -> None:
        """Keep a release that must stand from now on."""
        self.drawn.append(new)
        with self.home.open() as ledger:
            entry = ledger.entries()[-1]
            assert (entry.period, entry.loss_nano, entry.cap_nano) == (new.week, new.loss, new.cap)
            self.kept.append((entry.hash, ledger.cells(entry)))

    @rule(week=st.sampled_from(WEEKS), name=st.sampled_from(sorted(PLANS)))
    def draws(self, week: str, name: str) -> None:
        """Draw, or be refused, or find it drawn already."""
        self.ask(week, PLANS[name])

    @rule(weeks=st.permutations(["2023-W51", "2023-W52", "2024-W01", "2024-W02"]))
    def draws_over_new_year(self, weeks: list[str]) -> None:
        """Neither year is full, and the 53 weeks across both are."""
        for week in weeks:
            self.ask(week, PLANS["first"])

    @rule(week=st.sampled_from(WEEKS))
    def is_killed_before_the_commit(self, week: str) -> None:
        """Nothing is there of it."""

        def dies(_: int) -> ExactCells:
            raise Killed

        with contextlib.suppress(Killed, BudgetRefusedError), self.home.open() as ledger:
            draw(ledger, PLANS["first"], GRID, PRODUCT, Period.parse(week), dies, NOW)

    @rule(week=st.sampled_from(WEEKS))
    def is_killed_before_the_head(self, week: str) -> None:
        """The entry stays, and the next command that opens the ledger brings the head up to date."""
        before = self.home.head.read_bytes()
        with patch.object(Ledger, "advance_head", lambda _: None):
            known = any(one.week == week for one in self.drawn)
            new = None if known else self.allowed(week, PLANS["first"])
            with contextlib.suppress(BudgetRefusedError), self.home.open() as ledger:
                draw_week(ledger, week, PLANS["first"])
        assert self.home.head.read_bytes() == before
        if new is not None:
            self.remember(new)

    @rule(target=backups)
    def is_backed_up(self) -> tuple[int, Path]:
        """Keep a copy of ledger and head."""
        self.copies += 1
        copy = self.folder / f"copy-{self.copies}"
        copy.mkdir()
        shutil.copy(self.home.ledger, copy)
        shutil.copy(self.home.head, copy)
        return len(self.drawn), copy

    @rule(backup=backups)
    def is_restored(self, backup: tuple[int, Path]) -> None:
        """An old ledger is refused until the newest is back; one that lacks nothing is the same ledger."""
        entries, copy = backup
        newest = self.home.ledger.read_bytes()
        shutil.copy(copy / self.home.ledger.name, self.home.ledger)
        if entries < len(self.drawn):
            with pytest.raises(StoreBehindError), self.home.open():
                pass
        self.home.ledger.write_bytes(newest)

    @rule(backup=backups)
    def gets_an_old_head(self, backup: tuple[int, Path]) -> None:
        """What a kill leaves, too: the next opening writes the newest."""
        _, copy = backup
        shutil.copy(copy / self.home.head.name, self.home.head)
        with self.home.open():
            pass

    @rule()
    def publishes(self) -> None:
        """What was published has the same bytes, whatever was drawn since, under whatever plan."""
        with self.home.open() as ledger:
            publish(ledger.entries(), ledger.cells, self.home.published, CONTRACT)
        found = {str(path): path.read_bytes() for path in self.home.published.rglob("*.*") if path.is_file()}
        found.pop(str(self.home.published / "current.json"))
        assert self.files.items() <= found.items()
        self.files = found

    @invariant()
    def nothing_is_forgotten(self) -> None:
        """The ledger holds what was drawn, in order, once, with the numbers of then; its head is the last of it."""
        with self.home.open() as ledger:
            entries = ledger.entries()
            assert [(entry.hash, ledger.cells(entry)) for entry in entries] == self.kept
        assert len({entry.period for entry in entries}) == len(entries)
        assert read_head(self.home.head).sequence == len(entries)

    @invariant()
    def no_year_and_no_53_weeks_cost_more_than_their_cap(self) -> None:
        """The promise itself, over every run of weeks from the first to the last."""
        for year in {one.year for one in self.drawn}:
            charged = [one for one in self.drawn if one.year == year]
            assert sum(one.loss for one in charged) <= min(one.cap for one in charged)
        ordinals = [one.ordinal for one in self.drawn]
        for first in range(min(ordinals, default=0) - 52, max(ordinals, default=-1) + 1):
            run = [one for one in self.drawn if first <= one.ordinal <= first + 52]
            for cap in {one.cap for one in run}:
                assert sum(one.loss for one in run if one.cap <= cap) <= cap

    @invariant()
    def no_366_days_of_logging_cost_more_than_their_cap(self) -> None:
        """Day by day, by the dates that each release reads: the greatest cap of those that read a day governs."""
        for spent, most in years_of_logging(self.drawn):
            assert spent <= most


def years_of_logging(drawn: list[Drawn]) -> set[tuple[int, int]]:
    """Return (loss, greatest cap) of every 366 consecutive days, by the releases that read one of them."""
    if not drawn:
        return set()
    day, end = min(one.first_read for one in drawn) - timedelta(days=366), max(one.last_read for one in drawn)
    found: set[tuple[int, int]] = set()
    while day <= end:
        last = day + timedelta(days=365)
        read = [one for one in drawn if one.first_read <= last and one.last_read >= day]
        found.add((sum(one.loss for one in read), max((one.cap for one in read), default=0)))
        day += timedelta(days=1)
    return found


Machine.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLedger = Machine.TestCase
