"""`make sequences`: neighbouring homes through sequences of commands, until the time is over and enough were run.

Prints a line a minute and a table at the end; exit code 1 if anything of everybody else ever differed, with the
shortest sequence found for it. Everything printed is invented.
"""

import argparse
import multiprocessing
import queue
import sys
import time
from collections import Counter
from multiprocessing.queues import Queue

from tests.sequences.exploring import COMMANDS, explore
from tests.sequences.running import DifferentError, Tally

LEAST = 2000
ROUND = 40
"""Sequences of one seed: Hypothesis chooses with what it has seen, so that many short rounds look more widely."""

NEVER = 1e9


def work(first_seed: int, step: int, until: float, least: int, found: "Queue[tuple[int, Tally, str]]") -> None:
    """Explore seed after seed, and tell of each."""
    number, run = first_seed, 0
    while time.time() < until or run < least:
        try:
            tally = explore(number, ROUND, NEVER)
        except DifferentError as error:
            found.put((number, error.tally or Tally(), str(error)))
            return
        found.put((number, tally, ""))
        run += tally.sequences
        number += step


def main() -> int:
    """Run both processes and print what they explored."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="at least so long (default: 60)")
    parser.add_argument("--sequences", type=int, default=LEAST, help=f"at least so many (default: {LEAST})")
    parser.add_argument("--seed", type=int, default=1, help="where the seeds begin (default: 1)")
    parser.add_argument("--processes", type=int, default=2)
    words = parser.parse_args()
    began = time.time()
    context = multiprocessing.get_context("spawn")
    found: Queue[tuple[int, Tally, str]] = context.Queue()
    least = -(-words.sequences // words.processes)
    until = began + 60 * words.minutes
    processes = [
        context.Process(target=work, args=(words.seed + place, words.processes, until, least, found))
        for place in range(words.processes)
    ]
    for process in processes:
        process.start()
    whole, different = _gather(processes, found, began)
    _print(whole, time.time() - began)
    for number, text in different:
        sys.stdout.write(f"\nDIFFERENT (seed {number}):\n{text}\n")
    failed = [process.exitcode for process in processes if process.exitcode]
    if failed:
        sys.stdout.write("a process ended before its time\n")
    return int(bool(different or failed))


def _gather(
    processes: list[multiprocessing.context.SpawnProcess], found: "Queue[tuple[int, Tally, str]]", began: float
) -> tuple[Tally, list[tuple[int, str]]]:
    """Return what all processes explored and what they found, printing a line a minute."""
    whole, different, said = Tally(), list[tuple[int, str]](), 0.0
    while True:
        alive = any(process.is_alive() for process in processes)
        try:
            while True:
                number, tally, text = found.get(timeout=1)
                whole.add(tally)
                if text:
                    different.append((number, text))
        except queue.Empty:
            pass
        minutes = (time.time() - began) / 60
        if minutes - said >= 1:
            said = minutes
            sys.stdout.write(f"{minutes:.0f} min: {whole.sequences} sequences, {whole.commands.total()} commands\n")
            sys.stdout.flush()
        if not alive:
            return whole, different


def _print(whole: Tally, seconds: float) -> None:
    rate = 60 * whole.sequences / seconds
    sys.stdout.write(
        f"\n{whole.sequences} sequences of {COMMANDS} commands, {whole.commands.total()} commands that did something, "
        f"on two homes each, in {seconds / 60:.1f} minutes: {rate:.1f} sequences a minute\n"
    )
    _table("commands", whole.commands)
    _table("rules by which rows were refused, and how commands ended (in the home with Ada)", whole.rules)


def _table(title: str, counts: Counter[str]) -> None:
    sys.stdout.write(f"\n| {title} | times |\n| --- | ---: |\n")
    for name, times in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        if times:
            sys.stdout.write(f"| {name} | {times} |\n")


if __name__ == "__main__":
    sys.exit(main())
