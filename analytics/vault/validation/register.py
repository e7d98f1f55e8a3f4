"""The register and the consents: each rule looks at one row, and the first that it breaks is what is said of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import polars as pl

from analytics.contracts import Column, Contract, Grid
from analytics.contracts.source import Clock
from analytics.vault.readers.shared.consent_words import GRANTED, UNCLEAR, WITHDRAWN
from analytics.vault.readers.shared.rows import COLUMNS
from analytics.vault.times import local_dates, with_times
from analytics.vault.validation.faults import JUDGED_SCHEMA, Checked, is_nobody
from analytics.vault.validation.ids import breaks_pattern, is_damaged

UTC_WALL = Clock(zone="Etc/UTC", written="wall")
"""How consent times are read: without an offset they are UTC."""


_SCOPE = "population_statistics"


@dataclass(frozen=True)
class Rule:
    """One way in which a row can be bad."""

    name: str
    column: str
    """The contract's column that it looks at."""
    breaks: pl.Expr
    """True where the row is bad; null counts as fine."""


def check_participants(rows: pl.DataFrame, contract: Contract, grid: Grid, domain: str) -> Checked:
    """Judge register rows; a cohort value off the grid becomes null here (unknown), and is no fault.

    Good rows have: line, person_id, id_domain, valid_from, one column per dimension, off_grid (how many were off).
    """
    grid_keys = {name: grid.keys(name) for name in grid.dimensions}
    rows = completed(rows, ("person_id", "id_domain", "valid_from", *grid_keys))
    rows = rows.with_columns(valid_from_date=local_dates(pl.col("valid_from")))
    rules = [
        *person_rules(contract["person_id"]),
        *_length_rules(contract["id_domain"]),
        Rule("missing", "valid_from", pl.col("valid_from") == ""),
        Rule("not_a_date", "valid_from", pl.col("valid_from_date").is_null()),
        *_range_rules(contract["valid_from"], pl.col("valid_from_date")),
        *(Rule("missing", name, pl.col(name) == "") for name in grid_keys if contract[name].required),
        *(rule for name in grid_keys for rule in _length_rules(contract[name])),
        *(rule for name in grid_keys for rule in _allowed_rules(contract[name])),
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
    from then; its scope, cover and version do not matter and are not kept: where a file is wrong, the mistake should
    be silence, not publication.

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
    times = _range_rules(contract["recorded_at"], pl.col("local_date"))
    impossible = pl.any_horizontal(pl.col("local_date").is_null(), *(rule.breaks for rule in times))
    came_at = int(first_at.timestamp() * 1_000_000)
    written = pl.coalesce("utc_at", pl.when(granted).then(midnight).otherwise(midnight + day - 1))
    # One of later than its file, too: with its own time it would close whatever is granted until then.
    closes_now = ~granted & (impossible | (written > came_at + day))
    rows = rows.with_columns(
        at=pl.when(closes_now).then(came_at).otherwise(written),
        covers_from_date=pl.when(granted).then(pl.col("covers_from_date")),
        timeless=closes_now,
        # What is not checked is not kept: a row whose columns are shifted may hold anything here.
        scope=pl.when(granted).then(pl.col("scope")).otherwise(pl.lit(_SCOPE)),
        policy_version=pl.when(granted).then(pl.col("policy_version")).otherwise(pl.lit("")),
    )
    grants_only = [
        Rule("missing", "recorded_at", pl.col("recorded_at") == ""),
        Rule("not_a_time", "recorded_at", pl.col("local_date").is_null()),
        Rule("future_date", "recorded_at", pl.col("at") > at_now),
        *times,
        Rule("missing", "covers_from", pl.col("covers_from") == ""),
        Rule("not_a_date", "covers_from", (pl.col("covers_from") != "") & pl.col("covers_from_date").is_null()),
        *_range_rules(contract["covers_from"], pl.col("covers_from_date")),
        Rule("missing", "scope", pl.col("scope") == ""),
        *_allowed_rules(contract["scope"]),
        *_length_rules(contract["policy_version"]),
        Rule("not_allowed", "covers_from", pl.col("ends") != ""),
    ]
    rules = [
        # Whoever was stored before there was a pattern must be able to leave.
        *person_rules(contract["person_id"], patterned=granted),
        *_length_rules(contract["id_domain"]),
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
    """Return consent events in small letters; a grant whose end has come is a withdrawal of that moment."""
    rows = rows.with_columns(pl.col("event").str.to_lowercase())
    ends_at = pl.col("ends").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_zone="UTC", strict=False).dt.epoch("us")
    ended = ((pl.col("event") == GRANTED) & (ends_at <= at_now)).fill_null(value=False)
    return rows.with_columns(
        event=pl.when(ended).then(pl.lit(WITHDRAWN)).otherwise("event"),
        recorded_at=pl.when(ended).then("ends").otherwise("recorded_at"),
    )


def _answered(rows: pl.DataFrame, column: Column) -> pl.DataFrame:
    """Return consent events of three answers: what is not one of the contract's two words is unclear."""
    words = {GRANTED, WITHDRAWN} & (column.allowed or {GRANTED, WITHDRAWN})
    return rows.with_columns(
        event=pl.when(pl.col("event").is_in(sorted(words))).then("event").otherwise(pl.lit(UNCLEAR))
    )


def completed(rows: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """Return `line` and the columns `names` without outer white space; one that is absent is empty."""
    present = [pl.col(name).str.strip_chars() for name in names if name in rows.columns]
    absent = [pl.lit("", dtype=pl.String).alias(name) for name in names if name not in rows.columns]
    return rows.select("line", *present, *absent)


def judged(rows: pl.DataFrame, rules: list[Rule]) -> Checked:
    """Split rows by the first rule that each breaks, in the order of `rules`."""
    number = pl.coalesce(
        *(pl.when(rule.breaks).then(pl.lit(position, dtype=pl.Int32)) for position, rule in enumerate(rules))
    )
    rows = rows.with_row_index("place").with_columns(broken=number)
    faults = rows.filter(pl.col("broken").is_not_null())
    bad = pl.DataFrame(
        {
            "line": faults["line"],
            "rule": pl.Series([rules[position].name for position in faults["broken"]], dtype=pl.String),
            "column": pl.Series([rules[position].column for position in faults["broken"]], dtype=pl.String),
            "place": faults["place"],
        },
        schema=JUDGED_SCHEMA,
    )
    return Checked(rows.filter(pl.col("broken").is_null()), bad)


def person_rules(column: Column, patterned: pl.Expr | None = None) -> list[Rule]:
    """Return the rules for whose a row is; `patterned`: the rows to which declared patterns apply (absent: all)."""
    id_ = pl.col(column.name)
    rules = [
        Rule("missing", column.name, is_nobody(id_)),
        *_length_rules(column),
        Rule("damaged_id", column.name, is_damaged(id_)),
    ]
    if column.patterns:
        broken = breaks_pattern(id_, column)
        rules.append(Rule("id_pattern", column.name, broken if patterned is None else patterned & broken))
    return rules


def _length_rules(column: Column) -> list[Rule]:
    if column.max_length is None:
        return []
    return [Rule("too_long", column.name, pl.col(column.name).str.len_chars() > column.max_length)]


def _allowed_rules(column: Column) -> list[Rule]:
    if column.allowed is None:
        return []
    listed = sorted(column.allowed)
    return [Rule("not_allowed", column.name, (pl.col(column.name) != "") & ~pl.col(column.name).is_in(listed))]


def _range_rules(column: Column, value: pl.Expr) -> list[Rule]:
    rules = []
    if column.minimum is not None:
        rules.append(Rule("out_of_range", column.name, value < _literal(column.minimum)))
    if column.maximum is not None:
        rules.append(Rule("out_of_range", column.name, value > _literal(column.maximum)))
    return rules


def _literal(limit: Decimal | date) -> pl.Expr:
    return pl.lit(limit if isinstance(limit, date) else float(limit))


def _domain(domain: str) -> pl.Expr:
    return pl.when(pl.col("id_domain") == "").then(pl.lit(domain)).otherwise(pl.col("id_domain"))
