"""The aggregation in plain Python: slow, obvious, and without a line of the vault's code.

It reads canonical files one line at a time and follows the definitions in words: which rows are good, whose consent
is in force, a person's days, their bands, their shares, their cohort.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

Cell = tuple[tuple[str, ...], tuple[str, ...], int]
"""A table's dimensions, a cohort's keys, a category's number."""

FACTORS = {"work", "family", "exercise", "poor_sleep", "travel"}
"""The contract's words that tests write; another word makes a row bad."""

LAST_INSTANT_OF_DAY = timedelta(days=1) - timedelta(microseconds=1)


@dataclass(frozen=True)
class Logged:
    """One good entry of one person."""

    day: date
    mood: Fraction
    clock: time | None
    factors: frozenset[str]
    sleep: Fraction | None

    @property
    def score(self) -> int:
        """Percent of the scale from 1 to 5, in thousandths of a point, a half rounded up."""
        return int((self.mood - 1) / 4 * 100_000 + Fraction(1, 2))


def diaries(consents: Path, entries: Iterable[Path], today: date) -> dict[str, list[Logged]]:
    """Return each person's entries that may be read at all: good, the last of each key, under consent in force."""
    covers = _consent_in_force(consents)
    diary: dict[tuple[str, object], Logged] = {}
    for path in entries:
        for person, key, logged in _good_entries(path, today):
            diary[person, key] = logged
    found: dict[str, list[Logged]] = defaultdict(list)
    for (person, _), logged in diary.items():
        if person in covers and covers[person] <= logged.day:
            found[person].append(logged)
    return found


def exact(  # noqa: PLR0913 -- the three files, the period and the public grid
    *,
    participants: Path,
    consents: Path,
    entries: Iterable[Path],
    first: date,
    last: date,
    today: date,
    tables: Iterable[tuple[str, ...]],
    grid: Mapping[str, Collection[str]],
) -> dict[Cell, int]:
    """Return the micro-persons of every cell that is not zero."""
    days: dict[str, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
    for person, diary in diaries(consents, entries, today).items():
        for logged in diary:
            if first <= logged.day <= last:
                days[person][logged.day].append(logged.score)
    register = _register(participants, last)
    cells: Counter[Cell] = Counter()
    for person, scores in days.items():
        bands = Counter(_band(of_day) for of_day in scores.values())
        for band, count in bands.items():
            for table in tables:
                row = register.get(person, {})
                cohort = tuple(row[name] if row.get(name, "") in grid[name] else "unknown" for name in table)
                cells[table, cohort, band] += 1_000_000 * count // len(scores)
    return {cell: sum_ for cell, sum_ in cells.items() if sum_}


def _band(scores: list[int]) -> int:
    """Return 0 to 4: the band of a day's mean score."""
    mean = Fraction(sum(scores), len(scores)) / 1000
    cuts = (Fraction(25, 2), Fraction(75, 2), Fraction(125, 2), Fraction(175, 2))
    return sum(mean >= cut for cut in cuts)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield each line that is a row of its own, as text by column."""
    raw = path.read_bytes().split(b"\n")
    names = raw[0].decode("utf-8-sig").strip().split(",")
    for line in raw[1:]:
        try:
            fields = next(csv.reader([line.decode().rstrip("\r")], strict=True), [])
        except (UnicodeDecodeError, csv.Error):
            continue
        if len(fields) == len(names) and "\x00" not in line.decode():
            yield {name: text.strip() for name, text in zip(names, fields, strict=True)}


def _good_entries(path: Path, today: date) -> Iterator[tuple[str, object, Logged]]:
    for row in _rows(path):
        person, written = row["person_id"], row["logged_at"]
        try:
            at = datetime.fromisoformat(written)
            mood = Fraction(row["mood"])
            sleep = Fraction(row["sleep_hours"]) if row["sleep_hours"] else None
        except ValueError:
            continue
        if not person or not 1 <= mood <= 5 or not 0 <= (sleep or 0) <= 24:
            continue
        factors = frozenset(row["factors"].split("|")) - {""}
        if not date(2000, 1, 1) <= at.date() <= today or not factors <= FACTORS:
            continue
        timed = len(written) > len("2026-01-01")
        key: object = _instant(at) if timed else at.date()
        yield person, key, Logged(at.date(), mood, at.time() if timed else None, factors, sleep)


def _instant(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _consent_in_force(path: Path) -> dict[str, date]:
    """Return from which day each person's entries may be read; who is absent does not consent."""
    grants: dict[str, list[tuple[datetime, date]]] = defaultdict(list)
    closed: dict[str, datetime] = {}
    for row in _rows(path):
        at = _instant(datetime.fromisoformat(row["recorded_at"]))
        whole_day = at.time() == time(0) and len(row["recorded_at"]) == len("2026-01-01")
        if row["event"] == "granted":
            grants[row["person_id"]].append((at, date.fromisoformat(row["covers_from"])))
        else:
            at += LAST_INSTANT_OF_DAY if whole_day else timedelta()
            closed[row["person_id"]] = max(at, closed.get(row["person_id"], at))
    standing = {
        person: [covers for at, covers in given if person not in closed or at > closed[person]]
        for person, given in grants.items()
    }
    return {person: min(covers) for person, covers in standing.items() if covers}


def _register(path: Path, last: date) -> dict[str, dict[str, str]]:
    """Return each person's row in force: the latest that had begun by `last`, the later line of two on one day."""
    rows: dict[str, dict[str, str]] = {}
    for row in _rows(path):
        since = date.fromisoformat(row["valid_from"])
        standing = rows.get(row["person_id"])
        if since <= last and (standing is None or since >= date.fromisoformat(standing["valid_from"])):
            rows[row["person_id"]] = row
    return rows
