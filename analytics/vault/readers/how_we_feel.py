"""How We Feel: one person's CSV of moods as words, several to an entry; strength and quadrant are not in the file.

Newer files have more columns than older ones, so columns are found by name. Places and what people write are counted
and dropped; people and events go through the declaration's map.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from analytics.contracts import Source
from analytics.vault.readers.shared.rows import RawRows, Row, RowRefusedError, gather
from analytics.vault.readers.shared.tables import Cells, one_person_s_table, require
from analytics.vault.readers.shared.timeforms import MONTHS, clock_text, decimal_hours
from analytics.vault.validation.rule_names import RuleName

_TAGS = ("Tags (People)", "Tags (Events)")
_AMOUNTS = {"Exercise": "exercise", "Caffeine (mg)": "caffeine", "Alcoholic Drinks": "alcohol"}
"""Columns of amounts, and the word of the declaration's map for an amount above zero."""
_FREE_TEXT = ("Tags (Places)", "Notes", "Reflections", "Takeaways")
_NOTHING = frozenset({"", "[]"})
"""What the app writes where nothing was written."""

_TIME = re.compile(r"([0-9]{4}) [A-Za-z]{2,9}\.?,? ([A-Za-z]{3})[a-z]{0,6}\.? ([0-9]{1,2}),? ([0-9].*)")
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,20})?")
_DURATION = re.compile(r"(?:([0-9]{1,3}) ?h(?:r|rs|ours?)?)?,? ?(?:([0-9]{1,4}) ?m(?:in|ins|inutes?)?)?", re.IGNORECASE)


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the file's moods. Raises FileRefusedError for its header or size only."""
    header, records = one_person_s_table(path, source.delimiter)
    require(header, "Date", "Mood")
    require(header, *(name for name in (*_TAGS, *_AMOUNTS, *_FREE_TEXT, "Sleep") if name in header))
    yield from gather(records, _rows)


def _rows(cells: Cells) -> list[Row]:
    texts = {"logged_at": _logged_at(cells["Date"]), "mood": cells["Mood"], "sleep_hours": _sleep(cells)}
    if not {*_TAGS, *_AMOUNTS}.isdisjoint(cells):
        texts["factors"] = "|".join(_words(cells))
    written = sum(cells.get(name, "").strip() not in _NOTHING for name in _FREE_TEXT)
    return [Row("entry", texts, written)]


def _logged_at(time: str) -> str:
    time = " ".join(time.split())
    if not time:
        return ""
    found = _TIME.fullmatch(time)
    clock = None if found is None else clock_text(found[4])
    if found is None or clock is None or found[2].casefold() not in MONTHS:
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    return f"{found[1]}-{MONTHS.index(found[2].casefold()) + 1:02}-{int(found[3]):02}T{clock}"


def _sleep(cells: Cells) -> str:
    amount = " ".join(cells.get("Sleep", "").split())
    hours = _decimal(amount) if amount else ""
    if hours is None:
        raise RowRefusedError(RuleName.NOT_A_NUMBER, "sleep_hours")
    return hours


def _words(cells: Cells) -> list[str]:
    words = [word.strip() for name in _TAGS for word in re.split("[;|]", cells.get(name, ""))]
    for name, word in _AMOUNTS.items():
        amount = " ".join(cells.get(name, "").split())
        number = _decimal(amount) if amount else ""
        if number is None:
            raise RowRefusedError(RuleName.NOT_A_NUMBER, "factors")
        words += [word] if number.strip("0.") else []
    return [*dict.fromkeys(word for word in words if word)]


def _decimal(amount: str) -> str | None:
    """Return `7.5`, or `7h 30m` as hours to nine places; None where it is neither."""
    if _NUMBER.fullmatch(amount):
        return amount
    found = _DURATION.fullmatch(amount)
    if found is None or not any(found.groups()):
        return None
    hours, minutes = divmod(60 * int(found[1] or 0) + int(found[2] or 0), 60)
    return decimal_hours(hours, minutes)
