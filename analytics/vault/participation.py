"""The yearly allowance of releases per person, where a product has one: who is counted is written before any noise.

A participant counts in at most so many of a product's releases of any 53 weeks, first come. The rows are written in the
transaction that counts, which ends before the draw: killed in between, the release is asked for again and counts the
same people under the same rows. A vault that lacks what the ledger says was drawn would count people anew, and is
refused; so are, for 53 weeks, people who withdrew and came back, since what they were counted in was erased.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from analytics.errors import StoreDamagedError
from analytics.periods import Period, week_ordinal
from analytics.vault.store import Vault


@dataclass(frozen=True)
class Allowance:
    """One release of a product that counts a person in at most `most` of any 53 weeks' releases."""

    product: str
    period: Period
    most: int
    drawn: frozenset[tuple[str, str]]
    """(product, period) of the ledger's releases under such an allowance: the vault must know of each."""


def begin(vault: Vault, allowance: Allowance) -> None:
    """Find who is exhausted, inside the transaction that counts.

    Raises:
        StoreDamagedError: if the vault lacks a release that the ledger has: it is an old one.
    """
    if allowance.drawn - set(vault.rows("participation/releases")):
        message = "The vault is older than the ledger: it does not know whom some releases counted."
        raise StoreDamagedError(message, "Restore the newest vault, or take the allowance out of the plan for a year.")
    last_day = allowance.period.last_day
    forgotten = datetime.combine(last_day - timedelta(weeks=53), time(), UTC)
    vault.run("participation/release_add", {"product": allowance.product, "period": allowance.period.name})
    vault.run(
        "participation/exhausted",
        {**_named(allowance), "most": allowance.most, "forgotten_since": int(forgotten.timestamp()) * 1_000_000},
    )


def hold(vault: Vault, allowance: Allowance) -> None:
    """Take exhausted participants out of one measure's shares, and write down who is left."""
    vault.run("participation/share_remove")
    vault.run("participation/add", _named(allowance))


def _named(allowance: Allowance) -> dict[str, str | int]:
    return {
        "product": allowance.product,
        "period": allowance.period.name,
        "last_week": week_ordinal(allowance.period.last_day),
    }
