"""The yearly allowance per person: counted in at most so many releases of any 53 weeks, first come."""

import random
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.cells import ExactCells, TableKey
from analytics.contracts import MICRO, Contracts, Plan
from analytics.errors import StoreBehindError, UnforeseenError
from analytics.periods import Period, week_ordinal
from analytics.release.budget import solved, table_losses
from analytics.release.draw import draw
from analytics.vault.participation import Allowance, DrawnRelease
from analytics.vault.shares import exact_cells
from pipelines.due_periods import Due
from pipelines.steps import allowance_of
from tests.support.bodies import body_of
from tests.support.people import ANA, BEA, CAI, NOW, Desk, entry, granted, query, vault_at, withdrawn
from tests.support.releases import GRID, new_home, plan_of
from tests.support.releases import PRODUCT as INVENTED
from tests.support.releases import exact_cells as invented_cells

FIRST = Period.parse("2026-W10")
PRODUCT = "weekly_mood"
NOTHING: frozenset[DrawnRelease] = frozenset()


def week(number: int) -> Period:
    """Return the week `number` weeks after the first."""
    return Period.containing(FIRST.first_day + timedelta(weeks=number), "week")


def count(desk: Desk, number: int, most: int = 2, drawn: frozenset[DrawnRelease] = NOTHING) -> ExactCells:
    """Count a week's release under an allowance."""
    plan, period = desk.contracts.plan, week(number)
    product = plan.products[PRODUCT].model_copy(update={"tables": {"mood_bands": ((),)}})
    return exact_cells(desk.vault, plan, desk.contracts.grid, product, period, Allowance(PRODUCT, period, most, drawn))


def counted(desk: Desk, number: int, most: int = 2, drawn: frozenset[DrawnRelease] = NOTHING) -> int:
    """Return how many whole people a week's release counts under an allowance."""
    return sum(count(desk, number, most, drawn).reveal(TableKey("mood_bands", ()))) // MICRO


def in_ledger(number: int, cells: ExactCells) -> DrawnRelease:
    """Return what the ledger says of a week's release that drew a count."""
    return DrawnRelease(PRODUCT, week(number).name, cells.count_id)


def logs(person: str, *weeks: int, mood: str = "4") -> list[str]:
    """Return an entry of a person in each of these weeks."""
    return [entry(person, week(number).first_day.isoformat(), mood) for number in weeks]


def test_a_person_counts_in_so_many_releases_first_come(desk: Desk) -> None:
    """Who logs every week is in the first two; who comes later has both still; weeks away spend nothing."""
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(*logs(ANA, 0, 1, 2, 3), *logs(BEA, 1, 3, 4))
    assert [counted(desk, number) for number in range(6)] == [1, 2, 0, 1, 0, 0]


def test_asked_again_a_release_counts_the_same_people(desk: Desk) -> None:
    """A draw that was killed before its commit is asked for again, and has spent nothing more."""
    desk.consents(granted(ANA))
    desk.entries(*logs(ANA, 0, 1, 2))
    assert [counted(desk, number) for number in (0, 0, 0, 1, 1, 0, 2)] == [1, 1, 1, 1, 1, 1, 0]


def test_after_53_weeks_a_person_counts_again(desk: Desk) -> None:
    """A release 52 weeks on shares 53 weeks with the first, one 53 weeks on does not."""
    late = desk.under(desk.contracts)
    desk.consents(granted(ANA, "2024-01-01", "2024-01-01"))
    desk.entries(*(entry(ANA, week(number).first_day.isoformat()) for number in (-60, -59, -8, -7)))
    assert [counted(late, number) for number in (-60, -59)] == [1, 1]
    assert counted(late, -8) == 0  # 52 after the first, 51 after the second
    assert counted(late, -7) == 1  # 53 after the first


def test_who_withdrew_and_came_back_is_not_counted_beside_what_was_counted_before(desk: Desk) -> None:
    """What somebody was counted in is erased with the rest: they wait until no release of then shares 53 weeks."""
    desk.consents(granted(ANA, "2024-01-01", "2024-01-01"), granted(BEA, "2024-01-01", "2024-01-01"))
    desk.entries(*logs(ANA, -60, -59), *logs(BEA, -60))
    assert [counted(desk, number) for number in (-60, -59)] == [2, 1]
    desk.consents(withdrawn(ANA, "2025-02-20T10:00:00Z"))
    assert query(desk.vault, "SELECT count(*) FROM participation") == [(1,)]  # BEA's
    desk.consents(granted(ANA, "2025-03-01", "2025-03-01"))
    desk.entries(*logs(ANA, -7, -6, -5), *logs(BEA, -7))
    assert query(desk.vault, "SELECT count(DISTINCT person_no) FROM entry") == [(2,)]
    assert [counted(desk, number) for number in (-7, -6, -5)] == [1, 1, 1]  # BEA alone, then ANA alone, twice


BEFORE_ALL = "2020-02-01T00:00:00Z"
"""A time that a file may claim: long before any release."""


@pytest.mark.parametrize("files", ["in one file", "in two"])
def test_a_withdrawal_that_claims_to_be_old_gives_nothing_back(desk: Desk, files: str) -> None:
    """Withdrawals and grants of 2020, sent between releases, count nobody twice: the time of receipt decides."""
    desk.consents(granted(ANA, "2020-01-01T00:00:00Z", "2020-01-01"))
    every = range(8)
    desk.entries(*logs(ANA, *every))
    found = [counted(desk, 0, most=1)]
    for number in range(1, 5):
        events = (
            withdrawn(ANA, f"2020-0{2 * number}-01T00:00:00Z"),
            granted(ANA, f"2020-0{2 * number + 1}-01T00:00:00Z", "2020-01-01"),
        )
        for rows in [events] if files == "in one file" else [(event,) for event in events]:
            desk.consents(*rows)
        desk.entries(*logs(ANA, *every))
        found.append(counted(desk, number, most=1))
    assert found == [1, 0, 0, 0, 0]
    assert query(desk.vault, "SELECT count(*) FROM entry") == [(8,)]


def test_a_withdrawal_that_comes_late_gives_nothing_back(desk: Desk) -> None:
    """A consent that ended 14 months ago, as a FHIR consent's own end may tell, and a fresh grant."""
    desk.consents(granted(ANA, "2024-01-01T00:00:00Z", "2024-01-01"))
    desk.entries(*logs(ANA, 0, 1, 2, 3))
    found = [counted(desk, number, most=1) for number in (0, 1)]
    desk.consents(withdrawn(ANA, "2024-12-01T00:00:00Z"))
    desk.consents(granted(ANA, "2026-04-20T00:00:00Z", "2026-03-01"))
    desk.entries(*logs(ANA, 0, 1, 2, 3))
    assert [*found, *(counted(desk, number, most=1) for number in (2, 3))] == [1, 0, 0, 0]


def test_a_withdrawal_between_a_count_and_its_draw_gives_nothing_back(desk: Desk) -> None:
    """A count that was killed before its draw is one that the person was in, whoever asks for it again."""
    desk.consents(granted(ANA, "2020-01-01T00:00:00Z", "2020-01-01"))
    desk.entries(*logs(ANA, 0, 1))
    assert counted(desk, 0, most=1) == 1  # drawn
    assert counted(desk, 1, most=1) == 0  # killed
    desk.consents(withdrawn(ANA, BEFORE_ALL))
    desk.consents(granted(ANA, "2020-03-01T00:00:00Z", "2020-01-01"))
    desk.entries(*logs(ANA, 0, 1))
    assert counted(desk, 1, most=1) == 0


def test_who_left_before_anything_was_counted_waits_for_nothing(desk: Desk) -> None:
    """Releases after the return are counted as anybody's are."""
    desk.consents(granted(ANA, "2026-01-01T00:00:00Z"))
    desk.consents(withdrawn(ANA, "2026-01-02T00:00:00Z"))
    desk.consents(granted(ANA, "2026-01-03T00:00:00Z"))
    desk.entries(*logs(ANA, 0, 1))
    assert [counted(desk, number, most=1) for number in (0, 1)] == [1, 0]


def test_a_vault_that_lacks_what_the_ledger_has_counts_nobody(desk: Desk) -> None:
    """A vault from before a release would count its people again: nothing is counted, and exit 12."""
    desk.consents(granted(ANA))
    desk.entries(*logs(ANA, 0, 1))
    first = in_ledger(0, count(desk, 0))
    assert counted(desk, 1, drawn=frozenset({first})) == 1
    for lacking in (DrawnRelease(PRODUCT, "2026-W08", first.count_id), first._replace(count_id="0" * 32)):
        with pytest.raises(StoreBehindError) as refused:
            counted(desk, 1, drawn=frozenset({first, lacking}))
        assert refused.value.exit_code == 12


def test_a_vault_from_between_a_count_and_its_recount_counts_nobody(tmp_path: Path, contracts: Contracts) -> None:
    """A release is known by the very count that was drawn: one of the same name had counted others."""
    path, old = tmp_path / "vault.duckdb", tmp_path / "old.duckdb"
    with vault_at(path) as vault:
        desk = Desk(vault, contracts, tmp_path)
        desk.consents(granted(ANA), granted(BEA))
        desk.entries(*logs(ANA, 0))
        assert counted(desk, 0, most=1) == 1  # killed before its draw
    shutil.copy(path, old)
    with vault_at(path) as vault:
        desk = Desk(vault, contracts, tmp_path)
        desk.entries(*logs(BEA, 0, 1))
        drawn = frozenset({in_ledger(0, count(desk, 0, most=1))})
        assert counted(desk, 1, most=1, drawn=drawn) == 0  # both have had their one
    shutil.copy(old, path)
    with vault_at(path) as vault:
        desk = Desk(vault, contracts, tmp_path)
        desk.entries(*logs(BEA, 0, 1))
        with pytest.raises(StoreBehindError):
            counted(desk, 1, most=1, drawn=drawn)


def test_what_the_ledger_drew_more_than_53_weeks_away_need_not_be_known(desk: Desk) -> None:
    """A home whose vault was lost may have the allowance again when 53 weeks went by without it."""
    desk.consents(granted(ANA))
    desk.entries(*logs(ANA, 0))
    assert counted(desk, 0, drawn=frozenset({DrawnRelease(PRODUCT, week(-53).name, "0" * 32)})) == 1
    with pytest.raises(StoreBehindError):
        counted(desk, 0, drawn=frozenset({DrawnRelease(PRODUCT, week(-52).name, "0" * 32)}))


def test_a_release_that_counted_nobody_is_remembered(desk: Desk) -> None:
    """An empty release is one that the vault knows of."""
    nobody = count(desk, 0)
    assert not any(nobody.reveal(TableKey("mood_bands", ())))
    assert counted(desk, 1, drawn=frozenset({in_ledger(0, nobody)})) == 0


def test_an_orphaned_row_is_counted(desk: Desk) -> None:
    """What an erasure would leave of releases that counted somebody is seen, as rows of other tables are."""
    query(desk.vault, f"INSERT INTO participation VALUES (7, '{PRODUCT}', '{FIRST.name}', 1)")  # noqa: S608 -- our names
    assert desk.vault.rows("erasure/orphaned_rows") == [(1,)]


def test_a_vault_of_before_counts_had_numbers_is_known_by_names(tmp_path: Path, contracts: Contracts) -> None:
    """It opens; its releases are known by name; whoever is on the list waits, since nobody knows what came first."""
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        desk.consents(granted(ANA, "2020-01-01"), granted(BEA), withdrawn(ANA, BEFORE_ALL))
        desk.consents(granted(ANA, "2020-03-01"))
        query(vault, "DROP TABLE participation_count")
        query(vault, f"INSERT INTO participation_release VALUES ('{PRODUCT}', '{FIRST.name}')")  # noqa: S608 -- our names
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        desk.entries(*logs(ANA, 1, 2), *logs(BEA, 1))
        assert counted(desk, 1, drawn=frozenset({DrawnRelease(PRODUCT, FIRST.name, None)})) == 1  # BEA
        with pytest.raises(StoreBehindError):
            counted(desk, 2, drawn=frozenset({DrawnRelease(PRODUCT, "2026-W09", None)}))


def with_allowance(plan: Plan, most: int) -> Plan:
    """Return the plan with an allowance per person in its weekly product."""
    product = plan.products[PRODUCT].model_copy(update={"most_releases_per_person": most})
    return plan.model_copy(update={"products": {PRODUCT: product}})


def test_an_entry_names_the_count_that_it_drew(tmp_path: Path) -> None:
    """Only under an allowance; there a count that remembers nobody is not drawn, and the next release asks for it."""
    whole = plan_of()
    product = whole.products[INVENTED].model_copy(update={"most_releases_per_person": 2})
    plan = whole.model_copy(update={"products": {INVENTED: product}})
    home, number = new_home(tmp_path), "ab" * 16
    home.draw("2024-W10", plan=whole)
    with pytest.raises(UnforeseenError):
        home.draw("2024-W11", plan=plan)
    with home.open() as ledger:
        remembered = ExactCells(invented_cells(plan)._vectors, number)
        assert draw(ledger, plan, GRID, INVENTED, Period.parse("2024-W12"), lambda _: remembered, NOW)
        one, other = ledger.entries()
        assert {*body_of(other)} - {*body_of(one)} == {"most_releases_per_person", "count_id"}
        assert (one.count_id, other.count_id) == (None, number)
        asked = allowance_of(Due(INVENTED, Period.parse("2024-W13")), product, ledger)
    assert asked is not None
    assert asked.drawn == {DrawnRelease(INVENTED, "2024-W12", number)}


def test_less_noise_for_fewer_releases(contracts: Contracts) -> None:
    """With 13 releases a person of any 53 weeks, a year of logging counts in 14 of 54: the noise falls by that root."""
    plan, grid = with_allowance(contracts.plan, 13), contracts.grid
    whole = contracts.plan.model_copy(update={"products": {PRODUCT: contracts.plan.products[PRODUCT]}})
    ours, theirs = (solved(one, grid)[PRODUCT]["mood_bands"].sigma for one in (plan, whole))
    for table, sigma in ours.items():
        assert sigma / theirs[table] == pytest.approx((14 / 54) ** 0.5, rel=1e-3)


def test_nobody_loses_more_than_the_part_in_any_53_weeks(desk: Desk, contracts: Contracts) -> None:
    """Over two years of releases, people who log at random are counted at most so often in any 53 weeks.

    Periods are drawn in any order, as late releases are; what each person's releases cost stays within the part.
    """
    rng, most = random.Random(7), 9
    plan = with_allowance(contracts.plan, most)
    product = plan.products[PRODUCT]
    loss = sum(table_losses(product, solved(plan, contracts.grid)[PRODUCT]).values())
    weeks = list(range(-104, 8))
    desk.consents(*(granted(person, "2024-01-01", "2024-01-01") for person in (ANA, BEA, CAI)))
    for person, chance in ((ANA, 1.0), (BEA, 0.5), (CAI, 0.1)):
        desk.entries(*logs(person, *(number for number in weeks if rng.random() < chance)))
    order = [number for block in range(0, len(weeks), 4) for number in rng.sample(weeks[block : block + 4], 4)]
    for number in order:
        counted(desk, number, most)
    found = query(desk.vault, "SELECT person_no, last_week FROM participation")
    people = {person for person, _ in found}
    assert len(people) == 3
    for person in people:
        mine = [last for one, last in found if one == person]
        fullest = max(sum(start <= last < start + 53 for last in mine) for start in range(min(mine), max(mine) + 1))
        assert fullest <= most
        assert fullest * loss <= int(product.part_rho * 10**9)
    assert (
        max(sum(1 for one, _ in found if one == person) for person in people) > most
    )  # the second year counts from zero
    assert week_ordinal(date(2026, 3, 8)) == week_ordinal(FIRST.last_day)


MOODS = {ANA: 1, BEA: 3, CAI: 5}
"""Each is alone in a mood, so that a release's exact cells tell who was counted."""


@dataclass
class Service:
    """A home over some time, its ledger in plain Python, and what may be done to it, each by chance.

    The clock goes on by an hour a step. What files claim mostly lies in 2020, so that no time tells what came first.
    """

    folder: Path
    contracts: Contracts
    rng: random.Random
    most: int
    open: ExitStack = field(default_factory=ExitStack)
    released: dict[int, set[int]] = field(default_factory=dict)
    """Whom each drawn release counted."""
    drawn: set[DrawnRelease] = field(default_factory=set)
    steps: int = 0
    said: int = 0
    backups: list[Path] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The vault's file."""
        return self.folder / "vault.duckdb"

    def opened(self) -> None:
        """Open the vault as it lies there."""
        self.open.close()
        self.vault = self.open.enter_context(vault_at(self.path))

    def step(self) -> None:
        """Do one thing."""
        self.steps += 1
        self.desk = Desk(self.vault, self.contracts, self.folder, NOW + timedelta(hours=self.steps))
        if self.steps <= len(MOODS):
            self._sent(list(MOODS)[self.steps - 1])
            return
        ways = (self.send, self.leave, self.leave_and_send, self.draw, self.kill, self.put_back, self.back_up)
        self.rng.choices(ways, (2, 2, 4, 8, 2, 2, 2))[0]()

    def claimed(self) -> str:
        """Return a time that a file claims."""
        self.said += 1
        day = date(2020, 1, 1) + timedelta(days=self.said)
        other = date(2020, 1, 1) + timedelta(days=self.rng.randrange(2350))
        now = f"{self.desk.now:%Y-%m-%dT%H:%M:%SZ}"
        return self.rng.choices([f"{day}T00:00:00Z", f"{other}T00:00:00Z", now], (20, 1, 1))[0]

    def send(self) -> None:
        """Consent, be and send entries of many weeks."""
        self._sent(self.rng.choice(list(MOODS)))

    def leave(self) -> None:
        """Withdraw, now, at a time of before, at none, or ahead of the clock."""
        self.desk.consents(self._withdrawal(self.rng.choice(list(MOODS))))

    def leave_and_send(self) -> None:
        """Withdraw and come back in one file."""
        person = self.rng.choice(list(MOODS))
        self._sent(person, self._withdrawal(person))

    def _withdrawal(self, person: str) -> str:
        return withdrawn(person, self.rng.choices([self.claimed(), "", "2031-01-01"], (20, 1, 1))[0])

    def _sent(self, person: str, *before: str) -> None:
        self.desk.consents(*before, granted(person, self.claimed(), "2020-01-01"))
        chosen = (number for number in self.weeks if self.rng.random() < 0.8)
        self.desk.entries(*logs(person, *chosen, mood=str(MOODS[person])))

    weeks = (-57, -56, -55, -44, -43, *range(-8, 12))

    def back_up(self) -> None:
        """Copy the vault's file."""
        self.open.close()
        self.backups.append(Path(shutil.copy(self.path, self.folder / f"{self.steps}.backup")))
        self.opened()

    def put_back(self) -> None:
        """Put an older vault back, and the newest again where that is refused."""
        if not self.backups:
            return
        self.open.close()
        newest = self.path.replace(self.folder / "newest.duckdb")
        shutil.copy(self.rng.choice(self.backups), self.path)
        self.opened()
        self.desk = replace(self.desk, vault=self.vault)
        try:
            self.draw()
        except StoreBehindError:
            self.open.close()
            newest.replace(self.path)
            self.opened()

    def kill(self) -> None:
        """Count a release that is never drawn."""
        if number := self._due():
            count(self.desk, number, self.most, frozenset(self.drawn))

    def draw(self) -> None:
        """Draw a release, and write down whom it counted."""
        number = self._due()
        if number is None:
            return
        cells = count(self.desk, number, self.most, frozenset(self.drawn))
        there = {band + 1 for band, people in enumerate(cells.reveal(TableKey("mood_bands", ()))) if people}
        self.released[number] = there
        self.drawn.add(in_ledger(number, cells))

    def _due(self) -> int | None:
        due = [number for number in self.weeks if number not in self.released]
        return self.rng.choice(due) if due else None


@pytest.mark.parametrize(("seed", "most"), [(0, 1), (1, 1), (2, 2)])
def test_whatever_is_sent_nobody_is_in_more_releases(
    tmp_path: Path, contracts: Contracts, seed: int, most: int
) -> None:
    """Counted by hand over whom the releases counted: never more than so many whose weeks share 53, whoever left when.

    People send, withdraw and return under any claimed times; draws are killed; older vaults are put back.
    """
    service = Service(tmp_path, contracts, random.Random(seed), most)
    service.opened()
    with service.open:
        while service.steps < 50:
            service.step()
    fullest = {
        mood: max(
            sum(mood in there for number, there in service.released.items() if first <= number < first + 53)
            for first in service.weeks
        )
        for mood in MOODS.values()
    }
    assert max(fullest.values()) == most
