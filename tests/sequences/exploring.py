"""Sequences by the number: chosen by Hypothesis from seeds, run until the time is over or the homes differ."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, given, seed, settings

from analytics.contracts import Contracts
from tests.sequences.choosing import sequences
from tests.sequences.commands import Sequence
from tests.sequences.comparing import plan_of_everything
from tests.sequences.driving import without_engine_and_noise
from tests.sequences.reducing import reduced
from tests.sequences.running import DifferentError, run_sequence
from tests.sequences.tallying import Tally
from tests.sequences.templates import Templates

COMMANDS = 10
"""Commands of one sequence, of which some do nothing."""

ROUND = 20
"""Sequences of one seed. Hypothesis begins with the simplest, so that many short rounds look more widely."""

REDUCING_SECONDS = 240.0


class Explorer:
    """Runs sequences on copies of the same homes; the same seed gives the same sequences."""

    def __init__(self, templates: Templates, contracts: Contracts) -> None:
        """Begin with nothing explored."""
        self.tally = Tally()
        self._templates = templates
        self._contracts = contracts

    def explore(self, seeds: Iterator[int], more: Callable[[Tally], bool]) -> None:
        """Run rounds of sequences for as long as `more` says so, which is asked before each sequence.

        Raises:
            DifferentError: with the shortest sequence found on which anything of everybody else differs.
        """
        for number in seeds:
            if not more(self.tally):
                return
            failed = self._round(number, more)
            if failed is not None:
                raise self._smallest(failed)

    def _round(self, number: int, more: Callable[[Tally], bool]) -> Sequence | None:
        """Run one seed's sequences up to the first on which the homes differ; return that."""
        failed: list[Sequence] = []
        simplest = True

        @seed(number)
        @settings(
            max_examples=ROUND,
            derandomize=False,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(sequences(COMMANDS))
        def run(sequence: Sequence) -> None:
            nonlocal simplest
            if simplest:  # every round begins with the same one
                simplest = False
                return
            # Whatever is not run is still chosen: no clock decides what a sequence holds.
            if not failed and more(self.tally) and self.fails(sequence, self.tally):
                failed.append(sequence)

        run()
        return failed[0] if failed else None

    def fails(self, sequence: Sequence, tally: Tally) -> bool:
        """Say whether the homes differ on a sequence."""
        try:
            run_sequence(sequence, self._templates, self._contracts, tally)
        except DifferentError:
            return True
        return False

    def _smallest(self, failed: Sequence) -> DifferentError:
        found = reduced(failed, lambda sequence: self.fails(sequence, Tally()), REDUCING_SECONDS)
        try:
            run_sequence(found, self._templates, self._contracts, Tally())
        except DifferentError as error:
            return error
        return DifferentError(f"The homes differed once, and not again: {found}")


@contextmanager
def explorer() -> Iterator[Explorer]:
    """Return what explores, without a flow engine and without noise; its homes are gone afterwards."""
    templates = Templates()
    try:
        with without_engine_and_noise():
            yield Explorer(templates, plan_of_everything())
    finally:
        templates.close()


def explore_for(seconds: float, first_seed: int = 0) -> Tally:
    """Run sequences for so many seconds, from the first seed on.

    Raises:
        DifferentError: as `Explorer.explore`.
    """
    until = time.monotonic() + seconds
    with explorer() as one:
        one.explore(itertools.count(first_seed), lambda _: time.monotonic() < until)
    return one.tally
