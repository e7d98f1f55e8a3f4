"""What Prefect keeps of a command: flow and task runs with ids, dates and counts, and no personal value."""

import base64
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import read_plan, shipped_contracts
from analytics.errors import UnforeseenError
from analytics.home import Home
from analytics.make_home import init_home
from analytics.periods import Period
from analytics.simulation.population import simulate
from pipelines import prefect_server
from pipelines.due_periods import latest_start
from pipelines.prefect_server import RECORD, end_orphan, record_server

pytestmark = pytest.mark.timeout(300)

CANARY = "canary-7f3a"
"""A person's id, a file's name and a note: none of them may be in anything that Prefect keeps."""


PROXIES = {"ALL_PROXY": "socks5://127.0.0.1:1080", "https_proxy": "socks5h://127.0.0.1:1080", "NO_PROXY": "[::1]"}
CERTIFICATES = {"SSL_CERT_FILE": "/nowhere/ca.pem", "SSL_CERT_DIR": "/nowhere", "SSLKEYLOGFILE": "/nowhere/keys"}
LOCALE = {"LC_ALL": "xx_XX.ISO-8859-1", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
"""Surroundings of hospitals and campuses, of which an embedded engine needs nothing: every command here has some."""


def command(home: Home, *words: str, network: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the real command, on a network with its own ideas."""
    surroundings = {**os.environ, **(network or {})}
    return subprocess.run(_words(home, *words), capture_output=True, check=False, timeout=200, env=surroundings)


def _words(home: Home, *words: str) -> list[str]:
    return [sys.executable, "-m", "pipelines.cli", "--home", str(home.root), *words, "--json"]


@dataclass(frozen=True)
class Walk:
    """A home after an ingest with a refused file, and a release."""

    home: Home
    files: list[Path]
    period: Period
    ingested: subprocess.CompletedProcess[bytes]
    released: subprocess.CompletedProcess[bytes]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read Prefect's database."""
        with sqlite3.connect(self.home.prefect / "prefect.db") as database:
            return database.execute(sql).fetchall()


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """Walk once: each start of the flow engine takes seconds."""
    folder = tmp_path_factory.mktemp("walk")
    start = latest_start(2, date.today())  # noqa: DTZ011 -- only an old enough Monday is wanted
    _, grid = read_plan(shipped_contracts(), "standard")
    simulate(people=40, weeks=1, seed=1, start=start, out=folder, grid=grid)
    good = folder / f"{CANARY}.csv"
    good.write_bytes((folder / "mood_entries.csv").read_bytes() + f"{CANARY},yesterday,3,,,{CANARY}\n".encode())
    bad = folder / f"{CANARY}-bad.csv"
    bad.write_text(f"{CANARY};no\n")
    home = init_home(folder / "home", "standard", start)
    period = Period.containing(start, "week")
    files = [good, bad, folder / f"{CANARY}-missing.csv"]
    return Walk(
        home,
        files,
        period,
        command(home, "ingest", "canonical", *map(str, files), network=PROXIES),
        command(home, "release", "--period", period.name, network=CERTIFICATES),
    )


def test_one_refused_file_does_not_stop_the_others(walk: Walk) -> None:
    assert walk.ingested.returncode == 3
    result = json.loads(walk.ingested.stdout)
    assert [file["file"] for file in result["files"]] == list(map(str, walk.files))
    good, *refused = result["files"]
    counts = good["accepted"] + good["duplicates"] + sum(good["quarantined"].values()) + good["without_consent"]
    assert good["read"] == counts > 0
    assert [file["error"]["code"] for file in refused] == [3, 3]
    assert result["error"]["code"] == 3
    assert b"Traceback" not in walk.ingested.stderr
    assert b"leaked" not in walk.ingested.stderr


def test_each_command_is_one_flow_run_with_a_task_per_chunk_of_files_or_period(walk: Walk) -> None:
    assert json.loads(walk.released.stdout)["released"] == [
        {"product": "weekly_mood", "period": walk.period.name, "revision": 0}
    ]
    runs = walk.rows(
        "select flow.name, flow_run.state_type, flow_run.parameters from flow_run join flow on flow.id = flow_id "
        "order by flow_run.created"
    )
    assert [run[:2] for run in runs[:2]] == [("ingest", "FAILED"), ("release", "COMPLETED")]
    ingest, release = (json.loads(run[2]) for run in runs[:2])
    assert ingest == {"first": 1, "last": 3}  # a range: a list of very many files would be refused
    assert release.keys() == {"periods", "today"}
    assert release["periods"] == [f"weekly_mood/{walk.period.name}"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", release["today"])
    tasks = dict(walk.rows("select name, state_type from task_run"))
    assert tasks["entries-canonical-1-3"] == "FAILED"  # two of its files were refused
    assert tasks[f"weekly_mood/{walk.period.name}"] == tasks["publish"] == "COMPLETED"


def test_nothing_that_prefect_keeps_holds_a_personal_value(walk: Walk) -> None:
    kept = [path for path in walk.home.prefect.rglob("*") if path.is_file()]
    assert walk.home.prefect / "prefect.db" in kept
    for path in kept:
        content = path.read_bytes()
        assert CANARY.encode() not in content
        for coded in re.findall(rb"[A-Za-z0-9+/=]{40,}", content):
            whole = coded.rstrip(b"=")
            assert CANARY.encode() not in base64.b64decode(whole[: len(whole) // 4 * 4])
        assert path.stat().st_mode & 0o077 == 0


def test_a_killed_commands_server_is_ended_by_the_next_command(walk: Walk) -> None:
    record = walk.home.prefect / RECORD
    assert not record.exists()  # a command that ends takes its server with it
    killed = subprocess.Popen(_words(walk.home, "release"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait(record.exists)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    orphan = json.loads(record.read_bytes())["pid"]
    assert _alive(orphan)
    assert command(walk.home, "release", network=LOCALE).returncode == 0
    assert not _alive(orphan)
    assert not record.exists()


def test_a_process_that_only_has_the_recorded_number_is_left_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prefect.mkdir()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        record_server(home.prefect, other.pid)
        end_orphan(home)
        assert other.poll() is None
        assert not (home.prefect / RECORD).exists()
        other.kill()


def test_a_server_that_ends_before_it_answers_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A taken port, a full disk: the command is refused at once, names the log, and leaves no record of a server."""
    home = Home(tmp_path)
    home.prefect.mkdir()
    monkeypatch.setattr(prefect_server, "_MODULE", "nowhere")  # uvicorn finds no such program
    with pytest.raises(UnforeseenError, match="did not start") as refused, prefect_server._embedded_server(home, 1):
        pass
    assert "prefect/server.log" in refused.value.action
    assert b"nowhere" in (home.prefect / "server.log").read_bytes()
    assert not (home.prefect / RECORD).exists()


def _wait(happened: Any) -> None:  # noqa: ANN401 -- any condition
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    """Return whether the process runs; one that has ended and waits for its parent does not."""
    try:
        os.kill(pid, 0)
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
