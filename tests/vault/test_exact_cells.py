"""Exact cells against a slow oracle, a simulated truth, a neighbouring vault and real entries."""

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.contracts import Contracts, cohort_name, read_contracts, shipped_contracts, table_name
from analytics.periods import Period
from analytics.simulation.population import simulate
from tests.support import oracle
from tests.support.people import (
    CANARY,
    CONSENT_HEADER,
    ENTRY_HEADER,
    NOW,
    OFF_GRID,
    PARTICIPANT_HEADER,
    WEEK,
    Desk,
    balances,
    entry,
    granted,
    query,
    registered,
    row_counts,
    vault_at,
    withdrawn,
    write,
)

MICRO = 1_000_000
COVIDAFFECT = Path(__file__).parents[3] / "shared/data/covidaffect/entries.tsv"


def random_files(rng: random.Random, folder: Path, people: int = 14) -> tuple[Path, Path, list[Path]]:
    """Write a register, consents and two files of entries over two weeks, with repeats, corrections and bad rows."""
    names = [f"{CANARY}-{number}" for number in range(people)]
    monday = WEEK.first_day

    def day() -> str:
        return (monday + timedelta(days=rng.randrange(-3, 12))).isoformat()

    def logged() -> str:
        at = day() + rng.choice(["", "T09:00", "T09:00:30", "T21:15+02:00", "T23:30-05:00", "T00:10+09:30"])
        mood = rng.choice(["1", "2", "3", "4", "5", "1.5", "2.5", "3.5", "4.5", "2.499", "0", "6", "", "x"])
        return entry(
            rng.choice([*names, ""]),
            at,
            mood,
            factors=rng.choice(["", "", "work", "family|work", "gossip"]),
            sleep=rng.choice(["", "7.5", "24", "25"]),
        )

    register = [
        registered(
            rng.choice(names[:-2]),
            day(),
            rng.choice(["north", "south", "unknown", OFF_GRID, ""]),
            rng.choice(["16-24", "65+", "99+"]),
            rng.choice(["primary_care", "student_support"]),
        )
        for _ in range(people * 2)
    ]
    events = [granted(rng.choice(names), f"2026-04-{rng.randrange(1, 29):02}", day()) for _ in range(people * 2)]
    events += [withdrawn(rng.choice(names), f"2026-04-{rng.randrange(1, 29):02}") for _ in range(people // 2)]
    rng.shuffle(events)
    entries = [
        write(folder / f"entries-{part}.csv", ENTRY_HEADER, [logged() for _ in range(people * 12)]) for part in (1, 2)
    ]
    return (
        write(folder / "register.csv", PARTICIPANT_HEADER, register),
        write(folder / "events.csv", CONSENT_HEADER, events),
        entries,
    )


@pytest.mark.parametrize("plan", ["standard", "small"])
@pytest.mark.parametrize("seed", range(8))
def test_the_oracle_agrees(tmp_path: Path, plan: str, seed: int) -> None:
    """On random files, every exact cell is what slow and obvious Python counts."""
    governed = read_contracts(shipped_contracts(), plan)
    register, events, entries = random_files(random.Random(seed), tmp_path)
    product = next(one for one in governed.plan.products.values() if "mood_bands" in one.tables)
    period = Period.containing(WEEK.first_day, product.cadence)
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, governed, tmp_path)
        reports = [desk.take_consents(events), desk.take_participants(register), *map(desk.take_entries, entries)]
        found = desk.cells(period)
    assert all(balances(report) for report in reports)
    expected = oracle.exact(
        participants=register,
        consents=events,
        entries=entries,
        first=period.first_day,
        last=period.last_day,
        today=NOW.date(),
        tables=product.tables["mood_bands"],
        grid={name: governed.grid.keys(name) for name in governed.grid.dimensions},
    )
    assert found == expected
    assert expected


def test_shares_keep_the_bound_and_reach_it(desk: Desk) -> None:
    """Every person's shares are non-negative and sum to at most one unit, and someone's sum is exactly one."""
    register, events, entries = random_files(random.Random(99), desk.folder, people=40)
    desk.take_consents(events)
    desk.take_participants(register)
    for path in entries:
        desk.take_entries(path)
    desk.vault.fill_share("mood_bands", {"first_day": WEEK.first_day, "last_day": WEEK.last_day})
    sums = query(desk.vault, "SELECT sum(micro_persons), min(micro_persons) FROM share GROUP BY person_no")
    assert len(sums) > 10
    assert min(least for _, least in sums) >= 0
    assert max(total for total, _ in sums) == MICRO


def by_table(cells: dict[Any, int]) -> dict[tuple[str, ...], Counter[Any]]:
    """Return the cells of each table."""
    tables: dict[tuple[str, ...], Counter[Any]] = {}
    for (table, cohort, number), sum_ in cells.items():
        tables.setdefault(table, Counter())[cohort, number] = sum_
    return tables


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
@given(seed=st.integers(0, 10**6))
def test_one_person_changes_a_table_by_one_unit_at_most(contracts: Contracts, tmp_path: Path, seed: int) -> None:
    """Without one person, each table is less by a non-negative vector that sums to at most one unit."""
    register, events, entries = random_files(random.Random(seed), tmp_path, people=6)
    gone = f"{CANARY}-{seed % 6},".encode()

    def cells() -> dict[tuple[str, ...], Counter[Any]]:
        path = tmp_path / "neighbour.duckdb"
        path.unlink(missing_ok=True)
        with vault_at(path) as vault:
            desk = Desk(vault, contracts, tmp_path)
            desk.take_consents(events)
            desk.take_participants(register)
            for file in entries:
                desk.take_entries(file)
            return by_table(desk.cells())

    whole = cells()
    for path in (register, events, *entries):
        kept = [line for line in path.read_bytes().splitlines(keepends=True) if not line.startswith(gone)]
        path.write_bytes(b"".join(kept))
    rest = cells()
    for table in (*whole, *rest):
        difference = Counter(whole.get(table, Counter()))
        difference.subtract(rest.get(table, Counter()))
        assert min(difference.values()) >= 0
        assert sum(difference.values()) <= MICRO


def test_the_simulated_truth_is_met_to_the_last_micro_person(tmp_path: Path) -> None:
    """Every week's and four weeks' exact cells of a simulated population are those of its truth file."""
    small, standard = (read_contracts(shipped_contracts(), plan) for plan in ("small", "standard"))
    made = simulate(people=300, weeks=9, seed=5, start=date(2026, 3, 2), out=tmp_path, grid=standard.grid)
    participants, consents, entries, truth_file = made.files
    truth = pl.read_parquet(truth_file)
    names = truth["period"].unique().sort().to_list()
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, standard, tmp_path)
        reports = desk.take_consents(consents), desk.take_participants(participants), desk.take_entries(entries)
        assert all(balances(report) for report in reports)
        assert reports[2].read == made.entries
        assert row_counts(vault)["refused_row"] == sum(report.quarantined.total() for report in reports)
        # The small plan's product is four-weekly; a week of its tables is within the standard plan's.
        found = {name: (desk if "W" in name else desk.under(small)).cells(Period.parse(name)) for name in names}
    checked = 0
    for name in names:
        expected = {
            (table, cohort, band): sum_
            for table, cohort, band, sum_ in truth.filter(pl.col("period") == name)
            .select("table", "cohort", pl.col("band") - truth["band"].min(), "micro_persons")
            .iter_rows()
            if sum_
        }
        tables = {table_name(dimensions) for dimensions, _, _ in found[name]}
        assert len(tables) == (5 if "W" in name else 2)
        cells = {
            (table_name(table), cohort_name(cohort), band): sum_ for (table, cohort, band), sum_ in found[name].items()
        }
        assert cells == {cell: sum_ for cell, sum_ in expected.items() if cell[0] in tables}
        checked += len(cells)
    assert len(names) >= 9 + 3
    assert checked > 500


@pytest.mark.skipif(not COVIDAFFECT.is_file(), reason="the real data set is not on this machine")
def test_real_entries_are_read(desk: Desk) -> None:
    """Of 17,452 real entries of 999 people 17,451 are distinct, and their weeks add up to whole people."""
    people = pl.read_csv(COVIDAFFECT, separator="\t", columns=["id"], schema_overrides={"id": pl.String})["id"].unique()
    assert len(people) == 999
    desk.consents(*(granted(person, "2020-01-01", "2020-01-01") for person in people))
    report = desk.take_entries(COVIDAFFECT, "covidaffect")
    assert (report.read, report.accepted, report.duplicates) == (17_452, 17_451, 1)
    assert not report.quarantined
    again = desk.take_entries(COVIDAFFECT, "covidaffect")
    assert (again.accepted, again.duplicates) == (0, 17_452)
    week = Period.parse("2020-W14")
    (logged,) = query(
        desk.vault,
        "SELECT count(DISTINCT person_no) FROM entry WHERE local_date BETWEEN '2020-03-30' AND '2020-04-05'",
    )[0]
    counted = sum(desk.everyone(week).values())
    assert (logged - 1) * MICRO < counted <= logged * MICRO
