"""Invented files in the layout of m-Path's basic data, of a study with one mood slider."""

from collections.abc import Callable, Iterable

SOURCE = "mpath"
FILE_NAME = "basic.csv"

HEADER = (
    "connectionId;legacyCode;code;alias;initials;accountCode;scheduledBeepId;sentBeepId;questionListName;"
    "timeStampScheduled;timeStampSent;timeStampStart;timeStampStop;timeZoneOffset;deltaUTC;"
    "mood_sliderNegPos;context_multipleChoice_string;sleep_hours_sliderNeutralPos;event_open"
)

MONDAY_9 = 1_777_885_200
"""2026-05-04 09:00 on whichever clock."""
DAY = 86_400


def prompt(  # noqa: PLR0913 -- each is a column of the file
    person: str = "CANARY-ana",
    start: object = MONDAY_9,
    mood: str = "62",
    offset: str = "7200",
    *,
    context: str = "",
    sleep: str = "",
    event: str = "",
) -> bytes:
    """Return one row, with the alias and initials that people give themselves."""
    start = str(start)
    return (
        f'{person};!CANARY@x;"!CANARY code";CANARY-alias;CAN;x;28626776;19369681;main;{MONDAY_9};{MONDAY_9};{start};'
        f"{start};{offset};0;{mood};{context};{sleep};{event}"
    ).encode()


def file(records: Iterable[bytes]) -> bytes:
    """Return a whole file, with the byte order mark that m-Path writes."""
    return b"\xef\xbb\xbf" + b"".join(record + b"\n" for record in (HEADER.encode(), *records))


CONTEXT = '"""Working or studying"",""With \\""CANARY\\""; twice"""'
EVENT = '"""CANARY: laughing, with Dr Whitcombe\\n"""'

GOOD = file(
    [
        prompt(context=CONTEXT, sleep="7.5", event=EVENT),
        prompt(start=MONDAY_9 + DAY, mood="0"),
        prompt(start=0, mood=""),  # nobody answered
        prompt(start="", mood=""),
        prompt(start=MONDAY_9 + 2 * DAY, mood="", event=EVENT),  # another questionnaire
        prompt("CANARY-bea", offset="-12600").rstrip(b";"),  # what is empty at the end is left out
    ]
)

OTHERS = [
    prompt("CANARY-bea", mood="10"),
    prompt("CANARY-bea", MONDAY_9 + DAY, "0"),
    prompt("CANARY-bea", MONDAY_9 + 6 * DAY, "100", event=EVENT),
    prompt("CANARY-cai", mood="55"),
    prompt("CANARY-cai", MONDAY_9 + 3 * DAY, "54.5", "-18000").rstrip(b";"),
]
"""Two persons' good records."""

ANYTHING = [
    prompt(mood="90"),  # others' time and beep
    prompt(start=MONDAY_9 + 6 * DAY, mood="1"),
    prompt(start=0, mood=""),
    prompt(start=MONDAY_9 * 1000),  # milliseconds
    prompt(start="1" + "0" * 30),
    prompt(mood="CANARY"),
    prompt(offset="CANARY"),
    prompt() + b";;;one more",
    b"CANARY-ana;!x",
    prompt(event='"CANARY never ends'),
    prompt(event='"CANARY"ends early'),
    prompt(context="\x00", event="\r"),
    b"\xff\xfe\x00" + prompt(),
    prompt().replace(b"62", b"\xff"),
    prompt(event="x" * 300_000),
    prompt(context="[" * 20_000),
]
"""One person's records, good, colliding and malformed."""


def planted(word: Callable[[], str]) -> bytes:
    """Return a file in which every text that can be one is a fresh word."""

    def row(start: str = str(MONDAY_9), mood: str = "62", offset: str = "7200") -> str:
        return (
            f'{word()};{word()};"!{word()}";{word()};{word()};{word()};{word()};{word()};"{word()}; {word()}";'
            f'{word()};{word()};{start};{word()};{offset};{word()};{mood};"""{word()}"",""{word()}""";7;'
            f'"""{word()}, {word()}""";{word()};{word()}'
        )

    rows = [
        row(),
        row(str(MONDAY_9 + DAY), "0"),
        row(start=word()),
        row(mood=word()),
        row(offset=word()),
        row(start="0", mood=""),
        f"{word()};{word()}",
        f'"{word()};{word()}',
        f"{row()};{word()}",
    ]
    return "\n".join([f"{HEADER};{word()};{word()}_open", *rows]).encode()
