"""One sequence on both homes, compared after each command."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from analytics.contracts import Contracts
from analytics.vault.erasure.suppression_list import read_suppression_list
from analytics.vault.pseudonym import suppression_hash
from tests.sequences.commands import (
    RETRY,
    Command,
    IngestInbox,
    Nothing,
    Promise,
    Sequence,
    Settle,
    Withdraw,
    files_of,
)
from tests.sequences.comparing import WAITING, Eyes, differences, measures_of
from tests.sequences.homes import Ended, Neighbour
from tests.sequences.rules import dicts, lost_by_retry
from tests.sequences.tallying import NOT_TRIED, Tally, name_of
from tests.sequences.templates import Templates
from tests.sequences.world import versions_since
from tests.support.people import KEY


class DifferentError(AssertionError):
    """Somebody else's affairs differ between the two homes."""

    tally: "Tally | None" = None
    """What had been explored by then."""


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
        self.turn = 5 * self.tally.sequences

    def run(self) -> None:
        """Run the sequence.

        Raises:
            DifferentError: at the first command after which anything of everybody else differs.
        """
        self.tally.sequences += 1
        self.homes([])
        for place, command in enumerate(self.sequence.commands):
            if isinstance(command, Nothing):
                continue
            found = self.step(command)
            if found:
                raise DifferentError(result(self.sequence, place, found))
        known = measures_of(self.contracts)
        found = self.homes(known)
        if found:
            raise DifferentError(result(self.sequence, len(self.sequence.commands) - 1, found))

    def step(self, command: Command) -> list[str]:
        """Run one command on both homes, and return what differs."""
        if isinstance(command, Settle) and self.pair[0].people_waiting().keys() != self.pair[1].people_waiting().keys():
            self.tally.commands["settle, where the homes have others waiting", NOT_TRIED] += 1
            return []  # an operator's choice after looking (docs/privacy/attack-model.md)
        before = [one.traces() for one in self.pair]
        read = [each.read for each in self.eyes]
        for one in self.pair:
            one.minutes += 1
        words = [command.argv(one) for one in self.pair]
        if isinstance(command, Promise):
            for each in self.eyes:
                each.under(None if command.since is None else versions_since(command.since))
        explained = self.explained(command)
        ends = [None if argv is None else one.run(argv) for one, argv in zip(self.pair, words, strict=True)]
        for one, eyes, end in zip(self.pair, self.eyes, ends, strict=True):
            if end is not None:
                eyes.leavers.hear(command, end.code, read_suppression_list(one.home.suppression_list))
        found = [] if ends == [None, None] else self.answers(command, ends, explained)
        if ends != [None, None]:
            found += self.homes(self.next_measures())
            if command == RETRY:
                now = self.pair[0].settings.now
                found += [
                    text
                    for eyes, known in zip(self.eyes, read, strict=True)
                    for text in lost_by_retry(known, eyes.read, now)
                ]
        changed = [one.traces() for one in self.pair] != before or [each.read for each in self.eyes] != read
        self.tally.count(name_of(command, words), ends[0], changed=changed)
        return found

    def next_measures(self) -> list[tuple[str, str]]:
        """Return which measures are counted after this command: every one has its turn, and all at the end."""
        known = measures_of(self.contracts)
        self.turn += 1
        return [known[self.turn % len(known)]]

    def homes(self, measures: list[tuple[str, str]]) -> list[str]:
        """Compare both vaults, and what waits in both inboxes."""
        found = [each.look(measures) for each in self.eyes]
        gone = {row["pseudonym"] for each in self.eyes for row in dicts(each.read, WAITING)}
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
        return Counter(file.source for file in files_of(command) if not file.of_others)

    def answers(self, command: Command, ends: list[Ended | None], own: Counter[str]) -> list[str]:
        """Compare how a command ended: equal, but for what Ada's records explain, and files that are `own` alone.

        Where only one home had it, Ada alone was named: how it ended is nobody else's affair.
        """
        one, other = ends
        if one is None or other is None:
            return []
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


def _drawn(end: Ended) -> str:
    names = ("released", "already_released", "refused")
    return json.dumps([end.result.get(name) for name in names], sort_keys=True, default=str)


def _refused_files(end: Ended) -> Counter[tuple[str, str]]:
    files = [file for file in end.result.get("files", ()) if isinstance(file, dict)]
    return Counter((file["source"], file["error"]["name"]) for file in files if "error" in file)


def _errors(end: Ended) -> Any:  # noqa: ANN401 -- names of errors
    return sorted({error.name for error in end.errors})


def result(sequence: Sequence, last: int, found: list[str]) -> str:
    """Return a sequence up to the command after which the homes differ, in lines."""
    lines = [f"{sequence.ada.name} ({sequence.ada.id!r} of {sequence.ada.domain}), consented: {sequence.consented}"]
    for command in sequence.commands[: last + 1]:
        if not isinstance(command, Nothing):
            lines += _lines(command)
    return "\n".join([*lines, "then everybody else differs:", *(f"  {each}" for each in found)])


def _lines(command: Command) -> list[str]:
    files = files_of(command)
    if not files:
        return [f"- {command}"]
    ages = (
        [f" {seconds} s old" for _, seconds in command.files] if isinstance(command, IngestInbox) else [""] * len(files)
    )
    more = f" link to {command.link.name}" if isinstance(command, IngestInbox) and command.link else ""
    lines = [f"- {type(command).__name__}{more}"]
    for file, age in zip(files, ages, strict=True):
        owner = f" of {file.owner.name if file.owner else 'ADA'}" if file.of_one_person else ""
        lines.append(f"    {file.shape}{owner}{age}")
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
