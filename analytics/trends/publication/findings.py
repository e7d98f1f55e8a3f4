"""`signals` and `outlook` of a release as tables, made of the releases that the ledger held up to it."""

import polars as pl

from analytics.contracts import cohort_name
from analytics.periods import Period
from analytics.store.chain import Entry
from analytics.trends.monitoring.detection import Detection, detect
from analytics.trends.monitoring.outlook import FIRST_WITH_DRIFT, PERIODS_AHEAD, outlook
from analytics.trends.monitoring.rules import RULES
from analytics.trends.monitoring.series import History, Point, Points, Series
from analytics.trends.publication.figure_columns import Row
from analytics.trends.publication.labels import Card, cohort_labels
from analytics.trends.publication.lines import rebased
from analytics.trends.publication.manifest import FIRST_RENDERER
from analytics.trends.publication.signal_sentences import CANNOT_FORESEE, CANNOT_SAY, outlook_sentence, signal_sentence
from analytics.wording import figure_name

_KEYS = {
    **dict.fromkeys(("product", "period"), pl.String),
    "revision": pl.Int64,
    **dict.fromkeys(("measure", "table", "cohort", "headline", "unit"), pl.String),
}

SIGNALS_SCHEMA = {
    **_KEYS,
    **dict.fromkeys(("estimate", "people"), pl.Float64),
    **dict.fromkeys(("limits", "limits_from", "limits_to"), pl.String),
    "limits_points": pl.Int64,
    **dict.fromkeys(("centre", "lower_limit", "upper_limit"), pl.Float64),
    "rebased": pl.String,
    **dict.fromkeys(("state", "rule", "direction"), pl.String),
    **dict.fromkeys(("change", "change_low", "change_high"), pl.Float64),
    **dict.fromkeys((f"p_{rule}" for rule in RULES), pl.Float64),
    "false_share": pl.Float64,
    **dict.fromkeys(("sentence", "cannot_say"), pl.String),
}
"""One row per measure, table, cohort and headline."""

OUTLOOK_SCHEMA = {
    **_KEYS,
    "horizon": pl.Int64,
    "for_period": pl.String,
    **dict.fromkeys(("for_first_day", "for_last_day"), pl.Date),
    "of": pl.String,
    **dict.fromkeys(("value", "low", "high"), pl.Float64),
    **dict.fromkeys(("sentence", "cannot_say"), pl.String),
}
"""One row per measure, table, cohort and headline that has an outlook, and period from the newest on."""

P_DIGITS = 3
"""Significant digits of a p-value: more would be digits of the simulation."""


def findings(entry: Entry, card: Card, history: History) -> dict[str, pl.DataFrame]:
    """Return the tables `signals` and `outlook` of a release that `history` holds."""
    period = entry.period_
    series, result = history.up_to(entry), history.result(entry)
    declared = rebased(entry)
    start = declared[0] if declared else None
    detections = detect(series, period, start)
    reason = f"from {declared[0].name} on: {declared[1]}" if declared else ""
    with_drift = (entry.body.renderer or FIRST_RENDERER) >= FIRST_WITH_DRIFT
    ahead = outlook({one: _since(points, start) for one, points in series.items()}, period, with_drift=with_drift)
    signals = [
        {
            **_keys(entry, card, one),
            **_figure(result[one]),
            **_detected(card, detections.get(one), reason, one),
        }
        for one in series
    ]
    rows = []
    for one, foreseen in ahead.items():
        for it in foreseen:
            sentence = ""
            if it.horizon == PERIODS_AHEAD[period.cadence]:
                first = _since(series[one], start)[0][0].name
                sentence = outlook_sentence(_what(card, one), first, it, _unit(card, one))
            rows.append(
                {
                    **_keys(entry, card, one),
                    "horizon": it.horizon,
                    "for_period": it.period.name,
                    "for_first_day": it.period.first_day,
                    "for_last_day": it.period.last_day,
                    "of": "published figure" if it.horizon else "level",
                    "value": _number(it.value),
                    "low": _number(it.low),
                    "high": _number(it.high),
                    "sentence": sentence,
                    "cannot_say": CANNOT_FORESEE if sentence else "",
                }
            )
    return {"signals": pl.DataFrame(signals, SIGNALS_SCHEMA), "outlook": pl.DataFrame(rows, OUTLOOK_SCHEMA)}


def _since(points: Points, start: Period | None) -> Points:
    return [pair for pair in points if start is None or pair[0] >= start]


def _figure(point: Point | None) -> Row:
    """Return the figure itself, and the state that it has where no rule looked at it."""
    return {
        "estimate": point.value if point else None,
        "people": _number(point.people) if point else None,
        "state": "not_compared" if point else "withheld",
    }


def _detected(card: Card, detection: Detection | None, reason: str, series: Series) -> Row:
    limits = detection.limits if detection else None
    signal = detection.signal if detection else None
    p_values: dict[str, float] = dict.fromkeys(detection.tested, 1.0) if detection else {}
    # A series breaks a rule in one direction only.
    p_values |= {found.rule: found.p_value for found in detection.breaks} if detection else {}
    shares = [found.false_share for found in detection.breaks] if detection else []
    state = "signal" if signal else "no_signal" if limits else "too_few_points"
    return {
        **({"state": state} if detection else {}),
        "limits": limits.kind if limits else "none",
        "limits_from": limits.baseline[0][0].name if limits else None,
        "limits_to": limits.baseline[-1][0].name if limits else None,
        "limits_points": len(limits.baseline) if limits else None,
        "centre": _number(limits.mean) if limits else None,
        "lower_limit": _number(limits.low) if limits else None,
        "upper_limit": _number(limits.high) if limits else None,
        "rebased": reason,
        "rule": signal.rule if signal else "",
        "direction": signal.direction if signal else "",
        "change": _number(signal.change) if signal else None,
        "change_low": _number(signal.low) if signal else None,
        "change_high": _number(signal.high) if signal else None,
        **{f"p_{rule}": _significant(p_values.get(rule)) for rule in RULES},
        "false_share": _significant(min([1.0, *shares])) if limits else None,
        "sentence": signal_sentence(_what(card, series), detection, signal, _unit(card, series))
        if detection and signal
        else "",
        "cannot_say": CANNOT_SAY if signal else "",
    }


def _keys(entry: Entry, card: Card, series: Series) -> Row:
    return {
        "product": entry.product,
        "period": entry.period,
        "revision": entry.revision,
        "measure": series.measure,
        "table": series.table,
        "cohort": series.cohort,
        "headline": series.headline,
        "unit": _unit(card, series),
    }


def _unit(card: Card, series: Series) -> str:
    return card.headline(series.measure, series.headline).unit


def _what(card: Card, series: Series) -> str:
    """Return `Low mood in North`."""
    label = card.headline(series.measure, series.headline).label
    who = cohort_labels(card, series.measure, series.table)[series.cohort]
    return figure_name(label, _unit(card, series), None if series.cohort == cohort_name(()) else who)


def _number(value: float) -> float:
    """Round to six digits, as all figures are; no minus zero."""
    return round(value, 6) + 0.0


def _significant(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{P_DIGITS}g}")
