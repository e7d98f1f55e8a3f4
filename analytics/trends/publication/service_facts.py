"""`service.json`: what a page needs beside the releases, and who runs the service. Noise-free, public, about no person.

It is made from service.yaml, plan, cohorts.yaml, home.json and the ledger's public entries, and no release names it: a
changed help line changes no release. Two files may lie beside it, with their hashes in it: the participant's notice,
and a map of each dimension that has one.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from analytics.canonical import sha256_hex
from analytics.durable import write_durably
from analytics.errors import StoreDamagedError
from analytics.periods import Cadence
from analytics.stored_json import Stored, read_stored
from analytics.trends.publication.manifest import json_bytes

SERVICE, NOTICE = "service.json", "notice.html"

_BESIDE = r"notice\.html|map-[a-z][a-z0-9_]*\.geojson"
_AGAIN = "Write it again: `murmuration publish`. The releases do not depend on it."


class FileBeside(Stored):
    """A file in the published folder that `service.json` vouches for."""

    file: Annotated[str, StringConstraints(pattern=rf"^(?:{_BESIDE})$")]
    sha256: str


class ReleasedOn(Stored):
    """One release, and the day (UTC) on which it was drawn."""

    product: str
    period: str
    revision: int
    drawn_on: date | None
    """None only of a ledger's entry that does not hold it."""


class ComingPeriod(Stored):
    """A period that is not released yet."""

    period: str
    first_day: date
    last_day: date
    expected_on: date
    """The earliest day on which the plan allows its release; whether it is late is to be judged by the reader's day."""


class ProductCalendar(Stored):
    """The next periods of one product of the plan."""

    product: str
    label: str
    cadence: Cadence
    next: tuple[ComingPeriod, ...]
    """Counted from the newest release; without one, from the product's first period."""


class MissedPeriod(Stored):
    """A period between the first and the newest release of its product that was never released."""

    product: str
    period: str
    first_day: date
    last_day: date


class Noted(Stored):
    """Something that readers of a chart should know of a day."""

    on: date
    text: str
    product: str | None = None
    """The one product that it is about: figures are judged by new limits from that day on, for this reason."""


class Fault(Stored):
    """Something that was found wrong with published figures, and the day on which it was found."""

    on: date
    text: str


class ServiceFacts(Stored):
    """`service.json`; without the file (an earlier program published) every fact is missing."""

    format: Literal[1] = 1
    publisher: str | None = None
    """The service's name. It, `contact` and `help_line` are None while service.yaml holds square brackets there."""
    contact: str | None = None
    withdrawal_days: int | None = None
    """None while any of these is: nobody has promised it yet."""
    help_line: str | None = None
    demo: bool = False
    """Everybody in it is invented."""
    released: tuple[ReleasedOn, ...] = ()
    """In the ledger's order, with all revisions."""
    calendar: tuple[ProductCalendar, ...] = ()
    missed: tuple[MissedPeriod, ...] = ()
    notes: tuple[Noted, ...] = ()
    """By day."""
    faults: tuple[Fault, ...] = ()
    """By day."""
    maps: dict[str, FileBeside] = Field(default={})
    """By dimension; each feature's property `cohort` is a key of it."""
    notice: FileBeside | None = None

    @property
    def beside(self) -> tuple[FileBeside, ...]:
        """The files that it vouches for."""
        return (*self.maps.values(), *(() if self.notice is None else (self.notice,)))


def read_facts(folder: Path) -> ServiceFacts:
    """Return what `folder` says of its service; a folder of an earlier program, without the file, says nothing.

    Raises:
        StoreDamagedError: if the file cannot be read, or is not in a form that this program knows.
    """
    path = folder / SERVICE
    if not path.exists():
        return ServiceFacts()
    return read_stored(ServiceFacts, _bytes(path), f"The published file {SERVICE}", _AGAIN)


def read_beside(folder: Path, named: FileBeside) -> bytes:
    """Return the notice or a map.

    Raises:
        StoreDamagedError: if the file is missing, or not the one that `service.json` vouches for.
    """
    content = _bytes(folder / named.file)
    if sha256_hex(content) == named.sha256:
        return content
    message = f"The published file {named.file} is not the one that {SERVICE} names."
    raise StoreDamagedError(message, _AGAIN)


def facts_files(facts: ServiceFacts, notice: bytes | None, maps: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files by name, `service.json` last: the same facts have the same bytes."""
    beside = {f"map-{dimension}.geojson": content for dimension, content in maps.items()}
    if notice is not None:
        beside[NOTICE] = notice
    named = {name: FileBeside(file=name, sha256=sha256_hex(content)) for name, content in beside.items()}
    update = {
        "maps": {dimension: named[f"map-{dimension}.geojson"] for dimension in maps},
        "notice": named.get(NOTICE),
    }
    return {**beside, SERVICE: json_bytes(facts.model_copy(update=update).model_dump(mode="json"))}


def found_files(folder: Path) -> dict[str, bytes]:
    """Return what there is of these files in `folder`, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if is_of_facts(path.name) and path.is_file()}


def write_facts(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace what differs, `service.json` last, then remove what it no longer names."""
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            write_durably(path, content)
    for path in list(folder.iterdir()):
        name = path.name.removeprefix(".").removesuffix(".draft")  # a draft that a killed publish left
        if path.name not in files and is_of_facts(name) and path.is_file():
            path.unlink()


def is_of_facts(name: str) -> bool:
    """Say whether a file of this name, at the top of a published folder, is one of these."""
    return re.fullmatch(rf"{re.escape(SERVICE)}|{_BESIDE}", name) is not None


def _bytes(path: Path) -> bytes:
    with suppress(OSError):
        return path.read_bytes()
    message = f"The published file {path.name} is missing or cannot be read."
    raise StoreDamagedError(message, _AGAIN)
