"""The register and the consents: each rule looks at one row, and the first that it breaks is reported."""

from datetime import datetime

import polars as pl

from analytics.contracts import Column, Contract, Grid
from analytics.contracts.source import Clock
from analytics.vault.readers.shared.consent_words import GRANTED, UNCLEAR, WITHDRAWN
from analytics.vault.readers.shared.rows import COLUMNS
from analytics.vault.times import local_dates, with_times
from analytics.vault.validation.column_rules import (
    allowed_rules,
    completed,
    length_rules,
    person_rules,
    range_rules,
    required_rule,
)
from analytics.vault.validation.rule_names import RuleName
from analytics.vault.validation.rules import Checked, Rule, judged

UTC_WALL = Clock(zone="Etc/UTC", written="wall")
"""How consent times are read: without an offset they are UTC."""


_SCOPE = "population_statistics"


def check_participants(rows: pl.DataFrame, contract: Contract, grid: Grid, domain: str) -> Checked:
    """Judge register rows; a cohort value off the grid becomes null here (unknown), and is no fault.

    Good rows have: line, person_id, id_domain, valid_from, one column per dimension, off_grid (how many were off).
    """
    grid_keys = {name: grid.keys(name) for name in grid.dimensions}
    rows = completed(rows, ("person_id", "id_domain", "valid_from", *grid_keys))
    rows = rows.with_columns(valid_from_date=local_dates(pl.col("valid_from")))
    rules = [
        *person_rules(contract["person_id"]),
        *length_rules(contract["id_domain"]),
        required_rule("valid_from"),
        Rule(RuleName.NOT_A_DATE, "valid_from", pl.col("valid_from_date").is_null()),
        *range_rules(contract["valid_from"], pl.col("valid_from_date")),
        *(required_rule(name) for name in grid_keys if contract[name].required),
        *(rule for name in grid_keys for rule in length_rules(contract[name])),
        *(rule for name in grid_keys for rule in allowed_rules(contract[name])),
    ]
    checked = judged(rows, rules)
    on_grid = {name: pl.col(name).is_in(keys) for name, keys in grid_keys.items()}
    good = checked.good.select(
        "line",
        "person_id",
        id_domain=_domain(domain),
        valid_from="valid_from_date",
        off_grid=pl.sum_horizontal(pl.lit(0), *(~on & (pl.col(name) != "") for name, on in on_grid.items())),
        **{name: pl.when(on).then(pl.col(name)) for name, on in on_grid.items()},
    )
    return Checked(good, checked.bad)


def check_consents(rows: pl.DataFrame, contract: Contract, clock: tuple[datetime, datetime], domain: str) -> Checked:
    """Judge consent events. A grant must be right in every column; a withdrawal needs only a person to hold.

    An event that is neither word is unclear: it suspends, and needs only a person as well. `clock`: now, and when the
    file came first. A withdrawal or an unclear event without a possible time, or with one that is yet to come, holds
    from then; its scope, cover and version do not matter and are not stored: if a file is wrong, we would
    rather publish nothing than publish a person who left.

    Good rows have: line, person_id, id_domain, event (granted, withdrawn, unclear), recorded_at (UTC microseconds; a
    bare date is its first instant for a grant and else its last), covers_from, scope, policy_version, timeless (not a
    grant, and says no time at which it can have been made).
    """
    now, first_at = clock
    at_now = int(now.timestamp() * 1_000_000)
    rows = _answered(_ended(completed(rows, COLUMNS["consent"]), at_now), contract["event"])
    rows = with_times(rows, "recorded_at", UTC_WALL, now).with_columns(
        covers_from_date=local_dates(pl.col("covers_from"))
    )
    granted = pl.col("event") == GRANTED
    midnight = pl.col("local_date").cast(pl.Datetime("us")).dt.epoch("us")
    day = 86_400_000_000
    times = range_rules(contract["recorded_at"], pl.col("local_date"))
    impossible = pl.any_horizontal(pl.col("local_date").is_null(), *(rule.breaks for rule in times))
    came_at = int(first_at.timestamp() * 1_000_000)
    written = pl.coalesce("utc_at", pl.when(granted).then(midnight).otherwise(midnight + day - 1))
    # One of later than its file, too: with its own time it would close whatever is granted until then.
    closes_now = ~granted & (impossible | (written > came_at + day))
    rows = rows.with_columns(
        at=pl.when(closes_now).then(came_at).otherwise(written),
        covers_from_date=pl.when(granted).then(pl.col("covers_from_date")),
        timeless=closes_now,
        # We store only what we check: in a row with shifted columns, this may be anything.
        scope=pl.when(granted).then(pl.col("scope")).otherwise(pl.lit(_SCOPE)),
        policy_version=pl.when(granted).then(pl.col("policy_version")).otherwise(pl.lit("")),
    )
    grants_only = [
        required_rule("recorded_at"),
        Rule(RuleName.NOT_A_TIME, "recorded_at", pl.col("local_date").is_null()),
        Rule(RuleName.FUTURE_DATE, "recorded_at", pl.col("at") > at_now),
        *times,
        required_rule("covers_from"),
        Rule(RuleName.NOT_A_DATE, "covers_from", (pl.col("covers_from") != "") & pl.col("covers_from_date").is_null()),
        *range_rules(contract["covers_from"], pl.col("covers_from_date")),
        required_rule("scope"),
        *allowed_rules(contract["scope"]),
        *length_rules(contract["policy_version"]),
        Rule(RuleName.NOT_ALLOWED, "covers_from", pl.col("ends") != ""),
    ]
    rules = [
        # A person who was stored before there was a pattern must be able to leave.
        *person_rules(contract["person_id"], patterned=granted),
        *length_rules(contract["id_domain"]),
        *(Rule(rule.name, rule.column, granted & rule.breaks) for rule in grants_only),
    ]
    checked = judged(rows, rules)
    good = checked.good.select(
        "line",
        "person_id",
        "event",
        "scope",
        "policy_version",
        "timeless",
        id_domain=_domain(domain),
        recorded_at="at",
        covers_from="covers_from_date",
    )
    return Checked(good, checked.bad)


def _ended(rows: pl.DataFrame, at_now: int) -> pl.DataFrame:
    """Return consent events in small letters; a grant that has ended is a withdrawal of that moment."""
    rows = rows.with_columns(pl.col("event").str.to_lowercase())
    ends_at = pl.col("ends").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_zone="UTC", strict=False).dt.epoch("us")
    ended = ((pl.col("event") == GRANTED) & (ends_at <= at_now)).fill_null(value=False)
    return rows.with_columns(
        event=pl.when(ended).then(pl.lit(WITHDRAWN)).otherwise("event"),
        recorded_at=pl.when(ended).then("ends").otherwise("recorded_at"),
    )


def _answered(rows: pl.DataFrame, column: Column) -> pl.DataFrame:
    """Return consent events with three answers: any other word than the contract's two is unclear."""
    words = {GRANTED, WITHDRAWN} & (column.allowed or {GRANTED, WITHDRAWN})
    return rows.with_columns(
        event=pl.when(pl.col("event").is_in(sorted(words))).then("event").otherwise(pl.lit(UNCLEAR))
    )


def _domain(domain: str) -> pl.Expr:
    return pl.when(pl.col("id_domain") == "").then(pl.lit(domain)).otherwise(pl.col("id_domain"))
