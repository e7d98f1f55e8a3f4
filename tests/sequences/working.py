"""One process of `make sequences`; not in the main module, which a process that is started does not read again."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from tests.sequences.exploring import explorer
from tests.sequences.running import DifferentError
from tests.sequences.tallying import Tally

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

Found: TypeAlias = "Queue[tuple[int, Tally, str]]"
"""Of each process, now and then: its number, all that it has explored so far, and on what the homes differed."""


SAY_EVERY = 10.0
"""Seconds."""


def work(number: int, seeds: Iterator[int], until: float, least: int, found: Found) -> None:
    """Explore seed after seed until the time is over and enough were run; tell of it."""
    said = time.time()

    def more(tally: Tally) -> bool:
        nonlocal said
        if time.time() - said > SAY_EVERY:
            said = time.time()
            found.put((number, tally, ""))
        return time.time() < until or tally.sequences < least

    text = ""
    with explorer() as one:
        try:
            one.explore(seeds, more)
        except DifferentError as error:
            text = str(error)
        found.put((number, one.tally, text))
