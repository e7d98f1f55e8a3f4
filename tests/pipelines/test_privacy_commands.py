"""The commands of participants and data-protection officers: withdraw, receipts, erase and its proof, notice."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analytics.home import Home
from analytics.vault.open_database import open_vault
from pipelines.cli import main
from pipelines.settings import Settings
from tests.support.people import ANA, BEA, CAI, CANARY, CONSENT_HEADER, NOW, entry, granted, query
from tests.vault.test_erasure import Office, filled, full, office

__all__ = ["filled", "office"]  # the fixtures

Answer = tuple[int, dict[str, Any]]
Ask = Callable[..., Answer]
Tell = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands run on the tests' day: what is held would be too old on any other."""
    whole = Settings.read

    def read(**words: bool) -> Settings:
        return replace(whole(**words), now=NOW)

    monkeypatch.setattr(Settings, "read", read)


@pytest.fixture
def tell(office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Return what runs a command on the home, with bytes on standard input, and reads its one JSON object."""

    def result(said: bytes, *words: str) -> Answer:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(said), isatty=lambda: False))
        code = main(["--home", str(office.home.root), *words, "--json"])
        answer = json.loads(capsys.readouterr().out)
        assert (code == 0) == ("error" not in answer)
        return code, answer

    return result


@pytest.fixture
def ask(tell: Tell) -> Ask:
    """Return what runs a command on the home, with lines on standard input."""

    def asked(*words: str, lines: tuple[str, ...] = ()) -> Answer:
        return tell("".join(f"{line}\n" for line in lines).encode(), *words)

    return asked


def test_a_list_of_ids_on_standard_input_withdraws(office: Office, ask: Ask) -> None:
    """One heading, one id a line: told are counts, and nothing of a person."""
    full(office)
    code, result = ask("withdraw", lines=("person_id", ANA, CAI))
    assert (code, result) == (
        0,
        {
            "people": 2,
            "of_them_known": 1,
            "of_them_consenting_anew": 0,
            "already_on_the_list": 0,
            "suspended": 0,
            "waiting": [],
            "receipt": 1,
            "unheard": [],
            "broken_sources": [],
        },
    )
    assert office.places_of(ANA) == []
    assert ask("withdraw", lines=("person_id", ANA))[1] == {
        "people": 0,
        "of_them_known": 0,
        "of_them_consenting_anew": 0,
        "already_on_the_list": 1,
        "suspended": 0,
        "waiting": [],
        "receipt": None,
        "unheard": [],
        "broken_sources": [],
    }
    assert list((office.home.vault.parent / "spill").iterdir()) == []


def test_a_file_of_events_withdraws_and_stays(office: Office, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named file is relative to the folder of the caller, and is not touched."""
    full(office)
    monkeypatch.chdir(office.folder)
    file = office.file("w", f"{ANA},withdrawn,2026-05-30,,population_statistics,,")
    file.write_text(f"{CONSENT_HEADER}\n{ANA},withdrawn,2026-05-30,,population_statistics,,\n")
    code, result = ask("withdraw", file.name)
    assert (code, result["people"], result["of_them_known"]) == (0, 1, 1)
    assert file.exists()
    assert office.places_of(ANA) == []
    assert office.rows_of("person") == 1


def test_a_withdrawal_that_ends_nothing_is_told_as_such(
    office: Office, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the grant in force, or of an id that is written otherwise: nobody may think that the person is erased."""
    full(office)
    code, result = ask("withdraw", lines=("person_id,recorded_at", f"{ANA},2020-01-01", f"{BEA.upper()},"))
    assert (code, result["people"], result["of_them_known"], result["of_them_consenting_anew"]) == (0, 2, 0, 1)
    assert office.rows_of("person") == 2
    file = office.folder / "w.csv"
    file.write_text(f"person_id,recorded_at\n{ANA},2021-01-01\n{BEA.lower()},\n")
    assert main(["--home", str(office.home.root), "withdraw", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Withdrawn and erased: 1 (known here: 0" in said
    assert "1 more stay: a grant recorded after" in said
    assert "1 of them were not known here" in said


def test_a_line_that_names_nobody_is_told(office: Office, ask: Ask) -> None:
    """The others are withdrawn, and the command ends with 3: the lines are to be corrected and sent again."""
    full(office)
    office.home.inbox.joinpath("health_auto_export", BEA, "late.json").unlink()
    code, result = ask("withdraw", lines=("person_id,event", ANA, f"{BEA},granted", " ,withdrawn"))
    assert (code, result["people"]) == (3, 1)
    assert result["unheard"] == [{"line": 3, "rule": "not_allowed"}, {"line": 4, "rule": "missing"}]
    assert result["error"]["message"].startswith("2 lines")
    assert [text for text in office.held() if "granted" in text] == []
    assert office.places_of(ANA) == []


def test_a_rounded_id_withdraws_nobody_and_is_told(office: Office, ask: Ask) -> None:
    """The command ends with 3, and its answer names the line and the rule."""
    full(office)
    code, result = ask("withdraw", lines=("person_id", ANA, "2.02611E+14"))
    assert (code, result["people"], result["unheard"]) == (3, 1, [{"line": 3, "rule": "damaged_id"}])


@pytest.mark.parametrize("lines", [(), (ANA,), ("who", ANA)])
def test_what_has_no_heading_is_refused(ask: Ask, office: Office, lines: tuple[str, ...]) -> None:
    """An id in the first line would be taken for a heading: nothing is guessed, and nothing of it is repeated."""
    code, result = ask("withdraw", lines=lines)
    assert code == 3
    assert CANARY not in json.dumps(result)
    assert list((office.home.vault.parent / "spill").iterdir()) == []


def test_receipts_say_when_and_how_many(office: Office, ask: Ask) -> None:
    """One receipt for each batch of withdrawals, without anybody in it; the head can be noted."""
    assert ask("receipts")[1] == {"receipts": [], "waiting": [], "head": {"sequence": 0, "hash": ""}}
    full(office)
    ask("withdraw", lines=("person_id", ANA, CAI))
    ask("withdraw", lines=("person_id", BEA))
    result = ask("receipts")[1]
    assert [(one["receipt"], one["people"], len(one["erased"])) for one in result["receipts"]] == [(1, 2, 1), (2, 1, 1)]
    assert result["receipts"][0]["erased"][0].keys() == {"at", "cause", "inbox_files"}
    assert result["head"]["sequence"] == 2
    assert office.pseudonym(ANA).hex() not in json.dumps(result)


def test_the_proof_finds_what_is_there_and_nothing_afterwards(office: Office, ask: Ask) -> None:
    """Before a withdrawal it says where, without a name in it; afterwards it says what was searched."""
    full(office)
    (office.home.inbox / "canonical" / "new.csv").write_text(f"x\n{ANA}\n")
    code, result = ask("erase", "--prove", lines=(ANA, "CANARY phone 0155"))
    assert (code, result["on_the_list"]) == (5, 0)
    assert {place.split(" ")[0] for place in result["found"]} == {
        "inbox/canonical/...",
        "inbox/health_auto_export/...",
        "vault/vault.duckdb",
    }
    assert CANARY not in json.dumps(result)
    ask("withdraw", lines=("person_id", ANA))
    code, result = ask("erase", "--prove", lines=(ANA,))
    assert (code, result["found"]) == (
        5,
        ["inbox/canonical/... (bytes)"],
    )  # a file of many waits: it is not ours to cut
    (office.home.inbox / "canonical" / "new.csv").unlink()
    code, result = ask("erase", "--prove", lines=(ANA, "CANARY phone 0155"))
    assert (code, result["found"], result["unread"], result["rows_of_nobody"], result["texts"]) == (0, [], [], 0, 2)
    assert result["on_the_list"] == 1
    assert result["files"] >= 20
    assert result["bytes"] > 100_000
    assert result["decoded"]["duckdb"] >= 3


def test_the_proof_knows_the_pseudonym_of_any_domain(office: Office, ask: Ask) -> None:
    """An id of a domain that no source declares is found by its pseudonym once the domain is named."""
    office.lines("consents", granted(ANA, domain="app"))
    assert ask("erase", "--prove", lines=(ANA,))[0] == 0
    code, result = ask("erase", "--prove", "--domain", "app", lines=(ANA,))
    assert (code, result["id_domains"]) == (5, ["app", "default"])


def test_rows_of_nobody_are_told(office: Office, ask: Ask) -> None:
    """A row whose person is gone is an erasure that was not whole."""
    full(office)
    with open_vault(office.home.vault, office.home.suppression_list) as vault:
        query(vault, "UPDATE entry SET person_no = 99")
    code, result = ask("erase", "--prove", lines=(CAI,))
    assert (code, result["rows_of_nobody"], result["found"]) == (5, 2, [])


@pytest.mark.parametrize(("words", "lines"), [(("--prove",), ()), (("--prove",), (" ",)), (("--domain", "x"), ())])
def test_a_proof_of_nothing_is_refused(ask: Ask, words: tuple[str, ...], lines: tuple[str, ...]) -> None:
    """Nothing on standard input, or a domain without a proof, is a slip."""
    assert ask("erase", *words, lines=lines)[0] == 2


def test_a_retry_after_a_correction_hears_the_line(office: Office, ask: Ask) -> None:
    """An unclear line suspends until a corrected file comes; the first one's withdrawals are on the list already."""
    office.lines("consents", granted(ANA), granted(BEA))
    code, result = ask("withdraw", lines=("person_id,event", ANA, f"{BEA},withdrawn?"))
    assert (code, result["people"], result["suspended"]) == (3, 1, 1)
    assert (office.rows_of("person"), office.rows_of("consent_in_force")) == (1, 0)
    code, result = ask("withdraw", lines=("person_id,event", ANA, f"{BEA},withdrawn"))
    assert (code, result["people"], result["already_on_the_list"]) == (0, 1, 1)


@pytest.mark.parametrize(("form", "begins"), [("text", "Sharing"), ("markdown", "# "), ("html", "<!doctype html>")])
def test_the_notice_is_printed_in_three_forms(ask: Ask, office: Office, form: str, begins: str) -> None:
    """From the home's own contracts; what the service has not filled in is said."""
    code, result = ask("notice", "--format", form)
    assert (code, result["format"], result["unfilled"]) == (0, form, ["name", "contact"])
    assert result["notice"].lower().startswith(begins.lower())
    file = office.home.contracts / "service.yaml"
    file.write_text(file.read_text().replace("[your service]", "Aurora <Clinic>"))
    result = ask("notice", "--format", form)[1]
    assert ("Aurora &lt;Clinic&gt;" if form == "html" else "Aurora") in result["notice"]


def test_the_notice_needs_no_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever considers the program can read it first, of any plan."""
    assert main(["--home", str(tmp_path / "none"), "notice", "--plan", "small"]) == 0
    assert "Every four weeks" in capsys.readouterr().out
    assert not Home(tmp_path / "none").exists()


def test_answers_for_people_name_nobody(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """The plain lines too: counts, dates and places."""
    full(office)
    file = office.file("w", ANA)
    words = ["--home", str(office.home.root)]
    assert main([*words, "withdraw", str(file)]) == 0
    assert main([*words, "receipts"]) == 0
    assert main([*words, "erase"]) == 0
    said = capsys.readouterr().out
    assert "Withdrawn and erased: 1 (known here: 1" in said
    assert "people 1, received" in said
    assert "rows of nobody: 0" in said
    assert CANARY not in said
    assert office.lines("canonical", entry(ANA)).without_consent == 1


@pytest.mark.parametrize(
    "said",
    [
        f"\ufeff{ANA}\n".encode(),  # an editor's mark
        f"person_id\n{ANA}\n".encode(),
        f'\ufeffevent, person_id ,recorded_at\r\nwithdrawn,"{ANA}",2026-05-30\r\n'.encode(),  # the file that withdraws
        f"{ANA} \n\n".encode(),
    ],
)
def test_the_proof_reads_ids_as_withdraw_does(office: Office, tell: Tell, said: bytes) -> None:
    """Somebody who is there is found, however a list of ids is written: a heading, other columns, an editor's mark."""
    full(office)
    code, result = tell(said, "erase", "--prove")
    assert (code, result["texts"]) == (5, 1)
    assert "vault/vault.duckdb" in {place.split(" ")[0] for place in result["found"]}


@pytest.mark.parametrize(
    "said",
    [
        ANA.encode("utf-16"),
        ANA.encode("utf-16-le"),
        "CANARY-ren\u00e9".encode("latin-1"),
        f"person_id,event\n,{ANA}\n".encode(),  # a shifted line
    ],
)
def test_the_proof_refuses_what_it_cannot_read(office: Office, tell: Tell, said: bytes) -> None:
    """Bytes that are no text, and a line that names nobody, would be found nowhere: they are no proof."""
    full(office)
    code, result = tell(said, "erase", "--prove")
    assert (code, result["error"]["name"]) == (3, "file_refused")
    assert CANARY not in json.dumps(result)


def test_the_proof_takes_domains_from_the_file(office: Office, tell: Tell) -> None:
    """A file that names domains is searched in them, too, without --domain."""
    office.lines("consents", granted(ANA, domain="app"))
    code, result = tell(f"person_id,id_domain\n{ANA},app\n".encode(), "erase", "--prove")
    assert (code, result["id_domains"]) == (5, ["app", "default"])


def test_an_id_on_the_command_line_is_refused_and_not_repeated(ask: Ask) -> None:
    """A shell remembers its words; the answer, which logs keep, does not."""
    code, result = ask("erase", "--prove", ANA, lines=(ANA,))
    assert (code, "standard input" in result["error"]["action"]) == (2, True)
    assert CANARY not in json.dumps(result)


def test_the_proof_says_what_it_may_have_met_by_chance(ask: Ask) -> None:
    """A text of four digits stands in many files; that nobody of it withdrew is told as well."""
    result = ask("erase", "--prove", lines=("2026",))[1]
    assert (result["short"], result["on_the_list"], bool(result["found"])) == (1, 0, True)
