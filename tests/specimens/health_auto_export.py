"""Invented documents in the layout that Health Auto Export documents, and in those that it has been seen to write."""

import json
from collections.abc import Callable
from typing import Any

SOURCE = "health_auto_export"
FILE_NAME = "HealthAutoExport-2026-05-04-2026-05-10.json"


def mood(**members: Any) -> dict[str, Any]:  # noqa: ANN401 -- a damaged member may be anything
    """Return one entry as the app documents it, with other members where they are given."""
    entry = {
        "id": "CANARY-1f0c",
        "start": "2026-05-04 09:15:00 +0200",
        "end": "2026-05-04 09:15:00 +0200",
        "kind": "mood",
        "labels": ["Calm"],
        "associations": ["Work"],
        "valence": 0.25,
        "valenceClassification": 1,
        "metadata": {},
    }
    return {**entry, **members}


def document(*moods: Any) -> bytes:  # noqa: ANN401 -- a damaged entry may be anything
    """Return a whole document of these entries."""
    return json.dumps({"data": {"stateOfMind": moods}}, ensure_ascii=False).encode()


GOOD = json.dumps(
    {
        "data": {
            "metrics": [{"name": "step_count", "units": "count", "data": [{"qty": 4100, "source": "CANARY's iPhone"}]}],
            "workouts": [],
            "stateOfMind": [
                mood(),
                mood(id="CANARY-2a", kind="dailyMood", valence=0, valenceClassification="neutral", associations=[]),
                mood(id="CANARY-3b", kind="momentary_emotion", valence=-1, valenceClassification=1),
                mood(id="CANARY-4c", start="2026-05-05 9:05:00 PM +0200", associations=["currentEvents", "Self Care"]),
                mood(),  # the previous day, sent again
            ],
        }
    },
    indent=1,
).encode()


def planted(word: Callable[[], str]) -> bytes:
    """Return a document in which every text that can be one is a fresh word."""
    moods: list[Any] = [
        mood(id=word(), labels=[word(), word()], associations=[word(), "Family"], metadata={word(): word()}),
        mood(id=word(), start="2026-05-05 21:00:00 +0200", kind="dailyMood", valenceClassification=word()),
        mood(id=word(), valence=None, valenceClassification=word()),
        mood(id=word(), valence=word()),
        mood(id=word(), start=word(), end=word()),
        mood(id=word(), kind=word()),
        mood(id=word(), associations={word(): word()}),
        mood(id=word(), associations=[[word()]]),
        mood(id={word(): word()}),
        mood(**{"id": word(), word(): {word(): [word()]}}),
        word(),
        [word()],
    ]
    metrics = [{"name": word(), "units": word(), "data": [{"source": word(), "qty": 1}]}]
    workouts = [{"name": word(), "location": word(), "route": [{"lat": word()}]}]
    data = {"metrics": metrics, "workouts": workouts, "stateOfMind": moods, word(): {word(): word()}}
    return json.dumps({"data": data, word(): word()}, ensure_ascii=False).encode()
