"""Invented backups in the layout that tools for Daylio's backups read."""

import base64
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

SOURCE = "daylio_backup"
FILE_NAME = "backup_2026_05_10.daylio"


def mood(number: int, group: int, name: str = "") -> dict[str, Any]:
    """Return a mood: the app's own without a name, or one of the user's."""
    return {"id": number, "custom_name": name, "mood_group_id": group, "predefined_name_id": -1 if name else number}


def entry(**members: Any) -> dict[str, Any]:  # noqa: ANN401 -- a damaged member may be anything
    """Return an entry of 4 May 2026, 19:30, with other members where they are given."""
    record = {
        "id": 41,
        "minute": 30,
        "hour": 19,
        "day": 4,
        "month": 4,  # May: months count from 0
        "year": 2026,
        "datetime": 1_777_915_800_000,
        "timeZoneOffset": 7_200_000,
        "mood": 2,
        "note": "",
        "note_title": "",
        "tags": [1],
        "assets": [],
    }
    return {**record, **members}


MOODS = [*(mood(number, number) for number in range(1, 6)), mood(8, 4, "null"), mood(9, 2, "g"), mood(7, 5, "CANARY")]
TAGS = [{"id": 1, "name": "work"}, {"id": 2, "name": "friends"}, {"id": 3, "name": "CANARY-choir"}]


def backup(*entries: Any, moods: Any = MOODS, tags: Any = TAGS, **members: Any) -> bytes:  # noqa: ANN401 -- as above
    """Return a backup's JSON."""
    content = {"version": 15, "customMoods": moods, "tags": tags, "dayEntries": entries, **members}
    return json.dumps(content, ensure_ascii=False).encode()


def zipped(content: bytes, name: str = "backup.daylio", compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip that holds `content` as it is, and a photo."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        archive.writestr("assets/photos/2026/5/CANARY.jpg", b"\xff\xd8")
        archive.writestr(name, content)
    return packed.getvalue()


JSON = backup(
    entry(id=44, day=10, mood=7, tags=[2, 3], note="CANARY: Dr Whitcombe rang<br>twice", note_title="CANARY"),
    entry(id=43, day=31, month=11, year=2025, hour=-1, minute=-1, mood=8),  # an old one: the time is not known
    entry(id=42, timeZoneOffset=-12_600_000, mood=9, tags=[]),
    entry(),
    tag_groups=[{"id": 1, "name": "CANARY"}],
    prefs=[{"key": "PIN", "value": "CANARY"}],
)
GOOD = zipped(base64.encodebytes(JSON))  # in lines of 76, as Android does


def planted(word: Callable[[], str]) -> bytes:
    """Return a backup in which every text that can be one is a fresh word."""
    moods: list[Any] = [
        *MOODS[:5],
        {**mood(6, 4, word()), word(): word()},
        mood(7, 4) | {"mood_group_id": word()},
        mood(8, 4) | {"mood_group_id": [word()]},
        word(),
    ]
    tags: list[Any] = [
        {"id": 1, "name": word(), "icon": word()},
        {"id": 2, "name": "work"},
        {"id": 3, "name": [word()]},
        word(),
    ]

    def free(**members: Any) -> dict[str, Any]:  # noqa: ANN401 -- as above
        own: dict[str, Any] = {"id": word(), "note": word(), "note_title": word(), "assets": [word()], word(): word()}
        return entry(**{**own, **members})

    entries: list[Any] = [
        free(tags=[1, 2]),
        free(mood=6, day=5),
        free(mood=7, day=6),
        free(mood=8),
        free(mood=word()),
        free(mood={word(): word()}),
        free(year=word()),
        free(hour=word()),
        free(timeZoneOffset=word(), day=7),
        free(tags=[word()], day=8),
        free(tags=[[word()]]),
        free(tags=word()),
        free(id={word(): word()}),
        free(note={word(): word()}, day=9),
        word(),
        [word()],
    ]
    others = {"metadata": {"platform": word()}, "prefs": [{"value": word()}], "tag_groups": [{"name": word()}]}
    content = backup(*entries, moods=moods, tags=tags, **others, goals=[{"name": word()}], pin=word())
    return zipped(base64.b64encode(content))
