"""Ledgers of invented releases, without a store: any order of periods, any change of the plan, repeatable noise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analytics.canonical import canonical_json, sha256_hex
from analytics.cells import NoisyCells
from analytics.contracts import FrozenMeasure
from analytics.periods import Period
from analytics.release.draw import described
from analytics.store.chain import GENESIS, Entry
from analytics.trends.publication.rendering import rendered
from tests.support.releases import PRODUCT
from tests.support.sized import exact, grid_of, plan_of

SIGMA = 5.0
PEOPLE: dict[tuple[str, ...], tuple[int, int, int]] = {
    ("north", "young"): (120, 300, 380),
    ("north", "old"): (150, 250, 300),
    ("north", "unknown"): (60, 80, 90),
    ("south", "young"): (90, 150, 160),
    ("south", "old"): (80, 120, 150),
    ("south", "unknown"): (60, 70, 70),
    ("unknown", "young"): (70, 70, 70),
    ("unknown", "old"): (70, 80, 90),
    ("unknown", "unknown"): (0, 1, 1),  # too few to be displayed
}
"""In each category; every other group is large enough to be displayed."""


@dataclass(frozen=True)
class Release:
    """One invented release."""

    period: str
    revision: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    """Changes of its entry."""
    sigma: float = SIGMA


def ledger(releases: list[Release]) -> tuple[list[Entry], dict[int, NoisyCells]]:
    """Return the entries of releases in the order of their draws, and their cells; noise by period and revision."""
    names = ["all", "region", "age", "region_by_age"]
    entries, cells, whole = list[Entry](), dict[int, NoisyCells](), exact(PEOPLE)
    for number, one in enumerate(releases, start=1):
        frozen = FrozenMeasure(
            basis=((1, 0, 0), (0, 1, 0), (0, 0, 1)), sigma=dict.fromkeys(names, round(one.sigma * 1_000_000))
        )
        plan = plan_of().model_copy(update={"frozen": {PRODUCT: {"mood": frozen}}})
        body = described(plan, grid_of(None), PRODUCT, Period.parse(one.period)).model_copy(
            update={"revision": one.revision, "versions": {}, "plan_fingerprint": "", **one.body}
        )
        entry = Entry.chained(number, entries[-1].hash if entries else GENESIS, body.text)
        seed = int(sha256_hex(canonical_json([one.period, one.revision]))[:8], 16)
        rng = np.random.RandomState(seed)
        cells[number] = NoisyCells(
            {
                key: tuple(value + round(1_000_000 * one.sigma * rng.standard_normal()) for value in whole.reveal(key))
                for key in entry.tables
            }
        )
        entries.append(entry)
    return entries, cells


def files_of(releases: list[Release]) -> Iterator[tuple[Release, dict[str, bytes]]]:
    """Yield each release with its files."""
    entries, cells = ledger(releases)
    made = rendered(entries, lambda entry: cells[entry.sequence])
    yield from ((release, files) for release, (_, files) in zip(releases, made, strict=True))


def weeks(*numbers: int) -> list[Release]:
    """Return first releases of these weeks of 2024."""
    return [Release(f"2024-W{number:02d}") for number in numbers]
