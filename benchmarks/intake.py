"""What it costs to take in a large file, beside what plain Polars takes to turn the same file into Parquet.

    .venv/bin/python benchmarks/intake.py [--rows 10000000] [--folder DIR]

Invents a canonical file of mood entries (people, diaries and spelling as `murmuration simulate`, without its dirt) and
its consents, and runs both ways in one go, each in a process of its own that is warmed with a small file first: Polars
(`scan_csv` to `sink_parquet`, the best of three), then the intake into a new vault (checked, pseudonymised, joined with
consent, stored, committed), then the same file once more. Prints seconds, ratios and peak resident memory as JSON.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from analytics.contracts import read_contracts, shipped_contracts
from analytics.simulation.diary import keep_diaries
from analytics.simulation.draws import stream
from analytics.simulation.people import invent_people
from analytics.simulation.wording import TEXT_COLUMNS, write_entries
from analytics.vault.ingest import Batch, ingest_batch
from analytics.vault.open_database import open_vault

ROWS_PER_PERSON = 72
WEEKS = 26
START = date(2026, 1, 5)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def invent(rows: int, folder: Path) -> None:
    """Write mood_entries.csv, a small beginning of it, and consents.csv that cover everything."""
    grid = read_contracts(shipped_contracts(), "standard").grid
    folk = invent_people(stream(1, 0), rows // ROWS_PER_PERSON + 100, 7 * WEEKS, grid)
    entries = write_entries(stream(1, 2), keep_diaries(stream(1, 1), folk, WEEKS), folk, START)
    lines = entries.head(rows).select(pl.concat_str(TEXT_COLUMNS, separator=",").alias(",".join(TEXT_COLUMNS)))
    for name, part in (("mood_entries.csv", lines), ("few.csv", lines.head(20_000))):
        part.write_csv(folder / name, quote_style="never")
    grants = pl.format("{},granted,2025-01-01,2025-01-01,population_statistics", pl.Series("person", folk.ids))
    pl.select(grants.alias("person_id,event,recorded_at,covers_from,scope")).write_csv(
        folder / "consents.csv", quote_style="never"
    )


def timed(work: Callable[[], Any]) -> float:
    """Return how many seconds `work` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def plain(folder: Path) -> dict[str, float]:
    """Let Polars turn the file into Parquet, three times."""

    def convert(name: str) -> None:
        pl.scan_csv(folder / name).sink_parquet(folder / "plain.parquet")

    convert("few.csv")
    return {"polars_seconds": min(timed(lambda: convert("mood_entries.csv")) for _ in range(3))}


def intake(folder: Path) -> dict[str, float]:
    """Take the file in, twice."""
    contracts = read_contracts(shipped_contracts(), "standard")
    found: dict[str, float] = {}
    with open_vault(folder / "warm.duckdb", folder / "warm.json") as vault:
        for source, name in (("consents", "consents.csv"), ("canonical", "few.csv")):
            take(vault, folder / name, source, contracts)
    with open_vault(folder / "vault.duckdb", folder / "withdrawn.json") as vault:
        take(vault, folder / "consents.csv", "consents", contracts)
        for name in ("first", "again"):
            reports: list[Any] = []
            seconds = timed(lambda: reports.append(take(vault, folder / "mood_entries.csv", "canonical", contracts)))  # noqa: B023 -- called at once
            found |= {f"{name}_seconds": seconds, f"{name}_accepted": reports[0].accepted}
            found[f"{name}_peak_gib"] = peak_gib()
    found["vault_mb"] = (folder / "vault.duckdb").stat().st_size / 1e6
    return found


def peak_gib() -> float:
    """Return the most memory that this process had (`ru_maxrss` would count what its parent had before)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**20


def take(vault: Any, path: Path, source: str, contracts: Any) -> Any:  # noqa: ANN401 -- a script of its own
    """Take in one file of a source."""
    return ingest_batch(vault, Batch(vault.next_batch_no(), path, bytes(32), NOW), contracts.source(source), contracts)


def main() -> None:
    """Run both ways and print what they took."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--rows", type=int, default=10_000_000)
    words.add_argument("--folder", type=Path)
    words.add_argument("--part", choices=("plain", "intake"))
    asked = words.parse_args()
    if asked.part:
        sys.stdout.write(json.dumps({"plain": plain, "intake": intake}[asked.part](asked.folder)))
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        invent(asked.rows, folder)
        found: dict[str, float] = {"rows": asked.rows, "csv_mb": (folder / "mood_entries.csv").stat().st_size / 1e6}
        for part in ("plain", "intake"):
            argv = [sys.executable, __file__, "--part", part, "--folder", str(folder)]
            found |= json.loads(subprocess.run(argv, capture_output=True, check=True).stdout)  # noqa: S603 -- this file
    for run in ("first", "again"):
        found[f"{run}_ratio"] = found[f"{run}_seconds"] / found["polars_seconds"]
    sys.stdout.write(json.dumps({key: round(value, 2) for key, value in found.items()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
