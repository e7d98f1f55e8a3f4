"""Replay of the commands: with one person more a release does, says and leaves the same; an ingest counts others."""

import functools
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import read_contracts, shipped_contracts
from analytics.sqlfiles import statement
from analytics.vault.erasure import rows as erased_rows
from tests.support.people import (
    ANA,
    BEA,
    CAI,
    CONSENT_HEADER,
    DEE,
    ENTRY_HEADER,
    KEY,
    OFF_GRID,
    PARTICIPANT_HEADER,
    Line,
    entry,
    granted,
    registered,
    withdrawn,
    write,
)
from tests.support.recording import Ended, Event, Recorder, files_of, recorded

Lines = dict[str, list[Line]]
"""The lines of each file."""

HEADERS = {"consents": CONSENT_HEADER, "participants": PARTICIPANT_HEADER, "canonical": ENTRY_HEADER}

START = "2026-04-20"
"""At the tests' clock five weeks are due, the last closed five days ago, and the four weeks of the first four."""

WEEKS = ("2026-W17", "2026-W18", "2026-W19", "2026-W20", "2026-W21")
FOUR_WEEKS = "2026-P05"
"""The first four of them; those before are looked back at."""

MONDAY, NEXT_MONDAY = "2026-05-11", "2026-05-18"

OTHERS: Lines = {
    "consents": [granted(BEA), granted(CAI), granted(DEE), withdrawn(DEE)],
    "participants": [registered(BEA), registered(CAI, region="south")],
    "canonical": [entry(BEA, MONDAY, "1"), entry(CAI, NEXT_MONDAY, "5"), entry(DEE, MONDAY, "3"), "never a row"],
}
NOBODY: Lines = {"consents": [], "participants": [], "canonical": []}

USUAL: Lines = {"consents": [granted(ANA)], "participants": [registered(ANA)], "canonical": [entry(ANA, MONDAY)]}

EVERY_DAY: Lines = USUAL | {
    "canonical": [
        entry(ANA, f"{date(2026, 3, 23) + timedelta(days=day)}T{hour}:00", mood, factors="work" * (day % 2), sleep="7")
        for day in range(56)
        for hour, mood in (("08", "2"), ("20", "4"))
    ]
}
"""Every day of the four weeks and of those before, at two times of the day, every other day with a factor."""

BACKGROUNDS = {"others": OTHERS, "nobody": NOBODY}

PEOPLE: dict[str, tuple[str, Lines]] = {
    "somebody among others": ("others", USUAL),
    "alone in the home": ("nobody", USUAL),
    "every day of two periods": ("others", EVERY_DAY),
    "ten thousand rows": (
        "others",
        USUAL | {"canonical": [entry(ANA, f"{MONDAY}T09:00:00.{number:06}") for number in range(10_000)]},
    ),
    "malformed rows only": (
        "others",
        {
            "consents": [f'"{ANA},granted', f"{ANA},x,2026-01-01,2026-01-01,y,z,", b"\xff\xfe"],
            "participants": [registered(ANA, "0000-00-00"), f'"{ANA}'],
            "canonical": [entry(ANA, "yesterday"), entry(ANA, mood="1e99"), f'"{ANA},{MONDAY},5,,,', b"\x00" * 9],
        },
    ),
    "withdrawn": ("others", USUAL | {"consents": [granted(ANA), withdrawn(ANA)]}),
    "withdrawn and alone": ("nobody", USUAL | {"consents": [granted(ANA), withdrawn(ANA)]}),
    "off the grid, and moving": (
        "others",
        USUAL
        | {"participants": [registered(ANA, region=OFF_GRID), registered(ANA, "2026-05-20", "west", "65+")]}
        | {"canonical": [entry(ANA, MONDAY, "1"), entry(ANA, f"{NEXT_MONDAY}T00:00+14:00", "5")]},
    ),
    "a consent that came too late": (
        "others",
        USUAL | {"consents": [granted(ANA, "2026-05-31", "2026-05-31")], "canonical": [entry(ANA, MONDAY)] * 3},
    ),
}
"""Whom a person joins, and what they send."""

_SQL = Path(erased_rows.__file__).parents[1] / "sql"

COUNTED_IN_SILENCE = {statement(_SQL, name) for name in ("erasure/absent_hash", "erasure/waiting_hash", "person_any")}
"""Before a draw, the vault looks who withdrew and of whom something waits, and at somebody, if there is anybody, to
know the home's key again."""

COMMANDS = (
    *(("ingest", source, f"{source}.csv") for source in HEADERS),
    ("release",),
    ("release",),
    ("publish",),
    ("ledger",),
    ("verify",),
)

AGREED = ("agreed/people", "agreed/labelled_otherwise")
"""Counts of people with consent in force, for operators."""

COUNTS = frozenset(
    {
        *("read", "accepted", "duplicates", "quarantined", "without_consent", "deleted_at_source", "suspended"),
        *("passed_over", "free_text_dropped", "factors_dropped", "off_grid", "held", "not_held"),
    }
)
"""What an ingest may tell of a file that one person changes: operators' counts."""


@dataclass(frozen=True)
class Side:
    """One of two neighbouring homes, after all commands."""

    result: list[Ended]
    files: dict[str, bytes]
    """What is in the home then."""

    @property
    def ingests(self) -> list[Ended]:
        """What the ingests answered."""
        return self.result[: len(HEADERS)]

    @property
    def releases(self) -> list[Ended]:
        """What the later commands answered: they draw, publish and look."""
        return self.result[len(HEADERS) :]


def side(folder: Path, lines: Lines, recorder: Recorder) -> Side:
    """Make a home where the other side's was, and run every command on it."""
    home = folder / "home"
    with pytest.MonkeyPatch.context() as patch, recorded(recorder, KEY) as run:
        patch.chdir(folder)
        run("--home", str(home), "init", "--start", START)
        for source, rows in lines.items():
            write(folder / f"{source}.csv", HEADERS[source], rows)
        result = [run("--home", str(home), *words, "--json") for words in COMMANDS]
    files = files_of(home)
    shutil.rmtree(home)
    return Side(result, files)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where every side's home is in its turn."""
    return tmp_path_factory.mktemp("neighbours")


@pytest.fixture(scope="module")
def without(folder: Path) -> Callable[[str], tuple[Side, Recorder]]:
    """Return what runs the home without the person, once for all who join the same people."""

    @functools.cache
    def once(who: str) -> tuple[Side, Recorder]:
        recorder = Recorder()
        return side(folder, BACKGROUNDS[who], recorder), recorder

    return once


@dataclass(frozen=True)
class Neighbours:
    """The home with the person, and the home without."""

    with_: Side
    without: Side


@pytest.fixture(scope="module", params=PEOPLE)
def neighbours(
    request: pytest.FixtureRequest, folder: Path, without: Callable[[str], tuple[Side, Recorder]]
) -> Neighbours:
    """Run both sides; the second gets the noise that the first drew."""
    others, mine = PEOPLE[request.param]
    first, recorder = without(others)
    lines = {source: [*BACKGROUNDS[others][source], *mine[source]] for source in HEADERS}
    return Neighbours(side(folder, lines, Recorder(frozen=recorder.drawn)), first)


def test_a_release_says_the_same(neighbours: Neighbours) -> None:
    """Exit code, answer, progress and log lines of release, publish, ledger and verify."""
    for one, other in zip(neighbours.with_.releases, neighbours.without.releases, strict=True):
        assert (one.code, one.out, one.err, one.logs) == (other.code, other.out, other.err, other.logs)
        assert one.code == 0
    first, again, *_ = (json.loads(result.out) for result in neighbours.with_.releases)
    drawn = {(one["product"], one["period"]) for one in first["released"]}
    assert drawn == {("monthly_patterns", FOUR_WEEKS), *(("weekly_mood", week) for week in WEEKS)}
    assert len(first["released"]) == len(drawn)
    assert again["already_released"] == first["released"]
    assert neighbours.with_.releases[0].logs


def test_a_release_does_the_same(neighbours: Neighbours) -> None:
    """Every statement of both databases in its order, and its parameters; the rows' number, order, types and keys."""
    counts = []
    for one, other in zip(neighbours.with_.releases, neighbours.without.releases, strict=True):
        assert masked(one.events) == masked(other.events)
        counts.append(len(one.events))
    assert counts[0] > 500
    assert sum(counts) > 700
    unmasked = [event for event in masked(neighbours.with_.releases[0].events) if event != ("rows", "not counted")]
    assert len(unmasked) > 500
    kinds = {event[0] for result in neighbours.with_.releases for event in result.events}
    assert kinds == {"duckdb", "sqlite", "rows", "noise"}


@pytest.mark.parametrize("kind", ["somebody among others", "ten thousand rows"])
def test_ingest_and_release_by_a_real_clock_publish_the_same(folder: Path, kind: str) -> None:
    """How long the ingest before it took is nowhere in what a release publishes, or in the ledger."""
    others, mine = PEOPLE[kind]
    both = {source: [*BACKGROUNDS[others][source], *mine[source]] for source in HEADERS}
    for _ in range(2):  # a draw tells its date: where midnight came in between, once more
        today = datetime.now(UTC).date()
        recorder = Recorder()
        without = ingested_and_released(folder, BACKGROUNDS[others], recorder)
        time.sleep(1.1)  # so that a clock with seconds would tell, however fast this machine is
        with_ = ingested_and_released(folder, both, Recorder(frozen=recorder.drawn))
        if datetime.now(UTC).date() == today:
            break
    assert len([path for path in without if path.startswith("published/releases/")]) > 5
    assert with_ == without


def ingested_and_released(folder: Path, lines: Lines, recorder: Recorder) -> dict[str, bytes]:
    """Run `ingest && release` by the real clock; return what is published, and the ledger."""
    home = folder / "home"
    with pytest.MonkeyPatch.context() as patch, recorded(recorder, KEY, real_clock=True) as run:
        patch.chdir(folder)
        run("--home", str(home), "init", "--start", START)
        for source, rows in lines.items():
            write(folder / f"{source}.csv", HEADERS[source], rows)
            assert run("--home", str(home), "ingest", source, f"{source}.csv").code == 0
        assert run("--home", str(home), "release", "weekly_mood", "--period", WEEKS[3]).code == 0
    files = files_of(home)
    shutil.rmtree(home)
    return {path: content for path, content in files.items() if path.startswith(("published/", "ledger/"))}


def masked(events: list[Event]) -> list[Event]:
    """Return what must be equal: all but what clearing up before the draw finds in the vault."""
    kept: list[Event] = []
    statement_ = ""
    for event in events:
        statement_ = statement_ if event[0] == "rows" else str(event[1])
        silent = event[0] == "rows" and statement_ in COUNTED_IN_SILENCE
        kept.append(("rows", "not counted") if silent else event)
    return kept


def test_a_release_leaves_the_same(neighbours: Neighbours) -> None:
    """The same files; beyond vault and list each has the same bytes, ledger and published files too."""
    with_, without = neighbours.with_.files, neighbours.without.files
    personal = ("vault/", "secret/withdrawn.json")
    one, other = (
        {path: content for path, content in files.items() if not path.startswith(personal)}
        for files in (with_, without)
    )
    assert one == other
    assert {path.split("/")[0] for path in one} == {"home.json", "contracts", "ledger", "lock", "published", "secret"}
    assert {path for path in with_ if path.startswith("vault/")} == {"vault/vault.duckdb"}
    assert {*with_} == {*without}


def test_the_mechanism_s_inputs_are_within_its_sensitivity(neighbours: Neighbours) -> None:
    """As many calls, of the same sizes and scales; what went in differs by d_in at most."""
    one, other = (result.releases[0].noise for result in (neighbours.with_, neighbours.without))
    assert len(one) == len(other) == len(calls(neighbours))
    for mine, theirs in zip(one, other, strict=True):
        assert (mine.size, mine.d_in, mine.sigma) == (theirs.size, theirs.d_in, theirs.sigma)
        assert len(mine.exact) == len(theirs.exact) == mine.size
        square = sum((a - b) ** 2 for a, b in zip(mine.exact, theirs.exact, strict=True))
        assert square <= mine.d_in**2


def calls(neighbours: Neighbours) -> list[tuple[str, str]]:
    """Return period and measure of every call of the mechanism, by the plan and the order of the draws."""
    products = read_contracts(shipped_contracts(), "standard").plan.products
    drawn = json.loads(neighbours.with_.releases[0].out)["released"]
    return [(one["period"], measure) for one in drawn for measure, _ in products[one["product"]].measured()]


ONE_DAY = {(FOUR_WEEKS, measure) for measure in ("attendance", "days_logged", "source_mix")}
"""What counts whoever has an entry in the four weeks."""

NO_COUNT = {"malformed rows only", "withdrawn", "withdrawn and alone", "a consent that came too late"}


def test_who_has_whole_consent_moves_the_inputs_and_others_do_not(
    neighbours: Neighbours, request: pytest.FixtureRequest
) -> None:
    """The sides compared are not equal by accident: of those who may count, every table's input that must differ does.

    Somebody with enough days moves every measure.
    """
    one, other = (result.releases[0].noise for result in (neighbours.with_, neighbours.without))
    asked = calls(neighbours)
    kind = request.node.callspec.params["neighbours"]
    expected: set[tuple[str, str]] = set()
    if kind == "every day of two periods":
        expected = {(period, measure) for period, measure in asked if period != WEEKS[-1]}
    elif kind not in NO_COUNT:
        expected = {("2026-W20", "mood_bands"), *ONE_DAY}
        if kind == "off the grid, and moving":
            expected.add(("2026-W21", "mood_bands"))
    moved = [mine.exact != theirs.exact for mine, theirs in zip(one, other, strict=True)]
    assert moved == [call in expected for call in asked]


def test_an_ingest_differs_in_operators_counts_only(neighbours: Neighbours) -> None:
    """The same answer but for counts of rows, of erased people and of purged rows; the same exit code and log lines."""
    differing = set()
    for one, other in zip(neighbours.with_.ingests, neighbours.without.ingests, strict=True):
        assert (one.code, one.err) == (other.code, other.err)
        differing |= set(differences(json.loads(one.out), json.loads(other.out)))
        assert uncounted(json.loads(one.out)) == uncounted(json.loads(other.out))
    assert differing
    assert differing <= {f"files/{name}" for name in COUNTS} | {"withdrawn", "retention/entries", *AGREED}


def uncounted(result: dict[str, Any]) -> dict[str, Any]:
    """Return an ingest's answer without what it may count."""
    files = [{name: value for name, value in file.items() if name not in COUNTS} for file in result["files"]]
    retention = {"before": result["retention"]["before"]}
    agreed = [one["version"] for one in result["agreed"]]
    return {**result, "files": files, "retention": retention, "withdrawn": None, "agreed": agreed}


def differences(one: Any, other: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 -- JSON
    """Yield the paths, without places in lists, at which two answers differ."""
    if isinstance(one, dict) and isinstance(other, dict) and not path.endswith("quarantined"):
        for name in one.keys() | other.keys():
            yield from differences(one.get(name), other.get(name), f"{path}/{name}".lstrip("/"))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for mine, theirs in zip(one, other, strict=True):
            yield from differences(mine, theirs, path)
    elif one != other:
        yield path
