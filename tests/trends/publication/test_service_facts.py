"""`service.json`: public facts of the service beside the releases, which do not depend on it."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from analytics.cells import ExactCells, TableKey
from analytics.contracts import read_published, shipped_contracts
from analytics.contracts.grid import MapFile
from analytics.errors import ContractRefusedError, StoreDamagedError
from analytics.home import Home, read_config
from analytics.periods import Period
from analytics.publish_home import publish_home, verify_facts
from analytics.release.draw import draw
from analytics.store.ledger import open_ledger
from analytics.trends.publication.service_facts import (
    FileBeside,
    Noted,
    ServiceFacts,
    facts_files,
    read_beside,
    read_facts,
    write_facts,
)
from analytics.trends.publication.verify import Check, verify_home, verify_published
from tests.support.made_once import new_home
from tests.support.releases import GRID, NOW, PRODUCT, exact_cells, plan_of

START = date(2024, 3, 4)

FILLED = {
    "name": "Aurora Clinic",
    "contact": "hello@aurora.example",
    "withdrawal_days": 3,
    "backup_days": 35,
    "help_line": "Call 116 123 at any hour.",
}


def drawn(root: Path, *weeks: str, times: int = 1) -> Home:
    """Return a home with these releases, of invented cells that hold so many times the people."""
    home = new_home(root, "standard", START)
    plan = plan_of()
    cells = exact_cells(plan)
    keys = [TableKey(measure, dimensions) for measure, dimensions in plan.products[PRODUCT].measured()]
    many = ExactCells({key: [times * value for value in cells.reveal(key)] for key in keys})
    with open_ledger(home.ledger, home.head) as ledger:
        for week in weeks:
            draw(ledger, plan, GRID, PRODUCT, Period.parse(week), lambda _: many, NOW)
    return home


def published(home: Home) -> list[str]:
    """Publish the home."""
    with open_ledger(home.ledger, home.head) as ledger:
        return publish_home(home, read_config(home), ledger, read_published(home.contracts))


def fill_in(home: Home, **more: object) -> None:
    """Write the service's own words."""
    (home.contracts / "service.yaml").write_text(yaml.safe_dump({**FILLED, **more}))


def put_on_the_map(home: Home) -> None:
    """Remove the mark from the line that names the shipped map."""
    path = home.contracts / "cohorts.yaml"
    assert path.read_text().count("    # map: regions.geojson\n") == 1
    path.write_text(path.read_text().replace("    # map: regions", "    map: regions"))


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def differing(checks: list[Check]) -> list[str]:
    """Return the checks that failed."""
    return [check.name for check in checks if not check.ok]


def all_checks(home: Home) -> list[Check]:
    """Verify a home as the command does."""
    return [*verify_home(home.ledger, home.head, home.published), *verify_facts(home, read_config(home))]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with two releases and a gap between them."""
    return drawn(tmp_path / "home", "2024-W10", "2024-W12")


def test_a_home_says_who_runs_it_and_what_to_expect(home: Home) -> None:
    """All of it is read back from a bare copy of the published folder."""
    fill_in(home)
    put_on_the_map(home)
    paths = published(home)
    assert paths == sorted(files(home.published))
    copy = Path(shutil.copytree(home.published, home.root.parent / "copy"))
    facts = read_facts(copy)
    assert (facts.publisher, facts.contact) == ("Aurora Clinic", "hello@aurora.example")
    assert (facts.withdrawal_days, facts.help_line, facts.demo) == (3, "Call 116 123 at any hour.", False)
    assert [one.period for one in facts.released] == ["2024-W10", "2024-W12"]
    assert [one.period for one in facts.missed] == ["2024-W11"]
    assert [one.product for one in facts.calendar] == ["weekly_mood", "monthly_patterns"]
    assert facts.calendar[0].next[0].expected_on == date(2024, 3, 13)
    assert facts.notice is not None
    assert b"Aurora Clinic" in read_beside(copy, facts.notice)
    features = json.loads(read_beside(copy, facts.maps["region"]))["features"]
    assert [one["properties"] for one in features] == [
        {"cohort": key} for key in ("north", "east", "south", "west", "centre", "coast")
    ]
    assert differing(verify_published(copy)) == []
    assert differing(all_checks(home)) == []


def test_what_is_not_filled_in_is_not_said(home: Home) -> None:
    """A field with square brackets is left out; then no days are promised and no notice is given, either."""
    published(home)
    facts = read_facts(home.published)
    assert (facts.publisher, facts.contact, facts.withdrawal_days, facts.notice) == (None, None, None, None)
    assert facts.help_line is not None  # the shipped one is for everybody
    assert facts.maps == {}  # the shipped map is of an invented place
    fill_in(home, help_line="[your line]")
    published(home)
    facts = read_facts(home.published)
    assert (facts.publisher, facts.help_line, facts.withdrawal_days) == ("Aurora Clinic", None, None)
    assert facts.notice is None


@pytest.mark.parametrize("file", ["service.yaml", "release_plan.yaml", "cohorts.yaml", "mood_entry.odcs.yaml"])
def test_a_contract_that_cannot_be_read_holds_up_no_release(home: Home, file: str) -> None:
    """It costs the facts that are made from it; what the ledger holds is published all the same."""
    fill_in(home)
    (home.contracts / file).write_text("{")
    published(home)
    facts = read_facts(home.published)
    assert len(facts.released) == 2
    assert (facts.publisher is None) == (file == "service.yaml")
    assert (facts.calendar == ()) == (file in {"release_plan.yaml", "cohorts.yaml"})
    assert facts.notice is None
    assert differing(all_checks(home)) == []


def test_the_same_home_has_the_same_bytes_and_no_release_changes(home: Home) -> None:
    """A changed help line changes `service.json` and nothing else; publishing again writes nothing else."""
    fill_in(home)
    published(home)
    before = files(home.published)
    published(home)
    assert files(home.published) == before
    fill_in(home, help_line="Call 112.")
    published(home)
    after = files(home.published)
    assert {name for name in before if before[name] != after[name]} == {"service.json", "notice.html"}
    assert all(b"service.json" not in data for name, data in after.items() if name.startswith("releases/"))


def test_no_fact_depends_on_a_person(tmp_path: Path) -> None:
    """With ten times as many people, and with none, every fact is the same to the byte."""
    folders = [
        drawn(tmp_path / "some", "2024-W10", "2024-W11"),
        drawn(tmp_path / "more", "2024-W10", "2024-W11", times=10),
        drawn(tmp_path / "none", "2024-W10", "2024-W11", times=0),
    ]
    for home in folders:
        published(home)
    figures = {(home.published / "releases/weekly/2024-W10-r0/measures.csv").read_bytes() for home in folders}
    assert len(figures) == 3
    assert len({(home.published / "service.json").read_bytes() for home in folders}) == 1


def test_verifying_says_when_the_service_s_words_were_changed(home: Home) -> None:
    """A changed help line is a reason to publish, and leaves the figures whole."""
    fill_in(home)
    published(home)
    fill_in(home, help_line="Call 112.")
    (check,) = [check for check in all_checks(home) if not check.ok]
    assert check.name == "service facts are up to date"
    assert "notice.html, service.json" in check.detail
    assert "murmuration publish" in check.detail
    published(home)
    assert differing(all_checks(home)) == []


def test_a_home_that_an_earlier_program_published_verifies(home: Home) -> None:
    """It has no `service.json`; the next publish writes it, and readers have the empty facts until then."""
    published(home)
    (home.published / "service.json").unlink()
    checks = all_checks(home)
    assert differing(checks) == []
    assert "no service.json yet" in checks[-1].detail
    assert read_facts(home.published) == ServiceFacts()
    published(home)
    assert read_facts(home.published) != ServiceFacts()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"format": 2}',
        b'{"publisher": 7}',
        b'{"demo": "yes"}',
        b'{"released": [{"product": "a", "period": "2024-W10", "revision": 0, "drawn_on": "yesterday"}]}',
        b'{"maps": {"region": {"file": "../../secret/pseudonym.key", "sha256": ""}}}',  # no way out of the folder
        b'{"notice": {"file": "notice.html\\n", "sha256": ""}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    """It never reaches a reader half, and the message quotes nothing of it."""
    (tmp_path / "service.json").write_bytes(content)
    with pytest.raises(StoreDamagedError, match=r"service\.json") as refused:
        read_facts(tmp_path)
    assert "murmuration publish" in refused.value.action
    assert "secret" not in refused.value.message


def test_a_damaged_file_leaves_the_releases_whole(home: Home) -> None:
    """Verifying finds it, in the folder alone and in the home, and publishing mends it."""
    published(home)
    (home.published / "service.json").write_bytes(b'{"format": 1')
    assert differing(verify_published(home.published)) == ["service facts"]
    assert differing(all_checks(home)) == ["service facts", "service facts are up to date"]
    published(home)
    assert differing(all_checks(home)) == []


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("released", []),
        ("released", [{"product": PRODUCT, "period": "2024-W10", "revision": 0, "drawn_on": "2024-03-11"}]),
        ("missed", []),
    ],
)
def test_a_copy_s_days_and_missed_periods_are_those_of_its_entries(home: Home, name: str, changed: object) -> None:
    """Whoever was given a copy has no home to compare with, but the entries are in its manifests."""
    published(home)
    path = home.published / "service.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {name: changed}), "utf-8")
    assert differing(verify_published(home.published)) == ["service facts"]


@pytest.mark.parametrize("name", ["notice.html", "map-region.geojson"])
def test_a_changed_or_missing_file_beside_is_found(home: Home, name: str) -> None:
    """`service.json` vouches for the notice and the maps."""
    fill_in(home)
    put_on_the_map(home)
    published(home)
    path = home.published / name
    whole = path.read_bytes()
    for change in (lambda: path.write_bytes(whole + b" "), path.unlink):
        change()
        facts = read_facts(home.published)
        named = facts.notice if name == "notice.html" else facts.maps["region"]
        assert named is not None
        with pytest.raises(StoreDamagedError, match=name):
            read_beside(home.published, named)
        assert differing(verify_published(home.published)) == ["service facts"]
    published(home)
    assert path.read_bytes() == whole


def test_what_is_no_longer_said_is_no_longer_there(home: Home) -> None:
    """A withdrawn map and notice go with the next publish, and so does a draft that a killed one left."""
    fill_in(home)
    put_on_the_map(home)
    published(home)
    shutil.copy(shipped_contracts() / "cohorts.yaml", home.contracts)
    shutil.copy(shipped_contracts() / "service.yaml", home.contracts)
    (home.published / ".map-region.geojson.draft").write_bytes(b"{")
    (home.published / "map-age.geojson").write_bytes(b"{}")
    assert differing(verify_published(home.published)) == ["published files", "service facts"]
    published(home)
    assert sorted(path.name for path in home.published.iterdir()) == ["current.json", "releases", "service.json"]


def test_notes_and_faults_are_published_by_day(home: Home) -> None:
    """A note changes no fingerprint, so no draw; `on` needs no quotes, though to YAML it means yes."""
    with (home.contracts / "service.yaml").open("a") as file:
        file.write("notes:\n  - {on: 2024-03-20, text: A new app}\n  - {'on': 2024-03-11, text: A holiday}\n")
        file.write("faults:\n  - {on: 2024-04-01, text: One source was missing}\n")
    published(home)
    facts = read_facts(home.published)
    assert facts.notes == (
        Noted(on=date(2024, 3, 11), text="A holiday"),
        Noted(on=date(2024, 3, 20), text="A new app"),
    )
    assert [(one.on, one.text) for one in facts.faults] == [(date(2024, 4, 1), "One source was missing")]


def test_a_map_that_is_refused_is_left_out_and_named(home: Home) -> None:
    """Everything else is published first, so a page can be served while the operator corrects the file."""
    put_on_the_map(home)
    published(home)
    path = home.contracts / "regions.geojson"
    path.write_text(path.read_text().replace('"north"', '"unknown"'))
    with pytest.raises(ContractRefusedError, match=r"regions\.geojson: features\.0\.properties\.cohort"):
        published(home)
    assert read_facts(home.published).maps == {}
    assert not (home.published / "map-region.geojson").exists()
    assert differing(verify_published(home.published)) == []
    (check,) = [check for check in all_checks(home) if not check.ok]
    assert "regions.geojson" in check.detail


def test_service_json_is_written_after_the_files_that_it_vouches_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in between, the old facts still name the old files or none that is half there."""
    written: list[str] = []
    monkeypatch.setattr(
        "analytics.trends.publication.service_facts.write_durably", lambda path, _: written.append(path.name)
    )
    write_facts(tmp_path, facts_files(ServiceFacts(), b"notice", {"region": b"map"}))
    assert written == ["map-region.geojson", "notice.html", "service.json"]


def test_a_file_beside_is_one_of_two_kinds() -> None:
    """A name of another kind cannot be written down."""
    for name in ("notice.html", "map-age_band.geojson"):
        assert FileBeside(file=name, sha256="").file == name
    for name in ("current.json", "map-.geojson", "a/notice.html", "map-a.geojson\n"):
        with pytest.raises(ValueError, match="string_pattern_mismatch"):
            FileBeside(file=name, sha256="")


def test_a_map_file_is_beside_the_cohorts() -> None:
    """No path leads out of the contracts."""
    for name in ("../regions.geojson", "/regions.geojson", "regions.json", ".geojson"):
        with pytest.raises(ValueError, match="string_pattern_mismatch"):
            MapFile(file=name)
