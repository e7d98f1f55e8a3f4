"""Invented files in the layout that importers of How We Feel's export read."""

from collections.abc import Callable

SOURCE = "how_we_feel"
FILE_NAME = "HowWeFeelEmotions.csv"

COLUMNS = (
    "Date",
    "Mood",
    "Tags (People)",
    "Tags (Places)",
    "Tags (Events)",
    "Exercise",
    "Sleep",
    "Menstrual",
    "Steps",
    "Meditation",
    "Weather",
    "Temperature (F)",
    "Water (cups)",
    "Caffeine (mg)",
    "Alcoholic Drinks",
    "Notes",
    "Reflections",
    "Takeaways",
)
HEADER = ",".join(COLUMNS)


def entry(mood: str = "Calm", date: str = "2026 Mon May 4 4:04 PM", **cells: str) -> str:
    """Return one row; `cells` are named as the columns are, without blanks and brackets."""
    texts = {"Date": date, "Mood": mood, **cells}
    short = [name.replace(" ", "").replace("(", "").replace(")", "") for name in COLUMNS]
    unknown = set(texts) - set(short)
    assert not unknown, "the row names a column that there is not"
    return ",".join(_quoted(texts.get(name, "")) for name in short)


def _quoted(text: str) -> str:
    """Put quotes where a cell needs them, as the app does."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n\r') else text


def file(*rows: str, header: str = HEADER) -> bytes:
    """Return a whole file."""
    return "".join(row + "\n" for row in (header, *rows)).encode()


GOOD = file(
    entry(
        "Mellow", Weather="Clouds", TemperatureF="81.88", Notes="CANARY", Reflections="CANARY, again", Takeaways="[]"
    ),
    entry("Hopeful;At Ease", "2026 Sun May 3 11:10 AM", TagsPeople="Friend;CANARY-bea", TagsPlaces="CANARY-street"),
    entry("Worried; Tired", "2026 Sat May 2 12:05\u202fAM", TagsEvents="Working", Sleep="7.5", Caffeinemg="120"),
    entry("Calm", "2026 Fri May 1 7:45 PM", Exercise="35.0", Sleep="0.0", AlcoholicDrinks="0", Steps="899.0"),
    # An unquoted comma in a note makes 19 cells.
    entry("Calm", "2026 Thu Apr 30 7:45 PM", Notes="CANARY") + ",CANARY",
)


def planted(word: Callable[[], str]) -> bytes:
    """Return a file in which every text that can be one is a fresh word."""

    def free(mood: str, date: str = "2026 Mon May 4 4:04 PM", **cells: str) -> str:
        own = {
            "TagsPeople": f"Family;{word()}",
            "TagsPlaces": word(),
            "TagsEvents": f"{word()};{word()}",
            "Menstrual": word(),
            "Steps": word(),
            "Meditation": word(),
            "Weather": word(),
            "TemperatureF": word(),
            "Watercups": word(),
            "Notes": f"{word()}\n{word()}",
            "Reflections": f"{word()}, {word()}",
            "Takeaways": word(),
        }
        return f"{entry(mood, date, **{**own, **cells})},{word()}"

    rows = [
        free("Calm"),
        free("Sad;Tired", "2026 Tue May 5 4:04 PM", Sleep="7h 30m", Exercise="20"),
        free(word(), "2026 Wed May 6 4:04 PM"),
        free(f"Calm;{word()}", "2026 Thu May 7 4:04 PM"),
        free("Calm", word()),
        free("Calm", f"2026 {word()} May 4 4:04 PM"),
        free("Calm", Sleep=word()),
        free("Calm", Exercise=word()),
        free("Calm", Caffeinemg=word()),
        free("Calm", AlcoholicDrinks=word()),
    ]
    ragged = f"{rows[0]},{word()}"
    return file(*rows, ragged, word(), header=f"{HEADER},{word()}")
