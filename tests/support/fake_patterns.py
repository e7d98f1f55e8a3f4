"""A made-up product of four-weekly patterns beside the made-up weekly one: repeatable numbers that tests can name.

Of everyone 10 in 100 are persistently low, in the north 17; people in the coast are too few for any figure. Mondays are
the worst weekday more often than by chance, Fridays too little to say so of seven weekdays at once.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from analytics.canonical import canonical_json, sha256_hex
from analytics.periods import Period
from analytics.trends.publication.findings import OUTLOOK_SCHEMA, SIGNALS_SCHEMA
from analytics.trends.publication.modelled_columns import MODELLED_SCHEMA
from analytics.trends.publication.pairs import PAIRS_SCHEMA
from analytics.trends.publication.rendering import MEASURES_SCHEMA
from analytics.trends.publication.representation import REPRESENTATION_SCHEMA
from tests.support.published_fake import DIMENSIONS, Service, _card, publish_fake

PRODUCT = "monthly_patterns"
FEW = "too few people had enough entries to show this without giving anyone away"
STARTING = "this measure looks back to weeks before the first release, so it cannot be compared yet"
WEEKDAYS = {"monday": (44.0, 1.2), "wednesday": (50.2, 1.2), "friday": (51.3, 1.2), "saturday": (54.8, 1.2)}
"""Figure and half-width of each; Friday's interval excludes 50 alone, but not as one of four."""


@dataclass(frozen=True)
class Stated:
    """One headline: label, kind, what it is a share of, figure and half-width."""

    label: str
    kind: str
    among: str
    value: float
    half: float


@dataclass(frozen=True)
class Patterns:
    """How many periods there are, and what is changed of the ordinary figures."""

    periods: int = 5
    first: int = 7
    """The first one's number in 2026."""
    values: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    """Other figures and half-widths, by measure and headline."""
    signal_since: int = 0
    """The period, counted from 1, since which persistently low mood in the north is higher; 0 for never."""
    is_modelled: bool = True
    only: tuple[str, ...] = ()
    """The measures, if not all of them."""


_PEOPLE = "of people in both periods"
MEASURES: dict[str, tuple[str, int, dict[str, Stated]]] = {
    "persistence": (
        "Persistent low mood",
        8,
        {
            "people": Stated("People with enough weeks", "people", "", 10_900, 260),
            "persistently_low": Stated(
                "Persistently low mood", "share", "of people with enough logged weeks", 10.0, 1.2
            ),
        },
    ),
    "transitions": (
        "Into and out of low mood",
        5,
        {
            "people": Stated("People in both periods", "people", "", 4_760, 210),
            "newly_low": Stated("Newly low", "share", "of those who were not low before", 4.9, 1.7),
            "recovering": Stated("Recovering", "share", "of those who were low before", 28.0, 8.0),
        },
    ),
    "change": (
        "Change from the period before",
        5,
        {
            "people": Stated("People in both periods", "people", "", 3_100, 200),
            "better": Stated("Better than before", "share", _PEOPLE, 18.9, 3.0),
            "worse": Stated("Worse than before", "share", _PEOPLE, 28.7, 3.1),
        },
    ),
    "weekday_extremes": (
        "Worst and best weekday",
        8,
        {
            "people": Stated("People with enough days", "people", "", 10_100, 290),
            **{
                day: Stated(f"{day.title()}s (chance 50, best 100)", "mean", "", value, half)
                for day, (value, half) in WEEKDAYS.items()
            },
        },
    ),
    "attendance": (
        "Who is counted",
        16,
        {
            "people": Stated("People who logged now or in the period before", "people", "", 14_000, 290),
            "new": Stated("New or back after 16 weeks", "share", "of people who log", 2.5, 0.8),
            "lapsed": Stated("Lapsed", "share", "of people who logged in the period before", 15.4, 0.9),
        },
    ),
    "days_logged": (
        "Days logged",
        0,
        {
            "people": Stated("People who logged", "people", "", 12_000, 270),
            "regular": Stated("Logged on 8 days or more", "share", "of people who logged", 30.5, 1.1),
        },
    ),
}
TABLES: dict[str, tuple[str, ...]] = {"all": ("all",), "region": tuple(DIMENSIONS["region"]["keys"])}
NORTH = {("persistence", "persistently_low"): (17.0, 2.0)}


def publish_patterns(folder: Path, patterns: Patterns | None = None, *, is_weekly: bool = True) -> Path:
    """Write the patterns, and the ordinary weekly service before them, and return `folder`."""
    chosen = patterns or Patterns()
    folder.mkdir(parents=True, exist_ok=True)
    if is_weekly:
        publish_fake(folder, Service(weeks=44))
    current = folder / "current.json"
    found: dict[str, Any] = json.loads(current.read_text("utf-8")) if is_weekly else {"format": 1, "releases": []}
    for number in range(1, chosen.periods + 1):
        period = Period.parse(f"2026-P{chosen.first + number - 1:02d}")
        inside = f"releases/{PRODUCT}/{period.name}-r0"
        manifest = _write(folder / inside, chosen, number, period)
        found["releases"].append(
            {
                "product": PRODUCT,
                "period": period.name,
                "revision": 0,
                "folder": inside,
                "manifest_sha256": manifest,
            }
        )
    sequence = len(found["releases"])
    found["head"] = {"sequence": sequence, "hash": sha256_hex(f"head {sequence}")}
    current.write_text(canonical_json(found), "utf-8")
    return folder


def _write(place: Path, patterns: Patterns, number: int, period: Period) -> str:
    place.mkdir(parents=True)
    rows = [
        _row(patterns, number, period, (measure, headline), (table, cohort))
        for measure, (_, _, headlines) in _measures(patterns).items()
        for table, cohorts in TABLES.items()
        for cohort in cohorts
        for headline in headlines
    ]
    frame = pl.DataFrame([{**dict.fromkeys(MEASURES_SCHEMA), **row} for row in rows], MEASURES_SCHEMA)
    frame.write_parquet(place / "measures.parquet")
    frame.write_csv(place / "measures.csv")
    signals = [_signal(patterns, number, row) for row in rows]
    pl.DataFrame(signals, SIGNALS_SCHEMA).write_parquet(place / "signals.parquet")
    pl.DataFrame(schema=PAIRS_SCHEMA).write_parquet(place / "pairs.parquet")
    pl.DataFrame(schema=OUTLOOK_SCHEMA).write_parquet(place / "outlook.parquet")
    pl.DataFrame(schema=REPRESENTATION_SCHEMA).write_parquet(place / "representation.parquet")
    if patterns.is_modelled:
        modelled = [_modelled(row) for row in rows]
        pl.DataFrame(modelled, MODELLED_SCHEMA).write_parquet(place / "modelled.parquet")
    (place / "card.json").write_text(json.dumps(_card_of_patterns(patterns, number, period)), "utf-8")
    files = {path.name: sha256_hex(path.read_bytes()) for path in sorted(place.iterdir())}
    manifest = canonical_json({"format": 1, "files": files, "ledger": {"sequence": number}})
    (place / "manifest.json").write_text(manifest, "utf-8")
    return sha256_hex(manifest)


def _measures(patterns: Patterns) -> dict[str, tuple[str, int, dict[str, Stated]]]:
    return {name: about for name, about in MEASURES.items() if not patterns.only or name in patterns.only}


_UNITS = {"people": "persons", "share": "percent", "mean": "0-100"}


def _row(
    patterns: Patterns, number: int, period: Period, figure: tuple[str, str], place: tuple[str, str]
) -> dict[str, Any]:
    measure, headline = figure
    table, cohort = place
    stated = MEASURES[measure][2][headline]
    value, half = patterns.values.get(figure, (stated.value, stated.half))
    if cohort == "north":
        value, half = NORTH.get(figure, (value, 2 * half))
    if stated.kind == "people" and table != "all":
        value /= 7
    young = MEASURES[measure][1] // 4 >= number  # the look-back begins before the first period
    held = cohort == "coast"
    ends = {
        "estimate": value,
        **{f"{name}_{end}": value + sign * half for name in ("noise", "shown") for end, sign in _ENDS},
        "people": 1000.0,
    }
    return {
        "product": PRODUCT,
        "period": period.name,
        "revision": 0,
        "first_day": period.first_day,
        "last_day": period.last_day,
        "measure": measure,
        "table": table,
        "cohort": cohort,
        "headline": headline,
        "unit": _UNITS[stated.kind],
        **({} if held else ends),
        "reliability": "withheld" if held else "caution" if young else "ok",
        "reason": FEW if held else STARTING if young else "",
        "instead": "",
        "sentence": "",
    }


_ENDS = (("low", -1), ("high", 1))
_KEYS = ("product", "period", "revision", "measure", "table", "cohort", "headline", "unit")


def _signal(patterns: Patterns, number: int, row: dict[str, Any]) -> dict[str, Any]:
    is_north = (row["measure"], row["headline"], row["cohort"]) == ("persistence", "persistently_low", "north")
    found = {
        **dict.fromkeys(SIGNALS_SCHEMA),
        **{name: row[name] for name in _KEYS},
        **dict.fromkeys(("rebased", "rule", "direction", "sentence", "cannot_say"), ""),
        "state": "withheld" if row["reliability"] == "withheld" else "too_few_points",
        "limits": "none",
    }
    if is_north and 0 < patterns.signal_since <= number:
        limits = {"limits": "trial", "limits_from": "2026-P01", "limits_to": "2026-P01", "limits_points": 1}
        numbers = {"centre": 8.0, "lower_limit": 5.0, "upper_limit": 11.0}
        change = {"change": 9.0, "change_low": 5.0, "change_high": 13.0}
        return found | limits | numbers | change | {"state": "signal", "rule": "outside", "direction": "higher"}
    return found


def _modelled(row: dict[str, Any]) -> dict[str, Any]:
    young = row["measure"] == "attendance"
    held = row["reliability"] == "withheld" or young
    found = {**dict.fromkeys(MODELLED_SCHEMA), **{name: row[name] for name in _KEYS}, "sentence": ""}
    if held:
        return found | {"state": "too_little_history" if young else "withheld"}
    numbers = {"value": row["estimate"], "low": row["shown_low"], "high": row["shown_high"]}
    numbers |= {"shown_low": row["shown_low"], "shown_high": row["shown_high"], "people": 1000.0, "own_share": 0.5}
    if row["table"] != "all" and row["headline"] != "people":
        step = 8.0 if row["cohort"] == "north" and row["headline"] == "persistently_low" else 0.0
        ends = {f"against_rest{kind}_{end}": step + sign * 3.0 for kind in ("", "_simultaneous") for end, sign in _ENDS}
        numbers |= {"against_rest": step, **ends}
    return found | numbers | {"state": "displayed"}


def _card_of_patterns(patterns: Patterns, number: int, period: Period) -> dict[str, Any]:
    service = Service(product=PRODUCT, label="Four-weekly patterns", cadence="four_weeks")
    card = _card(service, period.name, period.first_day, number)
    return card | {
        "last_day": period.last_day.isoformat(),
        "measures": {
            measure: {
                "label": label,
                "definition": f"What {label} means.",
                "least_data": "Includes anyone who logged at least once in the period.",
                "looks_back_weeks": weeks,
                "categories": {"one": "One", "other": "Other"},
                "headlines": {
                    name: {
                        "label": stated.label,
                        "kind": stated.kind,
                        "unit": _UNITS[stated.kind],
                        "weights": [0, 100],
                        "whole": [1, 1],
                        "among": stated.among,
                    }
                    for name, stated in headlines.items()
                },
                "tables": {
                    table: {
                        "dimensions": [] if table == "all" else [table],
                        "sigma_micro_persons": 1,
                        "people_floor": 9.0,
                    }
                    for table in TABLES
                },
            }
            for measure, (label, weeks, headlines) in _measures(patterns).items()
        },
    }
