"""The harness: real files into a real vault, real draws into a real ledger, and the published files read back.

Everything is called as the flows' tasks call it (`ingest_incoming`; `exact_cells` behind `draw`; `publish_ledger`),
without a flow engine around it. One harness is one side of an experiment: one vault, filled once, from which releases
are drawn into as many ledgers as wanted; each ledger is published and only its published files are looked at. The noise
is the real one unless an experiment opens the harness with a faulty one: nothing else in the program can choose it.
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
from analytics.release.noise import Noise, noisy
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
"""The harness's clock; every period that it draws is long closed."""

SINCE = "2000-01-03"
"""From when everybody in an experiment is registered and consents."""

_HEADERS = {
    "consents": "person_id,event,recorded_at,covers_from,scope,policy_version,id_domain",
    "participants": "person_id,valid_from,region,age_band,service,id_domain",
    "canonical": "person_id,logged_at,mood,factors,sleep_hours,note",
    "withdrawals": "person_id",
}

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AuditPerson:
    """Somebody who logs one mood (1 to 5) on the first day of each of their periods."""

    id: str
    region: str
    mood: int
    periods: tuple[Period, ...]
    age_band: str = "25-34"


@dataclass(frozen=True)
class PublishedFiles:
    """What anybody can read of releases drawn into one ledger, in the periods' order."""

    cells: pl.DataFrame
    """The rows of one `cells.parquet` without their values: the same in each release, since the grid is public."""
    values: FloatArray
    """One row per release, one column per row of `cells`, in micro-persons."""
    entries: tuple[Entry, ...]
    """Each release's ledger entry by itself, as its manifest has it."""
    files: dict[str, bytes]
    """Every published file by its relative path."""


@dataclass(frozen=True)
class HarnessLedger:
    """A ledger of its own beside the harness's vault."""

    home: Home
    harness: "Harness"

    def release(self, periods: Sequence[Period]) -> PublishedFiles:
        """Draw `periods` that are not drawn yet, publish, and read what is published of them."""
        harness, contracts = self.harness, self.harness.contracts
        (product,) = contracts.plan.products
        with open_ledger(self.home.ledger, self.home.head) as ledger:
            for period in periods:
                cells = partial(harness.exact_cells, period)
                draw(ledger, contracts.plan, contracts.grid, product, period, cells, NOW, noise=harness.noise)
        with open_ledger(self.home.ledger, self.home.head) as ledger:
            paths = publish_ledger(ledger, self.home.published, contracts.published)
        folder = self.home.published / "releases" / product
        frames = [pl.read_parquet(folder / f"{period.name}-r0" / "cells.parquet") for period in periods]
        values = np.array([frame["value_micro_persons"].to_numpy() for frame in frames], dtype=np.float64)
        manifests = [(folder / f"{period.name}-r0" / "manifest.json").read_bytes() for period in periods]
        bodies = [json.loads(manifest)["ledger"]["body"] for manifest in manifests]
        entries = tuple(Entry.chained(1, GENESIS, canonical_json(body)) for body in bodies)
        files = {path: (self.home.published / path).read_bytes() for path in paths}
        return PublishedFiles(frames[0].drop("value_micro_persons"), values, entries, files)


class Harness:
    """An open vault with one side's files in it."""

    def __init__(self, home: Home, contracts: Contracts, vault: Vault, noise: Noise) -> None:
        """Wrap an open vault; use `open_harness`."""
        self._home = home
        self._vault = vault
        self._numbers = count(1)
        self.contracts = contracts
        self.noise = noise

    def ingest(self, source: str, rows: Iterable[str]) -> None:
        """Ingest one file with `rows`.

        Raises:
            UnforeseenError: if a row was not accepted; the message quotes nothing of it.
        """
        lines = list(rows)
        path = self._home.root / "arriving.csv"
        path.write_text("\n".join([_HEADERS[source], *lines, ""]), "utf-8")
        incoming = IncomingFile(self._vault.next_batch_no(), source, path)
        report = ingest_incoming(incoming, self._home, self._vault, self.contracts, read_key(self._home.key), NOW)
        path.unlink()
        if report.accepted != len(lines):
            message = "The vault did not accept every row of the audit's own file."
            raise UnforeseenError(message, "Report this: the audit's files and the contracts disagree.")

    def people(self, people: Iterable[AuditPerson]) -> None:
        """Ingest the files of `people`: their consents, the register, their entries."""
        known = list(people)
        self.ingest("consents", (f"{one.id},granted,{SINCE},{SINCE},population_statistics,v1," for one in known))
        self.ingest("participants", (f"{one.id},{SINCE},{one.region},{one.age_band},primary_care," for one in known))
        self.ingest(
            "canonical",
            (f"{one.id},{period.first_day}T09:00,{one.mood},,," for one in known for period in one.periods),
        )

    def exact_cells(self, period: Period, cap_nano: int | None = None) -> ExactCells:
        """Count a period, as a draw under that cap does."""
        plan = self.contracts.plan
        (product,) = plan.products.values()
        return exact_cells(self._vault, plan, self.contracts.grid, product, period, cap_nano=cap_nano)

    @contextmanager
    def ledger(self) -> Iterator[HarnessLedger]:
        """Return a new ledger; it and what is published from it are gone after the `with` block."""
        home = Home(self._home.root / f"ledger-{next(self._numbers)}")
        for folder in (home.ledger.parent, home.head.parent):
            folder.mkdir(mode=0o700, parents=True)
        create_ledger(home.ledger, home.head)
        try:
            yield HarnessLedger(home, self)
        finally:
            shutil.rmtree(home.root)

    def released(self, periods: Sequence[Period]) -> PublishedFiles:
        """Draw `periods` into a new ledger, publish, and read what is published."""
        with self.ledger() as ledger:
            return ledger.release(periods)


@contextmanager
def open_harness(
    folder: Path, contracts: Contracts, people: Iterable[AuditPerson], noise: Noise = noisy
) -> Iterator[Harness]:
    """Make a home in `folder` with `people` in its vault, governed by `contracts`; gone after the `with` block."""
    home = init_home(folder, "standard", date.fromisoformat(SINCE))
    try:
        with existing_vault(home, contracts, NOW) as vault:
            opened = Harness(home, contracts, vault, noise)
            opened.people(people)
            yield opened
    finally:
        shutil.rmtree(folder)
