"""Publishing a home: its releases, from the ledger alone, then what a page needs to know of the service."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from analytics.contracts import Contract, Grid, Service, read_contracts, read_plan, unfilled
from analytics.contracts.map_file import map_of
from analytics.contracts.reading import read_model
from analytics.contracts.service import Dated
from analytics.disclosure.forms import as_html
from analytics.disclosure.notice import notice_of
from analytics.errors import ContractRefusedError, MurmurationError, UsageError
from analytics.home import Home, HomeConfig
from analytics.store.chain import Entry
from analytics.store.ledger import Ledger, open_ledger
from analytics.trends.publication.publish import publish
from analytics.trends.publication.release_calendar import calendar, missed, rebased, released
from analytics.trends.publication.service_facts import (
    SERVICE,
    Fault,
    Noted,
    ServiceFacts,
    facts_files,
    found_files,
    write_facts,
)
from analytics.trends.publication.verify import FACTS_UP_TO_DATE, Check

Result = TypeVar("Result")


@dataclass(frozen=True)
class _Made:
    """What is to be published of the service."""

    files: Mapping[str, bytes]
    refused: list[ContractRefusedError] = field(default_factory=list)
    """Maps that cannot be published, and why; the files do without them."""


def publish_home(home: Home, config: HomeConfig, ledger: Ledger, allowed: Mapping[str, Contract]) -> list[str]:
    """Publish all that the ledger holds, and what the page needs to know of the service; return all relative paths.

    A contract that cannot be read costs the facts that are made from it; the releases do not depend on any.

    Raises:
        ContractRefusedError: as `publish`; or, once all else is published, if a map is not what it must be.
    """
    entries = ledger.entries()
    paths = publish(entries, ledger.cells, home.published, allowed)
    made = _made(home, config, entries)
    write_facts(home.published, made.files)
    for refused in made.refused:
        raise refused
    return sorted([*paths, *made.files])


def verify_facts(home: Home, config: HomeConfig) -> list[Check]:
    """Compare what is published of the service with what would be published now; nothing, if there is no ledger."""
    with suppress(MurmurationError):  # the ledger's own check says more
        with open_ledger(home.ledger, home.head) as ledger:
            made = _made(home, config, ledger.entries())
        return [_compared(home, made)]
    return []


def _compared(home: Home, made: _Made) -> Check:
    found = found_files(home.published) if home.published.is_dir() else {}
    if made.refused:
        return Check(FACTS_UP_TO_DATE, ok=False, detail=made.refused[0].message)
    if SERVICE not in found:
        return Check(FACTS_UP_TO_DATE, ok=True, detail=f"no {SERVICE} yet: `murmuration publish` writes it")
    if found != made.files:
        differs = sorted(name for name in {*found, *made.files} if found.get(name) != made.files.get(name))
        detail = f"{', '.join(differs)}: not what the home's contracts and ledger say now; run `murmuration publish`"
        return Check(FACTS_UP_TO_DATE, ok=False, detail=detail)
    return Check(FACTS_UP_TO_DATE, ok=True, detail=f"{len(found)} files are what the home's contracts and ledger say")


def _made(home: Home, config: HomeConfig, entries: list[Entry]) -> _Made:
    service = _readable(lambda: read_model(home.contracts / "service.yaml", Service))
    governing = _readable(lambda: read_plan(home.contracts, config.plan))
    rebases = rebased(entries)
    # L8: of contracts, plan and the ledger's public entries alone; no cell, noisy or not, is looked at.
    facts = ServiceFacts(
        demo=config.demo,
        released=released(entries),
        calendar=() if governing is None else calendar(governing[0], config.start, entries),
        missed=missed(entries),
        notes=tuple(sorted(rebases, key=_by_day)),
    )
    notice: bytes | None = None
    if service is not None:
        facts = facts.model_copy(update=_said_by(service, rebases))
        notice = None if unfilled(service) else _notice(home, config)
    refused: list[ContractRefusedError] = []
    maps = {} if governing is None else _maps(home, governing[1], refused)
    return _Made(facts_files(facts, notice, maps), refused)


def _said_by(service: Service, rebases: list[Noted]) -> dict[str, object]:
    """Return the facts of service.yaml; a field that still holds a square bracket says nothing."""
    missing = unfilled(service)
    notes = [*rebases, *(Noted(on=one.on, text=one.text) for one in service.notes)]
    return {
        "publisher": None if "name" in missing else service.name,
        "contact": None if "contact" in missing else service.contact,
        "withdrawal_days": None if missing else service.withdrawal_days,
        "help_line": None if "help_line" in missing else service.help_line,
        "notes": tuple(sorted(notes, key=_by_day)),
        "faults": tuple(Fault(on=one.on, text=one.text) for one in sorted(service.faults, key=_by_text)),
    }


def _by_day(note: Noted) -> tuple[date, str, str]:
    return note.on, note.product or "", note.text


def _by_text(fault: Dated) -> tuple[date, str]:
    return fault.on, fault.text


def _maps(home: Home, grid: Grid, refused: list[ContractRefusedError]) -> dict[str, bytes]:
    """Return the map of each dimension that has a good one; why others have none is added to `refused`."""
    maps = {}
    for name, dimension in grid.dimensions.items():
        try:
            content = map_of(home.contracts, dimension)
        except ContractRefusedError as error:
            refused.append(error.with_traceback(None))
            continue
        if content is not None:
            maps[name] = content
    return maps


def _notice(home: Home, config: HomeConfig) -> bytes | None:
    """Return the participants' notice as a page, if the contracts that it is made from can be read."""
    text = _readable(lambda: as_html(notice_of(read_contracts(home.contracts, config.plan))))
    return None if text is None else text.encode()


def _readable(read: Callable[[], Result]) -> Result | None:
    with suppress(ContractRefusedError, UsageError):
        return read()
    return None
