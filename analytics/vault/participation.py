"""The yearly allowance of releases per person, where a product has one: who is counted is written before any noise.

A participant counts in at most so many of a product's releases of any 53 weeks, first come. The rows are written in the
transaction that counts, which ends before the draw: after a kill in between the release is drawn again, and the people
who were counted have spent it. Each count has a random number, which goes into the ledger's entry with the noise. So a
vault without the count that was drawn, because it is an old copy, is found and refused.

The releases that counted a person are erased when the person leaves. A person who left and came back is therefore not
counted as long as a release counted before the withdrawal could share 53 weeks with this one. The order is that of the
suppression list, whose batches are numbered as they are received: never that of times, which a file may claim.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from analytics.errors import StoreDamagedError
from analytics.periods import Period, week_ordinal
from analytics.vault.database import Vault

_LEFT = {"suppression_hash": pl.Binary, "received_no": pl.Int64}

_APART = 52
"""Two weeks lie in some 53 consecutive weeks if they are at most so many apart."""


class Drawn(NamedTuple):
    """A release that the ledger has under an allowance."""

    product: str
    period: str
    count_id: str | None
    """The count that was drawn; none of before counts had numbers, when a release was known by its name."""


class Count(NamedTuple):
    """A count that the vault remembers."""

    product: str
    period: str
    count_id: str | None
    applied_through: int
    """The last batch of the suppression list that was applied to the rows then."""


@dataclass(frozen=True)
class Allowance:
    """One release of a product that counts a person in at most `most` of any 53 weeks' releases."""

    product: str
    period: Period
    most: int
    drawn: frozenset[Drawn]
    """The ledger's releases under such an allowance: of those that are not over 52 weeks older the vault must know."""


# L7: at most so many of any 53 weeks' releases count a participant (docs/privacy/proof.md)
def begin(vault: Vault, allowance: Allowance) -> str:
    """Find who is exhausted, inside the transaction that counts; return the count's number.

    Raises:
        StoreDamagedError: if the vault lacks a count that the ledger has: it is an old one.
    """
    last_week = week_ordinal(allowance.period.last_day)
    counts = [Count(*row) for row in vault.rows("participation/counts")]
    _check_known(counts, [one for one in allowance.drawn if _week_of(one.period) >= last_week - _APART])
    count_id = secrets.token_hex(16)
    named = {"product": allowance.product, "period": allowance.period.name}
    vault.run(
        "participation/count_add", {**named, "count_id": count_id, "applied_through": vault.state().applied_through}
    )
    near = [
        one.applied_through
        for one in counts
        if one.product == allowance.product and _beside(one.period, allowance.period)
    ]
    left = pl.DataFrame(vault.suppression_list.last_received(), schema=_LEFT, orient="row")
    weeks = {"since_week": last_week - _APART, "until_week": last_week + _APART}
    with vault.seeing("left_once", left):
        vault.run(
            "participation/exhausted",
            {**named, **weeks, "most": allowance.most, "applied_through": min(near, default=None)},
        )
    return count_id


def hold(vault: Vault, allowance: Allowance) -> None:
    """Take exhausted participants out of one measure's shares, and write down who is left."""
    vault.run("participation/share_remove")
    vault.run(
        "participation/add",
        {
            "product": allowance.product,
            "period": allowance.period.name,
            "last_week": week_ordinal(allowance.period.last_day),
        },
    )


def _check_known(counts: Iterable[Count], drawn: Iterable[Drawn]) -> None:
    if set(drawn) - {Drawn(one.product, one.period, one.count_id) for one in counts}:
        message = "The vault is older than the ledger: it does not know whom some releases counted."
        action = "Restore the newest vault, or take the allowance out of the plan for 53 weeks."
        raise StoreDamagedError(message, action)


def _beside(name: str, period: Period) -> bool:
    """Say whether another period's last week shares 53 weeks with a period's."""
    return name != period.name and abs(_week_of(name) - week_ordinal(period.last_day)) <= _APART


def _week_of(period: str) -> int:
    return week_ordinal(Period.parse(period).last_day)
