"""The command line: answers, exit codes, and nothing on stdout but the answer."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import nullcontext
from dataclasses import asdict, fields
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from filelock import FileLock

from analytics import home
from analytics.contracts import NANO, read_contracts, read_plan, shipped_contracts
from analytics.errors import (
    BudgetRefusedError,
    FileRefusedError,
    MurmurationError,
    NotVerifiedError,
    PeriodNotClosedError,
    StillThereError,
    StoreBehindError,
    StoreDamagedError,
    StoreLockedError,
    StoreTooNewError,
    StoreUnwritableError,
    UsageError,
)
from analytics.home import Home
from analytics.make_home import init_home
from analytics.odds import odds
from analytics.release.comparison import VARIANTS
from analytics.release.draw import draw as real_draw
from analytics.vault.files import inbox, ingest_file
from analytics.vault.ingest import FileReport
from analytics.vault.open_database import open_vault
from pipelines import flow_commands
from pipelines.cli import COMMANDS, main
from pipelines.command_line import parse
from pipelines.due_periods import ReleaseRequest, closed_periods, latest_start
from pipelines.settings import Settings
from tests.support.recording import plain_flows

COMMAND = [sys.executable, "-m", "pipelines.cli"]


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MURMURATION_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    os.umask(0o022)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """Run a command in this process; stdout must be exactly one JSON object."""
    code = main([*words, "--json"])
    result = json.loads(capsys.readouterr().out)
    assert isinstance(result, dict)
    assert (code == 0) == ("error" not in result)
    return code, result


def test_a_home_is_private_and_whole_and_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, result = answer(capsys, "init", "--plan", "small", "--start", "2020-03-02")
    made = Home(tmp_path / "home")
    assert (code, result["home"]) == (0, str(made.root))
    assert json.loads(made.config_file.read_text()) == {"format": 1, "plan": "small", "start": "2020-03-02"}
    assert {path.stat().st_mode & 0o077 for path in [made.root, *made.root.iterdir()]} == {0}
    assert made.key.stat().st_mode & 0o777 == 0o600
    key = made.key.read_bytes()
    shipped = shipped_contracts()
    for path in shipped.rglob("*.yaml"):
        assert (made.contracts / path.relative_to(shipped)).read_bytes() == path.read_bytes()
    for again in ([], ["--plan", "small"], ["--start", "2020-03-02"]):
        code, result = answer(capsys, "init", *again)
        assert (code, result["plan"], result["start"]) == (0, "small", "2020-03-02")
    assert made.key.read_bytes() == key


@pytest.mark.parametrize("other", [["--plan", "small"], ["--start", "2024-01-01"]])
def test_a_home_is_not_taken_for_one_with_another_plan_or_first_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], other: list[str]
) -> None:
    """After `make demo`, files of a service would go into the demo's home."""
    init_home(tmp_path / "home", "standard", date(2026, 1, 1), demo=True)
    code, result = answer(capsys, "init", *other)
    assert (code, result["error"]["code"]) == (2, 2)
    assert "a demo's home" in result["error"]["message"]
    assert home.read_config(Home(tmp_path / "home")).plan == "standard"


def test_an_interrupted_init_is_completed_with_the_same_key(tmp_path: Path) -> None:
    root = tmp_path / "home"
    init_home(root, "standard", date(2026, 1, 1))
    key = Home(root).key.read_bytes()
    Home(root).config_file.unlink()
    Home(root).vault.unlink()
    init_home(root, "small", date(2026, 1, 5))
    assert home.read_config(Home(root)).plan == "small"
    assert Home(root).key.read_bytes() == key
    assert Home(root).vault.is_file()


def test_a_folder_with_other_files_is_no_place_for_a_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("mine")
    assert answer(capsys, "init")[0] == 2
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["init", "--plan", "huge"],
        ["init", "--start", "yesterday"],
        ["plan", "--people", "0"],
        ["plan", "--plan", "huge"],
        ["ledger"],
        ["publish"],
        ["verify"],
        ["verify", "nowhere"],
        ["release"],
        ["ingest", "canonical", "entries.csv"],
        ["ingest", "canonical"],
        ["ingest"],
        ["ingest", "canonical", "--inbox"],
        ["simulate", "--people", "5", "--weeks", "1", "--seed", "1", "--start", "2026-01-06", "--out", "x"],
        ["dashboard", "--port", "99999"],
    ],
)
def test_wrong_arguments_end_with_2_and_say_what_to_do(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, result = answer(capsys, *words)
    assert (code, result["error"]["code"]) == (2, 2)
    assert result["error"]["message"]
    assert result["error"]["action"]


@pytest.mark.parametrize(
    "words",
    [
        ["p-0042"],
        ["withdraw", "people.csv", "p-0042"],
        ["withdraw", "--confirm", "p-0042"],
        ["withdraw", "--confirm", "p-0042: (choose from 'a')"],
        ["withdraw", "--dry-run=p-0042"],
        ["erase", "--p-0042"],
        ["quarantine", "p-0042'"],
        ["release", "--period", "p-0042"],
    ],
)
def test_an_id_in_the_wrong_place_is_not_repeated(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Scheduled commands write their errors into logs."""
    code, result = answer(capsys, *words)
    assert code == 2
    assert "0042" not in json.dumps(result)


@pytest.mark.parametrize(
    "command",
    ["init", "simulate", "ingest", "plan", "release", "publish", "ledger", "verify", "audit", "dashboard", "demo"],
)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"example: murmuration {command}" in capsys.readouterr().out


def test_home_and_json_may_stand_before_or_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, words in enumerate((["--json", "--home", "{}", "init"], ["init", "--home", "{}", "--json"])):
        folder = str(tmp_path / str(number))
        assert main([word.replace("{}", folder) for word in words]) == 0
        assert json.loads(capsys.readouterr().out)["home"] == folder


def test_a_plan_gives_its_cost_and_what_it_would_publish(capsys: pytest.CaptureFixture[str]) -> None:
    code, result = answer(capsys, "plan", "--people", "1500")
    assert (code, result["rho_year"], result["delta"]) == (0, 0.25, 1e-6)
    assert 3.5 < result["epsilon_year"] < result["epsilon_year_1e-9"]
    assert result["odds"] == [asdict(each) for each in odds(round(result["rho_year"] * NANO))]
    product, patterns = result["products"]
    assert (patterns["name"], patterns["releases_per_year"]) == ("monthly_patterns", 14)
    assert (product["name"], product["releases_per_year"]) == ("weekly_mood", 53)
    assert {"measure", "name", "rho"} == product["tables"][0].keys()
    assert {"product", "measure", "table", "headline", *VARIANTS} == result["noise"][0].keys()
    assert {row["people"] for row in result["half_width"] if row["table"] == "all"} == {1500}
    assert {row["people"] for row in result["half_width"] if row["table"] == "region"} < set(range(100, 1000))
    assert result["unread_measures"] == ["steadiness"]
    for row in result["half_width"]:
        after = [one["shown"] for one in row["modelled"]]
        assert [one["periods"] for one in row["modelled"]] == [1, 4, 13]
        assert after == sorted(after, reverse=True)  # more periods are known better
        assert all(0 < one["noise"] <= one["shown"] for one in row["modelled"])
    # Too few people to be displayed, even after a year: about 50 in a region by age.
    crossed = [row["modelled"] for row in result["half_width"] if row["table"] == "region_by_age_band"]
    assert {one["readable"] for row in crossed for one in row} == {True, False}


def test_a_plan_s_odds_are_printed_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Both kinds of odds stand beside epsilon, in columns by years."""
    assert main(["plan", "--people", "2000"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    result = odds(250_000_000)
    assert ["years", *(str(each.years) for each in result)] in lines
    assert ["Gaussian", "noise", *(str(each.recognised_in_100) for each in result)] in lines
    assert ["by", "zCDP", "alone", *(str(each.recognised_in_100_by_zcdp_alone) for each in result)] in lines


def test_a_plan_with_unfitting_noise_is_refused_until_it_is_frozen_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "init")
    path = Home(tmp_path / "home").contracts / "release_plan.yaml"
    path.write_text(re.sub(r"(sigma: \{all: )\d+", r"\g<1>1000000", path.read_text()))
    assert answer(capsys, "plan")[0] == 3
    assert answer(capsys, "plan", "--freeze")[0] == 0
    assert path.read_bytes() == (shipped_contracts() / "release_plan.yaml").read_bytes()


def test_a_plan_frozen_for_fewer_touches_is_refused_until_it_is_frozen_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The small plan as it was frozen for 14 releases in 53 weeks, when nothing was charged for looking back."""
    answer(capsys, "init", "--plan", "small")
    path = Home(tmp_path / "home").contracts / "release_plan.small.yaml"
    for measure, sigma in {
        "mood_bands": "{all: 10088892319, age_band: 9286274380}",
        "persistence": "{all: 16824622626}",
        "transitions": "{all: 13644462717}",
        "attendance": "{all: 13644462717}",
    }.items():
        text, replaced = re.subn(
            rf"(?s)(\n    {measure}:\n      basis:.*?sigma: )\{{[^}}]*\}}", rf"\g<1>{sigma}", path.read_text()
        )
        assert replaced == 1
        path.write_text(text)
    for command in ("plan", "release"):
        code, result = answer(capsys, command)
        assert code == 3
        assert "366 days of logging" in str(result)
        assert "run `murmuration plan --freeze`" in str(result)
    code, result = answer(capsys, "plan", "--freeze")
    assert code == 0
    assert result["products"][0]["touched_in_366_days"] == {"mood_bands": 15}
    assert result["products"][1]["touched_in_366_days"] == {"persistence": 17, "transitions": 16, "attendance": 19}
    assert sum(one["rho_in_366_days"] for one in result["products"]) <= result["rho_year"]
    assert path.read_bytes() == (shipped_contracts() / "release_plan.small.yaml").read_bytes()


def test_a_simulation_needs_no_home_and_ends_with_the_latest_closed_week(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["simulate", "--people", "20", "--weeks", "2", "--seed", "1", "--out", str(tmp_path / "x")]
    code, result = answer(capsys, *words)
    assert (code, result["people"], len(result["files"])) == (0, 20, 4)
    assert result["entries"] > 0
    assert latest_start(1, date(2026, 11, 24)) == date(2026, 11, 9)  # the week to 22 November closes on the 25th
    assert latest_start(2, date(2026, 11, 25)) == date(2026, 11, 9)


def test_an_empty_home_has_a_ledger_and_verifies(capsys: pytest.CaptureFixture[str]) -> None:
    answer(capsys, "init")
    assert answer(capsys, "publish")[1]["files"] == ["current.json", "service.json"]
    result = answer(capsys, "ledger")[1]
    assert (result["horizons"], result["entries"], result["head"]["sequence"]) == ([], [], 0)
    assert answer(capsys, "verify", "--expect-head", result["head"]["hash"])[1]["ok"]
    code, result = answer(capsys, "verify", "--expect-head", "0" * 64)
    assert (code, result["ok"]) == (5, False)


def test_a_home_that_is_in_use_ends_with_10(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(capsys, "init")
    monkeypatch.setattr(home, "LOCK_SECONDS", 0.1)
    with FileLock(tmp_path / "home" / "lock"):
        assert answer(capsys, "ledger")[0] == 10


def test_a_newer_home_ends_with_13_and_an_unreadable_one_with_11(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "init")
    for content, code, name in (
        ('{"format": 2}', 13, "store_too_new"),
        ("{", 11, "store_damaged"),
        ("[]", 11, "store_damaged"),
        ("[" * 100_000, 11, "store_damaged"),  # deeper than Python reads
    ):
        (tmp_path / "home" / "home.json").write_text(content)
        ended, result = answer(capsys, "ledger")
        assert (ended, result["error"]["name"]) == (code, name)


def test_cohorts_off_the_grid_are_reported_where_there_are_any() -> None:
    """An operator without `--json`, too, sees that a map of cohorts lacks a key."""
    nothing = {"withdrawn": 0, "waiting": [], "agreed": [], "broken_sources": [], "left_in_inbox": 0}
    retention = {"before": "2026-01-01", "entries": 0, "questionnaire_totals": 0}
    counts = dict.fromkeys((each.name for each in fields(FileReport)), 0)
    for off, named in ((2, True), (0, False)):
        file = {**counts, "file": "people.csv", "quarantined": {}, "off_grid": off, "not_held": 0}
        result = {**nothing, "retention": retention, "files": [file]}
        (line,) = flow_commands.ingest_lines(result)
        assert ("off grid 2" in line) is named


def test_an_unforeseen_error_keeps_its_text_to_itself(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("canary-4711")  # noqa: EM101 -- a library's error

    monkeypatch.setattr("pipelines.plan_command.read_plan", fail)
    assert main(["plan", "--debug"]) == 1
    result = capsys.readouterr()
    assert "ValueError" in result.err
    assert 'raise ValueError("canary-4711")' in result.err  # the source line, which is ours to show
    assert "ValueError: canary" not in result.err


def test_periods_are_due_by_plan_and_clock_alone() -> None:
    plan, _ = read_plan(shipped_contracts(), "standard")
    start, today = date(2026, 1, 1), date(2026, 1, 21)

    def names(asked: ReleaseRequest) -> list[str]:
        return [due.name for due in closed_periods(asked, plan, start, today)]

    assert names(ReleaseRequest(None, None, None)) == ["weekly_mood/2026-W02", "weekly_mood/2026-W03"]
    assert names(ReleaseRequest("weekly_mood", None, date(2026, 1, 20))) == ["weekly_mood/2026-W02"]
    assert names(ReleaseRequest(None, "2026-W03", None)) == ["weekly_mood/2026-W03"]
    for asked, refusal in (
        (ReleaseRequest(None, None, date(2026, 1, 22)), PeriodNotClosedError),  # ahead of the clock
        (ReleaseRequest(None, "2026-W04", None), PeriodNotClosedError),
        (ReleaseRequest(None, "2026-W01", None), UsageError),  # before the first public day
        (ReleaseRequest(None, "2026-P01", None), UsageError),  # no product of this cadence
        (ReleaseRequest(None, "2026-13", None), UsageError),
        (ReleaseRequest("monthly_mood", None, None), UsageError),
    ):
        with pytest.raises(refusal):
            names(asked)


def test_an_inbox_file_goes_when_the_vault_has_it_and_a_refused_one_stays(tmp_path: Path) -> None:
    made = init_home(tmp_path / "home", "standard", date(2026, 1, 1))
    contracts = read_contracts(made.contracts, "standard")
    settings = Settings.read()
    old = settings.now.timestamp() - 60
    rows = "person_id,event,recorded_at,covers_from,scope\nann,granted,2026-01-01T00:00:00Z,2026-01-01,"
    good = made.inbox / "consents" / "a.csv"
    good.write_text(f"{rows}population_statistics\nbob,granted,2026-01-01T00:00:00Z,2026-01-01,elsewhere\n")
    empty = made.inbox / "consents" / "b.csv"
    empty.write_text("")
    young = made.inbox / "consents" / "c.csv"
    young.write_text(rows)
    for path in (good, empty):
        os.utime(path, (old, old))
    with open_vault(made.vault, made.suppression_list) as vault:
        found = inbox.waiting(made, contracts, vault.next_batch_no, settings.now)
        assert [incoming.path for incoming in found] == [good, empty]

        def take(incoming: inbox.IncomingFile) -> FileReport:
            return ingest_file.ingest_incoming(incoming, made, vault, contracts, made.key.read_bytes(), settings.now)

        report = take(found[0])
        assert (report.read, report.accepted, sum(report.quarantined.values())) == (2, 1, 1)
        with pytest.raises(FileRefusedError):
            take(found[1])
        for path in (tmp_path, tmp_path / "nowhere.csv"):
            with pytest.raises(FileRefusedError):
                take(inbox.IncomingFile(99, "consents", path))
    assert not made.held.exists()
    assert (good.exists(), empty.exists(), young.exists()) == (False, True, True)


def test_an_unknown_source_is_answered_with_the_known_ones() -> None:
    contracts = read_contracts(shipped_contracts(), "standard")
    with pytest.raises(MurmurationError, match="canonical, covidaffect") as refused:
        inbox.check_source("diary", contracts)
    assert refused.value.exit_code == 2


def test_the_dashboard_serves_with_nothing_but_published_files_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    (tmp_path / "home" / "published").mkdir(parents=True)
    words = [*COMMAND, "dashboard", "--port", "8763", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as served:  # noqa: S310 -- loopback
                    assert served.status == 200
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(30) == 0
        finally:
            process.kill()


HEAVY = ("duckdb", "polars", "prefect", "scipy", "opendp", "numpy", "pyarrow", "streamlit")


@pytest.mark.parametrize(
    ("argv", "allowed"),
    [
        (["--help"], set()),
        *(([command.name, "--help"], set()) for command in COMMANDS),
        (["plan"], {"numpy", "opendp", "polars"}),  # OpenDP, which certifies the loss, imports Polars itself
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_help_and_plan_load_no_database_and_no_engine(argv: list[str], allowed: set[str]) -> None:
    """Nobody waits for libraries that a command does not use."""
    code = (
        "import contextlib, io, sys\n"
        "from pipelines.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()): main(sys.argv[1:])\n"
        f"print(*sorted(set({HEAVY}) & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code, *argv], capture_output=True, text=True, check=True)
    assert set(loaded.stdout.split()) == allowed


def test_a_command_is_declared_once_and_its_example_is_its_own() -> None:
    """Name, help, arguments, function and lines are one value; the parser and the output read nothing else."""
    names = [command.name for command in COMMANDS]
    assert len(set(names)) == len(names) == 18
    for command in COMMANDS:
        args = parse(command.example.split(" < ")[0].split(), COMMANDS)
        assert (args.command, args.run) == (command, command.run)


def test_what_the_plan_holds_back_is_no_failure_and_what_is_named_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A nightly release ends with 0 and says which periods wait; whoever names such a period ends with its code."""
    made = init_home(tmp_path / "home", "standard", date(2026, 5, 4))
    monkeypatch.setattr(flow_commands, "flow_engine", lambda _home, _settings: nullcontext)
    with plain_flows():
        from pipelines import steps  # noqa: PLC0415 -- of the stand-in for Prefect

        refusal = BudgetRefusedError("The cap is spent.", "Wait for the next year.")

        def draw(*args: Any) -> bool:  # noqa: ANN401 -- as the real one
            if args[4].name == "2026-W20":
                raise refusal
            return real_draw(*args)

        monkeypatch.setattr(steps, "draw", draw)
        clock = SimpleNamespace(now=lambda tz: datetime(2026, 5, 27, 12, tzinfo=tz))
        monkeypatch.setattr("pipelines.settings.datetime", clock)
        code, result = answer(capsys, "release", "weekly_mood")
        assert (code, [one["period"] for one in result["released"]]) == (0, ["2026-W19", "2026-W21"])
        assert [(one["period"], one["reason"]) for one in result["held_back"]] == [("2026-W20", "The cap is spent.")]
        assert result["refused"] == []
        code, result = answer(capsys, "release", "weekly_mood", "--period", "2026-W20")
        assert (code, [one["period"] for one in result["refused"]], result["held_back"]) == (4, ["2026-W20"], [])

        def fails(*_: object) -> bool:
            message = "The ledger cannot be written."
            raise StoreUnwritableError(message, "Make room.")

        monkeypatch.setattr(steps, "draw", fails)
        code, result = answer(capsys, "release", "weekly_mood")
        assert (code, [one["period"] for one in result["refused"]]) == (14, ["2026-W20"])
    assert made.published.is_dir()


def test_each_state_of_a_store_has_an_exit_code_and_a_name_of_its_own() -> None:
    """Scripts tell them apart; verify, audit and search share 5."""
    stores = (StoreLockedError, StoreDamagedError, StoreBehindError, StoreTooNewError, StoreUnwritableError)
    assert [(kind.exit_code, kind.name) for kind in stores] == [
        (10, "store_locked"),
        (11, "store_damaged"),
        (12, "store_behind"),
        (13, "store_too_new"),
        (14, "store_unwritable"),
    ]
    assert {NotVerifiedError.exit_code, StillThereError.exit_code} == {5}
    assert not any(issubclass(one, other) for one in stores for other in stores if one is not other)
