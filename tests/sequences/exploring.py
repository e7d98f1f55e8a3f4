"""Sequences by the number: chosen by Hypothesis from a seed, run until the time is over or the homes differ."""

import time
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.sequences.commands import Sequence, sequences
from tests.sequences.comparing import plan_of_everything
from tests.sequences.homes import Templates, without_engine_and_noise
from tests.sequences.reducing import reduced
from tests.sequences.running import DifferentError, Tally, run_sequence

COMMANDS = 10
"""Commands of one sequence, of which some do nothing."""

REDUCING_SECONDS = 240.0


def explore(number: int, most: int, seconds: float, more: Callable[[Tally], None] = lambda _: None) -> Tally:
    """Run up to `most` sequences of the seed `number`, for about so many seconds; the same seed gives the same ones.

    `more` is told the tally after each.

    Raises:
        DifferentError: with the shortest sequence found on which anything of everybody else differs.
    """
    tally, failed = Tally(), list[Sequence]()
    until = time.monotonic() + seconds
    templates, contracts = Templates(), plan_of_everything()

    @seed(number)
    @settings(
        max_examples=most, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(sequences(COMMANDS))
    def run(sequence: Sequence) -> None:
        if failed or time.monotonic() > until:
            return  # the rest is chosen and not run: no clock decides what a sequence does
        try:
            run_sequence(sequence, templates, contracts, tally)
        except DifferentError:
            failed.append(sequence)
        more(tally)

    def fails(sequence: Sequence) -> bool:
        try:
            run_sequence(sequence, templates, contracts, Tally())
        except DifferentError:
            return True
        return False

    def smallest(sequence: Sequence) -> DifferentError:
        found = DifferentError(f"They differed once, and not again: {sequence}")
        try:
            run_sequence(reduced(sequence, fails, REDUCING_SECONDS), templates, contracts, Tally())
        except DifferentError as error:
            found = error
        return found

    try:
        with without_engine_and_noise():
            run()
            if failed:
                error = smallest(failed[0])
                error.tally = tally
                raise error
    finally:
        templates.close()
    return tally
