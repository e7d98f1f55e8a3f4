"""Every write of every command, killed: what is left each time, and what the next command makes of it.

    .venv/bin/python -m benchmarks.kills [--seconds N] [--engine N] [--commands NAME ...]

For each command (`init`, `ingest`, `retry`, `withdraw`, `release`, `publish`) and each of its writes below the home: a
SIGKILL just before it, the command once more, and all that must hold (tests/crash/scenes.py). Then `--engine` kills of
the real command line beneath Prefect, spread over the writes of `ingest` and `release`. With `--seconds` each command
is given up after that time. Prints a table, and exits 1 after any violation, named by its command and write.
"""

import argparse
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from analytics.errors import MurmurationError
from tests.crash import jobs
from tests.crash.kills import Tally, every_write, kill_at, spread
from tests.crash.scenes import COMMANDS, Scene, scenes


def kills_of(scene: Scene, numbers: list[int], seconds: float) -> tuple[Tally, int, int]:
    """Kill a command at these writes; return the tally, how many were tried, and how many violations there were."""
    tally, tried, violations = Tally(), 0, 0
    until = time.monotonic() + seconds
    for number in numbers:
        if time.monotonic() > until:
            break
        tried += 1
        try:
            kill_at(scene, [number], tally)
        except (AssertionError, MurmurationError) as error:
            violations += 1
            name = type(error).__name__
            sys.stdout.write(f"violation: {scene.name}, write {number} of {len(scene.writes)}: {name} {error}\n")
    return tally, tried, violations


def main() -> int:
    """Kill, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--engine", type=int, default=10)
    parser.add_argument("--commands", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    words = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108 -- private
    total = Tally()
    all_violations = 0
    sys.stdout.write("command              writes  kills  violations  kills by the write that did not happen\n")
    try:
        made = scenes(folder)
        turns = [(made[name], every_write(made[name])) for name in words.commands]
        for name in ("ingest", "release"):
            if words.engine and name in words.commands:
                (numbers,) = spread(every_write(made[name])[:-1], 1, words.engine // 2)
                turns.append((replace(made[name], name=f"{name}, Prefect", begin=jobs.command_with_engine), numbers))
        for scene, numbers in turns:
            tally, tried, violations = kills_of(scene, numbers, words.seconds)
            kinds = ", ".join(f"{kind} {count}" for (_, kind), count in tally.by_write.most_common())
            row = f"{scene.name:20} {len(numbers):6} {tally.kills:6} {violations:11}  {kinds}"
            sys.stdout.write(row + ("" if tried == len(numbers) else " (given up for want of time)") + "\n")
            sys.stdout.flush()
            total.kills += tally.kills
            total.journals.update(tally.journals)
            all_violations += violations
    finally:
        shutil.rmtree(folder)
    left = ", ".join(f"{name} {count}" for name, count in total.journals.items())
    sys.stdout.write(f"{total.kills} kills, {all_violations} violations; kills that left a journal: {left}\n")
    return 1 if all_violations else 0


if __name__ == "__main__":
    sys.exit(main())
