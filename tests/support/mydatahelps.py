"""Files of MyDataHelps, line by line."""

from pathlib import Path

from tests.support.people import Desk, write


def state_of_mind(key: str, person: str, valence: str = "0.5", day: str = "04") -> str:
    """Return one line of a MyDataHelps export."""
    at = f"2026-05-{day}T09:00:00+02:00"
    return f"{key},{person},{person}-guid,{at},{at},momentaryEmotion,{valence},slightlyPleasant"


MAIN = (
    "HealthKitStateOfMindKey,ParticipantIdentifier,ParticipantID,StartDate,EndDate,Kind,Valence,ValenceClassification"
)


BESIDE = "HealthKitStateOfMindKey,ParticipantIdentifier,ParticipantID"


def exported(desk: Desk, header: str, *rows: str) -> Path:
    """Write a file of MyDataHelps."""
    return write(desk.folder / "export.csv", header, rows)
