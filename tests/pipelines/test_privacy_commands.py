"""The commands of participants and data-protection officers: withdraw, receipts, erase and its proof, notice."""

import json
from pathlib import Path

import pytest

from analytics.home import Home
from analytics.vault.erasure.withdrawal import WithdrawalFile
from analytics.vault.open_database import open_vault
from pipelines.cli import main
from tests.support.asking import Ask, RunBytes, _clock, _own_umask, ask, run_bytes
from tests.support.office import Office, filled, full, office
from tests.support.people import ANA, BEA, CAI, CANARY, CONSENT_HEADER, entry, granted, query

__all__ = ["_clock", "_own_umask", "ask", "filled", "office", "run_bytes"]  # the fixtures


def test_a_list_of_ids_on_standard_input_withdraws(office: Office, ask: Ask) -> None:
    """One heading, one id a line: the answer has counts, and nothing of a person."""
    full(office)
    code, result = ask("withdraw", lines=("person_id", ANA, CAI))
    assert (code, result) == (
        0,
        {
            "people": 2,
            "known": 1,
            "consented_again": 0,
            "already_withdrawn": 0,
            "suspended": 0,
            "waiting": [],
            "receipt": 1,
            "not_read": [],
            "broken_sources": [],
        },
    )
    assert office.places_of(ANA) == []
    assert ask("withdraw", lines=("person_id", ANA))[1] == {
        "people": 0,
        "known": 0,
        "consented_again": 0,
        "already_withdrawn": 1,
        "suspended": 0,
        "waiting": [],
        "receipt": None,
        "not_read": [],
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
    assert (code, result["people"], result["known"]) == (0, 1, 1)
    assert file.exists()
    assert office.places_of(ANA) == []
    assert office.rows_of("person") == 1


def test_a_withdrawal_that_ends_nothing_is_reported_as_such(
    office: Office, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the grant in force, or of an id that is written otherwise: nobody may think that the person is erased."""
    full(office)
    code, result = ask("withdraw", lines=("person_id,recorded_at", f"{ANA},2020-01-01", f"{BEA.upper()},"))
    assert (code, result["people"], result["known"], result["consented_again"]) == (0, 2, 0, 1)
    assert office.rows_of("person") == 2
    file = office.folder / "w.csv"
    file.write_text(f"person_id,recorded_at\n{ANA},2021-01-01\n{BEA.lower()},\n")
    assert main(["--home", str(office.home.root), "withdraw", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Withdrawn and erased: 1 (known here: 0" in said
    assert "1 people consented again later and were kept" in said
    assert "1 were not known here" in said


def test_a_line_that_names_no_person_is_reported(office: Office, ask: Ask) -> None:
    """The others are withdrawn, and the command ends with 3: the lines are to be corrected and sent again."""
    full(office)
    office.home.inbox.joinpath("health_auto_export", BEA, "late.json").unlink()
    code, result = ask("withdraw", lines=("person_id,event", ANA, f"{BEA},granted", " ,withdrawn"))
    assert (code, result["people"]) == (3, 1)
    assert result["not_read"] == [{"line": 3, "rule": "not_allowed"}, {"line": 4, "rule": "missing"}]
    assert result["error"]["message"].startswith("2 lines")
    assert [text for text in office.held() if "granted" in text] == []
    assert office.places_of(ANA) == []


def test_a_rounded_id_withdraws_nobody_and_is_reported(office: Office, ask: Ask) -> None:
    """The command ends with 3, and its answer names the line and the rule."""
    full(office)
    code, result = ask("withdraw", lines=("person_id", ANA, "2.02611E+14"))
    assert (code, result["people"], result["not_read"]) == (3, 1, [{"line": 3, "rule": "damaged_id"}])


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


def test_the_search_finds_what_is_there_and_nothing_afterwards(office: Office, ask: Ask) -> None:
    """Before a withdrawal it says where, without a name in it; afterwards it says what was searched."""
    full(office)
    (office.home.inbox / "canonical" / "new.csv").write_text(f"x\n{ANA}\n")
    code, result = ask("erase", "--search", lines=(ANA, "CANARY phone 0155"))
    assert (code, result["on_suppression_list"]) == (5, 0)
    assert {place.split(" ")[0] for place in result["found"]} == {
        "inbox/canonical/...",
        "inbox/health_auto_export/...",
        "vault/vault.duckdb",
    }
    assert CANARY not in json.dumps(result)
    ask("withdraw", lines=("person_id", ANA))
    code, result = ask("erase", "--search", lines=(ANA,))
    assert (code, result["found"]) == (
        5,
        ["inbox/canonical/... (bytes)"],
    )  # a file of many waits: it is not ours to cut
    (office.home.inbox / "canonical" / "new.csv").unlink()
    code, result = ask("erase", "--search", lines=(ANA, "CANARY phone 0155"))
    assert (code, result["found"], result["unread"], result["orphaned_rows"], result["texts"]) == (0, [], [], 0, 2)
    assert result["on_suppression_list"] == 1
    assert result["files"] >= 20
    assert result["bytes"] > 100_000
    assert result["decoded"]["duckdb"] >= 3


def test_the_search_knows_the_pseudonym_of_any_domain(office: Office, ask: Ask) -> None:
    """An id of a domain that no source declares is found by its pseudonym once the domain is named."""
    office.lines("consents", granted(ANA, domain="app"))
    assert ask("erase", "--search", lines=(ANA,))[0] == 0
    code, result = ask("erase", "--search", "--domain", "app", lines=(ANA,))
    assert (code, result["id_domains"]) == (5, ["app", "default"])


def test_orphaned_rows_are_reported(office: Office, ask: Ask) -> None:
    """A row whose person is gone is an erasure that was not whole."""
    full(office)
    with open_vault(office.home.vault, office.home.suppression_list) as vault:
        query(vault, "UPDATE entry SET person_no = 99")
    code, result = ask("erase", "--search", lines=(CAI,))
    assert (code, result["orphaned_rows"], result["found"]) == (5, 2, [])


@pytest.mark.parametrize(("words", "lines"), [(("--search",), ()), (("--search",), (" ",)), (("--domain", "x"), ())])
def test_a_search_for_nothing_is_refused(ask: Ask, words: tuple[str, ...], lines: tuple[str, ...]) -> None:
    """Nothing on standard input, or a domain without a proof, is a slip."""
    assert ask("erase", *words, lines=lines)[0] == 2


def test_a_corrected_line_that_is_sent_again_is_received(office: Office, ask: Ask) -> None:
    """An unclear line suspends until a corrected file comes; the first one's withdrawals are on the list already."""
    office.lines("consents", granted(ANA), granted(BEA))
    code, result = ask("withdraw", lines=("person_id,event", ANA, f"{BEA},withdrawn?"))
    assert (code, result["people"], result["suspended"]) == (3, 1, 1)
    assert (office.rows_of("person"), office.rows_of("consent_in_force")) == (1, 0)
    code, result = ask("withdraw", lines=("person_id,event", ANA, f"{BEA},withdrawn"))
    assert (code, result["people"], result["already_withdrawn"]) == (0, 1, 1)


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
    assert "orphaned rows: 0" in said
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
def test_the_search_reads_ids_as_withdraw_does(office: Office, run_bytes: RunBytes, said: bytes) -> None:
    """Somebody who is there is found, however a list of ids is written: a heading, other columns, an editor's mark."""
    full(office)
    code, result = run_bytes(said, "erase", "--search")
    assert (code, result["texts"]) == (5, 1)
    assert "vault/vault.duckdb" in {place.split(" ")[0] for place in result["found"]}


@pytest.mark.parametrize(
    "said",
    [
        ANA.encode("utf-16"),
        ANA.encode("utf-16-le"),
        "CANARY-ren\u00e9".encode("latin-1"),
        f"person_id,event\n,{ANA}\n".encode(),  # a shifted line
        pytest.param(f"person_id\n{ANA * 20_000}\n".encode(), id="too long"),  # for a field of a CSV file
    ],
)
def test_the_search_refuses_what_it_cannot_read(office: Office, run_bytes: RunBytes, said: bytes) -> None:
    """Bytes that are no text, and a line that names nobody, would be found nowhere: they are no proof."""
    full(office)
    code, result = run_bytes(said, "erase", "--search")
    assert (code, result["error"]["name"]) == (3, "file_refused")
    assert CANARY not in json.dumps(result)


def test_the_search_takes_domains_from_the_file(office: Office, run_bytes: RunBytes) -> None:
    """A file that names domains is searched in them, too, without --domain."""
    office.lines("consents", granted(ANA, domain="app"))
    code, result = run_bytes(f"person_id,id_domain\n{ANA},app\n".encode(), "erase", "--search")
    assert (code, result["id_domains"]) == (5, ["app", "default"])


def test_an_id_on_the_command_line_is_refused_and_not_repeated(ask: Ask) -> None:
    """A shell remembers its words; the answer, which logs keep, does not."""
    code, result = ask("erase", "--search", ANA, lines=(ANA,))
    assert (code, "standard input" in result["error"]["action"]) == (2, True)
    assert CANARY not in json.dumps(result)


def test_the_search_says_what_it_may_have_found_by_chance(ask: Ask) -> None:
    """A text of four digits occurs in many files; the answer also says that nobody with this id withdrew."""
    result = ask("erase", "--search", lines=("2026",))[1]
    assert (result["short"], result["on_suppression_list"], bool(result["found"])) == (1, 0, True)


def test_the_search_is_found_under_its_old_name(office: Office, ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts that say `--prove` go on; the help has one name for one thing."""
    full(office)
    assert ask("erase", "--prove", lines=(ANA,)) == ask("erase", "--search", lines=(ANA,))
    with pytest.raises(SystemExit):
        main(["erase", "--help"])
    printed = capsys.readouterr().out
    assert ("--search" in printed, "--prove" in printed) == (True, False)


def test_a_withdrawal_hides_the_people_of_its_file() -> None:
    """Neither path nor bytes are in what a debugger or a log would print."""
    assert CANARY not in repr(WithdrawalFile(Path(f"{CANARY}.csv"), ANA.encode()))
