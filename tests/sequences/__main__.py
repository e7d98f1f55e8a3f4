"""`make sequences`: neighbouring homes through sequences of commands, until the time is over and enough were run.

Prints a line a minute and a table at the end; exit code 1 if anything of everybody else ever differed, with the
shortest sequence found for it. Everything printed is invented.
"""

import argparse
import contextlib
import itertools
import multiprocessing
import queue
import sys
import time
from collections import Counter

from tests.sequences.exploring import COMMANDS
from tests.sequences.tallying import WAYS, Tally
from tests.sequences.working import Found, work

LEAST, WHOLE_MINUTES = 2000, 60
"""So many sequences at least, where the whole time is asked for."""


def main() -> int:
    """Run both processes and print what they explored."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=WHOLE_MINUTES, help=f"at least so long ({WHOLE_MINUTES})")
    parser.add_argument("--sequences", type=int, help=f"at least so many ({LEAST}; in a shorter time, 0)")
    parser.add_argument("--seed", type=int, default=1, help="where the seeds begin (default: 1)")
    parser.add_argument("--processes", type=int, default=2)
    words = parser.parse_args()
    began = time.time()
    context = multiprocessing.get_context("spawn")
    found: Found = context.Queue()
    whole_time = LEAST if words.minutes >= WHOLE_MINUTES else 0
    least = -(-(whole_time if words.sequences is None else words.sequences) // words.processes)
    until = began + 60 * words.minutes
    processes = [
        context.Process(
            target=work, args=(place, itertools.count(words.seed + place, words.processes), until, least, found)
        )
        for place in range(words.processes)
    ]
    for process in processes:
        process.start()
    whole, different = _gather(processes, found, began)
    _print(whole, time.time() - began)
    for text in different:
        sys.stdout.write(f"\nDIFFERENT: {text}\n")
    failed = [process.exitcode for process in processes if process.exitcode]
    if failed:
        sys.stdout.write("a process ended before its time\n")
    return int(bool(different or failed))


def _gather(
    processes: list[multiprocessing.context.SpawnProcess], found: Found, began: float
) -> tuple[Tally, list[str]]:
    """Return what all processes explored and on what the homes differed, printing a line a minute."""
    explored: dict[int, Tally] = {}
    different: list[str] = []
    said = time.time()
    while True:
        alive = any(process.is_alive() for process in processes)
        with contextlib.suppress(queue.Empty):
            while True:
                number, explored[number], text = found.get(timeout=1)
                different += [text] if text else []
        whole = Tally()
        for tally in explored.values():
            whole.add(tally)
        if time.time() - said >= 60:
            said = time.time()
            minutes = (said - began) / 60
            sys.stdout.write(f"{minutes:.0f} min: {whole.sequences} sequences, {whole.commands.total()} commands\n")
            sys.stdout.flush()
        if not alive:
            return whole, different


def _print(whole: Tally, seconds: float) -> None:
    rate = 60 * whole.sequences / seconds
    sys.stdout.write(
        f"\n{whole.sequences} sequences of {COMMANDS} commands, {whole.commands.total()} commands "
        f"({whole.did()} did something), "
        f"on two homes each, in {seconds / 60:.1f} minutes: {rate:.1f} sequences a minute\n"
    )
    names = sorted({name for name, _ in whole.commands}, key=lambda name: (-whole.commands[name, WAYS[0]], name))
    sys.stdout.write(f"\n| commands | {' | '.join(WAYS)} |\n| --- |{' ---: |' * len(WAYS)}\n")
    for name in names:
        sys.stdout.write(f"| {name} | {' | '.join(str(whole.commands[name, way]) for way in WAYS)} |\n")
    _table("rules by which rows were refused, and how commands ended (in the home with Ada)", whole.rules)


def _table(title: str, counts: Counter[str]) -> None:
    sys.stdout.write(f"\n| {title} | times |\n| --- | ---: |\n")
    for name, times in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        if times:
            sys.stdout.write(f"| {name} | {times} |\n")


if __name__ == "__main__":
    sys.exit(main())
