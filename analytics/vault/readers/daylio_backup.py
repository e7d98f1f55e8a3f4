"""Daylio's backup: a zip of JSON as base64 text, in which every mood has its group, 1 best to 5 worst.

The wall clock counts. The file's epochs are not read: they have been seen to disagree with the clock that the
participant saw. What users write (notes, names of moods) stays behind; names of activities are for the map to judge.

A backup is a whole snapshot, and its times have no seconds. The second, third, ... entry of one minute, counted from
the oldest, is given seconds (`T10:00:01`): each is an entry of its own, and keeps its time in later backups that hold
newer ones. The smallest id is the oldest; where one of the minute has none, the last of the list is. Entries of a day
without a time stay as they are.
"""

import base64
import binascii
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.documents import DOCUMENT_BYTES, Repeated, document, elements, member, text
from analytics.vault.readers.shared.rows import RawRows, Row, RowRefusedError, gather
from analytics.vault.readers.shared.timeforms import numbered
from analytics.vault.validation.rule_names import RuleName

_MEMBER = "backup.daylio"
_ENTRIES, _MOODS, _TAGS = "dayEntries", "customMoods", "tags"

_BASE64_BYTES = DOCUMENT_BYTES * 3 // 2
"""Base64 takes four thirds, and line ends a little more."""
_DIRECTORY_BYTES = 8 * 1024 * 1024
"""A backup with as many photos as this lists is not one; the list is read whole, in up to ten times as much memory."""
_ZIP, _END, _END_64 = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07"
_END_LONG, _END_64_LONG, _LONGEST_COMMENT = 22, 20, 0xFFFF
_ENCRYPTED = 1
_KNOWN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Of these, zipfile unpacks no more than it is asked for."""
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, OSError, RuntimeError, ValueError)

_YEAR, _SMALL = re.compile(r"[0-9]{4}"), re.compile(r"[0-9]{1,2}")
_MILLISECONDS = re.compile(r"(-?)([0-9]{1,9})")
_MONTHS, _MINUTE, _WEST, _EAST = 12, 60_000, 12 * 60, 14 * 60
_UNKNOWN = "-1"
_ID = re.compile(r"[0-9]{1,18}")
_TAGS_OF_ONE, _WORD_CHARACTERS = 1000, 200
"""A few bytes of an entry name a word of any length: more and longer ones than anybody has are left out."""


def read(path: Path, source: Source) -> Iterator[RawRows]:  # noqa: ARG001 -- every reader is asked the same way
    """Yield the backup's moods, numbered from 1. Raises FileRefusedError if it is no such backup."""
    backup = document(_unpacked(path))
    if not isinstance(backup, dict) or isinstance(backup, Repeated):
        backup = {}
    for name in (_ENTRIES, _MOODS):
        if not isinstance(backup.get(name), list):
            message = f"The backup has no list `{name}`."
            raise FileRefusedError(message, "Make the backup again, or name another source.")
    tags = backup.get(_TAGS)
    groups = _by_id(backup[_MOODS], "mood_group_id")
    names = _by_id(tags if isinstance(tags, list) else [], "name")
    older = _older(backup[_ENTRIES])
    records = ((number, (older.get(number, 0), record)) for number, record in enumerate(backup[_ENTRIES], start=1))
    yield from gather(records, partial(_rows, groups, names))


def _unpacked(path: Path) -> bytes:
    """Return the backup's JSON, out of the zip, out of its base64 text, or as it is."""
    with path.open("rb") as file:
        packed = file.read(len(_ZIP)) == _ZIP
        file.seek(0)
        data = _member(file) if packed else file.read(_BASE64_BYTES + 1)
    encoded = not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    if encoded and len(data) <= _BASE64_BYTES:
        data = _decoded(data)
    if len(data) > DOCUMENT_BYTES:
        message = f"The backup's entries are larger than {DOCUMENT_BYTES // 1024 // 1024} MiB."
        raise FileRefusedError(message, "Check that the file has the format that the source's declaration names.")
    return data


def _member(file: IO[bytes]) -> bytes:
    """Return what the zip holds of entries, at most one byte more than is allowed."""
    message = "The zip's list of members is broken, or larger than any backup's."
    if _has_small_directory(file):
        message = "The zip is broken."
        try:
            with zipfile.ZipFile(file) as archive:
                found = [info for info in archive.infolist() if info.filename == _MEMBER]
                if len(found) != 1:
                    message = f"The zip does not hold one {_MEMBER}."
                elif found[0].flag_bits & _ENCRYPTED or found[0].compress_type not in _KNOWN:
                    message = f"The zip's {_MEMBER} is encrypted, or packed in a way that we cannot read."
                else:
                    with archive.open(found[0]) as packed:
                        return packed.read(_BASE64_BYTES + 1)
        except _ZIP_ERRORS:
            pass  # their words hold names from the file
    raise FileRefusedError(message, "Make the backup again, without a password, or name another source.")


def _has_small_directory(file: IO[bytes]) -> bool:
    """Say whether the zip's list of members can be read whole: zipfile does so before anything can be asked."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_LONG - _LONGEST_COMMENT - _END_64_LONG))
    tail = file.read()
    file.seek(0)
    at = len(tail) - _END_LONG
    if at < 0 or not (tail.startswith(_END, at) and tail.endswith(b"\x00\x00")):
        at = tail.rfind(_END)
    if at < 0 or at + _END_LONG > len(tail) or tail.startswith(_END_64, max(0, at - _END_64_LONG)):
        return False
    (directory,) = struct.unpack_from("<L", tail, at + 12)
    return bool(directory <= _DIRECTORY_BYTES)


def _decoded(data: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error:
        pass
    message = "The file is not a Daylio backup. It is neither a zip, nor base64 text, nor JSON."
    raise FileRefusedError(message, "Make the backup again, or name another source.")


def _by_id(records: list[Any], name: str) -> dict[str, str]:
    """Return a text by its record's id, empty where two records have the same: we do not guess which is right."""
    texts: dict[str, str] = {}
    for record in records:
        try:
            own, value = text(record, "id"), text(record, name)
        except RowRefusedError:
            continue  # what refers to it finds nothing
        texts[own] = "" if own in texts else value
    return texts


def _older(entries: list[Any]) -> dict[int, int]:
    """Return, by the number of an entry, how many older ones have its time; those that are the oldest are left out."""
    minutes: dict[str, list[tuple[int, int | None]]] = {}
    for number, record in enumerate(entries, start=1):
        try:
            logged_at, own = _logged_at(record), text(record, "id")
        except RowRefusedError:
            continue  # it is refused where its own turn comes
        if "T" in logged_at:
            minutes.setdefault(logged_at, []).append((number, int(own) if _ID.fullmatch(own) else None))
    older: dict[int, int] = {}
    for found in minutes.values():
        if len(found) > 1:
            ids = [own for _, own in found if own is not None]
            ages = ids if len(ids) == len(found) else [-number for number, _ in found]
            numbers = [number for _, number in sorted(zip(ages, (number for number, _ in found), strict=True))]
            older.update((number, before) for before, number in enumerate(numbers) if before)
    return older


def _rows(groups: dict[str, str], names: dict[str, str], aged: tuple[int, Any]) -> list[Row]:
    older, record = aged
    mood = text(record, "mood")
    if mood and not groups.get(mood):
        raise RowRefusedError(RuleName.UNKNOWN_WORD, "mood")
    texts = {
        "logged_at": numbered(_logged_at(record), older),
        "mood": groups[mood] if mood else "",
        "factors": "|".join(_words(elements(record, "tags"), names)),
    }  # not its id: a counter that may restart with the app, and would then replace old entries by new ones
    written = sum(member(record, name) not in (None, "") for name in ("note", "note_title"))
    return [Row("entry", texts, written)]


def _words(tags: list[Any], names: dict[str, str]) -> list[str]:
    if not all(isinstance(tag, str) for tag in tags):
        raise RowRefusedError(RuleName.UNREADABLE, "factors")
    words = (names.get(tag, "") for tag in islice(dict.fromkeys(tag.strip() for tag in tags), _TAGS_OF_ONE))
    result = (word.replace("|", " ").strip() for word in words if len(word) <= _WORD_CHARACTERS)
    return [word for word in result if word]


def _logged_at(record: Any) -> str:  # noqa: ANN401 -- JSON is anything
    year, month, day, hour, minute = (text(record, name) for name in ("year", "month", "day", "hour", "minute"))
    if not (year or month or day):
        return ""
    dated = _YEAR.fullmatch(year) and _SMALL.fullmatch(month) and _SMALL.fullmatch(day)
    if not dated or int(month) >= _MONTHS:  # months count from 0
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    date = f"{year}-{int(month) + 1:02}-{int(day):02}"
    if {hour, minute} <= {_UNKNOWN, ""}:
        return date
    if not (_SMALL.fullmatch(hour) and _SMALL.fullmatch(minute)):
        raise RowRefusedError(RuleName.NOT_A_TIME, "logged_at")
    return f"{date}T{int(hour):02}:{int(minute):02}{_offset(text(record, 'timeZoneOffset'))}"


def _offset(milliseconds: str) -> str:
    """Return an offset in use, else none: the clock that the participant saw is known without it."""
    found = _MILLISECONDS.fullmatch(milliseconds)
    if found is None or int(found[2]) % _MINUTE:
        return ""
    minutes = int(found[2]) // _MINUTE
    if minutes > (_WEST if found[1] else _EAST):
        return ""
    return f"{found[1] or '+'}{minutes // 60:02}:{minutes % 60:02}"
