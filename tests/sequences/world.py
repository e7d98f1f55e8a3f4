"""Who there is, and the few sources that both homes declare."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from analytics.contracts import REGISTER_SOURCES, shipped_contracts
from tests.support.people import CANARY

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""When every sequence begins: two four-week periods are closed."""

START = date(2026, 3, 23)
"""The homes' first public day, on which a four-week period begins."""

PLAN = "small"


@dataclass(frozen=True)
class Person:
    """Somebody: an id of a domain."""

    name: str
    """What a printed sequence calls them."""
    id: str
    domain: str = "default"


BEA, CAI, DEE, EVE, FAY = (Person(name, f"{CANARY}-{name}") for name in ("bea", "cai", "dee", "eve", "fay"))
CAI_OF_APP, EVE_OF_APP = (Person(f"{name} of app", f"{CANARY}-{name}", "app") for name in ("cai", "eve"))

OTHERS = (BEA, CAI, DEE, EVE, FAY, CAI_OF_APP, EVE_OF_APP)
"""Everybody but the neighbour. Fay and Eve have consented to nothing when a sequence begins."""

CONSENTED = (BEA, CAI, DEE, CAI_OF_APP)

ADAS = (
    Person("ada", f"{CANARY}-ada"),
    Person("ada, whose id is a column's name", "mood"),
    Person("ada, whose id is in every bundle", "Consent"),
    Person("ada, who is bea in another domain", BEA.id, "app"),
    Person("ada, whose id a spreadsheet wrote", "2.02611E+14"),
    Person("ada, whose id is a date", "2026-05-04"),
)
"""The neighbour, by one of her ids: a sequence has one of them."""

Declaration = dict[str, Any]

_GENERIC: Declaration = {
    "description": "Invented.",
    "format": "generic",
    "kind": "momentary",
    "scale": {"lo": 1, "hi": 5, "better": "higher"},
    "clock": {"zone": "Etc/UTC", "written": "wall"},
    "missing": ["NA"],
}


@cache
def declarations() -> dict[str, Declaration]:
    """Return the homes' sources: of rows with a person, with own ids of entries, of one person's files, of FHIR."""
    shipped = shipped_contracts() / "sources"
    kept = {
        name: yaml.safe_load((shipped / f"{name}.yaml").read_text()) for name in ("canonical", "fhir", "mydatahelps")
    }
    app = {
        **_GENERIC,
        "name": "app",
        "id_domain": "app",
        "delimiter": ";",
        "factors": {"job": "work", "kin": "family"},
        "sleep_quality": {"lo": 1, "hi": 5, "better": "higher"},
        "columns": {
            "person": "who",
            "time": "when",
            "mood": "mood",
            "source_id": "person_id",  # an entry's own, by a name that means somebody elsewhere
            "factors": "tags",
            "sleep_quality": "rest",
            "free_text": ["note"],
        },
    }
    diary = {
        **_GENERIC,
        "name": "diary",
        "person": "file",
        "id_domain": "default",
        "kind": "daily",
        "words": {"bad": 1, "meh": 3, "good": 5},
        "columns": {"time": "day", "mood": "mood", "sleep_hours": "sleep"},
    }
    return {**kept, "app": app, "diary": diary}


def domain_of(source: str) -> str | None:
    """Return the domain of a source's ids; None where its rows say it themselves."""
    return None if source in REGISTER_SOURCES else declarations()[source]["id_domain"]


def many_words(prefix: str, number: int) -> list[str]:
    """Return invented factors for a contract that lists more than are shipped."""
    return [f"{prefix}{place}" for place in range(number)]


def versions_since(day: date) -> str:
    """Return the plan's versions, of which the present one is in force since a day, as they stand in its file."""
    versions = [
        {"version": "0", "cap_rho": 0.1, "from": "2020-01-01"},
        {"version": "1", "cap_rho": 0.25, "from": day.isoformat()},
    ]
    return json.dumps(versions)


def write_yaml(path: Path, content: Declaration) -> None:
    """Write a contract's file."""
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
