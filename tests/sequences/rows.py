"""Rows by template, of anybody and of Ada alone, hers hostile.

A template names its person as `{who}` and the person's domain as `{domain}`. No template of Ada's can damage its
container: quotes are closed, and a record of JSON is one line. What the promise says nothing about is not tried.
"""

import json
from typing import Any

from tests.sequences.world import many_words
from tests.specimens import fhir, mydatahelps

WHO, DOMAIN = b"{who}", b"{domain}"

Template = bytes


def _fhir(record: dict[str, Any]) -> Template:
    return json.dumps(record).encode()


def _mood(own_id: str, at: str, valence: Any, **more: Any) -> Template:  # noqa: ANN401 -- JSON is anything
    return _fhir(fhir.mood(own_id, "{who}", at, valence, **more))


def _consent(**more: Any) -> Template:  # noqa: ANN401 -- JSON is anything
    return _fhir(fhir.consent("{who}", **more))


def _entry(**members: Any) -> Template:  # noqa: ANN401 -- JSON is anything
    return json.dumps({"person_id": "{who}", **members}).encode()


_MANY = [
    "|".join(many_words("f", 63)),
    "|".join(many_words("f", 40)),
    "|".join(many_words("g", 40)),
]
"""So many factors in one row, of a contract that lists them."""

_PURPOSE = fhir.concept(fhir.CODE)["coding"][0]

HEADERS = {
    "canonical": b"person_id,logged_at,mood,factors,sleep_hours,note",
    "canonical factors": b"person_id,logged_at,mood,factors,sleep_hours,note",
    "canonical ndjson": b"",
    "app": b"who;when;mood;person_id;tags;rest;note",
    "diary": b"day,mood,sleep",
    "diary json": b"",
    "mydatahelps": mydatahelps.HEADER,
    "mydatahelps deletions": mydatahelps.DELETED_HEADER,
    "mydatahelps associations": mydatahelps.ASSOCIATIONS_HEADER,
    "consents": b"person_id,event,recorded_at,covers_from,scope,policy_version,id_domain",
    "participants": b"person_id,valid_from,region,age_band,service,id_domain",
    "withdrawals": b"person_id,id_domain",
    "fhir": b"",
    "fhir moods": b"",
}
"""Each shape of a file by its name, whose first word is the source."""

ANYBODY: dict[str, tuple[Template, ...]] = {
    "canonical": (
        b"{who},2026-05-04T09:00,3,,,",
        b"{who},2026-05-04T09:00,5,,,",
        b"{who},2026-05-05,2,work,7,",
        b"{who},2026-05-12T23:30,1,family|work,5,",
        b"{who},2026-04-02T08:00,4,,,",
        b"{who},2026-01-01T08:00,2,,,",  # past retention once releases are drawn, the next one 45 days later
        b"{who},2026-02-10T08:00,4,,,",
        b"{who},,3,,,",
        b"{who},2026-05-06T10:00,9,,,",
        b"{who},2026-05-04T09:00,8,,,",
        b"{who},06.05.2026,3,,,",
        b"{who},2026-05-07T09:00,3,f1|g1,,",
        b"{who},2026-05-08T01:00,,,,",
        b"{who},2025-03-01T09:00,3,,,",
        b"{who},2026-06-20T09:00,3,,,",
    ),
    "canonical factors": (
        b"{who},2026-05-10T09:00,2,f1|f39,,",
        b"{who},2026-05-10T10:00,4,work,,",
        b"{who},2026-05-11T09:00,5,g1,,",
        b"{who},2026-05-11T10:00,1,,,",
    ),
    "app": (  # own ids of entries that are somebody's number, too
        b"{who};2026-05-04T09:00;3;1;job;3;",
        b"{who};2026-05-04T11:00;5;1;;;",
        b"{who};2026-05-06T09:00;2;2;kin;1;x",
        b"{who};2026-05-07T09:00;NA;e3;;;",
        b"{who};2026-05-08T09:00;meh;3;;;",
        b"{who};;3;2;;;",
        b"{who};2026-05-09T09:00;7;2;f1;;",
        b"{who};2026-05-10T09:00;7;#1;;;",
        b"{who};1778000000;3;4;;;",
    ),
    "canonical ndjson": (
        _entry(logged_at="2026-05-04T09:00", mood=3, factors=["work"]),
        _entry(logged_at="2026-05-04T09:00", mood=4),
        _entry(logged_at="2026-05-05", mood="2", factors=None, sleep_hours=7, note="x"),
        _entry(logged_at="06.05.2026", mood=3, factors="family|work"),
        _entry(logged_at="2026-05-06T10:00", mood=9),
        _entry(mood=3),
    ),
    "diary json": (
        _fhir({"day": "2026-05-09", "mood": "good"}),
        _fhir({"day": "2026-05-04", "mood": "bad", "sleep": 5}),
        _fhir({"day": "2026-05-10", "mood": "rotten"}),
        _fhir({"mood": "good"}),
        b"[]",
    ),
    "diary": (
        b"2026-05-04,good,7",
        b"2026-05-04,bad,7",
        b"2026-05-05,meh,",
        b"2026-05-06,rotten,6",
        b",good,6",
        b"2026-05-07,good,99",
        b"2026-05-08T23:00,4,6",
    ),
    "mydatahelps": (
        b"k1,{who},u,2026-05-04T09:15:00+02:00,,MomentaryEmotion,0.25,x",
        b"k1,{who},u,2026-05-04T09:15:00+02:00,,MomentaryEmotion,-1,x",
        b"k2,{who},u,2026-05-05T22:30:00-05:00,,DailyMood,0,x",
        b"k3,{who},u,yesterday,,DailyMood,0,x",
        b"k4,{who},u,2026-05-06T22:30:00Z,,DailyMood,3,x",
    ),
    "mydatahelps deletions": (b"k1,{who},u,2026-05-20T09:15:00Z", b"k2,{who},u,", b"k9,{who},u,2026-05-20"),
    "mydatahelps associations": (b"k1,{who},u,Work", b"k2,{who},u,Family", b"k2,{who},u,Nobody"),
    "consents": (
        b"{who},granted,2026-01-01,2026-01-01,population_statistics,1,{domain}",
        b"{who},granted,2026-05-25T10:00:00Z,2026-05-05,population_statistics,1,{domain}",
        b"{who},withdrawn,2026-05-20T10:00:00Z,,population_statistics,1,{domain}",
        b"{who},granted,2026-05-31T10:00:00Z,2026-03-01,population_statistics,2,{domain}",
        b"{who},granted,2026-06-20T10:00:00Z,2026-05-01,population_statistics,1,{domain}",
        b"{who},withdrawn,soon,,,,{domain}",
        b"{who},granted,soon,2026-05-01,population_statistics,1,{domain}",
        b"{who},granted,2026-01-01,,population_statistics,1,{domain}",
        b"{who},maybe,2026-05-26T10:00:00Z,2026-05-05,population_statistics,1,{domain}",
        b"{who},maybe,,,,,{domain}",
        b"{who},withdrawn,,,,,{domain}",
    ),
    "participants": (
        b"{who},2026-01-01,north,25-34,primary_care,{domain}",
        b"{who},2026-05-01,south,65+,,{domain}",
        b"{who},2026-01-01,west,16-24,,{domain}",
        b"{who},never,north,25-34,primary_care,{domain}",
        b"{who},2026-04-01,elsewhere,25-34,primary_care,{domain}",
    ),
    "withdrawals": (b"{who},{domain}",),
    "fhir moods": (
        _mood("o1", "2026-05-04T09:15:00+02:00", 0.25),
        _mood(
            "o1",
            "2026-05-04T09:15:00+02:00",
            0.75,
            component=[fhir.component("valence", valueQuantity={"value": 0.75})],
        ),
        _mood("o1", "2026-05-04T09:15:00+02:00", -1, status="amended"),
        _mood("o1", "2026-05-05T09:15:00+02:00", 1, status="corrected"),
        _mood("o2", "2026-05-05", 1),
        _mood("o1", "2026-05-04T09:15:00+02:00", 0, status="entered-in-error"),
        _mood("o3", "never", 0.5),
    ),
    "fhir": (
        _mood("o1", "2026-05-04T09:15:00+02:00", 0.25),
        _mood("o1", "2026-05-04T09:15:00+02:00", -1, status="amended"),
        _mood("o2", "2026-05-05", 1),
        _mood("o2", "2026-05-06", 0.5),
        _mood("o3", "never", 0.5),
        _mood("o4", "2026-05-09T09:15:00Z", 4),
        _mood("o1", "2026-05-04T09:15:00+02:00", 0, status="entered-in-error"),
        _fhir(fhir.total("t1", "{who}")),
        _fhir(fhir.total("t1", "{who}", valueInteger=99)),
        _fhir(fhir.patient("{who}")),
        _fhir(fhir.patient("{who}", meta={})),
        _consent(),
        _consent(status="inactive", meta={"lastUpdated": "2026-05-20T10:00:00Z"}),
        _consent(dateTime="2026-05-28T10:00:00Z"),
        _consent(provision={"type": "deny", "provision": [{"type": "permit", "purpose": [_PURPOSE]}]}),
        _consent(decision="permit", provision=[{"period": {"start": "2026-04-02"}}]),
    ),
}
"""Rows that anybody may send: good ones first, then such that today's or a later declaration refuses."""

ADAS_OWN: dict[str, tuple[Template, ...]] = {
    "canonical": (
        b"{who},2026-05-07T09:00,3," + _MANY[0].encode() + b",,",
        b"{who},2026-05-07T09:30,3," + _MANY[1].encode() + b",,",
        b"{who},2026-05-07T09:40,3," + _MANY[2].encode() + b",,",
        b"{who},2026-05-04T09:00,1e99,,,",
        b'{who},2026-05-04T09:00,4,,,"""Consent"""',
        b"{who},9999-12-31T23:59-12:00,5,,,",
        b"{who},2026-05-04T09:00,4,," + b"9" * 30 + b",",
        b"{who},2026-05-04T09:00,4,nonsense,,",
        b"{who},2026-05-04T09:00,4,,,\xff\xfe",
        b"{who},2026-05-04T09:00,4,,,\x00",
        b"{who},2026-05-04T09:00,4",
        b"{who},2026-05-04T09:00,4,,,,CANARY-bea,CANARY-cai",
        b'{who},2026-05-04T09:00,4,,,"CANARY-bea,2026-05-04T09:00,1,,,"',
        b",2026-05-04T09:00,4,,,{who}",
        b"\xff\xfe\xfd",
        b"," * 400,
    ),
    "canonical factors": (
        b"{who},2026-05-07T09:00,3," + _MANY[0].encode() + b",,",
        b"{who},2026-05-07T09:30,3," + _MANY[1].encode() + b",,",
        b"{who},2026-05-07T09:40,3," + _MANY[2].encode() + b",,",
        b"{who},2026-05-07T09:50,3,f1|nonsense,,",
    ),
    "app": (
        b"{who};2026-05-04T09:00;3;2.02611E+14;job;3;",
        b"{who};2026-05-04T09:00;3;;job|nonsense;99;",
        b"{who};2026-05-04T09:00;3;\xff;;;",
        b"{who};2026-05-04T09:00;-1e308;1;;;",
        b'{who};2026-05-04T09:00;3;1;;;"a;b"',
        b"{who};99999999999999999999;3;1;;;",
    ),
    "canonical ndjson": (
        _entry(logged_at="2026-05-04T09:00", mood=3, factors=["work", 5]),
        _entry(logged_at="2026-05-04T09:00", mood=3, factors=["nonsense"], extra={"factors": "work"}),
        _entry(logged_at="2026-05-04T09:00", mood=1e300, factors=[]),
        _entry(logged_at=["2026-05-04T09:00"], mood={"mood": 3}),
        b'{"person_id":"{who}","person_id":"CANARY-bea","logged_at":"2026-05-04T09:00","mood":1}',
        b'{"person_id":"{who}","logged_at":"2026-05-04T09:00","mood":NaN}',
        b'{"person_id":"{who}","logged_at":"2026-05-04T09:00","mood":\xff}',
        b'{"person_id":"{who}","logged_at":"2026-05-0',
        b"[]",
        b"null",
    ),
    "diary json": (b'{"day":"2026-05-04"', b"null", b'{"day":[],"mood":{}}', b"]["),
    "diary": (b"2026-05-04,mood,7", b"\xff,good,7", b"2027-01-01,good,7", b"2026-05-04,good,7,7,7", b"2026-05-04"),
    "mydatahelps": (
        b",{who},u,2026-05-04T09:15:00+02:00,,DailyMood,0,x",
        b"k1,{who},u,2026-05-04T09:15:00+02:00,,DailyMood,\xff,x",
        b"k9,{who},u,2026-05-04T09:15:00+02:00,,Consent,0,x",
        b"k9,{who}",
    ),
    "mydatahelps deletions": (b",{who},u,", b"\xff,{who},u,", b"k1,,u,"),
    "mydatahelps associations": (b",{who},u,Work", b"k1,{who},u," + b"x" * 300, b"k1,,u,Work"),
    "consents": (
        b"{who},withdrawn,9999-01-01T00:00:00Z,,population_statistics,1,{domain}",
        b"{who},withdrawn,2001-01-01T00:00:00Z,,population_statistics,1,{domain}",
        b"{who},granted,2026-05-31T11:00:00Z,1900-01-01,population_statistics,1,{domain}",
        b"{who},granted,2026-05-31T11:00:00Z,2026-05-01,research,1,{domain}",
        b"{who},withdrawn",
        b'{who},"withdrawn,granted",2026-05-20,,,,{domain}',
        b"\xff{who},withdrawn,2026-05-20,,population_statistics,1,{domain}",
        b",withdrawn,2026-05-20,,population_statistics,1,",
    ),
    "participants": (
        b"{who},2026-05-03,,,,{domain}",
        b"{who},9999-12-31,north,25-34,primary_care,{domain}",
        b"{who},2026-01-01,\xff,25-34,primary_care,{domain}",
        b"{who}",
    ),
    "withdrawals": (b"\xff{who},{domain}", b"{who},{domain},granted,no", b",", b"{who}"),
    "fhir moods": (
        _mood("o7", "2026-05-04T09:15:00+02:00", 0.25, note=[{"text": "Consent"}]),
        _mood("o1", "2026-05-04T09:15:00+02:00", 0.5, note=[{"text": "{who} Consent"}]),
        _mood("o3", "never", 0.5, note=[{"text": "Consent"}]),
        b"\xff\xfe\xff",
    ),
    "fhir": (
        _mood("o7", "2026-05-04T09:15:00+02:00", 0.25, note=[{"text": "Consent"}]),
        _mood("o1", "2026-05-04T09:15:00+02:00", 0.5, note=[{"text": "{who} Consent"}]),
        _mood("o1", "2026-05-04T09:15:00+02:00", 0, status="amended", component=[]),
        _mood("o1\x00", "2026-05-04T09:15:00+02:00", 0),
        _mood("o8", "2026-05-04T09:15:00+02:00", 1e300),
        _mood("2.02611E+14", "9999-12-31", 0),
        _fhir({"resourceType": "Consent"}),
        _fhir(fhir.bundle(fhir.mood("o9", "{who}"), {"resourceType": "Observation"}, fhir.patient("{who}"))),
        _fhir(fhir.bundle(fhir.consent("{who}", status="inactive"), fhir.mood("o2", "{who}"))),
        _consent(status="rejected", dateTime="9999-01-01"),
        _consent(status="active", provision={"type": "deny"}),
        _consent(decision="deny", provision=[]),
        _consent(decision="permit", status="inactive"),
        _consent(provision={"type": "permit", "provision": [{"type": "deny"}]}),
        _consent(provision={"type": "permit", "period": {"end": "2027"}}),
        _consent(modifierExtension=[{"url": "x", "valueBoolean": True}]),
        _consent(dateTime="2026-05-31T11:00:00Z", provision={"type": "permit", "period": {"start": "1990-01-01"}}),
        _fhir(fhir.patient("{who}", birthDate=["x"], address="x", meta=0)),
        _mood("o2", "2026-05-04", 0)[:-40],
        b"\xff\xfe\xff",
        b'"{who}',
        b"[]",
    ),
}
"""What Ada may send besides: bad values, bad bytes, others' ids and keys, words that steer a program by its text."""
