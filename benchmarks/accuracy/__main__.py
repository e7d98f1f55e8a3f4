"""Print the comparison as Markdown."""

import argparse
import sys
import time

from analytics.contracts import read_plan, shipped_contracts
from benchmarks.accuracy.errors import found
from benchmarks.accuracy.population import peer_grid, peer_shaped, simulated
from benchmarks.accuracy.report import PEER_TABLES, PEOPLE, TABLES, report


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    words.add_argument("--populations", type=int, default=8, help="seeds 1, 2, ... (at least two)")
    words.add_argument("--repetitions", type=int, default=8, help="draws of each population; noise has no seed")
    asked = words.parse_args()
    seeds, begun = range(1, asked.populations + 1), time.perf_counter()
    _, grid = read_plan(shipped_contracts(), "standard")
    simulations = {
        tables: {
            people: found((simulated(people, seed, grid) for seed in seeds), grid, tables, asked.repetitions)
            for people in PEOPLE
        }
        for tables in (TABLES, PEER_TABLES)
    }
    peers = found(map(peer_shaped, seeds), peer_grid(), PEER_TABLES, asked.repetitions)
    head = f"Populations of seeds 1 to {len(seeds)}, {asked.repetitions} draws of each."
    sys.stdout.write("\n".join([head, "", *report(simulations, peers)]) + "\n")
    sys.stderr.write(f"{time.perf_counter() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
