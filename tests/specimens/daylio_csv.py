"""Invented files in the four layouts that Daylio's CSV export has had."""

from collections.abc import Callable

SOURCE = "daylio_csv"
FILE_NAME = "daylio_export_2026_05_10.csv"

OLDEST = "year,date,weekday,time,mood,activities,note"
SEVEN = "full_date,date,weekday,time,mood,activities,note"
EIGHT = "full_date,date,weekday,time,mood,activities,note_title,note"
HEADER = "full_date,date,weekday,time,mood,activities,scales,note_title,note"

SLEEP = "Sleep Quality:\u00a08/10\u00a0points | Sleep Time:\u00a07:30"


def quoted(text: str) -> str:
    """Return a cell in quotes."""
    return '"' + text.replace('"', '""') + '"'


def entry(  # noqa: PLR0913 -- each is a column of the file
    mood: str = "good",
    activities: str = "",
    *,
    day: str = "2026-05-04",
    time: str = "7:30 PM",
    scales: str = "",
    title: str = "",
    note: str = "",
    date: str = "May 4",
    weekday: str = "Monday",
) -> str:
    """Return one row of the newest layout; texts are quoted, as the app does."""
    texts = (quoted(text) for text in (activities, scales, title, note))
    return ",".join([day, date, weekday, time, mood, *texts])


def file(*rows: str, header: str = HEADER) -> bytes:
    """Return a whole file, with the byte order mark and the line ends that occur."""
    return b"\xef\xbb\xbf" + "".join(row + "\r\n" for row in (header, *rows)).encode()


GOOD = file(
    entry("rad", "friends | movies | CANARY-choir", day="2026-05-06", time="11:54 pm", title="CANARY title"),
    entry("sad ", "cleaning ", day="2026-05-06", time="14:58", note='CANARY said "no", <br><b>twice</b>'),
    entry("meh", day="2026-05-05", time="12:05\u202fAM", note="CANARY: Dr Whitcombe\nrang\n\nagain"),
    entry("awful", "work | bad sleep", time="7:30 PM", scales=f"{SLEEP} | CANARY pain:\u00a03/5"),
)


def planted(word: Callable[[], str]) -> bytes:
    """Return a file in which every text that can be one is a fresh word."""

    def free(mood: str, day: str = "2026-05-04", time: str = "7:30 PM", scales: str = "") -> str:
        written = {"title": word(), "note": f"{word()}\n{word()}", "date": word(), "weekday": word()}
        own = f"{word()}:\u00a03/5\u00a0{word()}"
        scales = f"{scales} | {own}" if scales else own
        return f"{entry(mood, f'work | {word()}', day=day, time=time, scales=scales, **written)},{quoted(word())}"

    rows = [
        free("good"),
        free("bad ", day="2026-05-05", time="14:58", scales=SLEEP),
        free(word()),
        free("good", day=word()),
        free("good", time=word()),
        free("good", scales=f"Sleep Quality:\u00a0{word()}"),
        free("good", scales=f"Sleep Time:\u00a0{word()}"),
        free("good", scales=f"Sleep Quality:\u00a03/7\u00a0{word()}"),
    ]
    ragged = f"{rows[0]},{word()},{word()}"
    return file(*rows, ragged, word(), header=f"{HEADER},{word()}")
