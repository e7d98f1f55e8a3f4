"""Lines of registers and entries: others' people, and anything that one person may send."""

from tests.support.people import (
    ANA,
    BEA,
    CAI,
    DEE,
    OFF_GRID,
    Line,
    entry,
    granted,
    registered,
    withdrawn,
)

OTHERS = {
    "consents": [granted(BEA), granted(CAI, covers="2026-05-06"), granted(DEE), withdrawn(DEE)],
    "participants": [registered(BEA), registered(CAI, region="south"), registered(CAI, "2026-05-07", "west")],
    "entries": [
        entry(BEA, "2026-05-04T09:00", "1"),
        entry(BEA, "2026-05-04T09:00", "2"),  # the same key once more
        entry(BEA, "2026-05-05", "5"),
        entry(CAI, "2026-05-05T09:00", "3"),
        entry(CAI, "2026-05-07T09:00", "3", factors="work", sleep="6"),
        entry(DEE, "2026-05-04T09:00", "1"),
    ],
}


ANYTHING: dict[str, list[Line]] = {
    # One person's lines: good ones, such that collide with others' keys, and such that could upset a reader.
    "consents": [granted(ANA), withdrawn(ANA, "2026-02-01"), f'"{ANA},granted', b"\xff\xfe", f"{ANA},x", '"', "\x00"],
    "participants": [
        registered(ANA),
        registered(ANA, region=OFF_GRID),
        registered(ANA, "0000-00-00"),
        f'"{ANA}',
        b"\xff",
        '"""',
        ",,,,,",
    ],
    "entries": [
        entry(ANA, "2026-05-04T09:00", "1"),
        entry(ANA, "2026-05-04T09:00", "5"),
        entry(ANA, "9999-12-31T23:59-12:00", "5"),
        entry(ANA, "0000-01-01", "5"),
        entry(ANA, mood="1e99"),
        entry(ANA, sleep="9" * 30),
        f'"{ANA},2026-05-04T09:00,5,,,',
        f'{ANA},2026-05-04T09:00,5,,,"never closed',
        f"{ANA},2026-05-04T09:00,5,,,\r{BEA},2026-05-04T09:00,5,,,",
        b"\xff\xfe\xfd",
        b"\x00" * 9,
        "," * 400,
        '"' * 7,
    ],
}
