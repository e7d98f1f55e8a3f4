"""FHIR R4: consents, each form of a yes and of a no."""

from pathlib import Path

import pytest

from analytics.contracts import Source
from analytics.contracts.source import ConsentWords
from tests.specimens import fhir as specimens
from tests.specimens.fhir import CODE, Json, concept, consent, file, line, mood
from tests.support.fhir_reading import Reader, reader_of_records
from tests.support.reading import found_in, path_of, source_of

source = source_of(specimens)
path = path_of(specimens)
reader = reader_of_records()


def test_a_consent_is_a_grant(reader: Reader) -> None:
    """Of the policy, only its version is kept."""
    assert reader.row(consent("CANARY-ana")) == {
        "kind": "consent",
        "person_id": "CANARY-ana",
        "event": "granted",
        "recorded_at": "2026-04-01T10:00:00+02:00",
        "covers_from": "2026-04-02",
        "scope": "population_statistics",
        "policy_version": "2.1",
        "ends": "",
    }


@pytest.mark.parametrize(
    ("change", "days"),
    [
        ({"provision": {"type": "permit"}}, "2026-04-01"),  # from the day on which it was given
        ({"provision": {"type": "permit", "period": {"start": "2026-03-01T23:00:00-05:00"}}}, "2026-03-01"),
        ({"provision": {"type": "permit", "dataPeriod": {"start": "2026-04-09"}}}, "2026-04-09"),
        ({"provision": None, "policyRule": concept("OPTIN")}, "2026-04-01"),
        ({"category": [concept("x")], "policyRule": concept(CODE)}, "2026-04-02"),
        ({"category": [], "provision": {"type": "permit", "purpose": [{"code": CODE}]}}, "2026-04-01"),
        # An exception for another purpose is not ours.
        (
            {"provision": {"type": "permit", "provision": [{"type": "deny", "purpose": [{"code": "TREAT"}]}]}},
            "2026-04-01",
        ),
    ],
)
def test_forms_of_a_grant(reader: Reader, change: Json, days: str) -> None:
    """A code of ours in any of three places, and a yes."""
    row = reader.row(consent("CANARY-ana", **change))
    assert (row["event"], row["covers_from"]) == ("granted", days)


@pytest.mark.parametrize(
    ("provision", "ends"),
    [
        ({"period": {"end": "2027-01-01"}}, "2027-01-01T23:59:59.999999+00:00"),
        ({"period": {"end": "2027-01-01T10:00:00+02:00"}}, "2027-01-01T08:00:00.000000+00:00"),
        ({"period": {"end": "2027-01-01"}, "dataPeriod": {"end": "2026-12-31"}}, "2026-12-31T23:59:59.999999+00:00"),
    ],
)
def test_a_grant_says_when_it_ends(reader: Reader, provision: Json, ends: str) -> None:
    """The earliest end is read, a date's last instant."""
    assert reader.row(consent("CANARY-ana", provision={"type": "permit", **provision}))["ends"] == ends


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"provision": {"type": "permit", "period": {"end": "2027"}}}, ("not_allowed", "covers_from")),
        ({"provision": {"type": "permit", "dataPeriod": {"end": "CANARY"}}}, ("not_allowed", "covers_from")),
        ({"provision": {"type": "permit", "period": {"start": "2026-04"}}}, ("not_a_date", "covers_from")),
        ({"dateTime": "2026-04"}, ("not_a_time", "recorded_at")),
        ({"patient": {"identifier": {"value": "CANARY"}}}, ("missing", "person_id")),
        ({"patient": {"reference": "Group/CANARY"}}, ("unreadable", "person_id")),
    ],
)
def test_a_grant_with_a_blemish_is_refused(reader: Reader, change: Json, broken: tuple[str, str]) -> None:
    """A yes must be whole, and must not hold for less than can be kept."""
    assert reader.rule(consent("CANARY-ana", **change)) == broken


@pytest.mark.parametrize(
    "change",
    [
        {"status": "draft"},
        {"status": "proposed"},
        {"category": [concept("TREAT")]},
        {"category": [concept("TREAT")], "status": "inactive"},
        {"category": []},  # a yes to nothing that could be read
    ],
)
def test_another_consent_is_passed_over(reader: Reader, change: Json) -> None:
    """One that is not in force yet, or to something else, grants nothing and closes nothing."""
    assert reader.passes_over(consent("CANARY-ana", **change))


@pytest.mark.parametrize(
    "change",
    [
        {"status": "inactive"},
        {"status": "rejected"},
        {"decision": "deny", "provision": None},
        {"status": " INACTIVE "},
        {"provision": {"type": "deny"}},
        {"provision": {"type": "deny"}, "status": "proposed"},
        {"provision": {"type": "permit", "provision": [{"type": "deny", "purpose": [{"code": CODE}]}]}},
        {"provision": {}, "policyRule": concept("OPTOUT")},
        {"status": "inactive", "category": [concept(CODE.upper())]},
        {"status": "inactive", "dateTime": {"CANARY": 1}, "policy": "CANARY", "meta": [], "provision": "CANARY"},
        {"status": "inactive", "modifierExtension": [{}]},
        {"status": "inactive", "provision": {"type": "permit", "period": {"end": "2027"}}},
        {"status": "inactive", "patient": None, "subject": {"reference": "Patient/CANARY-ana"}},  # as in R5
    ],
)
def test_a_no_holds_with_any_blemish(reader: Reader, change: Json) -> None:
    """Where a consent clearly says no to ours, and names its person, it is a withdrawal."""
    row = reader.row(consent("CANARY-ana", **change))
    assert (row["event"], row["person_id"], row["scope"]) == ("withdrawn", "CANARY-ana", "population_statistics")


@pytest.mark.parametrize(
    "change",
    [
        {"status": "entered-in-error"},
        {"status": "withdrawn"},  # no word of FHIR's
        {"status": None},
        {"status": ["active"]},
        {"decision": "deny"},  # R5's no beside R4's yes
        {"decision": ["permit"]},  # a shape of which nothing is known
        {"provision": {}},
        {"provision": {"type": "denied"}},
        {"provision": {"type": ["permit"]}},
        {"provision": [{"type": "deny"}]},  # R5's list without R5's decision
        {"provision": {"type": "permit", "provision": [{"type": "deny"}]}},  # it may be to ours
        {"provision": {"type": "permit", "modifierExtension": [{}]}},  # it may say the opposite of what it seems to say
        {"modifierExtension": [{}]},
        {"provision": None, "policyRule": concept("OPTINR")},  # with restrictions
        {"status": "inactive", "category": None, "policyRule": None},  # no code at all
        {"status": "inactive", "category": 5},
        {"status": "inactive", "category": [concept("x")], "provision": {"purpose": [5]}},  # it may have been ours
    ],
)
def test_what_says_neither_suspends(reader: Reader, change: Json) -> None:
    """Where a consent is or may be of ours, and says neither yes nor no, its person is suspended."""
    row = reader.row(consent("CANARY-ana", **change))
    assert (row["event"], row["person_id"], row["scope"]) == ("unclear", "CANARY-ana", "population_statistics")


@pytest.mark.parametrize(
    ("times", "recorded_at"),
    [
        # `dateTime` stays that of the yes.
        ({"dateTime": "2026-04-01", "meta": {"lastUpdated": "2026-05-01T08:00:00Z"}}, "2026-05-01T08:00:00Z"),
        ({"dateTime": "2026-05-02", "meta": {"lastUpdated": "2026-05-01T08:00:00Z"}}, "2026-05-02"),
        ({"dateTime": "2026-05-01", "meta": {"lastUpdated": "2026-05-01T08:00:00Z"}}, "2026-05-01"),  # the whole day
        (
            {"dateTime": "2026-05-01T00:30:00+14:00", "meta": {"lastUpdated": "2026-04-30T12:00:00Z"}},
            "2026-04-30T12:00:00Z",
        ),
        ({"dateTime": "2026-04-01"}, "2026-04-01"),
        ({"dateTime": None}, ""),  # from now on
        ({"dateTime": "2026-13", "meta": {"lastUpdated": "2026-05-01T08:00:00Z"}}, ""),
        ({"dateTime": "2026-02-30T08:00:00Z"}, ""),
        ({"dateTime": "0001-01-01T00:00:00+14:00"}, ""),
    ],
)
def test_when_a_no_was_known(reader: Reader, times: Json, recorded_at: str) -> None:
    """The later of its own time and the record's last change; from now on, if it is not sure."""
    assert reader.row(consent("CANARY-ana", status="inactive", **times))["recorded_at"] == recorded_at


def test_a_no_without_a_person_is_counted(reader: Reader) -> None:
    """Without a person there is nothing to honour, but it is not passed over."""
    assert reader.rule(consent("x", status="inactive", patient={"display": "CANARY"})) == ("missing", "person_id")


def test_a_no_in_damaged_bytes_holds(path: Path, source: Source) -> None:
    """Bytes that are no UTF-8 spoil a yes and not a no, unless they are the id's."""
    yes, no = (line(consent("CANARY-ana", status=status, note="@")) for status in ("active", "inactive"))
    path.write_bytes(
        file([no.replace(b"@", b"\xff"), yes.replace(b"@", b"\xff"), no.replace(b"ana", b"\xff"), specimens.OTHERS[0]])
    )
    rows, bad, _, _ = found_in(path, source)
    assert [(row["event"], row["person_id"]) for row in rows if row["kind"] == "consent"] == [
        ("withdrawn", "CANARY-ana")
    ]
    assert bad == {2: ("not_utf8", ""), 3: ("missing", "person_id")}


def test_a_member_that_occurs_twice_suspends(path: Path, source: Source) -> None:
    """Which status was meant is not guessed, no yes and no no is made of it; an observation is refused."""
    twice = line(consent("CANARY-ana")).replace(b'"status": "active"', b'"status": "inactive", "status": "active"')
    observation = line(mood("CANARY-o1", "CANARY-ana")).replace(b'"status"', b'"status": "final", "status"')
    path.write_bytes(file([twice, observation]))
    rows, bad, _, _ = found_in(path, source)
    assert [row["event"] for row in rows if row["kind"] == "consent"] == ["unclear"]
    assert bad == {2: ("repeated_name", "")}


def test_a_code_may_be_bound_to_its_system(path: Path, source: Source) -> None:
    """A yes must be of the declared system; a no need not."""
    own = source.model_copy(update={"consent": ConsentWords(codes=(f"urn:own|{CODE}",))})
    reader = Reader(path, own)
    assert reader.passes_over(consent("CANARY-ana"))
    assert reader.row(consent("CANARY-ana", status="inactive"))["event"] == "withdrawn"
    assert reader.row(consent("CANARY-ana", category=[concept(CODE, "urn:own")]))["event"] == "granted"
