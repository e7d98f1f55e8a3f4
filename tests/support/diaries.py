"""Invented entries put straight into a vault's tables, and the shares that the vault's SQL makes of them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

import polars as pl

from analytics.contracts import Measure
from analytics.periods import Period
from analytics.vault.database import Vault
from analytics.vault.loading.factor_bits import FactorBits
from analytics.vault.shares import parameters_of
from tests.support.noted import Asked, Noted
from tests.support.pattern_oracle import shares
from tests.support.people import query

LONG_AGO = date(2000, 1, 1)

_TYPES = {
    "person_no": pl.Int32,
    "source_no": pl.Int16,
    "key_kind": pl.Int8,
    "key_value": pl.Int64,
    "local_date": pl.Date,
    "local_time": pl.Time,
    "utc_offset_min": pl.Int16,
    "day_part": pl.Int8,
    "daily": pl.Boolean,
    "mood_native": pl.Int64,
    "mood_score": pl.Int32,
    "factors": pl.Int64,
    "sleep_thousandths": pl.Int32,
    "batch_no": pl.Int32,
}


def keep(vault: Vault, diaries: Mapping[int, Iterable[Noted]], covers: Mapping[int, date] | None = None) -> None:
    """Put diaries into the vault, by person_no, each under a grant that covers them from its day (else from long ago).

    Factors keep the bits and sources the numbers that the vault gave them; the keys of entries are only counted.
    """
    kept = {factor: bit for bit, factor in query(vault, "SELECT bit, factor FROM factor")}
    new = sorted({word for noted in diaries.values() for one in noted for word in one.factors} - kept.keys())
    given = dict(zip(new, sorted(set(range(63)) - set(kept.values())), strict=False))
    bits = FactorBits(kept | given)
    sources = {one.source for noted in diaries.values() for one in noted}
    numbers = {source: vault.source_no(source) for source in sorted(sources)}
    known = {number for (number,) in query(vault, "SELECT person_no FROM person")}
    rows = [
        {
            "person_no": person_no,
            "source_no": numbers[one.source],
            "key_kind": 2,
            "key_value": number,
            "local_date": one.day,
            "local_time": one.clock,
            "utc_offset_min": None if one.clock is None else 0,
            "day_part": one.part,
            "daily": one.daily,
            "mood_native": one.score,
            "mood_score": one.score,
            "factors": bits.of(one.factors),
            "sleep_thousandths": one.sleep,
            "batch_no": 1,
        }
        for person_no, noted in diaries.items()
        for number, one in enumerate(noted)
    ]
    rows_of_bits = [(bit, word) for word, bit in given.items()]
    _insert(vault, "factor", pl.DataFrame(rows_of_bits, schema={"bit": pl.Int8, "factor": pl.String}, orient="row"))
    _insert(vault, "entry", pl.DataFrame(rows, schema=_TYPES))
    _insert(
        vault,
        "person",
        pl.DataFrame(
            [
                (number, number.to_bytes(16, "big"), (number + 10**6).to_bytes(16, "big"))
                for number in diaries
                if number not in known
            ],
            schema={"person_no": pl.Int32, "pseudonym": pl.Binary, "mark": pl.Binary},
            orient="row",
        ),
    )
    granted = pl.DataFrame({"person_no": list(diaries)}, schema={"person_no": pl.Int32}).with_columns(
        event=pl.lit("granted"),
        recorded_at=pl.lit(int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000),
        covers_from=pl.Series([(covers or {}).get(number, LONG_AGO) for number in diaries], dtype=pl.Date),
        scope=pl.lit("population_statistics"),
        policy_version=pl.lit("v1"),
        batch_no=pl.lit(1),
    )
    _insert(vault, "consent_event", granted)


def _insert(vault: Vault, table: str, frame: pl.DataFrame) -> None:
    with vault.seeing("invented", frame):
        query(vault, f"INSERT INTO {table} BY NAME SELECT * FROM invented")  # noqa: S608 -- our names


def drawn(vault: Vault, name: str, measure: Measure, period: Period) -> dict[int, dict[str, int]]:
    """Return the shares that the vault's SQL gives: person_no to category to micro-persons, without zeros."""
    vault.fill_share(name, parameters_of(measure, period))
    names = list(measure.categories)
    found: dict[int, dict[str, int]] = {}
    for person_no, category_no, micro_persons in query(vault, "SELECT * FROM share WHERE micro_persons <> 0"):
        mine = found.setdefault(person_no, {})
        assert names[category_no] not in mine, "two rows for one person and category"
        mine[names[category_no]] = micro_persons
    return found


def expected(name: str, measure: Measure, period: Period, noted: Iterable[Noted]) -> dict[str, int]:
    """Return the shares that the oracle gives one person: category to micro-persons, without zeros."""
    asked = Asked(tuple(noted), period.first_day, period.last_day, measure.parameters, list(measure.categories))
    return shares(name, asked)


def days_after(first: date, number: int) -> date:
    """Return the day `number` days after `first`; before it where negative."""
    return first + timedelta(days=number)
