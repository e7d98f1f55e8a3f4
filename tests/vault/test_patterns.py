"""Pattern measures: random people against the oracle, no day beyond the look-back, and what a new measure takes."""

import random
import shutil
from collections import Counter
from datetime import time, timedelta
from pathlib import Path

import duckdb
import pytest

from analytics.cells import TableKey
from analytics.contracts import Contracts, Measure, read_contracts, shipped_contracts
from analytics.errors import UnforeseenError
from analytics.periods import Period
from analytics.release.draw import draw
from analytics.vault import shares as way_out
from analytics.vault.database import Vault
from analytics.vault.shares import exact_cells, parameters_of
from tests.support import oracle
from tests.support.diaries import LONG_AGO, drawn, expected, keep
from tests.support.earlier import earlier_contracts
from tests.support.noted import Noted
from tests.support.pattern_oracle import EARLIER, MEASURES
from tests.support.people import (
    CANARY,
    CONSENT_HEADER,
    ENTRY_HEADER,
    NOW,
    Desk,
    entry,
    granted,
    pseudonym,
    query,
    vault_at,
    withdrawn,
    write,
)
from tests.support.releases import new_home

MICRO = 1_000_000

SQL = Path(way_out.__file__).parent / "sql"
PLANS = ("standard", "small")

YEAR_END = [Period.parse(name) for name in ("2020-P10", "2020-P11", "2020-P12", "2020-P13", "2021-P01", "2021-P02")]
"""Six four-week periods in a row, one of them with a week 53."""
FIRST, LAST = YEAR_END[0].first_day - timedelta(weeks=18), YEAR_END[-1].last_day + timedelta(days=9)

FACTORS = ("work", "family", "friends", "exercise", "poor_sleep", "travel", "weather")
"""Controlled words, the last two of them off the plans' list."""
SOURCES = ("canonical", "daylio_csv", "health_auto_export", "fhir", "mpath", "pmsys", "covidaffect")


def diary(rng: random.Random) -> list[Noted]:
    """Return one invented person's entries: their level, swing, habits and absences are theirs alone."""
    level, swing = rng.choice((20, 36, 37.5, 39, 60, 85)), rng.choice((0, 1, 4, 12, 25, 50))
    grain = rng.choice((1, 2500, 12_500, 25_000))
    keen, gap, many = rng.choice((0.03, 0.2, 0.6, 0.95)), rng.choice((0, 0.01, 0.05)), rng.choice((1, 2, 4))
    mine, sources = rng.sample(FACTORS, rng.choice((0, 1, 3, 6))), rng.sample(SOURCES, rng.choice((1, 1, 2, 3)))
    moved = {factor: rng.choice((-15, 0, 15)) for factor in mine}
    timed, daily, tells = rng.random(), rng.choice((0, 0.1, 1)), rng.choice((0, 0.3, 1))
    noted, day = [], FIRST
    while day <= LAST:
        if rng.random() < gap:
            day += timedelta(days=rng.randrange(10, 120))
        if rng.random() < gap:
            level = min(95, max(5, level + rng.choice((-30, -5, 5, 30))))
        for _ in range(rng.randint(1, many) if rng.random() < keen else 0):
            result = frozenset(factor for factor in mine if rng.random() < 0.4)
            points = level + rng.uniform(-swing, swing) + sum(moved[factor] for factor in sorted(result))
            score = round(points * 1000 / grain) * grain
            clock = time(rng.randrange(24), rng.choice((0, 59)), rng.choice((0, 59))) if rng.random() < timed else None
            noted.append(
                Noted(
                    day,
                    min(100_000, max(0, score)),
                    clock,
                    rng.choice((None, 0, 1, 2, 3)) if clock is None else None,
                    rng.random() < daily,
                    result,
                    rng.choice((0, 4500, 5999, 6000, 7250, 8999, 9000, 24_000)) if rng.random() < tells else None,
                    rng.choice(sources),
                )
            )
        day += timedelta(days=1)
    return noted


def every_measure(contracts: Contracts) -> dict[str, Measure]:
    """Return the pattern measures of the shipped plan, and those that only earlier plans have."""
    shipped = {name: contracts.plan.measures[name] for name in MEASURES}
    return shipped | {name: earlier_contracts().plan.measures[name] for name in EARLIER}


@pytest.mark.parametrize("seed", range(3))
def test_every_share_is_the_oracles(vault: Vault, contracts: Contracts, seed: int) -> None:
    """Random people's shares are what slow and obvious Python gives, in six periods and to the micro-person."""
    rng = random.Random(seed)
    diaries = {number: diary(rng) for number in range(1, 141)}
    covers = {number: rng.choice((LONG_AGO, LONG_AGO, LAST - timedelta(days=rng.randrange(250)))) for number in diaries}
    keep(vault, diaries, covers)
    covered = {number: [one for one in noted if one.day >= covers[number]] for number, noted in diaries.items()}
    seen: Counter[str] = Counter()
    for measure, declared in every_measure(contracts).items():
        for period in YEAR_END:
            found = drawn(vault, measure, declared, period)
            wanted = {number: expected(measure, declared, period, noted) for number, noted in covered.items()}
            assert found == {number: given for number, given in wanted.items() if given}, f"{measure} in {period.name}"
            assert all(sum(given.values()) <= MICRO for given in found.values())
            seen.update(f"{measure}-{category}" for given in found.values() for category in given)
    every = every_measure(contracts).items()
    never = {f"{name}-{category}" for name, measure in every for category in measure.categories} - seen.keys()
    by_factor = ("factors-", "clearest_factor-")
    result = tuple(f"{name}{word}" for name in by_factor for word in (*FACTORS, "none"))
    assert not {one for one in never if not one.startswith(by_factor) or one.startswith(result)}


def test_every_share_is_the_oracles_from_files(desk: Desk) -> None:
    """Files that went through the intake, with corrections, bad rows and withdrawals, give the oracle's shares."""
    rng = random.Random(7)
    names = [f"{CANARY}-{number}" for number in range(24)]
    period = Period.parse("2026-P05")
    start = period.first_day - timedelta(weeks=9)

    def logged(person: str) -> str:
        day = start + timedelta(days=rng.randrange(9 * 7 + 30))
        return entry(
            person,
            day.isoformat() + rng.choice(["", "T09:00", "T05:59:59", "T21:15+02:00", "T23:30-05:00", "T00:10+09:30"]),
            rng.choice(["1", "2", "2.5", "2.499", "3", "4", "5", "1.5", "0", "x"]),
            factors=rng.choice(["", "", "work", "family|work", "travel", "poor_sleep|exercise", "gossip"]),
            sleep=rng.choice(["", "", "5.999", "6", "7.5", "9", "25"]),
        )

    events = [granted(name, "2026-01-02", rng.choice(["2026-01-01", "2026-04-01"])) for name in names[:-1]]
    events += [withdrawn(name, "2026-01-20") for name in names[:2]] + [granted(names[0], "2026-01-21", "2026-04-30")]
    consents = write(desk.folder / "events.csv", CONSENT_HEADER, events)
    files = [
        write(
            desk.folder / f"entries-{part}.csv",
            ENTRY_HEADER,
            [logged(name) for name in names for _ in range(20 + 60 * (len(name) % 2))],
        )
        for part in (1, 2)
    ]
    desk.take_consents(consents)
    for path in files:
        desk.take_entries(path)
    numbers = dict(query(desk.vault, "SELECT pseudonym, person_no FROM person"))
    people = {
        numbers[pseudonym(person)]: [
            Noted(one.day, one.score, one.clock, factors=one.factors, sleep=_thousandths(one)) for one in logs
        ]
        for person, logs in oracle.diaries(consents, files, NOW.date()).items()
    }
    for measure, declared in every_measure(desk.contracts).items():
        wanted = {number: expected(measure, declared, period, noted) for number, noted in people.items()}
        assert drawn(desk.vault, measure, declared, period) == {one: given for one, given in wanted.items() if given}
        assert any(wanted.values())


def _thousandths(one: oracle.Logged) -> int | None:
    return None if one.sleep is None else round(one.sleep * 1000)


@pytest.mark.parametrize("plan", PLANS)
def test_no_day_is_read_before_the_look_back_or_after_the_period(tmp_path: Path, plan: str) -> None:
    """Entries before a measure's look-back, or after the period, change nobody's share of any measure of a plan."""
    declared = read_contracts(shipped_contracts(), plan).plan
    rng = random.Random(11)
    # Some were always there; of others nothing is inside but a few of the latest days, so that one more would be seen.
    diaries = {number: diary(rng) for number in range(1, 41)}
    few = {number: rng.randrange(1, 12) for number in range(16, 41)}
    periods = {"four_weeks": YEAR_END[4], "week": Period.parse("2021-W01")}
    asked = {
        (periods[product.cadence], declared.measures[name].looks_back_weeks, name)
        for product in declared.products.values()
        for name in product.tables
    }
    assert {name for _, _, name in asked} == set(declared.measures)
    for period, weeks in sorted({(period, weeks) for period, weeks, _ in asked}):
        names = [name for one, back, name in asked if (one, back) == (period, weeks)]
        since = period.first_day - timedelta(weeks=weeks)
        inside = {no: [one for one in noted if since <= one.day <= period.last_day] for no, noted in diaries.items()}
        inside = {no: noted[-few[no] :] if no in few else noted for no, noted in inside.items()}
        outside = {
            no: [
                *(one for one in noted if not since <= one.day <= period.last_day),
                Noted(since - timedelta(days=1), 0, time(9), factors=frozenset(FACTORS), sleep=0, source="pmsys"),
                Noted(period.last_day + timedelta(days=1), 0, time(9), factors=frozenset(FACTORS), sleep=0),
            ]
            for no, noted in diaries.items()
        }
        with vault_at(tmp_path / f"{period.name}-{weeks}.duckdb") as vault:
            keep(vault, inside)
            without = {name: drawn(vault, name, declared.measures[name], period) for name in names}
            keep(vault, outside)
            assert {name: drawn(vault, name, declared.measures[name], period) for name in names} == without
        assert all(without.values())


def test_every_measure_has_its_sql_and_every_sql_its_measure() -> None:
    """The files of `sql/shares/` are the measures of shipped and of earlier plans; each number of a plan is named."""
    plans = [read_contracts(shipped_contracts(), plan).plan for plan in PLANS]
    shipped = {path.name for path in shipped_contracts().glob("release_plan*.yaml")}
    assert shipped == {"release_plan.yaml", "release_plan.small.yaml"}
    used = {measure for plan in plans for product in plan.products.values() for measure in product.tables}
    assert used == {measure for plan in plans for measure in plan.measures}
    assert used | EARLIER.keys() == {path.stem for path in (SQL / "shares").glob("*.sql")}
    assert not used & EARLIER.keys()
    assert used == {"mood_bands", *MEASURES}
    for plan in (*plans, earlier_contracts().plan):
        for name, measure in plan.measures.items():
            assert set(measure.parameters) <= _named(name), f"{plan.name}: {name} gives a number that nothing reads"


def _named(measure: str) -> set[str]:
    """Return the parameters that a measure's SQL names."""
    return duckdb.extract_statements((SQL / "shares" / f"{measure}.sql").read_text())[0].named_parameters


def test_plans_say_the_same_of_one_measure() -> None:
    """A measure of two plans has one definition, for there is one SQL."""
    standard, small = (read_contracts(shipped_contracts(), plan).plan for plan in PLANS)
    assert {name: measure == standard.measures[name] for name, measure in small.measures.items()} == dict.fromkeys(
        small.measures, True
    )


LACKING = [
    (measure, number)
    for measure, declared in read_contracts(shipped_contracts(), "standard").plan.measures.items()
    for number in declared.parameters
]


@pytest.mark.parametrize(("measure", "number"), LACKING)
def test_a_plan_that_lacks_a_number_draws_nothing(
    vault: Vault, contracts: Contracts, tmp_path: Path, measure: str, number: str
) -> None:
    """Where the SQL names a number that the plan does not give, the draw ends in our own words and no entry."""
    declared = contracts.plan.measures[measure]
    fewer = {name: value for name, value in declared.parameters.items() if name != number}
    changed = declared.model_copy(update={"parameters": fewer})
    measures = {**contracts.plan.measures, measure: changed}
    lacking = Contracts(**{**vars(contracts), "plan": contracts.plan.model_copy(update={"measures": measures})})
    _draws_nothing(vault, lacking, tmp_path, f"'{measure}' has no {number}; nothing was drawn")


def test_a_measure_without_sql_draws_nothing(
    vault: Vault, contracts: Contracts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a measure's SQL is not there, the draw ends in our own words and no entry."""
    shutil.copytree(SQL, tmp_path / "sql")
    (tmp_path / "sql/shares/steadiness.sql").unlink()
    monkeypatch.setattr("analytics.vault.database._SQL", tmp_path / "sql")
    _draws_nothing(vault, contracts, tmp_path, "'steadiness' has no SQL; nothing was drawn")


def _draws_nothing(vault: Vault, contracts: Contracts, folder: Path, message: str) -> None:
    plan, grid, period = contracts.plan, contracts.grid, Period.parse("2026-P04")
    product = plan.products["monthly_patterns"]
    with new_home(folder / "home").open() as ledger:
        with pytest.raises(UnforeseenError, match=message):
            draw(
                ledger,
                plan,
                grid,
                "monthly_patterns",
                period,
                lambda _: exact_cells(vault, plan, grid, product, period),
                NOW,
            )
        assert not ledger.entries()


WEEKENDS_SQL = """-- weekends: a participant is split evenly over their logged days, weekend first.
-- grain: one row per participant and category. unit: micro-persons. bound: sums to at most 1,000,000. trust: P
SELECT
    person_no,
    CASE WHEN isodow(local_date) >= $weekend_from THEN 0 ELSE 1 END AS category_no,
    1000000 * count(*) // (sum(count(*)) OVER (PARTITION BY person_no))::BIGINT AS micro_persons
FROM logged_day
WHERE local_date BETWEEN $first_day AND $last_day
GROUP BY person_no, category_no
"""
WEEKENDS_MEASURE = """  weekends:
    label: Weekends
    definition: Each logged day is of the weekend or of the working week; a participant is split evenly over them.
    least_data: An entry in the period.
    parameters: {weekend_from: 6}
    categories: {weekend: Weekend, working_week: Working week}
    headlines:
      people: {label: People, kind: people, unit: persons, importance: 1}
    category_importance: 0.1
"""


def test_a_new_measure_is_one_sql_file_and_one_block(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An invented measure goes from one file and one block of the plan to exact cells, without a change of code."""
    shutil.copytree(SQL, tmp_path / "sql")
    (tmp_path / "sql/shares/weekends.sql").write_text(WEEKENDS_SQL)
    monkeypatch.setattr("analytics.vault.database._SQL", tmp_path / "sql")
    folder = Path(shutil.copytree(shipped_contracts(), tmp_path / "contracts"))
    path = folder / "release_plan.small.yaml"
    text = path.read_text()
    text = text.replace("products:\n", f"{WEEKENDS_MEASURE}products:\n", 1)
    text = text.replace("      persistence:\n        - []\n", "      weekends:\n        - []\n        - [region]\n", 1)
    path.write_text(text)
    governed = read_contracts(folder, "small")
    desk = Desk(vault, governed, tmp_path)
    monday = Period.parse("2026-P05").first_day
    ana = [Noted(monday + timedelta(days=day), 50_000) for day in (0, 5, 6, 12)]  # three weekend days of four
    bea = [Noted(monday + timedelta(days=day), 50_000) for day in (1, -1)]  # Sunday before the period is not read
    keep(vault, {1: ana, 2: bea})
    unknown = ("unknown",)
    assert desk.cells(Period.parse("2026-P05"), "weekends") == {
        ((), (), 0): 750_000,
        ((), (), 1): 1_250_000,
        (("region",), unknown, 0): 750_000,
        (("region",), unknown, 1): 1_250_000,
    }


def test_a_release_of_all_patterns_has_every_cell(vault: Vault, contracts: Contracts) -> None:
    """All measures of the product in one read: every table's `all` is its regions' sum, over the whole grid."""
    plan, grid = contracts.plan, contracts.grid
    product = plan.products["monthly_patterns"]
    rng = random.Random(5)
    keep(vault, {number: diary(rng) for number in range(1, 41)})
    cells = exact_cells(vault, plan, grid, product, YEAR_END[4])
    for name in product.tables:
        categories = len(plan.measures[name].categories)
        everyone, regions = (cells.reveal(TableKey(name, table)) for table in ((), ("region",)))
        assert len(regions) == categories * grid.size(("region",))
        assert everyone == [sum(regions[number::categories]) for number in range(categories)]
        assert sum(everyone)


def test_a_measure_may_not_read_the_period_before_without_looking_back(vault: Vault, contracts: Contracts) -> None:
    """A plan whose measure looks back less than the longest period before does not name that period's days."""
    change = contracts.plan.measures["change"].model_copy(update={"looks_back_weeks": 4})
    with pytest.raises(UnforeseenError, match="has no previous_first_day"):
        vault.fill_share("change", parameters_of(change, Period.parse("2026-P05")))
