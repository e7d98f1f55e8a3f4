"""Refused records are held one by one, each under its person, and get another try by themselves.

Two homes that differ in Ada's records run the same commands here: every other person's rows are equal afterwards.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.contracts import Contracts
from analytics.contracts.source import Clock, Scale
from analytics.vault.files import refused_records
from analytics.vault.loading.held_records import HELD_FOR, purge_refused
from tests.specimens import daylio_csv, fhir, mpath
from tests.support.mydatahelps import BESIDE, MAIN, exported, state_of_mind
from tests.support.people import (
    ANA,
    BEA,
    CAI,
    CANARY,
    DEE,
    ENTRY_HEADER,
    NOTE,
    PARTICIPANT_HEADER,
    Desk,
    balances,
    entry,
    granted,
    pseudonym,
    query,
    registered,
    vault_at,
    withdrawn,
    write,
)

TEN = Scale(lo=Decimal(1), hi=Decimal(10), better="higher")
OTHERS = [f"{CANARY}-other-{number}" for number in range(50)]

HELD = "SELECT line, rule, column_name, texts FROM refused_record ORDER BY ALL"
ENTRIES = "SELECT local_date::VARCHAR, mood_score, batch_no FROM entry ORDER BY ALL"

ROWS_OF_OTHERS = """
    SELECT hex(pseudonym), local_date::VARCHAR, mood_native, mood_score, batch_no
    FROM entry JOIN person USING (person_no) WHERE pseudonym <> ? ORDER BY ALL
"""
HELD_OF_OTHERS = """
    SELECT hex(pseudonym), kind, batch_no, line, place, rule, texts
    FROM refused_record JOIN person USING (person_no) WHERE pseudonym <> ? ORDER BY ALL
"""


@pytest.fixture
def neighbours(contracts: Contracts, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """Return two homes' desks, of which the first is to have Ada's records."""
    folders = [tmp_path / "with", tmp_path / "without"]
    for folder in folders:
        folder.mkdir()
    with vault_at(folders[0] / "vault.duckdb") as one, vault_at(folders[1] / "vault.duckdb") as other:
        yield Desk(one, contracts, folders[0]), Desk(other, contracts, folders[1])


def of_others(desk: Desk, person: str = ANA) -> list[object]:
    """Return every row and held record of everybody but one person."""
    found: list[object] = []
    for sql in (ROWS_OF_OTHERS, HELD_OF_OTHERS):
        found += desk.vault._connection.execute(sql, [pseudonym(person)]).fetchall()
    return found


def held_texts(desk: Desk) -> list[dict[str, str]]:
    """Return the texts of the held records, by line."""
    return [json.loads(texts) for *_, texts in query(desk.vault, HELD)]


def test_a_bad_row_does_not_let_a_corrected_scale_reach_rows_that_stand(neighbours: tuple[Desk, Desk]) -> None:
    """Fifty people log a 3 on a scale of 5, and the scale becomes 10: with Ada's row without a time as without it."""
    cells = []
    for desk, hers in zip(neighbours, ([entry(ANA, at="")], []), strict=True):
        desk.consents(*map(granted, [ANA, *OTHERS]))
        desk.entries(*(entry(person, mood="3") for person in OTHERS), *hers)
        before = query(desk.vault, ENTRIES)
        later = desk.declaring("canonical", scale=TEN)
        later.retry()
        later.retry()
        assert query(desk.vault, ENTRIES) == before
        assert {score for _, score, _ in before} == {50_000}
        cells.append(desk.everyone())
    assert of_others(neighbours[0]) == of_others(neighbours[1])
    assert cells[0] == cells[1]


def test_a_bad_row_does_not_bring_in_rows_that_came_before_their_consents(neighbours: tuple[Desk, Desk]) -> None:
    """Entries, then consents, then a retry: nobody's entries are read a second time, whatever Ada's file said."""
    for desk, hers in zip(neighbours, ([entry(ANA, at="")], []), strict=True):
        assert desk.entries(*map(entry, OTHERS), *hers).held == 0
        desk.consents(*map(granted, [ANA, *OTHERS]))
        assert desk.retry() == []
        assert desk.everyone() == {}
    assert of_others(neighbours[0]) == of_others(neighbours[1]) == []


@pytest.mark.parametrize("word", ["mood", "4", "canonical", "2026-05-04T09:00"])
def test_a_withdrawal_removes_the_leaver_s_records_whatever_words_are_in_others(desk: Desk, word: str) -> None:
    """An id that is a common word, or equal to a text of another's record, finds nothing of the others."""
    desk.consents(*map(granted, [word, BEA, CAI]))
    desk.entries(entry(BEA, mood=f"{word} x"), entry(CAI, "2026-05-04T09:00", mood="9"), entry(word, mood="9"))
    before = of_others(desk, word)
    desk.consents(withdrawn(word))
    assert query(desk.vault, "SELECT count(*) FROM refused_record") == [(2,)]
    assert of_others(desk, word) == before


def test_an_own_id_in_a_column_that_is_called_person_id_is_nobody_else(neighbours: tuple[Desk, Desk]) -> None:
    """The person is in `uid` and the entry's own id in `person_id`: Ada's entry 1 is not that of person number 1."""
    for desk, hers in zip(neighbours, ([(ANA, "1", "9")], []), strict=True):
        columns = desk.contracts.sources["canonical"].columns
        chosen = columns.model_copy(update={"person": "uid", "source_id": "person_id"})
        first = desk.declaring("canonical", columns=chosen)
        first.consents(*map(granted, [BEA, ANA]))
        rows = [f"{uid},{own},2026-05-04T09:00,{mood}" for uid, own, mood in [*hers, (BEA, "7", "3")]]
        first.take_entries(write(desk.folder / "entries.csv", "uid,person_id,logged_at,mood", rows))
        later = desk.declaring("canonical", columns=chosen, scale=TEN)
        assert [report.accepted for report in later.retry()] == [1] * len(hers)
    assert of_others(neighbours[0]) == of_others(neighbours[1])
    assert query(neighbours[0].vault, "SELECT count(DISTINCT person_no) FROM entry") == [(2,)]


def test_a_suspension_erases_no_held_record(desk: Desk) -> None:
    """A retry passes over suspended people: their records wait until a clear event comes, and are judged then."""
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(entry(ANA, mood="9"), entry(BEA, mood="9"))
    desk.consents(f"{ANA},revoked,2026-05-20T10:00Z,,,,")
    later = desk.declaring("canonical", scale=TEN)
    assert [(report.accepted, report.held) for report in later.retry()] == [(1, 1)]
    assert later.retry()[0].read == 0
    desk.consents(granted(ANA, "2026-05-21T10:00Z"))
    assert [(report.accepted, report.held) for report in later.retry()] == [(1, 0)]
    assert sum(desk.everyone().values()) == 2_000_000


def test_a_record_is_held_only_under_a_person_with_consent_in_force(desk: Desk) -> None:
    """Without a person, of an unknown person, or of a line that cannot be taken apart, only place and rule are kept."""
    desk.consents(granted(ANA))
    rows = [entry(ANA, mood="9", note=NOTE), entry(BEA, mood="9"), entry("", mood="9"), entry("x" * 201), "ragged"]
    report = desk.entries(*rows)
    assert (report.quarantined.total(), report.held, report.not_held, balances(report)) == (5, 1, 4, True)
    assert [row[:3] for row in query(desk.vault, HELD)] == [(2, "off_scale", "mood")]
    lines = "SELECT line, rule, column_name FROM quarantine ORDER BY ALL"
    assert query(desk.vault, lines) == [
        (3, "off_scale", "mood"),
        (4, "missing", "person_id"),
        (5, "too_long", "person_id"),
        (6, "ragged", ""),
    ]
    assert desk.vault.rows("refused_line", {"batch_no": 2}) == [
        (2, "off_scale"),
        (3, "off_scale"),
        (4, "missing"),
        (5, "too_long"),
        (6, "ragged"),
    ]


def test_a_held_record_has_only_what_the_declaration_reads(desk: Desk) -> None:
    """No id, no pseudonym, no id domain and no note; the texts have the file's own names."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, mood=" 9", factors="work", note=NOTE))
    (texts,) = held_texts(desk)
    assert texts == {"logged_at": "2026-05-04T09:00", "mood": " 9", "factors": "work", "sleep_hours": ""}
    desk.participants(registered(ANA, since="soon", domain="default"))
    registered_as = {"region": "north", "age_band": "25-34", "service": "primary_care"}
    assert {"valid_from": "soon", **registered_as} in held_texts(desk)


def test_which_records_are_held_is_decided_when_the_consents_of_the_file_are_settled(desk: Desk) -> None:
    """A grant that is refused waits if another of the same file is in force, and not if a withdrawal ends it."""
    desk.consents(
        granted(ANA, at="never"), granted(ANA), granted(BEA, at="never"), granted(CAI, at="never"), granted(CAI)
    )
    assert query(desk.vault, "SELECT line FROM refused_record ORDER BY ALL") == [(2,), (5,)]
    desk.consents(granted(DEE), granted(DEE, at="never"), withdrawn(DEE))
    assert query(desk.vault, "SELECT line FROM refused_record ORDER BY ALL") == [(2,), (5,)]


def test_a_withdrawal_removes_all_earlier_records_also_where_the_person_stays(desk: Desk) -> None:
    """Whoever comes back with the same file, or has a later grant already, begins without held records."""
    desk.consents(granted(ANA), granted(BEA), granted(BEA, at="2026-05-25", covers="2026-05-01"), granted(CAI))
    desk.entries(entry(ANA, mood="9"), entry(BEA, mood="9"), entry(CAI, mood="9"))
    assert query(desk.vault, "SELECT count(*) FROM refused_record") == [(3,)]
    desk.consents(withdrawn(ANA), granted(ANA, at="2026-05-21", covers="2026-05-01"), withdrawn(BEA))
    assert query(desk.vault, "SELECT count(*) FROM consent_in_force") == [(3,)]
    assert query(desk.vault, "SELECT line FROM refused_record") == [(4,)]


def test_an_older_vault_loses_the_records_of_those_who_withdrew_since(contracts: Contracts, tmp_path: Path) -> None:
    """Put back beside the newer list: also where a later grant keeps the person in the vault."""
    path = tmp_path / "vault.duckdb"
    with vault_at(path) as vault:
        desk = Desk(vault, contracts, tmp_path)
        desk.consents(granted(ANA), granted(ANA, at="2026-05-25", covers="2026-05-01"), granted(BEA))
        desk.entries(entry(ANA, mood="9"), entry(BEA, mood="9"))
    old = path.read_bytes()
    with vault_at(path) as vault:
        replace(desk, vault=vault).consents(withdrawn(ANA))
    path.write_bytes(old)
    with vault_at(path) as vault:
        assert query(vault, "SELECT line FROM refused_record") == [(3,)]
        assert query(vault, "SELECT count(*) FROM consent_in_force") == [(2,)]


def test_a_retry_admits_the_record_with_the_place_of_its_file(desk: Desk) -> None:
    """Later rows stay, earlier rows are corrected, and the record goes with its last bytes."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, "2026-05-04", "2"), entry(ANA, "2026-05-05", "2"))  # batch 2
    desk.entries(entry(ANA, "2026-05-04", "6"), entry(ANA, "2026-05-05", "7"), entry(ANA, "2026-05-06", "8"))  # batch 3
    desk.entries(entry(ANA, "2026-05-05", "4"))  # batch 4
    (report,) = desk.declaring("canonical", scale=TEN).retry()
    assert (report.read, report.accepted, report.duplicates, report.held) == (3, 2, 1, 0)
    assert query(desk.vault, ENTRIES) == [
        ("2026-05-04", 55_556, 3),
        ("2026-05-05", 75_000, 4),
        ("2026-05-06", 77_778, 3),
    ]
    assert query(desk.vault, "SELECT count(*) FROM refused_row") == [(0,)]
    assert desk.vault.state().rebuild_due


def test_a_refused_record_does_not_replace_a_row_of_the_same_file(desk: Desk) -> None:
    """A retry corrects rows of earlier files only."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, "2026-05-04", "2"), entry(ANA, "2026-05-04", "6"))
    (report,) = desk.declaring("canonical", scale=TEN).retry()
    assert (report.accepted, report.duplicates) == (0, 1)
    assert query(desk.vault, ENTRIES) == [("2026-05-04", 25_000, 2)]


@pytest.mark.parametrize("most", [1, 2, 10_000])
def test_the_last_word_of_a_file_counts_however_the_records_are_taken(
    desk: Desk, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two records of one key, and others between them: the same rows in chunks of one as in one chunk."""
    monkeypatch.setattr(refused_records, "CHUNK_RECORDS", most)
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(
        entry(ANA, "2026-05-04", "6"),
        entry(BEA, "2026-05-04", "10"),
        entry(ANA, "2026-05-05", "x"),
        entry(ANA, "2026-05-04", "7"),
    )
    (report,) = desk.declaring("canonical", scale=TEN).retry()
    assert (report.read, report.accepted, report.duplicates, dict(report.quarantined)) == (4, 2, 1, {"not_a_number": 1})
    assert [row[:2] for row in query(desk.vault, ENTRIES)] == [("2026-05-04", 66_667), ("2026-05-04", 100_000)]


def test_what_is_refused_again_stays_with_today_s_rule_and_its_first_day(desk: Desk) -> None:
    """Two retries leave what one leaves, and the 14 days count from the file."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, mood="6", sleep="much"))
    later = replace(desk.declaring("canonical", scale=TEN), now=desk.now + timedelta(days=13))
    found = "SELECT batch_no, line, place, rule, column_name, first_at, texts FROM refused_record"
    first = query(desk.vault, found)
    reports = [later.retry() for _ in range(2)]
    assert [(one.held, dict(one.quarantined)) for (one,) in reports] == [(1, {"not_a_number": 1})] * 2
    ((*place, rule, column, first_at, texts),) = query(desk.vault, found)
    assert (rule, column) == ("not_a_number", "sleep_hours")
    assert [(*place, "off_scale", "mood", first_at, texts)] == first
    purge_refused(desk.vault, desk.now + HELD_FOR)
    assert query(desk.vault, "SELECT count(*) FROM refused_row") == [(1,)]
    purge_refused(desk.vault, desk.now + HELD_FOR + timedelta(seconds=1))
    assert query(desk.vault, "SELECT count(*) FROM refused_row") == [(0,)]
    assert desk.vault.state().rebuild_due


def test_numbers_only_are_forgotten_after_14_days_too(desk: Desk) -> None:
    """Where and why a row without a person was refused; the file is not written again for that."""
    desk.entries("ragged")
    purge_refused(desk.vault, desk.now + HELD_FOR + timedelta(seconds=1))
    assert query(desk.vault, "SELECT count(*) FROM quarantine") == [(0,)]
    assert not desk.vault.state().rebuild_due


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("6", {"scale": TEN}),
        ("great", {"words": {"great": Decimal(5)}}),
    ],
)
def test_a_corrected_declaration_of_moods_helps(desk: Desk, text: str, changes: dict[str, object]) -> None:
    """The text is kept as the file has it."""
    desk.consents(granted(ANA))
    assert desk.entries(entry(ANA, mood=text)).held == 1
    assert [report.accepted for report in desk.declaring("canonical", **changes).retry()] == [1]


def test_a_corrected_factor_map_and_missing_text_help(desk: Desk) -> None:
    """A word that is none of the contract's, and a text that means that there is no value."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, factors="Job"), entry(ANA, "2026-05-05", sleep="NA"))
    # "1" is the person's number in the vault, and no text of the file
    later = desk.declaring("canonical", factors={"job": "work"}, missing=("", "NA", "1"))
    assert [report.accepted for report in later.retry()] == [2]


def test_a_corrected_zone_and_time_form_help_as_the_file_was_written(desk: Desk) -> None:
    """Epochs that were declared as ISO, and wrongly declared patterns: times are read from the file's own text."""
    desk.consents(granted(ANA))
    source = {"time_form": "%d.%m.%Y %H:%M", "clock": Clock(zone="Europe/Berlin", written="wall")}
    day_first = desk.declaring("canonical", **source)
    assert day_first.entries(entry(ANA, "2026-05-04T09:00")).held == 1
    assert day_first.entries(entry(ANA, "05.05.2026 09:00", mood="9")).held == 1
    assert [one["logged_at"] for one in held_texts(desk)] == ["2026-05-04T09:00", "05.05.2026 09:00"]
    assert [report.accepted for report in desk.retry()] == [1, 0]
    there = Clock(zone="America/New_York", written="wall")
    later = day_first.declaring("canonical", **{**source, "scale": TEN, "clock": there})
    assert [report.accepted for report in later.retry()] == [1]
    kept = "SELECT local_date::VARCHAR, utc_offset_min FROM entry ORDER BY ALL"
    assert query(desk.vault, kept) == [("2026-05-04", 0), ("2026-05-05", -240)]


def test_a_text_that_means_no_value_names_nobody(desk: Desk) -> None:
    """Not even if somebody is called so: the reader refused the row before its id was looked at."""
    desk.consents(granted("NA"))
    epochs = desk.declaring("canonical", time_form="epoch_s", missing=("", "NA"))
    report = epochs.entries(entry("NA", "soon"))
    assert (dict(report.quarantined), report.held) == ({"not_a_time": 1}, 0)


def test_a_column_that_was_declared_by_a_wrong_name_is_not_taken_for_another(desk: Desk) -> None:
    """A mood of 30 was the column `energy`: a declaration that names another column finds nothing in the record."""
    desk.consents(granted(ANA))
    columns = desk.contracts.sources["canonical"].columns
    wrong = desk.declaring("canonical", columns=columns.model_copy(update={"mood": "energy"}))
    wrong.take_entries(write(desk.folder / "e.csv", "person_id,logged_at,energy,mood", [f"{ANA},2026-05-04,30,4"]))
    wide = Scale(lo=Decimal(0), hi=Decimal(100), better="higher")
    (report,) = desk.declaring("canonical", scale=wide).retry()
    assert (report.accepted, dict(report.quarantined)) == (0, {"missing": 1})


def test_a_column_that_is_no_longer_declared_does_not_matter(desk: Desk) -> None:
    """A text that is too long is kept so far that it stays too long; without its column the record is fine."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, sleep="9" * 20_000))
    (texts,) = held_texts(desk)
    assert len(texts["sleep_hours"]) == 10_001
    assert [dict(report.quarantined) for report in desk.retry()] == [{"too_long": 1}]
    columns = desk.contracts.sources["canonical"].columns.model_copy(update={"sleep_hours": None})
    assert [report.accepted for report in desk.declaring("canonical", columns=columns).retry()] == [1]


def test_a_corrected_sleep_scale_helps_where_the_reader_itself_refused(desk: Desk) -> None:
    """Daylio's points are out of as many as declared: `8/10` under a scale of 5, then of 10, in one person's file."""
    desk.consents(granted(ANA))
    path = desk.folder / daylio_csv.FILE_NAME
    path.write_bytes(daylio_csv.file(daylio_csv.entry("rad", scales=daylio_csv.SLEEP, note=NOTE)))
    five = desk.declaring("daylio_csv", sleep_quality=Scale(lo=Decimal(1), hi=Decimal(5), better="higher"))
    report = five.take("daylio_csv", path, ANA)
    assert (dict(report.quarantined), report.held) == ({"not_allowed": 1}, 1)
    assert NOTE not in str(held_texts(desk))
    assert [one.accepted for one in five.retry()] == [0]
    ten = desk.declaring("daylio_csv", sleep_quality=TEN)
    assert [one.accepted for one in ten.retry()] == [1]
    assert query(desk.vault, "SELECT sleep_quality, sleep_thousandths FROM entry") == [(77_778, 7500)]


def test_a_prompt_without_an_answer_goes_once_the_declaration_knows_its_text(desk: Desk) -> None:
    """m-Path: a text that means no answer was off the scale; the other record is accepted under a wider one."""
    desk.consents(granted("7"))
    path = desk.folder / mpath.FILE_NAME
    path.write_bytes(mpath.file([mpath.prompt("7", mood="-9"), mpath.prompt("7", mpath.MONDAY_9 + 60, "110")]))
    assert desk.take("mpath", path).held == 2
    wide = Scale(lo=Decimal(0), hi=Decimal(120), better="higher")
    (report,) = desk.declaring("mpath", missing=("", "-9"), scale=wide).retry()
    assert (report.read, report.accepted, report.passed_over, report.held) == (1, 1, 1, 0)


def test_register_rows_are_judged_again_in_the_order_of_their_files(desk: Desk) -> None:
    """A later row of the same person and day stays; where there is none, the record is accepted."""
    desk.consents(granted(ANA), granted(BEA))
    path = desk.folder / "p.csv"
    desk.take_participants(
        write(path, PARTICIPANT_HEADER, [registered(ANA, "2026-13-01"), registered(BEA, "2026-13-01")])
    )
    query(desk.vault, "UPDATE refused_record SET texts = replace(texts, '2026-13-01', '2026-01-01')")  # a mended rule
    desk.participants(registered(ANA, region="south"))
    (report,) = desk.retry()
    assert (report.accepted, report.duplicates, report.held) == (1, 1, 0)
    regions = "SELECT keys['region'], batch_no FROM register ORDER BY ALL"
    assert query(desk.vault, regions) == [("north", 2), ("south", 3)]


def test_totals_are_judged_again_in_the_order_of_their_files(desk: Desk) -> None:
    """A corrected range of an instrument admits the record, but for a total that a later file brought."""
    desk.consents(granted(ANA))
    few = {"phq9": desk.contracts.sources["fhir"].instruments["phq9"].model_copy(update={"hi": 5})}
    strict = desk.declaring("fhir", instruments=few)
    path = desk.folder / "totals.ndjson"
    path.write_text("".join(f"{json.dumps(fhir.total(key, ANA))}\n" for key in ("o1", "o2")))
    assert dict(strict.take("fhir", path).quarantined) == {"off_scale": 2}
    path.write_text(json.dumps(fhir.total("o1", ANA, valueInteger=4)))
    assert desk.take("fhir", path).accepted == 1
    (report,) = desk.retry()
    assert (report.accepted, report.duplicates, report.held) == (1, 1, 0)
    assert query(desk.vault, "SELECT total, batch_no FROM questionnaire_total ORDER BY ALL") == [(4, 3), (7, 2)]


def test_no_total_of_one_person_stops_the_others(desk: Desk) -> None:
    """A number that the vault has no room for is one refused row: in a file, and under an edited declaration."""
    desk.consents(granted(ANA), granted(BEA))
    declared = desk.contracts.sources["fhir"].instruments["phq9"]
    few, endless = ({"phq9": declared.model_copy(update={"hi": hi})} for hi in (5, 10**30))
    path = desk.folder / "totals.ndjson"
    totals = (("o1", ANA, 10**25), ("o2", BEA, 7))
    path.write_text("".join(f"{json.dumps(fhir.total(key, who, valueInteger=n))}\n" for key, who, n in totals))
    assert dict(desk.declaring("fhir", instruments=few).take("fhir", path).quarantined) == {"off_scale": 2}
    # The operator takes the instrument out of the declaration, and then puts it back without a bound.
    (report,) = desk.declaring("fhir", instruments={}).retry()
    assert dict(report.quarantined) == {"not_allowed": 2}
    (report,) = desk.declaring("fhir", instruments=endless).retry()
    assert (report.accepted, dict(report.quarantined)) == (1, {"off_scale": 1})
    assert query(desk.vault, "SELECT total FROM questionnaire_total") == [(7,)]


def test_a_deletion_that_was_refused_does_not_undo_a_later_file(desk: Desk) -> None:
    """It deletes an entry of an earlier file, and not one of a later file."""
    desk.consents(granted(ANA))
    desk.take("mydatahelps", exported(desk, MAIN, state_of_mind("k1", ANA)))
    contract = desk.contracts.mood_entry
    columns = {**contract.columns, "person_id": replace(contract["person_id"], max_length=len(ANA))}
    strict = desk.under(replace(desk.contracts, mood_entry=replace(contract, columns=columns)))
    long = "k" * 40
    gone = [f"{long},{ANA},{ANA}-guid,2026-05-06", f"{long}2,{ANA},{ANA}-guid,2026-05-06"]
    desk.take("mydatahelps", exported(desk, MAIN, state_of_mind(long, ANA, day="05")))
    strict.take("mydatahelps", exported(desk, f"{BESIDE},DeletedDate", *gone))
    assert query(desk.vault, "SELECT kind, rule FROM refused_record") == [("deletion", "too_long")] * 2
    desk.take("mydatahelps", exported(desk, MAIN, state_of_mind(f"{long}2", ANA, day="06")))
    (report,) = desk.retry()
    assert (report.accepted, report.duplicates) == (1, 1)
    assert [row[0] for row in query(desk.vault, ENTRIES)] == ["2026-05-04", "2026-05-06"]


def test_factors_that_came_before_their_entry_are_held_for_it(desk: Desk) -> None:
    """An entry without factors is given them; one that has some keeps them."""
    desk.consents(granted(ANA))
    beside = exported(desk, f"{BESIDE},Association", f"k1,{ANA},{ANA}-guid,Work", f"k2,{ANA},{ANA}-guid,Work")
    assert dict(desk.take("mydatahelps", beside).quarantined) == {"unknown_entry": 2}
    desk.take("mydatahelps", exported(desk, MAIN, state_of_mind("k1", ANA), state_of_mind("k2", ANA, day="05")))
    desk.take("mydatahelps", exported(desk, f"{BESIDE},Association", f"k2,{ANA},{ANA}-guid,Family"))
    later = query(desk.vault, "SELECT factors FROM entry WHERE local_date = '2026-05-05'")
    (report,) = desk.retry()
    assert (report.accepted, report.duplicates) == (1, 1)
    assert query(desk.vault, "SELECT factors > 0 FROM entry ORDER BY local_date") == [(True,), (True,)]
    assert query(desk.vault, "SELECT factors FROM entry WHERE local_date = '2026-05-05'") == later


def test_a_grant_that_is_accepted_later_covers_from_then_on(desk: Desk) -> None:
    """It is recorded with its file's number; what a withdrawal has closed since stays closed."""
    desk.consents(granted(ANA, covers="2026-05-01"), granted(ANA, covers="01/01/2026"))
    query(desk.vault, "UPDATE refused_record SET texts = replace(texts, '01/01/2026', '2026-01-01')")  # a mended rule
    (report,) = desk.retry()
    assert (report.accepted, report.held) == (1, 0)
    events = "SELECT covers_from::VARCHAR, batch_no FROM consent_event ORDER BY ALL"
    assert query(desk.vault, events) == [("2026-01-01", 1), ("2026-05-01", 1)]


def test_a_record_of_a_day_that_no_consent_covers_goes_with_its_retry(desk: Desk) -> None:
    """It is right now, and nobody agreed to it."""
    desk.consents(granted(ANA, covers="2026-05-01"))
    desk.entries(entry(ANA, "2026-04-30", "6"))
    (report,) = desk.declaring("canonical", scale=TEN).retry()
    assert (report.accepted, report.without_consent) == (0, 1)
    assert query(desk.vault, "SELECT count(*) FROM refused_record") == [(0,)]


def test_the_report_of_a_file_counts_what_is_held_and_what_is_not(desk: Desk) -> None:
    """And the list of what is in quarantine does, too."""
    desk.consents(granted(ANA))
    desk.take_entries(write(desk.folder / "e.csv", ENTRY_HEADER, [entry(ANA, mood="9"), entry(BEA, mood="9")]))
    assert desk.vault.rows("quarantine_counts") == [(2, "canonical", "off_scale", "mood", 2, 1)]


def test_a_record_that_is_sent_again_is_held_once(desk: Desk) -> None:
    """As its later file's: a command that was killed before its file left the inbox takes the file in once more."""
    desk.consents(granted(ANA), granted(BEA))
    for _ in range(2):
        desk.entries(entry(ANA, mood="9"), entry(BEA, mood="8"))
    desk.entries(entry(ANA, mood="8"))  # another text is another record
    held = query(desk.vault, "SELECT batch_no, texts LIKE '%\"9\"%' FROM refused_record ORDER BY ALL")
    assert held == [(3, False), (3, True), (4, False)]
