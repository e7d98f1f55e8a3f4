"""From real formats into the vault: whose a file is, words, factors, parts of a day, deletions, totals, retries."""

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from analytics.contracts import REGISTER_SOURCES, Contracts, Source
from analytics.contracts.source import Instrument, Scale, SourceColumns
from analytics.errors import FileRefusedError
from analytics.vault.readers import formats, reader_of
from analytics.vault.readers.shared.rows import BAD_SCHEMA, RawRows
from tests.support.mydatahelps import BESIDE, MAIN, exported, state_of_mind
from tests.support.people import ANA, BEA, CANARY, NOTE, Desk, balances, granted, query, write

FIVE = Scale(lo=Decimal(1), hi=Decimal(5), better="higher")


def declared(contracts: Contracts, **changes: object) -> Contracts:
    """Return the contracts with a source `app` of one person's CSV files, with the changes given."""
    columns = SourceColumns(time="at", mood="mood", factors="with", sleep_quality="rest", source_id="id")
    base = contracts.sources["canonical"].model_dump()
    app = Source.model_validate({**base, "name": "app", "person": "file", "columns": columns, **changes})
    return replace(contracts, sources={**contracts.sources, "app": app})


def app_file(desk: Desk, *rows: str, header: str = "at,mood,with,rest") -> Path:
    """Write a file of the source `app`."""
    return write(desk.folder / "app.csv", header, rows)


def test_every_declared_format_has_a_reader(contracts: Contracts) -> None:
    """A declaration names a module of the readers; each format that people export has a declaration of its name."""
    assert {source.format for source in contracts.sources.values()} <= set(formats())
    assert set(formats()) - set(REGISTER_SOURCES) <= set(contracts.sources)
    for source in contracts.sources.values():
        assert callable(reader_of(source))


def test_a_declaration_of_an_unknown_format_refuses_its_files(desk: Desk) -> None:
    """What the program cannot read is said with what it can."""
    other = desk.under(declared(desk.contracts, format="scroll"))
    with pytest.raises(FileRefusedError, match="format") as refused:
        other.take("app", app_file(desk, "2026-05-04,3,,"), ANA)
    assert "generic" in refused.value.action


def test_one_person_s_file_is_theirs(desk: Desk) -> None:
    """Rows that name nobody belong to the person who is named with the file."""
    app = desk.under(declared(desk.contracts))
    desk.consents(granted(ANA))
    report = app.take("app", app_file(desk, "2026-05-04,4,work,", "2026-05-05T21:00,5,,"), ANA)
    assert (report.read, report.accepted) == (2, 2)
    assert desk.everyone() == {3: 500_000, 4: 500_000}
    assert app.take("app", app_file(desk, "2026-05-04,4,work,"), BEA).without_consent == 1


def test_a_file_without_an_owner_is_refused(desk: Desk) -> None:
    """One person's file without a person, and a file of many people with one, are refused as files."""
    app = desk.under(declared(desk.contracts))
    with pytest.raises(FileRefusedError, match="must belong to one person; this one has no owner"):
        app.take("app", app_file(desk, "2026-05-04,4,,"))
    with pytest.raises(FileRefusedError, match="names its own person; this file was also given one owner"):
        desk.take("canonical", app_file(desk, "2026-05-04,4,,"), ANA)


WORDS = {"Rad": Decimal(5), "so  so": Decimal(3), "awful": Decimal(1)}


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("rad", 100_000),
        ("  RAD ", 100_000),  # case and outer blanks are set aside
        ("So So", 50_000),  # inner blanks count once
        ("rad;awful", 50_000),  # several words: their mean
        ("rad;rad;awful", 66_667),  # a third, rounded once
        ("rad; ", 100_000),  # a separator at the end
        ("meh", None),  # not in the map
        ("rad;meh", None),  # one of several is not
        ("5", None),  # a number is no word
        (";", None),
    ],
)
def test_mood_words_count_by_the_map_alone(desk: Desk, cell: str, score: int | None) -> None:
    """A word is what the declaration says; another is quarantined and counted, never guessed."""
    app = desk.under(declared(desk.contracts, words=WORDS, word_separator=";"))
    desk.consents(granted(ANA))
    report = app.take("app", app_file(desk, f"2026-05-04,{cell},,"), ANA)
    assert balances(report)
    assert query(desk.vault, "SELECT mood_score FROM entry") == ([] if score is None else [(score,)])
    assert dict(report.quarantined) == ({"unknown_word": 1} if score is None else {})


def test_the_map_is_extended_and_the_file_sent_again(desk: Desk) -> None:
    """A quarantined word is admitted when the declaration knows it, and the other rows count once."""
    app = desk.under(declared(desk.contracts, words=WORDS))
    desk.consents(granted(ANA))
    rows = ("2026-05-04,rad,,", f"2026-05-05,{CANARY}-zen,,")
    first = app.take("app", app_file(desk, *rows), ANA)
    assert (first.accepted, dict(first.quarantined)) == (1, {"unknown_word": 1})
    wiser = desk.under(declared(desk.contracts, words={**WORDS, f"{CANARY}-zen": Decimal(4)}))
    again = wiser.take("app", app_file(desk, *rows), ANA)
    assert (again.accepted, again.duplicates, dict(again.quarantined)) == (1, 1, {})


def test_words_outside_a_declared_scale_or_twice_refuse_the_declaration(contracts: Contracts) -> None:
    """A map that cannot be meant is refused before any file is read."""
    for words in ({"rad": Decimal(6)}, {"rad": Decimal(5), " RAD": Decimal(4)}):
        with pytest.raises(ValueError, match="word"):
            declared(contracts, words=words)


def test_factors_by_a_map_drop_and_count_what_they_do_not_know(desk: Desk) -> None:
    """An app's own words become the contract's factors; others are dropped and counted, and the mood is kept."""
    app = desk.under(declared(desk.contracts, factors={"Job": "work", "gym": "fitness", "tea": "no_factor"}))
    desk.consents(granted(ANA))
    report = app.take("app", app_file(desk, f"2026-05-04,4,JOB|{CANARY} club|gym|tea,", "2026-05-05,4,job,"), ANA)
    assert (report.accepted, report.factors_dropped) == (2, 2)
    words = "SELECT local_date, factor FROM entry JOIN factor ON factors >> bit & 1 = 1 ORDER BY ALL"
    assert [word for _, word in query(desk.vault, words)] == ["fitness", "work", "work"]


@pytest.mark.parametrize(
    ("cell", "quality", "rule"),
    [("1", 0, None), ("4", 75_000, None), ("", None, None), ("6", None, "off_scale"), ("x", None, "not_a_number")],
)
def test_sleep_quality_is_on_its_own_scale(desk: Desk, cell: str, quality: int | None, rule: str | None) -> None:
    """Quality of sleep is kept in thousandths of a point, 0 to 100, and never reinterpreted."""
    app = desk.under(declared(desk.contracts, sleep_quality=FIVE))
    desk.consents(granted(ANA))
    report = app.take("app", app_file(desk, f"2026-05-04,4,,{cell}"), ANA)
    assert dict(report.quarantined) == ({} if rule is None else {rule: 1})
    assert query(desk.vault, "SELECT sleep_quality FROM entry") == ([] if rule else [(quality,)])


def test_native_values_times_and_kinds_are_kept(desk: Desk) -> None:
    """The native value, the wall clock, its offset and the kind of report stand beside the score."""
    app = desk.under(declared(desk.contracts, kind="daily"))
    desk.consents(granted(ANA))
    app.take("app", app_file(desk, "2026-05-04T23:30:05+02:00,4.5,,", "2026-05-05,2,,"), ANA)
    kept = "SELECT local_date::VARCHAR, local_time::VARCHAR, utc_offset_min, daily, mood_native FROM entry ORDER BY 1"
    assert query(desk.vault, kept) == [
        ("2026-05-04", "23:30:05", 120, True, 4_500_000_000),
        ("2026-05-05", None, None, True, 2_000_000_000),
    ]
    assert query(desk.vault, "SELECT scale FROM batch WHERE source = 'app'") == [("1..5, higher is better",)]


def observation(key: str, person: str, status: str, day: int) -> str:
    """Return one line of State of Mind observations."""
    kind = {"code": {"coding": [{"code": "kind"}]}, "valueCodeableConcept": {"coding": [{"code": "dailyMood"}]}}
    valence = {"code": {"coding": [{"code": "valence"}]}, "valueQuantity": {"value": 0.5}}
    return json.dumps(
        {
            "resourceType": "Observation",
            "id": key,
            "status": status,
            "code": {"coding": [{"code": "stateOfMind"}]},
            "subject": {"reference": f"Patient/{person}"},
            "effectiveDateTime": f"2026-05-{day:02}",
            "component": [kind, valence],
        }
    )


def test_a_deletion_at_the_source_is_honoured_for_ever(desk: Desk) -> None:
    """The entry goes, is not admitted when it is sent again, and nobody else's entry of the same key is touched."""
    desk.consents(granted(ANA), granted(BEA))
    main = (state_of_mind("k1", ANA), state_of_mind("k2", ANA, day="05"), state_of_mind("k1", BEA, "-1"))
    assert desk.take("mydatahelps", exported(desk, MAIN, *main)).accepted == 3
    gone = desk.take("mydatahelps", exported(desk, f"{BESIDE},DeletedDate", f"k1,{ANA},{ANA}-guid,2026-05-06"))
    assert (gone.read, gone.accepted) == (1, 1)
    assert desk.vault.state().rebuild_due  # its bytes go, too
    assert desk.everyone() == {3: 1_000_000, 0: 1_000_000}
    again = desk.take("mydatahelps", exported(desk, MAIN, *main))
    assert (again.duplicates, again.deleted_at_source, again.accepted) == (2, 1, 0)
    assert balances(again)
    assert desk.everyone() == {3: 1_000_000, 0: 1_000_000}
    twice = desk.take("mydatahelps", exported(desk, f"{BESIDE},DeletedDate", f"k1,{ANA},{ANA}-guid,2026-05-06"))
    assert (twice.duplicates, twice.accepted) == (1, 0)


def test_a_deletion_that_comes_first_holds(desk: Desk) -> None:
    """Whatever the order of the files, what the source deleted is not stored."""
    desk.consents(granted(ANA))
    desk.take("mydatahelps", exported(desk, f"{BESIDE},DeletedDate", f"k1,{ANA},{ANA}-guid,2026-05-06"))
    report = desk.take("mydatahelps", exported(desk, MAIN, state_of_mind("k1", ANA)))
    assert (report.deleted_at_source, report.accepted) == (1, 0)


def test_a_deletion_holds_for_what_follows_in_the_same_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows lie between, an entry that is deleted earlier in a file is not stored later in it."""
    monkeypatch.setattr("analytics.vault.readers.shared.rows.CHUNK_ROWS", 2)
    desk.consents(granted(ANA), granted(BEA))
    lines = [observation("a", ANA, "final", 1), observation("k", ANA, "entered-in-error", 2)]
    lines += [observation(f"b{day}", BEA, "final", day) for day in range(1, 8)]
    path = desk.folder / "states.ndjson"
    path.write_text("\n".join([*lines, observation("k", ANA, "final", 3)]) + "\n")
    report = desk.take("fhir", path)
    assert (report.accepted, report.deleted_at_source, balances(report)) == (9, 1, True)
    both = "SELECT count(*) FROM entry JOIN deleted_entry USING (person_no, source_no, key_kind, key_value)"
    assert query(desk.vault, both) == [(0,)]


def test_a_deletion_of_a_stranger_is_without_consent(desk: Desk) -> None:
    """Of somebody who is not known nothing is stored, not even that something was deleted."""
    report = desk.take("mydatahelps", exported(desk, f"{BESIDE},DeletedDate", f"k1,{ANA},{ANA}-guid,2026-05-06"))
    assert (report.without_consent, balances(report)) == (1, True)
    assert query(desk.vault, "SELECT count(*) FROM deleted_entry") == [(0,)]


def test_factors_of_another_file_join_their_entries(desk: Desk) -> None:
    """Associations reach their entry, stay when the main file is sent again, and wait if the entry is not there."""
    desk.consents(granted(ANA))
    beside = exported(desk, f"{BESIDE},Association", f"k1,{ANA},{ANA}-guid,Work", f"k1,{ANA},{ANA}-guid,Family")
    early = desk.take("mydatahelps", beside)
    assert (dict(early.quarantined), balances(early)) == ({"unknown_entry": 1}, True)
    desk.take("mydatahelps", exported(desk, MAIN, state_of_mind("k1", ANA)))
    beside = exported(desk, f"{BESIDE},Association", f"k1,{ANA},{ANA}-guid,Work", f"k1,{ANA},{ANA}-guid,Family")
    assert desk.take("mydatahelps", beside).accepted == 1
    words = "SELECT factor FROM entry JOIN factor ON factors >> bit & 1 = 1 ORDER BY 1"
    assert query(desk.vault, words) == [("family",), ("work",)]
    assert desk.take("mydatahelps", exported(desk, MAIN, state_of_mind("k1", ANA))).duplicates == 1
    corrected = desk.take("mydatahelps", exported(desk, MAIN, state_of_mind("k1", ANA, "1")))
    assert corrected.accepted == 1
    assert query(desk.vault, words) == [("family",), ("work",)]


def test_reinstalled_apps_send_everything_again(desk: Desk) -> None:
    """The source's own id within a person is the key: a resend is a duplicate, another value a correction."""
    desk.consents(granted(ANA))

    def synced(valence: str) -> Path:
        path = desk.folder / "sync.json"
        mood = {"id": f"{CANARY}-id", "start": "2026-05-04 21:00:00 +0200", "kind": "dailyMood", "valence": valence}
        path.write_text(json.dumps({"data": {"stateOfMind": [{**mood, "metadata": {"note": NOTE}}]}}))
        return path

    reports = [desk.take("health_auto_export", synced(valence), ANA) for valence in ("0", "0", "-1")]
    assert [(report.accepted, report.duplicates) for report in reports] == [(1, 0), (0, 1), (1, 0)]
    assert desk.everyone() == {0: 1_000_000}
    assert query(desk.vault, "SELECT daily FROM entry") == [(True,)]


def test_parts_of_a_day_are_keys_where_no_clock_is_known(desk: Desk) -> None:
    """Morning and evening of one day are two entries; a clock time says more than a part."""
    desk.consents(granted(ANA))
    path = desk.folder / "bearable.csv"
    head = '"date","weekday","time of day","category","rating/amount","detail","notes"'
    rows = [f'"4th May 2026","Monday","{part}","Mood","{mood}","","{NOTE}"' for part, mood in (("am", 1), ("pm", 5))]
    report = desk.take("bearable", write(path, head, rows), ANA)
    assert (report.accepted, report.free_text_dropped) == (2, 2)
    assert query(desk.vault, "SELECT key_kind, day_part, local_time FROM entry ORDER BY 2") == [
        (3, 1, None),
        (3, 3, None),
    ]
    assert desk.take("bearable", write(path, head, rows), ANA).duplicates == 2


def test_totals_are_rows_of_their_own(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A questionnaire's total is checked against its bounds, consent and key, and is no mood."""
    phq9 = Instrument(codes=("44261-6",), lo=0, hi=27, better="lower")
    source = desk.contracts.sources["canonical"].model_copy(update={"instruments": {"phq9": phq9}})
    contracts = replace(desk.contracts, sources={"canonical": source})
    at = desk.under(contracts)
    desk.consents(granted(ANA))
    rows = [
        (ANA, "2026-05-04", "phq9", "12", "a"),
        (ANA, "2026-05-04", "phq9", "12", "a"),  # sent twice
        (ANA, "2026-05-05", "phq9", "28", "b"),  # beyond the instrument
        (ANA, "2026-05-05", "phq9", "1.5", "c"),
        (ANA, "2026-05-05", "k10", "12", "d"),  # not declared
        (BEA, "2026-05-05", "phq9", "12", "e"),  # no consent
        (ANA, "2025-12-31", "phq9", "12", "f"),  # before the consent's cover
    ]
    monkeypatch.setattr("analytics.vault.ingest.reader_of", lambda _: lambda _path, _source: iter(totals(rows)))
    report = at.take("canonical", desk.folder / "none")
    assert (report.read, report.accepted, report.duplicates, report.without_consent) == (7, 1, 1, 2)
    assert dict(report.quarantined) == {"off_scale": 1, "not_a_number": 1, "not_allowed": 1}
    assert query(desk.vault, "SELECT instrument, total FROM questionnaire_total") == [("phq9", 12)]
    assert desk.everyone() == {}
    rows[:] = [(ANA, "2026-05-04", "phq9", "13", "a")]
    assert at.take("canonical", desk.folder / "none").accepted == 1  # a correction
    assert query(desk.vault, "SELECT instrument, total FROM questionnaire_total") == [("phq9", 13)]


def totals(rows: Sequence[tuple[str, ...]]) -> list[RawRows]:
    """Return what a reader would yield of totals."""
    names = ("person_id", "logged_at", "instrument", "total", "source_id")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    numbered = frame.with_row_index("line", offset=1).with_columns(pl.col("line").cast(pl.Int64))
    return [RawRows(numbered, pl.DataFrame(schema=BAD_SCHEMA), 0, "total")]
