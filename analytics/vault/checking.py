"""Rows are judged one by one: each rule looks at one row, and the first that it breaks is what is said of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import polars as pl

from analytics.contracts import Column, Contract, Source
from analytics.contracts.source import Clock
from analytics.vault.readers.delimited import BAD_SCHEMA
from analytics.vault.scoring import as_number, on_scale, score, thousandths
from analytics.vault.times import INSTANT, OWN_ID, WHOLE_DAY, local_dates, with_times

UTC_WALL = Clock(zone="Etc/UTC", written="wall")
"""How consent times are read: without an offset they are UTC."""

MOST_HOURS = 2_000_000
"""What the vault has room for, whatever the contract allows: one absurd number must not stop a file."""


@dataclass(frozen=True)
class Rule:
    """One way in which a row can be bad."""

    name: str
    column: str
    """The contract's column that it looks at."""
    breaks: pl.Expr
    """True where the row is bad; null counts as fine."""


@dataclass(frozen=True)
class Checked:
    """Rows that passed every rule, and for each that did not, the first rule that it broke."""

    good: pl.DataFrame
    bad: pl.DataFrame
    """`line, rule, column`."""


def check_entries(rows: pl.DataFrame, source: Source, contract: Contract, now: datetime) -> Checked:
    """Judge mood entries: `line, person_id, logged_at, mood, source_id, factors, sleep_hours` as text.

    Good rows have: line, person_id, key_kind, key_text (a source's own id, else null), key_value, local_date,
    local_time, utc_at, mood_native, mood_score (thousandths of a point), factors, sleep_thousandths (of an hour).
    """
    texts = pl.col(pl.String)
    rows = rows.with_columns(pl.when(texts.is_in(source.missing)).then(pl.lit("")).otherwise(texts).name.keep())
    rows = with_times(rows, "logged_at", source.clock, now)
    sleep, allowed = contract["sleep_hours"], contract["factors"].allowed

    def mood_of(text: str) -> tuple[bool, int | None]:
        value = as_number(text)
        if value is None or not on_scale(value, source.scale):
            return value is not None, None
        return True, score(value, source.scale)

    def sleep_of(text: str) -> tuple[bool, int | None]:
        value = as_number(text)
        if value is None or abs(value) > MOST_HOURS or not _within(value, sleep):
            return value is not None, None
        return True, thousandths(value)

    def factors_of(text: str) -> str | None:
        words = sorted({word.strip() for word in text.split("|")} - {""})
        return "|".join(words) if allowed is None or allowed.issuperset(words) else None

    mood_is_number, mood_score = _mapped(rows["mood"], mood_of)
    sleep_is_number, sleep_thousandths = _mapped(rows["sleep_hours"], sleep_of)
    rows = rows.with_columns(
        mood_is_number=mood_is_number,
        mood_score=mood_score,
        sleep_is_number=sleep_is_number,
        sleep_thousandths=sleep_thousandths,
        known_factors=_mapped_one(rows["factors"], factors_of),
    )
    limits = contract["mood_score"]
    rules = [
        *_person_rules(contract["person_id"]),
        Rule("missing", "logged_at", pl.col("logged_at") == ""),
        Rule("not_a_time", "logged_at", pl.col("local_date").is_null()),
        Rule("future_date", "logged_at", pl.col("local_date") > pl.col("today")),
        *_range_rules(contract["logged_at"], pl.col("local_date")),
        Rule("missing", "mood", pl.col("mood") == ""),
        Rule("not_a_number", "mood", ~pl.col("mood_is_number")),
        Rule("off_scale", "mood", pl.col("mood_score").is_null()),
        *_range_rules(limits, pl.col("mood_score")),
        Rule("not_allowed", "factors", pl.col("known_factors").is_null()),
        Rule("too_long", "source_id", pl.col("source_id").str.len_chars() > (contract["person_id"].max_length or 200)),
        Rule("missing", "sleep_hours", (pl.col("sleep_hours") == "") & sleep.required),
        Rule("not_a_number", "sleep_hours", (pl.col("sleep_hours") != "") & ~pl.col("sleep_is_number")),
        Rule("out_of_range", "sleep_hours", (pl.col("sleep_hours") != "") & pl.col("sleep_thousandths").is_null()),
    ]
    checked = _judged(rows, rules)
    has_id = pl.col("source_id") != ""
    timed = pl.col("utc_at").is_not_null()
    good = checked.good.select(
        "line",
        "person_id",
        key_kind=pl.when(has_id).then(OWN_ID).when(timed).then(INSTANT).otherwise(WHOLE_DAY).cast(pl.Int8),
        key_text=pl.when(has_id).then(pl.col("source_id")),
        key_value=pl.coalesce("utc_at", pl.col("local_date").to_physical().cast(pl.Int64)),
        local_date="local_date",
        local_time="local_time",
        utc_at="utc_at",
        mood_native="mood",
        mood_score="mood_score",
        factors="known_factors",
        sleep_thousandths="sleep_thousandths",
    )
    return Checked(good, checked.bad)


def check_participants(rows: pl.DataFrame, contract: Contract, grid_keys: dict[str, tuple[str, ...]]) -> Checked:
    """Judge register rows; a cohort value off the grid becomes null here (unknown), and is no fault.

    Good rows have: line, person_id, id_domain, valid_from, one column per dimension, off_grid (how many were off).
    """
    rows = rows.with_columns(valid_from_date=local_dates(pl.col("valid_from")))
    rules = [
        *_person_rules(contract["person_id"]),
        *_length_rules(contract["id_domain"]),
        Rule("missing", "valid_from", pl.col("valid_from") == ""),
        Rule("not_a_date", "valid_from", pl.col("valid_from_date").is_null()),
        *_range_rules(contract["valid_from"], pl.col("valid_from_date")),
        *(Rule("missing", name, pl.col(name) == "") for name in grid_keys if contract[name].required),
        *(rule for name in grid_keys for rule in _length_rules(contract[name])),
        *(rule for name in grid_keys for rule in _allowed_rules(contract[name])),
    ]
    checked = _judged(rows, rules)
    on_grid = {name: pl.col(name).is_in(keys) for name, keys in grid_keys.items()}
    good = checked.good.select(
        "line",
        "person_id",
        id_domain=_domain(),
        valid_from="valid_from_date",
        off_grid=pl.sum_horizontal(pl.lit(0), *(~on & (pl.col(name) != "") for name, on in on_grid.items())),
        **{name: pl.when(on).then(pl.col(name)) for name, on in on_grid.items()},
    )
    return Checked(good, checked.bad)


def check_consents(rows: pl.DataFrame, contract: Contract, now: datetime) -> Checked:
    """Judge consent events. A grant must be right in every column; a withdrawal needs only a person to hold.

    A withdrawal without a possible time holds from `now`; its scope, cover and version do not matter, since it closes
    everything: where a file is wrong, the mistake should be silence, not publication.

    Good rows have: line, person_id, id_domain, event, recorded_at (UTC microseconds; a bare date is its first
    instant for a grant and its last for a withdrawal), covers_from, scope, policy_version.
    """
    rows = with_times(rows, "recorded_at", UTC_WALL, now).with_columns(
        covers_from_date=local_dates(pl.col("covers_from"))
    )
    rows = rows.with_columns(pl.col("event").str.to_lowercase())
    granted, withdrawn = pl.col("event") == "granted", pl.col("event") == "withdrawn"
    midnight = pl.col("local_date").cast(pl.Datetime("us")).dt.epoch("us")
    day = 86_400_000_000
    at_now = int(now.timestamp() * 1_000_000)
    times = _range_rules(contract["recorded_at"], pl.col("local_date"))
    impossible = pl.any_horizontal(pl.col("local_date").is_null(), *(rule.breaks for rule in times))
    closes_now = withdrawn & impossible
    version = contract["policy_version"].max_length
    rows = rows.with_columns(
        at=pl.when(closes_now)
        .then(at_now)
        .otherwise(pl.coalesce("utc_at", pl.when(granted).then(midnight).otherwise(midnight + day - 1))),
        covers_from_date=pl.when(~withdrawn).then(pl.col("covers_from_date")),
        policy_version=pl.when(withdrawn)
        .then(pl.col("policy_version").str.slice(0, version))
        .otherwise(pl.col("policy_version")),
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
    ]
    rules = [
        *_person_rules(contract["person_id"]),
        *_length_rules(contract["id_domain"]),
        Rule("missing", "event", pl.col("event") == ""),
        *_allowed_rules(contract["event"]),
        *(Rule(rule.name, rule.column, ~withdrawn & rule.breaks) for rule in grants_only),
    ]
    checked = _judged(rows, rules)
    good = checked.good.select(
        "line",
        "person_id",
        "event",
        "scope",
        "policy_version",
        id_domain=_domain(),
        recorded_at="at",
        covers_from="covers_from_date",
    )
    return Checked(good, checked.bad)


def _judged(rows: pl.DataFrame, rules: list[Rule]) -> Checked:
    number = pl.coalesce(
        *(pl.when(rule.breaks).then(pl.lit(position, dtype=pl.Int32)) for position, rule in enumerate(rules))
    )
    rows = rows.with_columns(broken=number)
    faults = rows.filter(pl.col("broken").is_not_null())
    bad = pl.DataFrame(
        {
            "line": faults["line"],
            "rule": pl.Series([rules[position].name for position in faults["broken"]], dtype=pl.String),
            "column": pl.Series([rules[position].column for position in faults["broken"]], dtype=pl.String),
        },
        schema=BAD_SCHEMA,
    )
    return Checked(rows.filter(pl.col("broken").is_null()), bad)


def _person_rules(column: Column) -> list[Rule]:
    return [Rule("missing", column.name, pl.col(column.name) == ""), *_length_rules(column)]


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


def _within(value: Fraction, column: Column) -> bool:
    low, high = column.minimum, column.maximum
    return (not isinstance(low, Decimal) or value >= Fraction(low)) and (
        not isinstance(high, Decimal) or value <= Fraction(high)
    )


def _domain() -> pl.Expr:
    return pl.when(pl.col("id_domain") == "").then(pl.lit("default")).otherwise(pl.col("id_domain"))


def _mapped(texts: pl.Series, rule: Callable[[str], tuple[bool, int | None]]) -> tuple[pl.Series, pl.Series]:
    """Apply an exact rule once per distinct text."""
    distinct = texts.unique()
    results = [rule(text) for text in distinct]
    flags = pl.Series([flag for flag, _ in results], dtype=pl.Boolean)
    values = pl.Series([value for _, value in results], dtype=pl.Int64)
    return _looked_up(texts, distinct, flags), _looked_up(texts, distinct, values)


def _mapped_one(texts: pl.Series, rule: Callable[[str], str | None]) -> pl.Series:
    distinct = texts.unique()
    return _looked_up(texts, distinct, pl.Series([rule(text) for text in distinct], dtype=pl.String))


def _looked_up(texts: pl.Series, distinct: pl.Series, results: pl.Series) -> pl.Series:
    table = pl.DataFrame({"text": distinct, "result": results})
    return texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")["result"]
