"""Consent events: whatever their order, repetition or contradiction, each has one result (docs/consent.md)."""

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.errors import FileRefusedError, StoreDamagedError
from analytics.sqlfiles import statement
from analytics.vault.erasure import TABLES_OF_PEOPLE
from analytics.vault.store import Vault
from tests.people import (
    ANA,
    BEA,
    CAI,
    CONSENT_HEADER,
    DEE,
    ENTRY_HEADER,
    WEEK,
    Desk,
    balances,
    entry,
    granted,
    pseudonym,
    query,
    registered,
    row_counts,
    vault_at,
    withdrawn,
    write,
)
from tests.specimens import fhir

SQL = Path(__file__).parents[1] / "analytics" / "vault" / "sql"


def everything(person: str, *others: str) -> Callable[[Desk], None]:
    """Return what fills a vault with everything that it can keep of a person."""

    def fill(desk: Desk) -> None:
        desk.consents(*(granted(each) for each in (person, *others)))
        desk.participants(*(registered(each) for each in (person, *others)))
        desk.entries(*(entry(each) for each in (person, *others)))

    return fill


def people_of(desk: Desk) -> set[bytes]:
    """Return the pseudonyms that the vault has."""
    return {each for (each,) in query(desk.vault, "SELECT pseudonym FROM person")}


def uncovered(vault: Vault) -> int:
    """Count what consent in force does not cover: people, entries, totals, rows of nobody."""
    dated = "SELECT person_no, local_date FROM entry UNION ALL SELECT person_no, local_date FROM questionnaire_total"
    found = query(vault, f"SELECT count(*) FROM ({dated}) LEFT JOIN consent_in_force USING (person_no) "  # noqa: S608 -- our names
                  "WHERE covers_from IS NULL OR local_date < covers_from")[0][0]  # fmt: skip
    people = query(vault, "SELECT count(*) FROM person ANTI JOIN consent_in_force USING (person_no)")[0][0]
    return int(found + people + vault.rows("erasure/nobody_s")[0][0])


# name in docs/consent.md -> what came before, what comes, (accepted, duplicates, without consent), whether the person
# consents then, entries kept
STATES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[int, int, int], bool, int]] = {
    "grant of somebody new": ((), (granted(ANA),), (1, 0, 0), True, 0),
    "grant again": ((granted(ANA),), (granted(ANA),), (0, 1, 0), True, 1),
    "grant again, other version": ((granted(ANA),), (granted(ANA, version="v2"),), (0, 1, 0), True, 1),
    "grant twice in one file": ((), (granted(ANA), granted(ANA)), (1, 1, 0), True, 0),
    "grant that covers more": ((granted(ANA),), (granted(ANA, "2026-02-01", "2025-06-01"),), (1, 0, 0), True, 1),
    "grant that covers less": ((granted(ANA),), (granted(ANA, "2026-02-01", "2026-05-05"),), (1, 0, 0), True, 1),
    "grant recorded in the future": ((), (granted(ANA, "2030-01-01"),), (0, 0, 0), False, 0),
    "grant that covers the future only": ((), (granted(ANA, covers="2026-12-01"),), (1, 0, 0), True, 0),
    "grant of another scope": ((), (f"{ANA},granted,2026-01-01,2026-01-01,research,v1,",), (0, 0, 0), False, 0),
    "withdrawal": ((granted(ANA),), (withdrawn(ANA),), (1, 0, 0), False, 0),
    "withdrawal again": ((granted(ANA), withdrawn(ANA)), (withdrawn(ANA),), (0, 1, 0), False, 0),
    "withdrawal of somebody unknown": ((), (withdrawn(ANA),), (1, 0, 0), False, 0),
    "withdrawal recorded in the future": ((granted(ANA),), (withdrawn(ANA, "2030-01-01"),), (1, 0, 0), False, 0),
    "withdrawal without a time": ((granted(ANA),), (f"{ANA},withdrawn,,,,,",), (1, 0, 0), False, 0),
    "withdrawal without a time, sent again": (
        (f"{ANA},withdrawn,,,,,",),
        (f"{ANA},withdrawn,,,,,",),
        (0, 1, 0),
        False,
        0,
    ),
    "withdrawal without a time, sent again after a later grant": (
        (f"{ANA},withdrawn,2026-05-01,,,,", granted(ANA, "2026-05-02")),
        (f"{ANA},withdrawn,,,,,",),
        (1, 0, 0),
        False,
        0,
    ),
    "withdrawal of another scope": ((granted(ANA),), (f"{ANA},withdrawn,2026-05-01,,research,,",), (1, 0, 0), False, 0),
    "grant and withdrawal of one instant": (
        (),
        (granted(ANA, "2026-03-01T10:00Z"), withdrawn(ANA, "2026-03-01T10:00Z")),
        (2, 0, 0),
        False,
        0,
    ),
    "old grant after its withdrawal": ((withdrawn(ANA),), (granted(ANA),), (0, 0, 1), False, 0),
    "old grant sent again": ((granted(ANA), withdrawn(ANA)), (granted(ANA),), (0, 0, 1), False, 0),
    "grant after a withdrawal": ((granted(ANA), withdrawn(ANA)), (granted(ANA, "2026-05-21"),), (1, 0, 0), True, 0),
    "withdrawal and later grant in one file": (
        (granted(ANA),),
        (withdrawn(ANA, "2026-05-01"), granted(ANA, "2026-05-02", "2026-05-05")),
        (2, 0, 0),
        True,
        0,
    ),
    "withdrawal and later grant that covers the same": (
        (granted(ANA),),
        (withdrawn(ANA, "2026-05-01"), granted(ANA, "2026-05-02", "2026-05-04")),
        (2, 0, 0),
        True,
        0,
    ),
    "withdrawal of before the grant in force": (
        (granted(ANA, "2026-03-01", "2026-03-01"),),
        (withdrawn(ANA, "2026-02-01"),),
        (1, 0, 0),
        True,
        1,
    ),
    "withdrawal in the future, then a grant of today": (
        (withdrawn(ANA, "2030-01-01"),),
        (granted(ANA, "2026-06-01T11:00Z"),),
        (0, 0, 1),
        False,
        0,
    ),
    "withdrawal in the future, then a grant of tomorrow": (
        (withdrawn(ANA, "2030-01-01"),),
        (granted(ANA, "2026-06-02T11:00Z"),),
        (1, 0, 0),
        True,
        0,
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_each_event_has_one_result(desk: Desk, state: str) -> None:
    """What is counted, whether the person consents then, and whether an entry of 4 May is still kept."""
    before, events, counts, consents, kept = STATES[state]
    if before:
        desk.consents(*before)
    desk.entries(entry(ANA, "2026-05-04"))
    later = replace(desk, now=desk.now + timedelta(days=2)) if "tomorrow" in state else desk
    report = later.consents(*events)
    assert (report.accepted, report.duplicates, report.without_consent) == counts
    assert balances(report)
    assert query(desk.vault, "SELECT count(*) FROM consent_in_force") == [(int(consents),)]
    assert people_of(desk) == ({pseudonym(ANA)} if consents else set())
    assert row_counts(desk.vault)["entry"] == kept
    assert uncovered(desk.vault) == 0


def test_the_page_lists_each_event() -> None:
    """docs/consent.md has one row for each of these states, with the same counts and the same end, and no other."""
    page = (SQL.parents[2] / "docs" / "consent.md").read_text()
    part = next(part for part in page.split("## ") if part.startswith("What each event gets"))
    rows = re.findall(r"^\| ([^|]+?) \| [^|]+ \| ([^|]+?) \| (yes|no) \|$", part, re.MULTILINE)
    assert rows == [(name, _counted(state[2]), "yes" if state[3] else "no") for name, state in STATES.items()]


def _counted(counts: tuple[int, int, int]) -> str:
    names = zip(("accepted", "duplicates", "without consent"), counts, strict=True)
    return ", ".join(name for name, count in names if count) or "quarantined"


def test_a_withdrawal_leaves_nothing_of_the_person(desk: Desk) -> None:
    """Entries, register, consents and the person's number go; of the others nothing changes."""
    everything(ANA, BEA)(desk)
    desk.consents(withdrawn(ANA))
    assert people_of(desk) == {pseudonym(BEA)}
    assert {table: row_counts(desk.vault)[table] for table in ("entry", "register", "consent_event")} == {
        "entry": 1,
        "register": 1,
        "consent_event": 1,
    }
    assert desk.everyone() == {3: 1_000_000}


def test_rows_sent_again_are_refused_and_counted(desk: Desk) -> None:
    """After a withdrawal no file brings anything of the person back."""
    everything(ANA, BEA)(desk)
    desk.consents(withdrawn(ANA))
    assert desk.consents(granted(ANA), granted(BEA)).without_consent == 1
    assert desk.participants(registered(ANA), registered(BEA)).without_consent == 1
    assert desk.entries(entry(ANA), entry(BEA)).without_consent == 1
    assert people_of(desk) == {pseudonym(BEA)}


def test_who_comes_back_begins_anew(desk: Desk) -> None:
    """A new grant admits what its own cover admits; what was kept before is gone until it is sent again."""
    everything(ANA)(desk)
    desk.entries(entry(ANA, "2026-05-08"))
    desk.consents(withdrawn(ANA, "2026-05-20"))
    desk.consents(granted(ANA, "2026-05-21", "2026-05-06"))
    assert desk.everyone() == {}
    report = desk.entries(entry(ANA, "2026-05-04"), entry(ANA, "2026-05-08"))
    assert (report.accepted, report.without_consent) == (1, 1)
    assert {cohort for (table, cohort, _) in desk.cells() if table == ("region",)} == {("unknown",)}
    desk.participants(registered(ANA))
    assert {cohort for (table, cohort, _) in desk.cells() if table == ("region",)} == {("north",)}


@pytest.mark.parametrize("files", [1, 2])
def test_who_leaves_and_comes_back_begins_anew_in_one_file_as_in_two(desk: Desk, files: int) -> None:
    """The register, what was deleted at the source and older consents go with the entries; what comes next is kept."""
    everything(ANA, BEA)(desk)
    query(desk.vault, "INSERT INTO deleted_entry SELECT person_no, source_no, key_kind, 7 FROM entry")
    query(desk.vault, "INSERT INTO questionnaire_total SELECT person_no, source_no, 'phq_9', 0, 7, local_date, 4, 1 "
          "FROM entry")  # fmt: skip
    query(desk.vault, "INSERT INTO participation SELECT person_no, 'weekly_mood', '2026-W19', 1 FROM entry")
    events = (withdrawn(ANA), granted(ANA, "2026-05-21", "2026-05-01"))
    for number in range(files):
        desk.consents(*events[number::files])
    rows = {table: query(desk.vault, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES_OF_PEOPLE}  # noqa: S608 -- our names
    assert rows == {**dict.fromkeys(TABLES_OF_PEOPLE, 1), "person": 2, "consent_event": 2}  # one of each is Bea's
    assert desk.consents(*events).duplicates == 2
    desk.participants(registered(ANA))
    desk.entries(entry(ANA))
    assert desk.consents(*events, granted(ANA, "2026-05-22", "2026-05-01")).accepted == 1
    assert (row_counts(desk.vault)["entry"], row_counts(desk.vault)["register"]) == (2, 2)


def test_a_mixed_file_in_which_somebody_comes_back_keeps_what_it_brings(desk: Desk) -> None:
    """What was kept before the file goes, what the file itself brings stays."""
    everything(ANA)(desk)
    path = desk.folder / "bulk.ndjson"
    stopped = {**fhir.consent(ANA), "status": "inactive", "dateTime": "2026-05-20T10:00:00Z"}
    anew = {**fhir.consent(ANA), "dateTime": "2026-05-21T10:00:00Z"}
    path.write_bytes(fhir.file(map(fhir.line, (fhir.mood("m", ANA), fhir.patient(ANA), stopped, anew))))
    desk.take("fhir", path)
    assert (row_counts(desk.vault)["entry"], row_counts(desk.vault)["register"]) == (1, 1)
    assert query(desk.vault, "SELECT source FROM entry JOIN source USING (source_no)") == [("fhir",)]


def test_without_consent_not_even_the_register_is_kept(desk: Desk) -> None:
    """A register row of somebody who never consented is counted and dropped."""
    assert desk.participants(registered(ANA)).without_consent == 1
    assert people_of(desk) == set()


def test_a_person_of_two_id_domains_is_two(desk: Desk) -> None:
    """A withdrawal is of the id in its domain; the same text in another domain is somebody else."""
    desk.consents(granted(ANA), granted(ANA, domain="app"))
    desk.consents(withdrawn(ANA))
    assert people_of(desk) == {pseudonym(ANA, "app")}


@pytest.mark.parametrize("seed", range(12))
def test_after_every_file_consent_covers_everything(desk: Desk, seed: int) -> None:
    """On random files in random order, nothing is kept that no consent in force covers; the list only grows."""
    chance = random.Random(seed)
    withdrawals = 0
    for _ in range(12):
        person = chance.choice([ANA, BEA, CAI, DEE])
        days = [f"2026-05-{chance.randint(1, 28):02}" for _ in range(3)]
        kind = chance.choice(["consents", "consents", "entries", "participants"])
        if kind == "consents":
            events = [granted(person, days[0], days[1]), withdrawn(person, days[2])]
            desk.consents(*chance.sample(events, chance.randint(1, 2)))
            assert desk.vault.withdrawn.sequence >= withdrawals
            withdrawals = desk.vault.withdrawn.sequence
        elif kind == "entries":
            desk.entries(*(entry(person, day) for day in days))
        else:
            desk.participants(registered(person, days[0]))
        assert uncovered(desk.vault) == 0
        assert dict(query(desk.vault, "SELECT mark, withdrawn_at FROM withdrawn")) == dict(
            desk.vault.withdrawn.people()
        )


def test_no_statement_reads_entries_without_the_view() -> None:
    """Measures read `consented_entry`; `entry` itself is named by the intake, the view and the erasure alone.

    A statement is looked at for the bare word, however it is joined, quoted or used, so that no other way is missed.
    """
    named = {
        path.relative_to(SQL).with_suffix("").as_posix(): re.sub(r"--.*", "", path.read_text())
        for path in SQL.rglob("*.sql")
    }
    by = {name for name, text in named.items() if re.search(r"\b(entry|questionnaire_total)\b", text, re.IGNORECASE)}
    assert by == {
        "schema/08_entry",
        "schema/16_questionnaire_total",
        "schema/12_consented_entry",  # the view
        *("entry_standing", "total_standing", "association_standing"),  # the intake: is a row already there?
        "known_span",  # the intake: how far do keys reach?
        *("entry_add", "total_add", "association_set"),
        *("replaced_entry_remove", "replaced_total_remove", "unmet_entry_remove"),
        *("deleted_entry_remove", "deleted_total_remove"),
        *("erasure/leaver_entry", "erasure/leaver_questionnaire_total"),
        *("erasure/uncovered_entry", "erasure/uncovered_questionnaire_total"),
        *("erasure/purge_entry", "erasure/purge_questionnaire_total", "erasure/purge_counts"),
        "erasure/nobody_s",  # counts of what must not be there
    }
    assert not {name for name in by if name.startswith("shares/") or name == "exact_cell"}


def test_no_code_asks_the_vault_but_by_a_statement_of_the_folder() -> None:
    """Statements are files; whatever runs one is known, and no module has words of its own about entries."""
    words = re.compile(r"\b(SELECT|DELETE FROM|UPDATE|JOIN|FROM)\s+\w*(entry|questionnaire_total)\b")
    modules = [*SQL.parent.rglob("*.py"), *(SQL.parents[2] / "pipelines").rglob("*.py")]
    assert not [path.name for path in modules if words.search(path.read_text())]
    asking = {path.name for path in modules if re.search(r"\.(execute|sql)\(", path.read_text())}
    assert asking == {"store.py", "opening.py", "erasure.py", "duckfile.py", "sqlite.py"}


def test_the_release_reads_entries_through_the_view_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement of a draw is looked at, and a vault whose consents are gone gives nothing but zeros."""
    everything(ANA)(desk)
    asked: list[str] = []

    def noted(folder: Path, name: str) -> str:
        asked.append(statement(folder, name))
        return asked[-1]

    monkeypatch.setattr("analytics.vault.store.statement", noted)
    assert desk.everyone(WEEK)
    assert any("consented_entry" in text for text in asked)
    assert not any(re.search(r"(FROM|JOIN)\s+entry\b", text) for text in asked)
    query(desk.vault, "DELETE FROM consent_event")
    assert desk.cells(WEEK) == {}


def _as_old(desk: Desk, folder: Path) -> Path:
    """Return a copy of the vault's file as of now."""
    query(desk.vault, "CHECKPOINT")
    copy = folder / "old.duckdb"
    copy.write_bytes((folder / "vault.duckdb").read_bytes())
    return copy


def test_a_vault_of_before_the_withdrawal_is_erased_again(tmp_path: Path, contracts: Any) -> None:  # noqa: ANN401 -- a fixture
    """An old copy put back brings nobody back, whoever withdrew since; who came back since must be sent again."""
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        everything(ANA, BEA, CAI)(desk)
        old = _as_old(desk, tmp_path)
        desk.consents(withdrawn(ANA), withdrawn(CAI, "2026-05-01"))
        desk.consents(granted(CAI, "2026-05-02"))
    old.replace(tmp_path / "vault.duckdb")
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        assert people_of(desk) == {pseudonym(BEA)}
        assert (vault.erased_again, vault.state().rebuild_due, uncovered(vault)) == ((1,), True, 0)
        assert desk.everyone() == {3: 1_000_000}
    with vault_at(tmp_path / "vault.duckdb") as vault:
        assert vault.erased_again == ()


@pytest.mark.parametrize("harm", ["gone", "older", "other", "altered", "newer"])
def test_a_list_that_is_not_the_vault_s_is_refused(tmp_path: Path, contracts: Any, harm: str) -> None:  # noqa: ANN401
    """Without the list, or with one that is behind the vault, nothing is opened: the mistake should be silence."""
    path = tmp_path / "vault-withdrawn.json"
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        everything(ANA, BEA)(desk)
        desk.consents(withdrawn(ANA))
        first = path.read_text()
        desk.consents(withdrawn(BEA))
    content = json.loads(path.read_text())
    if harm == "gone":
        path.unlink()
    elif harm == "older":
        path.write_text(first)
    elif harm == "other":  # somebody else's list, whole in itself
        with vault_at(tmp_path / "else.duckdb") as vault:
            other = Desk(vault, contracts, tmp_path)
            other.consents(withdrawn(CAI))
            other.consents(withdrawn(DEE))
        (tmp_path / "else-withdrawn.json").replace(path)
    elif harm == "altered":
        content["batches"][0]["people"] = []
        path.write_text(json.dumps(content))
    else:
        path.write_text(json.dumps({**content, "format": 2}))
    with pytest.raises(StoreDamagedError, match="list of withdrawn people"), vault_at(tmp_path / "vault.duckdb"):
        pass


def test_the_list_holds_no_id_and_no_pseudonym(desk: Desk) -> None:
    """A mark is a hash of its own; without the key it tells nothing."""
    everything(ANA)(desk)
    desk.consents(withdrawn(ANA))
    content = (desk.folder / "vault-withdrawn.json").read_text()
    assert pseudonym(ANA).hex() not in content
    assert ANA not in content
    assert len(json.loads(content)["batches"][0]["people"]) == 1


def test_a_withdrawal_is_on_the_list_before_the_file_is_in_the_vault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the file's transaction fails after all, the withdrawal holds from the next opening of the vault on."""
    everything(ANA)(desk)
    run = Vault.run

    def failing(vault: Vault, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        run(vault, name, parameters)
        if name == "batch_add":
            message, action = "The disk is full.", "Free some space."
            raise FileRefusedError(message, action)

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "run", failing)
        with pytest.raises(FileRefusedError):
            desk.consents(withdrawn(ANA))
    assert people_of(desk) == {pseudonym(ANA)}
    desk.vault.close()
    with vault_at(desk.folder / "vault.duckdb") as vault:
        assert people_of(Desk(vault, desk.contracts, desk.folder)) == set()


def test_a_failed_file_s_withdrawals_hold_for_the_next_file_of_the_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is ahead of the vault then: whatever comes next follows it first, other withdrawals included."""
    everything(ANA, BEA, CAI)(desk)
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "check_stands", lambda *_: None)
        patch.setattr("analytics.vault.intake._close", _full_disk)
        with pytest.raises(FileRefusedError):
            desk.consents(withdrawn(ANA))
    assert people_of(desk) == {pseudonym(each) for each in (ANA, BEA, CAI)}
    assert desk.entries(entry(ANA, "2026-05-05")).without_consent == 1
    desk.consents(withdrawn(BEA))
    assert people_of(desk) == {pseudonym(CAI)}
    assert desk.vault.state().followed == desk.vault.withdrawn.sequence == 2


def _full_disk(*_: object) -> None:
    message, action = "The disk is full.", "Free some space."
    raise FileRefusedError(message, action)


def test_a_mixed_file_s_consents_come_before_all_else_of_it(desk: Desk) -> None:
    """The order of resources in a FHIR file decides nothing: consents first, then people, then what depends on both."""
    path = desk.folder / "bulk.ndjson"
    path.write_bytes(fhir.file(map(fhir.line, (fhir.mood("m", ANA), fhir.patient(ANA), fhir.consent(ANA)))))
    report = desk.take("fhir", path)
    assert (report.accepted, report.without_consent, balances(report)) == (3, 0, True)
    stopped = {**fhir.consent(ANA), "status": "inactive", "meta": {"lastUpdated": "2026-05-25T10:00:00Z"}}
    path.write_bytes(fhir.file(map(fhir.line, (fhir.mood("m", ANA), fhir.patient(ANA), stopped))))
    report = desk.take("fhir", path)
    assert (report.accepted, report.without_consent, balances(report)) == (1, 2, True)
    assert people_of(desk) == set()


def test_a_fhir_consent_that_ends(desk: Desk) -> None:
    """Before its end it is refused, since an end cannot be kept; once the end has come it closes what was granted."""
    path = desk.folder / "consent.ndjson"
    ends = {"type": "permit", "period": {"start": "2026-04-02", "end": "2026-06-02"}}
    path.write_bytes(fhir.line(fhir.consent(ANA, provision=ends)) + b"\n")
    report = desk.take("fhir", path)
    assert (report.accepted, dict(report.quarantined)) == (0, {"not_allowed": 1})
    everything(ANA)(desk)
    assert dict(desk.take("fhir", path).quarantined) == {"not_allowed": 1}
    assert people_of(desk) == {pseudonym(ANA)}
    later = replace(desk, now=desk.now + timedelta(days=2))
    report = later.take("fhir", path)
    assert (report.accepted, dict(report.quarantined)) == (1, {})
    assert people_of(desk) == set()
    assert later.take("fhir", path).duplicates == 1
    assert later.consents(granted(ANA, "2026-06-03")).accepted == 1


def test_lines_of_a_withdrawal_file_need_only_a_person(desk: Desk) -> None:
    """A list of ids under a heading withdraws them; what says something else is refused, a damaged line is heard."""
    everything(ANA, BEA, CAI, DEE)(desk)
    report = desk.take("withdrawals", write(desk.folder / "w.csv", "person_id", [ANA]))
    assert (report.accepted, people_of(desk)) == (1, {pseudonym(each) for each in (BEA, CAI, DEE)})
    rows = [f"{BEA},granted,2026-05-30", f"{CAI},,2026-05-30,too,many", f"{DEE},WITHDRAWN,never"]
    report = desk.take("withdrawals", write(desk.folder / "w.csv", "person_id,event,recorded_at", rows))
    assert (report.accepted, dict(report.quarantined), balances(report)) == (2, {"not_allowed": 1}, True)
    assert people_of(desk) == {pseudonym(BEA)}
    both = write(desk.folder / "c.csv", CONSENT_HEADER, [withdrawn(BEA)])
    assert desk.take("withdrawals", both).accepted == 1
    with pytest.raises(FileRefusedError, match="person_id"):
        desk.take("withdrawals", write(desk.folder / "e.csv", ENTRY_HEADER.replace("person_id", "who"), [entry(BEA)]))
