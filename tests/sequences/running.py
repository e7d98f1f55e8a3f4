"""One sequence on both homes, compared after each command, and the tally of what was explored."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from analytics.contracts import Contracts
from analytics.vault.pseudonym import suppression_hash
from tests.sequences.commands import Command, Ingest, IngestInbox, Nothing, Promise, Sequence, Settle, Withdraw
from tests.sequences.comparing import Eyes, differences, measures_of
from tests.sequences.homes import Ended, Neighbour
from tests.sequences.records import File
from tests.sequences.templates import Templates
from tests.sequences.world import versions_since
from tests.support.people import KEY


class DifferentError(AssertionError):
    """Somebody else's affairs differ between the two homes."""

    tally: "Tally | None" = None
    """What had been explored by then."""


@dataclass
class Tally:
    """What was explored, by name."""

    sequences: int = 0
    commands: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    """Rules by which rows were refused, and errors of files and commands, in the home with Ada."""

    def add(self, other: "Tally") -> None:
        """Take in what another has explored."""
        self.sequences += other.sequences
        self.commands += other.commands
        self.rules += other.rules


@dataclass
class Story:
    """Runs one sequence."""

    sequence: Sequence
    pair: tuple[Neighbour, Neighbour]
    contracts: Contracts
    tally: Tally
    eyes: list[Eyes] = field(init=False)
    turn: int = 0

    def __post_init__(self) -> None:
        """Look at both homes for what is not Ada's."""
        pseudonym = self.pair[0].pseudonym
        self.eyes = [Eyes(one.home, pseudonym, suppression_hash(KEY, pseudonym), self.contracts) for one in self.pair]

    def run(self) -> None:
        """Run the sequence.

        Raises:
            DifferentError: at the first command after which anything of everybody else differs.
        """
        self.tally.sequences += 1
        for place, command in enumerate(self.sequence.commands):
            if isinstance(command, Nothing):
                continue
            found = self.step(command)
            if found:
                raise DifferentError(result(self.sequence, place, found))
        found = self.homes(measures_of(self.contracts))
        if found:
            raise DifferentError(result(self.sequence, len(self.sequence.commands) - 1, found))

    def step(self, command: Command) -> list[str]:
        """Run one command on both homes, and return what differs."""
        if isinstance(command, Settle) and self.pair[0].people_waiting().keys() != self.pair[1].people_waiting().keys():
            return []  # an operator's choice after looking (docs/privacy/attack-model.md)
        words = [command.argv(one) for one in self.pair]
        if isinstance(command, Promise):
            for each in self.eyes:
                each.under(None if command.since is None else versions_since(command.since))
        explained = self.explained(command)
        self.tally.commands[name_of(command, words[0])] += 1
        if words[0] is None and words[1] is None:
            return []
        ends = [None if argv is None else one.run(argv) for one, argv in zip(self.pair, words, strict=True)]
        if ends[0] is None or ends[1] is None:
            return self.alone(command, ends)
        self.count(ends[0])
        return [*self.answers(command, ends[0], ends[1], explained), *self.homes(self.next_measures())]

    def alone(self, command: Command, ends: list[Ended | None]) -> list[str]:
        """Compare after a command that only the home with Ada had: she alone was named. It is nobody else's affair."""
        _ = command
        if ends[0] is not None:
            self.count(ends[0])
        return self.homes(self.next_measures())

    def next_measures(self) -> list[tuple[str, str]]:
        """Return which measures are counted after this command: every one has its turn, and all at the end."""
        known = measures_of(self.contracts)
        self.turn += 1
        return [known[self.turn % len(known)]]

    def homes(self, measures: list[tuple[str, str]]) -> list[str]:
        """Compare both vaults, and what waits in both inboxes."""
        found = [each.look(measures) for each in self.eyes]
        gone = {pseudonym for one in self.pair for pseudonym in one.people_waiting()}
        empty = self.empty()
        waiting = [one.waiting(gone) - empty for one in self.pair]
        more = [f"files wait in one inbox only: {sorted(waiting[0] ^ waiting[1])}"] if waiting[0] != waiting[1] else []
        return [*differences(found[0], found[1]), *more]

    def empty(self) -> set[str]:
        """Return which files that wait in the inbox are empty in a home: there is no row of anybody else in either."""
        return self.pair[0].empty_waiting() | self.pair[1].empty_waiting()

    def explained(self, command: Command) -> Counter[str]:
        """Return, by source, how many files in which nothing is anybody else's a command meets, in either home."""
        if isinstance(command, IngestInbox):  # what was refused before is tried again
            empty = Counter(name.split("/")[0] for name in self.empty())
            return empty + Counter({"diary": self.pair[0].hers_waiting()})
        return Counter(file.source for file in _files(command) if not file.of_others)

    def answers(self, command: Command, one: Ended, other: Ended, own: Counter[str]) -> list[str]:
        """Compare how a command ended: equal, but for what Ada's records explain, and files that are `own` alone."""
        found = []
        if _drawn(one) != _drawn(other):
            found.append("other releases were drawn")
        refused = [_refused_files(each) for each in (one, other)]
        more, less = refused[0] - refused[1], refused[1] - refused[0]
        if any(Counter(source for source, _ in each.elements()) - own for each in (more, less)):
            found.append(f"other files were refused: {dict(refused[0])} with Ada, {dict(refused[1])} without")
        explained = bool(more or less) or (isinstance(command, Withdraw) and command.file.of_ada(self.sequence.ada))
        if one.code != other.code and not explained:
            found.append(f"exit codes {one.code} and {other.code}: {_errors(one)} with Ada, {_errors(other)} without")
        return found

    def count(self, end: Ended) -> None:
        """Count the rules of refusal."""
        for file in end.result.get("files", ()):
            if isinstance(file, dict):
                self.tally.rules.update(file.get("quarantined", {}))
                self.tally.rules["(groups of one-person files)"] += str(file.get("file")).endswith("one person each")
                for name in _COUNTS:
                    self.tally.rules[f"({name})"] += file.get(name, 0)
        for each in end.result.get("not_read", ()):
            self.tally.rules[f"withdraw: {each['rule']}"] += 1
        self.tally.rules.update(f"error: {error.name}" for error in end.errors)
        self.tally.rules["(commands after which a deletion waits)"] += bool(end.result.get("waiting"))
        self.tally.rules["(commands that meet a broken source)"] += bool(end.result.get("broken_sources"))
        self.tally.rules["(people who agreed to an older promise)"] += sum(
            each["people"] for each in end.result.get("agreed", ())[:-1]
        )
        self.tally.rules["(entries gone for their age)"] += end.result.get("retention", {}).get("entries", 0)
        self.tally.rules["(would be erased, in dry runs)"] += end.result.get("would_be_erased", 0)


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


def _files(command: Command) -> list[File]:
    if isinstance(command, Ingest):
        return list(command.files)
    if isinstance(command, IngestInbox):
        return [file for file, _ in command.files]
    return [command.file] if isinstance(command, Withdraw) else []


def _drawn(end: Ended) -> str:
    names = ("released", "already_released", "refused")
    return json.dumps([end.result.get(name) for name in names], sort_keys=True, default=str)


def _refused_files(end: Ended) -> Counter[tuple[str, str]]:
    files = [file for file in end.result.get("files", ()) if isinstance(file, dict)]
    return Counter((file["source"], file["error"]["name"]) for file in files if "error" in file)


def _errors(end: Ended) -> Any:  # noqa: ANN401 -- names of errors
    return sorted({error.name for error in end.errors})


def name_of(command: Command, argv: list[str] | None) -> str:
    """Return what the tally calls a command."""
    kind = type(command).__name__
    if argv is None:
        return f"({kind.lower()})"
    words = [*argv[:2], *(word for word in argv[2:] if word.startswith("--"))]
    return " ".join(word for word in words if word.startswith("--") or not {".", "/"} & set(word))


def result(sequence: Sequence, last: int, found: list[str]) -> str:
    """Return a sequence up to the command after which the homes differ, in lines."""
    lines = [f"{sequence.ada.name} ({sequence.ada.id!r} of {sequence.ada.domain}), consented: {sequence.consented}"]
    for command in sequence.commands[: last + 1]:
        if not isinstance(command, Nothing):
            lines += _lines(command)
    return "\n".join([*lines, "then everybody else differs:", *(f"  {each}" for each in found)])


def _lines(command: Command) -> list[str]:
    files = _files(command)
    if not files:
        return [f"- {command}"]
    ages = (
        [f" {seconds} s old" for _, seconds in command.files] if isinstance(command, IngestInbox) else [""] * len(files)
    )
    more = f" link to {command.link.name}" if isinstance(command, IngestInbox) and command.link else ""
    lines = [f"- {type(command).__name__}{more}"]
    for file, age in zip(files, ages, strict=True):
        whose = f" of {file.owner.name if file.owner else 'ADA'}" if file.of_one_person else ""
        lines.append(f"    {file.shape}{whose}{age}")
        for row in file.rows:
            name = "" if file.of_one_person else f"{row.person.name if row.person else 'ADA'}: "
            lines.append(f"      {name}{row.template[:900].decode('utf-8', 'backslashreplace')}")
    return lines


def run_sequence(sequence: Sequence, templates: Templates, contracts: Contracts, tally: Tally) -> None:
    """Run one sequence on a new pair of homes.

    Raises:
        DifferentError: as `Story.run`.
    """
    with templates.pair(sequence.ada, consented=sequence.consented) as pair:
        Story(sequence, pair, contracts, tally).run()
