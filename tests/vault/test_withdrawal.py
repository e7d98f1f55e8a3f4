"""Consent events: whatever their order, repetition or contradiction, each has one result (docs/consent.md)."""

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analytics.errors import FileRefusedError
from analytics.vault.erasure.waiting import TABLES_OF_PEOPLE
from tests.specimens import fhir
from tests.support.leaving import everything, people_of, uncovered
from tests.support.people import (
    ANA,
    BEA,
    CAI,
    CONSENT_HEADER,
    DEE,
    ENTRY_HEADER,
    Desk,
    balances,
    entry,
    granted,
    pseudonym,
    query,
    registered,
    row_counts,
    withdrawn,
    write,
)

_UNCLEAR = f"{ANA},revoked,2026-05-20,,,,"

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
    "withdrawal from before the grant in force": (
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
    "unclear event": ((granted(ANA),), (_UNCLEAR,), (0, 0, 0), False, 1),
    "unclear event again": ((granted(ANA), _UNCLEAR), (_UNCLEAR,), (0, 1, 0), False, 0),
    "unclear event of somebody unknown": ((), (_UNCLEAR,), (0, 0, 0), False, 0),
    "unclear event without a time": ((granted(ANA),), (f"{ANA},,,,,,",), (0, 0, 0), False, 1),
    "unclear event from before the last grant": (
        (granted(ANA, "2026-05-22"),),
        (_UNCLEAR,),
        (0, 0, 0),
        True,
        1,
    ),
    "unclear event from before a withdrawal": ((withdrawn(ANA, "2026-05-21"),), (_UNCLEAR,), (0, 1, 0), False, 0),
    "old grant after an unclear event": ((granted(ANA), _UNCLEAR), (granted(ANA),), (0, 1, 0), False, 0),
    "old grant of somebody unknown after an unclear event": ((_UNCLEAR,), (granted(ANA),), (1, 0, 0), False, 0),
    "later grant after an unclear event": (
        (granted(ANA), _UNCLEAR),
        (granted(ANA, "2026-05-22", "2026-05-22"),),
        (1, 0, 0),
        True,
        0,
    ),
    "withdrawal after an unclear event": ((granted(ANA), _UNCLEAR), (withdrawn(ANA),), (1, 0, 0), False, 0),
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
    stays = consents or ("unclear" in state and "granted" in str([*before, *events]) and "withdrawal" not in state)
    assert people_of(desk) == ({pseudonym(ANA)} if stays else set())  # a suspension erases nobody
    assert row_counts(desk.vault)["entry"] == kept
    assert uncovered(desk.vault) == 0


def test_the_page_lists_each_event() -> None:
    """docs/consent.md has one row for each of these states, with the same counts and the same end, and no other."""
    page = (Path(__file__).parents[2] / "docs" / "consent.md").read_text()
    part = next(part for part in page.split("## ") if part.startswith("What each event does"))
    rows = re.findall(r"^\| ([^|]+?) \| [^|]+ \| ([^|]+?) \| (yes|no) \|$", part, re.MULTILINE)
    assert rows == [(name, _counted(state[2], name), "yes" if state[3] else "no") for name, state in STATES.items()]


def _counted(counts: tuple[int, int, int], name: str) -> str:
    if not any(counts):
        return "suspended" if name.startswith("unclear") else "quarantined"
    names = zip(("accepted", "duplicates", "without consent"), counts, strict=True)
    return ", ".join(name for name, count in names if count)


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


def test_a_person_who_comes_back_begins_from_nothing(desk: Desk) -> None:
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
def test_leaving_and_coming_back_is_the_same_in_one_file_as_in_two(desk: Desk, files: int) -> None:
    """The register, what was deleted at the source and older consents go with the entries; what comes next is kept."""
    everything(ANA, BEA)(desk)
    query(desk.vault, "INSERT INTO deleted_entry SELECT person_no, source_no, key_kind, 7 FROM entry")
    query(desk.vault, "INSERT INTO questionnaire_total SELECT person_no, source_no, 'phq_9', 0, 7, local_date, 4, 1 "
          "FROM entry")  # fmt: skip
    query(desk.vault, "INSERT INTO participation SELECT person_no, 'weekly_mood', '2026-W19', 1 FROM entry")
    desk.entries(entry(ANA, mood="9"), entry(BEA, mood="9"))
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
    again = {**fhir.consent(ANA), "dateTime": "2026-05-21T10:00:00Z"}
    path.write_bytes(fhir.file(map(fhir.line, (fhir.mood("m", ANA), fhir.patient(ANA), stopped, again))))
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
            assert desk.vault.suppression_list.sequence >= withdrawals
            withdrawals = desk.vault.suppression_list.sequence
        elif kind == "entries":
            desk.entries(*(entry(person, day) for day in days))
        else:
            desk.participants(registered(person, days[0]))
        assert uncovered(desk.vault) == 0
        assert dict(query(desk.vault, "SELECT mark, withdrawn_at FROM withdrawn")) == dict(
            desk.vault.suppression_list.people()
        )


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
    """A list of ids under a heading withdraws them; `granted` is refused, a damaged line still withdraws."""
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
