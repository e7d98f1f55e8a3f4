"""A sequence on which the homes differ, made smaller as long as they still do: what is left is the cause.

Hypothesis chooses the sequences; it would shrink the choices behind them, at a run of ten commands each. Leaving out
whole commands, then files, then rows needs a few dozen runs, of which each is shorter than the last.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.sequences.commands import Command, Ingest, IngestInbox, Nothing, Sequence, Withdraw
from tests.sequences.records import File
from tests.sequences.world import ADAS


def reduced(sequence: Sequence, fails: Callable[[Sequence], bool], seconds: float) -> Sequence:
    """Return the smallest sequence found in about so many seconds on which `fails` still holds."""
    until = time.monotonic() + seconds
    found = True
    while found:
        found = False
        for smaller in _smaller(sequence):
            if time.monotonic() > until:
                return sequence
            if fails(smaller):
                sequence, found = smaller, True
                break
    return sequence


def _smaller(sequence: Sequence) -> Iterator[Sequence]:
    result = [command for command in sequence.commands if not isinstance(command, Nothing)]
    for place in reversed(range(len(result))):
        yield replace(sequence, commands=(*result[:place], *result[place + 1 :]))
    for place, command in enumerate(result):
        for smaller in _smaller_command(command):
            yield replace(sequence, commands=(*result[:place], smaller, *result[place + 1 :]))
    if sequence.consented:
        yield replace(sequence, consented=False)
    if sequence.ada != ADAS[0]:
        yield replace(sequence, ada=ADAS[0])


def _smaller_command(command: Command) -> Iterator[Command]:
    if isinstance(command, Ingest):
        for files in _smaller_files(command.files):
            yield replace(command, files=files)
    elif isinstance(command, IngestInbox):
        if command.link is not None:
            yield replace(command, link=None)
        ages = [seconds for _, seconds in command.files]
        for place in range(len(ages)):
            yield replace(command, files=(*command.files[:place], *command.files[place + 1 :]))
        for place, (file, seconds) in enumerate(command.files):
            for smaller in _smaller_file(file):
                pairs = (*command.files[:place], (smaller, seconds), *command.files[place + 1 :])
                yield replace(command, files=pairs)
    elif isinstance(command, Withdraw):
        for file in _smaller_file(command.file):
            yield replace(command, file=file)


def _smaller_files(files: tuple[File, ...]) -> Iterator[tuple[File, ...]]:
    if len(files) > 1:
        for place in range(len(files)):
            yield (*files[:place], *files[place + 1 :])
    for place, file in enumerate(files):
        for smaller in _smaller_file(file):
            yield (*files[:place], smaller, *files[place + 1 :])


def _smaller_file(file: File) -> Iterator[File]:
    """Return the file without each of its rows, as long as it keeps one that is not Ada's: no file is empty."""
    for place in range(len(file.rows)):
        rows = (*file.rows[:place], *file.rows[place + 1 :])
        if any(row.person is not None for row in rows) or (file.of_one_person and rows):
            yield replace(file, rows=rows)
