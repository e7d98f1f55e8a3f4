"""Consents and register rows of people for replay, in every order and at every edge of time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from tests.support.neighbour_targets import DAY, LANE, Effect, Keys, Row, Rows, Target
from tests.support.people import OFF_GRID


def _at(day: date, **given: object) -> Row:
    """Return a grant recorded at noon of a day, covering everything unless it says otherwise."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    row: Row = {
        "event": "granted",
        "recorded_at": int(noon.timestamp()) * 1_000_000,
        "covers_from": date(2000, 1, 1),
        "scope": "population_statistics",
        "policy_version": "v1",
        "batch_no": 1,
    }
    return row | given


def _no(day: date) -> Row:
    return _at(day, event="withdrawn", covers_from=None)


def _listed(day: date) -> Row:
    return {"withdrawn_at": _at(day)["recorded_at"]}


def _unclear(day: date) -> Row:
    return {"suspended_at": _at(day)["recorded_at"]}


_LONG = timedelta(days=200)
_SOON = timedelta(days=60)

CONSENTS: dict[str, tuple[int, Effect, Callable[[Target], Rows]]] = {
    "granted": (620, "any", lambda t: {"consent_event": [_at(t.first - _LONG)]}),
    "granted twice": (40, "any", lambda t: {"consent_event": [_at(t.first - _LONG), _at(t.last, batch_no=2)]}),
    "granted after the period": (40, "any", lambda t: {"consent_event": [_at(t.last + _SOON)]}),
    "no consent": (30, "nothing", lambda _: {}),
    "another scope": (30, "nothing", lambda t: {"consent_event": [_at(t.first - _LONG, scope="research")]}),
    "covers later days": (
        40,
        "nothing",
        lambda t: {"consent_event": [_at(t.first - _LONG, covers_from=t.last + DAY)]},
    ),
    "covers a part": (
        40,
        "any",
        lambda t: {"consent_event": [_at(t.first - _LONG, covers_from=t.shortest.first_day + 3 * DAY)]},
    ),
    "withdrawn before": (
        30,
        "nothing",
        lambda t: {"consent_event": [_at(t.first - _LONG), _no(t.first - _SOON)]},
    ),
    # Consent is today's, whatever period is asked for.
    "withdrawn after the period": (
        60,
        "nothing",
        lambda t: {"consent_event": [_at(t.first - _LONG), _no(t.last + _SOON)]},
    ),
    "withdrawn at the same instant": (
        30,
        "nothing",
        lambda t: {"consent_event": [_at(t.first - _LONG), _no(t.first - _LONG)]},
    ),
    "on the list after the period": (
        60,
        "nothing",
        lambda t: {"consent_event": [_at(t.first - _LONG)], "withdrawn": [_listed(t.last + _SOON)]},
    ),
    "suspended": (
        40,
        "nothing",
        lambda t: {"consent_event": [_at(t.first - _LONG)], "suspension": [_unclear(t.last + _SOON)]},
    ),
    "suspended, then granted": (
        40,
        "any",
        lambda t: {
            "consent_event": [_at(t.first - _LONG), _at(t.last, batch_no=2)],
            "suspension": [_unclear(t.first - _SOON)],
        },
    ),
    "came back for later days": (
        40,
        "any",
        lambda t: {
            "consent_event": [
                _at(t.first - _LONG),
                _no(t.first - _SOON),
                _at(t.last, covers_from=t.shortest.first_day + 2 * DAY),
            ],
            "withdrawn": [_listed(t.first - _SOON)],
        },
    ),
}
"""How many people have such consent, and whether their entries may count."""


def since(day: date, keys: Keys, batch_no: int = 1) -> Row:
    """Return a register row that holds from a day on."""
    return {"valid_from": day, "keys": keys, "batch_no": batch_no}


_OLD = timedelta(days=900)

REGISTERS: dict[str, tuple[int, Callable[[Target, Keys, Keys], list[Row]]]] = {
    # Of the two cohorts the first is the one that counts.
    "registered": (500, lambda t, keys, _: [since(t.first - _OLD, keys)]),
    "moved before": (60, lambda t, keys, old: [since(t.first - _OLD, old), since(t.first - _SOON, keys, 2)]),
    "moved within": (
        80,
        lambda t, keys, old: [since(t.first - _OLD, old), since(t.shortest.first_day + 3 * DAY, keys, 2)],
    ),
    "moved on the last day": (
        60,
        lambda t, keys, old: [since(t.first - _OLD, old), since(t.shortest.last_day, keys)],
    ),
    "moves after": (60, lambda t, keys, new: [since(t.first - _OLD, keys), since(t.last + DAY, new, 2)]),
    "two rows of one day": (
        60,
        lambda t, keys, old: [since(t.first - _OLD, keys, 3), since(t.first - _OLD, old, 2)],
    ),
    "many rows": (
        60,
        lambda t, keys, old: [
            since(t.first - _OLD + number * 40 * DAY, (old, keys)[number % 2], number) for number in range(30)
        ],
    ),
    "off the grid": (60, lambda t, keys, _: [since(t.first - _OLD, _but_one(keys, OFF_GRID))]),
    "a key is missing": (60, lambda t, keys, _: [since(t.first - _OLD, _but_one(keys, None))]),
}
"""How many people have such register rows; a person without any is in the lane `unknown` and counted apart below."""

NOT_REGISTERED = ("not registered", "registered after the period")


def _but_one(keys: Keys, key: str | None) -> Keys:
    """Return the keys with that of the first real dimension replaced, or left out."""
    first = next(name for name in keys if name != LANE)
    others = {name: known for name, known in keys.items() if name != first}
    return others if key is None else others | {first: key}
