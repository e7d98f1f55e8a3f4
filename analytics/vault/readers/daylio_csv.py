"""Daylio's CSV: one person's moods as words, in a layout that has changed three times; columns are found by name.

A mood of the user's own has no number in this file (the app's backup knows its group), so only words of the
declaration's map are taken. Scales that users name themselves are dropped; sleep's own two are read.

A file is a whole snapshot, newest entry first, and its times have no seconds. The second, third, ... entry of one
minute, counted from the oldest, is given seconds (`T10:00:01`): each is an entry of its own, and keeps its time in
later files that hold newer ones. Entries of a day without a time stay as they are.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.rows import RawRows, Row, RowRefusedError, gather
from analytics.vault.readers.shared.tables import Cells, Numbered, one_person_s_table, require
from analytics.vault.readers.shared.timeforms import clock_text, decimal_hours, numbered
from analytics.vault.validation.rule_names import RuleName

_MONTHS = (
    "january jan januar janvier enero janeiro gennaio januari stycznia leden ledna tammikuuta января",
    "february feb februar février febrero fevereiro febbraio februari lutego února helmikuuta февраля",
    "march mar märz mars marzo março maart marca března maaliskuuta marts марта",
    "april apr avril abril aprile kwietnia dubna huhtikuuta апреля",
    "may mai mayo maio maggio mei maja května maj toukokuuta мая",
    "june jun juni juin junio junho giugno czerwca června kesäkuuta июня",
    "july jul juli juillet julio julho luglio lipca července heinäkuuta июля",
    "august aug août agosto augustus sierpnia srpna augusti elokuuta августа",
    "september sep sept septembre septiembre setembro settembre września září syyskuuta сентября",
    "october oct oktober octobre octubre outubro ottobre października října lokakuuta октября",
    "november nov novembre noviembre novembro marraskuuta ноября",
    "december dec dezember décembre diciembre dezembro dicembre grudnia prosince joulukuuta декабря",
)
"""As dates have them. "listopadu" and "listopada" are left out: November to some, October to others."""
_MONTH_OF = {name: month for month, names in enumerate(_MONTHS, start=1) for name in names.split()}

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|º|\.)? (?:de |d')?([^\W\d_]+)\.?")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?")
_SPACED_HALF = re.compile(r"([AaPp])\.\s*([Mm])\.?$")  # "p. m." with a blank that does not break

_SLEEP_QUALITY, _SLEEP_TIME = "sleep quality", "sleep time"
_OUT_OF = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,3})?)/([0-9]{1,3})(?: [^\W\d_]+\.?)?")
_DURATION = re.compile(r"([0-9]{1,3}):([0-5][0-9])(?: [^\W\d_]+\.?)?")


Minutes = dict[str, dict[int, int]]
"""By time, the contents of its entries (as hashes) and their places in the file."""


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the file's moods. Raises FileRefusedError for its header or size only."""
    header, records = one_person_s_table(path, source.delimiter)
    require(header, "date" if "full_date" not in header else "full_date", "time", "mood")
    if "full_date" not in header and "year" not in header:
        message = "The header lacks full_date."
        raise FileRefusedError(message, "Export the file again, or name another source.")
    repeated = [name for name in ("year", "activities", "scales", "note_title", "note") if header.count(name) > 1]
    require(header, *repeated)
    _, twice = one_person_s_table(path, source.delimiter)
    yield from gather(records, partial(_rows, source, _minutes(twice)))


def reread(records: Iterable[tuple[int, Row]], source: Source) -> Iterator[RawRows]:
    """Yield records that were refused, as today's declaration reads them."""
    yield from gather(records, partial(_again, source))


def _again(source: Source, row: Row) -> list[Row]:
    quality = row.texts.get("sleep_quality", "")
    if "/" not in quality:
        return [row]
    return [replace(row, texts=row.texts | {"sleep_quality": _one_quality({quality}, row.texts, source)})]


def _minutes(records: Iterable[Numbered]) -> Minutes:
    """Return the different entries of each time in the order of the file; a line that comes twice is one entry."""
    minutes: Minutes = {}
    for _, cells in records:
        if not isinstance(cells, RowRefusedError):
            with suppress(RowRefusedError):
                found = minutes.setdefault(_logged_at(cells), {})
                found.setdefault(_content(cells), len(found))
    return minutes


def _content(cells: Cells) -> int:
    return hash(tuple(cells.values()))  # a note stays no longer than its line


def _rows(source: Source, minutes: Minutes, cells: Cells) -> list[Row]:
    logged_at = _logged_at(cells)
    found = minutes[logged_at]
    older = len(found) - 1 - found[_content(cells)]
    hours, qualities, others = _scales(cells.get("scales", ""))
    texts = {"logged_at": numbered(logged_at, older), "mood": cells["mood"], "sleep_hours": hours}
    if "activities" in cells:
        texts["factors"] = cells["activities"]
    texts["sleep_quality"] = _one_quality(qualities, texts, source)
    written = sum(bool(cells.get(name, "").strip()) for name in ("note_title", "note"))
    return [Row("entry", texts, written + others)]


def _logged_at(cells: Cells) -> str:
    date, clock = _date(cells), " ".join(cells["time"].split())
    if not date or not clock:
        return date  # where no time is known, the day is
    time = clock_text(_SPACED_HALF.sub(r"\1\2", clock))
    if time is None:
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    return f"{date}T{time}"


def _date(cells: Cells) -> str:
    if "full_date" in cells:
        date = cells["full_date"].strip()
        if date and not _ISO_DATE.fullmatch(date):
            raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
        return date
    year, words = cells["year"].strip(), " ".join(cells["date"].casefold().split())
    if not year and not words:
        return ""
    if (found := _DAY_FIRST.fullmatch(words)) is not None:
        day, name = found.groups()
    elif (found := _MONTH_FIRST.fullmatch(words)) is not None:
        name, day = found.groups()
    else:
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    if name not in _MONTH_OF or not _YEAR.fullmatch(year):
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    return f"{year}-{_MONTH_OF[name]:02}-{int(day):02}"


def _scales(cell: str) -> tuple[str, set[str], int]:
    """Return the hours slept, the texts about the quality of sleep, and 1 if there are scales of the user's own."""
    hours, qualities, others = set(), set(), 0
    for scale in cell.split("|"):
        name, _, value = (" ".join(part.split()) for part in scale.partition(":"))
        if name.casefold() == _SLEEP_TIME:
            hours.add(_hours(value))
        elif name.casefold() == _SLEEP_QUALITY:
            qualities.add(value)
        elif name:
            others = 1
    # Of several we do not guess which is right.
    return hours.pop() if len(hours) == 1 else "", qualities, others


def _hours(value: str) -> str:
    """Return `7:30` as a decimal number of hours, to nine places."""
    if not value:
        return ""
    found = _DURATION.fullmatch(value)
    if found is None:
        raise RowRefusedError(RuleName.NOT_A_NUMBER, "sleep_hours")
    return decimal_hours(int(found[1]), int(found[2]))


def _one_quality(result: set[str], others: dict[str, str], source: Source) -> str:
    """Return the quality of sleep where there is exactly one; `others`: the row's other texts, for a refusal."""
    try:
        found = {_quality(value, source) for value in sorted(result)}
    except RowRefusedError as refused:
        rule, column = refused.rule, refused.column
    else:
        return found.pop() if len(found) == 1 else ""
    kept = Row("entry", {**others, "sleep_quality": next(iter(result))}) if len(result) == 1 else None
    raise RowRefusedError(rule, column, kept)


def _quality(value: str, source: Source) -> str:
    """Return the points of `8/10 points`, if they are out of as many as declared."""
    if not value or source.sleep_quality is None:
        return ""
    found = _OUT_OF.fullmatch(value)
    if found is None:
        raise RowRefusedError(RuleName.NOT_A_NUMBER, "sleep_quality")
    if Decimal(found[2]) != source.sleep_quality.hi:
        raise RowRefusedError(RuleName.NOT_ALLOWED, "sleep_quality")
    return found[1].replace(",", ".")
