"""Invented people for replay, put into a vault and taken out of it again.

Rows go straight into the vault's tables, past the intake, so that thousands of people cost seconds and so that the SQL
meets rows that the intake would not let by (two rows of one key).
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from analytics.contracts import Contracts, Grid
from analytics.periods import week_ordinal
from analytics.vault.database import Vault
from analytics.vault.erasure.waiting import TABLES_OF_PEOPLE
from tests.support.neighbour_consents import CONSENTS, NOT_REGISTERED, REGISTERS, since
from tests.support.neighbour_entries import FEW, PATTERNS
from tests.support.neighbour_targets import (
    DAY,
    FACTORS,
    LANE,
    SOURCES,
    TARGETS,
    Effect,
    Keys,
    Row,
    Rows,
    Target,
    days_between,
)
from tests.support.people import query


@dataclass(frozen=True)
class Invented:
    """One person: what is special about them, and their rows by table, without the person's number."""

    target: Target
    lane: str
    kinds: frozenset[str]
    effect: Effect
    rows: Rows
    days: frozenset[date] | None
    """On which days they have a row that may be read, if that is known."""


def _dealt(rng: random.Random, kinds: Mapping[str, tuple[Any, ...]], people: int) -> list[str]:
    """Return one kind for each of `people`, in the kinds' proportions and each at least once a hundred times over."""
    whole = sum(kind[0] for kind in kinds.values())
    dealt = [name for name, kind in kinds.items() for _ in range(-(-kind[0] * people // whole))]
    rng.shuffle(dealt)
    return dealt[:people]


def _totals(rng: random.Random, contracts: Contracts, days: list[date]) -> list[Row]:
    """Return some totals, on some of the days, of every questionnaire that a source declares."""
    asked = {name: one for source in contracts.sources.values() for name, one in source.instruments.items()}
    return [
        {
            "source_no": rng.randrange(SOURCES),
            "instrument": name,
            "key_kind": 1,
            "key_value": rng.getrandbits(62),
            "local_date": day,
            "total": rng.randrange(one.lo, one.hi + 1),
            "batch_no": 1,
        }
        for name, one in asked.items()
        for day in rng.sample(days, min(len(days), rng.choice([0, 1, 6])))
    ]


def _deleted(entries: list[Row]) -> list[Row]:
    """Return what the first entries' deletion at the source would have left beside them."""
    return [{name: row[name] for name in ("source_no", "key_kind", "key_value")} for row in entries[:2]]


def _refused(entries: list[Row]) -> list[Row]:
    """Return what is held of rows of the person that were refused: it is in no share, whatever it says."""
    return [
        {
            "source_no": row["source_no"],
            "kind": "entry",
            "batch_no": 1,
            "line": 1_000 + place,
            "place": place,
            "rule": "off_scale",
            "column_name": "mood",
            "first_at": datetime(2026, 6, 1),  # noqa: DTZ001 -- the vault's times are UTC without saying so
            "texts": f'{{"logged_at": "{row["local_date"]}", "mood": "{place}00"}}',
        }
        for place, row in enumerate(entries[:2], start=1)
    ]


def _counted(rng: random.Random, contracts: Contracts, target: Target) -> list[Row]:
    """Return some releases that counted the person, were there an allowance."""
    return [
        {"product": name, "period": period.name, "last_week": week_ordinal(period.last_day)}
        for name, product in contracts.plan.products.items()
        for period in (target.period(product.cadence), target.period(product.cadence).previous)
        if rng.random() < 0.5
    ]


def invented(contracts: Contracts, people: int, seed: int) -> list[Invented]:
    """Return people by the kinds' proportions, through all targets and all cohorts, each alone in a lane of a target.

    One person of each target is not in the register in time: alone among them, too, in the lane `unknown`.
    """
    rng = random.Random(seed)
    grid = contracts.grid
    cohorts = [dict(zip(grid.dimensions, keys, strict=True)) for keys in grid.cohorts(tuple(grid.dimensions))]
    rng.shuffle(cohorts)
    dealt = zip(*(_dealt(rng, kinds, people) for kinds in (PATTERNS, CONSENTS, REGISTERS)), strict=True)
    found = []
    for number, (pattern, consent, register) in enumerate(dealt):
        target, turn = TARGETS[number % len(TARGETS)], number // len(TARGETS)
        if turn == 0:
            found.append(_unregistered(rng, contracts, target, late=number % 2 == 1))
            continue
        keys, other = ({**cohorts[place % len(cohorts)], LANE: f"l{turn}"} for place in (turn, number + 1))
        said = "granted" if pattern in FEW else consent
        rows = {"register": REGISTERS[register][1](target, keys, other)}
        found.append(_person(rng, contracts, target, pattern, said, register, rows))
    return found


def _person(  # noqa: PLR0913, PLR0917 -- what is dealt to a person
    rng: random.Random, contracts: Contracts, target: Target, pattern: str, consent: str, register: str, rows: Rows
) -> Invented:
    _, does, pattern_of = PATTERNS[pattern]
    _, may, consents = CONSENTS[consent]
    effect: Effect = "nothing" if "nothing" in {does, may} else does if consent.startswith("granted") else "any"
    entries = pattern_of(rng, target)
    days = [row["local_date"] for row in entries]
    whole = {
        **rows,
        "entry": entries,
        "questionnaire_total": _totals(rng, contracts, days_between(min(days), max(days))),
        "deleted_entry": _deleted(entries),
        "refused_record": _refused(entries),
        "participation": _counted(rng, contracts, target),
        "consent_event": [],
        **consents(target),
    }
    lane = next((row["keys"][LANE] for row in rows["register"] if row["valid_from"] <= target.first), "unknown")
    kinds = frozenset({pattern, consent, register, target.why})
    return Invented(target, lane, kinds, effect, whole, _readable(whole) if may != "nothing" else frozenset())


def _readable(rows: Rows) -> frozenset[date]:
    """Return the days of rows that a person's last grant covers."""
    covers = [row["covers_from"] for row in rows["consent_event"] if row["event"] == "granted"][-1]
    result = {row["local_date"] for table in ("entry", "questionnaire_total") for row in rows[table]}
    return frozenset(day for day in result if day >= covers)


def _unregistered(rng: random.Random, contracts: Contracts, target: Target, *, late: bool) -> Invented:
    keys: Keys = {name: contracts.grid.keys(name)[0] for name in contracts.grid.dimensions} | {LANE: "l0"}
    rows = [since(target.last + DAY, keys)] if late else []
    register = NOT_REGISTERED[late]
    return _person(rng, contracts, target, "every day alike", "granted", register, {"register": rows})


def laned(grid: Grid, lanes: int) -> Grid:
    """Return the grid with one more dimension, that of lanes."""
    dimension = {"label": "Lane", "keys": {**{f"l{number}": "A lane" for number in range(lanes)}, "unknown": "None"}}
    return Grid.model_validate({"dimensions": {**grid.model_dump()["dimensions"], LANE: dimension}})


def put(vault: Vault, contracts: Contracts, people: list[Invented]) -> list[int]:
    """Put people into the vault; return their numbers."""
    words = sorted(contracts.mood_entry["factors"].allowed or ())
    assert (len(words), len(contracts.sources)) == (FACTORS, SOURCES)
    rows: Rows = {
        "source": [{"source_no": number, "source": name} for number, name in enumerate(sorted(contracts.sources))],
        "factor": [{"bit": bit, "factor": word} for bit, word in enumerate(words)],
        "person": [],
        "withdrawn": [],
        "suspension": [],
    }
    for number, one in enumerate(people):
        mark = number.to_bytes(16, "big")
        rows["person"].append({"person_no": number, "pseudonym": mark, "mark": mark})
        for table, its in one.rows.items():
            named = {"mark": mark} if table in {"withdrawn", "suspension"} else {"person_no": number}
            rows.setdefault(table, []).extend({**row, **named} for row in its)
    assert all(rows[table] for table in TABLES_OF_PEOPLE), "a table of people is empty"
    for table, its in rows.items():
        _insert(vault, table, its)
    return list(range(len(people)))


def _insert(vault: Vault, table: str, rows: list[Row]) -> None:
    """Insert rows that name every column of a table, so that none is left unvaried when one is added."""
    columns = {name: type_ for name, type_, *_ in query(vault, f"DESCRIBE {table}")}
    if not rows:
        return
    assert set(rows[0]) == set(columns), f"the invented rows of {table} have other columns than the table"
    as_map = [name for name, type_ in columns.items() if type_.startswith("MAP")]
    made = [
        {**row, **{name: [{"key": k, "value": v} for k, v in row[name].items()] for name in as_map}} for row in rows
    ]
    frame = pl.DataFrame(made, infer_schema_length=None)
    result = ", ".join(f"map_from_entries({name}) AS {name}" if name in as_map else name for name in frame.columns)
    with vault.seeing(f"invented_{table}", frame):
        query(vault, f"INSERT INTO {table} BY NAME SELECT {result} FROM invented_{table}")  # noqa: S608 -- our names


def remove(vault: Vault, numbers: list[int]) -> None:
    """Remove people and their whole record, the suppression list included."""
    listed = ", ".join(map(str, numbers))
    for table in ("withdrawn", "suspension"):
        query(vault, f"DELETE FROM {table} WHERE mark IN (SELECT mark FROM person WHERE person_no IN ({listed}))")  # noqa: S608 -- numbers
    for table in TABLES_OF_PEOPLE:
        query(vault, f"DELETE FROM {table} WHERE person_no IN ({listed})")  # noqa: S608 -- our names
