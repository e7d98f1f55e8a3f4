"""Which sequences are tried: commands by chance, and short stories of commands that have to do with one another.

A story is what an operator does in that order (a declaration is corrected and refused rows are tried again); each part
of it is chosen as freely as elsewhere, and anything may happen between two stories.
"""

from datetime import date

from hypothesis import strategies as st

from tests.sequences.commands import (
    Command,
    Declare,
    Factors,
    Ingest,
    IngestInbox,
    Nothing,
    Promise,
    Run,
    Sequence,
    Settle,
    Wait,
    Withdraw,
)
from tests.sequences.records import DIARIES, SHAPES, File, Row, files
from tests.sequences.rows import ANYBODY
from tests.sequences.world import ADAS, BEA, CAI, CAI_OF_APP, DEE, EVE, FAY, OTHERS, Person

Story = tuple[Command, ...]


def _scale(lo: object, hi: object) -> tuple[str, object]:
    return "scale", {"lo": lo, "hi": hi, "better": "higher"}


def _clock(zone: str, written: str) -> tuple[str, object]:
    return "clock", {"zone": zone, "written": written}


_ANY: tuple[tuple[tuple[str, object], ...] | None, ...] = (
    (("id_pattern", "CANARY-.*"),),
    (("id_pattern", ".*a.*"),),
    (),  # as it was at first
    (_scale(1, 10),),
    (_scale(1, 3),),
    (_scale(-5, 9),),
    (_clock("America/New_York", "wall"),),
    (_clock("Pacific/Auckland", "instant"),),
    (("missing", ["NA", "3", ""]),),
    (("factors", {"f1": "work", "nonsense": "family", "job": "family"}),),
    (("kind", "daily"),),
    None,
)

_OF_TABLES: tuple[tuple[tuple[str, object], ...], ...] = (
    (("time_form", "%d.%m.%Y"),),
    (("time_form", "epoch_s"),),
    (("words", {"3": 1, "5": 2, "meh": 3, "rotten": 4, "mood": 5}),),
    (("delimiter", "\t"),),
)

_BY_SOURCE: dict[str, tuple[tuple[tuple[str, object], ...] | None, ...]] = {
    **dict.fromkeys(("canonical", "app", "diary"), (*_ANY, *_OF_TABLES)),
    **dict.fromkeys(("fhir", "mydatahelps"), _ANY),
}


def _declare() -> st.SearchStrategy[Command]:
    return st.one_of(
        *(st.builds(Declare, st.just(source), st.sampled_from(changes)) for source, changes in _BY_SOURCE.items())
    )


def _ingest() -> st.SearchStrategy[Command]:
    one = [st.tuples(files(shape)) for shape in SHAPES if shape not in DIARIES]
    diaries = st.lists(files(*DIARIES), min_size=1, max_size=4).map(tuple)
    return st.one_of(
        *one, diaries, diaries, st.lists(files("canonical", "canonical ndjson"), min_size=2, max_size=3).map(tuple)
    ).map(Ingest)


def _inbox() -> st.SearchStrategy[Command]:
    ages = st.sampled_from([60, 120, 300, 3])
    dropped = st.lists(st.tuples(files(*SHAPES), ages), max_size=4)
    of_fhir = st.lists(st.tuples(files("fhir"), ages), min_size=2, max_size=3)
    links = st.sampled_from([None, None, None, BEA])
    return st.builds(IngestInbox, (dropped | of_fhir).map(tuple), links)


def _withdraw() -> st.SearchStrategy[Command]:
    words: list[tuple[str, ...]] = [(), (), (), ("--dry-run",)]
    return st.builds(Withdraw, files("withdrawals"), st.sampled_from(words))


def _settle() -> st.SearchStrategy[Command]:
    return st.sampled_from(["--confirm", "--cancel"]).map(Settle)


def _promise() -> st.SearchStrategy[Command]:
    days = [date(2025, 12, 1), date(2026, 5, 22), date(2026, 5, 30)]  # before all grants, before some, after most
    return st.sampled_from([*days, None]).map(Promise)


_RETRY = ("quarantine", "retry")

_RUN: tuple[tuple[str, ...], ...] = (
    ("quarantine", "list"),
    ("release",),
    ("publish",),
    ("erase",),
)


_FACTORS: tuple[tuple[tuple[str, int], ...], ...] = (
    (),  # as it was at first
    (("f", 63),),
    (("f", 40),),
    (("g", 40),),
    (("f", 40), ("g", 40)),  # more than there are bits
)


def commands() -> st.SearchStrategy[Command]:
    """Return any command."""
    return st.one_of(
        st.just(Nothing()),
        _ingest(),
        _ingest(),
        _inbox(),
        st.just(Run(_RETRY)),
        st.sampled_from(_RUN).map(Run),
        _withdraw(),
        _settle(),
        _declare(),
        _promise(),
        st.sampled_from(_FACTORS).map(Factors),
        st.sampled_from([1, 15, 30, 450]).map(Wait),
    )


def _one(shape: str, of: tuple[Person, ...] = OTHERS) -> st.SearchStrategy[Command]:
    return st.tuples(files(shape, of=of)).map(Ingest)


def _late() -> st.SearchStrategy[Story]:
    """Return: entries come of people who consent only afterwards, then refused rows are tried again."""
    return st.tuples(_one("canonical", (EVE, FAY)), _one("consents", (EVE, FAY)), _again())


def _corrected(source: str) -> st.SearchStrategy[Story]:
    """Return: a file comes, its declaration is edited, refused rows are tried again."""
    declared = st.builds(Declare, st.just(source), st.sampled_from([one for one in _BY_SOURCE[source] if one]))
    return st.tuples(_one(source), declared, _again())


def _again() -> st.SearchStrategy[Command]:
    return st.just(Run(_RETRY))


def _leaves() -> st.SearchStrategy[Command]:
    return st.one_of(_withdraw(), _one("consents"), _one("fhir"))


def _refused() -> st.SearchStrategy[Command]:
    """Return the ingest of a file in which a row of somebody who consents is refused, with any others."""

    def with_bad(file: File, bad: bytes, person: Person) -> Command:
        return Ingest((File(file.shape, (*file.rows, Row(bad, person))),))

    bad = [row for row in ANYBODY["canonical"] if b",9," in row or b",," in row[:12] or b"06.05." in row]
    return st.builds(with_bad, files("canonical"), st.sampled_from(bad), st.sampled_from([BEA, CAI, DEE]))


def _unclear() -> st.SearchStrategy[Command]:
    """Return the ingest of a file that suspends somebody who consents, with any others."""

    def with_unclear(file: File, person: Person) -> Command:
        return Ingest((File(file.shape, (*file.rows, Row(ANYBODY["consents"][-1], person))),))

    return st.builds(with_unclear, files("consents"), st.sampled_from([BEA, CAI, DEE]))


def _ada_leaves() -> st.SearchStrategy[Command]:
    """Return Ada's withdrawal, and any others'."""

    def with_hers(file: File) -> Command:
        return Withdraw(File("withdrawals", (*file.rows, Row(ANYBODY["withdrawals"][0]))))

    return files("withdrawals").map(with_hers)


def _many_leave() -> st.SearchStrategy[Command]:
    """Return the withdrawal of as many others as the plan lets wait, with Ada's rows in between."""
    more = st.sampled_from([CAI, DEE, CAI_OF_APP])
    leaver = ANYBODY["withdrawals"][0]

    def several(file: File, person: Person) -> Command:
        return Withdraw(File("withdrawals", (*file.rows, *(Row(leaver, one) for one in (BEA, DEE, person)))))

    return st.builds(several, files("withdrawals"), more)


def _stories() -> st.SearchStrategy[Story]:
    """Return one command, or several that have to do with one another."""
    entries = st.sampled_from(["canonical", "app", "fhir", "mydatahelps"]).flatmap(_one)
    listed = st.sampled_from(_FACTORS).map(Factors)
    ages = st.sampled_from([60, 120, 300])
    moods = st.tuples(files("fhir moods"), ages)
    corrections = st.builds(IngestInbox, st.lists(moods, min_size=2, max_size=3).map(tuple))
    alone = commands().map(lambda command: (command,))
    return st.one_of(
        alone,
        alone,
        st.sampled_from(["canonical", "app", "fhir"]).flatmap(_corrected),
        _late(),
        st.tuples(entries, _leaves(), _again()),
        st.tuples(_refused(), _ada_leaves()),
        st.tuples(_unclear(), entries),
        st.tuples(listed, _one("canonical factors"), listed, _one("canonical factors")),
        st.tuples(_inbox(), _inbox()),
        corrections.map(lambda command: (command,)),
        st.tuples(_leaves(), _one("consents"), entries),  # and comes back
        st.tuples(_many_leave(), _settle(), _one("consents")),
        st.tuples(_many_leave(), _one("consents"), _settle()),
        st.tuples(_promise(), _one("consents"), st.just(Run(("release",)))),
        st.tuples(st.sampled_from([1, 15, 30, 15, 30, 450]).map(Wait), _ingest(), st.just(Run(("release",)))),
    )


def sequences(length: int) -> st.SearchStrategy[Sequence]:
    """Return sequences of so many commands."""

    def cut(stories: list[Story]) -> Story:
        return tuple(command for story in stories for command in story)[:length]

    result = st.lists(_stories(), min_size=length - 3, max_size=length - 3).map(cut)
    return st.builds(Sequence, st.sampled_from(ADAS), st.sampled_from([True, False]), result)
