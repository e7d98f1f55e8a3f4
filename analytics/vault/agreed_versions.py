"""Who agreed to the promise of a draw: shares of others are taken out before anything is summed.

What counts is the day on which the newest grant in force was recorded, never the label that a file gives it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import TypedDict

import polars as pl

from analytics.contracts import Plan
from analytics.contracts.promise import Agreed, agreed, counted
from analytics.vault.database import Vault

_FIRST, _LAST = -(2**63), 2**63 - 1
"""Before and after every instant that the vault can hold, in UTC microseconds."""


class AgreedPeople(TypedDict):
    """How many people with consent in force agreed to one version of the promise; for operators only."""

    version: str
    people: int
    labelled_otherwise: int
    """Those of them whose grant names another version."""


# L9: a function of one participant's grants and of the plan (docs/privacy/proof.md)
def find(vault: Vault, plan: Plan, cap_nano: int) -> None:
    """Find who may count under a cap, inside the transaction that counts."""
    with vault.seeing("promise_days", _days(counted(plan, cap_nano))):
        vault.run("agreed/find")


def remove_others(vault: Vault) -> None:
    """Take everybody else out of one measure's shares."""
    vault.run("agreed/share_remove")


def by_version(vault: Vault, plan: Plan) -> list[AgreedPeople]:
    """Count, for operators only, the people with consent in force by the version that was in force when they agreed.

    `labelled_otherwise` counts those of them whose grant names another version. We show no label, as it may contain
    anything.
    """
    versions = agreed(plan)
    with vault.seeing("promise_days", _days(versions)):
        found = {version: counts for version, *counts in vault.rows("agreed/by_version")}
    result: list[AgreedPeople] = []
    for version in versions:
        people, labelled_otherwise = found.get(version.version, (0, 0))
        result.append({"version": version.version, "people": people, "labelled_otherwise": labelled_otherwise})
    return result


def _days(versions: Iterable[Agreed]) -> pl.DataFrame:
    rows = [
        (
            one.version,
            _FIRST if one.since is None else _micros(one.since),
            _LAST if one.until is None else _micros(one.until) - 1,
        )
        for one in versions
    ]
    schema = {"version": pl.String, "first_at": pl.Int64, "last_at": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _micros(day: date) -> int:
    """Return the first instant of a day, in UTC microseconds."""
    return int(datetime.combine(day, time(), tzinfo=UTC).timestamp()) * 1_000_000
