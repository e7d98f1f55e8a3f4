"""A study of the openESM collection: tab-separated, NA for nothing; every id and text is invented."""

from collections.abc import Callable

SOURCE = "openesm"
FILE_NAME = "study_ts.tsv"

_HEADER = b"id\tday\tbeep\tcounter\ttimestamp\tmood\tstress\topen\n"

GOOD = _HEADER + (
    b"CANARY-ana\t1\t1\t1\t2026-05-04 09:12:00\t5\t2\tCANARY at home\n"
    b"CANARY-ana\t1\t2\t2\t2026-05-04 13:40:11\tNA\tNA\tNA\n"  # a prompt that was not answered
    b"CANARY-ana\t2\t1\t3\tNA\t4\t1\tNA\n"
    b"CANARY-bea\t1\t1\t1\t2026-05-04 09:12:00\t6.5\t3\tNA\n"
)

OTHERS = [
    b"CANARY-bea\t1\t1\t1\t2026-05-04 09:00:00\t5\t2\tNA",
    b"CANARY-bea\t1\t2\t2\t2026-05-05 12:00:00\t3\t2\tCANARY",
    b"CANARY-bea\t2\t1\t3\t2026-05-10 09:00:00\t1\tNA\tNA",
    b"CANARY-cai\t1\t1\t1\t2026-05-06 09:00:00\t7\t2\tNA",
    b"CANARY-cai\t2\t1\t2\t2026-05-07 09:00:00\t4\t2\tNA",
]

ANYTHING = [
    b"CANARY-ana\t1\t1\t1\t2026-05-04 09:00:00\t5\t2\tNA",  # another person's time
    b"CANARY-ana\t1\t1\t1\t2026-05-06 09:00:00\t4\t2\tNA",
    b"CANARY-ana\t1\t2\t2\t2026-05-05 12:00:00\t9\t2\tNA",
    b"CANARY-ana\t1\t2\t2\tCANARY\t3\t2\tNA",
    b"CANARY-ana\t1\t2\t2\t2026-05-05 12:00:00\tNA\tNA\tNA",
    b"CANARY-ana\t1\t2",  # ragged
    b'CANARY-ana\t1\t2\t2\t2026-05-05 12:00:00\t3\t2\t"CANARY',  # quotes that do not end
    b"CANARY-ana\t1\t2\t2\t2026-05-05 12:00:00\t3\t2\t\xff\xfe",
    b"CANARY-ana\t1\t2\t2\t2026-05-05 12:00:00\t3\t2\t\x00",
    b"CANARY-ana\t1\t2\t2\t2026-05-05 12:00:00\t\r3\t2\tNA",
    b"CANARY-ana\t1\t2\t2\t2026-05-05 12:00:00\t3\t2\t" + b"CANARY" * 60_000,  # longer than a line may be
    b"CANARY-ana\t1\t2\t2\t2026-05-08 12:00:00\t3\t2\t" + b"[" * 2_000,
]


def file(records: list[bytes]) -> bytes:
    """Return a file of `records`."""
    return _HEADER + b"".join(record + b"\n" for record in records)


def planted(word: Callable[[], str]) -> bytes:
    """Return a file in which every text is a word of its own."""
    lines = [
        ["id", "day", "beep", "counter", "timestamp", "mood", "stress", word()],
        [word(), "1", "1", "1", "2026-05-04 09:00:00", "5", word(), word()],
        [word(), word(), word(), word(), "2026-05-05 09:00:00", "4", "NA", word()],
        [word(), "1", "1", "1", "2026-05-06 09:00:00", word(), word(), word()],
        [word(), "1", "1", "1", word(), "4", word(), word()],
        [word(), word()],
        [word(), "1", "1", "1", "2026-05-06 09:00:00", "4", "2", f'"{word()}'],
    ]
    return "\n".join("\t".join(cells) for cells in lines).encode()
