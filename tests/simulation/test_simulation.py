"""The simulated population: repeatable, dirty in every way, and as its truth says."""

import csv
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from analytics.contracts import Contracts, Grid, read_contracts, shipped_contracts
from analytics.errors import UsageError
from analytics.periods import Period
from analytics.simulation.population import Simulated, simulate

START = date(2026, 1, 5)
CROWD_WEEKS = 9
TABLES = ((), ("region",), ("age_band",), ("service",), ("region", "age_band"))

ENTRY_REFUSALS = {
    "not UTF-8",
    "NUL byte",
    "unbalanced quote",
    "too few fields",
    "too many fields",
    "person missing",
    "person too long",
    "not a date",
    "impossible date",
    "future",
    "long ago",
    "mood missing",
    "mood not a number",
    "mood 0",
    "mood 6",
    "mood 9",
    "unknown factor",
    "sleep 99",
}


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    """Return the contracts that the program brings."""
    return read_contracts(shipped_contracts(), "standard")


@pytest.fixture(scope="module")
def crowd(contracts: Contracts, tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """Return a population large enough for its shape to be seen."""
    out = tmp_path_factory.mktemp("crowd")
    return simulate(people=2_000, weeks=CROWD_WEEKS, seed=11, start=START, out=out, grid=contracts.grid)


@pytest.fixture(scope="module")
def truth(crowd: Simulated) -> pl.DataFrame:
    """Return the crowd's truth."""
    return pl.read_parquet(crowd.files[3])


def test_same_seed_same_bytes(contracts: Contracts, tmp_path: Path) -> None:
    """The same arguments give the same bytes of all four files."""
    first, second = (
        simulate(people=250, weeks=3, seed=5, start=START, out=tmp_path / name, grid=contracts.grid) for name in "ab"
    )
    assert [file.name for file in first.files] == [
        "participants.csv",
        "consents.csv",
        "mood_entries.csv",
        "truth.parquet",
    ]
    assert [file.read_bytes() for file in first.files] == [file.read_bytes() for file in second.files]


def test_other_seed_other_bytes(contracts: Contracts, tmp_path: Path) -> None:
    """Another seed gives other bytes in every file."""
    files = [
        simulate(people=250, weeks=3, seed=seed, start=START, out=tmp_path / str(seed), grid=contracts.grid).files
        for seed in (5, 6)
    ]
    assert all(one.read_bytes() != other.read_bytes() for one, other in zip(*files, strict=True))


@pytest.mark.parametrize(
    ("people", "weeks", "seed", "start"),
    [(0, 1, 1, START), (1, 0, 1, START), (1, 1, -1, START), (1, 1, 1, date(2026, 1, 6)), (1, 1, 1, date(1999, 1, 4))],
    ids=["nobody", "no time", "negative seed", "a Tuesday", "before consent can be recorded"],
)
def test_senseless_arguments_are_refused(  # noqa: PLR0913, PLR0917 - the arguments are the test
    people: int, weeks: int, seed: int, start: date, contracts: Contracts, tmp_path: Path
) -> None:
    """A population without people, time, seed or a Monday to begin on is refused before anything is written."""
    with pytest.raises(UsageError):
        simulate(people=people, weeks=weeks, seed=seed, start=start, out=tmp_path / "out", grid=contracts.grid)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("seed", range(25))
def test_one_person_and_one_week_are_enough(seed: int, contracts: Contracts, tmp_path: Path) -> None:
    """A population may be a single person for a single week."""
    written = simulate(people=1, weeks=1, seed=seed, start=START, out=tmp_path, grid=contracts.grid)
    assert _entry_lines(written) == written.entries
    assert pl.read_parquet(written.files[3])["micro_persons"].min() == 0


def test_grid_without_regions(contracts: Contracts, tmp_path: Path) -> None:
    """Over a grid without regions there are no tables of regions and mood falls for nobody."""
    grid = Grid(dimensions={"service": contracts.grid.dimensions["service"]})
    written = simulate(people=1_000, weeks=9, seed=3, start=START, out=tmp_path, grid=grid)
    cells = pl.read_parquet(written.files[3])
    assert cells["table"].unique(maintain_order=True).to_list() == ["all", "service"]
    mood = _mean_mood(cells.filter(pl.col("table") == "all"))["all"]
    assert abs(mood["after"] - mood["before"]) < 3


def test_every_kind_of_dirt_is_there(contracts: Contracts, tmp_path: Path) -> None:
    """Two hundred people are enough for every kind of dirty line, repeated and contradicted entries included."""
    written = simulate(people=200, weeks=2, seed=1, start=START, out=tmp_path, grid=contracts.grid)
    lines = written.files[2].read_bytes().split(b"\n")[1:-1]
    judged = [_judge(line, contracts) for line in lines]
    assert {reason for reason in judged if isinstance(reason, str)} == ENTRY_REFUSALS
    moods: dict[tuple[str, str], list[int]] = defaultdict(list)
    for entry in judged:
        if not isinstance(entry, str):
            moods[entry[0], entry[1]].append(entry[3])
    twice = [values for values in moods.values() if len(values) > 1]
    assert any(len(set(values)) == 1 for values in twice)
    assert any(len(set(values)) > 1 for values in twice)
    assert any(count > 1 for count in Counter(lines).values())


def test_dirt_is_rare(crowd: Simulated, contracts: Contracts) -> None:
    """About three lines in a thousand are dirty."""
    lines = crowd.files[2].read_bytes().split(b"\n")[1:-1]
    assert len(lines) == crowd.entries
    refused = sum(isinstance(_judge(line, contracts), str) for line in lines)
    assert 0.0015 < refused / len(lines) < 0.004


def test_register_and_consents_are_dirty_too(crowd: Simulated, contracts: Contracts) -> None:
    """The register has impossible days and cohorts off the grid; the consents have unknown events and scopes."""
    register = _rows(crowd.files[0])
    assert any(_day(row["valid_from"]) is None for row in register)
    assert any(row["region"] not in contracts.grid.keys("region") for row in register)
    assert all(row["region"] != "unknown" for row in register)
    consents = _rows(crowd.files[1])
    assert {row["event"] for row in consents} == {"granted", "withdrawn", "maybe"}
    assert any(row["scope"] != "population_statistics" for row in consents)


def test_consent_takes_every_path(crowd: Simulated, contracts: Contracts) -> None:
    """Some log before they opt in, some after they withdraw, some return, and some never consent."""
    covers = _covers_from(crowd.files[1])
    withdrawn = {row["person_id"] for row in _rows(crowd.files[1]) if row["event"] == "withdrawn"}
    first: dict[str, date] = {}
    for line in crowd.files[2].read_bytes().split(b"\n")[1:-1]:
        entry = _judge(line, contracts)
        if not isinstance(entry, str):
            first[entry[0]] = min(entry[2], first.get(entry[0], entry[2]))
    assert any(person in covers and day < covers[person] and person not in withdrawn for person, day in first.items())
    assert withdrawn - covers.keys()
    assert withdrawn & covers.keys()
    assert first.keys() - covers.keys() - withdrawn


def test_the_heaviest_tenth_writes_more_than_half(crowd: Simulated) -> None:
    """The tenth of people who write most write more than half of the entries."""
    with crowd.files[2].open("rb") as lines:
        written = sorted(Counter(line.split(b",")[0] for line in lines).values(), reverse=True)
    assert sum(written[: crowd.people // 10]) > crowd.entries / 2


def test_people_tag_as_in_real_diaries(crowd: Simulated, contracts: Contracts) -> None:
    """Three in five tag; a day with tags has three to five in the middle; heavy words are on worse days."""
    days: dict[tuple[str, date], set[str]] = defaultdict(set)
    moods: dict[str, list[int]] = defaultdict(list)
    written: Counter[str] = Counter()
    for line in crowd.files[2].read_bytes().split(b"\n")[1:-1]:
        entry = _judge(line, contracts)
        if not isinstance(entry, str):
            (fields,) = csv.reader([line.decode()])
            words = set(filter(None, fields[3].split("|")))
            written[entry[0]] += 1
            days[entry[0], entry[2]] |= words
            for word in words:
                moods[word].append(entry[3])
    of_days = sorted(len(words) for words in days.values() if words)
    assert 3 <= of_days[len(of_days) // 2] <= 5
    assert of_days[len(of_days) // 4] < of_days[3 * len(of_days) // 4]
    regular = {person for person, entries in written.items() if entries >= 5}
    tagging = {person for person, day in days if days[person, day]}
    assert 0.55 < len(regular & tagging) / len(regular) < 0.65
    mean = {word: sum(listed) / len(listed) for word, listed in moods.items()}
    assert max(mean[word] for word in ("work", "poor_sleep")) < min(mean[word] for word in ("friends", "hobbies"))


def test_the_planted_fall_is_in_the_truth(truth: pl.DataFrame) -> None:
    """Mood falls by about twelve points in the first region alone, once two thirds of the weeks are over."""
    mood = _mean_mood(truth.filter((pl.col("table") == "region") & (pl.col("cohort") != "unknown")))
    change = {region: of["after"] - of["before"] for region, of in mood.items()}
    assert -16 < change.pop("north") < -8
    assert all(abs(points) < 4 for points in change.values())


def test_every_table_holds_the_same_mass(truth: pl.DataFrame) -> None:
    """Each table of a period adds up to the same micro-persons, and no cell is negative."""
    assert truth["micro_persons"].min() == 0
    totals = truth.group_by("period", "table").agg(pl.col("micro_persons").sum())
    by_period = totals.group_by("period").agg(pl.col("micro_persons").n_unique(), pl.len())
    assert by_period["micro_persons"].to_list() == [1] * by_period.height
    assert by_period["len"].to_list() == [len(TABLES)] * by_period.height


def test_the_truth_covers_the_grid_in_order(truth: pl.DataFrame, contracts: Contracts) -> None:
    """Every cell of every overlapping period is there, sorted by period, table, grid and band."""
    names = [*(f"2026-P0{number}" for number in (1, 2, 3)), *(f"2026-W{week:02d}" for week in range(2, 11))]
    expected = [
        (name, "_by_".join(table) or "all", "/".join(cohort) or "all", band)
        for name in names
        for table in TABLES
        for cohort in contracts.grid.cohorts(table)
        for band in range(1, 6)
    ]
    assert truth.select("period", "table", "cohort", "band").rows() == expected
    assert truth.dtypes == [pl.String, pl.String, pl.String, pl.Int64, pl.Int64]


@pytest.mark.parametrize(
    ("people", "weeks", "start"),
    [(60, 6, START), (400, 5, START), (60, 9, date(2026, 11, 30))],
    ids=["a few", "some hundred", "over a year of 53 weeks"],
)
def test_the_truth_is_what_the_files_say(
    people: int, weeks: int, start: date, contracts: Contracts, tmp_path: Path
) -> None:
    """Reading the files back line by line and adding up in plain Python gives the truth, cell by cell."""
    written = simulate(people=people, weeks=weeks, seed=2, start=start, out=tmp_path, grid=contracts.grid)
    result = {row[:4]: row[4] for row in pl.read_parquet(written.files[3]).rows() if row[4] != 0}
    assert result == _added_up(written, contracts)
    assert result


Entry = tuple[str, str, date, int]
"""A good entry: person, key, local date, mood."""


def _judge(line: bytes, contracts: Contracts) -> Entry | str:  # noqa: C901, PLR0911 - one rule after the other
    """Return what a line says, or why it must not count."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return "not UTF-8"
    if "\0" in text:
        return "NUL byte"
    try:
        (fields,) = csv.reader([text], strict=True)
    except csv.Error:
        return "unbalanced quote"
    if len(fields) != 6:
        return "too few fields" if len(fields) < 6 else "too many fields"
    person, logged_at, mood, factors, sleep_hours, _ = fields
    if not person or len(person) > 200:
        return "person too long" if person else "person missing"
    day = _day(logged_at[:10])
    if day is None:
        return "impossible date" if logged_at[:1].isdigit() else "not a date"
    if not date(2000, 1, 1) <= day < START + timedelta(weeks=100):
        return "future" if day > START else "long ago"
    if not mood.isdigit():
        return "mood not a number" if mood else "mood missing"
    if not 1 <= int(mood) <= 5:
        return f"mood {mood}"
    if not set(filter(None, factors.split("|"))) <= (contracts.mood_entry["factors"].allowed or set()):
        return "unknown factor"
    if sleep_hours and not 0 <= float(sleep_hours) <= 24:
        return f"sleep {sleep_hours}"
    return person, _key(logged_at), day, int(mood)


def _key(logged_at: str) -> str:
    """Return the instant in UTC, or the bare day."""
    if len(logged_at) == 10:
        return logged_at
    instant = datetime.fromisoformat(logged_at)
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _day(text: str) -> date | None:
    """Return the date that a text is, if it is one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file that is clean CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _entry_lines(written: Simulated) -> int:
    """Return how many lines stand below the header of the entries."""
    return written.files[2].read_bytes().count(b"\n") - 1


def _covers_from(consents: Path) -> dict[str, date]:
    """Return from which day on each person's consent covers entries; nobody who has none in force."""
    grants: dict[str, list[date]] = defaultdict(list)
    for row in sorted(_rows(consents), key=lambda row: row["recorded_at"]):
        if row["scope"] == "population_statistics" and row["event"] == "granted":
            grants[row["person_id"]].append(date.fromisoformat(row["covers_from"]))
        elif row["scope"] == "population_statistics" and row["event"] == "withdrawn":
            grants[row["person_id"]].clear()
    return {person: min(days) for person, days in grants.items() if days}


def _added_up(written: Simulated, contracts: Contracts) -> dict[tuple[str, str, str, int], int]:
    """Return the cells that are not empty: (period, table, cohort, band) to micro-persons."""
    covers = _covers_from(written.files[1])
    latest: dict[tuple[str, str], tuple[date, int]] = {}
    for line in written.files[2].read_bytes().split(b"\n")[1:-1]:
        entry = _judge(line, contracts)
        if not isinstance(entry, str):
            latest[entry[0], entry[1]] = entry[2], entry[3]
    scores: dict[tuple[str, date], list[int]] = defaultdict(list)
    for (person, _), (day, mood) in latest.items():
        if person in covers and day >= covers[person]:
            scores[person, day].append((200_000 * (mood - 1) + 4) // 8)
    bands: dict[tuple[Period, str], list[int]] = defaultdict(list)
    for (person, day), of_day in scores.items():
        band = (2 * sum(of_day) + 25_000 * len(of_day)) // (50_000 * len(of_day)) + 1
        bands[Period.containing(day, "week"), person].append(band)
        bands[Period.containing(day, "four_weeks"), person].append(band)
    register = _rows(written.files[0])
    cells: Counter[tuple[str, str, str, int]] = Counter()
    for (period, person), days in bands.items():
        cohort = _cohort(register, person, period.last_day, contracts.grid)
        for band, count in Counter(days).items():
            for table in TABLES:
                place = "/".join(cohort[name] for name in table) or "all"
                cells[period.name, "_by_".join(table) or "all", place, band] += 1_000_000 * count // len(days)
    return dict(cells)


def _cohort(register: list[dict[str, str]], person: str, on: date, grid: Grid) -> dict[str, str]:
    """Return a person's key in each dimension, from the row that is the latest on that day."""
    dated = [(_day(row["valid_from"]), row) for row in register if row["person_id"] == person]
    holding = [(day, row) for day, row in dated if day is not None and day <= on]
    row = max(holding, key=lambda pair: pair[0])[1] if holding else {}
    return {name: row[name] if row.get(name) in grid.keys(name) else "unknown" for name in grid.dimensions}


def _mean_mood(cells: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Return each cohort's mean mood over the weeks before and after two thirds of nine weeks."""
    weeks = cells.filter(pl.col("period").str.contains("W"))
    after = f"{START.year}-W{START.isocalendar().week + CROWD_WEEKS * 2 // 3:02d}"
    means = weeks.group_by(
        "cohort", when=pl.when(pl.col("period") >= after).then(pl.lit("after")).otherwise(pl.lit("before"))
    ).agg(mean=((pl.col("band") - 1) * 25 * pl.col("micro_persons")).sum() / pl.col("micro_persons").sum())
    mood: dict[str, dict[str, float]] = defaultdict(dict)
    for cohort, when, mean in means.rows():
        mood[cohort][when] = mean
    return mood
