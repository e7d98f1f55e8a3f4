"""Entries of invented releases: what a test does not care about is filled in."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analytics.canonical import canonical_json
from analytics.store.body import HeadlineKind, ReleasedHeadline, ReleasedMeasure
from analytics.store.chain import GENESIS, Entry

BODY: dict[str, Any] = {
    "kind": "release/3",
    "product": "p",
    "product_label": "P",
    "period": "2024-W10",
    "revision": 0,
    "cadence": "week",
    "first_day": "2024-03-04",
    "last_day": "2024-03-10",
    "charge_year": 2024,
    "last_week": 105_564,
    "loss_nano": 0,
    "spent_nano": 0,
    "cap_nano": 0,
    "plan": "tiny",
    "plan_fingerprint": "",
    "policy_version": "1",
    "unit": "one participant",
    "mechanism": "invented",
    "display": {"floor_people": "0", "floor_noise_sds": "0", "caution_half_width": "10"},
    "dimensions": [],
    "measures": [],
    "tables": [],
    "epsilon_cap": {},
    "epsilon_spent": {},
    "versions": {},
}


def entry_of(body: Mapping[str, Any]) -> Entry:
    """Return the first entry of a ledger, as it would be stored with exactly this body."""
    return Entry.chained(1, GENESIS, canonical_json(dict(body)))


def body_of(entry: Entry) -> dict[str, Any]:
    """Return what an entry stores."""
    body: dict[str, Any] = json.loads(entry.text)
    return body


def altered(entry: Entry, body: Mapping[str, Any]) -> Entry:
    """Return an entry that stores another body under the same hash."""
    return replace(entry, text=canonical_json(dict(body)))


def headline(
    name: str, kind: HeadlineKind, weights: tuple[int, ...], whole: tuple[int, ...] | None = None, unit: str = ""
) -> ReleasedHeadline:
    """Return a headline, of all categories unless some are given."""
    ones = (1,) * len(weights)
    return ReleasedHeadline(name=name, label=name, kind=kind, unit=unit, weights=weights, whole=whole or ones)


def measure(name: str, headlines: list[ReleasedHeadline], basis: tuple[tuple[int, ...], ...]) -> ReleasedMeasure:
    """Return a measure whose categories are named by their places."""
    places = range(len(headlines[0].weights))
    categories = tuple((str(place), str(place)) for place in places)
    return ReleasedMeasure(name=name, label=name, basis=basis, categories=categories, headlines=tuple(headlines))
