"""What may happen to both homes: what an operator and a clock do; each value is what Hypothesis chooses and shrinks.

A command knows how to say itself on the command line of one home. Where it also changes something beside the program
(a file of the inbox, a declaration, the clock), it says so by the functions of `Surroundings`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tests.sequences.records import File
from tests.sequences.world import Declaration, Person, many_words


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

    def promise(self, since: date | None) -> None:
        """Let the plan say that a smaller promise was in force before a day; None: that there was only this one."""

    def wait(self, days: int) -> None:
        """Let the clock go on."""

    def newest_waiting(self) -> int | None:
        """Return the newest withdrawals whose deletion waits, of others."""


class Command(Protocol):
    """Something that happens to both homes."""

    def argv(self, home: Surroundings) -> list[str] | None:
        """Prepare it at one home, and return the command's words; None where no command runs."""


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
        return None


@dataclass(frozen=True)
class Factors:
    """The contract of entries lists other factors."""

    lists: tuple[tuple[str, int], ...]

    def argv(self, home: Surroundings) -> list[str] | None:
        """Edit it."""
        home.list_factors([word for prefix, number in self.lists for word in many_words(prefix, number)])
        return None


@dataclass(frozen=True)
class Promise:
    """The plan lists a smaller promise that was in force before a day: who agreed then is not counted."""

    since: date | None
    """None: the plan has one version."""

    def argv(self, home: Surroundings) -> list[str] | None:
        """Edit it."""
        home.promise(self.since)
        return None


@dataclass(frozen=True)
class Wait:
    """Days go by."""

    days: int

    def argv(self, home: Surroundings) -> list[str] | None:
        """Set the clock."""
        home.wait(self.days)
        return None


@dataclass(frozen=True)
class Sequence:
    """Two neighbouring homes' story."""

    ada: Person
    consented: bool
    """Whether Ada had consented before it begins."""
    commands: tuple[Command, ...]


RETRY = Run(("quarantine", "retry"))


def files_of(command: Command) -> tuple[File, ...]:
    """Return the files that a command brings."""
    if isinstance(command, Ingest):
        return command.files
    if isinstance(command, IngestInbox):
        return tuple(file for file, _ in command.files)
    return (command.file,) if isinstance(command, Withdraw) else ()
