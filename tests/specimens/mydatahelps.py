"""Invented files in the layout of MyDataHelps's State of Mind export."""

from collections.abc import Callable, Iterable

SOURCE = "mydatahelps"
FILE_NAME = "HealthKitV2StateOfMind_20260504-20260510.csv"

HEADER = (
    b"HealthKitStateOfMindKey,ParticipantIdentifier,ParticipantID,StartDate,EndDate,Kind,Valence,ValenceClassification"
)
LABELS_HEADER = b"HealthKitStateOfMindKey,ParticipantIdentifier,ParticipantID,Label"
ASSOCIATIONS_HEADER = b"HealthKitStateOfMindKey,ParticipantIdentifier,ParticipantID,Association"
DELETED_HEADER = b"HealthKitStateOfMindKey,ParticipantIdentifier,ParticipantID,DeletedDate"


def line(
    key: str,
    person: str,
    start: str = "2026-05-04T09:15:00+02:00",
    valence: str = "0.25",
    kind: str = "MomentaryEmotion",
) -> bytes:
    """Return one entry's line."""
    return f"{key},{person},CANARY-uuid,{start},{start},{kind},{valence},SlightlyPleasant".encode()


def file(records: Iterable[bytes], header: bytes = HEADER) -> bytes:
    """Return a whole file."""
    return b"".join(record + b"\r\n" for record in (header, *records))


GOOD = b"\xef\xbb\xbf" + file(
    [
        line("CANARY-k1", "CANARY-ana"),
        line("CANARY-k2", "CANARY-ana", "2026-05-05T22:30:00.000-05:00", "0", "DailyMood"),
        line("CANARY-k1", "CANARY-bea", "2026-05-06T07:00:00Z", "-1"),
        line("CANARY-k1", "CANARY-ana"),  # sent again after a reinstall
    ]
)

OTHERS = [
    line("CANARY-k1", "CANARY-bea", "2026-05-04T08:00:00+02:00", "-0.5"),
    line("CANARY-k2", "CANARY-bea", "2026-05-05T08:00:00+02:00", "0", "DailyMood"),
    line("CANARY-k3", "CANARY-bea", "2026-05-10T23:30:00+02:00", "1"),
    line("CANARY-k1", "CANARY-cai", "2026-05-04T08:00:00+02:00", "0.125"),
    line("CANARY-k9", "CANARY-cai", "2026-05-07T19:00:00-05:00", "-0.75"),
]
"""Two persons' good records."""

ANYTHING = [
    line("CANARY-k1", "CANARY-ana", "2026-05-04T08:00:00+02:00", "0.5"),  # others' key and time
    line("CANARY-k9", "CANARY-ana", "2026-05-07T19:00:00-05:00", "-1"),
    line("", "CANARY-ana"),
    line("CANARY-k3", "CANARY-ana", valence="CANARY"),
    line("CANARY-k3", "CANARY-ana", start="yesterday"),
    line("CANARY-k3", "CANARY-ana", kind="CANARY"),
    line("CANARY-k4", "CANARY-ana") + b",one more",
    b"CANARY-k4,CANARY-ana",
    b'"CANARY-k5,CANARY-ana,x,2026-05-04T09:00:00Z,,DailyMood,0,',
    b"CANARY-k5,CANARY-ana,\xff\xfe,2026-05-04T09:00:00Z,,DailyMood,0,\x00",
    b"\xff\xfe\x00,CANARY-ana,,2026-05-04T09:00:00Z,,DailyMood,0,",
    b"CANARY-k6,CANARY-ana,,2026-05-04T09:00:00Z,\r,DailyMood,0,",
    b'CANARY-k7,CANARY-ana,"' + b"x" * 300_000 + b'",2026-05-04T09:00:00Z,,DailyMood,0,',
]
"""One person's records, good, colliding and malformed."""


def planted(word: Callable[[], str]) -> bytes:
    """Return a main file in which every text that can be one is a fresh word."""
    header = HEADER.decode() + f",{word()}"
    good = [
        f"{word()},{word()},{word()},2026-05-04T09:15:00+02:00,{word()},MomentaryEmotion,0.25,{word()},{word()}",
        f'{word()},{word()},{word()},2026-05-05T22:30:00-05:00,{word()},DailyMood,-1,{word()},"{word()}, {word()}"',
    ]
    bad = [
        f"{word()},{word()},{word()},{word()},{word()},DailyMood,0,{word()},{word()}",
        f"{word()},{word()},{word()},2026-05-05T22:30:00-05:00,{word()},{word()},0,{word()},{word()}",
        f"{word()},{word()},{word()},2026-05-05T22:30:00-05:00,{word()},DailyMood,{word()},{word()},{word()}",
        f"{word()},{word()},{word()}",
        f'"{word()},{word()}',
    ]
    return "\n".join([header, *good, *bad]).encode()


def planted_beside(word: Callable[[], str]) -> dict[str, bytes]:
    """Return the three other files, by name, each text a fresh word."""
    rows = [f"{word()},{word()},{word()},{word()}", f"{word()},{word()}", f'"{word()}', f",{word()},{word()},{word()}"]
    headers = {"Labels": LABELS_HEADER, "Associations": ASSOCIATIONS_HEADER, "Deleted": DELETED_HEADER}
    return {
        f"HealthKitV2StateOfMind_{name}_20260504-20260510.csv": file([row.encode() for row in rows], header)
        for name, header in headers.items()
    }
