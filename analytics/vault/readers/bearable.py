"""Bearable: one person's CSV in long form, one row per fact; moods are entries, a day's sleep and factors go with them.

Sleep and factors have a date, and mostly no time that a mood could be matched with. They are joined to every mood of
their date, since days with a factor are compared with days without it. Two moods of one part of a day are both
passed on; they share a key, so the later row of the file is the one that stays.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.rows import TEXT_CHARACTERS, RawRows, Row, RowRefusedError, gather
from analytics.vault.readers.shared.tables import Cells, Numbered, one_person_s_table, require
from analytics.vault.readers.shared.timeforms import MONTHS, decimal_hours
from analytics.vault.scoring import as_number, on_scale
from analytics.vault.validation.rule_names import RuleName

_TIME, _CATEGORY, _AMOUNT = "time of day", "category", "rating/amount"
_MOOD, _SLEEP, _QUALITY, _FACTORS = "mood", "sleep", "sleep quality", "factors"

_ISO_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?")
_DATE = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?,? ([0-9]{4})")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?(?:\s?([AaPp])[Mm])?")
_DURATION = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
_NUMBER = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,9})?")
_AMOUNT_OF = re.compile(r"\s[-–—]\s")  # noqa: RUF001 -- the dashes that stand before an amount
_DECORATION = frozenset({"So", "Sk", "Mn", "Cf", "Zs"})
"""Unicode's categories of emoji and what joins them."""

_DAY_PARTS = {"pre": "night", "am": "morning", "mid": "afternoon", "pm": "evening"}
"""The app's four parts are the quarters of a day from midnight on, as ours are."""
_ABSENT = frozenset({"none", "no", "0"})
"""Amounts that say that the factor was not there."""
_NOON = 12
_WORD_CHARACTERS = 200
_MOST_FACTORS = 1000
"""Of a day; no person has so many."""
_DAY_HOURS = 24


@dataclass
class _Day:
    """What a date's other rows say; each distinct text once."""

    hours: dict[str, None] = field(default_factory=dict)
    quality: dict[str, None] = field(default_factory=dict)
    factors: dict[str, None] = field(default_factory=dict)

    def add(self, config: "_Day") -> None:
        """Take in what another row says, of factors as many as a day can have."""
        self.hours |= config.hours
        self.quality |= config.quality
        self.factors |= dict.fromkeys(islice((word for word in config.factors if word not in self.factors), self._room))

    @property
    def _room(self) -> int:
        return _MOST_FACTORS - len(self.factors)

    @cached_property
    def texts(self) -> dict[str, str]:
        """Return what goes with each mood of the day; of several values we do not guess which is right."""
        factors, characters = [], 0
        for word in self.factors:
            characters += len(word) + 1
            if characters > TEXT_CHARACTERS:  # too long a text would refuse every mood of the day
                break
            factors.append(word)
        return {
            "factors": "|".join(factors),
            "sleep_hours": next(iter(self.hours)) if len(self.hours) == 1 else "",
            "sleep_quality": next(iter(self.quality)) if len(self.quality) == 1 else "",
        }


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the file's moods. Raises FileRefusedError for its header or size only."""
    header, found = one_person_s_table(path)
    require(header, _TIME, _CATEGORY, _AMOUNT)
    if "date" not in header and "date formatted" not in header:
        message = "The header lacks date."
        raise FileRefusedError(message, "Export the file again, or name another source.")
    records = list(found)
    days = _days(records, source)
    written = sum(_written(cells) for _, cells in records if not isinstance(cells, RowRefusedError))
    for raw in gather(records, lambda cells: _rows(cells, source, days)):
        yield replace(raw, free_text_fields=written)  # also of the rows that become no entry
        written = 0


def _days(records: list[Numbered], source: Source) -> dict[str, _Day]:
    days: dict[str, _Day] = {}
    for _, cells in records:
        try:
            if not isinstance(cells, RowRefusedError) and (config := _facts(cells, source)) is not None:
                days.setdefault(_date(cells), _Day()).add(config)
        except RowRefusedError:
            continue  # it is counted where its own turn comes
    return days


def _rows(cells: Cells, source: Source, days: dict[str, _Day]) -> list[Row]:
    if cells[_CATEGORY].strip().casefold() != _MOOD:
        if _facts(cells, source) is not None:
            _date(cells)
        return []
    date = _date(cells)
    time, part, kind = _time_of_day(cells[_TIME].strip().casefold())
    day = days.get(date, _Day())
    texts = {
        "logged_at": date + time if date else "",
        "day_part": part,
        "mood": cells[_AMOUNT],
        "report_kind": kind,
        **day.texts,
    }
    return [Row("entry", texts)]


def _facts(cells: Cells, source: Source) -> _Day | None:
    """Return what a row says of its day, or None if it is of another category."""
    category, amount = cells[_CATEGORY].strip().casefold(), cells[_AMOUNT].strip()
    if category == _SLEEP:
        return _Day(hours={_hours(amount): None} if amount else {})
    if category == _QUALITY:
        return _Day(quality={_quality(amount, source): None} if amount else {})
    if category == _FACTORS:
        return _Day(factors=dict.fromkeys(_words(cells.get("detail", ""))))
    return None


def _hours(duration: str) -> str:
    """Return `8:30` as a decimal number of hours, to nine places; more than a day has would spoil each of its moods."""
    hours = duration
    if not _NUMBER.fullmatch(duration):
        found = _DURATION.fullmatch(duration)
        if found is None:
            raise RowRefusedError(RuleName.NOT_A_NUMBER, "sleep_hours")
        hours = decimal_hours(int(found[1]), int(found[2]))
    number = as_number(hours)
    if number is None or not 0 <= number <= _DAY_HOURS:
        raise RowRefusedError(RuleName.OUT_OF_RANGE, "sleep_hours")
    return hours


def _quality(amount: str, source: Source) -> str:
    """Return a number on the declared scale: another would spoil each of the day's moods."""
    number = as_number(amount) if _NUMBER.fullmatch(amount) else None
    if number is None:
        raise RowRefusedError(RuleName.NOT_A_NUMBER, "sleep_quality")
    if source.sleep_quality is not None and not on_scale(number, source.sleep_quality):
        raise RowRefusedError(RuleName.OFF_SCALE, "sleep_quality")
    return amount


def _words(detail: str) -> list[str]:
    """Return the factors of `Caffeine - Little | Exercise`, without amounts and emoji."""
    if "\x00" in detail:
        raise RowRefusedError(RuleName.NUL_BYTE, "factors")
    if any("\ud800" <= character <= "\udfff" for character in detail):  # bytes that are no UTF-8
        raise RowRefusedError(RuleName.NOT_UTF8, "factors")
    words = []
    for choice in detail.split("|"):
        word, *amount = _AMOUNT_OF.split(choice.strip())
        word = _plain(word)
        if len(word) > _WORD_CHARACTERS:
            raise RowRefusedError(RuleName.TOO_LONG, "factors")
        if word and not (amount and amount[-1].strip().casefold() in _ABSENT):
            words.append(word)
    return [*dict.fromkeys(words)]


def _plain(word: str) -> str:
    start, end = 0, len(word)
    while start < end and unicodedata.category(word[start]) in _DECORATION:
        start += 1
    while end > start and unicodedata.category(word[end - 1]) in _DECORATION:
        end -= 1
    return word[start:end]


def _date(cells: Cells) -> str:
    written = cells.get("date", "").strip()
    iso = _ISO_DATE.fullmatch(cells.get("date formatted", "").strip()) or _ISO_DATE.fullmatch(written)
    if iso is not None:
        return iso[1]
    found = _DATE.fullmatch(written)
    month = "" if found is None else found[2][:3].casefold()
    if found is not None and month in MONTHS:
        return f"{found[3]}-{MONTHS.index(month) + 1:02}-{int(found[1]):02}"
    if not written and not cells.get("date formatted", "").strip():
        return ""
    raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")


def _time_of_day(text: str) -> tuple[str, str, str]:
    """Return the clock time, the part of the day and the kind of report, each empty where `text` does not say it."""
    if text in _DAY_PARTS:
        return "", _DAY_PARTS[text], ""
    if text in ("", "all day"):
        return "", "", "daily" if text else ""
    found = _CLOCK.fullmatch(text)
    if found is None or (found[3] and not 1 <= int(found[1]) <= _NOON):
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    hour = int(found[1]) % _NOON + (_NOON if found[3] == "p" else 0) if found[3] else int(found[1])
    return f"T{hour:02}:{found[2]}", "", ""


def _written(cells: Cells) -> int:
    """Count what is dropped: notes of every row, and details except the factors that are read."""
    names = ["notes"] if cells[_CATEGORY].strip().casefold() == _FACTORS else ["notes", "detail"]
    return sum(bool(cells.get(name, "").strip()) for name in names)
