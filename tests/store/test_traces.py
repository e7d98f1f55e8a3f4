"""What the ledger lets be drawn about a year of logging, over changed plans, revisions and entries of before."""

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from analytics.contracts import Plan, read_plan, shipped_contracts
from analytics.errors import BudgetRefusedError
from analytics.periods import Cadence, Period, week_ordinal
from analytics.release.caps import governing_cap, year_cap
from analytics.store.chain import Entry
from analytics.store.charges import Charge
from analytics.store.traces import Trace, lost_within, trace_of
from tests.support.bodies import body_of, entry_of
from tests.support.releases import PRODUCT
from tests.support.year_of_logging import PLANS, every_window, plan_with, released


def entry(  # noqa: PLR0913 -- each is one fact of a release
    period: str,
    tables: dict[str, tuple[int, int]],
    *,
    cap: int = 1000,
    policy: str = "1",
    revision: int = 0,
    product: str = PRODUCT,
    most: int | None = None,
    kind: str = "release/3",
) -> Entry:
    """Return an entry with (look-back, loss) of each measure's table; before `release/3` by its measures alone."""
    one = Period.parse(period)
    said = [
        {"measure": name, "dimensions": [], "loss_nano": loss}
        | ({"reads_from": (one.first_day - timedelta(weeks=back)).isoformat()} if kind == "release/3" else {})
        for name, (back, loss) in tables.items()
    ]
    body: dict[str, Any] = {
        "kind": kind,
        "product": product,
        "period": period,
        "revision": revision,
        "loss_nano": sum(loss for _, loss in tables.values()),
        "cap_nano": cap,
        "charge_year": one.last_day.isocalendar().year,
        "last_week": week_ordinal(one.last_day),
        "policy_version": policy,
        "measures": [{"name": name, "looks_back_weeks": back} for name, (back, _) in tables.items()],
        "tables": said,
    }
    return entry_of(body | ({} if most is None else {"most_releases_per_person": most}))


def ask(entries: list[Entry], new: Entry) -> int:
    """Ask for the draw that would become `new`."""
    return governing_cap(
        entries,
        trace=trace_of(new),
        year=new.charge_year,
        plan_cap_nano=new.cap_nano,
        policy_version=new.accounting.policy_version,
    )


HALF = 501


@pytest.mark.parametrize(
    ("before", "asked", "refused"),
    [
        # 366 days from a Sunday on touch the week of that Sunday and 53 more.
        (entry("2023-W10", {"a": (0, HALF)}), entry("2024-W11", {"a": (0, HALF)}), True),
        (entry("2023-W10", {"a": (0, HALF)}), entry("2024-W12", {"a": (0, HALF)}), False),
        # Asked for in the other order it is the same.
        (entry("2024-W11", {"a": (0, HALF)}), entry("2023-W10", {"a": (0, HALF)}), True),
        (entry("2024-W12", {"a": (0, HALF)}), entry("2023-W10", {"a": (0, HALF)}), False),
        # The new release looks back eight weeks, so days of then are in both.
        (entry("2023-W10", {"a": (0, HALF)}), entry("2024-W19", {"a": (8, HALF)}), True),
        (entry("2023-W10", {"a": (0, HALF)}), entry("2024-W20", {"a": (8, HALF)}), False),
        # The old one looks back, and the new one is earlier.
        (entry("2024-W19", {"a": (8, HALF)}), entry("2023-W10", {"a": (0, HALF)}), True),
        (entry("2024-W20", {"a": (8, HALF)}), entry("2023-W10", {"a": (0, HALF)}), False),
        # Only the table that looks back is lost that far.
        (entry("2023-W10", {"a": (0, HALF)}), entry("2024-W19", {"a": (8, 499), "b": (0, 2)}), False),
        (entry("2023-W10", {"a": (0, HALF)}), entry("2024-W19", {"a": (8, 500), "b": (0, 1)}), True),
        # A revision is a release.
        (entry("2024-W19", {"a": (8, HALF)}), entry("2023-W10", {"a": (0, HALF)}, revision=1), True),
        # Entries of before say how far each measure looked back; at least a whole period before, if at all.
        (entry("2024-W19", {"a": (8, HALF)}, kind="release/2"), entry("2023-W10", {"a": (0, HALF)}), True),
        (entry("2024-W20", {"a": (8, HALF)}, kind="release/2"), entry("2023-W10", {"a": (0, HALF)}), False),
        (entry("2024-W16", {"a": (1, HALF)}, kind="release/1"), entry("2023-W10", {"a": (0, HALF)}), True),
        (entry("2024-W12", {"a": (0, HALF)}, kind="release/1"), entry("2023-W10", {"a": (0, HALF)}), False),
        # The greatest cap of what the days touch governs them, as with 53 weeks.
        (entry("2023-W10", {"a": (0, HALF)}), entry("2024-W11", {"a": (0, HALF)}, cap=2000, policy="2"), False),
    ],
)
def test_a_draw_that_would_overfill_a_year_of_logging_is_refused(
    before: Entry,
    asked: Entry,
    refused: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    """More than half of the cap twice fits, unless some 366 days are read by both."""
    if not refused:
        assert ask([before], asked) == asked.cap_nano
        return
    with pytest.raises(BudgetRefusedError, match="366 days of logging") as caught:
        ask([before], asked)
    assert caught.value.exit_code == 4


def test_an_old_entry_that_does_not_say_reads_from_as_far_as_any_can() -> None:
    """Neither measures nor tables, or tables that cost less than the whole: what is unsaid reaches back 104 weeks."""
    whole = entry("2024-W20", {"a": (3, 7), "b": (0, 2)}, kind="release/1")
    begin = whole.last_week
    assert trace_of(whole).reaches == ((begin - 5, 7), (begin, 2))
    bare = entry_of({k: v for k, v in body_of(whole).items() if k not in ("tables", "measures")})
    assert trace_of(bare).reaches == ((begin - 104, 9),)
    part = entry_of({**body_of(whole), "loss_nano": 10})
    assert trace_of(part).reaches == ((begin - 104, 1), (begin - 5, 7), (begin, 2))
    no_measures = entry_of({**body_of(whole), "measures": []})
    assert trace_of(no_measures).reaches == ((begin - 104, 9),)


def test_an_allowance_costs_the_dearest_so_many_of_each_53_weeks() -> None:
    """Twice in any 53 weeks: of three in 53 weeks the dearest two, and one more that lies 53 weeks after the first."""
    weeks = [("2023-W10", 5), ("2023-W20", 3), ("2023-W30", 4), ("2024-W11", 1)]
    traces = [trace_of(entry(week, {"a": (0, loss)}, most=2)) for week, loss in weeks]
    first = traces[0].last_week
    assert lost_within(traces, first, first + 53) == 5 + 4 + 1
    assert lost_within(traces, first, first + 52) == 5 + 4
    assert lost_within(traces, first + 1, first + 53) == 4 + 3
    other = trace_of(entry("2023-W10", {"a": (0, 7)}, product="other", most=2))
    assert lost_within([*traces, other], first, first) == 5 + 7


def test_no_year_before_the_newest_entry_s_is_drawn_under_a_higher_cap() -> None:
    """A higher cap begins after the newest year; years before have the least cap from their last entry on."""
    entries = [entry("2024-W10", {"a": (0, 1)}, cap=500), entry("2026-W10", {"a": (0, 1)}, cap=1000, policy="2")]
    caps = {year: year_cap(entries, year, 2000) for year in range(2022, 2029)}
    assert caps == {2022: 500, 2023: 500, 2024: 500, 2025: 500, 2026: 1000, 2027: 2000, 2028: 2000}
    fallen = [entry("2024-W10", {"a": (0, 1)}, cap=500), entry("2026-W10", {"a": (0, 1)}, cap=200)]
    assert [year_cap(fallen, year, 2000) for year in (2023, 2024, 2025, 2026, 2027)] == [200, 200, 200, 200, 2000]
    assert year_cap([], 2024, 2000) == 2000
    assert year_cap(entries, 2024, 100) == 100


def test_a_raised_cap_gives_the_years_before_nothing() -> None:
    """A new version's draw of an earlier year is refused where it needs the higher cap; of a later one it is not."""
    entries = [entry("2024-W10", {"a": (0, 1)}, cap=500)]
    dear = {"a": (0, 700)}
    with pytest.raises(BudgetRefusedError, match="About 2021"):
        ask(entries, entry("2021-W10", dear, cap=1000, policy="2"))
    assert ask(entries, entry("2026-W10", dear, cap=1000, policy="2")) == 1000


def test_the_shipped_plans_draw_every_period_of_two_years() -> None:
    """Nothing that is due under one frozen plan is ever refused; 2020 has a week 53."""
    for name in PLANS:
        plan, _ = read_plan(shipped_contracts(), name)
        entries: list[Entry] = []
        for new in due(plan, date(2019, 12, 30), date(2022, 1, 2)):
            assert ask(entries[-120:], new) == plan.cap_nano
            entries.append(new)


@pytest.mark.parametrize(("cadence", "back", "most"), [("week", 8, 26), ("four_weeks", 16, 5), ("four_weeks", 3, 1)])
def test_a_plan_with_an_allowance_draws_every_period(cadence: Cadence, back: int, most: int) -> None:
    """The plan's count of what an allowance lets through is no less than the ledger's; a dearer release is refused."""
    plan = plan_with({"here": 0, "back": back}, cadence=cadence, most=most)
    entries: list[Entry] = []
    for new in due(plan, date(2019, 12, 30), date(2023, 1, 1)):
        ask(entries, new)
        entries.append(new)
    dear = {"here": (0, plan.cap_nano * 9 // 10)}
    with pytest.raises(BudgetRefusedError):
        ask(entries, entry(entries[-1].period, dear, cap=plan.cap_nano, most=most, revision=1))


def due(plan: Plan, begin: date, end: date) -> list[Entry]:
    """Return the entries of all periods between two days, by their last days."""
    found = []
    for product, period, result in released(plan):
        if begin <= period.first_day and period.last_day <= end:
            tables: dict[str, tuple[int, int]] = {}
            for measure, loss in result:
                back, before = tables.get(measure, (plan.measures[measure].looks_back_weeks, 0))
                tables[measure] = (back, before + loss)
            most = plan.products[product].most_releases_per_person
            found.append((period.last_day, entry(period.name, tables, cap=plan.cap_nano, product=product, most=most)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


@pytest.mark.parametrize("kind", ["release/2", "release/3"])
def test_random_plans_and_revisions_never_overfill_366_days(kind: str) -> None:
    """Whatever is asked for in whatever order, what was let through costs no 366 days more than the cap: by dates."""
    rng = random.Random(13)
    for _ in range(25):
        entries: list[Entry] = []
        for _ in range(40):
            cadence = rng.choice(["W", "P"])
            number = rng.randint(1, 52 if cadence == "W" else 13)
            tables = {name: (rng.choice([0, 0, 5, 8, 16]), rng.randint(1, 200)) for name in ("a", "b")}
            new = entry(f"{rng.choice([2019, 2020, 2021, 2022])}-{cadence}{number:02}", tables, kind=kind)
            try:
                ask(entries, new)
            except BudgetRefusedError:
                continue
            entries.append(new)
        assert 0 < fullest_by_days(entries) <= 1000


def fullest_by_days(entries: list[Entry]) -> int:
    """Return what the dearest 366 days cost, counted day by day over what each table reads."""
    spans = []
    for one in entries:
        period = Period.parse(one.period)
        back = {each.name: each.looks_back_weeks or 0 for each in one.accounting.measures}
        spans += [
            (period.first_day - timedelta(weeks=back[table.measure]), period.last_day, table.loss_nano)
            for table in one.accounting.tables
        ]
    begin, end = min(first for first, _, _ in spans), max(last for _, last, _ in spans)
    return max(
        sum(int(loss) for since, until, loss in spans if since <= last and until >= first)
        for first, last in every_window(begin - timedelta(days=366), end)
    )


def test_ten_years_of_entries_are_looked_through_in_no_time() -> None:
    """A draw's check takes under 50 ms of the processor with ten years of weekly and four-weekly entries behind it."""
    plan, _ = read_plan(shipped_contracts(), "standard")
    entries = due(plan, date(2016, 1, 4), date(2026, 1, 4))
    new = due(plan, date(2026, 1, 5), date(2026, 2, 1))[-1]
    assert len(entries) > 600

    def seconds(what: Callable[[], object]) -> float:
        begin = time.process_time()
        what()
        return time.process_time() - begin

    assert min(seconds(lambda: ask(entries, new)) for _ in range(5)) < 0.05


def test_a_trace_is_of_the_releases_own_days() -> None:
    """A release costs nobody who logged before or after the days that it reads."""
    trace = Trace.of(Charge(PRODUCT, 5), 100, [(97, 2), (90, 1), (97, 2)])
    assert trace.reaches == ((90, 1), (97, 4))
    assert [trace.loss_within(first, last) for first, last in ((80, 89), (80, 90), (80, 97), (100, 110))] == [
        0,
        1,
        5,
        5,
    ]
    assert trace.loss_within(101, 110) == 0
    assert [trace.reads(*weeks) for weeks in ((80, 89), (80, 90), (100, 101), (101, 110))] == [False, True, True, False]
