"""PMSys wellness reports: one person's file, instants in UTC, a list inside a cell; every text is invented."""

from collections.abc import Callable

SOURCE = "pmsys"
FILE_NAME = "wellness.csv"

_HEADER = "effective_time_frame,fatigue,mood,readiness,sleep_duration_h,sleep_quality,soreness,soreness_area,stress"

GOOD = (
    f"{_HEADER}\n"
    "2026-05-04T06:29:43.123Z,3,4,5,7,3,2,[],3\n"
    '2026-05-05T22:30:00.000Z,2,3,4,6,4,3,"[12921003, 22943006]",2\n'
    "2026-05-05T23:10:00.500Z,2,2,4,6,4,3,[CANARY],2\n"  # the second of one day
    "2026-05-06T06:29:00.000Z,0,0,0,0,0,0,[],0\n"
).encode()


def planted(word: Callable[[], str]) -> bytes:
    """Return a file in which every text is a word of its own."""
    lines = [
        f"{_HEADER},{word()}",
        f'2026-05-04T06:29:43.123Z,3,4,5,7,3,2,"[{word()}, {word()}]",3,{word()}',
        f"2026-05-05T06:29:43.123Z,{word()},3,{word()},7,3,{word()},{word()},{word()},{word()}",
        f"2026-05-06T06:29:43.123Z,3,{word()},5,{word()},{word()},2,{word()},3,{word()}",
        f"{word()},3,4,5,7,3,2,{word()},3,{word()}",
        f"2026-05-07T06:29:43.123Z,{word()}",
        f'2026-05-07T06:29:43.123Z,3,4,5,7,3,2,"[{word()},3,{word()}',
    ]
    return "\n".join(lines).encode()
