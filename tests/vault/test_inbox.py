"""The inbox: passes over all files, by declaration and age; links unread; a broken declaration stops its own source."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import read_contracts
from analytics.errors import FileRefusedError
from analytics.home import Home
from analytics.vault.files import ingest_file
from analytics.vault.files.inbox import IncomingFile
from analytics.vault.files.joined_files import JoinedFiles
from analytics.vault.files.passes import CHUNK, chunks
from analytics.vault.ingest import ingest_batch
from analytics.vault.open_database import open_vault
from pipelines.steps import chunk_of
from tests.specimens import fhir
from tests.support.people import ANA, BEA, CONSENT_HEADER, ENTRY_HEADER, KEY, NOW, entry, granted, query, withdrawn
from tests.support.recording import Ended, Recorder, recorded

Run = Callable[..., Ended]

DAYLIO = "full_date,date,weekday,time,mood,activities,note_title,note\n"


class Desk:
    """A home, and commands on it under the tests' clock and without the flow engine."""

    def __init__(self, home: Home, run: Run) -> None:
        """Hold the home, and what runs a command."""
        self.home = home
        self._run = run

    def result(self, *words: str) -> dict[str, Any]:
        """Run a command and return its answer."""
        answer: dict[str, Any] = json.loads(self._run("--home", str(self.home.root), *words, "--json").out)
        return answer

    def put(self, path: str, content: str, age: float = 60) -> Path:
        """Put a file into the inbox, so many seconds old."""
        file = self.home.inbox / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        os.utime(file, (NOW.timestamp() - age,) * 2)
        return file

    def consents(self, *rows: str, age: float = 60) -> Path:
        """Put a file of consents into the inbox."""
        return self.put("consents/some.csv", "\n".join([CONSENT_HEADER, *rows]) + "\n", age)

    def moods(self) -> list[tuple[Any, ...]]:
        """Return what is stored of everybody's moods."""
        with open_vault(self.home.vault, self.home.suppression_list) as vault:
            return query(
                vault,
                "SELECT pseudonym, local_date, mood_score FROM entry JOIN person USING (person_no) ORDER BY ALL",
            )


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Return a new home."""
    monkeypatch.chdir(tmp_path)
    with recorded(Recorder(), KEY) as run:
        run("--home", str(tmp_path / "home"), "init", "--start", "2026-04-20")
        yield Desk(Home(tmp_path / "home"), run)


def lines(*resources: dict[str, Any]) -> str:
    """Return resources, one a line."""
    return "".join(json.dumps(resource) + "\n" for resource in resources)


def diary(*days: str, mood: str = "good") -> str:
    """Return a Daylio export."""
    return DAYLIO + "".join(f'{day},,,08:15,{mood},"","",""\n' for day in days)


@pytest.mark.parametrize("ada", [(), ("Consent",)], ids=["without the note", "with the note"])
def test_a_note_with_the_word_consent_moves_no_file(desk: Desk, ada: tuple[str, ...]) -> None:
    """A correction is newer than what it corrects, whatever somebody else writes beside it."""
    desk.consents(granted(BEA))
    desk.put("fhir/a.ndjson", lines(fhir.mood("1", BEA, valence=-1)), age=200)
    notes = [fhir.mood("2", ANA, note=[{"text": text, "resourceType": text}]) for text in ada]
    desk.put("fhir/b.ndjson", lines(fhir.mood("1", BEA, valence=1), *notes), age=100)  # Bea's correction
    desk.result("ingest", "--inbox")
    assert [score for _, _, score in desk.moods()] == [100_000]


def test_consents_of_all_files_come_before_entries_of_any(desk: Desk) -> None:
    """Entries are the oldest file of the first source, the consent is in the newest of the last."""
    desk.put(f"daylio_csv/{BEA}/export.csv", diary("2026-05-04"), age=300)
    desk.put("fhir/z.ndjson", lines(fhir.mood("1", BEA), fhir.consent(BEA)), age=20)
    result = desk.result("ingest", "--inbox")
    assert [(file["source"], file["read"], file["accepted"]) for file in result["files"]] == [
        ("fhir", 2, 2),  # of its two passes
        ("daylio_csv", 1, 1),
    ]
    assert not list(desk.home.inbox.rglob("*.*"))


def test_a_withdrawal_in_a_later_file_is_received_before_any_entry(desk: Desk) -> None:
    desk.consents(granted(BEA))
    desk.put(f"daylio_csv/{BEA}/export.csv", diary("2026-05-04"), age=300)
    desk.put("withdrawals/w.csv", "\n".join([CONSENT_HEADER, withdrawn(BEA)]) + "\n", age=20)
    desk.result("ingest", "--inbox")
    assert desk.moods() == []


def test_named_files_are_taken_in_in_the_same_passes(desk: Desk, tmp_path: Path) -> None:
    """The consent is in the second file that the command names."""
    (tmp_path / "1.ndjson").write_text(lines(fhir.mood("1", BEA)))
    (tmp_path / "2.ndjson").write_text(lines(fhir.consent(BEA)))
    result = desk.result("ingest", "fhir", "1.ndjson", "2.ndjson")
    assert [file["accepted"] for file in result["files"]] == [1, 1]


def test_a_file_that_is_refused_in_one_pass_is_read_in_no_later_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused once, and reported once."""
    read: list[str] = []
    before = ingest_batch

    def noted(*args: Any) -> Any:  # noqa: ANN401 -- as the function's own
        read.append(args[-1][0].name)
        return before(*args)

    monkeypatch.setattr("analytics.vault.files.ingest_file.ingest_batch", noted)
    desk.put("fhir/a.json", "{")
    result = desk.result("ingest", "--inbox")
    assert read == ["consents"]
    assert [file["error"]["name"] for file in result["files"]] == ["file_refused"]
    assert result["error"]["code"] == 3


def test_a_file_that_changes_between_two_passes_waits_for_the_next_command(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.put("fhir/a.ndjson", lines(fhir.consent(BEA), fhir.mood("1", BEA)))
    before = ingest_batch

    def grown(*args: Any) -> Any:  # noqa: ANN401 -- as the function's own
        report = before(*args)
        with path.open("a") as file:
            file.write("{}\n")
        return report

    with monkeypatch.context() as patch:
        patch.setattr("analytics.vault.files.ingest_file.ingest_batch", grown)
        result = desk.result("ingest", "--inbox")
    assert (result["files"][0]["accepted"], result["left_in_inbox"]) == (1, 1)  # the consent
    assert desk.moods() == []
    os.utime(path, (NOW.timestamp() - 60,) * 2)
    again = desk.result("ingest", "--inbox")["files"][0]
    assert (again["accepted"], again["duplicates"]) == (1, 1)
    assert not path.exists()


@pytest.mark.parametrize(
    "place", ["consents/link.csv", f"daylio_csv/{BEA}/export.csv", f"daylio_csv/{BEA}", "daylio_csv", "canonical"]
)
def test_a_link_in_the_inbox_is_refused_unread(desk: Desk, tmp_path: Path, place: str) -> None:
    """Whether to a file, to a person's folder or to a source's: what it leads to stays as it is."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "export.csv").write_text(diary("2026-05-04"))
    (outside / BEA).mkdir()
    (outside / BEA / "export.csv").write_text(diary("2026-05-04"))
    desk.consents(granted(BEA))
    link = desk.home.inbox / place
    link.parent.mkdir(exist_ok=True)
    if link.is_dir():
        link.rmdir()
    link.symlink_to(outside / "export.csv" if link.suffix else outside)
    result = desk.result("ingest", "--inbox")
    refused = [file["error"] for file in result["files"] if "error" in file]
    assert [(one["code"], "link" in one["message"], "Remove the link" in one["action"]) for one in refused] == [
        (3, True, True)
    ]
    assert result["left_in_inbox"] == 0
    assert desk.moods() == []
    desk.result("withdraw", str(_withdrawals(tmp_path)))
    assert sorted(path.name for path in outside.rglob("*.csv")) == ["export.csv", "export.csv"]
    link.unlink(missing_ok=True)


def _withdrawals(folder: Path) -> Path:
    path = folder / "w.csv"
    path.write_text(f"person_id\n{BEA}\n")
    return path


def test_a_folder_that_becomes_a_link_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    """Between the listing and the reading, too."""
    path = desk.put(f"daylio_csv/{BEA}/export.csv", diary("2026-05-04"))
    incoming = IncomingFile(1, "daylio_csv", path, from_inbox=True, person=BEA)
    path.parent.rename(tmp_path / "elsewhere")
    path.parent.symlink_to(tmp_path / "elsewhere")
    contracts = read_contracts(desk.home.contracts, "standard")
    with open_vault(desk.home.vault, desk.home.suppression_list) as vault:
        file_ingest = ingest_file.FileIngest(desk.home, vault, contracts, KEY, NOW)
        with pytest.raises(FileRefusedError, match="link"):
            file_ingest.ingest(incoming)
    path.parent.unlink()


def break_canonical(desk: Desk) -> None:
    """Make a slip in one source's declaration."""
    path = desk.home.contracts / "sources" / "canonical.yaml"
    path.write_text(path.read_text().replace("kind:", "knid:"))


def test_a_broken_declaration_stops_its_own_source_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    break_canonical(desk)
    monkeypatch.undo()
    contracts = read_contracts(desk.home.contracts, "standard")
    assert list(contracts.broken) == ["canonical"]
    assert "fhir" in contracts.sources
    assert "canonical.yaml: " in contracts.broken["canonical"].message


def test_files_of_a_broken_declaration_are_refused_singly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the declaration's error; the others are taken in, and the answer says which declaration it is."""
    break_canonical(desk)
    _reads_the_home_s(monkeypatch)
    desk.consents(granted(BEA))
    waiting = desk.put("canonical/a.csv", f"{ENTRY_HEADER}\n{entry(BEA)}\n")
    desk.put("fhir/a.ndjson", lines(fhir.mood("1", BEA)))
    result = desk.result("ingest", "--inbox")
    assert [(file["source"], file["accepted"], file.get("error", {}).get("name")) for file in result["files"]] == [
        ("consents", 1, None),
        ("canonical", 0, "contract_refused"),
        ("fhir", 1, None),
    ]
    assert [one["source"] for one in result["broken_sources"]] == ["canonical"]
    assert waiting.exists()
    named = desk.result("ingest", "canonical", "a.csv")
    assert named["error"]["name"] == "contract_refused"


BROKEN_FILES = ("sources/canonical.yaml", "mood_entry.odcs.yaml", "participant.odcs.yaml", "service.yaml")


@pytest.mark.parametrize("file", [*BROKEN_FILES, "cohorts.yaml", "release_plan.yaml", "published_pair.odcs.yaml"])
def test_who_leaves_is_erased_whatever_is_wrong_with_other_contracts(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """`withdraw`, `erase`, `receipts`, `ledger` and `verify` need neither sources nor plan nor grid."""
    desk.consents(granted(BEA))
    desk.put("fhir/a.ndjson", lines(fhir.mood("1", BEA)))
    desk.result("ingest", "--inbox")
    _reads_the_home_s(monkeypatch)
    (desk.home.contracts / file).write_text("broken: [")
    assert desk.result("withdraw", str(_withdrawals(tmp_path)))["people"] == 1
    assert desk.moods() == []
    for command in ("erase", "receipts", "ledger"):
        assert "error" not in desk.result(command)


@pytest.mark.parametrize("file", BROKEN_FILES)
def test_a_release_and_publish_need_nothing_of_what_comes_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    _reads_the_home_s(monkeypatch)
    (desk.home.contracts / file).write_text("broken: [")
    result = desk.result("release", "--period", "2026-W17")
    assert [one["period"] for one in result["released"]] == ["2026-W17"]
    assert "error" not in desk.result("publish")


def _reads_the_home_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the home's own contracts; other tests of commands read the shipped ones once."""
    from analytics import contracts  # noqa: PLC0415 -- beside the only use

    for module, names in {
        "commands": ("read_contracts", "read_published"),
        "steps": ("read_declarations", "read_release_contracts"),
    }.items():
        for name in names:
            monkeypatch.setattr(f"pipelines.{module}.{name}", getattr(contracts, name))


def test_small_files_together_leave_what_they_leave_one_by_one(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows and the same counts, with refused rows, a refused file, and two files of one person."""
    found = []
    for together in (True, False):
        home = tmp_path / f"home-{together}"
        other = Desk(Home(home), desk._run)
        desk._run("--home", str(home), "init", "--start", "2026-04-20")
        other.consents(granted(ANA), granted(BEA))
        other.put(f"daylio_csv/{ANA}/1.csv", diary("2026-05-04", "2026-05-05"), age=90)
        other.put(f"daylio_csv/{ANA}/2.csv", diary("2026-05-05", "nonsense", mood="bad"), age=80)  # a correction
        other.put(f"daylio_csv/{BEA}/1.csv", diary("2026-05-04", mood="no such word"))
        other.put(f"daylio_csv/{BEA}/2.csv", "no export\n")
        other.put("daylio_csv/a stranger/1.csv", diary("2026-05-04"))
        with monkeypatch.context() as patch:
            if not together:
                patch.setattr(JoinedFiles, "accepts", staticmethod(lambda _source, _batch: False))
            result = other.result("ingest", "--inbox")
        with open_vault(other.home.vault, other.home.suppression_list) as vault:
            tables = ("entry", "quarantine", "refused_record", "batch", "factor", "person")
            rows = {name: query(vault, f"SELECT * FROM {name} ORDER BY ALL") for name in tables}  # noqa: S608 -- names
        found.append((result["files"], rows))
    assert found[0] == found[1]
    files, rows = found[0]
    assert [(file["file"], file["accepted"], sum(file["quarantined"].values())) for file in files][1:] == [
        ("5", 0, 0),
        ("4 of one person each", 3, 2),
    ]
    # Of a record whose date cannot be read nothing is held: the reader could not take it apart.
    assert (len(rows["entry"]), len(rows["quarantine"]), len(rows["refused_record"])) == (2, 1, 1)


def test_a_group_that_fails_is_taken_in_file_by_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nobody's file has a part in what becomes of another's."""

    def fails(_joined: JoinedFiles) -> None:
        raise MemoryError

    monkeypatch.setattr(JoinedFiles, "ingest", fails)
    desk.consents(granted(ANA), granted(BEA))
    for person in (ANA, BEA):
        desk.put(f"daylio_csv/{person}/1.csv", diary("2026-05-04"))
    result = desk.result("ingest", "--inbox")
    assert result["files"][-1]["accepted"] == 2
    assert "error" not in result


def test_very_many_files_are_few_tasks_of_short_words(desk: Desk) -> None:
    """Prefect takes 512 KiB a parameter: a chunk is a range of batch numbers, however many files there are."""
    contracts = read_contracts(desk.home.contracts, "standard")
    files = [IncomingFile(number, "daylio_csv", Path("x"), person="p") for number in range(1, 80_001)]
    planned = [chunk_of(one, part) for one, part in chunks(files, contracts)]
    assert len(planned) == 80_000 / CHUNK
    assert (planned[0].name, planned[-1].last) == (f"entries-daylio_csv-1-{CHUNK}", 80_000)
    assert max(len(chunk.name) for chunk in planned) < 40
