"""A made-up published folder in the published format: repeatable numbers, no person, no noise, no ledger.

Planted: low mood in the north is about nine points higher from the ninth week on. Smaller cohorts lie under the floor
(withheld) or just above it (caution). `people` sets the size of the service, `missing` leaves weeks out.
"""

import itertools
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from analytics.canonical import canonical_json, sha256_hex
from analytics.trends.publication.representation import REPRESENTATION_SCHEMA
from tests.support.fake_findings import fake_modelled, fake_outlook, fake_pairs, fake_past, fake_signals

FIRST_WEEK = 3
PLANTED_FROM = 9
"""The week, counted from 1, from which low mood in the north is higher."""

REGIONS = {"north": 0.26, "east": 0.2, "south": 0.18, "west": 0.15, "centre": 0.13, "coast": 0.05, "unknown": 0.03}
AGES = {"16-24": 0.2, "25-34": 0.3, "35-49": 0.25, "50-64": 0.15, "65+": 0.08, "unknown": 0.02}
SERVICES = {
    "primary_care": 0.4,
    "community_team": 0.25,
    "talking_therapy": 0.2,
    "student_support": 0.13,
    "unknown": 0.02,
}
PARTS = {"region": REGIONS, "age_band": AGES, "service": SERVICES}

DIMENSIONS = {
    "region": {
        "label": "Region",
        "keys": {
            **{key: key.title() for key in REGIONS if key != "unknown"},
            "unknown": "Region not known",
        },
    },
    "age_band": {
        "label": "Age band",
        "keys": {
            **{key: key.replace("-", " to ") for key in AGES if "-" in key},
            "65+": "65 and over",
            "unknown": "Age not known",
        },
    },
    "service": {
        "label": "Service",
        "keys": {
            **{key: key.replace("_", " ").capitalize() for key in SERVICES if key != "unknown"},
            "unknown": "Service not known",
        },
    },
}
TABLES: dict[str, list[str]] = {
    "all": [],
    "region": ["region"],
    "age_band": ["age_band"],
    "service": ["service"],
    "region_by_age_band": ["region", "age_band"],
}
SIGMA = {"all": 23.02, "region": 20.5, "age_band": 20.5, "service": 20.5, "region_by_age_band": 18.7}
_AMONG = "of logged days, each person counting once"
HEADLINES = {
    name: {"label": label, "kind": kind, "unit": unit, "weights": weights, "whole": [1] * 5, "among": among}
    for name, label, kind, unit, weights, among in (
        ("people", "People who logged", "people", "persons", [1, 1, 1, 1, 1], ""),
        ("low_share", "Low mood", "share", "percent", [1, 1, 0, 0, 0], _AMONG),
        ("mean_mood", "Mean mood", "mean", "0-100", [0, 25, 50, 75, 100], ""),
    )
}
CATEGORIES = {
    "band_1": "Very low (under 12.5)",
    "band_2": "Low (12.5 to under 37.5)",
    "band_3": "Middling (37.5 to under 62.5)",
    "band_4": "Good (62.5 to under 87.5)",
    "band_5": "Very good (87.5 and over)",
}
MEASURES = {"mood_bands": "Mood over the days logged", "mood_again": "Mood, a second time"}
ENTRY_DAYS = 7
REASON_FEW = "too uncertain: too few people for the noise that protects them"
REASON_WIDE = "the interval is wide: more than 10 points on either side"


@dataclass(frozen=True)
class Service:
    """The size and history of the made-up service."""

    people: int = 5200
    weeks: int = 12
    missing: frozenset[int] = frozenset()
    """Weeks, counted from 1, that were never released."""
    product: str = "weekly_mood"
    label: str = "Weekly mood"
    cadence: str = "week"
    measures: tuple[str, ...] = ("mood_bands",)
    """All with the same figures."""
    is_modelled: bool = True
    """Whether releases have modelled figures; those of older programs have none."""
    has_past: bool = False
    """Whether they have the smoothed past, too: that of the figures themselves, narrower."""
    looks_back_weeks: int = 0
    wider_from: int = 0
    """The week, counted from 1, from which every figure is three times as uncertain; 0: never."""


def publish_fake(folder: Path, *services: Service) -> Path:
    """Write the published files of `services` (one ordinary service by default) and return `folder`."""
    releases = [entry for service in services or (Service(),) for entry in _publish_service(folder, service)]
    current = {
        "format": 1,
        "head": {"sequence": len(releases), "hash": sha256_hex(f"head {len(releases)}")},
        "releases": releases,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "current.json").write_text(canonical_json(current), "utf-8")
    return folder


def _publish_service(folder: Path, service: Service) -> Iterator[dict[str, Any]]:
    previous: dict[tuple[str, str, str], dict[str, Any]] = {}
    seen: list[dict[str, Any]] = []
    for sequence, week in enumerate((w for w in range(1, service.weeks + 1) if w not in service.missing), start=1):
        first = date.fromisocalendar(2026, FIRST_WEEK, 1) + timedelta(weeks=week - 1)
        period = f"{first.isocalendar().year}-W{first.isocalendar().week:02d}"
        if week - 1 in service.missing:
            previous = {}
        one = list(_rows(service, week, period, first, previous))
        previous = {(row["table"], row["cohort"], row["headline"]): row for row in one}
        rows = [{**row, "measure": measure} for measure in service.measures for row in one]
        seen += rows if service.has_past else []
        inside = f"releases/{service.product}/{period}-r0"
        yield {
            "product": service.product,
            "period": period,
            "revision": 0,
            "folder": inside,
            "manifest_sha256": _write(
                folder / inside,
                rows,
                _card(service, period, first, sequence),
                week,
                is_modelled=service.is_modelled,
                past=fake_past(seen, period),
            ),
        }


def _write(  # noqa: PLR0913 -- the tables of a release
    place: Path, rows: list[dict[str, Any]], card: dict[str, Any], week: int, *, is_modelled: bool, past: pl.DataFrame
) -> str:
    """Write one release folder and return the SHA-256 of its manifest."""
    place.mkdir(parents=True)
    frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(_ESTIMATES, pl.Float64), infer_schema_length=None)
    frame.write_parquet(place / "measures.parquet")
    frame.write_csv(place / "measures.csv")
    fake_signals(rows, week, PLANTED_FROM).write_parquet(place / "signals.parquet")
    fake_pairs(rows).write_parquet(place / "pairs.parquet")
    fake_outlook(rows, rows[0]["first_day"]).write_parquet(place / "outlook.parquet")
    if is_modelled:
        fake_modelled(rows).write_parquet(place / "modelled.parquet")
        past.write_parquet(place / "past.parquet")
    pl.DataFrame(schema=REPRESENTATION_SCHEMA).write_parquet(place / "representation.parquet")
    cells = frame.filter(pl.col("headline") == "people").select("table", "cohort", noisy_micro_persons="estimate")
    cells.write_parquet(place / "cells.parquet")
    (place / "card.json").write_text(json.dumps(card, indent=1), "utf-8")
    (place / "README.md").write_text(f"# {card['period']}\n", "utf-8")
    files = {path.name: sha256_hex(path.read_bytes()) for path in sorted(place.iterdir())}
    manifest = canonical_json({"format": 1, "files": files, "ledger": {"sequence": week}})
    (place / "manifest.json").write_text(manifest, "utf-8")
    return sha256_hex(manifest)


_ESTIMATES = [
    f"{name}{end}"
    for name in ("", "since_previous_", "against_all_")
    for end in ("noise_low", "noise_high", "shown_low", "shown_high", "at_once_low", "at_once_high")
    if name or "at_once" not in end
] + ["estimate", "people", "since_previous", "against_all"]
INSTEAD = "{headline}, {cohort}: withheld for this week; of all participants: 22.0 % (between 20.0 and 24.0)."
WIDER_TIMES = 3
"""How much wider intervals are from `wider_from` on."""
WIDER = 1.3
"""How much wider the made-up intervals are that hold at once."""


def _rows(
    service: Service, week: int, period: str, first: date, previous: dict[tuple[str, str, str], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    overall: dict[str, dict[str, Any]] = {}
    for table, dimensions in TABLES.items():
        for keys in itertools.product(*(PARTS[name] for name in dimensions)):
            place = dict(zip(dimensions, keys, strict=True))
            people = service.people * math.prod(PARTS[name][key] for name, key in place.items())
            jitter = math.sin(12.9898 * week + 7.233 * sum(map(ord, "/".join(keys))))
            people += SIGMA[table] * jitter
            for headline, about in HEADLINES.items():
                row = {
                    "product": service.product,
                    "period": period,
                    "revision": 0,
                    "first_day": first,
                    "last_day": first + timedelta(days=ENTRY_DAYS - 1),
                    "table": table,
                    "cohort": "/".join(keys) or "all",
                    "headline": headline,
                    "unit": about["unit"],
                    **_figures(headline, table, people, _truth(headline, place, week) + jitter),
                }
                row |= {
                    name: row["estimate"] + WIDER_TIMES * (row[name] - row["estimate"])
                    for name in ("shown_low", "shown_high")
                    if service.wider_from and week >= service.wider_from and row["estimate"] is not None
                }
                before = previous.get((table, row["cohort"], headline))
                overall.setdefault(headline, row)
                against = overall[headline] if headline != "people" else None
                yield {
                    **row,
                    **_difference("since_previous", row, before),
                    **_difference("against_all", row, against),
                    **_instead(row),
                }


def _truth(headline: str, place: dict[str, str], week: int) -> float:
    """Return the true share or mean that the figures lie around."""
    region, age = place.get("region"), place.get("age_band")
    in_north = 1.0 if region == "north" else 0.0 if region else REGIONS["north"]
    planted = 9.0 * in_north if week >= PLANTED_FROM else 0.0
    low = 22 + 0.5 * math.sin(week) + planted + {"south": -5.0, "west": 1.0}.get(region or "", 0.0)
    low += {"16-24": 4.0, "65+": -4.0}.get(age or "", 0.0)
    return low if headline == "low_share" else 100 - 1.7 * low


def _figures(headline: str, table: str, people: float, value: float) -> dict[str, Any]:
    """Return estimate, intervals, people and reliability; nothing but the reason below the floor."""
    sigma = SIGMA[table]
    names = ("estimate", "noise_low", "noise_high", "shown_low", "shown_high", "people")
    if people < _floor(table):
        return dict.fromkeys(names) | {"reliability": "withheld", "reason": REASON_FEW}
    noise = 1.96 * sigma * 0.8 if headline == "people" else 196 * 0.45 * sigma / people
    shown = noise if headline == "people" else math.hypot(noise, 196 * math.sqrt(0.18 / people))
    estimate = people if headline == "people" else value
    ends = (estimate, estimate - noise, estimate + noise, estimate - shown, estimate + shown, people)
    wide = headline != "people" and shown > 10
    return dict(zip(names, ends, strict=True)) | {
        "reliability": "caution" if wide else "ok",
        "reason": REASON_WIDE if wide else "",
    }


def _difference(name: str, row: dict[str, Any], other: dict[str, Any] | None) -> dict[str, Any]:
    ends = [f"{name}_{kind}_{end}" for kind in ("noise", "shown", "at_once") for end in ("low", "high")]
    itself = name == "against_all" and row["table"] == "all"
    if other is None or itself or row["estimate"] is None or other["estimate"] is None:
        return dict.fromkeys([name, *ends])
    estimate = row["estimate"] - other["estimate"]
    result = {name: estimate}
    for kind in ("noise", "shown"):
        half = math.hypot(row[f"{kind}_high"] - row["estimate"], other[f"{kind}_high"] - other["estimate"])
        result |= {f"{name}_{kind}_low": estimate - half, f"{name}_{kind}_high": estimate + half}
    # The last half-width is that of `shown`.
    return result | {f"{name}_at_once_low": estimate - WIDER * half, f"{name}_at_once_high": estimate + WIDER * half}


def _instead(row: dict[str, Any]) -> dict[str, Any]:
    is_offered = row["estimate"] is None and row["headline"] != "people"
    offered = {
        "instead_table": "all",
        "instead_cohort": "all",
        "instead_estimate": 22.0,
        "instead_noise_low": 21.0,
        "instead_noise_high": 23.0,
        "instead_shown_low": 20.0,
        "instead_shown_high": 24.0,
        "instead_people": 5000.0,
    }
    return {
        **(offered if is_offered else {}),
        "instead": "parent" if is_offered else "",
        "sentence": INSTEAD.format(headline=row["headline"], cohort=row["cohort"]) if is_offered else "",
    }


def _floor(table: str) -> float:
    return 9 + 3.72 * SIGMA[table]


def _card(service: Service, period: str, first: date, sequence: int) -> dict[str, Any]:
    return {
        "format": 1,
        "product": {"name": service.product, "label": service.label, "cadence": service.cadence},
        "period": period,
        "revision": 0,
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=ENTRY_DAYS - 1)).isoformat(),
        "plan": {"name": "standard", "policy_version": "1", "fingerprint": sha256_hex("a plan")},
        "promise": {
            "words": (
                "From everything published about one year, someone willing to be wrong about 5 in 100 non-members "
                "could recognise at most 18 in 100 members (guessing: 5); after three years 34, after five 48. What "
                "is learned about groups is not hidden."
            ),
            "unit": "one participant and their whole record, added or removed",
            "horizon": "everything released about ISO year 2026, all products together",
            "rho_cap": 0.25,
            "epsilon": {"1e-06": 3.55, "1e-09": 4.44},
            "odds": [
                {
                    "years": years,
                    "recognised_in_100": recognised,
                    "recognised_in_100_by_zcdp_alone": alone,
                    "guessing": 5,
                }
                for years, recognised, alone in ((1, 18, 22), (3, 34, 45), (5, 48, 63))
            ],
        },
        "loss": {
            "mechanism": "discrete Gaussian noise on whole numbers",
            "rho": 0.00471698,
            "rho_so_far": 0.00471698 * sequence,
            "epsilon_so_far": {
                "1e-06": round(0.56 * math.sqrt(sequence), 2),
                "1e-09": round(0.7 * math.sqrt(sequence), 2),
            },
            "year": 2026,
        },
        "display": {"floor_people": 9, "floor_noise_sds": 3.72, "caution_half_width": 10},
        "dimensions": DIMENSIONS,
        "measures": {
            measure: {
                "label": MEASURES[measure],
                "definition": "Each logged day goes to the band of its mean score.",
                "least_data": "One entry in the period.",
                "looks_back_weeks": service.looks_back_weeks,
                "categories": CATEGORIES,
                "headlines": HEADLINES,
                "tables": {
                    table: {
                        "dimensions": names,
                        "sigma_micro_persons": round(SIGMA[table] * 1_000_000),
                        "people_floor": _floor(table),
                    }
                    for table, names in TABLES.items()
                },
            }
            for measure in service.measures
        },
        "versions": {"murmuration": "0.1.0", "opendp": "0.16.0", "duckdb": "2.0.0"},
    }
