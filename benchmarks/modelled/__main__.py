"""Measure modelled figures, and print the tables as Markdown.

    .venv/bin/python -m benchmarks.modelled [--entries ENTRIES.TSV] [--processes 2]

Every seed is fixed: the same code prints the same figures.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchmarks.modelled import report
from benchmarks.modelled.evaluation import SEED, Effort, chosen, errors, read
from benchmarks.modelled.real import read as read_real
from benchmarks.modelled.shapes import demo_errors, peer_errors
from benchmarks.modelled.variants import compared

RUNS, PEER_POPULATIONS, PEER_RUNS = 10, 8, 8


def lines(effort: Effort, entries: Path | None) -> Iterator[str]:
    """Yield all tables."""
    yield from report.of_demo(list(demo_errors(RUNS, SEED)))
    yield from report.of_peers(pl.concat(peer_errors(PEER_POPULATIONS, PEER_RUNS, SEED)))
    yield from report.of_errors(errors(effort))
    yield from report.of_chosen(chosen(effort))
    yield from report.of_readings(read(effort))
    yield from report.of_variants(compared(Effort(seeds=1, drawings=1)))
    if entries is None or not entries.is_file():
        yield "The real loggers are left out: give their file with --entries ENTRIES.TSV (openESM data set 0018)."
    else:
        yield from report.of_real(read_real(entries, SEED))


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.modelled", description=__doc__)
    words.add_argument("--entries", type=Path, help="the entries of openESM data set 0018; left out where absent")
    words.add_argument("--processes", type=int, default=1)
    asked, begun = words.parse_args(), time.perf_counter()
    for line in lines(Effort(processes=asked.processes), asked.entries):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    sys.stderr.write(f"{time.perf_counter() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
