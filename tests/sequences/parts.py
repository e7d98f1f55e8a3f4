"""What sequences are made of: commands by chance, about the few people of one sequence."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from hypothesis import strategies as st

from tests.sequences.commands import (
    RETRY,
    Command,
    Declare,
    Factors,
    Ingest,
    IngestInbox,
    Promise,
    Run,
    Settle,
    Wait,
    Withdraw,
)
from tests.sequences.records import DIARIES, SHAPES, files
from tests.sequences.world import BEA, Person

Story = tuple[Command, ...]

Change = tuple[tuple[str, object], ...]
"""What is edited in a declaration."""


@dataclass(frozen=True)
class Cast:
    """Who comes in a sequence."""

    ada: Person
    others: tuple[Person, ...]


def _scale(lo: object, hi: object) -> Change:
    return (("scale", {"lo": lo, "hi": hi, "better": "higher"}),)


def _clock(zone: str, written: str) -> Change:
    return (("clock", {"zone": zone, "written": written}),)


_ANY: tuple[Change | None, ...] = (
    (),  # as it was at first
    _scale(1, 10),
    _scale(1, 3),
    _scale(-5, 9),
    (("id_pattern", "CANARY-.*"),),
    (("id_pattern", ".*a.*"),),
    _clock("America/New_York", "wall"),
    _clock("Pacific/Auckland", "instant"),
    (("missing", ["NA", "3", ""]),),
    (("factors", {"f1": "work", "nonsense": "family", "job": "family"}),),
    (("kind", "daily"),),
    None,
)

_OF_TABLES: tuple[Change, ...] = (
    (("time_form", "%d.%m.%Y"),),
    (("time_form", "epoch_s"),),
    (("words", {"3": 1, "5": 2, "meh": 3, "rotten": 4, "mood": 5}),),
    (("delimiter", "\t"),),
)

CHANGES: dict[str, tuple[Change | None, ...]] = {
    **dict.fromkeys(("canonical", "app", "diary"), (*_ANY, *_OF_TABLES)),
    **dict.fromkeys(("fhir", "mydatahelps"), _ANY),
}
"""How each source's declaration may be edited; None: it is broken."""

_WIDER: tuple[Change, ...] = (_scale(1, 10), _scale(-5, 9))


@cache
def declare(source: str) -> st.SearchStrategy[Command]:
    """Return any edit of a source's declaration."""
    return st.sampled_from([Declare(source, change) for change in CHANGES[source]])


@cache
def correct(source: str) -> st.SearchStrategy[Command]:
    """Return an edit under which rows that were refused may be accepted: often the scale is made wider."""
    wider = [Declare(source, change) for change in _WIDER]
    return st.sampled_from([*wider, *wider, *(Declare(source, change) for change in CHANGES[source] if change)])


@cache
def ingest(cast: Cast) -> st.SearchStrategy[Command]:
    """Return files of one source."""
    one = [st.tuples(files(shape, of=cast.others)) for shape in SHAPES if shape not in DIARIES]
    diaries = st.lists(files(*DIARIES), min_size=1, max_size=4).map(tuple)
    several = st.lists(files("canonical", "canonical ndjson", of=cast.others), min_size=2, max_size=3).map(tuple)
    return st.one_of(*one, diaries, diaries, several).map(Ingest)


@cache
def inbox(cast: Cast) -> st.SearchStrategy[Command]:
    """Return files in the inbox, some of them too new to be read."""
    ages = st.sampled_from([60, 120, 300, 3])
    dropped = st.lists(st.tuples(files(*SHAPES, of=cast.others), ages), min_size=1, max_size=4).map(tuple)
    return st.builds(IngestInbox, dropped, st.sampled_from([None, None, None, BEA]))


@cache
def withdraw(cast: Cast) -> st.SearchStrategy[Command]:
    """Return a withdrawal of any of them."""
    words: list[tuple[str, ...]] = [(), (), (), ("--dry-run",)]
    return st.builds(Withdraw, files("withdrawals", of=cast.others), st.sampled_from(words))


def one(shape: str, of: tuple[Person, ...]) -> st.SearchStrategy[Command]:
    """Return the ingest of one file."""
    return st.tuples(files(shape, of=of)).map(Ingest)


SETTLE: st.SearchStrategy[Command] = st.sampled_from([Settle("--confirm"), Settle("--cancel")])

PROMISE: st.SearchStrategy[Command] = st.sampled_from(
    # before all grants, before some, after most; and no other version
    [Promise(day) for day in (date(2025, 12, 1), date(2026, 5, 22), date(2026, 5, 30), None)]
)

FACTORS: st.SearchStrategy[Command] = st.sampled_from(
    [
        Factors(()),  # as it was at first
        Factors((("f", 63),)),
        Factors((("f", 40),)),
        Factors((("g", 40),)),
        Factors((("f", 40), ("g", 40))),  # more than there are bits
    ]
)

WAIT: st.SearchStrategy[Command] = st.sampled_from([Wait(1), Wait(15), Wait(30), Wait(45)])

RELEASE, PUBLISH, ERASE = Run(("release",)), Run(("publish",)), Run(("erase",))


@cache
def command(cast: Cast) -> st.SearchStrategy[Command]:
    """Return any command."""
    plain = st.sampled_from([RETRY, RETRY, RELEASE, PUBLISH, ERASE, Run(("quarantine", "list")), Wait(450)])
    declared = st.sampled_from(sorted(CHANGES)).flatmap(declare)
    takes = ingest(cast)
    return st.one_of(takes, takes, inbox(cast), withdraw(cast), plain, declared, SETTLE | WAIT, PROMISE | FACTORS)
