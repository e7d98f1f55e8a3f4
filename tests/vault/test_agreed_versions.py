"""Which promise somebody agreed to: a draw counts only people whose newest yes was to at least its cap."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from analytics.cells import ExactCells
from analytics.contracts import NANO, Contracts, Plan, read_plan, shipped_contracts
from analytics.contracts.plan import PromiseVersion
from analytics.contracts.promise import agreed, counted
from analytics.errors import BudgetRefusedError
from analytics.periods import Period
from analytics.release.draw import draw
from analytics.trends.publication.card import card_of, readme_of
from analytics.vault.agreed_versions import by_version
from analytics.vault.participation import Allowance
from analytics.vault.shares import exact_cells
from tests.support.bodies import body_of, entry_of
from tests.support.people import (
    ANA,
    BEA,
    CAI,
    CANARY,
    WEEK,
    Desk,
    entry,
    granted,
    pseudonym,
    query,
    vault_at,
    withdrawn,
)
from tests.support.releases import GRID, NOW, PRODUCT, holding, new_home, plan_of, unfrozen
from tests.support.releases import exact_cells as invented_cells

LOW, HIGH = 250_000_000, 1_000_000_000
"""Caps of 0.25 and 1.0, in nano-rho."""

FIRST = PromiseVersion.model_validate({"version": "1", "cap_rho": "0.25", "from": "2026-01-01"})
RAISED = PromiseVersion.model_validate({"version": "2", "cap_rho": "1", "from": "2026-05-01"})


def with_versions(plan: Plan, *versions: PromiseVersion) -> Plan:
    """Return the plan with these versions of its promise, the last of them in force."""
    last = versions[-1]
    changes = {"promise_versions": versions, "policy_version": last.version, "cap_rho": last.cap_rho}
    return plan.model_copy(update=changes)


def who_counts(desk: Desk, plan: Plan, cap_nano: int, allowance: Allowance | None = None) -> set[bytes]:
    """Return the pseudonyms of those whom a draw of the week under that cap counts."""
    exact_cells(desk.vault, plan, desk.contracts.grid, plan.products["weekly_mood"], WEEK, allowance, cap_nano)
    return {name for (name,) in query(desk.vault, "SELECT DISTINCT pseudonym FROM share JOIN person USING (person_no)")}


def names(*people: str) -> set[bytes]:
    """Return people's pseudonyms."""
    return {pseudonym(person) for person in people}


def test_who_agreed_to_less_is_not_counted_under_more(desk: Desk) -> None:
    """A cap that was raised in May counts those who said yes since; a draw under the old cap counts both."""
    plan = with_versions(desk.contracts.plan, FIRST, RAISED)
    desk.consents(granted(ANA, "2026-04-30T23:59:59Z"), granted(BEA, "2026-05-01"))
    desk.entries(entry(ANA), entry(BEA))
    assert who_counts(desk, plan, HIGH) == names(BEA)
    assert who_counts(desk, plan, LOW) == names(ANA, BEA)
    assert who_counts(desk, plan, HIGH + 1) == set()


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        ("2026-04-30T23:59:59.999999Z", False),
        ("2026-05-01T00:00:00Z", True),
        ("2026-05-01T01:00+02:00", False),  # still April in UTC
        ("2026-04-30T20:00-05:00", True),  # May in UTC
        ("2001-01-01", False),  # before the first version, which covers it
    ],
)
def test_days_are_those_of_utc(desk: Desk, at: str, *, counts: bool) -> None:
    """A version begins at the first instant of its day in UTC."""
    desk.consents(granted(ANA, at))
    desk.entries(entry(ANA))
    plan = with_versions(desk.contracts.plan, FIRST, RAISED)
    assert (who_counts(desk, plan, HIGH) == names(ANA)) == counts
    assert who_counts(desk, plan, LOW) == names(ANA)


def test_the_first_version_covers_all_days_before_it(desk: Desk) -> None:
    """A yes of years before the first day that the plan names counts as to the first version, not as to none."""
    desk.consents(granted(ANA, "2001-01-01"))
    desk.entries(entry(ANA))
    assert who_counts(desk, with_versions(desk.contracts.plan, FIRST), LOW) == names(ANA)
    assert who_counts(desk, desk.contracts.plan, LOW) == names(ANA)


def test_the_newest_yes_decides(desk: Desk) -> None:
    """A new yes counts under the higher cap, an older one does not; and a newest yes to less than before does not."""
    lowered = PromiseVersion.model_validate({"version": "3", "cap_rho": "0.5", "from": "2026-05-20"})
    plan = with_versions(desk.contracts.plan, FIRST, RAISED, lowered)
    desk.consents(granted(ANA, "2026-05-02"), granted(ANA, "2026-02-01"))
    desk.consents(granted(BEA, "2026-05-02"), granted(BEA, "2026-05-21"))
    desk.consents(granted(CAI, "2026-05-02"), withdrawn(CAI, "2026-05-03"), granted(CAI, "2026-05-21"))
    desk.entries(entry(ANA), entry(BEA), entry(CAI))
    assert who_counts(desk, plan, HIGH) == names(ANA)
    assert who_counts(desk, plan, NANO // 2) == names(ANA, BEA, CAI)


def test_the_label_in_a_file_changes_nothing(desk: Desk) -> None:
    """Who calls an old yes version 2 does not count under it; who calls a new one version 1, or nothing, does."""
    plan = with_versions(desk.contracts.plan, FIRST, RAISED)
    desk.consents(granted(ANA, "2026-02-01", version="2"), granted(BEA, "2026-05-02", version="1"))
    desk.entries(entry(ANA), entry(BEA))
    assert who_counts(desk, plan, HIGH) == names(BEA)


def test_labels_are_counted_and_not_repeated(desk: Desk) -> None:
    """People by the version of the day on which they agreed; those labelled otherwise are a number, never a word."""
    plan = with_versions(desk.contracts.plan, FIRST, RAISED)
    desk.consents(
        granted(ANA, "2026-02-01", version="1"),
        granted(BEA, "2026-02-01", version=f"{CANARY} 2"),
        granted(CAI, "2026-05-02", version="2"),
        f"{CANARY}-dee,granted,2026-05-02,2026-01-01,research,2,",  # to something else
    )
    result = by_version(desk.vault, plan)
    assert result == [
        {"version": "1", "people": 2, "labelled_otherwise": 1},
        {"version": "2", "people": 1, "labelled_otherwise": 0},
    ]
    desk.consents(withdrawn(CAI, "2026-05-03"))
    assert [one["people"] for one in by_version(desk.vault, plan)] == [2, 0]


def test_who_is_not_counted_is_not_written_down(desk: Desk) -> None:
    """Under an allowance of one release, somebody whom a release left out has spent nothing."""
    plan = with_versions(desk.contracts.plan, FIRST, RAISED)
    desk.consents(granted(ANA, "2026-02-01"), granted(BEA, "2026-05-02"))
    desk.entries(entry(ANA), entry(BEA))
    allowance = Allowance("weekly_mood", WEEK, 1, frozenset())
    assert who_counts(desk, plan, HIGH, allowance) == names(BEA)
    written = query(desk.vault, "SELECT pseudonym FROM participation JOIN person USING (person_no)")
    assert {name for (name,) in written} == names(BEA)


@dataclass(frozen=True)
class History:
    """What one person said, when; and where it is written."""

    person: str
    yes: tuple[datetime, ...]
    no: tuple[datetime, ...]

    def lines(self) -> list[str]:
        """Return the lines of a file of consents."""
        said = [granted(self.person, at.isoformat(), version=str(at.day)) for at in self.yes]
        return said + [withdrawn(self.person, at.isoformat()) for at in self.no]

    def counts(self, versions: list[PromiseVersion], cap_nano: int) -> bool:
        """Say by the definition in words whether a draw counts the person; slow and obvious."""
        in_force = [at for at in self.yes if all(at > closed for closed in self.no)]
        if not in_force:
            return False
        day = max(in_force).date()
        version = versions[0]
        for one in versions:
            if one.from_ <= day:
                version = one
        return version.cap_rho * NANO >= cap_nano


def invented(rng: random.Random, number: int) -> History:
    """Return a person who said yes and no at random: some at the first or last instant of a day."""

    def instant() -> datetime:
        day = date(2026, 1, 1) + timedelta(days=rng.randrange(150))
        return datetime.combine(day, rng.choice([time(), time(12, 30), time(23, 59, 59, 999_999)]), tzinfo=UTC)

    yes = tuple({instant() for _ in range(rng.randrange(1, 4))})
    return History(f"{CANARY}-{number}", yes, tuple({instant() for _ in range(rng.choice([0, 0, 1, 2]))}))


def versions_at_random(rng: random.Random) -> list[PromiseVersion]:
    """Return up to five versions, with caps that rise and fall."""
    days = sorted(rng.sample(range(-40, 150), rng.randrange(1, 6)))
    return [
        PromiseVersion.model_validate(
            {
                "version": str(number),
                "cap_rho": Decimal(rng.randrange(1, 6)) / 10,
                "from": date(2026, 1, 1) + timedelta(days=day),
            }
        )
        for number, day in enumerate(days)
    ]


def test_whatever_was_agreed_when_the_right_people_count(tmp_path: Path, contracts: Contracts) -> None:
    """Against the definition in words, under many plans and caps; and one person less moves nobody else."""
    rng = random.Random(7)
    crowd = [invented(rng, number) for number in range(60)]
    left_out = crowd[rng.randrange(len(crowd))]
    sizes: set[int] = set()
    with vault_at(tmp_path / "with.duckdb") as one, vault_at(tmp_path / "without.duckdb") as other:
        (tmp_path / "files").mkdir()
        with_, without = (Desk(vault, contracts, tmp_path / "files") for vault in (one, other))
        for desk, people in ((with_, crowd), (without, [each for each in crowd if each != left_out])):
            lines = [line for person in people for line in person.lines()]
            random.Random(1).shuffle(lines)
            desk.consents(*lines)
            desk.entries(*(entry(person.person) for person in people))
        for _ in range(25):
            versions = versions_at_random(rng)
            plan = with_versions(contracts.plan, *versions)
            for cap in (NANO * tenths // 10 for tenths in range(1, 6)):
                expected = names(*(each.person for each in crowd if each.counts(versions, cap)))
                assert (who_counts(with_, plan, cap) == expected) is True, "others count than should"
                alone = expected - names(left_out.person)
                assert (who_counts(without, plan, cap) == alone) is True, "one person moved another"
                sizes.add(len(expected))
    assert len(sizes) > 10  # the plans differ in whom they count
    assert 0 in sizes


def test_each_day_is_of_one_version() -> None:
    """The versions' days follow one another without a gap, from before all days to after all."""
    rng = random.Random(3)
    for _ in range(50):
        result = agreed(with_versions(unfrozen(), *versions_at_random(rng)))
        assert (result[0].since, result[-1].until) == (None, None)
        assert [one.until for one in result[:-1]] == [one.since for one in result[1:]]
    alone = agreed(unfrozen(policy="x"))
    assert [(one.version, one.cap_nano, one.since, one.until) for one in alone] == [("x", LOW, None, None)]


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        ([("1", "0.2", "2026-01-01"), ("1", "0.25", "2026-02-01")], "names a version twice"),
        ([("0", "0.2", "2026-02-01"), ("1", "0.25", "2026-01-01")], "ordered by their first day"),
        ([("0", "0.2", "2026-01-01"), ("1", "0.25", "2026-01-01")], "ordered by their first day"),
        ([("1", "0.25", "2026-01-01"), ("2", "0.25", "2026-02-01")], "must be policy_version with cap_rho"),
        ([("0", "0.2", "2026-01-01"), ("1", "0.2", "2026-02-01")], "must be policy_version with cap_rho"),
        ([("0", "0", "2026-01-01"), ("1", "0.25", "2026-02-01")], "greater than 0"),
    ],
)
def test_a_list_of_versions_that_cannot_be_is_refused(listed: list[tuple[str, str, str]], reason: str) -> None:
    """Out of order, named twice, promising nothing, or at odds with the plan that lists it."""
    content = yaml.safe_load((shipped_contracts() / "release_plan.yaml").read_text("utf-8"))
    versions = [{"version": name, "cap_rho": cap, "from": day} for name, cap, day in listed]
    with pytest.raises(ValidationError, match=reason):
        Plan.model_validate({**content, "promise_versions": versions})


def test_a_plan_that_lists_no_versions_is_the_plan_that_it_was() -> None:
    """A home of before has the same fingerprint in its next entries: an empty list is not part of the plan."""
    plan, grid = read_plan(shipped_contracts(), "standard")
    bare = plan.model_copy(update={"promise_versions": ()})
    assert "promise_versions" not in bare.model_dump(mode="json", by_alias=True)
    assert bare.fingerprint(grid) != with_versions(plan, FIRST).fingerprint(grid)


def raised(*, first: str = "0.25", since: str = "2026-07-02") -> Plan:
    """Return a plan whose cap was raised to 0.5, from the day after the tests' clock, and says so."""
    versions = [{"version": "1", "cap_rho": first, "from": "2020-01-01"}]
    versions.append({"version": "2", "cap_rho": "0.5", "from": since})
    return with_versions(plan_of(cap=0.5, policy="2"), *map(PromiseVersion.model_validate, versions))


def test_a_raised_cap_needs_its_versions_listed(tmp_path: Path) -> None:
    """Without them, with a version that claims more than it promised, or a backdated one, nothing is read."""

    def not_to_be_read(_: int) -> ExactCells:
        raise AssertionError

    home = new_home(tmp_path / "home")
    home.draw("2024-W10")
    with home.open() as ledger:
        ask = partial(draw, ledger, grid=GRID, product=PRODUCT, period=Period.parse("2026-W10"), now=NOW)
        for plan in (plan_of(cap=0.5, policy="2"), raised(first="0.5")):
            with pytest.raises(BudgetRefusedError, match="does not say who agreed to which"):
                ask(plan=plan, count=not_to_be_read)
        with pytest.raises(BudgetRefusedError, match="was drawn under it on 2026-07-01"):
            ask(plan=raised(since="2026-07-01"), count=not_to_be_read)
        assert ask(plan=raised(), count=lambda _: invented_cells(raised()))


def test_a_draw_counts_by_its_own_cap_and_says_so(tmp_path: Path) -> None:
    """A year that began under 0.25 counts both versions' people also when the plan's cap is 0.5; the next one's not."""
    home, plan = new_home(tmp_path / "home"), raised()
    asked: list[int] = []

    def count(cap_nano: int) -> ExactCells:
        asked.append(cap_nano)
        return invented_cells(plan)

    home.draw("2024-W10")
    with home.open() as ledger:
        for week in ("2024-W11", "2026-W10"):
            assert draw(ledger, plan, GRID, PRODUCT, Period.parse(week), count, NOW)
        before, same_year, later = ledger.entries()
    assert asked == [LOW, NANO // 2]
    assert [one.counted_versions for one in (before, same_year, later)] == [("1",), ("1", "2"), ("2",)]
    assert [one.version for one in counted(plan, LOW)] == ["1", "2"]
    assert card_of(later).plan.counted_versions == ("2",)
    assert "a cap of at least this: version 2 of the promise." in readme_of(later, card_of(later))
    assert "a cap of at least this: versions 1, 2 of the promise." in readme_of(same_year, card_of(same_year))


def test_entries_of_before_keep_their_card(tmp_path: Path) -> None:
    """An entry that does not say whom it counted is published as it was."""
    home = new_home(tmp_path / "home")
    home.draw("2024-W10")
    with home.open() as ledger:
        (now,) = ledger.entries()
    body = {name: value for name, value in body_of(now).items() if name != "counted_versions"}
    old = entry_of(body)
    assert "counted_versions" not in card_of(old).plan.model_dump(exclude_none=True)
    assert "agreed" not in readme_of(old, card_of(old))


def in_turn(*plans: Plan) -> Plan:
    """Return the last of these plans, which says that the others were in force before it, from day to day."""
    days = (date(2020, 1, 1), *(NOW.date() + timedelta(days=number) for number in range(1, len(plans))))
    versions = [
        PromiseVersion.model_validate({"version": plan.policy_version, "cap_rho": plan.cap_rho, "from": day})
        for plan, day in zip(plans, days, strict=True)
    ]
    return with_versions(plans[-1], *versions)


def test_a_cap_that_rose_and_fell_costs_nobody_more_than_they_agreed_to(tmp_path: Path) -> None:
    """People of the first version count at the end of 2024 and, once the cap fell again, in 2025: within 53 weeks.

    In between a release of a higher cap, which leaves them out, lets those weeks as a whole cost more.
    """
    low, high, again = (holding(plan_of(policy=str(number)), most) for number, most in enumerate((3, 8, 3), 1))
    home = new_home(tmp_path / "home")
    home.draw("2024-W50", "2024-W51", "2024-W52", plan=in_turn(low))  # as many as the low cap holds
    home.draw("2025-W01", plan=in_turn(low, high))
    with pytest.raises(BudgetRefusedError, match="Within 53 weeks"):
        home.draw("2025-W02", plan=in_turn(low, high, again))
    home.draw("2025-W02", plan=in_turn(low, high))
    home.draw("2026-W10", plan=in_turn(low, high, again))  # 53 weeks later
    with home.open() as ledger:
        last = [entry.counted_versions for entry in ledger.entries()[-2:]]
    assert last == [("2",), ("1", "2", "3")]
