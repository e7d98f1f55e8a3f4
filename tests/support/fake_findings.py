"""Made-up signals, outlooks and pairs: the north's low mood is a signal once it is higher."""

import itertools
from datetime import date, timedelta
from typing import Any

import polars as pl

from analytics.trends.publication.findings import OUTLOOK_SCHEMA, SIGNALS_SCHEMA
from analytics.trends.publication.modelled_columns import MODELLED_SCHEMA, PAST_SCHEMA
from analytics.trends.publication.pairs import PAIRS_SCHEMA

SENTENCE = "Low mood in North was higher than usual in {period}: above its usual range."
LIMITS_FROM = 3
"""The period, counted from 1, from which made-up series have limits; before that, too few points."""

_KEYS = ("product", "period", "revision", "measure", "table", "cohort", "headline", "unit")


def fake_signals(rows: list[dict[str, Any]], week: int, planted_from: int) -> pl.DataFrame:
    """Return one row per figure: limits of 4 to each side of 22, 60 or the number of people, and one signal."""
    return pl.DataFrame([_signal(row, week, planted_from) for row in rows], SIGNALS_SCHEMA)


def _signal(row: dict[str, Any], week: int, planted_from: int) -> dict[str, Any]:
    is_withheld = row["estimate"] is None
    has_limits = not is_withheld and week >= LIMITS_FROM
    is_planted = (row["cohort"], row["headline"]) == ("north", "low_share") and week >= planted_from
    centre = {"low_share": 22.0, "mean_mood": 60.0}.get(row["headline"], row["people"])
    state = "withheld" if is_withheld else "too_few_points" if not has_limits else "no_signal"
    limits = {
        "limits": "trial",
        "limits_from": "2026-W03",
        "limits_to": "2026-W04",
        "limits_points": 2,
        "centre": centre,
        "lower_limit": None if centre is None else centre - 4,
        "upper_limit": None if centre is None else centre + 4,
        "false_share": 1.0,
    }
    signal = {
        "state": "signal",
        "rule": "outside",
        "direction": "higher",
        "change": 9.0,
        "change_low": 5.0,
        "change_high": 13.0,
        "p_outside": 1e-6,
        "false_share": 0.001,
        "sentence": SENTENCE.format(period=row["period"]),
        "cannot_say": "Why.",
    }
    return {
        **dict.fromkeys(SIGNALS_SCHEMA),
        **{name: row[name] for name in (*_KEYS, "estimate", "people")},
        **dict.fromkeys(("rebased", "rule", "direction", "sentence", "cannot_say"), ""),
        "state": state,
        **(limits if has_limits else {"limits": "none"}),
        **(signal if is_planted and has_limits else {}),
    }


def fake_pairs(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return the difference of every two known regions whose low mood or mean is shown, with a sentence."""
    result = [
        row
        for row in rows
        if row["table"] == "region" and row["cohort"] != "unknown" and row["headline"] != "people" and row["people"]
    ]
    return pl.DataFrame(
        [
            {
                **dict.fromkeys(PAIRS_SCHEMA),
                **{name: one[name] for name in _KEYS},
                "other": other["cohort"],
                **_difference(one["estimate"] - other["estimate"]),
                "people": one["people"],
                "other_people": other["people"],
                "sentence": f"{one['headline']}: {one['cohort']} and {other['cohort']}.",
            }
            for one, other in itertools.combinations(result, 2)
            if (one["measure"], one["headline"]) == (other["measure"], other["headline"])
        ],
        PAIRS_SCHEMA,
    )


def fake_past(rows: list[dict[str, Any]], period: str) -> pl.DataFrame:
    """Return the past as of `period`: every earlier figure of tables of at most one dimension, 1 to each side."""
    keys = ("product", "revision", "measure", "table", "cohort", "headline", "unit")
    found = [
        {
            **{key: row[key] for key in keys},
            "period": period,
            "of_period": row["period"],
            "value": row["estimate"],
            **_around("", row["estimate"], 1.0),
        }
        for row in rows
        if row["estimate"] is not None and "_by_" not in row["table"]
    ]
    return pl.DataFrame(found, schema=PAST_SCHEMA)


def fake_outlook(rows: list[dict[str, Any]], first: date) -> pl.DataFrame:
    """Return the figure itself, 3 to each side, for each of four weeks ahead, where there is a figure."""
    return pl.DataFrame(
        [_ahead(row, first, horizon) for row in rows if row["estimate"] is not None for horizon in range(5)],
        OUTLOOK_SCHEMA,
    )


def _ahead(row: dict[str, Any], first: date, horizon: int) -> dict[str, Any]:
    day = first + timedelta(weeks=horizon)
    period = f"{day.isocalendar().year}-W{day.isocalendar().week:02d}"
    return {
        **{name: row[name] for name in _KEYS},
        "horizon": horizon,
        "for_period": period,
        "for_first_day": day,
        "for_last_day": day + timedelta(days=6),
        "of": "published figure" if horizon else "level",
        "value": row["estimate"],
        "low": row["estimate"] - 3,
        "high": row["estimate"] + 3,
        "sentence": f"The figure for {period} lies about here." if horizon == 4 else "",
        "cannot_say": "",
    }


def fake_modelled(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return modelled figures: those of `rows`, narrower; North is higher than the rest and than 13 periods before.

    What is withheld there is withheld here; the first service has too short a history.
    """
    first = next(row["cohort"] for row in rows if row["table"] == "service")
    keys = ("product", "period", "revision", "measure", "table", "cohort", "headline", "unit")
    found = []
    for row in rows:
        is_short = row["table"] == "service" and row["cohort"] == first
        state = "too_little_history" if is_short else "withheld" if row["estimate"] is None else "displayed"
        value = row["estimate"] if state == "displayed" else None
        step = 9.0 if row["cohort"] == "north" else 0.0
        numbers = {"value": value, **_around("", value, 1.0), **_around("shown_", value, 2.0)}
        for name in ("since_13", "against_rest"):
            change = None if value is None or (name == "against_rest" and row["table"] == "all") else step
            numbers |= {
                name: change,
                **_around(f"{name}_", change, 2.0),
                **_around(f"{name}_simultaneous_", change, 3.0),
            }
        numbers |= {"people": None if value is None else row["people"], "own_share": None if value is None else 0.3}
        found.append({**{key: row[key] for key in keys}, **numbers, "state": state, "sentence": SENTENCE})
    return pl.DataFrame(found, schema=MODELLED_SCHEMA)


def _difference(value: float) -> dict[str, float | None]:
    """Return a difference with its intervals, 3 to each side where all pairs are judged together."""
    ends = {"noise": 1.0, "shown": 2.0, "at_once": 3.0}
    found: dict[str, float | None] = {"difference": value}
    for name, reach in ends.items():
        found |= _around(f"difference_{name}_", value, reach)
    return found


def _around(name: str, value: float | None, reach: float) -> dict[str, float | None]:
    """Return both ends of an interval."""
    return {f"{name}{end}": None if value is None else value + sign * reach for end, sign in (("low", -1), ("high", 1))}
