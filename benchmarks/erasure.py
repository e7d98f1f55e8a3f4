"""What it costs to erase people from a large home, and to search it for their residue.

    .venv/bin/python -m benchmarks.erasure [--rows 10000000] [--people 1000] [--folder DIR]

Makes a home with that many entries (invented as in `intake.py`; one row is bad, so that the whole file is held),
withdraws people as `murmuration withdraw` does (received, rows deleted, the file written again), then
searches every byte of the home for each of their ids and pseudonyms as `murmuration erase --prove` does. Prints seconds
and peak resident memory as JSON.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from analytics.contracts import read_contracts
from analytics.home import Home
from analytics.make_home import init_home
from analytics.vault.erasure import completion
from analytics.vault.files.inbox import IncomingFile
from analytics.vault.files.ingest_file import ingest_incoming
from analytics.vault.residue.report import residue_report
from benchmarks.intake import NOW, invent, peak_gib


def take(home: Home, source: str, path: Path) -> None:
    """Take one file in and carry out what it asks for."""
    contracts = read_contracts(home.contracts, "standard")
    with completion.existing_vault(home, contracts, NOW) as vault:
        incoming = IncomingFile(vault.next_batch_no(), source, path, shown=path.name)
        ingest_incoming(incoming, home, vault, contracts, home.key.read_bytes(), NOW)
    completion.complete_erasures(home, contracts, NOW)


def erase(folder: Path) -> dict[str, float]:
    """Withdraw and search, in a process of its own."""
    home = Home(folder / "home")
    ids = (folder / "leavers.csv").read_text().split()[1:]
    begun = time.perf_counter()
    take(home, "withdrawals", folder / "leavers.csv")
    erased = time.perf_counter()
    found = residue_report(home, read_contracts(home.contracts, "standard"), ids, [], frozenset())
    return {
        "erase_seconds": erased - begun,
        "prove_seconds": time.perf_counter() - erased,
        "peak_gib": peak_gib(),
        "searched_mb": found["bytes"] / 1e6,
        "found": len(found["found"]),
        "unread": len(found["unread"]),
        "on_the_list": found["on_the_list"],
    }


def main() -> None:
    """Make the home, erase, search, and print what it took."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--rows", type=int, default=10_000_000)
    words.add_argument("--people", type=int, default=1_000)
    words.add_argument("--folder", type=Path)
    words.add_argument("--part", action="store_true")
    asked = words.parse_args()
    if asked.part:
        sys.stdout.write(json.dumps(erase(asked.folder)))
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        invent(asked.rows, folder)
        with (folder / "mood_entries.csv").open("a") as entries:
            entries.write("somebody,never,3,,,\n")
        home = init_home(folder / "home", "standard", date(2026, 1, 5))
        for source, file in (("consents", "consents.csv"), ("canonical", "mood_entries.csv")):
            take(home, source, folder / file)
        consents = (folder / "consents.csv").read_text().splitlines()[1:]
        ids = [line.split(",")[0] for line in consents[:: len(consents) // asked.people][: asked.people]]
        (folder / "leavers.csv").write_text("\n".join(["person_id", *ids]) + "\n")
        argv = [sys.executable, "-m", "benchmarks.erasure", "--part", "--folder", str(folder)]
        ran = subprocess.run(argv, capture_output=True, check=True)  # noqa: S603 -- this file
        found = {"rows": asked.rows, "people": len(ids), **json.loads(ran.stdout)}
    sys.stdout.write(json.dumps({key: round(value, 2) for key, value in found.items()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
