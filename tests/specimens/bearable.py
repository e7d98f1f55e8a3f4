"""Invented files in the layout that parsers of Bearable's export read."""

from collections.abc import Callable

SOURCE = "bearable"
FILE_NAME = "bearable-export-10-05-2026.csv"

OLD_HEADER = "date,weekday,time of day,category,rating/amount,detail,notes"
HEADER = "date,date formatted,weekday,time of day,category,rating/amount,detail,notes"


def fact(  # noqa: PLR0913 -- each is a column of the file
    category: str,
    amount: str = "",
    *,
    time: str = "am",
    detail: str = "",
    notes: str = "",
    date: str = "4th May 2026",
    formatted: str = "2026-05-04",
) -> str:
    """Return one row; every field is quoted."""
    cells = (date, formatted, "Monday", time, category, amount, detail, notes)
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def file(*rows: str, header: str = HEADER) -> bytes:
    """Return a whole file."""
    return "".join(row + "\n" for row in (header, *rows)).encode()


GOOD = b"\xef\xbb\xbf" + file(
    fact("Mood", "4", detail="😀 CANARY-content"),
    fact("Mood", "2", time="pm", notes="CANARY: Dr Whitcombe\nrang, twice"),
    fact("Mood", "3", time="all day", date="5th May 2026", formatted="2026-05-05"),
    fact("Mood", "5", time="21:40", date="6th May 2026", formatted="2026-05-06"),
    fact("Sleep", "8:30", time="all day", detail="Asleep 23:10 – 7:40"),  # noqa: RUF001 -- as the app writes it
    fact("Sleep quality", "3", time="all day", detail="Good"),
    fact("Factors", "", time="all day", detail="☕ Caffeine - Little | Work | CANARY-club - Lot"),
    fact("Symptom", "2", detail="CANARY-back pain (Moderate)"),
    fact("Cycle", "Luteal", time="all day"),
    fact("Energy", "", detail="v. low"),
)


def planted(word: Callable[[], str]) -> bytes:
    """Return a file in which every text that can be one is a fresh word."""
    header = f"{HEADER},{word()}"
    rows = [
        fact("Mood", "4", detail=word(), notes=word()),
        fact("Mood", "2", time="pm", detail=f"{word()} | {word()}", notes=f"{word()}\n{word()}"),
        fact("Mood", word(), detail=word(), notes=word()),
        fact("Mood", "3", time=word(), notes=word()),
        fact("Mood", "3", date=word(), formatted=word(), notes=word()),
        fact("Sleep", "7:45", detail=word(), notes=word()),
        fact("Sleep", word(), detail=word(), notes=word()),
        fact("Sleep quality", word(), detail=word(), notes=word()),
        fact("Factors", word(), detail=f"Caffeine - {word()} | {word()} - Lot", notes=word()),
        fact("Symptom", word(), detail=word(), notes=word()),
        fact(word(), word(), detail=word(), notes=word()),
    ]
    ragged = f"{fact('Mood', '4')},{word()},{word()}"
    return file(*(f'{row},"{word()}"' for row in rows), ragged, header=header)
