"""Replay from the files on: people whose ids, days and rows are at the edge of what the intake takes, one by one."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import Contracts
from tests.support.neighbour_targets import Effect, Target
from tests.support.neighbours import Invented, remove
from tests.support.people import (
    CANARY,
    ENTRY_HEADER,
    OFF_GRID,
    WEEK,
    Desk,
    entry,
    granted,
    pseudonym,
    query,
    registered,
    vault_at,
    withdrawn,
    write,
)
from tests.support.walking import Walked, Watched, asked_measures, every_plan, pairs

TARGET = Target(WEEK.first_day, "an ordinary week")
MONDAY, SUNDAY = "2026-05-04", "2026-05-10"
ELSEWHERE = "elsewhere"
"""An id domain of another app."""

COMPOSED, DECOMPOSED = (unicodedata.normalize(form, f"{CANARY}-Zoë") for form in ("NFC", "NFD"))
TWIN = f"{CANARY}-twin"


@dataclass(frozen=True)
class Sender:
    """One person and the lines that they send."""

    kind: str
    effect: Effect
    """What they must do to the week and to its four weeks, taken together per product."""
    entries: list[str]
    consents: list[str]
    register: list[str]
    kept: bool = True
    """Whether the vault must know the person."""
    id: str = ""
    domain: str = "default"
    late: list[str] = field(default_factory=list)
    """Entries that come in another file, after all others."""


def sender(kind: str, effect: Effect, *rows: tuple[str, str], **more: Any) -> Sender:  # noqa: ANN401 -- fields by their names
    """Return a person who consents and is registered, unless `more` says otherwise; rows are times and moods."""
    name = str(more.get("id") or f"{CANARY}-{kind.replace(' ', '-').replace(',', '')}")
    usual: dict[str, Any] = {
        "entries": [entry(name, at, mood) for at, mood in rows],
        "consents": [granted(name)],
        "register": [registered(name)],
        "id": name,
    }
    return Sender(kind, effect, **{**usual, **more})


def named(kind: str) -> str:
    """Return the id of a sender of a kind."""
    return f"{CANARY}-{kind.replace(' ', '-')}"


SENDERS = [
    sender("first instant in the east", "something", (f"{MONDAY}T00:00:00+14:00", "1")),
    sender("last instant in the west", "something", (f"{SUNDAY}T23:59:59.999999-12:00", "5")),
    sender("a date alone", "something", (SUNDAY, "3")),
    sender("the last day before the four weeks", "looking back", ("2026-04-19T23:59:59.999999-12:00", "3")),
    sender("the first day before the four weeks", "looking back", ("2026-03-23", "3")),
    sender("too early to be looked back at", "nothing", ("2026-03-22T23:59:59.999999-12:00", "3")),
    sender("after the four weeks", "nothing", ("2026-05-18T00:00+14:00", "3")),
    sender("one key three times", "something", *[(f"{MONDAY}T09:00", mood) for mood in "135"]),
    sender("one instant in two zones", "something", ("2026-05-05T09:00+02:00", "1"), ("2026-05-05T07:00Z", "4")),
    sender(
        "malformed but for one", "something", ("yesterday", "1"), (MONDAY, "1e99"), ("9999-12-31", "1"), (MONDAY, "4")
    ),
    sender("nothing but malformed", "nothing", ("yesterday", "1"), ("0000-00-00", "1"), (MONDAY, "9")),
    sender(
        "thousands of rows",
        "something",
        *[(f"2026-05-0{day}T{n // 60:02}:{n % 60:02}", "12345"[n % 5]) for day in (4, 5, 7) for n in range(1_200)],
    ),
    sender("uneven days", "something", *[(f"2026-05-0{day}", mood) for day, mood in zip("456", "135", strict=True)]),
    sender("late", "something", late=[entry(named("late"), MONDAY, "1")]),
    # One person in three spellings, who writes to the same key in each.
    sender(
        "spelt in three ways",
        "something",
        id=COMPOSED,
        entries=[entry(name, f"{MONDAY}T09:00", "2") for name in (COMPOSED, DECOMPOSED, f"  {COMPOSED} ")],
        consents=[granted(DECOMPOSED)],
        register=[registered(f" {DECOMPOSED}"), registered(COMPOSED, "2026-05-06", "south")],
    ),
    # Two persons with one id.
    sender("a twin", "something", (MONDAY, "1"), id=TWIN),
    sender(
        "the twin elsewhere",
        "something",
        (MONDAY, "5"),
        id=TWIN,
        domain=ELSEWHERE,
        consents=[granted(TWIN, domain=ELSEWHERE)],
        register=[registered(TWIN, region="coast", domain=ELSEWHERE)],
    ),
    sender("not registered", "something", (MONDAY, "2"), register=[]),
    sender("off the grid", "something", (MONDAY, "2"), register=[registered(named("off the grid"), region=OFF_GRID)]),
    sender(
        "moved within",
        "something",
        (MONDAY, "2"),
        register=[registered(named("moved within")), registered(named("moved within"), "2026-05-08", "west", "65+")],
    ),
    sender(
        "registered with bad rows",
        "something",
        (MONDAY, "2"),
        register=[registered(named("registered with bad rows"), "x")],
    ),
    sender("no consent", "nothing", (MONDAY, "2"), consents=[], kept=False),
    sender(
        "withdrawn",
        "nothing",
        (MONDAY, "2"),
        consents=[granted(named("withdrawn")), withdrawn(named("withdrawn"))],
        kept=False,
    ),
    sender(
        "came back for later days",
        "something",
        (MONDAY, "2"),
        (SUNDAY, "5"),
        consents=[
            withdrawn(named("came back for later days"), "2026-02-01"),
            granted(named("came back for later days"), "2026-05-20", SUNDAY),
        ],
    ),
    sender(
        "covers later days",
        "nothing",
        (MONDAY, "2"),
        consents=[granted(named("covers later days"), covers="2026-05-18")],
    ),
]


@pytest.fixture
def governed() -> list[Contracts]:
    """Return the contracts under every plan, with one more source, whose ids are of another domain."""
    plans = every_plan()
    extra = plans[0].sources["canonical"].model_copy(update={"name": ELSEWHERE, "id_domain": ELSEWHERE})
    return [Contracts(**{**vars(one), "sources": {**one.sources, ELSEWHERE: extra}}) for one in plans]


@pytest.fixture
def filled(governed: list[Contracts], tmp_path: Path) -> Iterator[Watched]:
    """Return a vault that has taken in everybody's lines, shuffled."""
    rng = random.Random(7)

    def shuffled(which: list[list[str]]) -> list[str]:
        return rng.sample([line for its in which for line in its], sum(map(len, which)))

    with vault_at(tmp_path / "vault.duckdb") as opened:
        vault = Watched(opened)
        desk = Desk(vault, governed[0], tmp_path)
        desk.consents(*shuffled([one.consents for one in SENDERS]))
        desk.participants(*shuffled([one.register for one in SENDERS]))
        desk.entries(*shuffled([one.entries for one in SENDERS if one.domain == "default"]))
        there = shuffled([one.entries for one in SENDERS if one.domain == ELSEWHERE])
        desk.take(ELSEWHERE, write(tmp_path / "elsewhere.csv", ENTRY_HEADER, there))
        desk.entries(*shuffled([one.late for one in SENDERS]))
        yield vault


def test_people_leave_one_by_one_until_nobody_is_left(governed: list[Contracts], filled: Watched) -> None:
    """Each step is a pair of neighbours, the last one a person alone; all bounds hold, and nobody is two."""
    numbers = dict(query(filled, "SELECT pseudonym, person_no FROM person"))
    known = {one.kind: numbers.get(pseudonym(one.id, one.domain)) for one in SENDERS}
    assert {kind for kind, number in known.items() if number is None} == {one.kind for one in SENDERS if not one.kept}
    assert len(numbers) == len(set(known.values()) - {None})

    asked = asked_measures(governed, TARGET, governed[0].grid)
    walked = Walked()
    before = [one.vectors(filled) for one in asked]
    for each in random.Random(8).sample(SENDERS, len(SENDERS)):
        number = known[each.kind]
        if number is not None:
            remove(filled, [number])
        after = [one.vectors(filled) for one in asked]
        person = Invented(TARGET, "", frozenset({each.kind}), each.effect, {}, None)
        pairs(walked, person, list(zip(asked, before, after, strict=True)))
        before = after
    assert [*walked.broken, *filled.broken] == []
    assert walked.pairs == len(SENDERS) * len(asked) >= 40
    assert {value for found in before for vector in found.values() for value in vector} == {0}
