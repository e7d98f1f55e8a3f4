"""What was explored, by name: which commands did something, and which rules and outcomes came."""

from collections import Counter
from dataclasses import dataclass, field

from tests.sequences.commands import Command
from tests.sequences.homes import Ended

DID, NOTHING, ENDED, NOT_TRIED = "did something", "nothing to do", "ended with an error", "not tried"
"""How a command went. An error is one whether or not anything changed; what is only read did something where it showed
something."""

WAYS = (DID, NOTHING, ENDED, NOT_TRIED)

_SHOWN = ("quarantine", "released", "would_be_erased", "confirmed", "cancelled")
"""Parts of an answer that say something where they are not empty."""

_COUNTS = (
    "accepted",
    "without_consent",
    "duplicates",
    "deleted_at_source",
    "off_grid",
    "held",
    "not_held",
    "suspended",
)


@dataclass
class Tally:
    """What was explored, by name."""

    sequences: int = 0
    commands: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Commands, each with how it went."""
    rules: Counter[str] = field(default_factory=Counter)
    """Rules by which rows were refused, and errors of files and commands, in the home with Ada."""

    def add(self, other: "Tally") -> None:
        """Take in what another has explored."""
        self.sequences += other.sequences
        self.commands += other.commands
        self.rules += other.rules

    def did(self) -> int:
        """Return how many commands did something."""
        return sum(times for (_, way), times in self.commands.items() if way == DID)

    def count(self, name: str, end: Ended | None, *, changed: bool) -> None:
        """Count a command, and how it ended in the home with Ada (None: nothing ran there)."""
        shown = end is not None and any(end.result.get(part) for part in _SHOWN)
        failed = end is not None and end.code
        self.commands[name, ENDED if failed else DID if changed or shown else NOTHING] += 1
        if end is not None:
            self._count_end(end)

    def _count_end(self, end: Ended) -> None:
        for file in end.result.get("files", ()):
            if isinstance(file, dict):
                self.rules.update(file.get("quarantined", {}))
                self.rules["(groups of one-person files)"] += str(file.get("file")).endswith("one person each")
                for name in _COUNTS:
                    self.rules[f"({name})"] += file.get(name, 0)
        for each in end.result.get("unheard", ()):
            self.rules[f"withdraw: {each['rule']}"] += 1
        self.rules.update(f"error: {error.name}" for error in end.errors)
        self.rules["(commands after which a deletion waits)"] += bool(end.result.get("waiting"))
        self.rules["(commands that meet a broken source)"] += bool(end.result.get("broken_sources"))
        self.rules["(people who agreed to an older promise)"] += sum(
            each["people"] for each in end.result.get("agreed", ())[:-1]
        )
        self.rules["(entries gone for their age)"] += end.result.get("retention", {}).get("entries", 0)
        self.rules["(commands that deleted entries for their age)"] += bool(
            end.result.get("retention", {}).get("entries")
        )
        self.rules["(releases drawn)"] += len(end.result.get("released", ()))
        self.rules["(would be erased, in dry runs)"] += end.result.get("would_be_erased", 0)


def name_of(command: Command, argvs: list[list[str] | None]) -> str:
    """Return what the tally calls a command."""
    argv = argvs[0] or argvs[1]
    if argv is None:
        return f"({type(command).__name__.lower()})"
    words = [*argv[:2], *(word for word in argv[2:] if word.startswith("--"))]
    return " ".join(word for word in words if word.startswith("--") or not {".", "/"} & set(word))
