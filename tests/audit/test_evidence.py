"""The evidence table: complete, of one layout, and an exit code that says whether all of it holds."""

import json
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from analytics.audit import evidence, invented, noise, running, weighted
from analytics.audit.effort import FULL, SHORT, Effort
from analytics.evidence import Evidence
from pipelines.cli import main


def checked(name: str, *, passed: bool, seed: int | None = None) -> Evidence:
    """Return a row of the table."""
    return Evidence(name=name, shows="A", trials=1000, seed=seed, result="0.3", bound="1", passed=passed)


GOOD = checked("noise: sigma 1", passed=True)
SEEDED = checked("coverage: people", passed=True, seed=7)
BAD = checked("black box: the build", passed=False)


def test_the_table_has_every_field_of_every_check(tmp_path: Path) -> None:
    """Both files tell name, meaning, trials, seed, result, bound and verdict of each check, and all versions."""
    assert evidence.write(tmp_path / "new", [GOOD, SEEDED, BAD], SHORT, "short") == ["evidence.json", "evidence.md"]
    result = json.loads((tmp_path / "new" / "evidence.json").read_text())
    assert (result["mode"], result["passed"], result["counts"]["canaries"]) == ("short", False, SHORT.canaries)
    assert set(result["versions"]) == {"murmuration", "opendp", "duckdb", "numpy", "scipy", "python"}
    assert [Evidence.model_validate(each) for each in result["checks"]] == [GOOD, SEEDED, BAD]
    rows = [line for line in (tmp_path / "new" / "evidence.md").read_text().splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 3
    assert rows[2] == "| noise: sigma 1 | A | 1,000 | - | 0.3 | 1 | yes |"
    assert rows[3].split(" | ")[3] == "7"
    assert rows[4].endswith("| **no** |")


def test_the_same_checks_give_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in the files depends on the clock or the folder."""
    for folder in ("one", "other"):
        evidence.write(tmp_path / folder, [GOOD, BAD], FULL, "full")
    for name in (evidence.JSON, evidence.MARKDOWN):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def _first(_folder: Path, _effort: Effort) -> list[Evidence]:
    return [GOOD, SEEDED]


def _failing(_folder: Path, _effort: Effort) -> list[Evidence]:
    return [BAD]


@pytest.mark.parametrize(("parts", "code"), [((_first, _failing), 5), ((_first,), 0)])
def test_one_failed_check_fails_the_command(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    parts: tuple[running.AuditCheck, ...],
    code: int,
) -> None:
    """The exit code is 5 if any check failed, and the evidence is written all the same, in the parts' order."""
    monkeypatch.setattr(running, "parts", lambda: [running.AuditPart("a part", part, 1) for part in parts])
    assert main(["audit", "--short", "--out", str(tmp_path / "e"), "--json"]) == code
    result = json.loads(capsys.readouterr().out)
    assert result["ok"] == (code == 0)
    assert [check["name"] for check in result["checks"]][:2] == [GOOD.name, SEEDED.name]
    assert json.loads((tmp_path / "e" / "evidence.json").read_text())["passed"] == (code == 0)
    assert ("error" in result) == (code == 5)


def test_a_file_is_no_folder_for_evidence(tmp_path: Path) -> None:
    """Where --out names a file, nothing is tried."""
    (tmp_path / "e").write_text("")
    assert main(["audit", "--out", str(tmp_path / "e")]) == 2


def test_two_processes_give_the_table_in_the_same_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The table's order is the parts', whichever was begun first; each part says what it took when it ends."""
    made = [running.AuditPart(f"part {place}", part, place) for place, part in enumerate((_first, _failing, _first))]
    monkeypatch.setattr(running, "parts", lambda: made)
    monkeypatch.setattr(
        running, "get_context", lambda _: get_context("fork")
    )  # a new process would know the real parts
    said: list[str] = []
    names = [check.name for check in running.checked(SHORT, 2, said.append)]
    assert names == [GOOD.name, SEEDED.name, BAD.name, GOOD.name, SEEDED.name]
    assert all(f"part {place}: " in "".join(said) for place in range(3))
    assert "part 1: 1 of 1 checks failed" in "".join(said)
    assert "3 of 3 parts" in "".join(said)


def test_the_parts_leave_nothing_out() -> None:
    """Every scale of the noise, every covered and every weighted measure of the plans that ship is in one part."""
    every = running.parts()
    assert len({part.name for part in every}) == len(every)
    measures = [(scenario.plan.name, next(iter(scenario.plan.measures))) for scenario in invented.scenarios()]
    sized = [(scenario.plan.name, next(iter(scenario.plan.measures))) for scenario, _ in weighted.scenarios()]
    names = [part.name for part in every]
    assert {f"coverage, {plan} {measure}" for plan, measure in measures} <= set(names)
    assert {f"weighted coverage, {plan} {measure}" for plan, measure in sized} <= set(names)
    few = replace(SHORT, noise_values=100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(noise, "_at_scale", lambda d_in, sigma, _: iter([checked(f"{d_in} {sigma}", passed=True)]))
        looks = [one.name for part in every if part.name.startswith("noise, ") for one in part.check(Path(), few)]
    assert looks == [f"{d_in} {sigma}" for d_in, sigma in noise.scales()]
