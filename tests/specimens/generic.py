"""A table of one entry per row in the columns that the template declaration names; every id and note is invented."""

from collections.abc import Callable

SOURCE = "generic"
FILE_NAME = "moods.csv"

_HEADER = b"person_id,logged_at,mood,id,factors,sleep_hours,sleep_quality,note\n"

GOOD = _HEADER + (
    b"CANARY-ana,2026-05-04T09:00,4,CANARY-1,work|family,7.5,4,CANARY slept well\n"
    b'CANARY-ana,2026-05-05 21:15:30+02:00,2,CANARY-2,,,,"CANARY, ""again"""\n'
    b"\n"
    b"CANARY-bea,2026-05-06,3,CANARY-3,sports,,,\r\n"
)

OTHERS = [
    b"CANARY-bea,2026-05-04T08:00,4,CANARY-10,work,7,3,",
    b"CANARY-bea,2026-05-05T08:00,3,CANARY-11,,,,CANARY note",
    b"CANARY-bea,2026-05-10,2,CANARY-12,,,,",
    b"CANARY-cai,2026-05-06T22:10,5,CANARY-13,family|friends,8.25,5,",
    b"CANARY-cai,2026-05-07T22:10+02:00,1,CANARY-14,,,,",
]

ANYTHING = [
    b"CANARY-ana,2026-05-04T09:00,4,CANARY-20,work,7.5,4,",
    b"CANARY-ana,2026-05-04T08:00,4,CANARY-10,,,,",  # another person's own id and time
    b"CANARY-ana,2026-05-06T22:10,5,CANARY-13,,,,",
    b"CANARY-ana,2026-05-04T09:00,6,CANARY-21,,,,",
    b"CANARY-ana,CANARY,4,,,,,",
    b"CANARY-ana,2026-05-04T09:00,4",  # ragged
    b'CANARY-ana,2026-05-04T09:00,4,"CANARY-22,,,,',  # quotes that do not end
    b"CANARY-ana,2026-05-04T09:00,4,\xff\xfe,,,,",
    b"CANARY-ana,2026-05-04T09:00,4,\x00,,,,",
    b"CANARY-ana,2026-05-04T09:00,\r4,,,,,",
    b"CANARY-ana,2026-05-04T09:00,4,,,,," + b"CANARY" * 60_000,  # longer than a line may be
    b'CANARY-ana,"2026-05-05T09:00","3",,"work|CANARY",,,"' + b'""' * 500 + b'"',
]


def file(records: list[bytes]) -> bytes:
    """Return a file of `records`."""
    return _HEADER + b"".join(record + b"\n" for record in records)


def planted(word: Callable[[], str]) -> bytes:
    """Return a file in which every text is a word of its own."""
    lines = [
        f"person_id,logged_at,mood,id,factors,sleep_hours,sleep_quality,note,{word()}",
        f"{word()},2026-05-04T09:00,4,{word()},work|{word()},7.5,4,{word()},{word()}",
        f'{word()},2026-05-05T09:00,2,{word()},{word()},,,"{word()}, ""{word()}""",{word()}',
        f"{word()},2026-05-06T09:00,{word()},{word()},{word()},{word()},{word()},{word()},{word()}",
        f"{word()},{word()},4,,,,,{word()},{word()}",
        f"{word()},2026-05-06T09:00,4,{word()}",
        f'{word()},2026-05-06T09:00,4,"{word()},,,,{word()},{word()}',
    ]
    return "\n".join(lines).encode()
