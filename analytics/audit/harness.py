"""A warm bench: real files into a real vault, real draws into a real ledger, and the published files read back.

Everything is called as the flows' tasks call it (`ingest_incoming`; `exact_cells` behind `draw`; `publish_ledger`),
without a flow engine around it. One bench is one side of an experiment: one vault, filled once, from which releases
are drawn into as many ledgers as wanted; each ledger is published and only its published files are looked at.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.canonical import canonical_json
from analytics.cells import ExactCells
from analytics.contracts import Contracts
from analytics.errors import UnforeseenError
from analytics.home import Home
from analytics.make_home import init_home
from analytics.periods import Period
from analytics.release.draw import draw
from analytics.store.chain import GENESIS, Entry
from analytics.store.ledger import create_ledger, open_ledger
from analytics.trends.publication.publish import publish_ledger
from analytics.vault.database import Vault
from analytics.vault.erasure.completion import existing_vault
from analytics.vault.files.inbox import IncomingFile
from analytics.vault.files.ingest_file import ingest_incoming
from analytics.vault.pseudonym import read_key
from analytics.vault.shares import exact_cells

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""The bench's clock; every period that it draws is long closed."""

SINCE = "2000-01-03"
"""From when everybody on the bench is registered and consents."""

_HEADERS = {
    "consents": "person_id,event,recorded_at,covers_from,scope,policy_version,id_domain",
    "participants": "person_id,valid_from,region,age_band,service,id_domain",
    "canonical": "person_id,logged_at,mood,factors,sleep_hours,note",
    "withdrawals": "person_id",
}

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Person:
    """Somebody who logs one mood (1 to 5) on the first day of each of their periods."""

    id: str
    region: str
    mood: int
    periods: tuple[Period, ...]
    age_band: str = "25-34"


@dataclass(frozen=True)
class PublishedReleases:
    """What anybody can read of releases drawn into one ledger, in the periods' order."""

    cells: pl.DataFrame
    """The rows of one `cells.parquet` without their values: the same in each release, since the grid is public."""
    values: Values
    """One row per release, one column per row of `cells`, in micro-persons."""
    entries: tuple[Entry, ...]
    """Each release's ledger entry by itself, as its manifest has it."""
    files: dict[str, bytes]
    """Every published file by its relative path."""


@dataclass(frozen=True)
class Ledgerhome:
    """A ledger of its own beside the bench's vault."""

    home: Home
    bench: "Bench"

    def release(self, periods: Sequence[Period]) -> PublishedReleases:
        """Draw `periods` that are not drawn yet, publish, and read what is published of them."""
        bench, contracts = self.bench, self.bench.contracts
        (product,) = contracts.plan.products
        with open_ledger(self.home.ledger, self.home.head) as ledger:
            for period in periods:
                cells = partial(bench.exact_cells, period)
                draw(ledger, contracts.plan, contracts.grid, product, period, cells, NOW)
        with open_ledger(self.home.ledger, self.home.head) as ledger:
            paths = publish_ledger(ledger, self.home.published, contracts.published)
        folder = self.home.published / "releases" / product
        frames = [pl.read_parquet(folder / f"{period.name}-r0" / "cells.parquet") for period in periods]
        values = np.array([frame["value_micro_persons"].to_numpy() for frame in frames], dtype=np.float64)
        manifests = [(folder / f"{period.name}-r0" / "manifest.json").read_bytes() for period in periods]
        bodies = [json.loads(manifest)["ledger"]["body"] for manifest in manifests]
        entries = tuple(Entry.chained(1, GENESIS, canonical_json(body)) for body in bodies)
        files = {path: (self.home.published / path).read_bytes() for path in paths}
        return PublishedReleases(frames[0].drop("value_micro_persons"), values, entries, files)


class Bench:
    """An open vault with one side's files in it."""

    def __init__(self, home: Home, contracts: Contracts, vault: Vault) -> None:
        """Wrap an open vault; use `bench`."""
        self._home = home
        self._vault = vault
        self._numbers = count(1)
        self.contracts = contracts

    def take(self, source: str, rows: Iterable[str]) -> None:
        """Take in one file with `rows`.

        Raises:
            UnforeseenError: if a row was not accepted; nothing of it is told.
        """
        lines = list(rows)
        path = self._home.root / "arriving.csv"
        path.write_text("\n".join([_HEADERS[source], *lines, ""]), "utf-8")
        incoming = IncomingFile(self._vault.next_batch_no(), source, path)
        report = ingest_incoming(incoming, self._home, self._vault, self.contracts, read_key(self._home.key), NOW)
        path.unlink()
        if report.accepted != len(lines):
            message = "The audit's own file was not taken in whole."
            raise UnforeseenError(message, "Report this: the audit's files and the contracts disagree.")

    def people(self, people: Iterable[Person]) -> None:
        """Take in the files of `people`: their consents, the register, their entries."""
        known = list(people)
        self.take("consents", (f"{one.id},granted,{SINCE},{SINCE},population_statistics,v1," for one in known))
        self.take("participants", (f"{one.id},{SINCE},{one.region},{one.age_band},primary_care," for one in known))
        self.take(
            "canonical",
            (f"{one.id},{period.first_day}T09:00,{one.mood},,," for one in known for period in one.periods),
        )

    def exact_cells(self, period: Period, cap_nano: int | None = None) -> ExactCells:
        """Count a period, as a draw under that cap does."""
        plan = self.contracts.plan
        (product,) = plan.products.values()
        return exact_cells(self._vault, plan, self.contracts.grid, product, period, cap_nano=cap_nano)

    @contextmanager
    def ledger(self) -> Iterator[Ledgerhome]:
        """Return a new ledger; it and what is published from it are gone after the `with` block."""
        home = Home(self._home.root / f"ledger-{next(self._numbers)}")
        for folder in (home.ledger.parent, home.head.parent):
            folder.mkdir(mode=0o700, parents=True)
        create_ledger(home.ledger, home.head)
        try:
            yield Ledgerhome(home, self)
        finally:
            shutil.rmtree(home.root)

    def released(self, periods: Sequence[Period]) -> PublishedReleases:
        """Draw `periods` into a new ledger, publish, and read what is published."""
        with self.ledger() as ledger:
            return ledger.release(periods)


@contextmanager
def bench(folder: Path, contracts: Contracts, people: Iterable[Person]) -> Iterator[Bench]:
    """Make a home in `folder` with `people` in its vault, governed by `contracts`; gone after the `with` block."""
    home = init_home(folder, "standard", date.fromisoformat(SINCE))
    try:
        with existing_vault(home, contracts, NOW) as vault:
            opened = Bench(home, contracts, vault)
            opened.people(people)
            yield opened
    finally:
        shutil.rmtree(folder)
