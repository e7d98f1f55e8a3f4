"""What must hold in each home by itself: where both homes are alike, comparing them proves nothing of it.

Each rule is read from the tables and from what was sent, never from the program's views.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from analytics.vault.erasure.suppression_list import SuppressionList
from analytics.vault.loading.held_records import HELD_FOR
from analytics.vault.pseudonym import keyed_hash, normalised, suppression_hash
from tests.sequences.commands import RETRY, Command, IngestInbox, Settle, Withdraw, files_of
from tests.sequences.meaning import LEAVES
from tests.sequences.records import File, Row
from tests.sequences.world import Person
from tests.support.people import KEY

Table = tuple[list[str], list[tuple[Any, ...]]]
"""Columns, and rows."""

Read = dict[str, Table]
"""Each table of people: Ada's rows, too."""

_KEPT = ("entry", "questionnaire_total", "register", "refused_record")
"""Tables of what somebody sent."""


def pseudonym_of(person: Person) -> bytes:
    """Return the pseudonym that the homes know somebody by."""
    return keyed_hash(KEY, person.domain, normalised(person.id))[:16]


def dicts(read: Read, table: str) -> list[dict[str, Any]]:
    """Return a table's rows by column; none where there is no such table."""
    columns, rows = read.get(table, ([], []))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def suspended(read: Read) -> dict[int, bytes]:
    """Return the numbers and pseudonyms of people who were suspended after their newest grant."""
    when = {row["mark"]: row["suspended_at"] for row in dicts(read, "suspension")}
    granted: dict[int, int] = {}
    for event in dicts(read, "consent_event"):
        if event["event"] == "granted" and event["scope"] == "population_statistics":
            number, at = event["person_no"], event["recorded_at"]
            granted[number] = max(at, granted.get(number, at))
    return {
        person["person_no"]: person["pseudonym"]
        for person in dicts(read, "person")
        if person["mark"] in when
        and (person["person_no"] not in granted or when[person["mark"]] >= granted[person["person_no"]])
    }


def suspended_who_count(read: Read, counting: set[bytes]) -> list[str]:
    """Say whether anybody of those counting is suspended."""
    return ["somebody suspended counts"] if counting & set(suspended(read).values()) else []


def lost_by_retry(before: Read, after: Read, now: datetime) -> list[str]:
    """Say whether a retry took held records, younger than 14 days, of people suspended before and after it."""
    resting = suspended(before).keys() & suspended(after).keys()
    young = (now - HELD_FOR).replace(tzinfo=None)
    held = [
        {
            (row["person_no"], row["batch_no"], row["line"], row["kind"], row["texts"])
            for row in dicts(read, "refused_record")
            if row["person_no"] in resting and row["kind"] != "consent" and row["first_at"] > young
        }
        for read in (before, after)
    ]
    return ["a retry took a held record of somebody suspended"] if held[0] - held[1] else []


@dataclass
class Leavers:
    """Who has said by `withdraw`, and since then nothing that may be a yes: nothing of theirs is kept but what waits.

    A withdrawal that an operator cancels was never said, and only that one: who said so twice has still left.
    """

    _turn: int = 0
    _said: dict[Person, set[int]] = field(default_factory=dict)
    """By which commands."""
    _received_by: dict[int, int] = field(default_factory=dict)
    """By which command each batch of the list came."""
    _dropped: list[File] = field(default_factory=list)
    _said_yes: set[Person] = field(default_factory=set)

    def hear(self, command: Command, code: int, listed: SuppressionList) -> None:
        """Take in what a command said that ended with an exit code and left this list."""
        self._turn += 1
        for batch in listed.batches[len(self._received_by) :]:
            self._received_by[batch.sequence] = self._turn
        files = list(files_of(command))
        if isinstance(command, IngestInbox):
            self._dropped += files
            files = self._dropped
        yes = {row.person for file in files for row in file.rows if row.person and _may_be_yes(file, row)}
        self._said_yes |= yes
        for person in self._said_yes if command == RETRY else yes:  # a retry may accept what was refused
            self._said.pop(person, None)
        if isinstance(command, Withdraw) and not command.words and not code:
            for row in command.file.rows:
                if row.person and row.template == LEAVES:
                    self._said.setdefault(row.person, set()).add(self._turn)
        if isinstance(command, Settle) and command.word == "--cancel":
            self._undo(listed)

    def _undo(self, listed: SuppressionList) -> None:
        undone = listed.batches[-1].cancels
        if undone is None:
            return
        named = {mark for mark, _ in listed.batches[undone - 1].people}
        for person, turns in list(self._said.items()):
            if suppression_hash(KEY, pseudonym_of(person)).hex() in named:
                turns.discard(self._received_by[undone])
            if not turns:
                del self._said[person]

    def who_are_back(self, read: Read) -> list[str]:
        """Say whether anything is kept of one of them."""
        gone = {pseudonym_of(person) for person in self._said}
        numbers = {row["person_no"] for row in dicts(read, "person") if row["pseudonym"] in gone}
        return [
            f"{table} has rows of somebody who withdrew"
            for table in _KEPT
            if any(row["person_no"] in numbers for row in dicts(read, table))
        ]


def _may_be_yes(file: File, row: Row) -> bool:
    if file.source == "consents":
        return b"granted" in row.template
    return file.source == "fhir" and json.loads(row.template)["resourceType"] == "Consent"
