"""What may happen to both homes: what an operator and a clock do; each value is what Hypothesis chooses and shrinks.

A command knows how to say itself on the command line of one home. Where it also changes something beside the program
(a file of the inbox, a declaration, the clock), it says so by the functions of `Surroundings`.
"""

from dataclasses import dataclass
from typing import Protocol

from hypothesis import strategies as st

from analytics.contracts import Source
from analytics.errors import MurmurationError
from pipelines.arguments import read_words
from tests.sequences.records import SHAPES, File, files
from tests.sequences.world import ADAS, BEA, Declaration, Person, many_words


class Surroundings(Protocol):
    """What a command may do to a home from outside of the program."""

    ada: Person
    with_ada: bool

    def put(self, file: File, number: int) -> str | None:
        """Write a file to be named; return its name, or None where this home does not get it."""

    def map(self, names: list[tuple[str, File]]) -> str:
        """Write a map of files to people; return its name."""

    def drop(self, file: File, name: str, seconds: int) -> None:
        """Put a file that changed so long ago into the inbox."""

    def link(self, to: Person) -> None:
        """Make Ada's folder of the inbox a link to somebody's."""

    def declare(self, source: str, change: Declaration | None) -> None:
        """Change a source's declaration; None breaks it."""

    def list_factors(self, words: list[str]) -> None:
        """Let the contract of entries list other factors."""

    def wait(self, days: int) -> None:
        """Let the clock go on."""

    def newest_waiting(self) -> int | None:
        """Return the newest withdrawals whose deletion waits, of others."""


class Command(Protocol):
    """Something that happens to both homes."""

    def argv(self, home: Surroundings) -> list[str] | None:
        """Prepare it at one home, and return the command's words; None where no command runs."""


def knows(*words: str) -> bool:
    """Say whether the command line has such words."""
    try:
        read_words(list(words))
    except MurmurationError:
        return False
    return True


@dataclass(frozen=True)
class Nothing:
    """Nothing happens; what a printed sequence leaves out, and what Hypothesis shrinks a command to."""

    def argv(self, home: Surroundings) -> list[str] | None:
        """Run nothing."""


@dataclass(frozen=True)
class Ingest:
    """Files of one source are named, first to last."""

    files: tuple[File, ...]

    def argv(self, home: Surroundings) -> list[str] | None:
        """Write the files, and a map where they are one person's each."""
        put = [(home.put(file, number), file) for number, file in enumerate(self.files)]
        named = [(name, file) for name, file in put if name is not None]
        people = ["--people", home.map(named)] if self.files[0].of_one_person else []
        return ["ingest", self.files[0].source, *(name for name, _ in named), *people] if named else None


@dataclass(frozen=True)
class IngestInbox:
    """Files with their ages in seconds are dropped, and the inbox is taken; Ada's folder may be a link to another's."""

    files: tuple[tuple[File, int], ...]
    link: Person | None = None

    def argv(self, home: Surroundings) -> list[str] | None:
        """Drop the files."""
        if self.link is not None:
            home.link(self.link)
        for number, (file, seconds) in enumerate(self.files):
            home.drop(file, f"f{number}{file.ending}", seconds)
        return ["ingest", "--inbox"]


@dataclass(frozen=True)
class Run:
    """A command that needs no file."""

    words: tuple[str, ...]

    def argv(self, home: Surroundings) -> list[str] | None:  # noqa: ARG002 -- it is alike at every home
        """Return its words."""
        return list(self.words)


@dataclass(frozen=True)
class Withdraw:
    """The people of a file withdraw; `words` go with it."""

    file: File
    words: tuple[str, ...] = ()

    def argv(self, home: Surroundings) -> list[str] | None:
        """Write the file."""
        return ["withdraw", home.put(self.file, 0) or "", *self.words]


@dataclass(frozen=True)
class Settle:
    """The newest deletion that waits is confirmed, or cancelled; where the homes have others waiting, nothing is."""

    word: str
    """`--confirm` or `--cancel`."""

    def argv(self, home: Surroundings) -> list[str] | None:
        """Name it by its number at this home."""
        number = home.newest_waiting()
        return None if number is None else ["withdraw", self.word, str(number)]


@dataclass(frozen=True)
class Declare:
    """A source's declaration is edited (None: it is broken)."""

    source: str
    change: tuple[tuple[str, object], ...] | None

    def argv(self, home: Surroundings) -> list[str] | None:
        """Edit it."""
        home.declare(self.source, None if self.change is None else dict(self.change))


@dataclass(frozen=True)
class Factors:
    """The contract of entries lists other factors."""

    lists: tuple[tuple[str, int], ...]

    def argv(self, home: Surroundings) -> list[str] | None:
        """Edit it."""
        home.list_factors([word for prefix, number in self.lists for word in many_words(prefix, number)])


@dataclass(frozen=True)
class Wait:
    """Days go by."""

    days: int

    def argv(self, home: Surroundings) -> list[str] | None:
        """Set the clock."""
        home.wait(self.days)


def _scale(lo: object, hi: object) -> tuple[str, object]:
    return "scale", {"lo": lo, "hi": hi, "better": "higher"}


def _clock(zone: str, written: str) -> tuple[str, object]:
    return "clock", {"zone": zone, "written": written}


_ANY: tuple[tuple[tuple[str, object], ...] | None, ...] = (
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

if "id_pattern" in Source.model_fields:
    _ANY = (*_ANY, (("id_pattern", "CANARY-.*"),), (("id_pattern", ".*a.*"),))

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
    one = [st.tuples(files(shape)) for shape in SHAPES if shape != "diary"]
    diaries = st.lists(files("diary"), min_size=1, max_size=3).map(tuple)
    return st.one_of(*one, diaries, st.tuples(files("canonical"), files("canonical"))).map(Ingest)


def _inbox() -> st.SearchStrategy[Command]:
    ages = st.sampled_from([60, 120, 300, 3])
    dropped = st.lists(st.tuples(files(*SHAPES), ages), max_size=4)
    of_fhir = st.lists(st.tuples(files("fhir"), ages), min_size=2, max_size=3)
    links = st.sampled_from([None, None, None, BEA])
    return st.builds(IngestInbox, (dropped | of_fhir).map(tuple), links)


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
        files("withdrawals").map(Withdraw),
        *([st.sampled_from(["--confirm", "--cancel"]).map(Settle)] if knows("withdraw", "--confirm", "1") else []),
        _declare(),
        st.sampled_from(_FACTORS).map(Factors),
        st.sampled_from([1, 15, 30, 450]).map(Wait),
    )


@dataclass(frozen=True)
class Sequence:
    """Two neighbouring homes' story."""

    ada: Person
    consented: bool
    """Whether Ada had consented before it begins."""
    commands: tuple[Command, ...]


def sequences(length: int) -> st.SearchStrategy[Sequence]:
    """Return sequences of so many commands."""
    told = st.lists(commands(), min_size=length, max_size=length).map(tuple)
    return st.builds(Sequence, st.sampled_from(ADAS), st.sampled_from([True, False]), told)
