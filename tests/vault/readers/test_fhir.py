"""FHIR R4: lines, single resources and Bundles, and what is wrong with one of them."""

import json
from pathlib import Path

import pytest

from analytics.contracts import Source
from tests.specimens import fhir as specimens
from tests.specimens.fhir import bundle, consent, file, line, mood, patient, total
from tests.support.fhir_reading import Reader, reader_of_records, without
from tests.support.people import Desk, balances, query
from tests.support.reading import found_in, holding, path_of, planted_in, refusal, source_of

source = source_of(specimens)
path = path_of(specimens)
reader = reader_of_records()


def test_lines_become_rows_of_four_kinds(path: Path, source: Source) -> None:
    """Moods, totals, deletions, patients and consents may lie in one file; a Bundle on a line is unfolded."""
    path.write_bytes(specimens.GOOD)
    rows, bad, free_text, passed_over = found_in(path, source)
    assert (bad, free_text, passed_over) == ({}, 1, 1)
    entries = [row for row in rows if row["kind"] == "entry"]
    names = ("person_id", "source_id", "logged_at", "mood", "report_kind", "factors")
    assert [tuple(row[name] for name in names) for row in entries] == [
        ("CANARY-ana", "CANARY-o1", "2026-05-04T09:15:00+02:00", "0.25", "momentary", "work|currentEvents"),
        ("CANARY-ana", "CANARY-o2", "2026-05-05", "-1", "momentary", "work|currentEvents"),  # a bare date
        ("CANARY-bea", "CANARY-o1", "2026-05-04T09:15:00+02:00", "0", "momentary", "work|currentEvents"),
    ]
    totals = [(row["person_id"], row["instrument"], row["total"]) for row in rows if row["kind"] == "total"]
    assert totals == [("CANARY-ana", "phq9", "7"), ("CANARY-bea", "gad7", "7")]
    assert [row for row in rows if row["kind"] == "deletion"] == [
        {"kind": "deletion", "person_id": "CANARY-bea", "source_id": "CANARY-o4"}
    ]
    assert sorted({row["kind"] for row in rows}) == ["consent", "deletion", "entry", "participant", "total"]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_a_document_is_one_resource_or_a_bundle(path: Path, source: Source, indent: int | None, start: bytes) -> None:
    """On one line or on many, the same is read; a Bundle's records are numbered by their places."""
    path.write_bytes(start + json.dumps(mood("CANARY-o1", "CANARY-ana"), indent=indent).encode())
    assert [row["mood"] for row in found_in(path, source)[0]] == ["0.25"]
    several = bundle(mood("CANARY-o1", "CANARY-ana"), mood("CANARY-o2", "CANARY-ana", "yesterday"))
    path.write_bytes(start + json.dumps(several, indent=indent).encode())
    rows, bad, _, _ = found_in(path, source)
    assert [row["source_id"] for row in rows] == ["CANARY-o1"]
    assert bad == {2: ("not_a_time", "logged_at")}


def test_a_large_bundle_on_one_line_is_a_document(path: Path, source: Source) -> None:
    """Servers write a Bundle without line breaks, longer than any line of many may be."""
    path.write_bytes(line(bundle(*[mood(f"CANARY-o{number}", "CANARY-ana") for number in range(400)])))
    assert path.stat().st_size > 256 * 1024
    assert len(found_in(path, source)[0]) == 400


def test_a_damaged_first_line_does_not_hide_the_others(path: Path, source: Source) -> None:
    """A file of lines stays one, whatever its first line is."""
    for damaged in (b"{", b"[]", b"\xff", b'{"resourceType":"Bundle","entry":[', b'{"a":"' + b"x" * 300_000 + b'"}'):
        path.write_bytes(file([damaged, *specimens.OTHERS, b"]}"]))
        rows, bad, _, _ = found_in(path, source)
        assert len(rows) == len(specimens.OTHERS)
        assert set(bad) == {1, len(specimens.OTHERS) + 2}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"CANARY,CANARY\n1,2\n",
        b"[]",
        b'"CANARY"',
        b'{"CANARY": 1}',
        b"[\n{}\n]",
        b'{"resourceType":\n"CA',
    ],
)
def test_another_file_is_refused(path: Path, source: Source, content: bytes) -> None:
    """What is no resource at all is refused as a file, in our own words."""
    assert refusal(path, source, content)


def test_a_history_is_read_from_its_beginning(reader: Reader) -> None:
    """A history begins with the newest version, and the last row of a key counts."""
    newest, oldest = mood("CANARY-o1", "CANARY-ana", valence=1), mood("CANARY-o1", "CANARY-ana", valence=0)
    rows, _, _, _ = reader.all(bundle(newest, oldest, type="history"))
    assert [row["mood"] for row in rows] == ["0", "1"]


def test_a_bundles_own_names_of_patients_are_resolved(reader: Reader) -> None:
    """A Bundle may call a patient by a name that holds in it alone; the id is what consents go by."""
    url = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    entries = [
        {"fullUrl": url, "resource": patient("CANARY-ana")},
        {"resource": mood("CANARY-o1", "x", subject={"reference": url})},
        {"resource": consent("x", patient={"reference": url}, status="inactive")},
    ]
    rows, bad, _, _ = reader.all({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert bad == {}
    assert {row["person_id"] for row in rows} == {"CANARY-ana"}
    entries[0] = {"fullUrl": url, "resource": without(patient("x"), "id")}
    rows, _, _, _ = reader.all({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert {row["person_id"] for row in rows} == {url.removeprefix("urn:uuid:")}


def test_a_deletion_that_names_nobody_is_seen(reader: Reader) -> None:
    """An entry of a Bundle that only says what was deleted cannot be honoured, and is not passed over in silence."""
    gone = {"request": {"method": "DELETE", "url": "Observation/CANARY-o1"}}
    assert reader.rule({"resourceType": "Bundle", "entry": [gone]}) == ("missing", "person_id")
    assert reader.all({"resourceType": "Bundle", "entry": [{"request": {"url": "Device/x"}}]})[:2] == ([], {})


def test_one_bad_record_of_a_bundle_is_its_own_affair(reader: Reader) -> None:
    """The others of the Bundle are kept."""
    good = {"resource": mood("CANARY-o1", "CANARY-ana")}
    damage: list[object] = [5, {"resource": 5}, {"resource": {}}, {"resource": {"resourceType": "Observation"}}]
    for damaged in damage:
        rows, bad, _, _ = reader.all({"resourceType": "Bundle", "entry": [damaged, good]})
        assert [row["source_id"] for row in rows] == ["CANARY-o1"]
        assert set(bad) == {1}
    assert reader.rule({"resourceType": "Bundle", "entry": 5}) == ("unreadable", "")


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        (b"{", ("broken_json", "")),
        (b"[]", ("unreadable", "")),
        (b"null", ("unreadable", "")),
        (b'{"resourceType": 5, "CANARY": 1}', None),  # of no type that is known
        (b'{"resourceType": null}', ("unreadable", "")),
        (b'{"a":' * 50_000, ("too_deep", "")),
        (line(mood("CANARY\x00", "CANARY-ana")), ("nul_byte", "source_id")),
        (line(mood("x" * 10_001, "CANARY-ana")), ("too_long", "source_id")),
        (line(mood("\ud800", "CANARY-ana")), ("not_utf8", "source_id")),
        (line(mood("CANARY-o1", "@")).replace(b"@", b"\xff"), ("not_utf8", "")),
        (line(mood("CANARY-o1", "CANARY-ana", note="x" * 300_000)), ("line_too_long", "")),
        (line(mood("CANARY-o1", "CANARY-ana", component=[5])), ("unreadable", "")),
        (line(mood("CANARY-o1", "CANARY-ana", component={"code": 5})), ("unreadable", "")),
    ],
)
def test_a_bad_line_is_its_own_affair(
    path: Path, source: Source, record: bytes, broken: tuple[str, str] | None
) -> None:
    """A line that cannot be read is refused by its number; the lines around it are kept."""
    path.write_bytes(file([specimens.OTHERS[0], record, specimens.OTHERS[3]]))
    rows, bad, _, _ = found_in(path, source)
    assert bad == ({} if broken is None else {2: broken})
    assert [row["person_id"] for row in rows] == ["CANARY-bea", "CANARY-cai"]


def test_a_file_s_own_consents_admit_its_moods(desk: Desk) -> None:
    """Grants and cohorts of a file are kept before its moods, wherever they lie; a later no closes everything."""
    records = [
        *[
            line(mood(f"CANARY-{who}{day}", f"CANARY-{who}", f"2026-05-0{day}"))
            for who in ("bea", "ana")
            for day in (4, 5)
        ],
        line(mood("CANARY-bea4", "CANARY-bea", status="entered-in-error")),
        line(total("CANARY-t", "CANARY-bea")),
        line(mood("CANARY-o", "CANARY-cai")),  # who never consented
        *specimens.CONSENTS[:1],
        *specimens.PATIENTS[:1],
        line(consent("CANARY-ana")),
        line(consent("CANARY-ana", status="inactive")),
    ]
    path = desk.folder / specimens.FILE_NAME
    path.write_bytes(file(records))
    report = desk.take("fhir", path)
    assert balances(report)
    assert query(desk.vault, "SELECT count(*) FROM consented_entry") == [(1,)]
    assert query(desk.vault, "SELECT total FROM questionnaire_total") == [(7,)]
    assert report.without_consent == 3  # both of who withdrew, and one
    assert desk.take("fhir", path).accepted == 0


def test_depth_is_no_danger(path: Path, source: Source) -> None:
    """Whatever is nested as deeply as can be parsed is read or refused, and nothing else breaks."""
    for shape in (b"[", b'{"item":[', b'{"provision":', b'{"state":'):
        closing = {b"[": b"]", b'{"item":[': b"]}"}.get(shape, b"}")
        for kind, name in (("QuestionnaireResponse", "item"), ("Consent", "provision"), ("Patient", "address")):
            deep = shape * 400 + b"0" + closing * 400
            head = f'{{"resourceType":"{kind}","id":"x","status":"completed","{name}":'.encode()
            path.write_bytes(file([specimens.OTHERS[0], head + deep + b"}"]))
            assert any(row["kind"] == "entry" for row in found_in(path, source)[0])


def test_nobody_changes_what_is_read_of_others(path: Path, source: Source) -> None:
    """Whatever lines one person has, before, between or after, the others' rows are the same."""
    records = [*specimens.OTHERS, *specimens.CONSENTS, *specimens.PATIENTS]

    def of_others(lines: list[bytes]) -> list[dict[str, str]]:
        path.write_bytes(file(lines))
        rows = found_in(path, source)[0]
        mine = [{name: text for name, text in row.items() if text} for row in rows]
        return sorted((row for row in mine if row["person_id"] in {"CANARY-bea", "CANARY-cai"}), key=str)

    alone = of_others(records)
    assert len(alone) == len(records)
    assert of_others([*specimens.ANYTHING, *records]) == alone
    assert of_others([*records, *specimens.ANYTHING]) == alone
    for number, anything in enumerate(specimens.ANYTHING):
        place = number % len(records)
        assert of_others([*records[:place], anything, *records[place:]]) == alone


def test_what_people_write_ends_in_the_reader(path: Path, source: Source) -> None:
    """Words stand only where they are judged later: person, own id, factors, and a number that is none."""
    rows, bad, free_text, _ = planted_in(path, source, specimens)
    assert free_text > 0
    assert len(bad) > 5
    assert {row["kind"] for row in rows} == {"entry", "total", "deletion", "participant", "consent"}
    assert holding(rows) == {"person_id", "source_id", "factors", "mood", "total"}
