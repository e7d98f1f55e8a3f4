"""What it costs to take in very many small files: one-person exports in the inbox, each in its person's folder.

    .venv/bin/python benchmarks/many_files.py [--files 10000] [--rows 30] [--profile]

Makes a home in which everybody consents, puts a Daylio export of each person into `inbox/daylio_csv/PERSON/`, and takes
the inbox in as the command does, without the flow engine. Every hundredth file is no export and is refused. Prints
seconds, milliseconds a file and peak resident memory as JSON.
"""

import argparse
import cProfile
import json
import os
import pstats
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from analytics.contracts import read_contracts
from analytics.home import Home, read_config
from analytics.make_home import init_home
from analytics.vault.files.ingest_job import inbox_files
from pipelines import steps
from pipelines.command_line import Answer
from pipelines.settings import Settings

NOW = datetime(2026, 11, 1, tzinfo=UTC)
REFUSED_EVERY = 100
HEADER = "full_date,date,weekday,time,mood,activities,note_title,note\n"
MOODS = ("rad", "good", "meh", "bad", "awful")


def fill(home: Home, files: int, rows: int) -> None:
    """Write consents of everybody, and an export of each."""
    lines = [f"p{number},granted,2026-01-01,2026-01-01,population_statistics" for number in range(files)]
    consents = home.inbox / "consents" / "all.csv"
    consents.write_text("person_id,event,recorded_at,covers_from,scope\n" + "\n".join(lines) + "\n")
    os.utime(consents, (NOW.timestamp() - 60,) * 2)
    for number in range(files):
        days = [date(2026, 9, 1) + timedelta(days=day) for day in range(rows)]
        entries = "".join(
            f'{day},{day:%B} {day.day},{day:%A},{8 + number % 12:02}:15,{MOODS[(number + day.day) % 5]},"","",""\n'
            for day in reversed(days)
        )
        path = home.inbox / "daylio_csv" / f"p{number}" / "export.csv"
        path.parent.mkdir(parents=True)
        path.write_text("no export\n" if number % REFUSED_EVERY == 1 else HEADER + entries)
        os.utime(path, (NOW.timestamp() - 60,) * 2)


def ingest(home: Home) -> Answer:
    """Take the inbox in, without Prefect."""
    config = read_config(home)
    contracts = read_contracts(home.contracts, config.plan)
    with patch.object(steps, "run_ingest", lambda run, _chunks: run.do_all()):
        return steps.ingest_files(
            home,
            config,
            contracts,
            Settings(home.root, NOW, home.root),
            inbox_files(home, contracts, NOW),
            nullcontext,
        )


def main() -> None:
    """Fill a home, take its inbox in, and print what that took."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--files", type=int, default=10_000)
    words.add_argument("--rows", type=int, default=30)
    words.add_argument("--profile", action="store_true")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = init_home(Path(folder) / "home", "standard", date(2026, 1, 1))
        fill(home, asked.files, asked.rows)
        profile = cProfile.Profile()
        begun = time.perf_counter()
        outcome = profile.runcall(ingest, home) if asked.profile else ingest(home)
        seconds = time.perf_counter() - begun
    if asked.profile:
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(70)
    result = {
        "files": asked.files,
        "refused": len(outcome.errors),
        "accepted": sum(file["accepted"] for file in outcome.result["files"]),
        "seconds": round(seconds, 2),
        "milliseconds_a_file": round(1000 * seconds / asked.files, 2),
        "peak_mib": round(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024),
    }
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
